"""The JSON Schemas for editors: they accept what is shipped, refuse what is wrong, and agree with the readers."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stresstest.config.axes import read_axes
from stresstest.config.contracts import read_contract
from stresstest.config.folders import config_folder, data_folder
from stresstest.config.places import read_place, read_provider
from stresstest.config.schema import KINDS, print_schema, schema_of
from stresstest.drivers.parameters import PARAMETERS
from stresstest.errors import ConfigError
from stresstest.levers import LEVERS
from stresstest.terms import TERMS

pytestmark = pytest.mark.unit
CONFIGS = config_folder(Path(__file__).resolve().parent)
FOLDERS = {"studies": "study", "contracts": "contract", "places": "place", "providers": "provider", "axes": "axes",
           "scenarios": "scenarios"}  # fmt: skip
SHIPPED = sorted(CONFIGS.rglob("*.toml"))
NUMBERS = (int, float)
TYPES: dict[str, Any] = {
    "object": dict, "array": list, "string": str, "number": NUMBERS, "integer": int, "boolean": bool,
}  # fmt: skip
#: What a schema may say: nothing here is newer than draft 4.
DRAFT_4 = {
    "$schema", "title", "description", "type", "properties", "additionalProperties", "required", "items", "minItems",
    "maxItems", "enum", "pattern", "minimum", "maximum", "anyOf", "oneOf",
}  # fmt: skip


def faults(schema: dict[str, Any], value: Any, where: str = "") -> list[str]:
    """What a value breaks in a schema: a validator for the part of draft 4 that is used."""
    found = []
    kind = schema.get("type")
    if kind and (not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
        return [f"{where}: not {kind}"]
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where}: {value!r} is no choice")
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        found.append(f"{where}: pattern")
    if isinstance(value, NUMBERS) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        found.append(f"{where}: {value!r} out of bounds")
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            found.append(f"{where}: length")
        for k, item in enumerate(value):
            found += faults(schema.get("items", {}), item, f"{where}[{k}]")
    if isinstance(value, dict):
        found += [f"{where}.{name}: missing" for name in schema.get("required", []) if name not in value]
        own = schema.get("properties", {})
        for name, item in value.items():
            rest = schema.get("additionalProperties", {})
            if name not in own and rest is False:
                found.append(f"{where}.{name}: unknown")
            else:
                found += faults(own.get(name, rest), item, f"{where}.{name}")
    for word, enough in (("anyOf", lambda n: n >= 1), ("oneOf", lambda n: n == 1)):
        if word in schema:
            tried = [faults(one, value, where) for one in schema[word]]
            if not enough(sum(not t for t in tried)):
                found += min(tried, key=len) or [f"{where}: fits several"]
    return found


def read(path: Path) -> dict[str, Any]:
    """A file of configs/."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema inside a schema, itself included."""
    yield schema
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", []), *schema.get("oneOf", [])]
    for key in ("items", "additionalProperties"):
        inner += [schema[key]] if isinstance(schema.get(key), dict) else []
    for one in inner:
        yield from nodes(one)


@pytest.mark.parametrize("path", SHIPPED, ids=[p.relative_to(CONFIGS).as_posix() for p in SHIPPED])
def test_every_shipped_file_fits_its_schema(path: Path) -> None:
    """No file in configs/ is refused by the schema of its kind."""
    assert faults(schema_of(FOLDERS[path.parent.name]), read(path)) == []


def test_no_folder_of_configs_is_without_a_schema() -> None:
    """Each folder of configs/ has a kind, and the files are there."""
    assert {p.parent.name for p in SHIPPED} == set(FOLDERS)
    assert set(FOLDERS.values()) == set(KINDS)


@pytest.mark.parametrize("kind", list(KINDS))
def test_schema_stays_within_draft_4(kind: str) -> None:
    """No word is used that draft 4 lacks, `required` is never empty, and every number is JSON."""
    for node in nodes(schema_of(kind)):
        assert set(node) <= DRAFT_4
        assert node.get("required", ["some"])
    json.dumps(schema_of(kind), allow_nan=False)


