"""What the tests of the schemas share: the shipped files, a validator for the part of draft 4 that is used, and bounds."""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stresstest.config.folders import config_folder

CONFIGS = config_folder(Path(__file__).resolve().parent)
FOLDERS = {"studies": "study", "contracts": "contract", "places": "place", "providers": "provider", "axes": "axes",
           "scenarios": "scenarios", "cases": "case", "risks": "risks",
           "playbooks": "playbook", "assurance": "assurance", "variants": "variants",
           "batches": "batch", "national": "national"}  # fmt: skip
PRIORS = "priors"
SHIPPED = sorted(CONFIGS.rglob("*.toml"))
NUMBERS = (int, float)
TYPES: dict[str, Any] = {
    "object": dict, "array": list, "string": str, "number": NUMBERS, "integer": int, "boolean": bool,
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
        for name, others in schema.get("dependencies", {}).items():
            found += [f"{where}.{other}: missing" for other in others if name in value and other not in value]
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


def kind_of(path: Path) -> str:
    """The kind of a shipped file: its folder says it, but the priors lie among the cases."""
    return PRIORS if path.stem == PRIORS else FOLDERS[path.parent.name]


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


def with_entry(raw: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The file with one entry put in; None takes it out."""
    changed = copy.deepcopy(raw)
    at: Any = changed
    for step in path[:-1]:
        at = at[step]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return changed


# ── bounds ─────────────────────────────────────────────────────────────────────────────────────────────────────────
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
