"""How destinations are joined: correlations achieved against asked, joint extremes, independence, the worst case."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.stats import chi2, kendalltau, kstest, norm
from scipy.stats import t as student

from stresstest import layout as L
from stresstest.analysis.draws import draw
from stresstest.config.load import load_study
from stresstest.errors import ConfigError
from stresstest.futures.axes import HIGH, LOW, MEAN, SD
from stresstest.futures.dependence import correlation_matrix, coupled, joined, lower_triangle, mixing_of, score
from stresstest.futures.scenario import Scenario
from stresstest.layout import AXES

pytestmark = pytest.mark.unit

N = 20_000
PAIRS = {("economy", "state"): -0.4, ("economy", "workforce"): 0.6, ("control", "state"): 0.3, ("economy", "technology"): 0.5}


@cache
def scores(degrees, dependence="calibrated", n=N):
    """Normal scores of the six destinations over n futures, float64[AXES, n], of a law without limits."""
    study = load_study("dudley")
    table = study.law.table.copy()
    table[:, LOW], table[:, HIGH] = -1e9, 1e9
    law = replace(study.law, table=table, correlation=correlation_matrix(PAIRS), degrees=degrees)
    drawn = draw(replace(study, law=law), Scenario("s", "s", n, dependence=dependence), 1, n).ends
    return (drawn - table[:, [MEAN]]) / table[:, [SD]]


def test_named_pairs_fill_both_halves():
    """A pair is written on both sides of the diagonal, whichever way round it is named."""
    one, other = correlation_matrix({("economy", "state"): -0.2}), correlation_matrix({("state", "economy"): -0.2})
    a, b = AXES.index("economy"), AXES.index("state")
    assert one[a, b] == one[b, a] == -0.2
    np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(np.diag(one), 1.0)
    assert np.count_nonzero(one) == len(AXES) + 2


def test_no_pairs_are_independence():
    """Without pairs the axes do not know of one another."""
    np.testing.assert_array_equal(correlation_matrix({}), np.eye(len(AXES)))


@pytest.mark.parametrize(
    "pairs",
    [
        {("economy", "state"): 1.0},
        {("economy", "state"): 0.9, ("state", "control"): 0.9, ("economy", "control"): -0.9},
        {("economy", "state"): 1.5},
    ],
)
def test_impossible_correlations_are_refused(pairs):
    """Correlations that no six variables can have are refused, with the file and the key."""
    with pytest.raises(ConfigError) as caught:
        correlation_matrix(pairs, "axes.toml")
    assert "axes.toml" in str(caught.value)
    assert "correlation" in str(caught.value)


def test_triangle_gives_the_matrix_back():
    """L·Lᵀ is the matrix, L is lower, and `joined` is L·z."""
    matrix = correlation_matrix(
        {("economy", "workforce"): 0.3, ("responsibility", "state"): 0.3, ("control", "state"): 0.2}
    )
    lower = lower_triangle(matrix)
    np.testing.assert_allclose(lower @ lower.T, matrix, atol=1e-15)
    assert np.all(np.triu(lower, 1) == 0.0)
    z = np.linspace(-2, 2, 12).reshape(6, 2)
    for a in range(6):
        assert joined(lower, z, a, 1) == pytest.approx((lower @ z)[a, 1], abs=1e-15)


# ── achieved against asked ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("degrees", [0, 2, 4, 12])
def test_rank_correlations_are_those_that_were_asked(degrees):
    """Kendall's tau is (2 / pi) arcsin of the correlation that was asked, for the normal and for every t copula."""
    found, asked = scores(degrees), correlation_matrix(PAIRS)
    for a in range(6):
        for b in range(a):
            expected = 2 / np.pi * np.arcsin(asked[a, b])
            # the error of tau is at most that of independence, times about 1.3 for two degrees of freedom
            assert kendalltau(found[a], found[b]).statistic == pytest.approx(expected, abs=4 * 1.3 * 2 / 3 / np.sqrt(N))


def test_normal_scores_have_the_correlations_that_were_asked():
    """With the normal copula the scores' own correlations are the matrix, within four standard errors."""
    found, asked = np.corrcoef(scores(0)), correlation_matrix(PAIRS)
    assert np.all(np.abs(found - asked) <= 4 * (1 - asked**2) / np.sqrt(N) + 1e-12)


@pytest.mark.parametrize("degrees", [0, 2, 8])
def test_every_axis_keeps_its_own_law(degrees):
    """Joined in any way each axis's score is a standard normal (Kolmogorov-Smirnov, 1 in 10,000 for each)."""
    for row in scores(degrees):
        assert kstest(row, norm.cdf).pvalue > 1e-4


def together(found, share):
    """How often economy and vacancies are both in their highest `share` of futures, over that share."""
    both = (found[L.ECONOMY] > norm.isf(share)) & (found[L.WORKFORCE] > norm.isf(share))
    return both.mean() / share


def test_joint_extremes_are_more_frequent_with_a_t_copula():
    """Both in their highest hundredth: rarer with the normal copula than with eight degrees of freedom, than with two.

    With two degrees of freedom the limit is 2 T_3(-sqrt(3 (1 - r) / (1 + r))) (Demarta and McNeil 2005).
    """
    shares = [together(scores(degrees, n=100_000), 0.01) for degrees in (0, 8, 2)]
    error = np.sqrt(0.3 * 0.7 / 1000)
    assert shares[1] - shares[0] > 4 * error
    assert shares[2] - shares[1] > 4 * error
    limit = 2 * student.cdf(-np.sqrt(3 * (1 - 0.6) / (1 + 0.6)), 3)
    assert shares[2] == pytest.approx(limit, abs=4 * error + 0.02)


