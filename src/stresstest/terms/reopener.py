"""Re-opener: every few years the price is opened again, and a share of what cost ran ahead of it is paid from then on.

Clause. After every `every` years the parties look at how far actual cost lay above or below the agreed price in the years
since they last looked. A share of the yearly average becomes an adjustment, which is paid each year until the next re-opening
and is then replaced by a new one.

    the clause's years in force count from t = 0; a re-opening takes effect in the years t = every, 2 · every, 3 · every …
    mean_gap = mean of (actual_s − agreed_s) over the years s since the last re-opening took effect (first: since the start),
               the year t itself not included
    bound = max(0, most · agreed_t);   adjustment = min(bound, max(−bound, share · mean_gap))
    amount_t = the adjustment in effect; 0 before the first re-opening

Both signs count: where cost lay below the price the provider pays back. The gap is against the agreed price alone; the
adjustment itself is no part of it. The bound is that of the year in which the adjustment takes effect, and the sum then stays
as it is, without growth. `every` is a whole number from 1 to 30; a quantity that gives it is cut to whole years and
held between those ends. The figures `adjustment` (in effect this year) and `mean_gap` (behind it) are shown in every year,
and are 0 before the first re-opening. Source of the shape: price reviews every five years in water and energy regulation, and
re-opening clauses in long health contracts (recalled).
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from .._jit import rule
from .._lanes import pick
from ..futures.marginals import clip
from ._term import POUNDS, QUANTITY, ROW_YEAR, SHARE, Field, Shown, TermKind, row_slots, show

FIELDS = (
    Field("actual", QUANTITY, "actual cost of the year", default="reported_cost"),
    Field("agreed", QUANTITY, "agreed price of the year", default="annual_payment"),
    Field("every", "whole years", "years from one re-opening to the next", 1.0, 30.0),
    Field("share", SHARE, "share of the mean gap that becomes the adjustment", 0.0, 1.0),
    Field("most", SHARE, "largest adjustment either way, as a share of the agreed price", 0.0, 10.0, 1.0),
)
(ACTUAL, AGREED, EVERY, SHARE_PAID, MOST) = row_slots(FIELDS)
M_GAPS, M_COUNT, M_ADJUSTMENT, M_MEAN = range(4)


@rule
def new_adjustment(mean_gap: float, agreed: float, share: float, most: float) -> float:
    """The adjustment that follows from a mean gap (£ a year), bounded by a share of the agreed price."""
    bound = max(0.0, most * agreed)
    return clip(share * mean_gap, -bound, bound)


@rule
def mean_of(total: float, count: float) -> float:
    """total / count; 0 where there is nothing to look at."""
    some = count > 0.0
    return pick(some, total / pick(some, count, 1.0), 0.0)


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """The adjustment in effect; remembers the gaps since the last re-opening."""
    year, every = int(row[ROW_YEAR]), int(max(1.0, min(row[EVERY], 30.0)))
    agreed = d[int(row[AGREED]), i]
    if year > 0 and year % every == 0:
        memory[M_MEAN, i] = mean_of(memory[M_GAPS, i], memory[M_COUNT, i])
        memory[M_ADJUSTMENT, i] = new_adjustment(memory[M_MEAN, i], agreed, row[SHARE_PAID], row[MOST])
        memory[M_GAPS, i] = 0.0
        memory[M_COUNT, i] = 0.0
    memory[M_GAPS, i] += d[int(row[ACTUAL]), i] - agreed
    memory[M_COUNT, i] += 1.0
    show(row, d, i, 0, memory[M_ADJUSTMENT, i])
    show(row, d, i, 1, memory[M_MEAN, i])
    return memory[M_ADJUSTMENT, i]


KIND = TermKind(
    name="reopener",
    title="Price re-opened every few years",
    fields=FIELDS,
    arm=arm,
    exposure=L.X_UPLIFT,
    memory=4,
    shows=(
        Shown("adjustment", POUNDS, "adjustment in effect this year"),
        Shown("mean_gap", POUNDS, "mean yearly gap of actual over agreed behind it"),
    ),
)
