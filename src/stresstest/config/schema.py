"""JSON Schemas of the configuration files, for editors: names, units and bounds as hover text, and completion.

They are made from the registers (clauses, levers, parameters) and from entries.py for what has no register. The schemas
keep to what draft 4 knows, because editors for TOML know no more. Conditions between entries (tiers that overlap,
weights that do not add to 1) are left to `stresstest check`, which says more than a schema can.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any

from ..drivers.parameters import PARAMETERS
from ..errors import ConfigError, nearest
from ..layout import AXES, MAX_INDICATORS, MAX_TERMS, MAX_YEARS, PARTIES
from ..levers import GAMING, LEVERS
from ..terms import TERMS, Field, TermKind
from . import entries as E
from .load import LARGEST
from .section import QUALITIES

Schema = dict[str, Any]
WORDS: Schema = {"type": "string"}


def _told(field: Field) -> str:
    """Hover text: meaning, unit, bounds, default."""
    if field.unit in (E.TEXT, E.TABLE, E.ROWS, E.PAIR):
        return field.doc
    bounded = math.isfinite(field.low) and math.isfinite(field.high)
    parts = [field.unit, *([f"from {field.low:g} to {field.high:g}"] if bounded else [])]
    parts += [f"default {field.default}"] if field.default not in (None, "", []) else []
    return f"{field.doc} ({', '.join(parts)})"


def _number(field: Field, by_year: bool) -> Schema:
    """A number in any of its forms: bare, by year where that is allowed, or with unit, source and quality."""
    bounds = {name: v for name, v in (("minimum", field.low), ("maximum", field.high)) if math.isfinite(v)}
    one: Schema = {"type": "number", **bounds, **({"enum": [0, 1]} if field.unit == "0 or 1" else {})}
    either = [one, {"type": "array", "items": one, "minItems": 1}] if by_year and not field.fixed else [one]
    notes: Schema = {
        "value": {"anyOf": either}, "unit": WORDS, "source": WORDS, "quality": {"enum": list(QUALITIES)},
        "earliest": {}, "latest": {},
    }  # fmt: skip
    return {"description": _told(field), "anyOf": [*either, _table((), notes, ("value",))]}


def _entry(field: Field, by_year: bool) -> Schema:
    """The schema of one entry, by its unit."""
    about = {"description": _told(field)}
    if field.unit in (E.TEXT, E.CHOICE, "indicator"):
        return {**about, **WORDS, **({"enum": list(field.choices)} if field.choices else {})}
    if field.unit == E.ROWS:
        return {**about, "type": "array", "items": _table(field.columns, by_year=by_year)}
    if field.unit == E.TABLE:
        return {**about, **_table(field.columns, by_year=by_year)}
    if field.unit == E.PAIR:
        return {**about, "type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    return _number(field, by_year)


def _table(
    fields: Iterable[Field], more: Schema | None = None, required: Iterable[str] = (), by_year: bool = False
) -> Schema:
    """A table with these entries and no others; a field without a default is required."""
    fields = tuple(fields)
    needed = [f.name for f in fields if f.default is None] + list(required)
    properties = {**{f.name: _entry(f, by_year) for f in fields}, **(more or {})}
    table: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**table, "required": needed} if needed else table


def _whole(doc: str, low: int, high: int) -> Schema:
    return {"description": f"{doc} (from {low:,} to {high:,})", "type": "integer", "minimum": low, "maximum": high}


VERSION: Schema = {"schema_version": _whole("version of this kind of file", 1, 1)}


def _sections(owner: str) -> tuple[Field, ...]:
    """The tables of parameters that an owner gives."""
    own: dict[str, list[Field]] = {}
    for q in PARAMETERS:
        if q.owner == owner:
            own.setdefault(q.section, []).append(Field(q.name, q.unit, q.doc, q.low, q.high))
    return tuple(Field(name, E.TABLE, name.replace("_", " "), columns=tuple(of)) for name, of in own.items())


def _clause(kind: TermKind) -> Schema:
    """A clause. Which entries must be given is said in `_alone`: a contract that extends another may leave them out."""
    more: Schema = {
        "kind": {"description": kind.title, "enum": [kind.name]},
        "id": {"description": "its own name, where one kind stands twice", **WORDS},
        "payer": {"description": f"who pays a positive amount (default {kind.payer})", "enum": list(PARTIES)},
        "payee": {"description": f"who receives it (default {kind.payee})", "enum": list(PARTIES)},
    }
    return {**_table(kind.fields, more, by_year=True), "required": ["kind"]}


def _alone(tables: dict[str, Schema]) -> Schema:
    """What a contract must hold that extends no other."""
    given: list[Schema] = []
    for kind in TERMS:
        needed = ["kind", *(field.name for field in kind.fields if field.default is None)]
        given.append({"properties": {"kind": {"enum": [kind.name]}}, "required": needed})
    parts: Schema = {name: {"required": table.pop("required")} for name, table in tables.items()}
    parts["terms"] = {"items": {"anyOf": given}}
    needed = ["schema_version", "title", "price_basis", "first_year", "years", "scope", *parts]
    return {"required": needed, "properties": parts}


def _contract() -> Schema:
    own = (E.text("title", "title"), E.text("price_basis", "price basis of every amount"), *E.CONTRACT_TABLES)
    first = {"description": 'first financial year, such as "2018/19"', **WORDS, "pattern": "^[0-9]{4}/[0-9]{2}$"}
    clauses = {"type": "array", "items": {"oneOf": [_clause(kind) for kind in TERMS]}, "maxItems": MAX_TERMS}
    more: Schema = {
        **VERSION, "extends": {"description": "contract that this one changes", **WORDS},
        "currency": {"description": "currency", "enum": ["GBP"]}, "first_year": first,
        "years": _whole("contract years", 1, MAX_YEARS),
        "terms": {"description": "clauses in order of application", **clauses},
        "ending": {**_table(_sections("contract")[0].columns), "description": "reserve, loss cap, and how it ends"},
    }  # fmt: skip
    whole = _table(own, more)
    whole.pop("required")
    alone = _alone({name: whole["properties"][name] for name in ("plan", "benchmark", "ending")})
    return {**whole, "anyOf": [{"required": ["extends"]}, alone]}


def _study() -> Schema:
    search: Schema = {
        "screen": _whole("strategies tried on the first draws", 8, 1_000_000),
        "screen_futures": _whole("futures on which each is tried", 16, 1_000_000),
        "polish": _whole("strategies polished", 1, 1000),
        "polish_futures": _whole("futures on which each is polished", 16, 1_000_000),
        "verify_futures": _whole("fresh futures on which winners are scored again", 16, 10_000_000),
    }
    names = {"type": "array", "items": WORDS, "minItems": 1}
    more: Schema = {
        **VERSION, "seed": _whole("seed of every draw", 0, (1 << 63) - 1),
        "futures": _whole("futures of the calibrated law", 1, LARGEST),
        "scenario_futures": _whole("futures of each named scenario", 1, LARGEST),
        "years_futures": _whole("futures whose yearly rows are kept", 0, LARGEST),
        "scenarios": {"description": "calibrated, or names in configs/scenarios", **names},
        "search": {"description": "how hard the provider looks for its best response", **_table((), search)},
        "checks": {"description": "what the checks of a run tolerate", **_table(E.CHECKS)},
    }  # fmt: skip
    return _table(E.STUDY, more, ("schema_version", "seed", "futures", "scenarios"))


def _place() -> Schema:
    table = _table((*E.PLACE, *_sections("place"), *E.PLACE_TABLES), VERSION, VERSION)
    table["properties"]["indicators"]["maxItems"] = MAX_INDICATORS
    return table


def _provider() -> Schema:
    audit = {True: E.DETECTION, False: ()}
    levers = tuple(
        Field(kind.name, E.TABLE, kind.sentence or kind.title, columns=(*audit[kind.recovers], *kind.fields))
        for kind in LEVERS
        if kind.name in GAMING
    )
    gaming = Field("levers", E.TABLE, "what gaming costs, and the chance of being found out", columns=levers)
    return _table((E.text("title", "title"), *_sections("provider"), gaming), VERSION, VERSION)


def _axes() -> Schema:
    pair = {"description": "two axes", "type": "array", "items": {"enum": list(AXES)}, "minItems": 2, "maxItems": 2}
    rows = {"type": "array", "items": _table(E.CORRELATION, {"axes": pair}, ("axes",))}
    return _table((E.text("base_year", "last year known"), *E.AXES_TABLES), {**VERSION, "correlation": rows}, VERSION)


def _scenarios() -> Schema:
    return {"type": "object", "properties": VERSION, "additionalProperties": _table(E.SCENARIO)}


KINDS = {
    "study": _study, "contract": _contract, "place": _place, "provider": _provider, "axes": _axes,
    "scenarios": _scenarios,
}  # fmt: skip


def schema_of(kind: str) -> Schema:
    """The schema of a kind of file. Raises ConfigError for a kind that there is not."""
    if kind not in KINDS:
        near = nearest(kind, KINDS)
        raise ConfigError("there is no such schema", key="schema", value=kind, expected=", ".join(KINDS), nearest=near)
    head = {"$schema": "http://json-schema.org/draft-04/schema#", "title": f"stresstest {kind} file"}
    return {**head, **KINDS[kind]()}


def print_schema(kind: str) -> int:
    """Print the JSON Schema of a kind of file; return exit code 0."""
    print(json.dumps(schema_of(kind), indent=1, ensure_ascii=False, allow_nan=False))
    return 0