@pytest.mark.parametrize("kind", list(KINDS))
def test_schema_is_printed_as_json(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`print_schema` prints the schema and nothing else, with exit code 0."""
    assert print_schema(kind) == 0
    assert json.loads(capsys.readouterr().out) == schema_of(kind)


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
        assert told == f"{q.doc} ({q.unit}, from {q.low:g} to {q.high:g})"


CONTRACT = read(CONFIGS / "contracts" / "dudley-5.5bn.toml")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("years",), 31), (("years",), "15"), (("first_year",), "2018"), (("currency",), "EUR"), (("titel",), "x"),
        (("plan", "funding_growth"), 1.3), (("plan", "funding_growth"), {"value": 0.01, "qualty": "judgement"}),
        (("plan", "funding_growth"), {"value": 0.01, "quality": "guess"}), (("plan", "funding_growth"), []),
        (("plan", "funding_growth"), True), (("plan", "funding_growth"), [0.01, 0.02]),
        (("benchmark", "growth"), {"value": [0.01, 0.02]}), (("ending", "reserve"), [1e6, 2e6]),
        (("scope", 0, "base_gbp"), [1e6, 2e6]), (("terms", 0, "opening_price"), [1e8, 2e8]), (("ending", "rescue"), 0.5),
        (("terms", 2, "dead_band"), 3), (("terms", 2, "band"), "nett"),
        (("terms", 2, "kind"), "gain_share"), (("terms", 0, "payer"), "ccg"), (("terms", 1, "indicators"), 0.1),
    ],
)  # fmt: skip
def test_schema_refuses_what_the_reader_refuses(path: tuple[Any, ...], value: Any) -> None:
    """One wrong entry in Dudley's contract breaks the schema."""
    broken = copy.deepcopy(CONTRACT)
    at = broken
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    assert faults(schema_of("contract"), broken)


@pytest.mark.parametrize("name", ["terms", "plan", "ending", "title"])
def test_only_a_contract_that_extends_another_may_leave_things_out(name: str) -> None:
    """A missing part is a fault, unless another contract lies underneath."""
    broken = {key: value for key, value in CONTRACT.items() if key != name}
    assert faults(schema_of("contract"), broken)
    assert faults(schema_of("contract"), {**broken, "extends": "dudley-5.5bn"}) == []


@pytest.mark.parametrize(
    "good", [0.01, [0.01, 0.02], {"value": [0.01], "unit": "per year", "source": "s", "quality": "judgement"}]
)
def test_a_number_may_be_written_in_three_ways(good: Any) -> None:
    """Bare, by year in a clause, or with unit, source and quality."""
    changed = copy.deepcopy(CONTRACT)
    changed["terms"][2]["dead_band"] = good
    assert faults(schema_of("contract"), changed) == []


# ── the schemas and the readers agree on every bound ───────────────────────────────────────────────────────────────
Bounded = tuple[tuple[Any, ...], float, float]


def numbers(schema: dict[str, Any], value: Any, path: tuple[Any, ...] = ()) -> Iterator[Bounded]:
    """Path, lowest and highest of each number of a file that its schema bounds."""
    bare = next((one for one in schema.get("anyOf", []) if one.get("type") == "number"), None)
    if bare is not None or schema.get("type") == "integer":
        bounds = bare or schema
        yield path, bounds.get("minimum", -float("inf")), bounds.get("maximum", float("inf"))
    elif isinstance(value, dict):
        rest = schema.get("additionalProperties")
        for name, item in value.items():
            inner = schema.get("properties", {}).get(name, rest)
            yield from numbers(inner or {}, item, (*path, name))
    elif isinstance(value, list) and "items" in schema:
        for k, item in enumerate(value):
            choices = schema["items"].get("oneOf", [schema["items"]])
            fitting = next((one for one in choices if not faults(one, item)), {})
            yield from numbers(fitting, item, (*path, k))


def with_value(raw: dict[str, Any], path: tuple[Any, ...], value: float) -> dict[str, Any]:
    """The file with one entry replaced."""
    changed = copy.deepcopy(raw)
    at: Any = changed
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return changed


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
            if bound in (float("inf"), -float("inf")):
                continue
            beyond = bound + step * (1 if whole else max(1e-6, 1e-6 * abs(bound)))
            assert refusal(kind, with_value(raw, path, beyond)) == "out of range", (path, beyond)
            assert refusal(kind, with_value(raw, path, bound)) != "out of range", (path, bound)
