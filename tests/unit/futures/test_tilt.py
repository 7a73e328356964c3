"""Importance sampling's tilt and the weight that undoes it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from padded_rows import tilt_rows
from scipy.special import ndtr, ndtri

pytestmark = pytest.mark.unit

ROWS, NORMAL, SIZES = np.array([0, 2]), np.array([True, False]), np.array([1.2, -0.7])


def tilted(cube, replicates=4, first=1, sizes=SIZES):
    """(cube after the tilt, weights)."""
    changed, weight = cube.copy(), np.full(cube.shape[1], np.nan)
    tilt_rows(changed, weight, ROWS, NORMAL, sizes, replicates, first)
    return changed, weight


@pytest.fixture
def cube():
    """Four rows of 4,000 futures: row 0 normals, the rest uniforms."""
    points = np.random.default_rng(1).uniform(size=(4, 4000))
    points[0] = ndtri(points[0])
    return points


def test_halves_are_taken_in_turn(cube):
    """With four replicates, futures 1 to 4 stay, 5 to 8 are moved, and so on; rows without a tilt stay."""
    changed, _ = tilted(cube)
    moved = (np.arange(4000) // 4) % 2 == 1
    np.testing.assert_array_equal(changed[:, ~moved], cube[:, ~moved])
    np.testing.assert_array_equal(changed[[1, 3]], cube[[1, 3]])
    np.testing.assert_allclose(changed[0, moved], cube[0, moved] + 1.2, rtol=1e-14)
    np.testing.assert_allclose(changed[2, moved], ndtr(ndtri(cube[2, moved]) - 0.7), rtol=1e-12)


def test_the_weight_is_the_ratio_of_the_law_to_the_mixture(cube):
    """Density of the plain law over half itself and half the tilted one, at the point as it is after the tilt."""
    changed, weight = tilted(cube)
    z = np.array([changed[0], ndtri(changed[2])])
    tilted_over_plain = np.exp(SIZES @ z - 0.5 * (SIZES**2).sum())
    np.testing.assert_allclose(weight, 1.0 / (0.5 + 0.5 * tilted_over_plain), rtol=1e-10)


def test_weights_are_at_most_two_and_average_to_one(cube):
    """No future weighs more than 2, and the mean weight is 1 within four standard errors."""
    weight = tilted(cube)[1]
    assert 0.0 < weight.min() < weight.max() < 2.0
    assert weight.mean() == pytest.approx(1.0, abs=4 * weight.std() / math.sqrt(weight.size))


def test_a_rare_event_is_seen_more_often_and_weighs_as_much(cube):
    """An event three deviations out is seen a hundred times as often under its tilt, and its chance comes out right."""
    changed, weight = tilted(cube, sizes=np.array([3.0, 0.0]))
    far = changed[0] > 3.0
    assert far.sum() > 50 * max(1, (cube[0] > 3.0).sum())
    estimate, error = (far * weight).mean(), (far * weight).std() / math.sqrt(4000)
    assert abs(estimate - ndtr(-3.0)) < 4 * error
    assert error < 0.1 * ndtr(-3.0)


def test_the_central_case_and_a_tilt_of_nothing_weigh_one(cube):
    """Future 0 is left alone; with sizes of 0 nothing moves and every weight is exactly 1."""
    changed, weight = tilted(cube, first=0)
    np.testing.assert_array_equal(changed[:, 0], cube[:, 0])
    assert weight[0] == 1.0
    still, even = tilted(cube, sizes=np.zeros(2))
    np.testing.assert_allclose(still, cube, rtol=1e-13)
    np.testing.assert_array_equal(even, 1.0)


def test_a_uniform_never_leaves_the_open_interval():
    """However hard it is tilted, a uniform stays above 0 and below 1."""
    cube = np.full((3, 2), 0.5)
    tilt_rows(cube, np.zeros(2), np.array([0]), np.array([False]), np.array([40.0]), 1, 1)
    assert 0.0 < cube[0, 1] < 1.0
    cube = np.full((3, 2), 0.5)
    tilt_rows(cube, np.zeros(2), np.array([0]), np.array([False]), np.array([-40.0]), 1, 1)
    assert 0.0 < cube[0, 1] < 1.0
