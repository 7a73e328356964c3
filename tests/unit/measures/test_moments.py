"""Moments of a weighted column in parts, and the sums that errors rest on."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reference import estimates as slow
from stresstest.measures.designs import Design
from stresstest.measures.moments import Estimate, centred, moments, spreads
from stresstest.measures.stream import Column, Piece

pytestmark = pytest.mark.unit

RANDOM = np.random.default_rng(3)
X = np.where(RANDOM.random(500) < 0.3, 0.0, RANDOM.standard_normal(500))
W = RANDOM.exponential(size=500)


def column(parts, weights=W):
    """X with weights, in parts, one of them empty."""
    zero = np.zeros(500, dtype=np.int64)
    pieces = [Piece(*(np.array_split(a, parts)[k] for a in (X, weights, zero))) for k in range(parts)]
    return Column(lambda: iter([pieces[0].cut(slice(0, 0)), *pieces]))


@pytest.mark.parametrize("parts", [1, 3, 50])
def test_moments_are_those_of_plain_loops(parts):
    """Weighted mean and standard deviation of the whole, however it is cut; extremes and weights too."""
    m = moments(column(parts))
    assert m.mean == pytest.approx(slow.mean(X.tolist(), W.tolist()), rel=1e-12)
    assert m.sd == pytest.approx(slow.sd(X.tolist(), W.tolist()), rel=1e-12)
    assert (m.n, m.low, m.high, m.each) == (500, X.min(), X.max(), 0.0)
    assert m.weight == pytest.approx(W.sum())
    assert m.negative == pytest.approx(W[X < 0].sum())


def test_effective_futures():
    """Equal weights are worth every future; weights 1 and 3 in turn are worth four in five."""
    assert moments(column(2, np.full(500, 0.7))).effective == pytest.approx(500.0)
    assert moments(column(2, np.tile([1.0, 3.0], 250))).effective == pytest.approx(400.0)


def test_one_weight_is_recognised():
    """`each` is the weight that all futures share, and 0 as soon as one differs."""
    assert moments(column(4, np.full(500, 0.7))).each == 0.7
    assert moments(column(4, np.r_[np.full(499, 0.7), 0.8])).each == 0.0


def test_futures_without_weight_count_for_nothing():
    """A part that weighs nothing leaves mean and spread as they were."""
    weights = np.r_[W[:250], np.zeros(250)]
    m = moments(column(2, weights))
    assert m.mean == pytest.approx(slow.mean(X[:250].tolist(), W[:250].tolist()))
    assert m.weight == pytest.approx(W[:250].sum())


def test_one_value_has_no_spread():
    """One future has a mean and no standard deviation."""
    m = moments(Column.of(np.array([2.0])))
    assert m.mean == 2.0
    assert math.isnan(m.sd)


def test_spreads_weigh_the_influences():
    """The spread is that of w ψ(x), in one pass for several influences."""
    share = float(W[X < 0].sum() / W.sum())
    influences = [(lambda x: x - 1.0, True), (centred(lambda x: x < 0, share), False)]
    one, two = spreads(column(3), influences)
    zero = np.zeros(500, dtype=np.int64)
    assert one.variance == pytest.approx(Design().spread(W * (X - 1.0), zero).variance)
    assert two.variance == pytest.approx(Design().spread(W * ((X < 0) - share), zero).variance)
    assert two.skewness == 0.0
    assert spreads(column(3), []) == []


def test_reach_is_the_longer_side():
    """An estimate reaches as far as its interval's longer side; without an interval it has no reach."""
    assert Estimate("mean", 5.0, 1.0, 4.0, 8.0).reach == 3.0
    assert math.isnan(Estimate("mean", 5.0, 1.0).reach)
