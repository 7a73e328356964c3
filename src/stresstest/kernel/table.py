"""Settlement of given years: the clauses of `settle_year`, with a table in place of the world.

Many cases lie side by side as futures do in a simulation; a case is a run of years with a memory of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import Array, kernel, rule
from .._lanes import LANES, blank, block_of, groups, rows_of, shared_of
from ..terms import TERMS
from .project import Arrays, life_rows, make_life, shared_deal
from .settle import settle_year
from .wires import W_MOVES

#: Slots of memory that each kind of clause uses; the others are never written.
MEMORY = np.array([kind.memory for kind in TERMS])
#: Cases whose results are gathered before they are written to the table: one row of them is two pages of memory. Written a
#: block at a time to some forty rows that lie far apart, a large table took three times as long.
STAGE = 1024


@rule
def first_of_run(where: Array, y: int, at: int, n: int) -> int:
    """The table's row of case `at` where the rows of cases at … at + n − 1 follow one another, else −1."""
    first = where[y, at]
    apart = 0
    for i in range(n):
        apart |= where[y, at + i] ^ (first + i)
    return first if apart == 0 else -1


@rule
def give(to: Array, source: Array, given_rows: Array, n: int) -> None:
    """Copy n groups of cases that lie side by side from the table's columns to rows of d."""
    for c in range(given_rows.shape[0]):
        for i in range(n):
            to[given_rows[c], i] = source[c, i]


@rule
def give_apart(d: Array, given: Array, given_rows: Array, where: Array, at: int, n: int) -> None:
    """Copy columns to rows of d for cases at … at + n − 1, wherever their rows lie in the table."""
    for c in range(given_rows.shape[0]):
        for i in range(n):
            d[given_rows[c], i] = given[c, where[at + i]]


@rule
def take(out: Array, ledger: Array, d: Array, nets: Array, shown: Array, n: int) -> None:
    """Write n groups of cases that lie side by side: amounts, rows `shown` of d, nets; −0 becomes 0."""
    terms = out.shape[0] - shown.shape[0] - nets.shape[0]
    for k in range(terms):
        for i in range(n):
            out[k, i] = ledger[k, i] + 0.0
    for k in range(shown.shape[0]):
        for i in range(n):
            out[terms + k, i] = d[shown[k], i] + 0.0
    for k in range(nets.shape[0]):
        for i in range(n):
            out[terms + shown.shape[0] + k, i] = nets[k, i] + 0.0


@rule
def take_apart(
    out: Array, ledger: Array, d: Array, nets: Array, shown: Array, where: Array, at: int, begin: int, n: int, shift: int
) -> None:
    """As `take` for cases at + begin … at + n − 1, wherever their rows lie in the table."""
    terms = out.shape[0] - shown.shape[0] - nets.shape[0]
    for k in range(terms):
        for i in range(begin, n):
            out[k, where[at + i] - shift] = ledger[k, i] + 0.0
    for k in range(shown.shape[0]):
        for i in range(begin, n):
            out[terms + k, where[at + i] - shift] = d[shown[k], i] + 0.0
    for k in range(nets.shape[0]):
        for i in range(begin, n):
            out[terms + shown.shape[0] + k, where[at + i] - shift] = nets[k, i] + 0.0


@rule
def hand_out(out: Array, stage: Array, first: int, n: int) -> None:
    """Copy n columns of `stage` to `out` from column `first` on: long runs of memory, each written in one go."""
    whole = n // LANES
    into, source = rows_of(out[:, first : first + n]), rows_of(stage)
    for k in range(out.shape[0]):
        for i in range(whole):
            into[k, i] = source[k, i]
        for i in range(whole * LANES, n):
            out[k, first + i] = stage[k, i]


@rule
def balance(nets: Array, amounts: Array, payers: Array, payees: Array, wires: Array, parties: Array, n: int) -> None:
    """Fill nets[party, n groups] with what each party has received less what it has paid, clause after clause."""
    blank(nets, 0, nets.shape[0], n)
    for k in range(payers.shape[0]):
        if wires[k, W_MOVES] == 1:
            payer, payee = parties[payers[k]], parties[payees[k]]
            for i in range(n):
                nets[payer, i] -= amounts[k, i]
            for i in range(n):
                nets[payee, i] += amounts[k, i]


