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
from stresstest.terms import BY_NAME, ONE, TERMS, Field, TermKind
from stresstest.wiring import settlement_inputs

pytestmark = pytest.mark.unit
CONFIGS = config_folder(Path(__file__).resolve().parent)
ANNUAL, IMPROVEMENT, SHARE, COLLAR, FLOOR = range(5)
QUALITY_SHARE = {"kind": "quality_scaled_share", "phase": "one", "share": 0.5}
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


def entry_of(field: Field) -> Any:
    """Something that may stand in a field which has no default."""
    if field.unit == "rows":
        return [{column.name: entry_of(column) for column in field.columns if column.default is None}]
    words = {"choice": field.choices[:1], "quantity": ("one",), "formula": ("1",), "indicator": ("score",)}
    if field.unit in words:
        return words[field.unit][0]
    return 1.0 if field.low <= 1.0 <= field.high and field.name != "from" else field.low


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


UNSAID = "which nothing before it says: the contract can be settled but not simulated"
PAYMENT = ("annual_payment", "an annual_payment earlier in the contract")
SCORE = ("score", "an improvement_payment earlier in the contract")


@pytest.mark.parametrize(
    ("terms", "key", "what"),
    [
        ((IMPROVEMENT, ANNUAL), "terms[1].payment", PAYMENT),
        ((SHARE, ANNUAL), "terms[1].payment", PAYMENT),
        ((COLLAR, ANNUAL), "terms[1].base", PAYMENT),
        (({**SAVINGS, "loss_form": "fixed", "loss_cap_revenue": 0.1}, ANNUAL), "terms[1].quality", SCORE),
        ((ANNUAL, {**QUALITY_SHARE, "bonus": 0.1}), "terms[2].quality", SCORE),
        ((ANNUAL, {**QUALITY_SHARE, "phase": "two"}), "terms[2].quality", SCORE),
        ((ANNUAL, SAVINGS, IMPROVEMENT), "terms[2].quality", SCORE),
        ((ANNUAL, {"kind": "prevention_floor", "floor": 0.02, "budget": "score"}), "terms[2].budget", SCORE),
        (({"kind": "vat_leak", "affected_share": 0.1, "spend": "annual_payment"}, ANNUAL), "terms[1].spend", PAYMENT),
        (({"kind": "formula", "value": "max(0, annual_payment - 1)"}, ANNUAL), "terms[1].value", PAYMENT),
        (({"kind": "vat_leak", "affected_share": "score"}, ANNUAL), "terms[1].affected_share", SCORE),
        (({"kind": "vat_leak", "affected_share": 0.1, "scaled_by": "score"}, ANNUAL), "terms[1].scaled_by", SCORE),
    ],
)
def test_a_study_hears_what_it_reads_from_a_clause_before(
    terms: tuple[Any, ...], key: str, what: tuple[str, str]
) -> None:
    """A clause before the one that says the payment or score it reads is refused, at the entry, with what must come.

    A settlement takes it: there its table gives the payment and the score.
    """
    quantity, first = what
    error = refuse("contract", with_terms(*terms))
    assert (error.key, error.value, error.expected) == (key, quantity, first)
    assert error.message.endswith(f" reads {quantity}, {UNSAID}")
    settled = read_contract(with_terms(*terms), "file", "name", None, study=False)[0]
    assert quantity in settlement_inputs(settled)


@pytest.mark.parametrize(
    ("terms", "writes"),
    [
        ((ANNUAL, IMPROVEMENT, SHARE, COLLAR), {"annual_payment", "score"}),
        ((FLOOR, ANNUAL), {"annual_payment"}),
        (({"kind": "prevention_floor", "floor": 0.02}, ANNUAL), {"annual_payment"}),
        ((ANNUAL, QUALITY_SHARE), {"annual_payment"}),
        ((ANNUAL, {**SAVINGS, "quality": "one"}), {"annual_payment"}),
    ],
)
def test_a_clause_that_reads_neither_payment_nor_score_stands_anywhere(
    terms: tuple[Any, ...], writes: set[str]
) -> None:
    """What is said before, what is never paid by a clause, and what these numbers leave unread stops no study."""
    contract = contract_of(with_terms(*terms))
    assert len(contract.terms) == len(terms)
    assert not writes & set(settlement_inputs(contract))


@pytest.mark.parametrize("kind", TERMS, ids=[kind.name for kind in TERMS])
def test_no_kind_of_clause_reads_what_is_said_later(kind: TermKind) -> None:
    """Any field that names a quantity takes the payment only from a clause before it, in a study."""
    values = {f.name: entry_of(f) for f in kind.fields if f.default is None}
    values |= {f.name: "one" for f in kind.fields if f.unit == "quantity"}
    unread = kind.unread({f.name: values.get(f.name, f.default) for f in kind.fields})
    for field in kind.fields:
        if field.unit == "quantity" and field.name not in unread:
            term = {"kind": kind.name, "id": "own", **values, field.name: "annual_payment"}
            error = refuse("contract", with_terms(term, ANNUAL))
            assert (error.key, error.value) == (f"terms[1].{field.name}", "annual_payment")


