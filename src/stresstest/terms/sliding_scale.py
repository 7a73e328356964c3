"""Sliding scale: a figure read off a scale of points, such as a rate that falls with size.

Figure. The quantity `of`, divided by `per`, is looked up on a scale of points (at, value), either along straight lines
between the points or in steps.

    x = of / per;   per = 0: x = 0
    linear:  x ≤ at_1: value_1;   x ≥ at_n: value_n
             at_k ≤ x ≤ at_{k+1}: value_k + (value_{k+1} − value_k) · (x − at_k) / (at_{k+1} − at_k)
    step:    value of the last point with at ≤ x;   x < at_1: value_1

At a point itself the value is that point's in both forms. Beyond its ends the scale is flat. The points stand in rising order
of `at`, no two at the same place; one point alone gives its value everywhere. Where x is not a number (NaN), neither is the
value. Each year stands alone. The figure `x` is shown. Worked numbers: the minimum savings rate of the Medicare Shared
Savings Program by number of assigned beneficiaries (42 CFR 425.604(b); case file `sliding_scale.toml`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._jit import rule
from .._lanes import pick
from ._term import NOT_USED, QUANTITY, Field, Shown, TermKind, row_slots, show

FORMS = ("linear", "step")
MOST_POINTS = 24
POINT = (
    Field("at", "number", "place of the point on the scale", -NOT_USED, NOT_USED),
    Field("value", "number", "value at the point", -NOT_USED, NOT_USED),
)
FIELDS = (
    Field("of", QUANTITY, "what is looked up"),
    Field("per", QUANTITY, "what it is divided by first", default="one"),
    Field("form", "choice", "straight lines between the points, or steps", choices=FORMS, default="linear"),
    Field("points", "rows", "points of the scale in rising order", columns=POINT, most=MOST_POINTS),
)
(OF, PER, FORM, COUNT, FIRST) = row_slots(FIELDS)


@rule
def between(x: float, low: float, low_value: float, high: float, high_value: float) -> float:
    """The value at x on the line through two points."""
    return low_value + (high_value - low_value) * (x - low) / (high - low)


@rule
def read_off(x: float, row: np.ndarray) -> float:
    """The value at x on the scale in a clause's row; 0 on a scale without points."""
    points = int(row[COUNT])
    if points == 0:
        return pick(x != x, x, 0.0)
    value = pick(x != x, x, row[FIRST + 2 * points - 1])
    for k in range(points - 1, 0, -1):
        at = FIRST + 2 * k
        below = between(x, row[at - 2], row[at - 1], row[at], row[at + 1]) if row[FORM] == 0.0 else row[at - 1]
        value = pick(x < row[at], below, value)
    return pick(x < row[FIRST], row[FIRST + 1], value)


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """The value of the scale this year."""
    per = d[int(row[PER]), i]
    x = pick(per != 0.0, d[int(row[OF]), i] / pick(per != 0.0, per, 1.0), 0.0)
    show(row, d, i, 0, x)
    return read_off(x, row)


def check(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Findings as (key, sentence): there must be points, not too many, in rising order."""
    points = values["points"]
    if not points:
        return [("points", "a scale needs at least one point")]
    found = []
    if len(points) > MOST_POINTS:
        found.append(("points", f"there are {len(points)} points; at most {MOST_POINTS} are allowed"))
    for k in range(1, len(points)):
        if points[k]["at"] <= points[k - 1]["at"]:
            low, high = points[k - 1]["at"], points[k]["at"]
            found.append((f"points.{k + 1}", f"point {k + 1} stands at {high:g}, not above point {k} at {low:g}"))
    return found


KIND = TermKind(
    name="sliding_scale",
    title="Sliding scale",
    fields=FIELDS,
    arm=arm,
    check=check,
    shows=(Shown("x", "number", "what is looked up"),),
    moves=False,
)
