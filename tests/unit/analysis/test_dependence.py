"""What dependence alone is worth, and correlations achieved against those asked for."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.analysis.dependence import LABELS, correlation_rows, dependence_rows, tail_mean

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def rows(dudley, honest):
    """The table on 2,000 futures, by label."""
    return {row["dependence"]: row for row in dependence_rows(dudley.study, honest, 2000)}


def test_every_way_of_joining_has_a_row(rows):
    """Calibrated first, with no change from itself."""
    assert list(rows) == [label for label, _ in LABELS]
    assert rows["calibrated"]["mean_exposure_change_gbp"] == rows["calibrated"]["exit_losses_change"] == 0.0


def test_the_worst_case_is_worse_than_independence(rows):
    """Rearranged draws raise the 95th percentile of exposure above that of independent ones."""
    apart = rows["independent"]["p95_exposure_gbp"]
    assert rows["worst tail mean"]["p95_exposure_gbp"] > apart
    assert rows["worst 95th percentile"]["p95_exposure_gbp"] > apart


def test_changes_are_paired(rows):
    """A paired error is far below that of two independent means, except where everything is rearranged."""
    spread = rows["calibrated"]["cte99_exposure_gbp"] / 5.0 / np.sqrt(2000)
    assert 0.0 < rows["t copula"]["mean_exposure_change_error_gbp"] < spread


def test_correlations_are_those_asked_for(dudley):
    """Every pair of destinations has the correlation of the law within four standard errors."""
    found = correlation_rows(dudley.study, 8000)
    assert len(found) == 15
    for row in found:
        assert abs(row["achieved"] - row["asked"]) < 4.0 * row["error"] + 0.01, row


def test_the_tail_mean_is_that_of_the_largest():
    """Mean of the largest hundredth, and of one value at the least."""
    assert tail_mean(np.arange(200.0)) == 198.5
    assert tail_mean(np.arange(10.0)) == 9.0
