"""One clause of a file (config/clauses.py): numbers from quantities, years in force, scaling, formulas, forms read again."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from small_contracts import payment, read, refused, settled, small

from stresstest.config.clauses import read_term, term_form
from stresstest.config.contracts import load_contract, load_raw, read_contract
from stresstest.config.folders import config_folder
from stresstest.config.section import Section
from stresstest.config.values import Calendar
from stresstest.contract import Contract, Term
from stresstest.layout import MAX_SETTLED_YEARS, PARTIES
from stresstest.place import Quantity
from stresstest.wiring import Reference, settlement_inputs

pytestmark = pytest.mark.unit
CONFIGS = config_folder(Path(__file__).resolve().parent)
BIG = Path(__file__).resolve().parents[2] / "reference" / "big_contract.toml"
SHIPPED = [path.stem for path in sorted((CONFIGS / "contracts").glob("*.toml"))]
RUNNING = {"kind": "running", "of": "x", "what": "total"}


# ── a number that a quantity gives ─────────────────────────────────────────────────────────────────────────────────
def test_a_number_may_be_whatever_a_quantity_is() -> None:
    """The name of a quantity in the place of a number is a reference, a column of the table, and each year's number."""
    contract = read(small(payment("x", "rate"), inputs=("x", "rate")))
    assert contract.terms[0].values["price"] == Reference("rate")
    assert set(settlement_inputs(contract)) == {"x", "rate"}
    assert settled(contract, x=[10, 10, 20], rate=[1, 0.5, -1])["payment"] == [10, 5, -20]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("paid", 3), ("flows", 4), ("flows.in_payment", 4), ("flows.out_charge", 0), ("figure", 5), ("one", 1),
        ("income", 3), ("received.provider", 3), ("net.provider", 3), ("net.commissioner", -3),
        ("received.hospital", 4), ("net.council", -4), ("net.owner", 0), ("received.commissioner", 0),
    ],
)  # fmt: skip
def test_a_number_may_come_from_an_earlier_clause_or_balance(name: str, expected: float) -> None:
    """Amounts, figures, what a clause shows on its way and balances of parties give a number, as an input does."""
    flows = {"kind": "area_flows", "id": "flows", "outflow": 0, "inflow": 4, "inflow_price": 1.0}
    terms = (
        payment("one", 3.0, id="paid"),
        flows | {"payer": "council", "payee": "hospital"},
        {"kind": "gate", "id": "figure", "of": "one", "at": 2.0, "met": 0.0, "unmet": 5.0},
        payment("one", name, payer="taxpayer", payee="successor"),
        payment(name, payer="taxpayer", payee="successor", id="by_name"),
    )
    done = settled(read(small(*terms, parties=[{"name": "owner"}])))
    assert done["payment"] == done["by_name"] == [expected] * 4


