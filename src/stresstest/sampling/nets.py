"""What a study's nets and hypercubes are made of: direction numbers, scrambled for each replicate, and keys of permutations."""

from __future__ import annotations

from functools import cache
from importlib import resources

import numpy as np

from ..futures.latin import round_keys
from ..futures.nets import BITS, GROUP, scramble
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


def plain_points(dimensions: int, count: int) -> np.ndarray:
    """float64[count, dimensions]: the first points of the Sobol' sequence as it is, unscrambled, the corner 0 first."""
    numbers, found = direction_numbers()[:dimensions], np.zeros((count, dimensions), dtype=np.uint64)
    at = np.arange(count, dtype=np.uint64)
    gray = at ^ (at >> np.uint64(1))
    for bit in range(max(1, (count - 1).bit_length())):
        found[(gray >> np.uint64(bit)) & np.uint64(1) == 1] ^= numbers[:, bit]
    return found / 2.0**BITS


def scrambled_nets(plan: DesignPlan, nets: int) -> tuple[np.ndarray, np.ndarray]:
    """(direction numbers uint64[nets, dimensions, BITS], shifts uint64[nets, dimensions]) of a study's scrambled nets."""
    plain = direction_numbers()[plan.sobol]
    scrambled = np.zeros((nets, plan.dimensions, BITS), dtype=np.uint64)
    shifts = np.zeros((nets, plan.dimensions), dtype=np.uint64)
    scramble(scrambled, shifts, plain, plan.keys, plan.slots, plan.offsets)
    return scrambled, shifts


def tables_of(numbers: np.ndarray, shifts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(starts uint32[rows, P + 15], steps uint32[rows, BITS, P + 15]) of nets, as futures/nets.py takes them."""
    nets = shifts.shape[0]
    doublings = 0
    while nets << doublings < GROUP:
        doublings += 1
    columns = np.arange((nets << doublings) + GROUP - 1) % (nets << doublings)
    low = columns // nets
    gray, own = low ^ (low >> 1), numbers.astype(np.uint32).transpose(1, 2, 0)[:, :, columns % nets]
    starts, steps = shifts.astype(np.uint32).T[:, columns % nets], np.zeros_like(own)
    for b in range(doublings):
        starts ^= np.where(gray >> b & 1, own[:, b], np.uint32(0))
    steps[:, : BITS - doublings] = own[:, doublings:]
    if doublings:
        steps ^= own[:, [doublings - 1]]
    return np.ascontiguousarray(starts), np.ascontiguousarray(steps)


def nets_of(plan: DesignPlan, nets: int) -> tuple[np.ndarray, np.ndarray]:
    """Starts and steps of a study's scrambled nets."""
    return tables_of(*scrambled_nets(plan, nets))


def hypercubes_of(plan: DesignPlan, replicates: int) -> tuple[np.ndarray, np.ndarray]:
    """(nothing, round keys uint32[dimensions, 4, R + 15]) of a study's Latin hypercubes, as futures/latin.py takes them."""
    found = np.zeros((plan.dimensions, 4, replicates), dtype=np.uint32)
    round_keys(found, plan.keys, plan.slots, plan.offsets)
    columns = np.arange(replicates + GROUP - 1) % replicates
    return np.zeros((0, 0), dtype=np.uint32), np.ascontiguousarray(found[:, :, columns])
