"""The Latin hypercube: in every draw, each of n equal slices of the unit interval is used exactly once.

Replicates r = 0 … R − 1 are hypercubes of their own; future f ≥ 1 is point q = (f − 1) div R of replicate (f − 1) mod
R, which has n = ⌈(N − r) / R⌉ points. In draw d the point lies in slice π(q), at a place inside the slice that the
pseudo-random design would have used (which it also is for a future beyond N, which no hypercube has), where π is a
permutation of 0 … n − 1 keyed by stream, draw and replicate:

    u = (π(q) + v) / n

π is a Feistel network of four rounds on the smallest even number of bits that holds n − 1, walked until it lands inside
(Black and Rogaway 2002). A hypercube has no prefix: with twice the futures every point is another one.
McKay, Beckman and Conover 1979; Owen 2013, chapter 10.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._jit import kernel, rule
from .._lanes import LANES, floor_of, number_of_words, numbered, pick, somewhere, two_to, words_at, words_of
from .marginals import LARGEST_POINT
from .streams import Word, threefry

MASK = np.uint64(0xFFFFFFFF)
LATIN_TAG = np.uint64(0x4C485300)
SPREAD_ONE, SPREAD_TWO = np.uint64(0x7FEB352D), np.uint64(0x846CA68B)
SIXTEEN, FIFTEEN = np.uint64(16), np.uint64(15)


@rule
def scatter(word: Word) -> Word:
    """A 32-bit word scattered over all its bits (multiply and fold; constants of C. Wellons' lowbias32, public domain)."""
    word = word ^ (word >> SIXTEEN)
    word = (word * SPREAD_ONE) & MASK
    word = word ^ (word >> FIFTEEN)
    word = (word * SPREAD_TWO) & MASK
    return word ^ (word >> SIXTEEN)


@rule
def network(x: Word, half: Word, low: Word, keys: Any) -> Word:
    """The four rounds with four round keys; `half` is half the bits, `low` a word with these ones."""
    left, right = x >> half, x & low
    left, right = right, left ^ (scatter(right ^ keys[0]) & low)
    left, right = right, left ^ (scatter(right ^ keys[1]) & low)
    left, right = right, left ^ (scatter(right ^ keys[2]) & low)
    left, right = right, left ^ (scatter(right ^ keys[3]) & low)
    return (left << half) | right


@rule
def onward(x: Word, last: Word, half: Word, low: Word, keys: Any) -> Word:
    """A step of the walk for those that are still beyond `last`."""
    return pick(last < x, network(x, half, low, keys), x)


@rule
def permuted(
    q: Word, last: Word, half: Word, low: Word, keys: Any, more: Any, third: Any, fourth: Any
) -> tuple[Word, Word, Word, Word]:
    """π(q) for the permutations of 0 … last with each of four sets of round keys, side by side."""
    a, b = network(q, half, low, keys), network(q, half, low, more)
    c, d = network(q, half, low, third), network(q, half, low, fourth)
    while somewhere((last < a) | (last < b) | (last < c) | (last < d)):
        a, b = onward(a, last, half, low, keys), onward(b, last, half, low, more)
        c, d = onward(c, last, half, low, third), onward(d, last, half, low, fourth)
    return a, b, c, d


@rule
def half_bits(points: float) -> float:
    """Half of the smallest even number of bits, 2 at least, that holds points − 1."""
    half = 1.0
    for k in range(1, 16):
        half = pick(points > 4.0**k, k + 1.0, half)
    return half


@rule
def keys_at(table: np.ndarray, row: int, column: int) -> tuple[Word, Word, Word, Word]:
    """The round keys of a draw for replicates `column`, `column` + 1, … in turn."""
    width = table.shape[2]
    at = 4 * row * width + column
    return words_at(table, at), words_at(table, at + width), words_at(table, at + 2 * width), words_at(table, at + 3 * width)


@rule
def point_in(part: Word, v: float, points: float) -> float:
    """The point at share v of slice `part` of so many; below 1 also where the last slice's point would be rounded up to it."""
    return min((number_of_words(part) + v) / points, LARGEST_POINT)


@rule
def latin_stream(
    cube: np.ndarray, table: np.ndarray, row: int, slots: int, column: int, q: float, points: float, inside: bool, i: int
) -> None:
    """Send group i of futures to slice π(q) of `points` in every draw of a stream, four draws at once."""
    half, end = half_bits(points), row + slots - 1
    number, last, bits, low = words_of(q), words_of(points - 1.0), words_of(half), words_of(two_to(half) - 1.0)
    for k in range(row, row + slots, 4):
        b, c, d = min(k + 1, end), min(k + 2, end), min(k + 3, end)
        found = permuted(
            number, last, bits, low, keys_at(table, k, column), keys_at(table, b, column), keys_at(table, c, column),
            keys_at(table, d, column),
        )  # fmt: skip
        v = cube[k, i], cube[b, i], cube[c, i], cube[d, i]
        cube[k, i] = pick(inside, point_in(found[0], v[0], points), v[0])
        cube[b, i] = pick(inside, point_in(found[1], v[1], points), v[1])
        cube[c, i] = pick(inside, point_in(found[2], v[2], points), v[2])
        cube[d, i] = pick(inside, point_in(found[3], v[3], points), v[3])


@rule
def latin_points(
    cube: np.ndarray, table: np.ndarray, slots: np.ndarray, offsets: np.ndarray, read: np.ndarray, replicates: int,
    futures: int, first: int, n: int,
) -> None:  # fmt: skip
    """Send the points of n groups of futures from `first` on to their slices, in the rows of the streams that are read.

    `futures` is N. table uint32[rows, 4, R + 15] holds the round keys of every replicate; the last fifteen columns are the
    first ones again.
    """
    for i in range(n):
        future = numbered(first + LANES * i)
        inside = (future > 0.0) & (future <= futures)
        turn = floor_of((future - 1.0) / replicates)
        points = floor_of((futures - (future - 1.0 - replicates * turn) + (replicates - 1.0)) / replicates)
        column = (first + LANES * i - 1) % replicates
        for k in range(slots.size):
            if read[k]:
                latin_stream(cube, table, offsets[k], slots[k], column, pick(inside, turn, 0.0), points, inside, i)


@kernel
def round_keys(found: np.ndarray, keys: np.ndarray, slots: np.ndarray, offsets: np.ndarray) -> None:
    """Fill found[rows, 4, columns] with the round keys of every draw and replicate; column r is replicate r."""
    for k in range(slots.size):
        key = keys[k]
        for slot in range(slots[k]):
            for r in range(found.shape[2]):
                words = threefry(np.uint64(slot), np.uint64(r), np.uint64(0), LATIN_TAG, key[0], key[1], key[2], key[3])
                for w in range(4):
                    found[offsets[k] + slot, w, r] = words[w]
