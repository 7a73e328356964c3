"""Streams and variates once more: Threefry from the published algorithm, scipy's normal quantile.

Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC11): Threefry4x32 with 20 rounds.
"""

from __future__ import annotations

import hashlib

from scipy.special import ndtri

ROTATIONS = ((10, 26), (11, 21), (13, 27), (23, 5), (6, 20), (17, 11), (25, 10), (18, 20))
PARITY = 0x1BD11BDA
MASK = 0xFFFFFFFF
AXES = ("responsibility", "control", "state", "economy", "technology", "workforce")
NATIONAL = {"noise/pay", "noise/funding", "noise/inflation", "noise/pandemic", "noise/winter", "once/policy"}
#: What happens or is shared out is a uniform; all else is a normal.
UNIFORM = {f"noise/{name}" for name in ("inflation", "pandemic", "winter")}
UNIFORM |= {
    f"once/{name}"
    for name in (
        "benefit_lag", "policy", "opening_curse", "omitted", "delay", "start", "scope", "council", "uptake",
    )
}  # fmt: skip
UNIFORM |= {f"axis/{axis}/timing" for axis in AXES} | {"axis/economy/crisis"}
UNIFORM |= {"axis/course", "axis/coupling", "axis/mixing"}
MIXING_DRAWS = 15
Streams = dict[str, list[float]]


def mixed(a: int, b: int, left: int) -> tuple[int, int]:
    """One mix: a plus b, and b rotated left and exclusive-or'ed with the sum."""
    total = (a + b) & MASK
    return total, (((b << left) | (b >> (32 - left))) & MASK) ^ total


def threefry(counter: tuple[int, ...], key: tuple[int, ...]) -> tuple[int, ...]:
    """Four 32-bit words from four counter words and four key words."""
    keys = (*key, PARITY ^ key[0] ^ key[1] ^ key[2] ^ key[3])
    x = [(c + k) & MASK for c, k in zip(counter, key, strict=True)]
    for r in range(20):
        left = ROTATIONS[r % 8]
        pairs = ((0, 1), (2, 3)) if r % 2 == 0 else ((0, 3), (2, 1))
        for (a, b), turn in zip(pairs, left, strict=True):
            x[a], x[b] = mixed(x[a], x[b], turn)
        if r % 4 == 3:
            s = r // 4 + 1
            x = [(x[w] + keys[(s + w) % 5]) & MASK for w in range(4)]
            x[3] = (x[3] + s) & MASK
    return tuple(x)


def key_of(seed: int, name: str, place: str) -> tuple[int, int, int, int]:
    """Key of a stream: the seed's words, then those of the first 64 bits of sha256("name|place"), low byte first."""
    first = int.from_bytes(hashlib.sha256(f"{name}|{place}".encode()).digest()[:8], "little")
    return seed & MASK, seed >> 32, first & MASK, first >> 32


def uniform(key: tuple[int, ...], future: int, slot: int) -> float:
    """The stream's pseudo-random uniform in `slot` for a future; ½ for future 0, the centre of the cube."""
    if future == 0:
        return 0.5
    words = threefry((future & MASK, future >> 32, slot // 4, 0), tuple(int(k) for k in key))
    return (words[slot % 4] + 0.5) / 2.0**32


def shape_of(place: str, years: int, noise: tuple[str, ...], once: tuple[str, ...]) -> dict[str, tuple[str, int]]:
    """Place in the key, and number of draws, of every stream of a study, by its name."""
    shape = {f"axis/{axis}/{part}": ("", 1) for axis in AXES for part in ("destination", "timing")}
    shape |= {f"axis/{axis}/noise": ("", years) for axis in AXES}
    shape |= {"axis/economy/crisis": ("", years), "axis/economy/crisis_size": ("", years)}
    shape |= {f"noise/{name}": (place, years) for name in noise}
    shape |= {f"once/{name}": (place, 1) for name in once}
    shape |= {name: ("", shape[name][1]) for name in NATIONAL}
    return {**shape, "axis/course": ("", 1), "axis/coupling": ("", 1), "axis/mixing": ("", MIXING_DRAWS)}


def normal(u: float) -> float:
    """Standard normal quantile."""
    return float(ndtri(u))


def variates(points: Streams) -> Streams:
    """Every stream's points of the unit interval as variates of its kind."""
    return {name: list(u) if name in UNIFORM else [normal(x) for x in u] for name, u in points.items()}
