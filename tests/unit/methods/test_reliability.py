"""Probabilities from design points: against closed forms and against plain counting."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, stats

from stresstest.errors import DataError
from stresstest.futures.resampling import key_of, normals
from stresstest.methods.design_point import design_point
from stresstest.methods.reliability import along_limit, importance_sampling, main_curvatures, second_order, tail

pytestmark = pytest.mark.unit


def test_a_straight_limit_needs_no_correction():
    """On a straight limit all orders give Φ(−β), and draws give it within their error."""
    a = np.array([0.6, 0.0, -0.8])

    def limit(u):
        return 3.0 - u @ a

    found = design_point(limit, 3)
    bent = second_order(limit, found)
    assert bent.first_order == pytest.approx(tail(3.0), rel=1e-6) == pytest.approx(stats.norm.sf(3.0))
    assert bent.breitung == pytest.approx(bent.first_order, rel=1e-3)
    drawn = importance_sampling(limit, [found.point], 8192)
    assert abs(drawn.probability - tail(3.0)) < 4.0 * drawn.error
    assert drawn.error < 0.03 * drawn.probability


def test_curvatures_of_a_paraboloid():
    """g = 3 − u₃ + ½ (a u₁² + b u₂²): curvatures a and b, and Breitung's product; directions are square to α."""
    a, b = 0.2, -0.1

    def limit(u):
        return 3.0 - u[:, 2] + 0.5 * (a * u[:, 0] ** 2 + b * u[:, 1] ** 2)

    found = design_point(limit, 3)
    np.testing.assert_allclose(main_curvatures(limit, found), [b, a], atol=1e-4)
    wanted = tail(3.0) / math.sqrt((1.0 + 3.0 * a) * (1.0 + 3.0 * b))
    assert second_order(limit, found).breitung == pytest.approx(wanted, rel=1e-3)
    plane = along_limit(found.sensitivities)
    np.testing.assert_allclose(plane.T @ plane, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(plane.T @ found.sensitivities, 0.0, atol=1e-12)


def test_the_second_order_beats_the_first():
    """A limit that bends away from the middle: second order is nearer to the integral than Φ(−β), Hohenbichler's nearest."""

    def limit(u):
        return 2.0 - u[:, 1] + 0.3 * u[:, 0] ** 2

    true = integrate.quad(lambda x: stats.norm.pdf(x) * stats.norm.sf(2.0 + 0.3 * x * x), -8.0, 8.0)[0]
    bent = second_order(limit, design_point(limit, 2))
    first, breitung, better = (abs(p / true - 1.0) for p in (bent.first_order, bent.breitung, bent.hohenbichler))
    assert better < breitung < first
    assert better < 0.02


def test_two_regions_of_failure_are_both_counted():
    """Der Kiureghian and Dakessian's parabola: draws about both points give the integral; about one alone they fall short."""

    def limit(u):
        return 5.0 - u[:, 1] - 0.5 * (u[:, 0] - 0.1) ** 2

    true = integrate.quad(lambda x: stats.norm.pdf(x) * stats.norm.sf(5.0 - 0.5 * (x - 0.1) ** 2), -9.0, 9.0)[0]
    found = design_point(limit, 2, starts=[np.array([3.0, 1.0]), np.array([-3.0, 1.0])])
    points = [found.point, *(other.point for other in found.others)]
    drawn = importance_sampling(limit, points, 20_000)
    assert abs(drawn.probability - true) < 4.0 * drawn.error
    assert drawn.error < 0.05 * true
    assert tail(found.beta) < 0.9 * drawn.probability


def test_draws_agree_with_plain_counting():
    """Where failure is common, importance sampling and counting give the same within their errors."""

    def limit(u):
        return 1.0 - np.sin(u[:, 0]) - 0.5 * u[:, 1] * u[:, 2]

    plain = (limit(normals(key_of("test/plain"), 3, 200_000).T) <= 0.0).mean()
    drawn = importance_sampling(limit, [np.zeros(3), design_point(limit, 3).point], 40_000)
    assert abs(drawn.probability - plain) < 4.0 * math.hypot(drawn.error, math.sqrt(plain / 200_000))


def test_what_cannot_be_said_is_refused():
    """No design point, a limit that bends round the middle, and no point to sample about are refused kindly."""
    nowhere = design_point(lambda u: np.ones(len(u)), 2)
    with pytest.raises(DataError, match="no design point"):
        second_order(lambda u: np.ones(len(u)), nowhere)
    with pytest.raises(DataError, match="at least one design point"):
        importance_sampling(lambda u: np.ones(len(u)), [])

    def ball(u):
        return 2.0 - np.linalg.norm(u - np.array([0.0, 0.1]), axis=1)

    with pytest.raises(DataError, match="bends round"):
        second_order(ball, design_point(ball, 2, starts=[np.array([0.0, 2.0]), np.array([0.0, -1.0])]))


def test_a_limit_that_bends_round_the_middle_is_not_told_too_low():
    """The sum of two exponentials beyond 12, (1 + 12) e⁻¹²: over 40 seeds the estimates lie about it as their errors say."""

    def limit(u):
        return 12.0 + stats.norm.logcdf(-u).sum(axis=1)

    true, point = 13.0 * math.exp(-12.0), design_point(limit, 2).point
    drawn = [importance_sampling(limit, [point], 2048, seed=seed) for seed in range(40)]
    scores = np.array([(one.probability - true) / one.error for one in drawn])
    assert abs(scores.mean()) < 0.4
    assert scores.std() < 1.4
    assert scores.min() > -3.5
    assert np.median([one.heaviest for one in drawn]) < 0.04
