"""What dependence alone is worth, and correlations achieved against those asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.analysis.coupling import SLICES
from stresstest.analysis.dependence import LABELS, correlation_rows, dependence_rows, tail_mean
from stresstest.analysis.evaluate import EXPOSURE
from stresstest.futures.plan import VERIFY_FIRST
from stresstest.futures.scenario import Course

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


def test_changes_are_paired(dudley, honest, rows):
    """A paired error is far below that of two independent means of as many futures."""
    exposure = dudley.outcomes(honest, first=VERIFY_FIRST, n=2000)[0, EXPOSURE]
    alone = exposure.std(ddof=1) * np.sqrt(2.0 / 2000)
    assert 0.0 < rows["t copula"]["mean_exposure_change_error_gbp"] < alone / 10.0


@pytest.mark.parametrize("dependence", ["worst", "independent"])
def test_what_the_scenario_says_of_dependence_is_set_aside(dudley, honest, rows, dependence):
    """A study whose first scenario has another dependence gets the same table: its base is the calibrated law."""
    first = replace(dudley.study.scenarios[0], dependence=dependence)
    coupling = np.tile(np.arange(SLICES), (6 + len(L.COUPLED_ONCE), 1))
    study = replace(dudley.study, scenarios=(first,), couplings={first.name: coupling})
    assert dependence_rows(study, honest, 2000) == list(rows.values())


def test_no_correlation_is_asked_for_where_none_is(dudley):
    """Nothing under independence, no number under the worst case, and none achieved of an axis that is given."""
    first = dudley.study.scenarios[0]

    def asked(**changes) -> list[dict]:
        return correlation_rows(replace(dudley.study, scenarios=(replace(first, **changes),)), 500)

    assert {row["asked"] for row in asked(dependence="independent")} == {0.0}
    assert all(np.isnan(row["asked"]) for row in asked(dependence="worst"))
    given = Course("given", (np.nan, np.nan, 0.35, np.nan, np.nan, np.nan))
    for row in asked(courses=(given,)):
        assert np.isnan(row["achieved"]) == ("state" in (row["axis"], row["other_axis"]))


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
