"""The JSON Schema of batch files, for editors."""

from __future__ import annotations

from ..levers import LEVERS
from .batch_file import FOUND
from .batch_grid import ALL_PLACES, LARGEST_SEED, MOST_CASES
from .scenarios import LARGEST
from .schema_parts import VERSION, WORDS, Schema, table_schema, whole

_NAMES: Schema = {"type": "array", "items": WORDS, "minItems": 1}
_CHANGES: Schema = {"description": "changes, KEY=VALUE as after --set", "type": "array", "items": WORDS}


def _grid() -> Schema:
    seeds: Schema = {"type": "array", "minItems": 1, "items": whole("a seed", 0, LARGEST_SEED)}
    sets: Schema = {"anyOf": [WORDS, _NAMES]}
    axes: Schema = {
        "place": {
            "description": "places of the register or place files; or all local authorities, or all vanguards",
            "anyOf": [_NAMES, {"enum": list(ALL_PLACES)}],
        },
        "contract": {"description": "names in configs/contracts, or paths", **_NAMES},
        "scenario": {"description": "each case lives in one of these", **_NAMES},
        "seed": {"description": "seeds of every draw", **seeds},
        "variant": {"description": "names in the file of variants, \"as it is\", or all", "anyOf": [_NAMES, {"enum": ["all"]}]},
        "strategies": {"description": "strategies of a case, or sets of them", "type": "array", "minItems": 1, "items": sets},
        "set": {"description": "set.KEY = list of values", "type": "object"},
    }  # fmt: skip
    return {"description": f"every combination of these values, {MOST_CASES:,} at most", **table_schema((), axes)}


def _strategy() -> Schema:
    levels: Schema = {}
    for kind in LEVERS:
        one: Schema = {"type": "number", "minimum": 0.0, "maximum": kind.highest}
        levels[kind.name] = {
            "description": f"{kind.title} (intensity, from 0 to {kind.highest:g})",
            "anyOf": [one, {"type": "array", "items": one, "minItems": 1}],
        }
    entries: Schema = {
        "name": {"description": "what it is called", **WORDS}, "note": {"description": "what it is for", **WORDS},
        "base": {"description": "strategy found by search that the levels are laid over", "enum": ["", *FOUND]},
        "levels": {"description": "levels of levers", **table_schema((), levels)},
    }  # fmt: skip
    return table_schema((), entries, ("name", "levels"))


def batch_schema() -> Schema:
    """The JSON Schema of such a file."""
    case: Schema = {
        "name": {"description": "what the case is called; its folder's name is made from it", **WORDS},
        "note": {"description": "why it is tried", **WORDS}, "changes": _CHANGES,
        "strategies": {"description": "strategies of this case", **_NAMES},
    }  # fmt: skip
    positive: Schema = {"type": "number", "minimum": 0.0}
    limits: Schema = {
        "hours": {"description": "hours beyond which --yes is asked for", **positive},
        "gigabytes": {"description": "gigabytes beyond which --yes is asked for", **positive},
    }
    more: Schema = {
        **VERSION, "title": {"description": "what the batch is called", **WORDS},
        "study": {"description": "name in configs/studies, or a path (dudley where left out)", **WORDS},
        "futures": whole("futures of every scenario, instead of the study's", 1, LARGEST),
        "years_futures": whole("futures of a case whose yearly rows are kept; none where left out", 0, LARGEST),
        "changes": _CHANGES, "variants": {"description": "file of variants, or name in configs/variants", **WORDS},
        "strategies": {"description": "strategies of every case (honest and gamed where left out)", **_NAMES},
        "grid": _grid(),
        "case": {"description": "cases by themselves", "type": "array", "items": table_schema((), case, ("name",))},
        "strategy": {"description": "strategies of the file's own", "type": "array", "items": _strategy()},
        "only": {"description": "cases to be run, with * and ?; all where left out", "type": "array", "items": WORDS},
        "reports": {
            "description": "whether each case gets what a report of it needs, which takes about a minute a case",
            "type": "boolean",
        },
        "limits": {"description": "most that the batch may take without consent", **table_schema((), limits)},
    }  # fmt: skip
    return table_schema((), more, ("schema_version",))