@pytest.mark.parametrize(
    ("term", "key", "message"),
    [
        (payment("one", "two words"), "price", "not a name"),
        (payment("one", ""), "price", "not a name"),
        (payment("one", "3"), "price", "not a name"),
        (payment("one", "missing"), "price", "no such quantity"),
        (payment("missing"), "of", "no such quantity"),
        (payment(3.0), "of", "this should be text"),  # type: ignore[arg-type]
        (payment("one", True), "price", "this should be a number"),
        (payment("one", 1e13), "price", "out of range"),
        ({"kind": "annual_payment", "form": "fixed", "opening_price": "x"}, "opening_price",
         "this entry is one number for the whole contract"),
        ({"kind": "payment", "of": "one"}, "price", "an entry is missing"),
        (payment("one", pirce=1.0), "pirce", "unknown key"),
        (payment("one", kind="paymnt"), "kind", "not one of the choices"),
        (payment("one", id="a-b"), "id", "not a name"),
        (payment("one", payer="provider"), "payee", "a clause needs two parties"),
        (payment("one", payee="nobody"), "payee", "not one of the choices"),
        ({**RUNNING, "payer": "provider"}, "payer", "unknown key"),
        (payment("one", note=3), "note", "this should be text"),
        ({"kind": "layered_share", "of": "x", "layers": [{"attachment": 0, "limit": 1, "share": "x"}]},
         "layers[1].share", "this should be a number"),
        ({"kind": "layered_share", "of": "x", "layers": [{"attachment": 0, "limit": 1, "shares": 1}]},
         "layers[1].shares", "unknown key"),
        ({"kind": "layered_share", "of": "x", "layers": [{"limit": 1}]}, "layers[1].attachment", "an entry is missing"),
        ({"kind": "layered_share", "of": "x", "layers": [{"attachment": 0, "limit": 1, "share": 1}] * 50}, "layers",
         "there are 50 rows here"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_where_it_stands(term: dict[str, Any], key: str, message: str) -> None:
    """The error names the entry of the clause."""
    error = refused(small(payment("one", id="first"), term, inputs=("x",)))
    assert (error.key, error.message) == (f"terms[2].{key}", message)


# ── years in force ─────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("in_force", "years"),
    [
        ({"from": 1, "to": 4}, [1, 1, 1, 1]),
        ({"from": 2}, [0, 1, 1, 1]),
        ({"to": 2}, [1, 1, 0, 0]),
        ({"from": 3, "to": 3}, [0, 0, 1, 0]),
        ({"from": "2021/22", "to": "2022/23"}, [0, 1, 1, 0]),
        ({"from": 2, "to": "2023/24"}, [0, 1, 1, 1]),
        ({}, [1, 1, 1, 1]),
    ],
)
def test_a_clause_pays_in_its_years_alone(in_force: dict[str, Any], years: list[int]) -> None:
    """Outside the years from … to, which may be labels or contract years, nothing is paid and no balance moves."""
    done = settled(read(small(payment("x", 2.0, in_force=in_force), inputs=("x",))), x=[5, 6, 7, 8])
    assert done["payment"] == [2.0 * x * y for x, y in zip((5, 6, 7, 8), years, strict=True)]
    assert done["net.provider"] == done["payment"]


def test_outside_its_years_a_clause_remembers_nothing_new() -> None:
    """A running sum adds up the years in force and no others."""
    contract = read(small({**RUNNING, "in_force": {"from": 2, "to": 3}}, inputs=("x",)))
    assert settled(contract, x=[1, 10, 100, 1000])["running"][1:3] == [10, 110]


def test_a_clause_counts_its_own_years_from_the_first_in_force() -> None:
    """Stranded cost that begins in the third contract year begins whole."""
    term = {"kind": "stranded_cost", "removed": 100, "fixed_share": 0.5, "half_life": 1, "in_force": {"from": 3}}
    assert settled(read(small(term)))["stranded_cost"] == [0, 0, 50, 25]


def test_numbers_by_year_count_contract_years_also_in_a_later_clause() -> None:
    """A list by year belongs to the contract's years, not to the clause's own."""
    term = payment("one", [1, 2, 3, 4], in_force={"from": 3})
    assert settled(read(small(term)))["payment"] == [0, 0, 3, 4]


@pytest.mark.parametrize(
    ("in_force", "key", "message"),
    [
        ({"from": 3, "to": 2}, "in_force", "the clause ends before it begins"),
        ({"from": 0}, "in_force.from", "not a year of this contract"),
        ({"to": 5}, "in_force.to", "not a year of this contract"),
        ({"from": "2019/20"}, "in_force.from", "not a year of this contract"),
        ({"from": 1.5}, "in_force.from", "not a year of this contract"),
        ({"until": 2}, "in_force.until", "unknown key"),
        (2, "in_force", "this should be a table"),
    ],
)
def test_years_in_force_are_years_of_the_contract(in_force: Any, key: str, message: str) -> None:
    """A year outside the term, an end before the beginning and another key are refused."""
    error = refused(small(payment("one", in_force=in_force)))
    assert (error.key, error.message) == (f"terms[1].{key}", message)


# ── scaling ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_scaling_multiplies_the_amount_and_what_follows_from_it() -> None:
    """The scaled amount is what is paid, what later clauses read, and what balances hold."""
    terms = (payment("x", 2.0, id="first", scaled_by="share"), payment("first", 0.5, id="second"))
    done = settled(read(small(*terms, inputs=("x", "share"))), x=[10, 10, 10], share=[1.0, 0.25, 0.0])
    assert done["first"] == [20, 5, 0]
    assert done["second"] == [10, 2.5, 0]
    assert done["net.provider"] == [30, 7.5, 0]


def test_a_gate_may_scale() -> None:
    """A figure before the clause scales it."""
    gate = {"kind": "gate", "id": "good", "of": "quality", "at": 0.8}
    contract = read(small(gate, payment("one", 7.0, scaled_by="good"), inputs=("quality",)))
    assert settled(contract, quality=[0.79, 0.8])["payment"] == [0, 7]


def test_a_scaled_figure_is_scaled_where_it_is_read() -> None:
    """`scaled_by` holds for figures too."""
    figure = {"kind": "formula", "id": "f", "value": "x + 1", "scaled_by": "share"}
    done = settled(read(small(figure, payment("f"), inputs=("x", "share"))), x=[1, 3], share=[0.5, 2])
    assert done["f"] == done["payment"] == [1, 8]


def test_a_scale_is_a_quantity_before_the_clause() -> None:
    """The clause's own name, a later clause and a number are refused."""
    for scale, message in (("missing", "no such quantity"), ("payment", None), ("later", None)):
        error = refused(small(payment("one", scaled_by=scale), payment("one", id="later")))
        assert error.key == "terms[1].scaled_by"
        assert error.message == (
            message or f"{scale} stands later in the contract; a clause reads only what stands before it"
        )
    assert refused(small(payment("one", scaled_by=0.5))).message == "this should be text"


# ── formulas ───────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("x +", "cannot be read"), ("", "cannot be read"), ("x = 1", "cannot be read"), ("x; y", "cannot be read"),
        ("x # remark", "no # and no remarks"), ("x.__class__()", "is not known"), ("open('x')", "open is not known"),
        ("'x'", "is not a number"), ("True", "is not a number"), ("1 < x < 2", "compare two things at a time"),
        ("x is 1", "comparisons are"), ("max(x)", "max takes 2 arguments, not 1"), ("clip(x, 1)", "clip takes 3"),
        ("[x]", "are known"), ("x[0]", "are known"), ("lambda: 1", "are known"), ("x % 2", "are known"),
        ("(x).real", "no such quantity"), ("1e301 + x", "beyond 1e300"), ("x" * 2001, "longer than 2,000"),
        ("+".join(["x"] * 30), "the most is"), ("x+(" * 9 + "x" + ")" * 9, "at once, the most is 8"),
        ("nothing + 1", "no such quantity"),
    ],
)  # fmt: skip
def test_a_formula_that_cannot_be_read_is_refused_with_its_text(text: str, part: str) -> None:
    """The error stands at the formula and says what is wrong in it."""
    error = refused(small({"kind": "formula", "value": text}, inputs=("x",)))
    assert error.key == "terms[1].value"
    assert part in error.message


