"""How destinations are joined."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.errors import ConfigError
from stresstest.futures.dependence import correlation_matrix, joined, lower_triangle
from stresstest.layout import AXES

pytestmark = pytest.mark.unit


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
