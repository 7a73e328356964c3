"""A contract put to another place: which numbers are multiplied by what, and which contracts are refused and why."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from small_contracts import payment, read, small

from stresstest.config.chosen_place import choose_place
from stresstest.config.contract_dimensions import strict_dimensions
from stresstest.config.contract_scaling import scaled_form
from stresstest.config.contracts import read_contract
from stresstest.config.folders import config_folder
from stresstest.config.load import load_study
from stresstest.config.scaling import PROVIDER_MONEY, Scale
from stresstest.contract import Contract
from stresstest.drivers.parameters import PARAMETERS
from stresstest.errors import ContractError
from stresstest.levers import LEVERS
from stresstest.review._dimensions import MONEY, PERSONS, RATIO

pytestmark = pytest.mark.unit
CONFIGS = config_folder(Path(__file__).resolve().parents[3])
TWICE_THRICE = Scale(2.0, 3.0, "X to Y")


def scaled(*terms: dict[str, Any], **more: Any) -> Contract:
    """A small contract, twice the people and three times the money."""
    contract, form = read_contract(small(*terms, **more), "file", "name", None, None, study=False)
    return read(scaled_form(contract, form, TWICE_THRICE, "file"))


def refused(*terms: dict[str, Any], **more: Any) -> ContractError:
    """The error with which such a contract is refused."""
    with pytest.raises(ContractError, match="cannot be put to another place") as caught:
        scaled(*terms, **more)
    return caught.value


def value(contract: Contract, clause: str, field: str) -> tuple[float, ...]:
    """The numbers of a clause's entry by year."""
    return next(term for term in contract.terms if term.id == clause).values[field].values


@pytest.mark.parametrize(
    ("of", "factor"), [("one", 3.0), ("income", 1.0), ("list", 1.5), ("score", 3.0), ("funding", 3.0), ("received.council", 1.0)]
)
def test_a_price_scales_by_what_it_is_paid_for(of: str, factor: float) -> None:
    """A sum and a price of a share grow with money, a share of money stays, a price per head grows with its age mix."""
    made = scaled(payment(of, {"value": [10.0, 20.0], "source": "s", "quality": "published"}, id="fee"))
    assert value(made, "fee", "price") == pytest.approx((10.0 * factor, 20.0 * factor))
    notes = made.terms[0].values["price"]
    assert (notes.source, notes.quality) == (
        ("s", "published") if factor == 1.0 else (f"s; × {factor:g}, X to Y", "derived")
    )


def test_schedules_scale_by_their_unit() -> None:
    """Pounds times cost, persons times heads, pounds per head times both ratios, shares not at all."""
    units = {"GBP": 3.0, "persons": 2.0, "GBP per head": 1.5, "share": 1.0, "index, first year 1": 1.0}
    terms = [{"kind": "schedule", "id": f"s{k}", "value": {"value": 8.0, "unit": unit}} for k, unit in enumerate(units)]
    made = scaled(*terms)
    assert [value(made, f"s{k}", "value")[0] for k in range(len(units))] == [8.0 * factor for factor in units.values()]


def test_a_schedule_without_a_unit_is_what_its_readers_need() -> None:
    """A price of money is a share, what scales an amount is a share, and a sum of a clause is money."""
    made = scaled(
        {"kind": "schedule", "id": "rate", "value": 0.5}, {"kind": "schedule", "id": "part", "value": 0.5},
        {"kind": "schedule", "id": "most", "value": 7e6}, payment("income", "rate", id="a"),
        payment("income", 0.1, id="b", scaled_by="part"),
        payment("one", "most", id="c"),
    )  # fmt: skip
    assert [value(made, name, "value")[0] for name in ("rate", "part", "most")] == [0.5, 0.5, 21e6]


