"""Gate: a figure that is one number where a condition is met and another where it is not.

Figure. The quantity `of` is compared with `at`. The value is `met` where the comparison holds, `unmet` where it does not.

    at_least: of ≥ at;   more_than: of > at;   at_most: of ≤ at;   less_than: of < at
    value = met where it holds, otherwise unmet

At exactly `at`, at_least and at_most are met, more_than and less_than are not. There is no rounding before the comparison.
Where the quantity or `at` is not a number (NaN), neither is the value. Each year stands alone.
"""

from __future__ import annotations

import numpy as np

from .._jit import rule
from .._lanes import pick
from ._term import NOT_USED, QUANTITY, Field, TermKind, row_slots

COMPARISONS = ("at_least", "more_than", "at_most", "less_than")
(AT_LEAST, MORE_THAN, AT_MOST) = range(3)
FIELDS = (
    Field("of", QUANTITY, "what is compared"),
    Field("at", "number", "what it is compared with", -NOT_USED, NOT_USED),
    Field("comparison", "choice", "when the gate is met", choices=COMPARISONS, default="at_least"),
    Field("met", "number", "value where the gate is met", -NOT_USED, NOT_USED, 1.0),
    Field("unmet", "number", "value where it is not", -NOT_USED, NOT_USED, 0.0),
)
(OF, AT, COMPARISON, MET, UNMET) = row_slots(FIELDS)


@rule
def holds(x: float, at: float, comparison: float) -> bool:
    """Whether x passes, by the number of the comparison in COMPARISONS."""
    if comparison == AT_LEAST:
        return x >= at
    if comparison == MORE_THAN:
        return x > at
    return x <= at if comparison == AT_MOST else x < at


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """The value of the gate this year."""
    x, at = d[int(row[OF]), i], row[AT]
    value = pick(holds(x, at, row[COMPARISON]), row[MET], row[UNMET])
    return pick((x != x) | (at != at), x + at, value)


KIND = TermKind(name="gate", title="Gate", fields=FIELDS, arm=arm, moves=False)
