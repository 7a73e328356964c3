"""Levels, cells, and drawing inside them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import kstest, norm, truncnorm
from scipy.stats import t as student

from stresstest.futures.axes import AXIS_FIELDS, MEAN, SD
from stresstest.futures.strata import (
    CELLS,
    EVEN_SHARE,
    LEVELS,
    between,
    borders_of,
    cuts_of,
    draw_in_cell,
    level_of,
    radical_inverse,
    strata_of,
    stratum_of,
)  # fmt: skip

pytestmark = pytest.mark.unit

ANCHORS = np.array([[-1.0, 0.0, 1.0]] * 4 + [[0.25, 0.35, 0.45], [0.15, 0.10, 0.05]])
TABLE = np.zeros((6, len(AXIS_FIELDS)))
TABLE[:, MEAN], TABLE[:, SD] = (0.1, 0.0, -0.3, 0.0, 0.4, 0.09), (0.5, 1.0, 0.2, 0.7, 0.05, 0.02)


@pytest.mark.parametrize(
    ("axis", "value", "level"),
    [(0, -0.51, 0), (0, -0.5, 1), (0, 0.49, 1), (0, 0.5, 2), (0, 9.0, 2), (4, 0.29, 0), (4, 0.41, 2), (5, 0.2, 0),
     (5, 0.126, 0), (5, 0.124, 1), (5, 0.076, 1), (5, 0.074, 2), (5, 0.0, 2)],
)  # fmt: skip
def test_levels_are_split_half_way(axis, value, level):
    """The nearest anchor is the level, falling anchors included; a value half-way counts as the level nearer to high."""
    assert level_of(value, cuts_of(ANCHORS)[axis]) == level


def test_cells_are_numbered_in_the_order_of_the_axes():
    """The first axis counts most: cell 0 is all low, 364 all middle, 728 all high."""
    assert LEVELS.shape == (CELLS, 6)
    np.testing.assert_array_equal(LEVELS @ 3 ** np.arange(5, -1, -1), np.arange(CELLS))
    assert LEVELS[0].tolist() == [0] * 6
    assert LEVELS[364].tolist() == [1] * 6
    assert LEVELS[243].tolist() == [1, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("degrees", [0, 2, 4, 8])
def test_borders_are_scores_of_the_joint_draw(degrees):
    """The three intervals of an axis lie side by side, cover every score, and meet where the destination is half-way."""
    borders = borders_of(TABLE, ANCHORS, np.zeros(6, dtype=bool), degrees)
    law = student(degrees) if degrees else norm
    for a in range(6):
        order = borders[a] if a < 5 else borders[a][::-1]
        assert order[0, 0] == -math.inf
        assert order[2, 1] == math.inf
        assert order[0, 1] == order[1, 0] < order[1, 1] == order[2, 0]
        for border, anchors in ((order[1, 0], sorted(ANCHORS[a])[:2]), (order[1, 1], sorted(ANCHORS[a])[1:])):
            share = norm.cdf((sum(anchors) / 2 - TABLE[a, MEAN]) / TABLE[a, SD])
            # a border far out in a t copula rests on a distribution function that is known to 1e-16 of 1
            assert law.cdf(border) == pytest.approx(share, rel=1e-9, abs=2e-16)


def test_a_given_or_certain_axis_has_one_level():
    """An axis that a scenario gives, or that has no spread, is all middle: the other levels have no room."""
    table = TABLE.copy()
    table[1, SD] = 0.0
    borders = borders_of(table, ANCHORS, np.array([True] + [False] * 5), 0)
    for a in (0, 1):
        assert borders[a].tolist() == [[math.inf] * 2, [-math.inf, math.inf], [math.inf] * 2]


@pytest.mark.parametrize(
    ("lower", "upper"),
    [(-1.0, 0.5), (-math.inf, 1.0), (2.0, math.inf), (-math.inf, math.inf), (-9.0, -7.0), (7.0, 9.0), (5.0, 5.1)],
)
def test_points_between_two_borders(lower, upper):
    """Probability and point are those of scipy's truncated normal, deep in either tail too, and rise with the share."""
    for u in (2.0**-33, 0.1, 0.5, 0.9, 1.0 - 2.0**-33):
        p, z = between(lower, upper, u)
        flip = lower > 0.0
        expected = norm.sf(lower) - norm.sf(upper) if flip else norm.cdf(upper) - norm.cdf(lower)
        assert p == pytest.approx(expected, rel=1e-12)
        assert z == pytest.approx(truncnorm.ppf(u, lower, upper), rel=1e-8, abs=1e-12)
        assert lower <= z <= upper
    assert between(math.inf, math.inf, 0.5)[0] == 0.0


