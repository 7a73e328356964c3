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

import numpy as np

from .._jit import rule
from .random_points import fill_stream
from .streams import threefry

MASK = np.uint64(0xFFFFFFFF)
LATIN_TAG = np.uint64(0x4C485300)
ROUNDS = 4
SPREAD_ONE, SPREAD_TWO = np.uint64(0x7FEB352D), np.uint64(0x846CA68B)
SIXTEEN, FIFTEEN = np.uint64(16), np.uint64(15)


@rule
def scatter(word: np.uint64) -> np.uint64:
    """A 32-bit word scattered over all its bits (multiply and fold; constants of C. Wellons' lowbias32, public domain)."""
    word = word ^ (word >> SIXTEEN)
    word = (word * SPREAD_ONE) & MASK
    word = word ^ (word >> FIFTEEN)
    word = (word * SPREAD_TWO) & MASK
    return word ^ (word >> SIXTEEN)


@rule
def permuted(q: int, n: int, half: int, w0: np.uint64, w1: np.uint64, w2: np.uint64, w3: np.uint64) -> int:
    """π(q) for the permutation of 0 … n − 1 with round keys w0 … w3; `half` is half the bits of the network."""
    bits, inside = np.uint64(half), np.uint64((1 << half) - 1)
    x = np.uint64(q)
    while True:
        left, right = x >> bits, x & inside
        left, right = right, left ^ (scatter(right ^ w0) & inside)
        left, right = right, left ^ (scatter(right ^ w1) & inside)
        left, right = right, left ^ (scatter(right ^ w2) & inside)
        left, right = right, left ^ (scatter(right ^ w3) & inside)
        x = (left << bits) | right
        if x < np.uint64(n):
            return int(x)


@rule
def latin_points(
    cube: np.ndarray, keys: np.ndarray, slots: np.ndarray, offsets: np.ndarray, replicates: int, futures: int, first: int,
    n: int,
) -> None:  # fmt: skip
    """Points of the hypercubes for futures first … first + n − 1 of `futures`, in cube[dimensions, n]."""
    for k in range(slots.size):
        key = keys[k]
        fill_stream(cube, offsets[k], slots[k], key, first, n)
        for slot in range(slots[k]):
            row = offsets[k] + slot
            for r in range(replicates):
                points = (futures - r + replicates - 1) // replicates
                half = 1
                while (1 << (2 * half)) < points:
                    half += 1
                w0, w1, w2, w3 = threefry(
                    np.uint64(slot), np.uint64(r), np.uint64(0), LATIN_TAG, key[0], key[1], key[2], key[3]
                )
                start = (r + 1 - first) % replicates
                for i in range(start, n, replicates):
                    future = first + i
                    if 0 < future <= futures:
                        q = (future - 1) // replicates
                        cube[row, i] = (permuted(q, points, half, w0, w1, w2, w3) + cube[row, i]) / points