def test_a_formula_is_text() -> None:
    """A number in the place of a formula is refused."""
    error = refused(small({"kind": "formula", "value": 3}))
    assert (error.key, error.message) == ("terms[1].value", "this should be text")


# ── forms that can be read again ───────────────────────────────────────────────────────────────────────────────────
def again(term: Term, contract: Contract) -> Term:
    """The clause, written to a table and read from it."""
    form = term_form(term)
    calendar = Calendar(contract.first_year, contract.years)
    return read_term(Section("file", form), contract.party_names, calendar)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_clause_is_read_back_as_it_was(name: str) -> None:
    """A clause of a shipped contract, written out and read again, is the same clause, with all that it extends or holds."""
    contract = load_contract(name, CONFIGS)
    assert contract.terms
    for term in contract.terms:
        assert again(term, contract) == term


def test_every_kind_is_read_back_as_it_was() -> None:
    """A contract in which every kind of clause stands is written out and read again without a change."""
    contract = read(tomllib.loads(BIG.read_text(encoding="utf-8")))
    for term in contract.terms:
        assert again(term, contract) == term


def test_every_entry_is_read_back_as_it_was() -> None:
    """Parties, scale, years in force, note, references, years, notes of numbers and rows survive the round."""
    noted = {"value": [1.0, 2.0], "unit": "GBP per head", "source": "a table", "quality": "published"}
    layer = {"attachment": 0.0, "limit": {"value": 5.0, "growth": 0.1}, "share": noted | {"value": 0.5}}
    raw = small(
        payment("x", noted, id="a.b", payer="council", payee="owner", scaled_by="x", in_force={"from": 2, "to": 3}, note="n"),
        payment("one", "a.b", id="c", in_force={"from": "2022/23"}),
        {"kind": "layered_share", "of": "x", "layers": [layer]},
        {"kind": "formula", "value": " max( x , 1 ) "},
        payment("one", {"dated": [{"from": 1, "value": 1.0}, {"from": 3, "value": 2.0}]}),
        inputs=("x",), parties=[{"name": "owner", "title": "Owner", "public": True}],
    )  # fmt: skip
    contract = read(raw)
    first = contract.terms[0]
    assert (first.payer, first.payee, first.scaled_by, first.start, first.end) == ("council", "owner", "x", 1, 2)
    assert first.note == "n"
    assert first.values["price"] == Quantity((1.0, 2.0), "GBP per head", "a table", "published")
    assert (contract.terms[1].start, contract.terms[1].end) == (2, 3)
    assert (contract.terms[2].start, contract.terms[2].end) == (0, MAX_SETTLED_YEARS)
    for term in contract.terms:
        assert again(term, contract) == term


def test_a_form_holds_only_what_was_said() -> None:
    """Scale, years and note are left out where there are none, and a figure has no parties."""
    contract = read(small(payment("one"), {"kind": "schedule", "value": 1.0}))
    assert set(term_form(contract.terms[0])) == {"kind", "id", "payer", "payee", "of", "price"} | set(
        contract.terms[0].values
    )
    assert not {"payer", "payee", "scaled_by", "in_force", "note"} & set(term_form(contract.terms[1]))
    assert contract.terms[0].payer in PARTIES


@pytest.mark.parametrize("name", SHIPPED)
def test_the_effective_form_of_a_shipped_contract_is_the_same_contract(name: str) -> None:
    """What `read_contract` gives back besides, read again, has the same clauses, inputs and parties in the same order."""
    path = CONFIGS / "contracts" / f"{name}.toml"
    contract, form = read_contract(load_raw(path, CONFIGS), path, name, None, CONFIGS, study=False)
    second, again_form = read_contract(form, path, name, None, CONFIGS, study=False)
    assert second == contract
    assert again_form == form