@pytest.mark.parametrize("mixing", [1.0, 0.3, 5.0, 300.0])
def test_a_draw_inside_a_cell_stays_inside(mixing):
    """Whatever the cell, the correlations and the mixing, the joint draw lies between the cell's borders, and p is its chance."""
    correlation = np.full((6, 6), 0.3) + 0.7 * np.eye(6)
    cholesky, borders = np.linalg.cholesky(correlation), borders_of(TABLE, ANCHORS, np.zeros(6, dtype=bool), 2)
    rng = np.random.default_rng(4)
    for cell in (0, 1, 100, 364, 400, 700, 728):
        z = rng.standard_normal((6, 20))
        for i in range(20):
            p = draw_in_cell(z, LEVELS[cell], borders, cholesky, mixing, i)
            y = cholesky @ z[:, i] * mixing
            low, high = borders[np.arange(6), LEVELS[cell]].T
            assert 0.0 <= p <= 1.0
            if p > 1e-100:  # beyond that a border lies where no number can tell it from its neighbour
                assert np.all(y >= low - 1e-9 * np.maximum(1.0, abs(low)))
                assert np.all(y <= high + 1e-9 * np.maximum(1.0, abs(high)))


def test_draws_over_all_cells_give_the_joint_law_back():
    """Futures of cells drawn by their shares, weighted, have the joint law: mean 0, the asked correlation, normal margins."""
    correlation = np.eye(6)
    correlation[0, 4] = correlation[4, 0] = 0.6
    cholesky, borders = np.linalg.cholesky(correlation), borders_of(TABLE, ANCHORS, np.zeros(6, dtype=bool), 0)
    n, rng = 20_000, np.random.default_rng(6)
    z, weight = rng.standard_normal((6, n)), np.zeros(n)
    for i in range(n):
        weight[i] = 729 * draw_in_cell(z, LEVELS[i % 729], borders, cholesky, 1.0, i)
    y, w = cholesky @ z, weight / weight.sum()
    error = np.sqrt((w**2).sum())
    assert weight.mean() == pytest.approx(1.0, abs=4 * weight.std() / np.sqrt(n))
    assert np.all(np.abs(y @ w) < 5 * error)
    np.testing.assert_allclose((y * w) @ y.T, correlation, atol=7 * error)


@pytest.mark.parametrize(("future", "at"), [(1, 0.5), (2, 0.25), (3, 0.75), (4, 0.125), (6, 0.375), (0, 0.0)])
def test_radical_inverse_by_hand(future, at):
    """1, 10, 11, 100 and 110 become 0.1, 0.01, 0.11, 0.001 and 0.011 in the binary system."""
    assert radical_inverse(future) == at


def test_any_run_of_numbers_is_spread_evenly():
    """The inverses of 2^k numbers in a row lie one in each of 2^k slices, wherever the run begins."""
    for first in (0, 1, 999):
        found = np.sort([int(64 * radical_inverse(first + k)) for k in range(64)])
        np.testing.assert_array_equal(found, np.arange(64))
    assert kstest([radical_inverse(k) for k in range(1, 2000)], "uniform").statistic < 0.005


def test_strata_by_hand():
    """With shares of a quarter, a half and a quarter, futures go to the strata in turn as the inverses fall."""
    cumulative = np.array([0.25, 0.75, 1.0])
    assert [stratum_of(f, cumulative) for f in range(1, 9)] == [1, 1, 2, 0, 1, 1, 2, 0]
    assert stratum_of(3, np.array([0.5, 0.7])) == 1  # shares that add to less than 1 by rounding: the last one


def test_shares_of_cells():
    """Cells below 1e-9 are left out; of the rest half of the futures go by probability and half to all alike."""
    probabilities = np.full(CELLS, 1e-12)
    probabilities[[3, 700]] = 0.8, 0.2
    cells, levels, share, cumulative = strata_of(probabilities)
    assert cells.tolist() == [3, 700]
    np.testing.assert_array_equal(levels, LEVELS[[3, 700]])
    np.testing.assert_allclose(share, [0.4 + 0.25, 0.1 + 0.25])
    np.testing.assert_allclose(cumulative, [0.65, 1.0])
    assert EVEN_SHARE == 0.5
