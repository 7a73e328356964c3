"""Contracts inside contracts: whose clauses, parties and quantities stand for which, on every level."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_contracts import YEARS, load, payment, refused_file, settled, small, write

from stresstest.config.contracts import DEEPEST, load_contract, load_raw, read_contract
from stresstest.config.folders import config_folder
from stresstest.contract import Contract
from stresstest.errors import ConfigError

pytestmark = pytest.mark.unit
CONFIGS = config_folder(Path(__file__).resolve().parent)
DOWN = {"commissioner": "provider", "provider": "north"}
NORTH = [{"name": "north", "title": "North"}]
OUTER = small(payment("budget", id="main"), inputs=("budget",), parties=NORTH)
INNER = small(payment("pool", 0.25, id="part"), payment("part", 0.5, id="half"), inputs=("pool",))


def nested(
    folder: Path, inner: dict[str, Any], outer: dict[str, Any] | None = None, **entry: Any
) -> Contract | ConfigError:
    """The outer contract with the inner one in it as `n`, or the error with which it is refused."""
    row = {"id": "n", "contract": "inner", **entry}
    write(folder, inner=inner, outer={**(outer or OUTER), "subcontracts": [row]})
    try:
        return load(folder, "outer")
    except ConfigError as error:
        return error


def good(*arguments: Any, **entry: Any) -> Contract:
    """The nested contract, which is not refused."""
    contract = nested(*arguments, **entry)
    assert isinstance(contract, Contract), str(contract)
    return contract


# ── clauses, parties, inputs ───────────────────────────────────────────────────────────────────────────────────────
def test_inner_clauses_stand_behind_the_outer_ones_under_their_own_name(tmp_path: Path) -> None:
    """Their order is kept, and what one reads of another is found under the new name."""
    contract = good(tmp_path, INNER, parties=DOWN, inputs={"pool": "main"})
    assert [term.id for term in contract.terms] == ["main", "n.part", "n.half"]
    assert [term.values["of"] for term in contract.terms] == ["budget", "main", "n.part"]
    assert (contract.title, contract.years, contract.inputs[0].name) == ("small", YEARS, "budget")


def test_both_are_settled_in_one_pass(tmp_path: Path) -> None:
    """What the outer contract pays the holder is the pool from which the holder pays, to the penny."""
    done = settled(good(tmp_path, INNER, parties=DOWN, inputs={"pool": "main"}), budget=[100, 200, 0, -40])
    assert done["n.part"] == [25, 50, 0, -10]
    assert done["n.half"] == [12.5, 25, 0, -5]
    assert done["net.provider"] == [62.5, 125, 0, -25]
    assert done["net.north"] == [37.5, 75, 0, -15]
    assert done["net.commissioner"] == [-100, -200, 0, 40]


def test_parties_that_nobody_stands_for_are_taken_along(tmp_path: Path) -> None:
    """A party of the inner contract's own joins the outer's once, and a standard party stays itself."""
    inner = small(payment("one", id="a", payee="practice"), payment("one", id="b", payer="practice", payee="council"),
                  parties=[{"name": "practice", "title": "Practice", "public": True}])  # fmt: skip
    contract = good(tmp_path, inner)
    assert [(p.name, p.title, p.public) for p in contract.parties] == [
        ("north", "North", False), ("practice", "Practice", True),
    ]  # fmt: skip
    assert [(t.payer, t.payee) for t in contract.terms[1:]] == [("commissioner", "practice"), ("practice", "council")]
    twice = {**OUTER, "subcontracts": [{"id": "x", "contract": "inner"}, {"id": "y", "contract": "inner"}]}
    assert [p.name for p in load(write(tmp_path, twice=twice), "twice").parties] == ["north", "practice"]


def test_a_party_of_the_inner_contract_s_own_may_be_an_outer_one(tmp_path: Path) -> None:
    """Then it is that party, and no other joins."""
    inner = small(payment("net.practice", payee="practice"), parties=[{"name": "practice"}])
    contract = good(tmp_path, inner, parties={"practice": "north"})
    assert [p.name for p in contract.parties] == ["north"]
    assert (contract.terms[1].payee, contract.terms[1].values["of"]) == ("north", "net.north")


def test_two_parties_may_change_places(tmp_path: Path) -> None:
    """Parties are put in each other's place at once, not one after the other."""
    inner = small(payment("net.provider"), payment("received.commissioner", id="second"))
    contract = good(tmp_path, inner, parties={"commissioner": "provider", "provider": "commissioner"})
    assert [(t.payer, t.payee) for t in contract.terms[1:]] == [("provider", "commissioner")] * 2
    assert [t.values["of"] for t in contract.terms[1:]] == ["net.commissioner", "received.provider"]


