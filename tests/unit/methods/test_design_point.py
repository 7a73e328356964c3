"""Design points of limits whose nearest point is known: in closed form, or by a dense search that knows no gradients."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from stresstest.methods.dependent_normals import DependentNormals, rosenblatt
from stresstest.methods.design_point import design_point

pytestmark = pytest.mark.unit


def nearest_in_plane(limit, reach=8.0):
    """The least distance at which a limit over two normals is reached: every direction is walked outwards in small steps."""
    angles = np.linspace(0.0, 2.0 * math.pi, 20_001)
    rays = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    inside = limit(np.zeros((1, 2)))[0] > 0.0
    low, high = np.zeros(len(rays)), np.full(len(rays), np.nan)
    for size in np.linspace(0.02, reach, 400):
        crossed = np.isnan(high) & ((limit(size * rays) > 0.0) != inside)
        high[crossed] = size
        low[np.isnan(high)] = size
    kept = ~np.isnan(high)
    low, high, rays = low[kept], high[kept], rays[kept]
    for _ in range(50):
        middle = 0.5 * (low + high)
        beyond = (limit(middle[:, None] * rays) > 0.0) != inside
        low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    best = int(np.argmin(high))
    return float(high[best]), high[best] * rays[best]


def test_a_straight_limit_is_exact():
    """g = 3 − a·u: the distance is 3 / |a|, the direction a / |a|, and the shares add to one."""
    a = np.array([1.0, -2.0, 0.5, 0.0])
    found = design_point(lambda u: 3.0 - u @ a, 4)
    assert found.converged
    assert found.found
    assert found.beta == pytest.approx(3.0 / np.linalg.norm(a), rel=1e-9)
    np.testing.assert_allclose(found.sensitivities, a / np.linalg.norm(a), atol=1e-7)
    assert found.shares.sum() == pytest.approx(1.0)
    assert found.shares[3] == pytest.approx(0.0, abs=1e-9)


def test_hohenbichler_and_rackwitz():
    """g = 18 − 3 x₁ − 2 x₂ with the dependent exponentials of Hohenbichler and Rackwitz (1981): the two known points, at
    (2.782, 0.0865) and 3.501 (Dolinski 1983), the first no further than a search along rays about it finds."""

    def second(before):
        first = before[:, 0]

        def quantile(p):
            from scipy.optimize import brentq

            gap = [lambda y, x=x, q=q: (1.0 + y) * math.exp(-y - x * y) - (1.0 - q) for x, q in zip(first, p, strict=True)]
            return np.array([brentq(one, 0.0, 200.0, xtol=1e-12) for one in gap])

        return quantile

    def limit(u):
        x = rosenblatt([lambda _: lambda p: -np.log1p(-p), second], u)
        return 18.0 - 3.0 * x[:, 0] - 2.0 * x[:, 1]

    found = design_point(limit, 2, starts=[np.array([0.0, 3.0])], step=1e-4)
    # A walk along rays near the found point only: the search by quantiles is slow.
    angles = math.atan2(found.point[1], found.point[0]) + np.linspace(-0.05, 0.05, 21)
    least = min(_along(limit, angle) for angle in angles)
    assert found.beta == pytest.approx(least, abs=2e-3)
    assert found.beta == pytest.approx(2.7835, abs=1e-3)
    np.testing.assert_allclose(found.point, [2.782, 0.0865], atol=2e-3)
    assert any(other.beta == pytest.approx(3.5012, abs=1e-3) for other in found.others)


def _along(limit, angle):
    from scipy.optimize import brentq

    ray = np.array([[math.cos(angle), math.sin(angle)]])
    return brentq(lambda size: float(limit(size * ray)[0]), 0.1, 6.0)


@pytest.mark.parametrize(
    ("limit", "published"),
    [
        (lambda u: (10.0 + 5.0 * u[:, 0]) ** 3 + (9.9 + 5.0 * u[:, 1]) ** 3 - 18.0, None),
        (lambda u: (10.0 + 5.0 * u[:, 0]) ** 3 + (10.0 + 5.0 * u[:, 1]) ** 3 - 18.0, 2.2401),
        (lambda u: (38.0 + 3.8 * u[:, 0]) * (54.0 + 2.7 * u[:, 1]) - 1140.0, None),
        (lambda u: np.exp(0.2 * u[:, 0] + 1.4) - u[:, 1], None),
        (lambda u: 2.5 - (u[:, 0] + u[:, 1]) / math.sqrt(2.0) + 0.1 * (u[:, 0] - u[:, 1]) ** 2, 2.5),
    ],
)
def test_curved_limits_against_a_dense_search(limit, published):
    """Two-variable limits of the literature: the distance is that of a search along 20,000 directions, and the published one."""
    least, point = nearest_in_plane(limit)
    found = design_point(limit, 2)
    assert found.beta == pytest.approx(least, abs=2e-4)
    assert np.linalg.norm(found.point) == pytest.approx(np.linalg.norm(point), abs=2e-4)
    if published:
        assert found.beta == pytest.approx(published, abs=5e-3)


def test_a_product_of_lognormals_in_closed_form():
    """g = x₁ x₂ − 1140 with lognormals is straight in the logarithms: (λ₁ + λ₂ − ln 1140) / √(ζ₁² + ζ₂²)."""
    spread = [math.sqrt(math.log1p(v**2)) for v in (0.1, 0.05)]
    centre = [math.log(m) - 0.5 * s**2 for m, s in zip((38.0, 54.0), spread, strict=True)]
    laws = [stats.lognorm(s, scale=math.exp(c)) for s, c in zip(spread, centre, strict=True)]
    joint = DependentNormals.of(laws)
    found = design_point(lambda u: joint.to_values(u).prod(axis=1) - 1140.0, 2)
    assert found.beta == pytest.approx((sum(centre) - math.log(1140.0)) / math.hypot(*spread), abs=1e-4)


def test_a_beam_with_three_laws():
    """Ang and Tang's beam, x₁ x₂ − x₃, with normals (40, 5), (50, 2.5), (1000, 200): as constrained minimisation finds."""
    from scipy.optimize import minimize

    def limit(u):
        return (40.0 + 5.0 * u[:, 0]) * (50.0 + 2.5 * u[:, 1]) - (1000.0 + 200.0 * u[:, 2])

    other = minimize(lambda u: u @ u, [-1.0, -1.0, 2.0], constraints={"type": "eq", "fun": lambda u: limit(u[None])[0]})
    found = design_point(limit, 3)
    assert found.beta == pytest.approx(math.sqrt(other.fun), abs=1e-3)
    assert found.beta == pytest.approx(3.05, abs=0.01)


