"""Variables with given laws and correlations: what goes in comes out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from stresstest.errors import DataError
from stresstest.futures.resampling import key_of, normals
from stresstest.methods.dependent_normals import DependentNormals, normal_correlation, rosenblatt

pytestmark = pytest.mark.unit


def test_lognormals_in_closed_form():
    """Two lognormals: the correlation behind them is ln(1 + ρ δ₁ δ₂) / (ζ₁ ζ₂)."""
    zeta = (0.4, 0.7)
    delta = [math.sqrt(math.expm1(s**2)) for s in zeta]
    laws = [stats.lognorm(s) for s in zeta]
    for rho in (-0.4, 0.3, 0.7):
        wanted = math.log1p(rho * delta[0] * delta[1]) / (zeta[0] * zeta[1])
        assert normal_correlation(*laws, rho) == pytest.approx(wanted, abs=1e-6)


def test_uniforms_in_closed_form():
    """Two uniforms: the correlation behind them is 2 sin(π ρ / 6) (Pearson 1907)."""
    law = stats.uniform()
    assert normal_correlation(law, law, 0.5) == pytest.approx(2.0 * math.sin(math.pi * 0.5 / 6.0), abs=2e-4)


def test_draws_have_the_laws_and_the_correlations():
    """A hundred thousand draws of a gamma, a Gumbel and a normal have the means, spreads and correlations that were asked."""
    laws = [stats.gamma(3.0), stats.gumbel_r(2.0, 1.5), stats.norm(-1.0, 0.5)]
    wanted = np.array([[1.0, 0.4, -0.3], [0.4, 1.0, 0.1], [-0.3, 0.1, 1.0]])
    x = DependentNormals.of(laws, wanted).to_values(normals(key_of("test/nataf"), 3, 100_000).T)
    np.testing.assert_allclose(np.corrcoef(x.T), wanted, atol=0.015)
    np.testing.assert_allclose(x.mean(axis=0), [law.mean() for law in laws], atol=0.03)
    np.testing.assert_allclose(x.std(axis=0), [law.std() for law in laws], rtol=0.02)


def test_there_and_back_far_into_both_tails():
    """Values made from normals give the normals again, seven standard deviations out on either side."""
    joint = DependentNormals.of([stats.lognorm(0.5), stats.norm(1.0, 2.0)], np.array([[1.0, 0.5], [0.5, 1.0]]))
    u = np.array([[-7.0, 1.0], [7.0, -1.0], [0.0, 0.0], [3.0, 3.0]])
    np.testing.assert_allclose(joint.to_normals(joint.to_values(u)), u, atol=1e-6)


def test_laws_given_those_before():
    """Rosenblatt: x₂ normal about x₁; the joint draw has the variance and the correlation of that."""
    from scipy.special import ndtri

    conditionals = [lambda _: lambda p: ndtri(p), lambda before: lambda p: before[:, 0] + ndtri(p)]
    x = rosenblatt(conditionals, normals(key_of("test/rosenblatt"), 2, 50_000).T)
    assert x[:, 1].var() == pytest.approx(2.0, rel=0.03)
    assert np.corrcoef(x.T)[0, 1] == pytest.approx(math.sqrt(0.5), abs=0.01)


def test_impossible_correlations_are_refused():
    """A correlation beyond what two laws allow, three that contradict each other, and a crooked table are refused."""
    wide = stats.lognorm(2.0)
    with pytest.raises(DataError, match="cannot have this correlation"):
        DependentNormals.of([wide, wide], np.array([[1.0, -0.9], [-0.9, 1.0]]))
    against = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    with pytest.raises(DataError, match="all of these correlations"):
        DependentNormals.of([stats.norm()] * 3, against)
    with pytest.raises(DataError, match="not a table"):
        DependentNormals.of([stats.norm()] * 2, np.eye(3))
