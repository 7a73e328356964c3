"""The JSON Schemas of case histories and of their priors: completion and hover text for editors.

Names that point elsewhere (a contract, a prior, a column of the settlement) are left to `stresstest check`.
"""

from __future__ import annotations

from ..layout import MAX_SETTLED_YEARS
from ..terms import Field
from .histories import KINDS
from .schema_parts import VERSION, WORDS, Schema, number_schema, table_schema, whole

LARGE = 1e15


def _number(name: str, unit: str, doc: str, low: float, high: float) -> Schema:
    return number_schema(Field(name, unit, doc, low, high), by_year=False)


def _rows(doc: str, row: Schema) -> Schema:
    return {"description": doc, "type": "array", "items": row}


def _words(doc: str) -> Schema:
    return {"description": doc, **WORDS}


def _named(doc: str, row: Schema) -> Schema:
    return {"description": doc, "type": "object", "additionalProperties": row}


def _years() -> Schema:
    """Years of a check: quantities by name, and CLAUSE.FIELD entries; a choice is words."""
    number = number_schema(
        Field("", "number", "quantity, indicator.NAME or CLAUSE.FIELD", -LARGE, LARGE), by_year=False
    )
    row: Schema = {"type": "object", "additionalProperties": {**number, "anyOf": [*number["anyOf"], WORDS]}}
    return _rows("what goes into the settlement, one table for each contract year", row)


def _expected() -> Schema:
    row: Schema = {
        "column": _words("column of the settlement: a clause, CLAUSE.FIGURE or net.PARTY"),
        "year": whole("contract year, 1 where nothing is said", 1, 100),
        "value": _number("value", "number", "its known value", -LARGE, LARGE),
        "tolerance": _number("tolerance", "number", "difference that is forgiven, 0.005 where nothing is said", 0.0, LARGE),
        "source": _words("where the value comes from"),
    }  # fmt: skip
    return _rows("columns of the settlement with their known values", table_schema((), row, ("column", "value")))


def _draws() -> Schema:
    use: Schema = {
        "name": _words("a prior of configs/cases/priors.toml"),
        "persons": _number("persons", "persons", "persons over whom its chance averages out", 1.0, 1e9),
        "share": _number("share", "share", "part of the factor less one that counts, 1 where nothing is said", -10.0, 10.0),
    }  # fmt: skip
    row: Schema = {
        "of": _words("quantity of the years that is multiplied, its own name where nothing is said"),
        "priors": _rows("factors, multiplied", table_schema((), use, ("name",))),
    }
    return _named("quantities that are drawn: a figure of the years times factors", table_schema((), row, ("priors",)))


def _measure() -> Schema:
    own: Schema = {
        "column": _words("column of the settlement"),
        "year": whole("contract year, 1 where nothing is said", 1, MAX_SETTLED_YEARS),
        "at_least": _number(
            "at_least", "figure", "the question is how often the column is no less than this", -LARGE, LARGE
        ),
    }
    table = table_schema((), own, ("column", "at_least"))
    return {"description": "a probability over the draws", **table}


def _happened() -> Schema:
    own: Schema = {
        "value": {"description": "what happened, in words or as a number", "anyOf": [WORDS, {"type": "number"}]},
        "probability_at_least": _number("", "probability", "a hit is a probability of at least this", 0.0, 1.0),
        "low": _number("low", "probability", "least probability that is a hit", 0.0, 1.0),
        "high": _number("high", "probability", "greatest probability that is a hit", 0.0, 1.0),
        "source": _words("where it comes from"),
    }
    return {"description": "what happened, and which probabilities are a hit", **table_schema((), own)}


def case_schema() -> Schema:
    """The schema of one case history. A measure and what happened stand together or not at all."""
    kinds = "; ".join(f"{kind}: {doc}" for kind, doc in KINDS.items())
    check: Schema = {
        "id": _words("name of the check"),
        "contract": _words("a contract of configs/contracts, by name or path"),
        "kind": {"description": kinds, "enum": list(KINDS)},
        "question": _words("the question that is put"),
        "years": _years(), "expect": _expected(), "draws": _draws(), "measure": _measure(), "happened": _happened(),
    }  # fmt: skip
    row = table_schema((), check, ("id", "contract", "kind", "question", "years"))
    together = {"dependencies": {"measure": ["happened"], "happened": ["measure"]}}
    own: Schema = {
        **VERSION, "title": _words("whose contract, where and when"), "summary": _words("what happened to it"),
        "checks": _rows("questions put to the engine", {**row, **together}),
    }  # fmt: skip
    return table_schema((), own, own)


def priors_schema() -> Schema:
    """The schema of the priors that all case histories share."""
    own: Schema = {
        "mean": _number("mean", "factor", "mean of the factor", 0.0, 10.0),
        "sd": _number("sd", "factor", "standard deviation of the factor", 0.0, 10.0),
        "sd_per_person": _number("sd_per_person", "factor", "standard deviation of one person's factor", 0.0, 100.0),
        "each_year": {"description": "drawn anew each year, or once for all years", "type": "boolean"},
        "doc": _words("what is multiplied"),
        "source": _words("where the figures come from"),
        "quality": _words("quality mark"),
    }
    row = table_schema((), own, ("mean", "doc", "source", "quality"))
    return table_schema((), {**VERSION, "priors": _named("factors by name", row)}, (*VERSION, "priors"))
