"""Scrambled Sobol' nets: points that fill the cube evenly, randomised so that a mean over them is unbiased.

Future f ≥ 1 is point q = (f − 1) div R of replicate (f − 1) mod R. Replicates are scrambled independently, so the spread of
their means measures the error (Owen 2013, chapters 15 and 17). Point q in dimension d is the exclusive or of the direction
numbers of the bits of q's Gray code (Antonov and Saleev 1979), after a random linear scramble and a digital shift
(Matoušek 1998; Owen 2003): with lower triangular binary matrices M and shift s, digit for digit,

    v' = M · v,      x = (⊕ over bits b of q ⊕ (q div 2) of v'_b) ⊕ s,      u = (x + ½) / 2³².

M and s are keyed by the stream, its slot and the replicate, so that a stream's draws do not depend on which other streams
there are. Direction numbers: Joe and Kuo 2008 (sampling/joe_kuo.txt), dimensions as in futures/plan.py. A point depends on q
alone: the first futures of a longer run are those of a shorter one. At most 2³² points a replicate.

Importance sampling uses two nets a replicate, one for each half of its mixture (futures/tilt.py): point q of the pair lies
in net q mod 2, at place q div 2.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._jit import kernel, rule
from .streams import threefry

BITS = 32
NET_TAG = np.uint64(0x534F4200)
ONE = np.uint64(1)
STEP, HALF_STEP = 2.0**-32, 2.0**-33


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
def net_points(
    cube: np.ndarray, nets: Any, replicates: int, halves: int, first: int, n: int
) -> None:
    """Points of the nets for futures first … first + n − 1 in cube[dimensions, n]; `halves` nets a replicate."""
    scrambled, shifts = nets
    stride = replicates * halves
    for net in range(stride):
        half, r = net // replicates, net % replicates
        start = (r + half * replicates + 1 - first) % stride
        if start >= n:
            continue
        if first + start < 1:
            start += stride
        place = (first + start - 1) // stride
        for row in range(cube.shape[0]):
            x, gray, b = shifts[net, row], place ^ (place >> 1), 0
            while gray > 0:
                if gray & 1:
                    x ^= scrambled[net, row, b]
                gray >>= 1
                b += 1
            q = place
            for i in range(start, n, stride):
                cube[row, i] = np.float64(x) * STEP + HALF_STEP
                q += 1
                b = 0
                while (q >> b) & 1 == 0:
                    b += 1
                x ^= scrambled[net, row, b]