def test_gates_scales_and_corridors_follow_what_they_compare() -> None:
    """A limit on money grows with it; a limit on a share and the values of a gate of 0 or 1 stay."""
    made = scaled(
        {"kind": "gate", "id": "busy", "of": "acute_actual", "at": 1e6}, {"kind": "gate", "id": "good", "of": "score", "at": 0.5},
        {"kind": "sliding_scale", "id": "rate", "of": "acute_actual", "points": [
            {"at": 1e6, "value": 0.1}, {"at": 2e6, "value": 0.2},
        ]},
        payment("income", "rate", id="pay", scaled_by="busy"), payment("income", 0.1, id="more", scaled_by="good"),
        {"kind": "corridor", "edges": "money", "bands": [{"side": "gain", "from": 1e6, "share": 0.5}]},
        {"kind": "corridor", "id": "shares", "bands": [{"side": "gain", "from": 0.01, "to": 0.05, "share": 0.5}]},
    )  # fmt: skip
    assert value(made, "busy", "at") + value(made, "busy", "met") + value(made, "good", "at") == (3e6, 1.0, 0.5)
    points = next(term for term in made.terms if term.id == "rate").values["points"]
    assert [(row["at"].value, row["value"].value) for row in points] == [(3e6, 0.1), (6e6, 0.2)]
    bands = [next(term for term in made.terms if term.id == name).values["bands"][0] for name in ("corridor", "shares")]
    assert [(band["from"].value, band["to"].value) for band in bands] == [(3e6, 1e18), (0.01, 0.05)]


def test_multiples_of_nothing_are_money() -> None:
    """A cap without a base is a sum; with a base of money it is a multiple and stays; no limit stays no limit."""
    limit = {"kind": "overall_limit", "of": [{"clause": "pay"}]}
    made = scaled(
        payment("income", 0.1, id="pay"), limit | {"id": "sum", "most": 5e6},
        limit | {"id": "multiple", "most": 0.1, "base": "income"},
    )  # fmt: skip
    assert [value(made, name, "most")[0] for name in ("sum", "multiple")] == [15e6, 0.1]
    assert value(made, "sum", "least") == (-1e18,)


def test_inputs_scale_with_their_bounds() -> None:
    """Values, bounds and defaults in pounds grow; bounds that are none stay."""
    cap = {"name": "cap", "unit": "GBP", "low": 0.0, "high": 9e6, "default": 2e6}
    rows = [cap, {"name": "rate", "unit": "share", "default": 0.5}]
    contract, form = read_contract({**small(payment("cap", "rate")), "inputs": rows}, "file", "name", None, None, study=False)
    made = read(scaled_form(contract, form, TWICE_THRICE, "file"))
    assert [(entry.low, entry.high, entry.default) for entry in made.inputs] == [(0.0, 27e6, 6e6), (-1e15, 1e15, 0.5)]


@pytest.mark.parametrize(
    ("terms", "key"),
    [
        ([{"kind": "formula", "id": "f", "value": "max(0, income - 1000000)"}], "f.value"),
        ([{"kind": "formula", "id": "f", "value": "1 if income > 1000000 else 0"}], "f.value"),
        ([{"kind": "formula", "id": "f", "value": "income / 41479000 - 1"}], "f.value"),
        ([{"kind": "formula", "id": "f", "value": "income + list"}], "f.value"),
        ([{"kind": "formula", "id": "f", "value": "log(income)"}], "f.value"),
        ([{"kind": "schedule", "id": "s", "value": 3.0}], "s.value"),
        ([{"kind": "gate", "id": "g", "of": "list", "at": 5000}], "g.at"),
        ([{"kind": "gate", "id": "g", "of": "score", "at": 0.5, "met": 0.2}], "g.met"),
        ([{"kind": "formula", "id": "f", "value": "1000000 * score"}, {"kind": "guarantee", "call": "f", "limit": 1e6}],
         "guarantee.call"),
        ([payment("one", 5.0, id="p", scaled_by="income")], "p.scaled_by"),
    ],
)  # fmt: skip
def test_a_contract_whose_money_is_hidden_is_refused(terms: list[dict[str, Any]], key: str) -> None:
    """Sums inside formulas, numbers of which nobody says what they are, and limits in persons; the error says what helps."""
    error = refused(*terms)
    assert error.key == key
    assert "scale_contract = false" in (error.expected or "")


