"""Schedule: a number that the contract states, year by year, for other clauses to read.

Clause. The contract sets a figure for each year: a price per head, a target, a share that steps up. It moves no money.

    value = the number of the contract year

A list by year, dates, growth and indices work as everywhere (the last value holds). Source of the shape: the payment
schedules of contracts, such as UnitingCare's shares at risk of 0, 10, 10, 15 and 15% (HSJ 5084915).
"""

from __future__ import annotations

import numpy as np

from .._jit import rule
from ._term import Field, TermKind, row_slots

FIELDS = (Field("value", "figure", "the number of each year", -1e15, 1e15),)
(VALUE,) = row_slots(FIELDS)


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """The number of the year."""
    return row[VALUE]


KIND = TermKind(name="schedule", title="Number by year", fields=FIELDS, arm=arm, moves=False)