@rule
def forget_case(memory: Array, d: Array, kinds: Array, from_row: int, n: int) -> None:
    """Empty the memory that the clauses use, and the rows of d that hold what they gave, before a case's first year."""
    for k in range(kinds.shape[0]):
        blank(memory[k], 0, MEMORY[kinds[k]], n)
    blank(d, from_row, d.shape[0] - from_row, n)


@rule
def fill(d: Array, neutral: Array, first: int, last: int, n: int) -> None:
    """Fill the drivers `first` … `last` − 1 of n groups with their neutral values."""
    for k in range(first, last):
        for i in range(n):
            d[k, i] = neutral[k]


@rule
def settle_block(
    start: int, at: int, n: int, where: Array, given: Array, given_rows: Array, neutral: Array, deal: Any, life: Any,
    singles: Any, shown: Array, nets: Array, out: Array, shift: int,
) -> None:  # fmt: skip
    """Settle cases at … at + n − 1 in all their years, and write what their clauses came to.

    `deal`, `life` and `nets` are views, which cost nothing to hand on; `singles` are d, ledger and nets number by number. Row r
    of the table is column r − shift of `out`.
    """
    kinds, payers, payees, _, rows, wires, constants, _, sizes, kept = deal
    d, s, memory, money, ledger, _, _, apart = life
    d_single, ledger_single, nets_single, parties = singles
    forget_case(memory, d, kinds, len(L.DRIVERS) + constants.shape[1], groups(n))
    for y in range(where.shape[0]):
        t = start + y
        first = first_of_run(where, y, at, n)
        fill(d, neutral, L.PAID_ANNUAL, L.PAID_SCORE_OVER + 1, groups(n))
        whole = n // LANES if first >= 0 else 0
        if whole > 0:
            give(d, rows_of(given[:, first : first + n]), given_rows, whole)
        if whole * LANES < n:
            give_apart(d_single, given, given_rows, where[y], at, n)
        settle_year(
            t, groups(n), kinds, payers, payees, rows, wires, constants, sizes, kept, d, s, memory, money, apart, ledger
        )  # fmt: skip
        if parties.shape[0] > 0:
            balance(nets, ledger[t], payers, payees, wires, parties, groups(n))
        if whole > 0:
            take(rows_of(out[:, first - shift : first - shift + n]), ledger[t], d, nets, shown, whole)
        if whole * LANES < n:
            take_apart(out, ledger_single[t], d_single, nets_single, shown, where[y], at, whole * LANES, n, shift)


@kernel
def settle_cases(
    start: int, where: Array, given: Array, given_rows: Array, neutral: Array, deal: Arrays, shown: Array, parties: Array,
    out: Array,
) -> None:  # fmt: skip
    """Settle cases of one length that start in contract year `start` (from 0).

    where int64[Y, cases]: the table's row of each year and case; rows that follow one another are the quickest. given
    float64[columns, table rows] goes to the rows `given_rows` of d, over `neutral` float64[DRIVERS]; no driver but those
    named paid_* is written by a clause, so the others are filled once. Fills out[terms + shown + nets, table rows]: each
    clause's amount (a figure's value), the rows `shown` of d, then what each party has received less what it has paid:
    `parties` int64[parties] numbers them as they shall stand, −1 for one that no clause names; empty: no nets.
    """
    life = make_life(deal[4].shape[1], deal)
    life[1][L.S_RUNNING] = 1.0
    nets = np.zeros((max(-1, parties.max()) + 1 if parties.size > 0 else 0, L.BLOCK))
    fill(block_of(life[0]), shared_of(neutral), 0, neutral.size, groups(L.BLOCK))
    stage = np.empty((out.shape[0], STAGE))
    for begin in range(0, where.shape[1], STAGE):
        # A view keeps no array alive: an array that nothing names after its view was taken is freed under it. So they are
        # taken here, where the arrays are needed for the next stretch as well.
        views, contract = life_rows(life), shared_deal(deal)
        singles = (shared_of(life[0]), shared_of(life[4]), shared_of(nets), shared_of(parties))
        count = min(STAGE, where.shape[1] - begin)
        first = first_of_run(where, 0, begin, count) if where.shape[0] == 1 else -1
        target, shift = (stage, first) if first >= 0 else (out, 0)
        for at in range(begin, begin + count, L.BLOCK):
            settle_block(
                start, at, min(L.BLOCK, begin + count - at), where, given, shared_of(given_rows), shared_of(neutral), contract,
                views, singles, shared_of(shown), block_of(nets), target, shift,
            )  # fmt: skip
        if first >= 0:
            hand_out(out, stage, first, count)
