"""Settlement of given years: the clauses of `settle_year`, with a table in place of the world.

Many cases lie side by side as futures do in a simulation; a case is a run of years with a memory of its own.
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, kernel, rule
from .._lanes import groups
from .project import Arrays, forget, life_rows, make_life, shared_deal
from .settle import settle_year


@rule
def give(d: Array, where: Array, given: Array, given_rows: Array, neutral: Array, at: int, n: int) -> None:
    """Fill the drivers of a year: neutral values, then the table's columns for cases at … at + n − 1."""
    for k in range(neutral.size):
        for i in range(d.shape[1]):
            d[k, i] = neutral[k]
    for c in range(given_rows.size):
        for i in range(n):
            d[given_rows[c], i] = given[c, where[at + i]]


@rule
def settle_block(
    start: int, at: int, n: int, where: Array, given: Array, given_rows: Array, neutral: Array, deal: Arrays, life: Arrays,
    shown: Array, out: Array,
) -> None:  # fmt: skip
    """Settle cases at … at + n − 1 in all their years, and write what their clauses came to."""
    kinds, payers, payees, _, rows, wires, constants, _, sizes, kept = shared_deal(deal)
    d, s, memory, money, ledger, _, _, apart = life_rows(life)
    forget(memory, d, groups(n))
    for y in range(where.shape[0]):
        t = start + y
        give(life[0], where[y], given, given_rows, neutral, at, n)
        settle_year(
            t, groups(n), kinds, payers, payees, rows, wires, constants, sizes, kept, d, s, memory, money, apart, ledger
        )  # fmt: skip
        for i in range(n):
            row = where[y, at + i]
            for k in range(kinds.size):
                out[k, row] = life[4][t, k, i]
            for k in range(shown.size):
                out[kinds.size + k, row] = life[0][shown[k], i]


@kernel
def settle_cases(
    start: int, where: Array, given: Array, given_rows: Array, neutral: Array, deal: Arrays, shown: Array, out: Array
) -> None:
    """Settle cases of one length that start in contract year `start` (from 0).

    where int64[Y, cases]: the table's row of each year and case. given float64[columns, table rows] goes to the rows
    `given_rows` of d, over `neutral` float64[DRIVERS]. Fills out[terms + shown, table rows]: each clause's amount (a
    figure's value), then the rows `shown` of d.
    """
    life = make_life(deal[4].shape[1], deal)
    life[1][L.S_RUNNING] = 1.0
    for at in range(0, where.shape[1], L.BLOCK):
        n = min(L.BLOCK, where.shape[1] - at)
        settle_block(start, at, n, where, given, given_rows, neutral, deal, life, shown, out)
