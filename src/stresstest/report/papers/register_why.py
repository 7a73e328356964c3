"""Why an input was not moved one by one, so that its risk is not rated."""

from __future__ import annotations

from functools import cache
from typing import Any

NOT_MADE = "the analysis that moves inputs has not been made (stresstest advise RUN)"
SWITCH, NIL = "a switch", "nil: half of it is nil too"
SOURCED = "not a judgement: the analysis moves judged and derived inputs alone"
TERMS = "a term of the contract: what clauses do is measured by taking each out of force, not by moving its numbers"
LINES = "one of a table of lines, which are not moved one by one"
AXES = "part of the law of an axis: what an axis explains is measured as a whole"
LEVERS = "what a lever costs and risks; levers are searched over, not moved one by one"
SCENARIOS = "part of a scenario: scenarios are compared as they stand"
HURDLES = "a yardstick of the study: it changes what is called a failure, and no future"
OTHER = "not one of the parameters that the analysis moves"
BEGINNINGS = (
    ("place.lines", LINES), ("place.pods", LINES), ("place.indicators[", LINES), ("contract.scope", LINES), ("contract.", TERMS),
    ("provider.levers", LEVERS), ("axes.", AXES), ("scenarios.", SCENARIOS), ("study.", HURDLES),
)  # fmt: skip


def why_not(key: str, one: dict[str, Any], made: bool) -> str:
    """The reason, by the input's key and value; `made` whether the analysis has been made."""
    from ...analysis.swing import JUDGED

    if key in _parameters():
        if one["unit"] == "0 or 1":
            return SWITCH
        if one["value"] == 0.0:
            return NIL
        return SOURCED if one["quality"] not in JUDGED else OTHER if made else NOT_MADE
    return next((words for beginning, words in BEGINNINGS if key.startswith(beginning)), OTHER)


@cache
def _parameters() -> frozenset[str]:
    """Keys of the parameters that the analysis may move."""
    from ...drivers.parameters import PARAMETERS

    return frozenset(f"{one.owner}.{one.key}" for one in PARAMETERS)
