"""The parts of which the JSON Schemas are made: numbers, tables and sections, with hover text.

They keep to what draft 4 knows, because editors for TOML know no more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from ..drivers.parameters import PARAMETERS
from ..terms import Field
from . import entries as E
from .section import QUALITIES

Schema = dict[str, Any]
WORDS: Schema = {"type": "string"}


def told(field: Field) -> str:
    """Hover text: meaning, unit, bounds, default."""
    if field.unit in (E.TEXT, E.TABLE, E.ROWS, E.PAIR):
        return field.doc
    bounded = math.isfinite(field.low) and math.isfinite(field.high)
    parts = [field.unit, *([f"from {field.low:g} to {field.high:g}"] if bounded else [])]
    parts += [f"default {field.default}"] if field.default not in (None, "", []) else []
    return f"{field.doc} ({', '.join(parts)})"


def number_schema(field: Field, by_year: bool) -> Schema:
    """A number in any of its forms: bare, by year where that is allowed, or with unit, source and quality."""
    bounds = {name: v for name, v in (("minimum", field.low), ("maximum", field.high)) if math.isfinite(v)}
    one: Schema = {"type": "number", **bounds, **({"enum": [0, 1]} if field.unit == "0 or 1" else {})}
    either = [one, {"type": "array", "items": one, "minItems": 1}] if by_year and not field.fixed else [one]
    notes: Schema = {
        "value": {"anyOf": either}, "unit": WORDS, "source": WORDS, "quality": {"enum": list(QUALITIES)},
        "date": WORDS, "earliest": {}, "latest": {},
    }  # fmt: skip
    return {"description": told(field), "anyOf": [*either, table_schema((), notes, ("value",))]}


def entry_schema(field: Field, by_year: bool) -> Schema:
    """The schema of one entry, by its unit."""
    about = {"description": told(field)}
    if field.unit in (E.TEXT, E.CHOICE, "indicator"):
        return {**about, **WORDS, **({"enum": list(field.choices)} if field.choices else {})}
    if field.unit == E.ROWS:
        return {**about, "type": "array", "items": table_schema(field.columns, by_year=by_year)}
    if field.unit == E.TABLE:
        return {**about, **table_schema(field.columns, by_year=by_year)}
    if field.unit == E.PAIR:
        return {**about, "type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    return number_schema(field, by_year)


def table_schema(
    fields: Iterable[Field], more: Schema | None = None, required: Iterable[str] = (), by_year: bool = False
) -> Schema:
    """A table with these entries and no others; a field without a default is required."""
    fields = tuple(fields)
    needed = [f.name for f in fields if f.default is None] + list(required)
    properties = {**{f.name: entry_schema(f, by_year) for f in fields}, **(more or {})}
    table: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**table, "required": needed} if needed else table


def whole(doc: str, low: int, high: int) -> Schema:
    """A whole number between two bounds."""
    return {"description": f"{doc} (from {low:,} to {high:,})", "type": "integer", "minimum": low, "maximum": high}


VERSION: Schema = {"schema_version": whole("version of this kind of file", 1, 1)}


def sections(owner: str) -> tuple[Field, ...]:
    """The tables of parameters that an owner gives."""
    own: dict[str, list[Field]] = {}
    for q in PARAMETERS:
        if q.owner == owner:
            own.setdefault(q.section, []).append(Field(q.name, q.unit, q.doc, q.low, q.high, q.default))
    return tuple(Field(name, E.TABLE, name.replace("_", " "), columns=tuple(of)) for name, of in own.items())
