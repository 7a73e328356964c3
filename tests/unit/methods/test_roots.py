"""Roots of noisy curves: closed forms, two crossings, none, flat curves, and intervals that cover."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stresstest.errors import DataError
from stresstest.futures.resampling import key_of, normals
from stresstest.methods.roots import EVERYWHERE, FOUND, NEVER, Reading, Remembered, certainty, inverted, scan

pytestmark = pytest.mark.unit
QUANTILE = 1.2815515655446004  # the normal's 90% quantile


def exact(function):
    """A curve without noise."""
    return lambda x: Reading(float(function(x)), 1e-6)


def walk_away(z):
    """The chance that a reserve x does not cover a loss z, z normal draws: the closed form is the normal's quantile."""

    def curve(x):
        event = (z > x).astype(float)
        return Reading(event.mean(), max(event.std(ddof=1), 1e-9) / math.sqrt(z.size), event.reshape(16, -1).mean(axis=1))

    return curve


def test_a_normal_loss_needs_its_quantile():
    """The reserve at which one future in ten fails is the 90% quantile, within three of its own standard errors."""
    curve = Remembered(walk_away(normals(key_of("roots"), 1, 40_000)[0]))
    found = scan(curve, -1.0, 4.0, 0.1, tolerance=1e-4)
    root = found.nearest(0.0)
    assert found.status == FOUND
    assert len(found.crossings) == 1
    assert root.above
    assert curve(root.value).value <= 0.1 < curve(root.misses).value
    assert 0.0 < root.value - root.misses <= 1e-4
    sure = certainty(curve.between(root.value - 0.1, root.value + 0.1), root.value, 0.1)
    by_hand = math.sqrt(0.09 / 40_000) / 0.1755  # √(p(1 − p) / n) over the normal's density at the quantile
    assert abs(root.value - QUANTILE) < 3.0 * sure.error
    assert sure.error == pytest.approx(by_hand, rel=0.15)
    assert sure.error_blocks == pytest.approx(by_hand, rel=0.6)
    assert sure.slope < 0.0


def test_every_crossing_is_reported():
    """A curve that dips below the target and rises again has two crossings, and the nearest to today's value is told."""
    found = scan(exact(lambda x: (x - 1.3) * (x - 3.1)), 0.0, 5.0, 0.0, tolerance=1e-6)
    assert [round(one.value, 5) for one in found.crossings] == [1.3, 3.1]
    assert [one.above for one in found.crossings] == [True, False]
    assert found.nearest(0.0).value == pytest.approx(1.3, abs=1e-5)
    assert found.nearest(9.0).value == pytest.approx(3.1, abs=1e-5)


def test_no_crossing_says_the_best():
    """A target that is out of reach gives no crossing, but the best point and its value."""
    found = scan(exact(lambda x: (x - 2.0) ** 2 + 1.0), 0.0, 4.0, 0.5, points=9)
    assert (found.status, found.crossings, found.best, found.best_value, found.flat) == (NEVER, (), 2.0, 1.0, False)
    assert found.nearest(1.0) is None


def test_met_everywhere():
    """A target that is met at every point has no crossing either, and says so."""
    assert scan(exact(lambda x: x), 0.0, 1.0, 2.0).status == EVERYWHERE


def test_a_flat_curve_is_called_flat():
    """A curve that the parameter does not move is flat, and gives no finite error."""
    curve = Remembered(exact(lambda x: 0.3))
    found = scan(curve, 0.0, 1.0, 0.1)
    assert found.flat
    assert found.status == NEVER
    sure = certainty(curve.between(0.0, 1.0), 0.5, 0.3)
    assert sure.error == math.inf
    assert (sure.low, sure.high) == (None, None)


def test_a_step_is_narrowed_to_its_edge():
    """A single step, on which false position crawls, is still narrowed within a few steps by bisection."""
    asked = []

    def curve(x):
        asked.append(x)
        return Reading(1.0 if x < 0.7317 else 0.0, 0.01)

    found = scan(curve, 0.0, 1.0, 0.001, points=3, tolerance=1e-6)
    assert found.crossings[0].value == pytest.approx(0.7317, abs=1e-6)
    assert len(asked) <= 3 + 45


def test_the_same_draws_give_the_same_root():
    """Common random numbers: the same draws give the same root to the last bit, other draws another."""
    one, two = normals(key_of("first"), 1, 1600)[0], normals(key_of("second"), 1, 1600)[0]
    first, again, other = (scan(walk_away(z), -1.0, 4.0, 0.1).crossings[0].value for z in (one, one, two))
    assert first == again != other


def test_intervals_by_inversion_cover():
    """Over 300 toy runs the inverted interval holds the true root about 95 times in a hundred."""
    draws = normals(key_of("cover"), 300, 1600)
    grid = np.linspace(QUANTILE - 0.3, QUANTILE + 0.3, 25)
    covered = 0
    for z in draws:
        readings = [walk_away(z)(x) for x in grid]
        root = scan(walk_away(z), -1.0, 4.0, 0.1).crossings[0].value
        values, errors = (np.array([getattr(r, name) for r in readings]) for name in ("value", "error"))
        low, high = inverted(grid, values, errors, root, 0.1)
        covered += (low is None or low <= QUANTILE) and (high is None or high >= QUANTILE)
    assert 0.91 <= covered / 300 <= 0.99


def test_bounds_without_room_are_refused():
    """Bounds that leave no room, and a target that is no number, are refused."""
    with pytest.raises(DataError, match="no room"):
        scan(exact(lambda x: x), 1.0, 1.0, 0.0)
    with pytest.raises(DataError, match="target"):
        scan(exact(lambda x: x), 0.0, 1.0, math.nan)
    with pytest.raises(DataError, match="too few points"):
        certainty([(0.0, Reading(0.0, 1.0))], 0.0, 0.0)
