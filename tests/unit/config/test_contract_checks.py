"""What a contract and its neighbours may not say: lists where one number holds, clauses out of order, switches half on."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stresstest.config.axes import read_axes
from stresstest.config.contracts import read_contract
from stresstest.config.folders import config_folder, data_folder
from stresstest.config.places import read_place, read_provider
from stresstest.config.schema import schema_of
from stresstest.config.section import Section
from stresstest.contract import Contract
from stresstest.errors import ConfigError
from stresstest.levers import GAMING, LEVERS
from stresstest.terms import TERMS

pytestmark = pytest.mark.unit
CONFIGS = config_folder(Path(__file__).resolve().parent)
ANNUAL, IMPROVEMENT, SHARE, COLLAR, FLOOR = range(5)
QUALITY_SHARE = {"kind": "quality_scaled_share", "phase": "one"}
SAVINGS = {"kind": "shared_savings", "max_share": 0.5, "loss_form": "none"}
RECOVERING = [kind.name for kind in LEVERS if kind.name in GAMING and kind.recovers]
OTHERS = [kind.name for kind in LEVERS if kind.name in GAMING and not kind.recovers]


def read(name: str) -> dict[str, Any]:
    """A file of configs/, as it is written."""
    return tomllib.loads((CONFIGS / f"{name}.toml").read_text(encoding="utf-8"))


CONTRACT, PROVIDER = read("contracts/dudley-5.5bn"), read("providers/mcp")


def contract_of(raw: dict[str, Any]) -> Contract:
    """The contract, as the reader takes it, without a place."""
    return read_contract(raw, "file", "name", None)[0]


def with_terms(*terms: int | dict[str, Any]) -> dict[str, Any]:
    """Dudley's contract with these clauses: a number stands for one of its own."""
    own = [copy.deepcopy(CONTRACT["terms"][term]) if isinstance(term, int) else dict(term) for term in terms]
    return {**CONTRACT, "terms": own}


