"""Quantile functions and the small shapes of marginals."""

from __future__ import annotations

import math
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri
from scipy.stats import t as student

from stresstest.futures.marginals import (
    LARGEST_POINT,
    LEAST_POINT,
    clip,
    inside,
    normal_cdf,
    normal_quantile,
    smooth_step,
    student_cdf,
    three_points,
)

INSIDE = st.floats(2.0**-33, 1.0 - 2.0**-33)


@pytest.mark.unit
def test_normal_quantile_against_scipy():
    """From 2⁻³³ to 1 − 2⁻³³ the quantile is scipy's to 1e-14 of itself."""
    tail = np.geomspace(2.0**-33, 0.5, 4000, endpoint=False)
    points = np.concatenate([tail, np.linspace(1e-3, 0.999, 4001), 1.0 - tail])
    found = np.array([normal_quantile(u) for u in points])
    np.testing.assert_allclose(found, ndtri(points), rtol=1e-14, atol=1e-16)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("u", "z"), [(0.5, 0.0), (0.975, 1.959963984540054), (0.25, -0.6744897501960817), (1e-20, -9.262340089798408)]
)
def test_normal_quantile_at_known_points(u, z):
    """Well-known points of the normal table."""
    assert normal_quantile(u) == pytest.approx(z, rel=1e-14, abs=0.0)


@pytest.mark.unit
def test_normal_quantile_at_the_ends():
    """0 and 1 have infinite quantiles, whether compiled or not; the outermost points inside have finite ones; a NaN stays one."""
    ends = [0.0, 1.0, LEAST_POINT, LARGEST_POINT, math.nan]
    code = f"from math import nan; from stresstest.futures.marginals import normal_quantile as q; print([q(u) for u in {ends}])"
    env = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    plain = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout
    found = [normal_quantile(u) for u in ends]
    np.testing.assert_allclose(found, eval(plain, {"nan": math.nan, "inf": math.inf}), rtol=1e-15)
    assert found[:2] == [-math.inf, math.inf]
    assert -38.0 < found[2] < -37.0
    assert 8.2 < found[3] < 8.3
    assert math.isnan(found[4])


@pytest.mark.unit
@pytest.mark.parametrize(("u", "held"), [(0.0, LEAST_POINT), (1.0, LARGEST_POINT), (-1e-17, LEAST_POINT), (0.3, 0.3)])
def test_shares_are_held_inside(u, held):
    """What rounding sends to 0 or 1 is held inside, the rest stays."""
    assert inside(u) == held


@pytest.mark.law
@given(INSIDE)
def test_normal_quantile_is_symmetric(u):
    """The quantile of 1 − u is minus that of u, wherever 1 − u can be held exactly."""
    cell = round(u * 2.0**33)
    u = cell * 2.0**-33
    assert normal_quantile(1.0 - u) == pytest.approx(-normal_quantile(u), rel=1e-13, abs=1e-13)


@pytest.mark.law
@given(INSIDE, INSIDE)
def test_normal_quantile_never_falls(u, v):
    """A larger u never gives a smaller value (to the rounding of one number)."""
    low, high = sorted((u, v))
    assert normal_quantile(high) >= normal_quantile(low) - 4e-16 * max(1.0, abs(normal_quantile(low)))


@pytest.mark.unit
@pytest.mark.parametrize("edge", [0.075, 0.925, math.exp(-25.0), 1.0 - math.exp(-25.0)])
def test_normal_quantile_has_no_jump_between_its_pieces(edge):
    """Where one formula hands over to the next the value does not jump."""
    step = 1e-13 * min(edge, 1.0 - edge) if edge < 0.5 else 2.0**-52
    below, above = normal_quantile(edge - step), normal_quantile(edge + step)
    slope = math.sqrt(2 * math.pi) * math.exp(0.5 * below * below)
    assert 0.0 <= above - below <= 2.5 * step * slope + 1e-14


@pytest.mark.unit
def test_normal_cdf_against_scipy():
    """From −37 to 9 the distribution function is scipy's to 1e-13 of itself, deep in the lower tail too."""
    points = np.linspace(-37.0, 9.0, 2001)
    np.testing.assert_allclose([normal_cdf(z) for z in points], ndtr(points), rtol=1e-13)
    assert normal_cdf(-math.inf) == 0.0
    assert normal_cdf(math.inf) == 1.0


@pytest.mark.unit
@pytest.mark.parametrize("degrees", [2, 4, 6, 8, 12, 30])
def test_student_cdf_against_scipy(degrees):
    """Student's distribution function with even degrees of freedom is scipy's to 1e-15, and rises from 0 to 1."""
    points = np.concatenate([np.linspace(-60.0, 60.0, 2001), [-1e6, 0.0, 1e6]])
    found = np.array([student_cdf(x, degrees) for x in points])
    np.testing.assert_allclose(found, student.cdf(points, degrees), rtol=1e-13, atol=5e-16)
    assert student_cdf(0.0, degrees) == 0.5
    assert np.all(np.diff(found[:2001]) >= -1e-15)


@pytest.mark.law
@given(st.floats(-1e6, 1e6), st.floats(-1e3, 0.0), st.floats(0.0, 1e3))
def test_clip_holds_a_value_between_its_bounds(x, low, high):
    """What lies inside stays, what lies outside goes to the nearer bound."""
    assert clip(x, low, high) == min(max(x, low), high)


@pytest.mark.unit
def test_clip_keeps_a_missing_number():
    """A NaN is not turned into a bound, so that it stops the run."""
    assert math.isnan(clip(math.nan, 0.0, 1.0))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("level", "value"), [(-1.0, -3.0), (0.0, 0.0), (1.0, 5.0), (0.5, 2.5), (-0.5, -1.5), (2.0, 10.0), (-2.0, -6.0)]
)
def test_three_points_goes_through_its_points(level, value):
    """Through (−1, low), (0, 0) and (+1, high), and straight on beyond."""
    assert three_points(level, -3.0, 5.0) == value


@pytest.mark.unit
@pytest.mark.parametrize(("u", "share"), [(-1.0, 0.0), (0.0, 0.0), (0.5, 0.5), (0.25, 0.15625), (1.0, 1.0), (3.0, 1.0)])
def test_smooth_step_at_known_points(u, share):
    """Nothing before the start, half-way in the middle, everything after the end."""
    assert smooth_step(u) == share


@pytest.mark.law
@given(st.floats(-2, 3), st.floats(-2, 3))
def test_smooth_step_rises_and_is_even_about_its_middle(u, v):
    """The passage never goes back, and its second half mirrors its first."""
    low, high = sorted((u, v))
    assert smooth_step(low) <= smooth_step(high) + 1e-15
    assert smooth_step(u) + smooth_step(1.0 - u) == pytest.approx(1.0, abs=1e-12)
