"""Variances of a sum by design, against plain loops, and what a manifest may say of its design."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reference import estimates as slow
from stresstest.errors import DataError
from stresstest.measures.designs import Design
from stresstest.measures.intervals import NORMAL, student
from stresstest.measures.tallies import Spread, uneven

pytestmark = pytest.mark.unit

RANDOM = np.random.default_rng(20)
N = 960
SCORES = RANDOM.exponential(size=N) - 1.0
SCORES -= SCORES.mean()
PAIRS = Design("random", 1, True)
GROUPS = {
    "independent": (Design(), np.zeros(N, dtype=np.int64), lambda u, g: slow.independent(u)),
    "pairs": (PAIRS, np.arange(N) // 2, slow.clustered),
    "pairs far apart": (PAIRS, np.arange(N) % (N // 2), slow.clustered),
    "replicates": (Design("sobol", 16), np.arange(N) % 16, slow.clustered),
    "cells": (Design("stratified"), RANDOM.integers(0, 90, N), slow.stratified),
    "cells with single futures": (Design("stratified"), RANDOM.integers(0, 700, N), slow.stratified),
    "one cell": (Design("stratified"), np.full(N, 5), slow.stratified),
}


@pytest.mark.parametrize("name", GROUPS)
def test_variances_are_those_of_plain_loops(name):
    """Variance of Σ u as the module says it in words, summed future by future."""
    design, groups, reference = GROUPS[name]
    assert design.spread(SCORES, groups).variance == pytest.approx(reference(SCORES, groups.tolist()), rel=1e-10)


@pytest.mark.parametrize("name", GROUPS)
@pytest.mark.parametrize("parts", [2, 7, N])
def test_a_sum_may_come_in_pieces(name, parts):
    """However the futures are cut into pieces, variance, skewness, kurtosis and degrees of freedom are the same."""
    design, groups, _ = GROUPS[name]
    tally = design.tally()
    for u, g in zip(np.array_split(SCORES, parts), np.array_split(groups, parts), strict=True):
        tally.add(u, g)
    one, two = design.spread(SCORES, groups), tally.spread()
    for field in ("variance", "skewness", "kurtosis", "freedom"):
        assert getattr(two, field) == pytest.approx(getattr(one, field), rel=1e-9), field


def test_shape_of_independent_scores():
    """Skewness is Σu³ / (Σu²)^1.5, kurtosis Σu⁴ / (Σu²)², and neither is there where it was not asked for."""
    spread = Design().spread(SCORES, np.zeros(N, dtype=np.int64))
    square = (SCORES**2).sum()
    assert spread.skewness == pytest.approx((SCORES**3).sum() / square**1.5)
    assert spread.kurtosis == pytest.approx((SCORES**4).sum() / square**2)
    assert spread.freedom == N - 1
    plain = Design().tally(shape=False)
    plain.add(SCORES, np.zeros(N, dtype=np.int64))
    assert plain.spread() == Spread(spread.variance, 0.0, 0.0, N - 1)


def test_cells_know_their_shape():
    """Within one large cell skewness and kurtosis are those of independent futures, but for the number of futures."""
    one = Design("stratified").spread(SCORES, np.zeros(N, dtype=np.int64))
    two = Design().spread(SCORES, np.zeros(N, dtype=np.int64))
    assert one.skewness == pytest.approx(two.skewness, rel=0.01)
    assert one.kurtosis == pytest.approx(two.kurtosis, rel=0.01)


def test_pairs_that_cancel_have_no_error():
    """A score and its opposite in every pair leave nothing to chance; unpaired they would."""
    u = np.repeat(SCORES[:50], 2) * np.tile([1.0, -1.0], 50)
    assert PAIRS.spread(u, np.arange(100) // 2).variance == 0.0
    assert Design().spread(u, np.arange(100)).variance > 0.0


def test_a_pair_without_its_partner_counts_alone():
    """An odd future at the end is a unit of its own."""
    u = np.array([1.0, 2.0, -3.0])
    assert PAIRS.spread(u, np.array([0, 0, 1])).variance == pytest.approx(2.0 * (9.0 + 9.0))


def test_replicates_use_t_and_lean_with_the_tail():
    """Sixteen replicates have 15 degrees of freedom; skewness is the larger of the two where both lean one way."""
    spread = Design("lhs", 16).spread(SCORES, np.arange(N) % 16)
    assert spread.critical == student(15)
    sums = np.bincount(np.arange(N) % 16, SCORES)
    alone = (SCORES**3).sum() / (SCORES**2).sum() ** 1.5
    between = (sums**3).sum() / (sums**2).sum() ** 1.5
    expected = between if between > alone else alone
    assert spread.skewness == pytest.approx(expected)
    assert spread.kurtosis == 0.0


def test_equal_replicates_have_no_variance():
    """Replicates that agree exactly give no variance, and no division by it."""
    spread = Design("sobol", 4).spread(np.tile([1.0, -1.0], 8), np.repeat(np.arange(4), 4))
    assert (spread.variance, spread.skewness) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("design", "units", "method"),
    [
        (Design(), "futures", "independent futures"), (PAIRS, "pairs", "pairs"),
        (Design("sobol", 16), "replicates", "16 replicates, t"), (Design("stratified", 16), "cells", "by cell"),
        (Design("lhs", 1), "futures", "as if independent"), (Design("importance", 8), "replicates", "8 replicates, t"),
    ],
)  # fmt: skip
def test_designs_say_how_errors_were_found(design, units, method):
    """Every design names what is independent in it; one replicate alone is stated as if futures were independent."""
    assert (design.units, design.method) == (units, method)


def test_a_manifest_names_its_design():
    """Kind, replicates and pairs are read from the manifest; one that is older than designs means random."""
    found = Design.from_manifest({"design": {"kind": "sobol", "replicates": 32, "antithetic": False}})
    assert found == Design("sobol", 32, False)
    assert Design.from_manifest({}) == Design("random", 1, False)
    assert Design.from_manifest({"design": None}) == Design()


def test_an_unknown_design_is_refused_kindly():
    """A misspelt kind names the key and the nearest design; a design that is no table is refused too."""
    with pytest.raises(DataError, match="did you mean: sobol"):
        Design.from_manifest({"design": {"kind": "sobel"}})
    with pytest.raises(DataError, match="design"):
        Design.from_manifest({"design": {"replicates": "many"}})


def test_heavy_tails_widen_the_critical_value():
    """With kurtosis the interval uses 2·2 / kurtosis degrees of freedom, within those of the design; without it, all."""
    error, low, high = Spread(4.0, 0.0, 0.4, math.inf).interval(0.0, 2.0)
    assert (error, low, high) == pytest.approx((1.0, -student(10.0), student(10.0)))
    assert Spread(4.0, 0.0, 0.0, math.inf).interval(0.0, 2.0)[2] == NORMAL


@pytest.mark.parametrize("n", [1000, 1024, 4096, 5000])
def test_dealt_out_cells_miss_their_share_by_what_is_said(n):
    """The mean square of a cell's count less its share, dealt out by radical inverse, is at most the formula's."""
    f, value, step, left = np.arange(1, n + 1), np.zeros(n), 0.5, np.arange(1, n + 1)
    while left.any():
        value, step, left = value + step * (left & 1), step / 2.0, left >> 1
    assert f.size == n
    found = []
    for seed in range(10):
        shares = np.random.default_rng(seed).dirichlet(np.full(300, 0.5))
        cell = np.minimum(np.searchsorted(np.cumsum(shares), value, side="right"), 299)
        found.append(np.mean((np.bincount(cell, minlength=300) - n * shares) ** 2))
    assert 0.4 * uneven(n) <= np.mean(found) <= 1.1 * uneven(n)