def test_numbers_in_formulas_that_only_multiply_are_welcome() -> None:
    """A price paid for a pure number carries the money, and a share of money is money."""
    made = scaled(
        {"kind": "formula", "id": "points", "value": "max(0, 40 * (1 - score))"}, payment("points", 1000.0, id="fine"),
        {"kind": "formula", "id": "part", "value": "0.5 * max(0, income - net.council)"}, payment("part", 0.1, id="pay"),
    )  # fmt: skip
    assert (value(made, "fine", "price"), value(made, "pay", "price")) == ((3000.0,), (0.1,))
    assert made.terms[0].values["value"] == "max(0, 40 * (1 - score))"


def test_dimensions_of_what_a_contract_holds() -> None:
    """Units say it for inputs, and formulas work it out, last year's values included."""
    contract = read(small(
        {"kind": "running", "id": "before", "of": "income", "what": "previous"},
        {"kind": "formula", "id": "per_head", "value": "income / list"},
        {"kind": "formula", "id": "rise", "value": "before / last.pay - 1"},
        {"kind": "formula", "id": "root", "value": "sqrt(score) + 2"}, payment("income", 0.1, id="pay"),
    ))  # fmt: skip
    known = strict_dimensions(contract)
    assert [known[name] for name in ("before", "rise", "root", "list", "last.pay")] == [MONEY, RATIO, RATIO, PERSONS, MONEY]
    assert known["per_head"] is not None
    assert known["per_head"].title == "money per head"


def test_the_providers_sums_go_with_the_place() -> None:
    """Every number of a provider in pounds is scaled, but for prices of one ghost, one pound or one QALY."""
    found = {(kind.name, field.name) for kind in LEVERS for field in kind.fields if field.unit.startswith("GBP")}
    assert found - set(PROVIDER_MONEY) == {("list_inflation", "ghost_cost"), ("risk_selection", "steering_cost")}
    assert {name for name, field in PROVIDER_MONEY if field == "fixed_penalty"} == {k.name for k in LEVERS if k.recovers}
    own = [q.unit for q in PARAMETERS if q.owner == "provider" and "GBP" in q.unit]
    assert set(own) <= {"per GBP and year", "GBP per QALY"}
    plain, put = (load_study("dudley", change, CONFIGS).provider for change in ((), ("place=Birmingham",)))
    cost = load_study("dudley", ("place=Birmingham",), CONFIGS).effective()["place"]["register"]["cost"]["value"]
    for lever, field in PROVIDER_MONEY:
        assert put.levers[lever][field].value == pytest.approx(plain.levers[lever][field].value * cost)
    assert put.levers["list_inflation"]["ghost_cost"] == plain.levers["list_inflation"]["ghost_cost"]
    assert put.levers["risk_selection"] == plain.levers["risk_selection"]
    assert put.parameters == plain.parameters


def test_a_contract_that_cannot_be_scaled_names_its_file(tmp_path: Path) -> None:
    """Not signing, with a sum in a formula: the study on another place is refused at the clause."""
    study = {"title": "x", "place": "Stockport"}
    chosen = choose_place(study, tmp_path / "study.toml", CONFIGS)
    raw = (CONFIGS / "contracts" / "dudley-5.5bn.toml").read_text(encoding="utf-8")
    extra = '\n[[terms]]\nid = "beyond"\nkind = "formula"\nvalue = "max(0, acute_actual - 100e6)"\n'
    file = tmp_path / "own.toml"
    file.write_text(raw + extra, encoding="utf-8")
    with pytest.raises(ContractError) as caught:
        chosen.contract(tomllib.loads(file.read_text(encoding="utf-8")), file, CONFIGS)
    assert (caught.value.file, caught.value.key) == (file, "beyond.value")
    assert (study["place"], study["title"]) == ("E08000007", "x, put to Stockport")
