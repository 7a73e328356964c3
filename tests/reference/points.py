"""Points of the unit cube by design, one future at a time, from the designs' own texts.

random, antithetic pairs, Latin hypercube (McKay, Beckman and Conover 1979; permutations after Black and Rogaway 2002),
scrambled Sobol' nets (Joe and Kuo 2008 by way of scipy; random linear scramble of Matoušek 1998), tilted halves
(Hesterberg 1995), and Householder mirrors of the paths.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import qmc

from .draws import UNIFORM, Streams, key_of, shape_of, threefry, uniform, variates

LATIN, NET = 0x4C485300, 0x534F4200
PILES_UP = {f"noise/{name}" for name in ("list", "need", "pay", "productivity", "funding")}


@dataclass(frozen=True)
class Asked:
    """A study's streams and its design. `first` and `yearly` are the registers of Sobol' dimensions."""

    seed: int
    place: str
    years: int
    noise: tuple[str, ...]
    once: tuple[str, ...]
    kind: str
    replicates: int
    antithetic: bool
    futures: int
    tilt: dict[str, float]
    first: tuple[str, ...]
    yearly: tuple[str, ...]

    @property
    def shape(self) -> dict[str, tuple[str, int]]:
        """Place and number of draws of every stream."""
        return shape_of(self.place, self.years, self.noise, self.once)

    def dimension(self, name: str, slot: int) -> int:
        """Sobol' dimension of a draw: forty for the single draws, then forty for every slot of the yearly ones."""
        return self.first.index(name) if name in self.first else 40 + 40 * slot + self.yearly.index(name)


# ── Latin hypercube ────────────────────────────────────────────────────────────────────────────────────────────────
def scattered(x: int) -> int:
    """Wellons' lowbias32, as published."""
    x = (x ^ (x >> 16)) * 0x7FEB352D % 2**32
    x = (x ^ (x >> 15)) * 0x846CA68B % 2**32
    return x ^ (x >> 16)


def permutation(n: int, keys: tuple[int, ...]) -> list[int]:
    """All of a keyed permutation of 0 … n − 1: four Feistel rounds on the fewest even bits, walked until inside."""
    half = 1
    while 4**half < n:
        half += 1

    def step(x: int) -> int:
        left, right = divmod(x, 2**half)
        for key in keys:
            left, right = right, left ^ (scattered(right ^ key) % 2**half)
        return left * 2**half + right

    found = []
    for q in range(n):
        x = step(q)
        while x >= n:
            x = step(x)
        found.append(x)
    return found


@cache
def permutation_of(key: tuple[int, ...], slot: int, replicate: int, points: int) -> list[int]:
    """The permutation of one draw in one hypercube."""
    return permutation(points, threefry((slot, replicate, 0, LATIN), key))


def latin(asked: Asked, key: tuple[int, ...], slot: int, future: int) -> float:
    """A point inside the slice that the hypercube's permutation gives it."""
    q, r = divmod(future - 1, asked.replicates)
    points = math.ceil((asked.futures - r) / asked.replicates)
    return (permutation_of(key, slot, r, points)[q] + uniform(key, future, slot)) / points


# ── nets ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@cache
def plain_net_point(q: int) -> tuple[int, ...]:
    """The unscrambled Sobol' point number q, in Gray code order, as 32-bit numbers."""
    engine = qmc.Sobol(1280, scramble=False, bits=32)
    if q > 0:
        engine.fast_forward(q)
    return tuple(int(x) for x in np.round(engine.random(1)[0] * 2.0**32))


@cache
def scramble_of(key: tuple[int, ...], slot: int, net: int) -> tuple[int, ...]:
    """Thirty-two rows of a matrix, then the shift."""
    words = [word for group in range(9) for word in threefry((slot, net, group, NET), key)]
    return tuple(words[:33])


