"""Intervals against tables, against the binomial distribution, and against their own definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from stresstest.measures.intervals import NORMAL, levels, order_statistics, skewed, student, unskewed, wilson

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("freedom", "value"), [(1, 12.7062), (7, 2.3646), (15, 2.1314), (31, 2.0395)])
def test_student_is_the_tables(freedom, value):
    """The critical value is that of Student's t at 97.5%; between two degrees of freedom it lies between theirs."""
    assert student(freedom) == pytest.approx(value, abs=1e-4)
    assert student(freedom + 1) < student(freedom + 0.5) < student(freedom)


def test_student_ends_in_the_normal_and_never_starts_below_one_degree():
    """Without end the degrees give the normal's 1.96; fewer than one are taken as one."""
    assert student(math.inf) == NORMAL
    assert student(0.2) == student(1.0)
    assert student(1e9) == pytest.approx(NORMAL, abs=1e-6)


@pytest.mark.parametrize("skewness", [-0.9, -0.3, 1e-5, 0.3, 0.9])
@pytest.mark.parametrize("x", [-3.0, -1.0, 0.0, 1.96, 3.0])
def test_unskewing_undoes_halls_transform(skewness, x):
    """y is the root of Hall's cubic y + a k y² + (a k)² y³ / 3 + k/6 = x with a = 1/3."""
    y = unskewed(x, skewness)
    assert y + skewness * y**2 / 3 + skewness**2 * y**3 / 27 + skewness / 6 == pytest.approx(x, abs=1e-7)


def test_a_skewed_interval_leans_to_the_long_tail():
    """Without skewness the interval is value ± t·error; with a long tail above it reaches further up, mirrored below."""
    assert skewed(10.0, 2.0, 0.0, 1.5) == (7.0, 13.0)
    low, high = skewed(0.0, 1.0, 0.4, 1.96)
    assert high > 1.96 > -low
    assert skewed(0.0, 1.0, -0.4, 1.96) == pytest.approx((-high, -low))
    assert skewed(5.0, 0.0, 0.4, 1.96) == (5.0, 5.0)


@pytest.mark.parametrize(
    ("share", "n", "low", "high"), [(0.0, 10, 0.0, 0.27753), (0.5, 10, 0.23659, 0.76341), (0.2, 50, 0.11244, 0.33037)]
)
def test_wilson_is_the_published_interval(share, n, low, high):
    """Wilson's interval of 0 of 10, 5 of 10 and 10 of 50, as worked out by hand and by R's prop.test without correction."""
    assert wilson(share, n) == pytest.approx((low, high), abs=1e-5)


@pytest.mark.parametrize("share", [0.0, 1e-6, 0.3, 1.0])
def test_wilson_never_has_no_width(share):
    """Where nobody or everybody was seen the interval still has a width, holds the share, and stays within 0 and 1."""
    low, high = wilson(share, 1000, 2.13)
    assert 0.0 <= low <= share <= high <= 1.0
    assert high - low > 0.001


@pytest.mark.parametrize("p", [0.01, 0.05, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("n", [40, 997, 4096, 100_000])
def test_order_statistics_are_exact(n, p):
    """The ranks are the tightest whose tails are each at most 2.5% by scipy's binomial distribution."""
    first, last = order_statistics(n, p)
    assert first == stats.binom.ppf(0.025, n, p)
    assert last == stats.binom.ppf(0.975, n, p) + 1
    assert stats.binom.cdf(first - 1, n, p) <= 0.025
    assert stats.binom.sf(last - 1, n, p) <= 0.025


def test_too_few_futures_have_no_bound():
    """Of 40 futures none bounds the 99th percentile from above, and none the 1st from below."""
    assert order_statistics(40, 0.99)[1] == 41
    assert order_statistics(40, 0.01)[0] == 0


@pytest.mark.parametrize("p", [0.01, 0.5, 0.95])
def test_levels_are_those_of_a_binomial_count(p):
    """With a binomial's own error, the levels are its 2.5% and 97.5% quantiles to within one future."""
    n = 2000
    low, high = levels(p, math.sqrt(p * (1 - p) / n), NORMAL)
    assert np.array([low, high]) * n == pytest.approx(stats.binom.ppf([0.025, 0.975], n, p), abs=1.0)
    assert low < p < high
