"""Whether places differ by more than chance: by hand, the law of the test under a shared economy, and its power."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import chi2, kstest

from stresstest.futures.resampling import key_of, uniforms
from stresstest.measures.national_differ import differ_row
from stresstest.measures.stream import Column

pytestmark = pytest.mark.unit
K, N, ROUNDS = 12, 400, 300


def of(fails: np.ndarray, budgets: tuple[float, ...] | None = None) -> dict[str, float]:
    """The row of fails[places, n]."""
    counts, sizes = Column.of(fails.sum(axis=0).astype(float)), budgets or tuple(range(1, len(fails) + 1))
    return differ_row(counts, fails.mean(axis=1).tolist(), sizes)


def lived(name: str, edges: np.ndarray) -> np.ndarray:
    """bool[places, n]: failures below each place's edge of the mean of a shared and a local uniform."""
    u = uniforms(key_of(f"test/differ/{name}"), K + 1, N)
    return (u[0] + u[1:]) / 2.0 < edges[:, None]


def test_three_places_by_hand() -> None:
    """Four futures: chances 1/2, 1/4, 3/4, own variances 5/8 in sum, Var C 5/4: c = 5/48, s² = 5/192, Q = 1/8 ÷ 5/192."""
    fails = np.array([[1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 1, 0]])
    counts = np.array([3.0, 2.0, 1.0, 0.0])
    own, shared = 0.25 + 2 * 0.1875, (counts.var() - 0.625) / 6.0
    row = of(fails, (2.0, 1.0, 3.0))
    assert (own, counts.var()) == (0.625, 1.25)
    assert row["chi_square"] == pytest.approx(0.125 / ((own / 3.0 - shared) / 4.0))
    assert row["chi_square"] == pytest.approx(4.8)
    assert row["freedom"] == 2
    assert row["p_value"] == pytest.approx(math.exp(-2.4))
    assert row["rank_correlation_with_budget"] == pytest.approx(1.0)


def test_equal_chances_follow_the_law() -> None:
    """In one economy, 300 times: p-values of equal places are even, though places move together."""
    edges = np.full(K, 0.45)
    found = [of(lived(f"even {k}", edges)) for k in range(ROUNDS)]
    assert kstest([row["p_value"] for row in found], "uniform").pvalue > 0.01
    assert np.mean([row["chi_square"] for row in found]) == pytest.approx(K - 1, rel=0.1)
    fails = lived("even 0", edges)
    assert np.corrcoef(fails[0], fails[1])[0, 1] > 0.2


def test_differences_are_seen_that_unrelated_futures_would_hide() -> None:
    """Places that differ are found out; treated as unrelated the same futures would give a smaller χ²."""
    fails = lived("apart", np.linspace(0.40, 0.48, K))
    row, p = of(fails), fails.mean(axis=1)
    plain = ((p - p.mean()) ** 2).sum() / ((p * (1 - p)).mean() / N)
    assert row["chi_square"] > 1.3 * plain
    assert row["p_value"] < 0.01
    assert row["p_value"] == pytest.approx(chi2.sf(row["chi_square"], K - 1))
    assert row["rank_correlation_with_budget"] > 0.5


def test_places_that_never_differ() -> None:
    """The same failures everywhere, or none: χ² is 0 and its p-value 1; there is no correlation to tell."""
    one = lived("same", np.full(K, 0.4))[:1]
    for fails in (np.repeat(one, 3, axis=0), np.zeros((3, 10), dtype=bool)):
        row = of(fails)
        assert (row["chi_square"], row["p_value"]) == (0.0, 1.0)
        assert math.isnan(row["rank_correlation_with_budget"])
