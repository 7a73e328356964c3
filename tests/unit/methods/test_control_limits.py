"""Control limits and the chance of crossing a trigger: by hand, and against the normal law."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.methods.control_limits import FEWEST, crossing, limits_by_year, weighted_quantiles
from stresstest.methods.thresholds import Threshold

pytestmark = pytest.mark.unit


def test_weighted_quantiles_by_hand():
    """Of 1, 2 and 3 with weights 1, 1 and 2 the median is 2 and the 60% point 3; whole weights stand for copies."""
    values, weight = np.array([3.0, 1.0, 2.0]), np.array([2.0, 1.0, 1.0])
    assert weighted_quantiles(values, weight, (0.2, 0.5, 0.6, 1.0)).tolist() == [1.0, 2.0, 3.0, 3.0]
    copies = np.repeat(values, weight.astype(int))
    levels = (0.1, 0.3, 0.7)
    assert (
        weighted_quantiles(values, weight, levels).tolist() == weighted_quantiles(copies, np.ones(4), levels).tolist()
    )


def test_limits_of_a_normal_quantity():
    """Limits of a normal quantity lie at −2.33, −1.64, 0, 1.64 and 2.33; futures that do not go well are left out."""
    r = np.random.default_rng(1)
    values = np.stack([r.normal(size=40_000), 10.0 + 2.0 * r.normal(size=40_000)])
    well = np.ones((2, 40_000), dtype=bool)
    well[:, :10_000] = False
    values[:, :10_000] = 1e9
    first, second = limits_by_year(values, well, np.ones(40_000))
    assert [first.low_outer, first.low, first.middle, first.high, first.high_outer] == pytest.approx(
        [-2.33, -1.64, 0, 1.64, 2.33], abs=0.06
    )
    assert (second.low, second.high) == pytest.approx((6.7, 13.3), abs=0.1)
    assert first.futures == 30_000


def test_a_year_with_few_futures_has_no_limits():
    """A year with fewer than a hundred futures in service has no limits."""
    well = np.ones((2, FEWEST), dtype=bool)
    well[1, 0] = False
    found = limits_by_year(np.zeros((2, FEWEST)), well, np.ones(FEWEST))
    assert found[0] is not None
    assert found[1] is None


def test_crossing_by_hand():
    """Four futures: one crosses in service, one only after it has left, one never, and one fails and is not counted: a third."""
    values = np.array([[0.0, 0.0, 0.0, 9.0], [9.0, 0.0, 0.0, 9.0], [0.0, 9.0, 0.0, 9.0]])
    seen = np.ones((3, 4), dtype=bool)
    seen[2, 1] = False
    triggers = [None, Threshold(5.0, True, 0.5), Threshold(5.0, True, 0.5)]
    well = np.array([True, True, True, False])
    assert crossing(values, seen, triggers, well, np.ones(4)).value == pytest.approx(1 / 3)
    assert crossing(values, seen, [None, None, triggers[2]], well, np.ones(4)).value == 0.0


def test_false_alarms_add_up_over_the_years():
    """A trigger at the 5% point of independent years is crossed by chance in 1 − 0.95^10 of the futures within ten years."""
    values = np.random.default_rng(2).normal(size=(10, 30_000))
    trigger = Threshold(-1.6448536, False, 0.5)
    found = crossing(
        values, np.ones(values.shape, dtype=bool), [trigger] * 10, np.ones(30_000, dtype=bool), np.ones(30_000)
    )
    assert found.value == pytest.approx(1.0 - 0.95**10, abs=4.0 * found.error)
