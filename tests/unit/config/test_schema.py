"""The JSON Schemas for editors: they accept what is shipped, refuse what is wrong, and agree with the readers."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from schema_files import CONFIGS, FOLDERS, PRIORS, SHIPPED, faults, kind_of, nodes, numbers, read, with_entry

from stresstest.config.axes import read_axes
from stresstest.config.contracts import read_contract
from stresstest.config.folders import data_folder
from stresstest.config.places import read_place, read_provider
from stresstest.config.schema import KINDS, print_schema, schema_of, schema_text
from stresstest.config.schema_refs import without_definitions
from stresstest.drivers.parameters import PARAMETERS
from stresstest.errors import ConfigError
from stresstest.layout import MAX_SETTLED_YEARS
from stresstest.levers import LEVERS
from stresstest.terms import TERMS

pytestmark = pytest.mark.unit
#: What a schema may say: nothing here is newer than draft 4.
DRAFT_4 = {
    "$schema", "title", "description", "type", "properties", "additionalProperties", "required", "items", "minItems",
    "maxItems", "enum", "pattern", "minimum", "maximum", "anyOf", "oneOf", "dependencies",
}  # fmt: skip


@pytest.mark.parametrize("path", SHIPPED, ids=[p.relative_to(CONFIGS).as_posix() for p in SHIPPED])
def test_every_shipped_file_fits_its_schema(path: Path) -> None:
    """No file in configs/ is refused by the schema of its kind."""
    assert faults(schema_of(kind_of(path)), read(path)) == []


def test_no_folder_of_configs_is_without_a_schema() -> None:
    """Each folder of configs/ has a kind, and a file of each kind is there."""
    assert {p.parent.name for p in SHIPPED} == set(FOLDERS)
    assert {kind_of(p) for p in SHIPPED} == set(KINDS) == {*FOLDERS.values(), PRIORS}


@pytest.mark.parametrize("kind", list(KINDS))
def test_schema_stays_within_draft_4(kind: str) -> None:
    """No word is used that draft 4 lacks, `required` is never empty, and every number is JSON."""
    for node in nodes(schema_of(kind)):
        assert set(node) <= DRAFT_4
        assert node.get("required", ["some"])
    json.dumps(schema_of(kind), allow_nan=False)


@pytest.mark.parametrize("kind", list(KINDS))
def test_schema_is_printed_as_json(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`print_schema` prints the schema and nothing else, with exit code 0; what it says often stands there once."""
    assert print_schema(kind) == 0
    printed = json.loads(capsys.readouterr().out)
    assert without_definitions(printed) == schema_of(kind)
    texts = [json.dumps(part, sort_keys=True) for part in printed.get("definitions", {}).values()]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_schemas_in_the_folder_are_those_of_the_code(kind: str) -> None:
    """`stresstest schema --out configs/schema` was run after the last change."""
    assert (CONFIGS / "schema" / f"{kind}.schema.json").read_text(encoding="utf-8") == schema_text(kind)


@pytest.mark.parametrize("path", SHIPPED, ids=[p.relative_to(CONFIGS).as_posix() for p in SHIPPED])
def test_every_shipped_file_names_its_schema(path: Path) -> None:
    """Editors find the schema by the first line."""
    first = path.read_text(encoding="utf-8").split("\n")[0]
    assert first == f"#:schema ../schema/{kind_of(path)}.schema.json"


def test_unknown_kind_is_refused_with_the_nearest() -> None:
    """A kind that there is not gets a ConfigError that names the right one."""
    with pytest.raises(ConfigError) as caught:
        print_schema("contrat")
    assert caught.value.nearest == "contract"
    assert caught.value.value == "contrat"


def test_every_clause_lever_and_parameter_is_in_a_schema() -> None:
    """What the registers hold can be completed in an editor, with unit and bounds in the hover text."""
    contract, provider, place = (schema_of(kind)["properties"] for kind in ("contract", "provider", "place"))
    clauses = {one["properties"]["kind"]["enum"][0]: one for one in contract["terms"]["items"]["oneOf"]}
    for kind in TERMS:
        assert {f.name for f in kind.fields} < set(clauses[kind.name]["properties"])
    for lever in LEVERS:
        assert (lever.name in provider["levers"]["properties"]) == (lever.grade != "honest")
    owners = {"place": place, "provider": provider, "contract": contract}
    for q in PARAMETERS:
        told = owners[q.owner][q.section]["properties"][q.name]["description"]
        default = "" if q.default is None else f", default {q.default}"
        assert told == f"{q.doc} ({q.unit}, from {q.low:g} to {q.high:g}{default})"


