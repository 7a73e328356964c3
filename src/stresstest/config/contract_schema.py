"""The JSON Schema of contract files, made from the register of clauses: completion and hover text for editors."""

from __future__ import annotations

from typing import Any

from ..layout import MAX_SETTLED_YEARS, MAX_TERMS, PARTIES
from ..terms import BY_NAME, TERMS, Field, TermKind
from . import entries as E
from .contracts import CURRENCIES
from .schema_parts import VERSION, WORDS, Schema, number_schema, sections, table_schema, told, whole

NOTES: Schema = {"unit": WORDS, "source": WORDS, "quality": WORDS}
NUMBER: Schema = {"type": "number"}
MANY: Schema = {"type": "array", "items": NUMBER, "minItems": 1}
YEAR: Schema = {"anyOf": [WORDS, {"type": "integer", "minimum": 1, "maximum": MAX_SETTLED_YEARS}]}


def _strict(properties: Schema, required: tuple[str, ...] = ()) -> Schema:
    table: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**table, "required": list(required)} if required else table


DATED = _strict({
    "growth": {"anyOf": [NUMBER, MANY]}, "index": WORDS,
    "dated": {"type": "array", "minItems": 1, "items": _strict({"from": YEAR, "value": NUMBER}, ("from", "value"))}, **NOTES,
}, ("dated",))  # fmt: skip
GROWING = _strict({"value": NUMBER, "growth": {"anyOf": [NUMBER, MANY]}, **NOTES}, ("value", "growth"))
INDEXED = _strict({"value": NUMBER, "index": WORDS, **NOTES}, ("value", "index"))


def _number(field: Field, in_row: bool) -> Schema:
    """A clause's number in any of its forms; the name of a quantity where it is no column of a row."""
    schema = number_schema(field, by_year=True)
    if field.fixed:
        return schema
    forms = [*schema["anyOf"], DATED, GROWING, INDEXED, *([] if in_row else [WORDS])]
    return {**schema, "anyOf": forms}


def clause_entry(field: Field, in_row: bool = False) -> Schema:
    """The schema of one entry of a clause."""
    about = {"description": told(field)}
    if field.unit == "rows":
        columns = {column.name: clause_entry(column, in_row=True) for column in field.columns}
        needed = tuple(column.name for column in field.columns if column.default is None)
        most = {"maxItems": field.most} if field.most else {}
        return {**about, "type": "array", "items": _strict(columns, needed), **most}
    if field.is_number:
        return _number(field, in_row)
    return {**about, **WORDS, **({"enum": list(field.choices)} if field.choices else {})}


def _clause(kind: TermKind) -> Schema:
    """A clause. Which entries must be given is said in `_alone`: a contract that extends another may leave them out."""
    own: Schema = {
        "kind": {"description": kind.title, "enum": [kind.name]},
        "id": {"description": "its own name, where one kind stands twice", **WORDS},
        "scaled_by": {"description": "a quantity that multiplies the amount", **WORDS},
        "in_force": {
            "description": "first and last contract year of the clause",
            **_strict({"from": YEAR, "to": YEAR}),
        },
        "note": {"description": "words for the reader", **WORDS},
        "resets_every": whole("years after which what it remembers starts anew", 1, MAX_SETTLED_YEARS),
        "before": {"description": "in a contract that extends another: the clause before which this one goes", **WORDS},
    }
    if kind.moves:
        own["payer"] = {"description": f"who pays a positive amount (default {kind.payer})", **WORDS}
        own["payee"] = {"description": f"who receives it (default {kind.payee})", **WORDS}
    return _strict({**{field.name: clause_entry(field) for field in kind.fields}, **own}, ("kind",))


def _alone(tables: dict[str, Schema]) -> Schema:
    """What a contract must hold that extends no other."""
    given: list[Schema] = []
    for kind in TERMS:
        needed = ["kind", *(field.name for field in kind.fields if field.default is None)]
        given.append({"properties": {"kind": {"enum": [kind.name]}}, "required": needed})
    parts: Schema = {name: {"required": table.pop("required")} for name, table in tables.items()}
    parts["terms"] = {"items": {"anyOf": given}}
    return {"required": ["schema_version", "title", "price_basis", "first_year", "years", "terms"], "properties": parts}


def _party() -> Schema:
    rows = _strict({"name": WORDS, "title": WORDS, "public": {"type": "boolean"}}, ("name",))
    about = f"parties beyond {', '.join(PARTIES)}"
    return {"description": about, "type": "array", "items": rows}


def _input() -> Schema:
    row = _strict({
        "name": WORDS, "unit": WORDS, "doc": WORDS, "low": NUMBER, "high": NUMBER,
        "default": {"anyOf": [NUMBER, {"type": "object"}]},
        "follows": {"description": "the quantity that it is in a study", "enum": ["", *BY_NAME]},
        "reported_by": {
            "description": "who supplies the number; the words of doc decide where this is left out",
            "enum": ["provider", "others", "independent"],
        },
        "value": {"anyOf": [NUMBER, MANY, {"type": "object"}]},
    }, ("name", "unit"))  # fmt: skip
    return {"description": "quantities that a settlement's table gives", "type": "array", "items": row}


def _nested() -> Schema:
    words: Schema = {"type": "object", "additionalProperties": WORDS}
    row = _strict(
        {"id": WORDS, "contract": WORDS, "parties": words, "inputs": words, "before": WORDS}, ("id", "contract")
    )
    return {"description": "contracts of a holder with others, settled in the same pass", "type": "array", "items": row}


def contract_schema() -> Schema:
    """The schema of a contract file."""
    own = (E.text("title", "title"), E.text("price_basis", "price basis of every amount"), *E.CONTRACT_TABLES)
    pattern = "^[0-9]{4}(/[0-9]{2})?$"
    first = {"description": 'first year: "2018/19", or a calendar year "2018"', **WORDS, "pattern": pattern}
    clauses = {"type": "array", "items": {"oneOf": [_clause(kind) for kind in TERMS]}, "maxItems": MAX_TERMS}
    index: Schema = {"anyOf": [NUMBER, MANY, {"type": "object"}]}
    more: dict[str, Any] = {
        **VERSION, "extends": {"description": "contract that this one changes", **WORDS},
        "remove": {"description": "clauses of that contract that fall away", "type": "array", "items": WORDS},
        "currency": {"description": "currency; a study needs GBP", "enum": list(CURRENCIES)}, "first_year": first,
        "years": whole("contract years", 1, MAX_SETTLED_YEARS),
        "indices": {"description": "rates of growth by year, by name", "type": "object", "additionalProperties": index},
        "parties": _party(), "inputs": _input(), "subcontracts": _nested(),
        "terms": {"description": "clauses in order of application", **clauses},
        "ending": {**table_schema(sections("contract")[0].columns), "description": "reserve, loss cap, and how it ends"},
    }  # fmt: skip
    table = table_schema(own, more)
    table.pop("required")
    alone = _alone({name: table["properties"][name] for name in ("plan", "benchmark", "ending")})
    return {**table, "anyOf": [{"required": ["extends"]}, alone]}