def test_two_design_points_are_both_named():
    """Der Kiureghian and Dakessian's parabola, 5 − u₂ − ½ (u₁ − 0.1)², has two: distances 2.906 and 3.094."""

    def limit(u):
        return 5.0 - u[:, 1] - 0.5 * (u[:, 0] - 0.1) ** 2

    found = design_point(limit, 2, starts=[np.array([3.0, 1.0]), np.array([-3.0, 1.0])])
    assert found.beta == pytest.approx(2.906, abs=1e-3)
    assert any(other.beta == pytest.approx(3.094, abs=1e-3) for other in found.others)


def test_a_middle_that_fails_has_a_distance_below_zero():
    """Where the middle itself fails the point is the nearest that does not, and beta is below 0."""
    found = design_point(lambda u: -2.0 - u[:, 0], 2)
    assert found.beta == pytest.approx(-2.0)
    np.testing.assert_allclose(found.point, [-2.0, 0.0], atol=1e-6)
    np.testing.assert_allclose(found.sensitivities, [1.0, 0.0], atol=1e-6)


def test_no_failure_within_reach_is_said():
    """A limit that is never reached, or only beyond reach, or that does not move at all, gives no point and no distance."""
    for limit in (lambda u: 1.0 + np.exp(-u[:, 0]), lambda u: 30.0 - u[:, 0], lambda u: np.ones(len(u))):
        found = design_point(limit, 2, reach=6.0)
        assert not found.found
        assert not found.converged
        assert found.beta == math.inf


def test_a_limit_of_steps_is_found_with_wide_differences():
    """A limit known only to a hundredth, as a share of simulated futures is: wide steps still find it."""
    found = design_point(lambda u: np.round(2.0 - u @ np.array([0.8, 0.6]), 2), 2, step=0.5, tolerance=0.02)
    assert found.beta == pytest.approx(2.0, abs=0.05)
    np.testing.assert_allclose(found.sensitivities, [0.8, 0.6], atol=0.02)


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e9])
def test_the_unit_of_a_limit_does_not_matter(size):
    """The same limit in thousandths of millionths, or in thousands of millions: 3 / √2, and value and slope in its own unit."""
    found = design_point(lambda u: size * (3.0 - u[:, 0] - u[:, 1]), 2)
    assert found.found
    assert found.converged
    assert found.beta == pytest.approx(3.0 / math.sqrt(2.0), rel=1e-6)
    assert found.slope == pytest.approx(math.sqrt(2.0) * size, rel=1e-6)


@pytest.mark.parametrize(
    ("limit", "dimensions"), [(lambda u: 9.0 - u[:, 0] ** 2, 3), (lambda u: 9.0 - np.sum(u**2, axis=1), 3)]
)
def test_a_middle_without_a_slope_is_left(limit, dimensions):
    """Where the limit has no slope in the middle the search starts beside it: 3 either way, and 3 all round."""
    for starts in (None, ()):
        found = design_point(limit, dimensions, starts)
        assert found.beta == pytest.approx(3.0, abs=1e-4)
        assert found.others


@pytest.mark.parametrize(
    "limit",
    [
        lambda u: 1e-3 * (3.0 - u[:, 0] ** 3 / 9.0 - u[:, 1]),
        lambda u: np.minimum(4.0 - u[:, 0], 2.5 + u[:, 0] - 0.8 * np.abs(u[:, 1])),
    ],
)
def test_a_middle_on_a_ridge_is_left(limit):
    """Where the middle leads to a point that is not the nearest, another start finds it, as a search along rays does."""
    least, _ = nearest_in_plane(limit)
    found = design_point(limit, 2)
    assert found.beta == pytest.approx(least, abs=2e-3)
    assert design_point(limit, 2, ()).beta > least + 0.1
    assert all(other.beta >= found.beta for other in found.others)