CONTRACT = read(CONFIGS / "contracts" / "dudley-5.5bn.toml")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("years",), 401), (("years",), "15"), (("first_year",), "2018/2019"), (("first_year",), "18/19"),
        (("first_year",), 2018), (("currency",), "XYZ"), (("titel",), "x"),
        (("plan", "funding_growth"), 1.3), (("plan", "funding_growth"), {"value": 0.01, "qualty": "judgement"}),
        (("plan", "funding_growth"), {"value": 0.01, "quality": "guess"}), (("plan", "funding_growth"), []),
        (("plan", "funding_growth"), True), (("plan", "funding_growth"), [0.01, 0.02]),
        (("plan", "funding_growth"), "bonus"), (("plan", "funding_growth"), {"value": 0.01, "growth": 0.02}),
        (("benchmark", "growth"), {"value": [0.01, 0.02]}), (("ending", "reserve"), [1e6, 2e6]),
        (("scope", 0, "base_gbp"), [1e6, 2e6]), (("terms", 0, "opening_price"), [1e8, 2e8]), (("ending", "rescue"), 0.5),
        (("terms", 0, "opening_price"), "bonus"), (("terms", 0, "opening_price"), {"value": 1e8, "growth": 0.02}),
        (("terms", 2, "dead_band"), 3), (("terms", 2, "dead_band"), {"dated": []}), (("terms", 2, "band"), "nett"),
        (("terms", 2, "dead_band"), {"value": 0.01, "growth": []}), (("terms", 2, "kind"), "gain_share"),
        (("terms", 2, "dead_band"), {"value": 0.01, "growht": 0.1}), (("terms", 0, "payer"), 3),
        (("terms", 0, "in_force"), {"from": 0}), (("terms", 0, "in_force"), {"until": 2}), (("terms", 0, "note"), 3),
        (("terms", 0, "scaled_by"), 0.5), (("terms", 1, "indicators"), 0.1), (("remove",), "prevention_floor"),
        (("parties",), [{"title": "no name"}]), (("parties",), [{"name": "x", "public": "yes"}]),
        (("inputs",), [{"name": "x"}]), (("inputs",), [{"name": "x", "unit": "GBP", "follows": "acute"}]),
        (("inputs",), [{"name": "x", "unit": "GBP", "hihg": 1.0}]), (("indices",), {"tariff": "much"}),
        (("subcontracts",), [{"id": "north"}]), (("subcontracts",), [{"id": "n", "contract": "dudley-244m", "party": {}}]),
    ],
)  # fmt: skip
def test_schema_refuses_what_the_reader_refuses(path: tuple[Any, ...], value: Any) -> None:
    """One wrong entry in Dudley's contract breaks the schema, and the reader refuses it as well."""
    broken = copy.deepcopy(CONTRACT)
    at = broken
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    assert faults(schema_of("contract"), broken)
    assert refusal("contract", broken)


@pytest.mark.parametrize("name", ["terms", "title", "price_basis", "first_year", "years", "schema_version"])
def test_only_a_contract_that_extends_another_may_leave_things_out(name: str) -> None:
    """A missing part is a fault, unless another contract lies underneath."""
    broken = {key: value for key, value in CONTRACT.items() if key != name}
    assert faults(schema_of("contract"), broken)
    assert refusal("contract", broken) == "an entry is missing"
    assert faults(schema_of("contract"), {**broken, "extends": "dudley-5.5bn"}) == []


@pytest.mark.parametrize("name", ["plan", "benchmark", "ending", "scope"])
def test_only_a_settlement_does_without_plan_and_ending(name: str) -> None:
    """What a simulation alone needs may be missing, for the schema and for a settlement; a study refuses it."""
    short = {key: value for key, value in CONTRACT.items() if key != name}
    assert faults(schema_of("contract"), short) == []
    read_contract(short, "file", "name", None, study=False)
    assert refusal("contract", short) == "an entry is missing"


@pytest.mark.parametrize(
    ("table", "entry"), [("plan", "funding_growth"), ("benchmark", "growth"), ("ending", "rescue")]
)
def test_a_plan_that_is_there_is_whole(table: str, entry: str) -> None:
    """Half a plan is a fault for the schema, for a study and for a settlement, but not for a contract that extends another."""
    broken = {**CONTRACT, table: {key: value for key, value in CONTRACT[table].items() if key != entry}}
    assert faults(schema_of("contract"), broken)
    for study in (True, False):
        with pytest.raises(ConfigError) as caught:
            read_contract(broken, "file", "name", None, study=study)
        assert (caught.value.key, caught.value.message) == (f"{table}.{entry}", "an entry is missing")
    assert faults(schema_of("contract"), {**broken, "extends": "dudley-5.5bn"}) == []


