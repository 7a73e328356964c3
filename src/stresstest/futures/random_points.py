"""The pseudo-random design: independent points of the unit cube, and their mirror images where futures come in pairs.

With antithetic pairs, future 2k is the mirror image of future 2k − 1: every draw u becomes 1 − u. Both have the law of
one future, and what moves evenly with its draws cancels in their mean (Hammersley and Morton 1956).
"""

from __future__ import annotations

import numpy as np

from .._jit import rule
from .._lanes import LANES, counted_words, floor_of, numbered, pick, words_of
from .streams import Word, threefry, threefry_twice, unit

NOUGHT = np.uint64(0)
WORDS = 2.0**32


@rule
def key_words(key: np.ndarray) -> tuple[Word, Word, Word, Word]:
    """The key's four words, the same for every future of a group."""
    return words_of(key[0]), words_of(key[1]), words_of(key[2]), words_of(key[3])


@rule
def put_units(
    cube: np.ndarray, row: int, left: int, w0: Word, w1: Word, w2: Word, w3: Word, i: int
) -> None:
    """Write the uniforms of up to four words, as many as are left of the stream, in cube[row, i] and the rows below."""
    cube[row, i] = unit(w0)
    if left > 1:
        cube[row + 1, i] = unit(w1)
    if left > 2:
        cube[row + 2, i] = unit(w2)
    if left > 3:
        cube[row + 3, i] = unit(w3)


@rule
def fill_stream(cube: np.ndarray, row: int, slots: int, key: np.ndarray, first: int, n: int) -> None:
    """cube[row + slot, i] = the stream's uniforms in `slot` for group i of futures first, first + 1, …; n groups, two at once."""
    k0, k1, k2, k3 = key_words(key)
    for four in range((slots + 3) // 4):
        at, left, block = row + 4 * four, slots - 4 * four, words_of(np.uint64(four))
        for i in range(0, n, 2):
            j = min(i + 1, n - 1)
            low, high = counted_words(first + LANES * i)
            next_low, next_high = counted_words(first + LANES * j)
            a, b, c, d, e, f, g, h = threefry_twice(
                low, high, next_low, next_high, block, words_of(NOUGHT), k0, k1, k2, k3
            )
            put_units(cube, at, left, a, b, c, d, i)
            put_units(cube, at, left, e, f, g, h, j)


@rule
def mirror_stream(cube: np.ndarray, row: int, slots: int, key: np.ndarray, first: int, n: int) -> None:
    """As fill_stream, with every even future the mirror image of the odd one before it."""
    k0, k1, k2, k3 = key_words(key)
    for i in range(n):
        future = numbered(first + LANES * i)
        even = (future > 0.0) & (2.0 * floor_of(0.5 * future) == future)
        odd = pick(even, future - 1.0, future)
        above = floor_of(odd / WORDS)
        low, high = words_of(odd - WORDS * above), words_of(above)
        for four in range((slots + 3) // 4):
            a, b, c, d = threefry(low, high, words_of(np.uint64(four)), words_of(NOUGHT), k0, k1, k2, k3)
            put_units(cube, row + 4 * four, slots - 4 * four, a, b, c, d, i)
        for at in range(row, row + slots):
            cube[at, i] = pick(even, 1.0 - cube[at, i], cube[at, i])


@rule
def random_points(
    cube: np.ndarray, keys: np.ndarray, slots: np.ndarray, offsets: np.ndarray, read: np.ndarray, pairs: bool, first: int,
    n: int,
) -> None:  # fmt: skip
    """Independent uniforms, or mirrored pairs, for n groups of futures from `first` on, in the rows of streams that are read."""
    for k in range(slots.size):
        if read[k] and pairs:
            mirror_stream(cube, offsets[k], slots[k], keys[k], first, n)
        elif read[k]:
            fill_stream(cube, offsets[k], slots[k], keys[k], first, n)
