"""The scrambled nets of a study: direction numbers read from their table and scrambled for each replicate."""

from __future__ import annotations

from functools import cache
from importlib import resources

import numpy as np

from ..futures.nets import BITS, scramble
from ..futures.plan import DesignPlan


@cache
def direction_numbers() -> np.ndarray:
    """Unscrambled direction numbers uint64[dimensions, BITS], each a 32-bit number; digit 1 is the highest bit."""
    text = resources.files(__package__).joinpath("joe_kuo.txt").read_text(encoding="ascii")
    rows = [[int(x) for x in line.split()] for line in text.splitlines() if not line.startswith("#")]
    numbers = np.zeros((len(rows), BITS), dtype=np.uint64)
    numbers[0] = [1 << (BITS - 1 - b) for b in range(BITS)]
    for d, (polynomial, *start) in enumerate(rows[1:], start=1):
        degree = polynomial.bit_length() - 1
        m = list(start)
        for b in range(degree, BITS):
            new = m[b - degree] ^ (m[b - degree] << degree)
            for k in range(1, degree):
                if polynomial >> (degree - k) & 1:
                    new ^= m[b - k] << k
            m.append(new)
        numbers[d] = [m[b] << (BITS - 1 - b) for b in range(BITS)]
    return numbers


def nets_of(plan: DesignPlan, nets: int) -> tuple[np.ndarray, np.ndarray]:
    """(direction numbers uint64[nets, dimensions, BITS], shifts uint64[nets, dimensions]) of a study's scrambled nets."""
    plain = direction_numbers()[plan.sobol]
    scrambled = np.zeros((nets, plan.dimensions, BITS), dtype=np.uint64)
    shifts = np.zeros((nets, plan.dimensions), dtype=np.uint64)
    scramble(scrambled, shifts, plain, plan.keys, plan.slots, plan.offsets)
    return scrambled, shifts