@pytest.mark.parametrize("kind", [kind.name for kind in TERMS])
def test_schema_asks_for_what_the_reader_asks_for(kind: str) -> None:
    """A clause without an entry that has no default breaks the schema of a contract that stands alone."""
    needed = next(k for k in TERMS if k.name == kind)
    blank = {**CONTRACT, "terms": [{"kind": kind}]}
    missing = [field.name for field in needed.fields if field.default is None]
    assert bool(faults(schema_of("contract"), blank)) == bool(missing)
    assert faults(schema_of("contract"), {**blank, "extends": "dudley-5.5bn"}) == []
    if missing:
        with pytest.raises(ConfigError) as caught:
            read_contract(blank, "file", "name", None, study=False)
        assert (caught.value.key, caught.value.message) == (f"terms[1].{missing[0]}", "an entry is missing")


@pytest.mark.parametrize(
    "good",
    [
        0.01, [0.01, 0.02], {"value": [0.01], "unit": "per year", "source": "s", "quality": "judgement"}, "need",
        {"value": 0.01, "growth": 0.02}, {"value": 0.01, "growth": [0.02, 0.03], "source": "s"},
        {"value": 0.01, "index": "tariff"}, {"dated": [{"from": "2018/19", "value": 0.01}, {"from": 3, "value": 0.02}]},
        {"dated": [{"from": 1, "value": 0.01}], "growth": 0.02}, {"dated": [{"from": 1, "value": 0.01}], "index": "tariff"},
    ],
)  # fmt: skip
def test_a_number_may_be_written_in_many_ways(good: Any) -> None:
    """Bare, by year, with unit, source and quality, as a quantity, growing, indexed or dated: for schema and reader."""
    changed = {**copy.deepcopy(CONTRACT), "indices": {"tariff": [0.01, 0.02]}}
    changed["terms"][2]["dead_band"] = good
    assert faults(schema_of("contract"), changed) == []
    assert refusal("contract", changed) is None


def test_every_part_of_the_language_fits_the_schema() -> None:
    """A contract with parties, inputs, indices, contracts inside it and every entry of a clause is not refused."""
    whole = {
        **CONTRACT,
        "currency": "EUR",
        "first_year": "2016",
        "indices": {"tariff": 0.01, "wages": [0.01, 0.02], "noted": {"value": [0.01], "source": "s"}},
        "parties": [{"name": "reinsurer"}, {"name": "owner", "title": "Owner", "public": True}],
        "inputs": [
            {"name": "premium", "unit": "GBP"},
            {"name": "losses", "unit": "GBP", "doc": "d", "low": 0, "high": 1e9, "default": 0.0, "follows": "acute_actual"},
            {"name": "rate", "unit": "share", "value": {"dated": [{"from": "2016", "value": 0.1}]}},
        ],
        "subcontracts": [{"id": "north", "contract": "x", "parties": {"provider": "owner"}, "inputs": {"a": "b"}}],
        "terms": [
            {"kind": "payment", "id": "quota", "payer": "provider", "payee": "reinsurer", "price": 0.2, "of": "premium",
             "scaled_by": "rate", "in_force": {"from": "2017", "to": 4}, "note": "words", "before": "x"},
        ],
    }  # fmt: skip
    assert faults(schema_of("contract"), whole) == []


# ── the schemas and the readers agree on every bound ───────────────────────────────────────────────────────────────
def refusal(kind: str, raw: dict[str, Any]) -> str | None:
    """What the reader of this kind of file says to it, or None."""
    try:
        if kind == "place":
            read_place(raw, "file", "dudley", data_folder(CONFIGS), {})
        elif kind == "contract":
            read_contract(raw, "file", "name", None)
        elif kind == "provider":
            read_provider(raw, "file", "name")
        else:
            read_axes(raw, "file")
    except ConfigError as error:
        return error.message
    return None


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("place", "places/dudley"), ("contract", "contracts/dudley-5.5bn"), ("provider", "providers/mcp"),
        ("axes", "axes/calibrated-2018"),
    ],
)  # fmt: skip
def test_schema_and_reader_have_the_same_bounds(kind: str, name: str) -> None:
    """Just outside a bound of the schema the reader says "out of range"; at the bound it never does."""
    raw = read(CONFIGS / f"{name}.toml")
    found = list(numbers(schema_of(kind), raw))
    assert len(found) > 20
    for path, low, high in found:
        whole = path[-1] in ("years", "schema_version")
        for bound, step in ((low, -1), (high, 1)):
            if bound in (float("inf"), -float("inf")) or (path == ("years",) and bound == MAX_SETTLED_YEARS):
                continue  # a table may have more rows than a study has years: test_contract_checks says so
            beyond = bound + step * (1 if whole else max(1e-6, 1e-6 * abs(bound)))
            assert refusal(kind, with_entry(raw, path, beyond)) == "out of range", (path, beyond)
            assert refusal(kind, with_entry(raw, path, bound)) != "out of range", (path, bound)
