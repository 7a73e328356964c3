"""Running figure: the total, mean, highest, lowest, previous value or change of a quantity over the years.

Figure. It follows one quantity from year to year, from the first year in force on.

    total:     Σ of_s over all years up to and including t
    previous:  of_{t−1};          first year: opening
    change:    of_t − of_{t−1};   first year: of_t − opening
    mean, highest, lowest:  over the years t − window + 1 … t, this one included; fewer where there are not yet so many

`opening` is read in the first year in force, by `previous` and `change` alone; `window` by mean, highest and lowest alone. A
window is a whole number from 1 (this year only) to 10; a quantity that gives it is cut to whole years and held between those
ends, and a window that changes by year looks back from that year. Years before the clause was in force are unknown to it.
Where one of the years looked at is not a number (NaN), neither is the figure.
"""

from __future__ import annotations

import numpy as np

from .._jit import rule
from .._lanes import floor_of, pick
from ._term import NOT_USED, QUANTITY, ROW_YEAR, Field, TermKind, row_slots

FORMS = ("total", "previous", "mean", "highest", "lowest", "change")
TOTAL, PREVIOUS, MEAN, HIGHEST, LOWEST, CHANGE = range(6)
FIELDS = (
    Field("of", QUANTITY, "what is followed"),
    Field("what", "choice", "what is said about it", choices=FORMS),
    Field("window", "whole years", "years looked at by mean, highest and lowest", 1.0, 10.0, 10.0),
    Field("opening", "number", "value before the first year, for previous and change", -NOT_USED, NOT_USED, 0.0),
)
(OF, WHAT, WINDOW, OPENING) = row_slots(FIELDS)
YEARS = 10  # the year t is kept in slot t modulo 10
M_TOTAL, M_COUNT = YEARS, YEARS + 1


@rule
def over_window(what: int, memory: np.ndarray, i: int, year: int, years: float) -> float:
    """Mean, highest or lowest of the last `years` years that the memory holds; NaN where one of them is."""
    first = memory[year % YEARS, i]
    total, high, low = first, first, first
    for k in range(1, YEARS):
        x, inside = memory[(year - k) % YEARS, i], k < years
        total = pick(inside, total + x, total)
        high, low = pick(inside, max(high, x), high), pick(inside, min(low, x), low)
    value = total / years if what == MEAN else (high if what == HIGHEST else low)
    return pick(total != total, total, value)


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """The figure of the year; remembers the last ten values, their total and their number."""
    year, what, x = int(row[ROW_YEAR]), int(row[WHAT]), d[int(row[OF]), i]
    before = pick(memory[M_COUNT, i] > 0.0, memory[(year - 1) % YEARS, i], row[OPENING])
    memory[year % YEARS, i] = x
    memory[M_TOTAL, i] += x
    memory[M_COUNT, i] += 1.0
    if what == TOTAL:
        return memory[M_TOTAL, i]
    if what == PREVIOUS:
        return before
    if what == CHANGE:
        return x - before
    window = floor_of(max(1.0, min(min(row[WINDOW], memory[M_COUNT, i]), float(YEARS))))
    return over_window(what, memory, i, year, window)


KIND = TermKind(name="running", title="Running figure", fields=FIELDS, arm=arm, memory=YEARS + 2, moves=False)
