"""Deductions: penalty points cost money, more beyond a step and more when failure repeats itself, up to a cap.

Clause. The year's points beyond a free allowance are charged at a price. Points beyond a step cost a multiple of it. Each
year in a row that has chargeable points multiplies the price again. The whole is capped at a multiple of a base.

    chargeable = max(0, points − free);   stepped = min(chargeable, max(0, points − step))
    n = number of years without a break, directly before this one, in which chargeable was above 0
    uncapped = price · repeat_factor^n · (chargeable − stepped + step_factor · stepped)
    amount = min(uncapped, max(0, most · base))        (most not given: amount = uncapped)

`free` and `step` both count all points of the year: with free 10 and step 50, points 11 to 50 cost the price and points from
51 on the stepped price; a step below `free` makes every chargeable point a stepped one. Points exactly at `free` cost nothing
and end a row of years, points exactly at `step` are not yet stepped. Points may be fractions; negative points count as none.
A year whose deduction is cut by the cap counts in the row of years all the same. The first year in force has n = 0. Without a
cap the base is not read. Price and factors are those of the year. Source of the shape: performance points and ratchets of
payment mechanisms in public-private partnerships (HM Treasury, Standardisation of PF2 Contracts; recalled).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from .._lanes import pick
from ..futures.elementary import power
from ._term import NOT_USED, POUNDS, QUANTITY, Field, Shown, TermKind, row_slots, show

FIELDS = (
    Field("points", QUANTITY, "penalty points of the year"),
    Field("free", "points", "points of a year that cost nothing", 0.0, 1e12, 0.0),
    Field("price", "GBP per point", "price of each point beyond the free ones", 0.0, 1e12),
    Field("step", "points", "points of a year beyond which each costs the stepped price", 0.0, NOT_USED, NOT_USED),
    Field("step_factor", "multiple of the price", "stepped price as a multiple of the price", 0.0, 1000.0, 1.0),
    Field("repeat_factor", "multiple of the price", "factor for each failing year directly before", 0.0, 100.0, 1.0),
    Field("base", QUANTITY, "what the cap is a multiple of", default="one"),
    Field("most", "multiple of base", "most that is deducted in a year", 0.0, NOT_USED, NOT_USED),
)
(POINTS, FREE, PRICE, STEP, STEP_FACTOR, REPEAT_FACTOR, BASE, MOST) = row_slots(FIELDS)
M_FAILING_YEARS = 0


@rule
def points_charged(points: float, free: float) -> float:
    """The points that cost something."""
    return max(0.0, points - free)


@rule
def points_weighed(points: float, free: float, step: float, step_factor: float) -> float:
    """Chargeable points, those beyond the step counted `step_factor` times."""
    chargeable = points_charged(points, free)
    stepped = min(chargeable, max(0.0, points - step))
    return chargeable - stepped + step_factor * stepped


@rule
def capped(amount: float, most: float, base: float) -> float:
    """The amount held to `most` times the base, or to nothing where that is negative; NOT_USED is no cap."""
    return amount if most >= NOT_USED else min(amount, max(0.0, most * base))


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """The year's deduction; remembers how many years in a row have had chargeable points."""
    points = d[int(row[POINTS]), i]
    chargeable = points_charged(points, row[FREE])
    price = row[PRICE] * power(row[REPEAT_FACTOR], memory[M_FAILING_YEARS, i])
    uncapped = price * points_weighed(points, row[FREE], row[STEP], row[STEP_FACTOR])
    memory[M_FAILING_YEARS, i] = pick(chargeable > 0.0, memory[M_FAILING_YEARS, i] + 1.0, 0.0)
    show(row, d, i, 0, chargeable)
    show(row, d, i, 1, uncapped)
    return capped(uncapped, row[MOST], d[int(row[BASE]), i])


def unread(values: dict[str, Any]) -> tuple[str, ...]:
    """The base matters only under a cap."""
    return ("base",) if values["most"] >= NOT_USED else ()


KIND = TermKind(
    name="deductions",
    title="Deductions for penalty points",
    fields=FIELDS,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    payer="provider",
    payee="commissioner",
    memory=1,
    unread=unread,
    shows=(
        Shown("chargeable", "points", "points beyond the free ones"),
        Shown("uncapped", POUNDS, "deduction before the cap"),
    ),
)
