"""The back-fit: statistics by hand, misfits that were planted, and the comparison of the shipped study."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.analysis import backfit as B
from stresstest.analysis.backfit_paths import Paths
from stresstest.config.folders import config_folder, data_folder

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def runs() -> np.ndarray:
    """A thousand runs of 60 years, independent normal years with mean 2% and sd 1%."""
    return np.random.default_rng(31).normal(0.02, 0.01, (1000, 60))


def by_name(rows: list[dict]) -> dict[tuple[str, int], dict]:
    """Rows by statistic and window."""
    return {(row["statistic"], row["window_years"]): row for row in rows}


def test_statistics_by_hand():
    """Six times the same five years: mean, falling years, extremes of years and of windows, and the correlation of neighbours."""
    values = np.array([1.0, -1.0, 3.0, 5.0, 7.0] * 6)
    found = B.statistics_of(values, True)
    assert found["mean", 1] == pytest.approx(3.0)
    assert found["share of years below 0", 1] == pytest.approx(0.2)
    assert (found["lowest", 1], found["highest", 1]) == (-1.0, 7.0)
    assert found["lowest", 5] == found["highest", 5] == found["lowest", 15] == pytest.approx(3.0)
    assert found["lag-1 autocorrelation", 1] == pytest.approx(np.corrcoef(values[1:], values[:-1])[0, 1])
    assert ("share of years below 0", 1) not in B.statistics_of(values, False)


def test_a_record_of_the_same_law_is_no_miss(runs):
    """A record drawn like the runs lies within them, and its share of runs below is no extreme."""
    for row in B.compare(runs[7], runs):
        assert not row["miss"], row
        assert row["simulated_p1"] <= row["simulated_p5"] <= row["simulated_p50"] <= row["simulated_p99"]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda x: x + 0.01, ("mean", 1)), (lambda x: 0.02 + 3.0 * (x - 0.02), ("sd", 1)),
        (lambda x: np.sort(x), ("lag-1 autocorrelation", 1)), (lambda x: np.sort(x), ("highest", 15)),
        (lambda x: np.where(np.arange(60) == 30, -0.05, x), ("lowest", 1)),
    ],
)  # fmt: skip
def test_a_planted_misfit_is_flagged(runs, change, found):
    """A shifted mean, a wider spread, years in order, one year out of line: each is published as a miss."""
    row = by_name(B.compare(change(runs[7]), runs))[found]
    assert row["miss"]
    assert row["share_below_record"] in (0.0, 1.0) or not 0.01 < row["share_below_record"] < 0.99


def test_windows_that_do_not_overlap_are_counted(runs):
    """Sixty years have four windows of fifteen years apart, though extremes are taken over all 46."""
    assert by_name(B.compare(runs[0], runs))["lowest", 15]["windows_apart"] == 4
    assert B.window_means(runs[0], 15).size == 46


def test_a_window_that_futures_hardly_reach_is_named(runs):
    """One extreme year in the record is beyond the futures' single years, and its mean over fifteen years is not."""
    record = np.where(np.arange(60) == 30, -0.05, runs[3])
    one, long = (B.window_row(record, runs[:, :15], years) for years in (1, 15))
    assert one["beyond"] == "lowest"
    assert one["simulated_below_lowest"] == 0.0
    assert long["beyond"] == ""
    assert long["simulated_sd"] == pytest.approx(0.01 / 15**0.5, rel=0.1)


def test_levels_are_placed_in_record_and_futures(dudley):
    """A level below all is below all; the shares rise from low to high growth."""
    flat = np.full((10, 15), 0.021)
    given = Paths(flat, flat + 0.37, flat + 0.08, flat)
    series = {"economy": np.linspace(0.0, 0.05, 51), "state": np.full(20, 0.5), "workforce": np.array([0.06, 0.12])}
    rows = {(r["quantity"], r["level"]): r for r in B.level_rows(dudley.study.law, series, given)}
    growth = [rows[B.TITLES["economy"], level] for level in ("low", "middle", "high")]
    assert [row["simulated_below"] for row in growth] == [0.0, 0.0, 1.0]
    assert [row["record_below"] for row in growth] == sorted(row["record_below"] for row in growth)
    assert rows[B.TITLES["workforce"], "middle"]["record_below"] == 0.5
    assert rows[B.TITLES["workforce"], "middle"]["record_points"]


def test_the_shipped_study_is_compared(dudley):
    """Three quantities with a series, each with all statistics; four in windows; three axes with three levels each."""
    found = B.backfit(dudley.study, data_folder(config_folder()), 60)
    quantities = {row["quantity"] for row in found["record"]}
    assert quantities == {B.TITLES[name] for name in ("economy", "state", "funding")}
    growth = by_name([row for row in found["record"] if row["quantity"] == B.TITLES["economy"]])
    assert growth["lowest", 1]["record"] == pytest.approx(-0.102969)
    assert growth["highest", 15]["windows_apart"] == 5
    assert [row["window_years"] for row in found["windows"]] == [1, 5, 15] * 3 + [1]
    assert len(found["levels"]) == 9
