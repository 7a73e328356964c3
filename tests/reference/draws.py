"""Draws and axes once more: Threefry from the published algorithm, scipy's normal quantile, the axes' formulas.

Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC11): Threefry4x32 with 20 rounds.
"""

from __future__ import annotations

import hashlib
import math

from scipy.special import ndtri

ROTATIONS = ((10, 26), (11, 21), (13, 27), (23, 5), (6, 20), (17, 11), (25, 10), (18, 20))
PARITY = 0x1BD11BDA
MASK = 0xFFFFFFFF
AXES = ("responsibility", "control", "state", "economy", "technology", "workforce")
NATIONAL = {"pay", "funding", "inflation", "pandemic", "policy"}
UNIFORM = {"inflation", "pandemic", "policy", "benefit_lag"}
LAW = (
    "today", "mean", "sd", "low", "high", "earliest", "latest", "duration", "noise", "persistence", "link",
    "probability", "size", "spread",
)  # fmt: skip
Streams = dict[str, list[float]]
Law = dict[str, float]


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
    """The stream's uniform in `slot` for a future; ½ for future 0, the centre of the cube."""
    if future == 0:
        return 0.5
    words = threefry((future & MASK, future >> 32, slot // 4, 0), tuple(int(k) for k in key))
    return (words[slot % 4] + 0.5) / 2.0**32


def uniforms_of(
    seed: int, place: str, future: int, years: int, noise: tuple[str, ...], once: tuple[str, ...]
) -> Streams:
    """Every stream's uniforms of one future, by the stream's name."""
    shape = {f"axis/{axis}/{part}": ("", 1) for axis in AXES for part in ("destination", "timing")}
    shape |= {f"axis/{axis}/noise": ("", years) for axis in AXES}
    shape |= {"axis/economy/crisis": ("", years), "axis/economy/crisis_size": ("", years)}
    shape |= {f"noise/{name}": ("" if name in NATIONAL else place, years) for name in noise}
    shape |= {f"once/{name}": (place, 1) for name in once}
    return {
        name: [uniform(key_of(seed, name, local), future, slot) for slot in range(slots)]
        for name, (local, slots) in shape.items()
    }


def normal(u: float) -> float:
    """Standard normal quantile."""
    return float(ndtri(u))


def values(uniforms: list[float], name: str) -> list[float]:
    """A stream's uniforms as the variates of its kind: uniforms for events and the lag, normals otherwise."""
    return list(uniforms) if name in UNIFORM else [normal(u) for u in uniforms]


def held(x: float, low: float, high: float) -> float:
    """x, no lower than `low` and no higher than `high`."""
    return min(max(x, low), high)


def passage(u: float) -> float:
    """3u² − 2u³ between 0 and 1, level outside."""
    u = held(u, 0.0, 1.0)
    return u * u * (3.0 - 2.0 * u)


def axis_path(law: Law, destination: float, streams: Streams, axis: str) -> list[tuple[float, float]]:
    """(path, noise) of one axis by year, before crises, surprises and limits."""
    start = law["earliest"] + (law["latest"] - law["earliest"]) * streams[f"axis/{axis}/timing"][0]
    found, tremor = [], 0.0
    for t, u in enumerate(streams[f"axis/{axis}/noise"]):
        way = passage((t + 1 - start) / law["duration"])
        tremor = law["persistence"] * tremor + law["noise"] * normal(u)
        found.append((law["today"] + (destination - law["today"]) * way, tremor))
    return found


def economy(law: Law, path: list[tuple[float, float]], streams: Streams) -> tuple[list[float], list[float]]:
    """The economy's values and its surprises: value less average growth, crises counted in."""
    growth, surprises = [], []
    for t, (average, tremor) in enumerate(path):
        value = average + law["probability"] * law["size"] + tremor
        if streams["axis/economy/crisis"][t] < law["probability"]:
            value -= max(0.0, law["size"] + law["spread"] * normal(streams["axis/economy/crisis_size"][t]))
        growth.append(held(value, law["low"], law["high"]))
        surprises.append(growth[-1] - average)
    return growth, surprises


def destinations(laws: dict[str, Law], correlation: list[list[float]], pinned: Law, streams: Streams) -> Law:
    """Where each axis goes: a scenario's level where it is pinned, else a draw of the joint law."""
    lower = triangle(correlation)
    z = [normal(streams[f"axis/{axis}/destination"][0]) for axis in AXES]
    found = {}
    for a, axis in enumerate(AXES):
        law, joined = laws[axis], math.fsum(lower[a][b] * z[b] for b in range(a + 1))
        found[axis] = held(law["mean"] + law["sd"] * joined, law["low"], law["high"])
    return {**found, **pinned}


def axes_of(
    laws: dict[str, Law], correlation: list[list[float]], pinned: Law, streams: Streams, years: int
) -> dict[str, list[float]]:
    """The six axes of one future, from its uniforms. `correlation` is the matrix C between destinations."""
    ends = destinations(laws, correlation, pinned, streams)
    paths = {axis: axis_path(laws[axis], ends[axis], streams, axis) for axis in AXES}
    growth, surprise = economy(laws["economy"], paths["economy"], streams)
    found = {}
    for axis in AXES:
        law = laws[axis]
        free = [m + tremor + law["link"] * surprise[t] for t, (m, tremor) in enumerate(paths[axis])]
        found[axis] = [held(x, law["low"], law["high"]) for x in free]
    return {**found, "economy": growth}


def triangle(matrix: list[list[float]]) -> list[list[float]]:
    """The lower triangle L with L·Lᵀ equal to the matrix (Cholesky)."""
    size = len(matrix)
    lower = [[0.0] * size for _ in range(size)]
    for a in range(size):
        for b in range(a + 1):
            rest = matrix[a][b] - sum(lower[a][k] * lower[b][k] for k in range(b))
            lower[a][b] = math.sqrt(rest) if a == b else rest / lower[b][b]
    return lower