def scrambled(x: int, rows: tuple[int, ...], shift: int) -> int:
    """Digit by digit (the first is the highest bit): the digit itself, plus those before it that the row picks, mod 2."""
    digits = [(x >> (31 - k)) & 1 for k in range(32)]
    found = 0
    for k, digit in enumerate(digits):
        picked = sum(digits[j] for j in range(k) if (rows[k] >> (31 - j)) & 1)
        found = 2 * found + (digit + picked) % 2
    return found ^ shift


def net_point(asked: Asked, name: str, key: tuple[int, ...], slot: int, future: int) -> float:
    """A point of the future's net: one net a replicate, two where halves of a mixture have one each."""
    q, r = divmod(future - 1, asked.replicates)
    net = r
    if asked.kind == "importance":
        q, half = divmod(q, 2)
        net = r + half * asked.replicates
    *rows, shift = scramble_of(key, slot, net)
    x = scrambled(plain_net_point(q)[asked.dimension(name, slot)], tuple(rows), shift)
    return (x + 0.5) / 2.0**32


# ── the cube ───────────────────────────────────────────────────────────────────────────────────────────────────────
def point(asked: Asked, name: str, key: tuple[int, ...], slot: int, future: int) -> float:
    """One draw of one future as a point of the unit interval."""
    if future == 0:
        return 0.5
    if asked.kind == "lhs":
        return latin(asked, key, slot, future)
    if asked.kind in ("sobol", "importance"):
        return net_point(asked, name, key, slot, future)
    if asked.antithetic and future % 2 == 0:
        return 1.0 - uniform(key, future - 1, slot)
    return uniform(key, future, slot)


def cube(asked: Asked, future: int) -> Streams:
    """Every stream's points of one future."""
    found = {}
    for name, (place, slots) in asked.shape.items():
        key = key_of(asked.seed, name, place)
        found[name] = [point(asked, name, key, slot, future) for slot in range(slots)]
    return found


def tilted(streams: Streams, asked: Asked, future: int) -> float:
    """Tilt the futures of the second half in place; the weight that undoes the mixture."""
    if future == 0 or asked.kind != "importance":
        return 1.0
    second = (future - 1) // asked.replicates % 2 == 1
    along = 0.0
    for row, size in asked.tilt.items():
        name, _, slot = row.removesuffix("]").partition("[")
        own, k = streams[name], int(slot or 0)
        z = float(ndtri(own[k])) if name in UNIFORM else own[k]
        z += size if second else 0.0
        if second:
            own[k] = float(ndtr(z)) if name in UNIFORM else z
        along += size * z
    ratio = math.exp(along - sum(size**2 for size in asked.tilt.values()) / 2.0)
    return 2.0 / (1.0 + ratio)


def mirrored(z: list[float], direction: np.ndarray) -> list[float]:
    """The reflection that swaps the first unit vector and `direction`, applied to z."""
    a = direction / np.linalg.norm(direction)
    first = np.zeros(len(z))
    first[0] = 1.0
    across = (first - a)[:, None]
    return list((np.eye(len(z)) - 2.0 * across @ across.T / (across.T @ across)) @ np.array(z))


def direction_of(name: str, years: int) -> np.ndarray:
    """The direction that the first draw of a path moves it in."""
    if name in PILES_UP:  # an early draw moves all later years; nothing grows in the first
        return np.array([0.0, *range(years - 1, 0, -1)])
    return np.array(range(years, 0, -1), dtype=float) if name.startswith("axis/") else np.ones(years)


def nature_draws(asked: Asked, future: int) -> tuple[Streams, float]:
    """(variates of every stream, weight that the design gives) of one future."""
    streams = variates(cube(asked, future))
    weight = tilted(streams, asked, future)
    if asked.kind in ("sobol", "importance") and asked.years > 1:
        for name, (_, slots) in asked.shape.items():
            if name not in UNIFORM and slots == asked.years:
                streams[name] = mirrored(streams[name], direction_of(name, asked.years))
    return streams, weight
