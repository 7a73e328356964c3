"""What dependence alone is worth: rows beside the calibrated one, the largest change, asked and achieved correlations."""

import math

import pytest

from stresstest.layout import AXES
from stresstest.report import dependence
from stresstest.report import words as W
from stresstest.report.source import Source

pytestmark = pytest.mark.unit


def test_rows_stand_beside_the_calibrated_one(reported_run):
    """The calibrated row has no change; the others carry signs and errors."""
    table = dependence.dependence(Source(reported_run))
    assert [row[2] for row in table.rows] == [W.NONE, "−£220k (£150k)", "+£19m (£4.7m)"]
    assert [row[6] for row in table.rows] == [W.NONE, "−3.1 (0.2)", "+0.4 (0.5)"]
    assert table.rows[0][:2] == ["As calibrated", "£46.2m"]
    assert all(len(row) == len(table.headings) for row in table.rows)


def test_the_largest_changes_are_told_with_their_errors(reported_run):
    """Exposure moves most under the worst dependence, failure most under independence."""
    said = dependence.largest_change(Source(reported_run))
    assert said == (
        "None of these moves mean net exposure by more than £19m (upwards; standard error £4.7m): that is “rearranged for "
        "the worst mean of the tail”, with which the worst 1 in 100 cost £294m on average instead of £160m. None moves the "
        "chance that losses end the contract by more than 3.1 points (downwards; standard error 0.2): that is “destinations "
        "independent”."
    )


def test_noise_is_not_told_as_a_change(reported_run):
    """Where no row is two errors from the calibrated one, the sentence says so."""
    source = Source(reported_run)
    for row in source.rows("dependence"):
        row["mean_exposure_change_error_gbp"], row["exit_losses_change_error"] = 1e9, 1.0
    assert dependence.largest_change(source).endswith("by more than noise.")


def test_correlations_asked_and_achieved(reported_run):
    """Pairs by name, the error of what was achieved, and the means over the years."""
    table = dependence.correlations(Source(reported_run))
    assert table.rows[0] == ["Size of the state and growth of the economy", "−0.20", "−0.20 (0.01)", "−0.68"]
    assert table.rows[1][0] == "Growth of the economy and vacancies"


def test_axes_that_do_not_vary_have_no_correlation(reported_run):
    """A pinned axis, or the worst dependence, leaves dashes."""
    source = Source(reported_run)
    source.rows("correlations")[0].update(dict.fromkeys(("asked", "achieved", "error"), math.nan))
    assert dependence.correlations(source).rows[0][1:3] == [W.NONE, W.NONE]


def test_every_axis_has_words():
    """The six axes of the engine are named, in no more and no fewer words."""
    assert set(dependence.AXIS_WORDS) == set(AXES)
    assert len(set(dependence.AXIS_WORDS.values())) == len(AXES)
