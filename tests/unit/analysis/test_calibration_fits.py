"""The fits give back what a series was made with, and count a crisis once."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.analysis import calibration_fits as F

pytestmark = pytest.mark.unit


def noise(rng: np.random.Generator, years: int, sd: float, persistence: float) -> np.ndarray:
    """Noise with persistence, started in its steady state."""
    values = np.empty(years)
    carried = rng.standard_normal() * sd / (1.0 - persistence**2) ** 0.5
    for t in range(years):
        carried = persistence * carried + sd * rng.standard_normal()
        values[t] = carried
    return values


def test_stretches():
    """Whole stretches from the first year asked for; what is left over at the end is in none."""
    assert [part.tolist() for part in F.stretches(7, 3)] == [[0, 1, 2], [3, 4, 5]]
    assert [part.tolist() for part in F.stretches(7, 3, 1)] == [[1, 2, 3], [4, 5, 6]]


def test_an_episode_is_counted_once():
    """Two falling years and the rebound are one crisis; a single falling year is another; calm years are in none."""
    growth = np.array([0.03, 0.032, 0.028, 0.031, 0.029] * 3)
    growth[4:7] = -0.02, -0.01, 0.08
    growth[11] = -0.04
    found = F.episodes(growth)
    assert [episode.years for episode in found] == [(4, 5, 6), (11,)]
    calm = F.calm_years(15, [episode.years for episode in found])
    mean = growth[calm].mean()
    assert calm.sum() == 11
    assert found[0].shortfall == pytest.approx(3 * mean - 0.05)
    assert found[1].shortfall == pytest.approx(mean + 0.04)


def test_a_good_year_after_a_crisis_is_no_rebound():
    """A year within two standard deviations of the calm mean does not belong to the crisis before it."""
    growth = np.array([0.02, 0.04] * 8)
    growth[6], growth[7] = -0.03, 0.045
    assert [episode.years for episode in F.episodes(growth)] == [(6,)]


def test_each_stretch_has_its_own_calm_mean():
    """The years left over at the end go with the stretch before them."""
    means = F.calm_means(np.array([1.0, 3.0, 10.0, 30.0, 20.0]), np.array([True, True, True, False, True]), 2)
    np.testing.assert_allclose(means, [2.0, 2.0, 15.0, 15.0, 15.0])


@pytest.mark.parametrize("persistence", [0.0, 0.4, 0.8])
def test_noise_is_recovered_behind_fitted_paths(persistence):
    """Noise and persistence come back although three numbers were fitted to every fifteen years."""
    rng = np.random.default_rng(3)
    years = np.arange(15)
    design = np.column_stack([np.ones(15), years, years**2])
    parts = [F.residuals(noise(rng, 15, 0.01, persistence), design, years) for _ in range(600)]
    sd, rho = F.noise_of(parts)
    naive = sum(p.left[1:] @ p.left[:-1] for p in parts) / sum(p.left @ p.left for p in parts)
    assert naive < persistence - 0.1
    assert sd.value == pytest.approx(0.01, abs=4 * sd.error)
    assert rho.value == pytest.approx(persistence, abs=4 * rho.error)


def test_years_that_are_missing_make_no_neighbours():
    """Two rows are neighbours when their years are, not when they stand next to each other."""
    years = np.array([0, 1, 5, 6])
    np.testing.assert_allclose(F.likeness(years, 0.5)[1], [0.5, 1.0, 0.5**4, 0.5**5])
    part = F.Residuals(np.array([1.0, 1.0, -1.0, -1.0]), np.eye(4), years)
    assert F.noise_of([part])[1].value == pytest.approx(0.95)


def test_variance_of_a_mean():
    """Without persistence sd²/n; with it, what two years give by hand."""
    assert F.variance_of_mean(0.02, 0.0, 10) == pytest.approx(0.0004 / 10)
    assert F.variance_of_mean(1.0, 0.5, 2) == pytest.approx((1 / 0.75) * (1 + 0.5) / 2)


def test_noise_is_not_counted_as_a_spread_of_levels():
    """Levels are what averages spread by beyond their noise: nothing where there are none, their sd where there are."""
    rng = np.random.default_rng(4)
    flat = noise(rng, 15 * 400, 0.02, 0.6)
    within = F.variance_of_mean(0.02, 0.6)
    none, some = F.level_spread(flat, within), F.level_spread(flat + np.repeat(rng.normal(0, 0.03, 400), 15), within)
    assert none.value < 0.008
    assert some.value == pytest.approx(0.03, abs=4 * some.error)
    assert F.level_spread(np.zeros(30), 1.0).value == 0.0


def test_error_of_the_mean_is_that_of_levels():
    """Four stretches at 1, 2, 3 and 4: mean 2.5, error sd/√4."""
    found = F.mean_of_levels(np.repeat([1.0, 2.0, 3.0, 4.0], 15))
    assert (found.value, found.error) == pytest.approx((2.5, np.std([1, 2, 3, 4], ddof=1) / 2))


def test_regression_recovers_its_coefficients():
    """Coefficients within four errors; the sd of what is left; the share explained."""
    rng = np.random.default_rng(5)
    design = np.column_stack([np.ones(4000), rng.standard_normal((4000, 2))])
    left = noise(rng, 4000, 0.5, 0.5)
    (constant, one, two), sd, explained = F.regression(design @ [1.0, 2.0, -3.0] + left, design)
    for found, true in ((constant, 1.0), (one, 2.0), (two, -3.0)):
        assert found.value == pytest.approx(true, abs=4 * found.error)
    assert sd.value == pytest.approx(0.5 / 0.75**0.5, rel=0.05)
    assert explained == pytest.approx(13 / (13 + 1 / 3), rel=0.02)
    # the constant's error allows for what hangs together: more than sd/√n, less than without an end to the lags
    assert 1.2 < constant.error / (sd.value / 4000**0.5) < 3**0.5
