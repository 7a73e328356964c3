"""Scrambled Sobol' nets: points that fill the cube evenly, randomised so that a mean over them is unbiased.

Future f ≥ 1 is point q = (f − 1) div R of replicate (f − 1) mod R. Replicates are scrambled independently, so the spread of
their means measures the error (Owen 2013, chapters 15 and 17). Point q in dimension d is the exclusive or of the direction
numbers of the bits of q's Gray code (Antonov and Saleev 1979), after a random linear scramble and a digital shift
(Matoušek 1998; Owen 2003): with lower triangular binary matrices M and shift s, digit for digit,

    v' = M · v,      x = (⊕ over bits b of q ⊕ (q div 2) of v'_b) ⊕ s,      u = (x + ½) / 2³².

M and s are keyed by the stream, its slot and the replicate, so that a stream's draws do not depend on which other streams
there are. Direction numbers: Joe and Kuo 2008 (sampling/joe_kuo.txt), dimensions as in futures/plan.py. A point depends on q
alone: the first futures of a longer run are those of a shorter one. At most 2³² points a replicate.

Futures come in turns of P = R · 2ᵏ ≥ 16: future f stands in column j = (f − 1) mod P of turn h = (f − 1) div P, where
q = h · 2ᵏ + j div R. As Gray codes are linear in the digits, x is what column j starts with, ⊕ over the bits of the Gray code of
h of that column's steps (sampling/nets.py writes both out). So sixteen futures in a row are worked at once, and from one turn
to the next each takes a single step.

Importance sampling uses two nets a replicate, one for each half of its mixture (futures/tilt.py): point q of the pair lies
in net q mod 2, at place q div 2.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._jit import kernel, rule
from .._lanes import LANES, numbered, pick, words_at
from .streams import Word, threefry, unit

BITS = 32
NET_TAG = np.uint64(0x534F4200)
ONE = np.uint64(1)
#: The most futures that are worked at once; a turn is no shorter.
GROUP = 16


@rule
def odd(word: np.uint64) -> np.uint64:
    """1 where the 32-bit word has an odd number of ones."""
    word ^= word >> np.uint64(16)
    word ^= word >> np.uint64(8)
    word ^= word >> np.uint64(4)
    word ^= word >> np.uint64(2)
    word ^= word >> ONE
    return word & ONE


@kernel
def scramble(
    scrambled: np.ndarray, shifts: np.ndarray, plain: np.ndarray, keys: np.ndarray, slots: np.ndarray, offsets: np.ndarray
) -> None:
    """Fill scrambled[nets, rows, BITS] and shifts[nets, rows] from the plain numbers of each row, plain[rows, BITS]."""
    matrix = np.empty(BITS + 4, dtype=np.uint64)
    for net in range(scrambled.shape[0]):
        for k in range(slots.size):
            key = keys[k]
            for slot in range(slots[k]):
                row = offsets[k] + slot
                for group in range(9):
                    words = threefry(
                        np.uint64(slot), np.uint64(net), np.uint64(group), NET_TAG, key[0], key[1], key[2], key[3]
                    )
                    matrix[4 * group], matrix[4 * group + 1] = words[0], words[1]
                    matrix[4 * group + 2], matrix[4 * group + 3] = words[2], words[3]
                shifts[net, row] = matrix[BITS]
                for b in range(BITS):
                    new = np.uint64(0)
                    for digit in range(BITS):
                        at = np.uint64(BITS - 1 - digit)
                        upper = (matrix[digit] >> at) << at | (ONE << at)
                        new |= odd(upper & plain[row, b]) << at
                    scrambled[net, row, b] = new


@rule
def place_of(tables: Any, row: int, turn: int, column: int) -> Word:
    """x of the futures in columns `column`, `column` + 1, … of a turn."""
    starts, steps = tables
    width = starts.shape[1]
    x, gray, b = words_at(starts, row * width + column), turn ^ (turn >> 1), 0
    while gray > 0:
        if gray & 1:
            x = x ^ words_at(steps, (row * BITS + b) * width + column)
        gray >>= 1
        b += 1
    return x


@rule
def turned(x: Word, tables: Any, row: int, turn: int, column: int) -> Word:
    """x in turn `turn` from x in the turn before."""
    if turn == 0:
        return place_of(tables, row, turn, column)
    b = 0
    while (turn >> b) & 1 == 0:
        b += 1
    return x ^ words_at(tables[1], (row * BITS + b) * tables[0].shape[1] + column)


@rule
def net_row(cube: np.ndarray, tables: Any, row: int, first: int, n: int) -> None:
    """One row of the cube for n groups of futures from `first` on. A group may begin in one turn and end in the next."""
    period = tables[0].shape[1] - (GROUP - 1)
    x = words_at(tables[0], 0)
    for i in range(n):
        before = first + LANES * i - 1
        turn, column = before // period, before % period
        if i == 0 or period != LANES:
            x = place_of(tables, row, max(turn, 0), column)
        after = turned(x, tables, row, turn + 1, column)
        cube[row, i] = pick(numbered(0) < period - column, unit(x), unit(after))
        x = after


@rule
def net_points(
    cube: np.ndarray, tables: Any, slots: np.ndarray, offsets: np.ndarray, read: np.ndarray, first: int, n: int
) -> None:
    """Points of the nets for n groups of futures from `first` on, in the rows of the streams that are read.

    tables = (starts uint32[rows, P + 15], steps uint32[rows, BITS, P + 15]); the last fifteen columns are the first ones again.
    """
    for k in range(slots.size):
        if read[k]:
            for row in range(offsets[k], offsets[k] + slots[k]):
                net_row(cube, tables, row, first, n)
