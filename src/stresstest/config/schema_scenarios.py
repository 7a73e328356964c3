"""The JSON Schema of scenarios, in a file of their own or inside a study, and of a study's switches."""

from __future__ import annotations

from ..assumptions import ASSUMPTIONS, STATES
from ..futures.scenario import DEPENDENCE
from ..layout import AXES, MAX_YEARS
from .axes import LEVELS
from .scenario_entries import HIGHEST_FACTOR
from .scenarios import LARGEST, SHAPES
from .schema_parts import WORDS, Schema, whole
from .section import QUALITIES

VALUE: Schema = {"anyOf": [{"type": "string", "enum": list(LEVELS)}, {"type": "number"}]}
NOTES: Schema = {
    "quality": {"description": "quality mark", "enum": list(QUALITIES)},
    "source": {"description": "where it comes from", **WORDS},
}


def _strict(properties: Schema, required: tuple[str, ...] = ()) -> Schema:
    table: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**table, "required": list(required)} if required else table


def _axis(axis: str) -> Schema:
    """What a scenario may say of an axis."""
    by_year: Schema = {"type": "array", "items": VALUE, "minItems": 1, "maxItems": MAX_YEARS}
    dated: Schema = {"type": "object", "additionalProperties": VALUE}
    told = f"{axis}: a level, a number in the axis's unit, a list by year, or a table of years from which values hold"
    return {"description": told, "anyOf": [*VALUE["anyOf"], by_year, dated]}


def _factor() -> Schema:
    number: Schema = {"type": "number", "minimum": 0, "maximum": HIGHEST_FACTOR}
    noted = _strict({"value": number, "unit": WORDS, **NOTES}, ("value",))
    return {"description": "what the weight of futures with these levels is multiplied by", "anyOf": [number, noted]}


def _consistency() -> Schema:
    levels = {axis: {"description": f"level of {axis}", "enum": list(LEVELS)} for axis in AXES}
    rows = _strict({**levels, "factor": _factor(), **NOTES}, ("factor",))
    return {"description": "factors on combinations of levels", "type": "array", "items": rows}


def scenario_schema(named: bool = False) -> Schema:
    """The schema of one scenario; `named`: it says its own name, as inside a study."""
    part: Schema = {"type": "number", "minimum": 0, "maximum": 1}
    entries: Schema = {
        "title": {"description": "title", **WORDS},
        **{axis: _axis(axis) for axis in AXES},
        "path": {"description": "tube: every path that ends there; point: so in every year", "enum": list(SHAPES)},
        "mix": {"description": "probabilities of other scenarios", "type": "object", "additionalProperties": part},
        "consistency": _consistency(),
        "dependence": {"description": "how destinations hang together", "enum": list(DEPENDENCE)},
        "futures": whole("futures of this scenario", 1, LARGEST),
        **NOTES,
    }
    own: Schema = {"name": {"description": "name: letters, digits and hyphens", **WORDS}}
    return _strict({**own, **entries}, ("name",)) if named else _strict(entries)


def assumptions_schema() -> Schema:
    """The schema of a study's switches, by name or letter."""
    told = {one.name: one.words for one in ASSUMPTIONS} | {one.letter: one.words for one in ASSUMPTIONS}
    return _strict({name: {"description": words, "enum": list(STATES)} for name, words in told.items()})