def test_opposite_extremes_are_more_frequent_too():
    """One axis high and an uncorrelated one low: with two degrees of freedom several times as often as by chance."""
    for degrees, least, most in ((0, 0.0, 0.02), (2, 0.05, 1.0)):
        found = scores(degrees, n=100_000)
        both = (found[L.RESPONSIBILITY] > norm.isf(0.01)) & (found[L.CONTROL] < -norm.isf(0.01))
        assert least < both.mean() / 0.01 < most


@pytest.mark.parametrize("degrees", [0, 4])
def test_independent_means_independent(degrees):
    """Where a scenario asks for independence nothing is left, of the copula neither: no correlation, not of squares either."""
    found = scores(degrees, "independent")
    for values in (found, found**2):
        off = np.corrcoef(values)[np.triu_indices(6, 1)]
        assert np.abs(off).max() < 4 / np.sqrt(N)
    np.testing.assert_allclose(found, scores(0, "independent"), rtol=1e-12)


# ── parts ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("degrees", [2, 4, 8, 30])
def test_the_mixing_draw_has_the_law_of_chi_squares(degrees):
    """Degrees over the squared mixing factor are chi-square with that many degrees (Kolmogorov-Smirnov)."""
    cube = np.random.default_rng(1).uniform(size=(15, 4000))
    found = np.array([mixing_of(cube, 0, degrees, i) for i in range(4000)])
    assert kstest(degrees / found**2, chi2(degrees).cdf).pvalue > 1e-3


def test_the_central_case_is_not_mixed():
    """With no degrees, and at the centre of the cube, the factor is exactly 1."""
    cube = np.full((15, 1), 0.5)
    assert mixing_of(cube, 0, 8, 0) == 1.0
    assert mixing_of(np.full((15, 1), 0.1), 0, 0, 0) == 1.0


@pytest.mark.parametrize("degrees", [2, 4, 8])
@pytest.mark.parametrize("y", [-30.0, -3.0, -0.4, 0.0, 1.0, 6.0, 30.0])
def test_scores_against_scipy(degrees, y):
    """A joint draw's score is the normal quantile of Student's distribution function, from the side where it is small."""
    expected = norm.ppf(student.cdf(y, degrees)) if y < 0 else norm.isf(student.sf(y, degrees))
    # the distribution function is known to a few 1e-16, so a score far out is known a little less well
    assert score(y, degrees) == pytest.approx(expected, abs=1e-12 + 4e-16 / norm.pdf(expected))
    assert score(y, 0) == y


def test_a_coupling_sends_every_law_to_its_slices():
    """At each rank every axis, and each once-only draw, lies in the slice that the table names, at its own place inside."""
    slices, rng = 4, np.random.default_rng(5)
    table = np.array([rng.permutation(slices) for _ in range(8)], dtype=np.int64)
    for rank in (0.001, 0.26, 0.5, 0.999, 1.0 - 2.0**-53):
        z, cube = rng.standard_normal((6, 1)), rng.standard_normal((3, 1))
        before, other = norm.cdf(z), norm.cdf(cube)
        coupled(z, cube, np.array([0, 2]), table, rank, 0)
        at = int(rank * slices)
        np.testing.assert_allclose(norm.cdf(z)[:, 0] * slices, table[:6, at] + before[:, 0], rtol=1e-12)
        np.testing.assert_allclose(norm.cdf(cube)[[0, 2], 0] * slices, table[6:, at] + other[[0, 2], 0], rtol=1e-12)
        assert norm.cdf(cube)[1, 0] == other[1, 0]


def test_the_worst_case_leaves_every_law_as_it_is(dudley):
    """Under a coupling destinations and coupled once-only draws keep their laws, go together, and central stays central."""
    slices = 16
    table = np.array([np.arange(slices)[:: 1 - 2 * (k % 2)] for k in range(6 + len(L.COUPLED_ONCE))], dtype=np.int64)
    table = np.ascontiguousarray(table)
    study = replace(dudley.study, couplings={"worst": table})
    drawn = draw(study, Scenario("worst", "worst", 8000, dependence="worst"), 0, 8001)
    for name in L.COUPLED_ONCE:
        assert drawn.once[L.ONCE.index(name), 0] == 0.0
        assert kstest(drawn.once[L.ONCE.index(name), 1:], norm.cdf).pvalue > 1e-4
    scaled = (drawn.ends[:, 1:] - study.law.table[:, [MEAN]]) / study.law.table[:, [SD]]
    inside = np.abs(scaled) < 1.0  # well within every axis's limits
    assert np.mean(inside) == pytest.approx(norm.cdf(1) - norm.cdf(-1), abs=0.01)
    asked = [(-1.0) ** k for k in range(6)]
    found = [np.corrcoef(drawn.once[L.ONCE_GAP, 1:], row)[0, 1] for row in scaled]
    assert np.all(np.array(found) * np.array(asked) > 0.95)
