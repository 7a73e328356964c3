"""The pseudo-random design: independent points of the unit cube, and their mirror images where futures come in pairs.

With antithetic pairs, future 2k is the mirror image of future 2k − 1: every draw u becomes 1 − u. Both have the law of
one future, and what moves evenly with its draws cancels in their mean (Hammersley and Morton 1956).
"""

from __future__ import annotations

import numpy as np

from .._jit import rule
from .streams import threefry, unit

LOW_WORD = np.uint64(0xFFFFFFFF)
HIGH_WORD = np.uint64(32)


@rule
def fill_stream(cube: np.ndarray, row: int, slots: int, key: np.ndarray, first: int, n: int) -> None:
    """cube[row + slot, i] = the stream's uniform in `slot` for future first + i."""
    for group in range((slots + 3) // 4):
        for i in range(n):
            future = np.uint64(first + i)
            w0, w1, w2, w3 = threefry(
                future & LOW_WORD, future >> HIGH_WORD, np.uint64(group), np.uint64(0), key[0], key[1], key[2], key[3]
            )
            slot = 4 * group
            cube[row + slot, i] = unit(w0)
            if slot + 1 < slots:
                cube[row + slot + 1, i] = unit(w1)
            if slot + 2 < slots:
                cube[row + slot + 2, i] = unit(w2)
            if slot + 3 < slots:
                cube[row + slot + 3, i] = unit(w3)


@rule
def mirror_stream(cube: np.ndarray, row: int, slots: int, key: np.ndarray, first: int, n: int) -> None:
    """As fill_stream, with every even future the mirror image of the odd one before it."""
    for i in range(n):
        future = first + i
        twin = future - 1 if future > 0 and future % 2 == 0 else future
        fill_stream(cube[:, i : i + 1], row, slots, key, twin, 1)
        if twin != future:
            for slot in range(slots):
                cube[row + slot, i] = 1.0 - cube[row + slot, i]


@rule
def random_points(
    cube: np.ndarray, keys: np.ndarray, slots: np.ndarray, offsets: np.ndarray, pairs: bool, first: int, n: int
) -> None:
    """Independent uniforms for futures first … first + n − 1 in cube[dimensions, n], or mirrored pairs of them."""
    for k in range(slots.size):
        if pairs:
            mirror_stream(cube, offsets[k], slots[k], keys[k], first, n)
        else:
            fill_stream(cube, offsets[k], slots[k], keys[k], first, n)