def test_inputs_that_nothing_stands_for_become_inputs_of_the_outer_contract(tmp_path: Path) -> None:
    """They are asked for as n.NAME, with unit, bounds and default; mapped ones are asked for no more."""
    inner = small(payment("people"), payment("pool", id="b"))
    inner["inputs"] = [
        {"name": "people", "unit": "persons", "doc": "d", "low": 0.0, "high": 9.0, "default": 3.0},
        {"name": "pool", "unit": "GBP"},
    ]
    contract = good(tmp_path, inner, parties=DOWN, inputs={"pool": "main"})
    assert [entry.name for entry in contract.inputs] == ["budget", "n.people"]
    people = contract.inputs[1]
    assert (people.unit, people.doc, people.low, people.high, people.default) == ("persons", "d", 0.0, 9.0, 3.0)
    assert settled(contract, budget=[1] * 4)["n.payment"] == [3.0] * 4
    assert settled(contract, budget=[1] * 4, n__people=[5, 6, 7, 8])["n.payment"] == [5, 6, 7, 8]


def test_two_of_a_kind_keep_apart(tmp_path: Path) -> None:
    """The same contract twice has clauses, inputs and memories of its own each time."""
    running = small({"kind": "running", "id": "sum", "of": "x", "what": "total"}, payment("sum"), inputs=("x",))
    rows = [{"id": name, "contract": "inner", "parties": DOWN} for name in ("a", "b")]
    contract = load(write(tmp_path, inner=running, outer={**OUTER, "subcontracts": rows}), "outer")
    done = settled(contract, budget=[0] * 4, a__x=[1, 1, 1, 1], b__x=[10, 0, 10, 0])
    assert done["a.payment"] == [1, 2, 3, 4]
    assert done["b.payment"] == [10, 10, 20, 20]


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        ("income", "net.north"), ("net.provider", "net.north"), ("received.provider", "received.north"),
        ("net.commissioner", "net.provider"), ("net.council", "net.council"), ("need", "need"),
        ("annual_payment", "annual_payment"), ("one", "one"), ("pool", "main"), ("own", "n.own"), ("first", "n.first"),
        ("cap.profit", "n.cap.profit"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", ["field", "number", "scale", "formula", "column"])
def test_every_way_of_reading_a_quantity_is_renamed(tmp_path: Path, inner: str, outer: str, where: str) -> None:
    """A field, a number, a scale and a formula name the same outer quantity; income is that of whoever is the provider."""
    forms: dict[str, dict[str, Any]] = {
        "field": payment(inner), "number": payment("one", inner), "scale": payment("one", scaled_by=inner),
        "formula": {"kind": "formula", "value": f"1 + {inner}"},
        "column": {"kind": "formula", "value": f"max({inner}, 0) if not {inner} < 2 else -{inner}"},
    }  # fmt: skip
    before = (payment("one", id="first"), {"kind": "profit_cap", "id": "cap", "cap": 0.5, "cost": "one"})
    raw = small(*before, {**forms[where], "id": "reader"}, inputs=("pool", "own"))
    term = good(tmp_path, raw, parties=DOWN, inputs={"pool": "main"}).terms[-1]
    found = {
        "field": term.values.get("of"),
        "number": getattr(term.values.get("price"), "name", None),
        "scale": term.scaled_by,
        "formula": term.values.get("value"),
        "column": term.values.get("value"),
    }[where]
    expected = {"formula": f"1 + {outer}", "column": f"max({outer}, 0) if not {outer} < 2 else -{outer}"}
    assert found == expected.get(where, outer)


@pytest.mark.parametrize("text", ["x * (y - 2) / 3 ** 2", " x\n + y", "max(x, y, 1) + min(x, 2)", "clip(x, 0, y)",
                                  "x if y >= 1 and not x == 3 else abs(-x)", "ratio(x, y) - round(x)"])  # fmt: skip
def test_a_renamed_formula_has_the_same_value(tmp_path: Path, text: str) -> None:
    """Brackets, order of operations and functions survive the renaming."""
    raw = small({"kind": "formula", "id": "f", "value": text}, inputs=("x", "y"))
    x, y = [3.0, 7.5, -2.0, 0.0], [1.0, 4.0, -1.0, 0.5]
    plain = settled(load(write(tmp_path, plain=raw), "plain"), x=x, y=y)["f"]
    done = settled(good(tmp_path, raw, inputs={"y": "budget"}), n__x=x, budget=y)
    assert done["n.f"] == plain


def test_a_column_of_rows_may_name_an_indicator_and_keeps_it(tmp_path: Path) -> None:
    """Indicators belong to the place and have one name on every level."""
    row = {"name": "falls", "weight": 1.0, "floor": 0.0, "target": 1.0}
    term = {
        "kind": "improvement_payment",
        "at_risk": 0.1,
        "style": "additional",
        "payment": "pool",
        "indicators": [row],
    }
    contract = good(tmp_path, small(term, inputs=("pool",)), inputs={"pool": "main"}, parties=DOWN)
    assert contract.terms[1].values["indicators"][0]["name"] == "falls"
    done = settled(contract, budget=[100] * 4, indicator__falls=[0, 0.5, 1, 2])
    assert done["n.improvement_payment"] == [0, 5, 10, 10]


def test_years_in_force_and_notes_are_kept(tmp_path: Path) -> None:
    """A clause keeps its own years and its note."""
    inner = small(payment("one", in_force={"from": 2, "to": 3}, note="words"))
    contract = good(tmp_path, inner, parties=DOWN)
    assert (contract.terms[1].start, contract.terms[1].end, contract.terms[1].note) == (1, 2, "words")
    assert settled(contract, budget=[0] * 4)["n.payment"] == [0, 1, 1, 0]


# ── where they stand ───────────────────────────────────────────────────────────────────────────────────────────────
def test_inner_clauses_may_stand_before_an_outer_one(tmp_path: Path) -> None:
    """`before` puts them in front of a clause, which may read them; those behind them they may not read."""
    outer = small(payment("budget", id="main"), payment("n.part", id="late"), inputs=("budget",), parties=NORTH)
    contract = good(tmp_path, INNER, outer, parties=DOWN, inputs={"pool": "main"}, before="late")
    assert [term.id for term in contract.terms] == ["main", "n.part", "n.half", "late"]
    assert settled(contract, budget=[100] * 4)["late"] == [25] * 4
    error = nested(tmp_path, INNER, outer, parties=DOWN, inputs={"pool": "main"}, before="main")
    assert isinstance(error, ConfigError)
    assert error.message == "main stands later in the contract; a clause reads only what stands before it"


def test_a_later_contract_may_read_an_earlier_one(tmp_path: Path) -> None:
    """Contracts inside one contract stand in the order of the file."""
    rows = [
        {"id": "a", "contract": "inner", "parties": DOWN, "inputs": {"pool": "main"}},
        {"id": "b", "contract": "inner", "parties": DOWN, "inputs": {"pool": "a.half"}},
    ]
    contract = load(write(tmp_path, inner=INNER, outer={**OUTER, "subcontracts": rows}), "outer")
    assert settled(contract, budget=[64] * 4)["b.half"] == [1.0] * 4
    error = refused_file(write(tmp_path, wrong={**OUTER, "subcontracts": rows[::-1]}), "wrong")
    assert error.value == "a.half"


# ── more than two levels ───────────────────────────────────────────────────────────────────────────────────────────
def test_three_levels_reach_from_top_to_bottom(tmp_path: Path) -> None:
    """Names grow by a part on each level, parties and inputs are handed through, and every pound has two parties."""
    low = small(payment("pot", 0.5, id="fee"), {"kind": "formula", "id": "left", "value": "pot - fee + net.provider"},
                inputs=("pot", "people"))  # fmt: skip
    middle = small(payment("pool", 0.5, id="part"), inputs=("pool",), parties=[{"name": "team"}])
    middle["subcontracts"] = [
        {
            "id": "low",
            "contract": "low",
            "parties": {"commissioner": "provider", "provider": "team"},
            "inputs": {"pot": "part"},
        }
    ]
    top = {**OUTER, "parties": [*NORTH, {"name": "east"}]}
    top["subcontracts"] = [
        {"id": "mid", "contract": "middle", "parties": {**DOWN, "team": "east"}, "inputs": {"pool": "main"}}
    ]
    contract = load(write(tmp_path, low=low, middle=middle, top=top), "top")
    assert [term.id for term in contract.terms] == ["main", "mid.part", "mid.low.fee", "mid.low.left"]
    assert [(t.payer, t.payee) for t in contract.terms[:3]] == [
        ("commissioner", "provider"), ("provider", "north"), ("north", "east"),
    ]  # fmt: skip
    assert [entry.name for entry in contract.inputs] == ["budget", "mid.low.people"]
    assert contract.terms[3].values["value"] == "mid.part - mid.low.fee + net.east"
    done = settled(contract, budget=[100, 40, 20, 0], mid__low__people=[1] * 4)
    assert done["mid.low.fee"] == [25, 10, 5, 0]
    assert done["mid.low.left"] == [50, 20, 10, 0]
    assert [done[f"net.{name}"][0] for name in ("commissioner", "provider", "north", "east")] == [-100, 50, 25, 25]


def test_as_many_levels_as_are_allowed_and_no_more(tmp_path: Path) -> None:
    """The deepest nesting is read; one level more is refused at the entry that asks for it, as is a circle."""
    write(tmp_path, level_0=small(payment("one")))
    for k in range(1, DEEPEST + 2):
        row = {"id": "n", "contract": f"level_{k - 1}"}
        write(tmp_path, **{f"level_{k}": small(payment("one"), subcontracts=[row])})
    ids = [term.id for term in load(tmp_path, f"level_{DEEPEST}").terms]
    assert ids[-1] == "n." * DEEPEST + "payment"
    error = refused_file(tmp_path, f"level_{DEEPEST + 1}")
    assert (error.key, error.message) == ("subcontracts[1].contract", "contracts are nested too deeply")
    write(tmp_path, circle=small(payment("one"), subcontracts=[{"id": "n", "contract": "circle"}]))
    assert refused_file(tmp_path, "circle").message == "contracts are nested too deeply"


@pytest.mark.parametrize("name", ["neighbourhood-multi", "iho-2026"])
def test_the_shipped_nestings_hold_the_contracts_that_they_name(name: str) -> None:
    """Each shipped contract inside another brings all of its clauses, in its own order, with parties of the outer one."""
    contract = load_contract(name, CONFIGS)
    for row in load_raw(CONFIGS / "contracts" / f"{name}.toml", CONFIGS)["subcontracts"]:
        inner = load_contract(row["contract"], CONFIGS)
        own = [term for term in contract.terms if term.id.startswith(f"{row['id']}.")]
        assert [term.id for term in own] == [f"{row['id']}.{term.id}" for term in inner.terms]
        assert {party for term in own if term.kind.moves for party in (term.payer, term.payee)} <= set(
            contract.party_names
        )


# ── what is refused ────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("entry", "key", "message", "value"),
    [
        ({"contract": "inne"}, "contract", "there is no contract file of this name", "inne"),
        ({"id": "two words"}, "subcontracts[1].id", "not a name", "two words"),
        ({"id": "a.b"}, "subcontracts[1].id", "not a name for a contract", "a.b"),
        ({"id": "if"}, "subcontracts[1].id", "not a name", "if"),
        ({"id": "net"}, "subcontracts[1].id", "this name is taken", None),
        ({"parties": {"gp": "provider"}}, "subcontracts[1].parties.gp", "the inner contract has no such party", "gp"),
        ({"parties": {"provider": "south"}}, "subcontracts[1].parties.provider", "not one of the choices", "south"),
        ({"parties": {"provider": 3}}, "subcontracts[1].parties.provider", "this should be text", 3),
        ({"parties": {"commissioner": "provider"}}, "subcontracts[1].parties",
         "payer and payee of part would be the same", "provider"),
        ({"inputs": {"pol": "main"}}, "subcontracts[1].inputs.pol", "the inner contract has no such input", "pol"),
        ({"inputs": {"pool": "mian"}}, "subcontracts[1].of", "no such quantity", "mian"),
        ({"inputs": {"pool": "2 * main"}}, "subcontracts[1].inputs.pool", "not a name", "2 * main"),
        ({"before": "last"}, "subcontracts[1].before", "the contract has no such clause", "last"),
        ({"befor": "main"}, "subcontracts[1].befor", "unknown key", "main"),
    ],
)  # fmt: skip
def test_an_entry_that_does_not_fit_is_refused_where_it_stands(
    tmp_path: Path, entry: dict[str, Any], key: str, message: str, value: Any
) -> None:
    """The error names the entry of [[subcontracts]]."""
    error = nested(tmp_path, INNER, **{"inputs": {"pool": "main"}, "parties": DOWN, **entry})
    assert isinstance(error, ConfigError)
    assert (error.key, error.message) == (key, message)
    if value is not None:
        assert error.value == value


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("currency", "EUR", "is in another currency"), ("first_year", "2021/22", "begins in another year"),
        ("years", 5, "runs for another number of years"),
    ],
)  # fmt: skip
def test_both_contracts_share_money_and_years(tmp_path: Path, name: str, value: Any, message: str) -> None:
    """Another currency, first year or length inside is refused, not silently laid over the outer one's."""
    error = nested(tmp_path, {**INNER, name: value}, parties=DOWN, inputs={"pool": "main"})
    assert isinstance(error, ConfigError)
    assert (error.key, error.value) == ("subcontracts[1].contract", value)
    assert error.message == f"the inner contract {message}"


