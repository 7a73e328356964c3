"""Paired differences against closed forms, and the switching value against its interval by simulation and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stresstest.futures.resampling import key_of, normals, uniforms
from stresstest.measures.designs import Design
from stresstest.measures.moments import Estimate
from stresstest.measures.stream import Column
from stresstest.methods.paired import ABOVE, ALWAYS, BELOW, NEVER, NONE, SAME, covariance, paired, switching

pytestmark = pytest.mark.unit


def phi(x):
    """The normal distribution function."""
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


def test_normals_that_share_most_of_their_chance():
    """X = Z + e, Y = Z + 0.5 + f: mean, median, middle 80% and P(X > Y) of the closed form lie in their intervals."""
    z, e, f = normals(key_of("paired test"), 3, 40_000)
    found = paired(Column.of((z + e) - (z + 0.5 + f)))
    sd = math.sqrt(2.0)
    assert found.mean.low < -0.5 < found.mean.high
    assert found.mean.error == pytest.approx(sd / 200.0, rel=0.02)
    assert found.median.low < -0.5 < found.median.high
    assert found.low == pytest.approx(-0.5 - 1.2816 * sd, abs=0.04)
    assert found.high == pytest.approx(-0.5 + 1.2816 * sd, abs=0.04)
    assert found.above.low < phi(-0.5 / sd) < found.above.high
    assert found.same.value == 0.0


def test_exponentials_and_ties():
    """For exponentials of rates 1 and 2, P(X > Y) = 2/3; where a third of the futures tie, ties stand apart."""
    u, v, w = uniforms(key_of("paired ties"), 3, 40_000)
    x, y = -np.log(u), -np.log(v) / 2.0
    found = paired(Column.of(np.where(w < 1.0 / 3.0, 0.0, x - y)))
    for share, expected in ((found.above, 4.0 / 9.0), (found.below, 2.0 / 9.0), (found.same, 1.0 / 3.0)):
        assert share.low < expected < share.high
    assert found.above.value + found.below.value + found.same.value == pytest.approx(1.0, abs=1e-12)


def test_weights_and_groups_count():
    """A future of weight 3 counts as three; in replicates the error is that of the replicates' means."""
    found = paired(Column.of(np.array([1.0, -1.0, 0.0]), np.array([3.0, 1.0, 1.0])))
    assert found.mean.value == pytest.approx(0.4)
    assert (found.above.value, found.below.value, found.same.value) == pytest.approx((0.6, 0.2, 0.2))
    values, groups = np.array([1.0, 3.0, 5.0, 7.0]), np.array([0, 0, 1, 1])
    two = paired(Column.of(values, None, groups, Design("lhs", 2)))
    assert two.mean.error == pytest.approx(np.std([2.0, 6.0], ddof=1) / math.sqrt(2.0))


def test_reversed_is_the_other_way_round():
    """Exchanging the options negates everything and exchanges the shares; twice is once."""
    found = paired(Column.of(normals(key_of("paired reversed"), 1, 500)[0] + 0.2))
    back = found.reversed
    assert back.mean.value == -found.mean.value
    assert (back.mean.low, back.low, back.above) == (-found.mean.high, -found.high, found.below)
    assert back.reversed == found
    assert str(SAME.reversed.mean.value) == "0.0"


def test_switching_value_by_hand():
    """£1m more for 50 QALYs flips at £20,000; cheaper and healthier is better at any value; the interval is Fieller's."""
    found = switching(Estimate("", 1e6, 1e5), Estimate("", 50.0, 5.0), 0.0)
    assert found.holds == ABOVE
    assert found.value == 20_000.0
    t = 1.959963984540054
    for end in (found.low, found.high):
        assert (1e6 - 50.0 * end) ** 2 == pytest.approx(t * t * (1e10 + 25.0 * end * end), rel=1e-9)
    assert switching(Estimate("", -1e6, 1e5), Estimate("", 50.0, 5.0), 0.0).holds == ALWAYS
    assert switching(Estimate("", 1e6, 1e5), Estimate("", -50.0, 5.0), 0.0).holds == NEVER
    assert switching(Estimate("", -1e6, 1e5), Estimate("", -50.0, 5.0), 0.0).holds == BELOW
    assert switching(Estimate("", 0.0, 0.0), Estimate("", 0.0, 0.0), 0.0).holds == NONE


def test_no_interval_where_health_is_within_its_error():
    """Where the difference in health may be nothing, no value can be bounded, and nothing is settled."""
    found = switching(Estimate("", 1e6, 1e5), Estimate("", 5.0, 5.0), 0.0)
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert not found.settled


def test_fieller_covers_the_ratio():
    """Over 400 samples the 95% interval of the ratio of two dependent means holds the truth in 92 to 98% of them."""
    a, b = normals(key_of("fieller"), 2, 400 * 100).reshape(2, 400, 100)
    covered = 0
    for one, two in zip(a, b, strict=True):
        money, health = 2.0 + one, 0.5 + 0.6 * one + 0.4 * two
        columns = [Column.of(x) for x in (money, health, money + health)]
        m, h = (Estimate("", x.mean(), x.std(ddof=1) / 10.0) for x in (money, health))
        found = switching(m, h, covariance(*columns), 1.984)
        covered += found.low < 4.0 < found.high
    assert 0.92 <= covered / 400 <= 0.98


def test_covariance_of_means():
    """The covariance of two means of independent futures is that of the values over their number."""
    a, b = normals(key_of("covariance"), 2, 5000)
    x, y = a, 0.7 * a + b
    assert covariance(*(Column.of(v) for v in (x, y, x + y))) == pytest.approx(np.cov(x, y)[0, 1] / 5000, rel=1e-6)