@pytest.mark.parametrize("scaled", [1, [0, 0, 1]], ids=["always", "later"])
def test_a_gain_scaled_by_quality_needs_a_score(scaled: Any) -> None:
    """The gain/loss share needs the improvement payment once gains are scaled by its score in any year, and not before."""
    plain = with_terms(ANNUAL, SHARE)
    assert len(contract_of(plain).terms) == 2
    error = refuse("contract", with_entry(plain, ("terms", 1, "quality_scaled"), scaled))
    assert (error.key, error.value, error.expected) == ("terms[2].score", *SCORE)
    scored = with_entry(with_terms(ANNUAL, IMPROVEMENT, SHARE), ("terms", 2, "quality_scaled"), scaled)
    assert len(contract_of(scored).terms) == 3


@pytest.mark.parametrize(
    ("terms", "key", "message"),
    [
        (({"kind": "payment", "price": 1.0, "of": "bonus"}, {"kind": "formula", "id": "bonus", "value": "1"}), "of",
         "bonus stands later in the contract; a clause reads only what stands before it"),
        (({"kind": "payment", "price": 1.0, "of": "payment"},), "of",
         "payment stands later in the contract; a clause reads only what stands before it"),
        (({"kind": "payment", "price": 1.0, "of": "shared.gap"}, {**SAVINGS, "id": "shared"}), "of",
         "shared.gap stands later in the contract; a clause reads only what stands before it"),
        (({"kind": "payment", "price": 1.0, "of": "acute_actul"},), "of", "no such quantity"),
        (({"kind": "payment", "price": "pryce", "of": "one"},), "price", "no such quantity"),
        (({"kind": "payment", "price": 1.0, "of": "one", "scaled_by": "gate"},), "scaled_by", "no such quantity"),
        (({"kind": "payment", "price": 1.0, "of": "net.nobody"},), "of", "no such quantity"),
        (({"kind": "formula", "value": "1 + twice"},), "value", "no such quantity"),
        (({**SAVINGS, "id": "s", "quality": "one"}, {"kind": "payment", "price": 1.0, "of": "s.gapp"}), "of",
         "no such quantity"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("study", [True, False], ids=["study", "settlement"])
def test_no_clause_reads_a_name_that_nothing_before_it_has(
    terms: tuple[Any, ...], key: str, message: str, study: bool
) -> None:
    """A name that is unknown, or stands later, is refused at its entry, in a study and in a settlement."""
    raw = with_terms(ANNUAL, *terms)
    with pytest.raises(ConfigError) as caught:
        read_contract(raw, "file", "name", None, study=study)
    number = 3 if len(terms) == 2 and terms[0]["kind"] == "shared_savings" else 2
    assert (caught.value.key, caught.value.message) == (f"terms[{number}].{key}", message)


def test_an_unknown_name_comes_with_the_nearest() -> None:
    """A slip of the pen in a quantity is met with the quantity that was meant."""
    error = refuse("contract", with_terms(ANNUAL, {"kind": "payment", "price": 1.0, "of": "acute_actul"}))
    assert (error.value, error.nearest) == ("acute_actul", "acute_actual")


def test_a_study_needs_a_value_for_each_input_that_is_read() -> None:
    """An input that follows nothing and has no value stops a study where it is read, and nowhere else."""
    reader = {"kind": "payment", "price": 1.0, "of": "premium"}
    silent = {**with_terms(ANNUAL, reader), "inputs": [{"name": "premium", "unit": "GBP"}]}
    error = refuse("contract", silent)
    assert (error.key, error.value) == ("terms[2].of", "premium")
    assert error.message.endswith(f"reads premium, {UNSAID}")
    assert error.expected == "an input premium that `follows` a quantity or has a value"
    for more in ({"follows": "acute_actual"}, {"value": [1.0, 2.0]}):
        contract_of({**silent, "inputs": [{"name": "premium", "unit": "GBP", **more}]})
    contract_of({**silent, "terms": silent["terms"][:1]})
    read_contract(silent, "file", "name", None, study=False)


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


def test_what_clauses_read_is_there_to_be_read() -> None:
    """Quantities that a kind reads or takes where nothing is said are standard ones; those it writes stand there once."""
    known = {*BY_NAME, ONE}
    for kind in TERMS:
        assert kind.once == bool(kind.writes)
        assert all(BY_NAME[name].paid for name in kind.writes)
        assert {f.default for f in kind.fields if f.unit == "quantity" and f.default is not None} <= known
        plain = {f.name: entry_of(f) if f.default is None else f.default for f in kind.fields}
        assert set(kind.reads(plain)) <= known
        assert set(kind.unread(plain)) <= {f.name for f in kind.fields if f.unit == "quantity"}
    written = [name for kind in TERMS for name in kind.writes]
    assert sorted(written) == sorted(name for name, q in BY_NAME.items() if q.paid and name != "income")


@pytest.mark.parametrize(
    ("path", "value", "key", "expected"),
    [
        (("terms", 0, "payer"), "ccg", "terms[1].payer", "commissioner, provider"),
        (("terms", 0, "payee"), "commissioner", "terms[1].payee", "another party than commissioner"),
        (("terms", 0, "payer"), "provder", "terms[1].payer", "commissioner, provider"),
        (("currency",), "EUR", "currency", "GBP"),
        (("first_year",), "2018/20", "first_year", '"2018/19" or "2018"'),
    ],
)
def test_parties_currency_and_first_year_are_known(path: tuple[Any, ...], value: str, key: str, expected: str) -> None:
    """A party that the contract does not name, another currency in a study and a label of no year are refused."""
    error = refuse("contract", with_entry(CONTRACT, path, value))
    assert (error.key, error.value) == (key, value)
    assert expected in str(error.expected)


def test_a_party_of_the_contract_s_own_pays_and_is_paid() -> None:
    """A party under [[parties]] may stand wherever a standard one may, and its balance may be read."""
    terms = with_terms(
        ANNUAL, {"kind": "payment", "payer": "ccg", "payee": "owner", "price": 1.0, "of": "net.provider"}
    )
    raw = {**terms, "parties": [{"name": "ccg", "public": True}, {"name": "owner"}]}
    contract = contract_of(raw)
    assert contract.party_names[-2:] == ("ccg", "owner")
    assert contract.parties_at_work == ("commissioner", "provider", "ccg", "owner")
    assert [party.public for party in contract.parties] == [True, False]


@pytest.mark.parametrize(
    ("table", "rows", "key", "message"),
    [
        ("parties", [{"name": "provider"}], "parties[1].name", "there is a party of this name already"),
        ("parties", [{"name": "x"}, {"name": "x"}], "parties[2].name", "there is a party of this name already"),
        ("parties", [{"name": "two words"}], "parties[1].name", "not a name"),
        ("parties", [{"name": "x", "public": 1}], "parties[1].public", "this is a switch"),
        ("inputs", [{"name": "need", "unit": "index"}], "inputs[1].name", "this name is taken"),
        ("inputs", [{"name": "one", "unit": "index"}], "inputs[1].name", "this name is taken"),
        ("inputs", [{"name": "x", "unit": "GBP"}] * 2, "inputs[2].name", "this name is taken"),
        ("inputs", [{"name": "3x", "unit": "GBP"}], "inputs[1].name", "not a name"),
        ("inputs", [{"name": "x", "unit": "GBP", "low": 0.0, "default": -1.0}], "inputs[1].default", "out of range"),
        ("inputs", [{"name": "x", "unit": "GBP", "follows": "acute"}], "inputs[1].follows", "not one of the choices"),
    ],
)
def test_names_of_parties_and_inputs_are_their_own(
    table: str, rows: list[dict[str, Any]], key: str, message: str
) -> None:
    """A name that is taken, that is none, or a value outside the input's own bounds is refused at its row."""
    error = refuse("contract", {**with_terms(ANNUAL), table: rows})
    assert (error.key, error.message) == (key, message)


@pytest.mark.parametrize(
    ("ids", "number", "message"),
    [
        (("x", "x"), 3, "two clauses have the same id"),
        (("premium",), 2, "this name is taken"),
        (("net",), 2, "this name is taken"),
        (("one",), 2, "this name is taken"),
        (("max",), 2, "this name is taken"),
        (("acute_actual",), 2, "this is the name of a standard quantity"),
        (("score",), 2, "this is the name of a standard quantity"),
        (("a b",), 2, "not a name"),
    ],
)
def test_ids_of_clauses_are_their_own(ids: tuple[str, ...], number: int, message: str) -> None:
    """An id that stands for something else already is refused."""
    terms = [{"kind": "payment", "id": name, "price": 1.0, "of": "one"} for name in ids]
    raw = {**with_terms(ANNUAL, *terms), "inputs": [{"name": "premium", "unit": "GBP", "value": 1.0}]}
    error = refuse("contract", raw)
    assert (error.key, error.message) == (f"terms[{number}].id", message)


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


def test_a_table_may_have_more_years_than_a_study() -> None:
    """A study has at most 30 years; a settlement takes 37 of a PFI deal, or many events."""
    longer = with_entry(CONTRACT, ("years",), 37)
    with pytest.raises(ConfigError) as caught:
        contract_of(longer)
    assert caught.value.key == "years"
    assert read_contract(longer, "file", "name", None, study=False)[0].years == 37
