"""How often stated 95% intervals hold the truth: 400 samples of 4,096 futures of known columns, in every design.

Normal and lognormal columns, and one with an atom at a bound, whose quantile inside the atom is always held. The standard
deviation of the lognormal column is left out: its error rests on a kurtosis of 114, and it is held in about nine of ten.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from stresstest.measures.designs import Design
from stresstest.measures.estimates import Wanted, estimate
from stresstest.measures.stream import Column

pytestmark = pytest.mark.unit

SAMPLES, N, R, ATOM = 400, 4096, 16, 0.3
LEAST, MOST = 0.92, 0.98
Z = {p: float(ndtri(p)) for p in (0.05, 0.5, 0.95, 0.99)}
STATISTICS = [
    Wanted("mean"), Wanted("sd"), *(Wanted("quantile", p) for p in Z), Wanted("cte", 0.95), Wanted("cte", 0.99),
    Wanted("negative"),
]  # fmt: skip


def phi(z):
    """The normal density."""
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def truth():
    """True values of the statistics, by column."""
    normal = {"mean": 0.0, "sd": 1.0, "probability_negative": 0.5}
    long = {"mean": math.exp(0.5)}
    rest = 1 - ndtr(ATOM)
    atom_mean = phi(ATOM) - ATOM * rest
    square = (1 + ATOM**2) * rest - ATOM * phi(ATOM)
    atom = {"mean": atom_mean, "sd": math.sqrt(square - atom_mean**2)}
    for p, z in Z.items():
        name = f"p{100 * p:g}"
        normal[name], long[name], atom[name] = z, math.exp(z), max(0.0, z - ATOM)
    for p in (0.95, 0.99):
        name = f"cte{100 * p:g}"
        normal[name] = phi(Z[p]) / (1 - p)
        long[name] = math.exp(0.5) * ndtr(1 - Z[p]) / (1 - p)
        atom[name] = normal[name] - ATOM
    return {"normal": normal, "lognormal": long, "atom": atom}


def columns(z):
    """The three columns of normals z[n]."""
    return {"normal": z, "lognormal": np.exp(z), "atom": np.maximum(z - ATOM, 0.0)}


def independent(rng):
    """Independent futures of equal weight."""
    return rng.standard_normal(N), None, None, Design()


def mixture(rng, upper):
    """Normals, those of the upper half of a mixture moved up by 1.5, with the weights that undo it."""
    z = rng.standard_normal(N) + np.where(upper, 1.5, 0.0)
    return z, 1.0 / (0.5 + 0.5 * np.exp(1.5 * z - 1.125))


def weighted(rng):
    """Independent futures from either half of a mixture, by chance."""
    return *mixture(rng, rng.random(N) < 0.5), None, Design()


def importance(rng):
    """Sixteen replicates that hold both halves of a mixture in equal parts."""
    return *mixture(rng, np.arange(N) // R % 2 == 1), np.arange(N) % R, Design("importance", R)


def heavy(rng):
    """Independent futures with lognormal weights that have nothing to do with the column: worth 1,507 futures."""
    return rng.standard_normal(N), np.exp(rng.standard_normal(N)), None, Design()


def pairs(rng):
    """Pairs that lean against each other."""
    one, other = rng.standard_normal((2, N // 2))
    return np.stack([one, 0.8 * other - 0.6 * one], axis=1).ravel(), None, np.arange(N) // 2, Design("random", 1, True)


def replicates(rng):
    """Sixteen Latin hypercubes in one dimension, blurred by as much independent noise: even inside, clustered outside."""
    points = np.stack([rng.permutation(N // R) for _ in range(R)], axis=1).ravel()
    z = ndtri((points + rng.random(N)) / (N // R))
    return (z + rng.standard_normal(N)) / math.sqrt(2), None, np.arange(N) % R, Design("lhs", R)


def cells(rng):
    """Cells of unequal shares in one of two directions, some with one future or two, each with its weight."""
    count, own = 400, np.linspace(0.2, 1.8, 400) / 400
    share = 0.5 * own + 0.5 / count
    cell = np.searchsorted(np.cumsum(share), (np.arange(N) + 0.5) / N)
    inside = np.concatenate(([0.0], np.cumsum(own)))[cell] + own[cell] * rng.random(N)
    z = (ndtri(np.clip(inside, 1e-12, 1 - 1e-12)) + rng.standard_normal(N)) / math.sqrt(2)
    return z, own[cell] / share[cell], cell, Design("stratified")


SAMPLED = (independent, weighted, importance, heavy, pairs, replicates, cells)


@pytest.mark.parametrize("sample", SAMPLED, ids=lambda f: f.__name__)
def test_intervals_hold_the_truth(sample):
    """In 400 samples every interval holds the truth in 92 to 98 of a hundred; inside an atom always."""
    known = truth()
    held = {(name, statistic): 0 for name, found in known.items() for statistic in found}
    for seed in range(SAMPLES):
        z, weights, groups, design = sample(np.random.default_rng([seed, 4]))
        for name, values in columns(z).items():
            for e in estimate(Column.of(values, weights, groups, design), STATISTICS):
                if e.statistic in known[name]:
                    held[name, e.statistic] += e.low <= known[name][e.statistic] <= e.high
    for (name, statistic), count in held.items():
        if name == "atom" and statistic in ("p5", "p50"):
            assert count == SAMPLES, (name, statistic)
        elif not (sample is heavy and statistic in ("p99", "cte99")):  # worth 15 futures in the tail
            assert LEAST <= count / SAMPLES <= MOST, (name, statistic, count / SAMPLES)
