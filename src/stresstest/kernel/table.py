"""Settlement of given years: the clauses of `settle_year`, with a table in place of the world.

Many cases lie side by side as futures do in a simulation; a case is a run of years with a memory of its own.
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from .._jit import Array, kernel, rule
from .project import Arrays, forget
from .settle import settle_year


@rule
def give(d: Array, where: Array, given: Array, given_rows: Array, neutral: Array, at: int, n: int) -> None:
    """Fill the drivers of a year: neutral values, then the table's columns for cases at … at + n − 1."""
    for k in range(neutral.size):
        for i in range(n):
            d[k, i] = neutral[k]
    for c in range(given_rows.size):
        for i in range(n):
            d[given_rows[c], i] = given[c, where[at + i]]


@kernel
def settle_cases(
    start: int, where: Array, given: Array, given_rows: Array, neutral: Array, deal: Arrays, shown: Array, out: Array
) -> None:
    """Settle cases of one length that start in contract year `start` (from 0).

    where int64[Y, cases]: the table's row of each year and case. given float64[columns, table rows] goes to the rows
    `given_rows` of d, over `neutral` float64[DRIVERS]. Fills out[terms + shown, table rows]: each clause's amount (a
    figure's value), then the rows `shown` of d.
    """
    kinds, payers, payees, _, rows, wires, constants, _, sizes, kept = deal
    years, cases = where.shape
    width = min(L.BLOCK, cases)
    d, s = np.empty((len(L.DRIVERS) + sizes[0], width)), np.zeros((len(L.STATES), width))
    memory, money = np.empty((kinds.size, L.MEMORY_SLOTS, width)), np.empty(width)
    ledger = np.empty((rows.shape[1], kinds.size, width))
    s[L.S_RUNNING] = 1.0
    for at in range(0, cases, L.BLOCK):
        n = min(L.BLOCK, cases - at)
        forget(memory, d, n)
        for y in range(years):
            t = start + y
            give(d, where[y], given, given_rows, neutral, at, n)
            settle_year(t, n, kinds, payers, payees, rows, wires, constants, sizes, kept, d, s, memory, money, ledger)
            for i in range(n):
                row = where[y, at + i]
                for k in range(kinds.size):
                    out[k, row] = ledger[t, k, i]
                for k in range(shown.size):
                    out[kinds.size + k, row] = d[shown[k], i]