def test_what_a_clause_reads_by_itself_cannot_be_mapped(tmp_path: Path) -> None:
    """The list of an annual payment is no field of the clause, so nothing can be put in its place."""
    term = {"kind": "annual_payment", "form": "fixed", "opening_price": 1e6, "list_pass_through": 0.5}
    error = nested(tmp_path, small(term), parties=DOWN, inputs={"list": "budget"})
    assert isinstance(error, ConfigError)
    assert error.key == "subcontracts[1].inputs.list"
    assert isinstance(nested(tmp_path, small(payment("list")), parties=DOWN, inputs={"list": "budget"}), Contract)


def test_a_fault_inside_is_told_of_the_inner_file(tmp_path: Path) -> None:
    """An entry that is wrong in the inner contract is placed in its own file."""
    inner = small(payment("one", price="two words"))
    error = nested(tmp_path, inner)
    assert isinstance(error, ConfigError)
    assert (error.key, Path(str(error.file)).stem) == ("terms[1].price", "inner")


def test_a_name_inside_that_the_whole_contract_lacks_is_told_of_the_nesting(tmp_path: Path) -> None:
    """An unknown quantity is found once all clauses stand in their order."""
    error = nested(tmp_path, small(payment("nothing")), parties=DOWN)
    assert isinstance(error, ConfigError)
    assert (error.key, error.value) == ("subcontracts[1].of", "n.nothing")


def test_contracts_are_looked_up_in_a_folder() -> None:
    """Without a folder to look in, a contract inside another is refused."""
    with pytest.raises(ConfigError) as caught:
        read_contract({**OUTER, "subcontracts": [{"id": "n", "contract": "inner"}]}, "file", "name", None, study=False)
    assert caught.value.message == "there is no folder to look for contracts in"
