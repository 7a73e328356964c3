"""Thresholds and areas against scikit-learn and hand values; errors against repeated sampling; a known world gives its
threshold."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score, roc_curve

from stresstest.errors import DataError
from stresstest.measures.intervals import wilson
from stresstest.methods.thresholds import area_under_curve, best_threshold, judge, rate

pytestmark = pytest.mark.unit


def world(n, seed=0, ties=False):
    """Values and failures of a logistic world: P(fails) = 1 / (1 + exp(−2 (x − 0.5)))."""
    r = np.random.default_rng(seed)
    x = r.normal(0.5, 1.0, n)
    x = x.round(1) if ties else x
    return x, r.uniform(size=n) < 1.0 / (1.0 + np.exp(-2.0 * (x - 0.5))), r.uniform(0.2, 3.0, n)


@pytest.mark.parametrize("ties", [False, True])
def test_area_equals_that_of_scikit_learn(ties):
    """The area under the curve equals scikit-learn's, with ties and with weights."""
    x, failed, weight = world(700, 1, ties)
    assert area_under_curve(x, failed).value == pytest.approx(roc_auc_score(failed, x), abs=1e-12)
    weighted = area_under_curve(x, failed, weight).value
    assert weighted == pytest.approx(roc_auc_score(failed, x, sample_weight=weight), abs=1e-12)
    assert area_under_curve(-x, failed).value == pytest.approx(1.0 - area_under_curve(x, failed).value, abs=1e-12)


def test_area_and_its_error_by_hand():
    """Two failing at 2 and 4, three others at 1, 2 and 3: 4.5 of 6 pairs, placements 0.5 and 1, 0.75… as DeLong's formula has
    them."""
    found = area_under_curve(np.array([2.0, 4.0, 1.0, 2.0, 3.0]), np.array([1, 1, 0, 0, 0], dtype=bool))
    assert found.value == pytest.approx(4.5 / 6.0)
    failing, other = np.array([0.5, 1.0]), np.array([1.0, 0.75, 0.5])
    by_hand = failing.var(ddof=1) / 2 + other.var(ddof=1) / 3
    assert found.error == pytest.approx(np.sqrt(by_hand))


def test_error_of_the_area_is_that_of_repeated_samples():
    """Over 300 samples the spread of the area equals its stated error within a tenth, and nine in ten intervals or more hold
    it."""
    truth = area_under_curve(*world(200_000, 99)[:2]).value
    found = [area_under_curve(*world(300, seed)[:2]) for seed in range(300)]
    assert np.std([one.value for one in found]) == pytest.approx(np.mean([one.error for one in found]), rel=0.12)
    assert 0.91 <= np.mean([one.low <= truth <= one.high for one in found]) <= 0.99


def test_threshold_is_youdens_and_that_of_the_world():
    """The threshold has the largest hit less false-alarm rate of scikit-learn's curve, and lies where the world's chance passes
    a half."""
    x, failed, weight = world(4000, 3, ties=True)
    for w in (None, weight):
        alarms, hits, _ = roc_curve(failed, x, sample_weight=w, drop_intermediate=False)
        assert best_threshold(x, failed, w).youden == pytest.approx((hits - alarms).max(), abs=1e-12)
    big, came, _ = world(200_000, 4)
    found = best_threshold(big, came)
    assert found.above
    assert found.value == pytest.approx(0.5, abs=0.15)
    other = best_threshold(-big, came)
    assert not other.above
    assert other.value == pytest.approx(-found.value, abs=1e-9)
    np.testing.assert_array_equal(other.signal(-big), found.signal(big))


def test_rates_by_hand():
    """Hits, false alarms and precision of six futures by hand; Wilson's interval at their number."""
    signal, failed = np.array([1, 1, 0, 1, 0, 0], dtype=bool), np.array([1, 1, 1, 0, 0, 0], dtype=bool)
    found = judge(signal, failed)
    assert (found.hit.value, found.false_alarm.value, found.precision.value) == pytest.approx((2 / 3, 1 / 3, 2 / 3))
    assert found.youden == pytest.approx(1 / 3)
    whole = rate(np.arange(400) < 100)
    assert (whole.low, whole.high) == pytest.approx(wilson(0.25, 400), abs=2e-4)
    never = judge(np.zeros(6, dtype=bool), failed)
    assert never.precision.value == pytest.approx(0.5)
    assert 0.0 == never.hit.value < never.hit.high < 1.0


def test_weights_and_groups_count():
    """A future of weight 2 counts as two; copies of each future in one group leave the error what it was."""
    hit = np.array([1, 0, 0, 1, 0, 0, 1], dtype=bool)
    weight = np.array([2.0, 1, 1, 1, 1, 1, 1])
    assert rate(hit, weight).value == pytest.approx(0.5)
    four = np.tile(hit, 4)
    grouped = rate(four, None, np.tile(np.arange(7), 4))
    assert grouped.error == pytest.approx(rate(hit).error)
    assert rate(four).error < 0.6 * grouped.error
    x = np.arange(28.0) % 7
    assert (
        area_under_curve(np.tile(np.arange(7.0), 4), four, None, np.tile(np.arange(7), 4)).error
        > area_under_curve(x, four).error
    )


def test_what_cannot_be_told_apart_is_refused():
    """All failing, none failing, a NaN, and nobody to count are refused in words; one value only has no threshold."""
    x = np.arange(4.0)
    for failed in (np.ones(4, dtype=bool), np.zeros(4, dtype=bool)):
        with pytest.raises(DataError, match="fail"):
            area_under_curve(x, failed)
    with pytest.raises(DataError, match="no number"):
        best_threshold(np.array([1.0, np.nan]), np.array([True, False]))
    with pytest.raises(DataError, match="no future"):
        rate(np.ones(3, dtype=bool), among=np.zeros(3, dtype=bool))
    assert best_threshold(np.ones(4), np.array([1, 0, 1, 0], dtype=bool)) is None