def with_entry(raw: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The file with one entry replaced."""
    changed: Any = copy.deepcopy(raw)
    at = changed
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return dict(changed)


READERS: dict[str, Callable[[dict[str, Any]], object]] = {
    "place": lambda raw: read_place(raw, "file", "dudley", data_folder(CONFIGS), {}),
    "provider": lambda raw: read_provider(raw, "file", "name"),
    "axes": lambda raw: read_axes(raw, "file"),
    "contract": contract_of,
}


def refuse(kind: str, raw: dict[str, Any]) -> ConfigError:
    """The error that the reader of this kind of file raises."""
    with pytest.raises(ConfigError) as caught:
        READERS[kind](raw)
    return caught.value


@pytest.mark.parametrize(
    ("kind", "name", "path", "key"),
    [
        ("contract", "contracts/dudley-5.5bn", ("plan", "funding_growth"), "plan.funding_growth"),
        ("contract", "contracts/dudley-5.5bn", ("benchmark", "growth"), "benchmark.growth"),
        ("contract", "contracts/dudley-5.5bn", ("ending", "step_in_premium"), "ending.step_in_premium"),
        ("contract", "contracts/dudley-5.5bn", ("scope", 1, "base_gbp"), "scope[2].base_gbp"),
        ("contract", "contracts/dudley-5.5bn", ("terms", ANNUAL, "opening_price"), "terms[1].opening_price"),
        ("place", "places/dudley", ("population", "list_growth"), "population.list_growth"),
        ("place", "places/dudley", ("pods", 0, "growth"), "pods[1].growth"),
        ("provider", "providers/mcp", ("effort", "power"), "effort.power"),
        ("provider", "providers/mcp", ("levers", "upcoding", "detection"), "levers.upcoding.detection"),
        ("axes", "axes/calibrated-2018", ("state", "mean"), "state.mean"),
    ],
)
@pytest.mark.parametrize("noted", [False, True], ids=["bare", "noted"])
def test_only_clauses_vary_by_year(kind: str, name: str, path: tuple[Any, ...], key: str, noted: bool) -> None:
    """A list where one number holds for the whole contract is refused, and never read as its first year."""
    by_year = [0.1, 0.2]
    error = refuse(kind, with_entry(read(name), path, {"value": by_year} if noted else by_year))
    assert error.key == key
    assert error.value == by_year
    assert error.message == "this entry holds for the whole contract; only clause entries vary by year"


def test_clause_entries_and_their_rows_vary_by_year() -> None:
    """A clause's entry and a column of its rows take a list; the last value holds."""
    raw = with_entry(CONTRACT, ("terms", SHARE, "dead_band"), [0.01, 0.03])
    terms = contract_of(raw).terms
    assert [terms[SHARE].at(year)["dead_band"] for year in (0, 1, 14)] == [0.01, 0.03, 0.03]
    targets = [terms[IMPROVEMENT].at(year)["indicators"][0]["target"] for year in (0, 4, 14)]
    assert targets == [2422.8, 2322.0, 2322.0]


@pytest.mark.parametrize("table", ["plan", "benchmark", "ending"])
def test_schema_offers_no_list_outside_clauses(table: str) -> None:
    """An editor is told the same: a list only where a clause's entry may vary by year."""
    properties = schema_of("contract")["properties"]
    for entry in properties[table]["properties"].values():
        assert all(form["type"] != "array" for form in entry["anyOf"])
    clauses = {one["properties"]["kind"]["enum"][0]: one["properties"] for one in properties["terms"]["items"]["oneOf"]}
    assert all(form["type"] != "array" for form in clauses["annual_payment"]["opening_price"]["anyOf"])
    assert any(form["type"] == "array" for form in clauses["annual_payment"]["growth_floor"]["anyOf"])


@pytest.mark.parametrize(
    ("terms", "key", "first"),
    [
        ((IMPROVEMENT, ANNUAL), "terms[1].kind", "annual_payment"),
        ((SHARE, ANNUAL), "terms[1].kind", "annual_payment"),
        ((COLLAR, ANNUAL), "terms[1].kind", "annual_payment"),
        ((FLOOR, ANNUAL), "terms[1].kind", "annual_payment"),
        ((ANNUAL, QUALITY_SHARE), "terms[2].kind", "improvement_payment"),
        ((ANNUAL, SAVINGS, IMPROVEMENT), "terms[2].kind", "improvement_payment"),
    ],
)
def test_a_clause_stands_after_what_it_reads(terms: tuple[Any, ...], key: str, first: str) -> None:
    """A clause before the one whose payment or score it reads would read nothing, and is refused with what must come."""
    error = refuse("contract", with_terms(*terms))
    assert error.key == key
    assert error.expected == f"{first} earlier in the contract"
    assert first in error.message


@pytest.mark.parametrize("scaled", [1, [0, 0, 1]], ids=["always", "later"])
def test_a_gain_scaled_by_quality_needs_a_score(scaled: Any) -> None:
    """The gain/loss share needs the improvement payment once gains are scaled by its score in any year, and not before."""
    plain = with_terms(ANNUAL, SHARE)
    assert len(contract_of(plain).terms) == 2
    error = refuse("contract", with_entry(plain, ("terms", 1, "quality_scaled"), scaled))
    assert (error.key, error.expected) == ("terms[2].kind", "improvement_payment earlier in the contract")
    scored = with_entry(with_terms(ANNUAL, IMPROVEMENT, SHARE), ("terms", 2, "quality_scaled"), scaled)
    assert len(contract_of(scored).terms) == 3


@pytest.mark.parametrize("twice", [ANNUAL, IMPROVEMENT])
def test_one_annual_and_one_improvement_payment(twice: int) -> None:
    """A second clause of a kind whose payment or score others read is refused, whatever its id."""
    second = {**CONTRACT["terms"][twice], "id": "second"}
    error = refuse("contract", with_terms(ANNUAL, IMPROVEMENT, second))
    assert (error.key, error.message) == ("terms[3].kind", "a contract has one clause of this kind")
    assert error.value == second["kind"]


def test_a_contract_pays_a_budget() -> None:
    """A contract without an annual payment is refused."""
    error = refuse("contract", with_terms({"kind": "vat_leak", "affected_share": 0.1}))
    assert (error.key, error.message) == ("terms", "the contract has no annual payment")


def test_needs_are_clauses_that_there_are() -> None:
    """What a clause needs is a kind in the register, and stands there once."""
    kinds = {kind.name: kind for kind in TERMS}
    for kind in TERMS:
        assert all(kinds[name].once for name in kind.needs)


@pytest.mark.parametrize("value", [0.5, 0.999])
def test_a_switch_is_on_or_off(value: float) -> None:
    """An entry in "0 or 1" refuses what lies between, in a clause and at the ending."""
    for path in (("terms", SHARE, "quality_scaled"), ("ending", "rescue")):
        error = refuse("contract", with_entry(CONTRACT, path, value))
        assert (error.message, error.value, error.expected) == ("this is a switch", value, "0 or 1")
    for good in (0, 1, 1.0):
        contract_of(with_entry(CONTRACT, ("ending", "rescue"), good))


@pytest.mark.parametrize(("unit", "hint"), [("whole years", False), ("0 or 1", False), ("share", True)])
def test_percentages_are_suspected_only_of_rates(unit: str, hint: bool) -> None:
    """A hundred whole years are not one year written as a percentage; a share of a hundred is the whole."""
    with pytest.raises(ConfigError) as caught:
        Section("file", {"entry": 100}).number("entry", unit, 0.0, 1.0)
    assert (caught.value.nearest is not None) == hint


@pytest.mark.parametrize("lever", RECOVERING)
@pytest.mark.parametrize("entry", ["detection", "fine"])
def test_what_is_claimed_back_has_a_chance_and_a_fine(lever: str, entry: str) -> None:
    """A lever whose gain an audit claims back needs both entries."""
    raw = copy.deepcopy(PROVIDER)
    del raw["levers"][lever][entry]
    error = refuse("provider", raw)
    assert (error.key, error.message) == (f"levers.{lever}.{entry}", "an entry is missing")


@pytest.mark.parametrize("lever", OTHERS)
@pytest.mark.parametrize("entry", ["detection", "fine"])
def test_what_is_not_claimed_back_has_neither(lever: str, entry: str) -> None:
    """A chance or a fine that would move nothing is an unknown key, for the reader and for the schema."""
    error = refuse("provider", with_entry(PROVIDER, ("levers", lever, entry), 0.1))
    assert (error.key, error.message) == (f"levers.{lever}.{entry}", "unknown key")
    levers = schema_of("provider")["properties"]["levers"]["properties"]
    assert entry not in levers[lever].get("properties", {})
    assert all(entry in levers[name]["properties"] for name in RECOVERING)
