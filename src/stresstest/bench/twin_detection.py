"""The uniforms that decide whether a lever is found out, for both baselines: Threefry4x32-20 in plain integer arithmetic.

Written out once more from the published algorithm (Salmon, Moraes, Dror and Shaw, SC11), for a single integer or an array of
uint64: the same numbers as the kernel's, so that what is recovered is the same too.
"""

from __future__ import annotations

from typing import Any

MASK, PARITY = 0xFFFFFFFF, 0x1BD11BDA
ROTATIONS = ((10, 26), (11, 21), (13, 27), (23, 5), (6, 20), (17, 11), (25, 10), (18, 20))


def _mix(a: Any, b: Any, left: int) -> tuple[Any, Any]:
    total = (a + b) & MASK
    return total, (((b << left) | (b >> (32 - left))) & MASK) ^ total


def four_words(low: Any, high: Any, group: int, key: tuple[int, ...]) -> tuple[Any, Any, Any, Any]:
    """Four 32-bit words of a stream: counter (low, high, group, 0), four key words."""
    keys = (*key, PARITY ^ key[0] ^ key[1] ^ key[2] ^ key[3])
    a, b, c, d = (low + keys[0]) & MASK, (high + keys[1]) & MASK, (group + keys[2]) & MASK, keys[3]
    for r in range(20):
        one, two = ROTATIONS[r % 8]
        if r % 2 == 0:
            (a, b), (c, d) = _mix(a, b, one), _mix(c, d, two)
        else:
            (a, d), (c, b) = _mix(a, d, one), _mix(c, b, two)
        if r % 4 == 3:
            s = r // 4 + 1
            a, b = (a + keys[s % 5]) & MASK, (b + keys[(s + 1) % 5]) & MASK
            c, d = (c + keys[(s + 2) % 5]) & MASK, (d + keys[(s + 3) % 5] + s) & MASK
    return a, b, c, d


def detection_uniform(future: Any, t: int, key: tuple[int, ...]) -> Any:
    """Uniform of year t of a future's stream; `future` an integer, or an array of uint64 (float64 of its shape comes back)."""
    word = four_words(future & MASK, future >> 32, t // 4, key)[t % 4]
    return (word + 0.5) / 2.0**32
