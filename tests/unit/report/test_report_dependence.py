"""What dependence alone is worth: rows beside the calibrated one, the largest change, asked and achieved correlations."""

import math
from dataclasses import replace

import pytest

from stresstest.layout import AXES
from stresstest.report import dependence
from stresstest.report import words as W
from stresstest.report.source import Source
from stresstest.report.tracing import Trace, plain

pytestmark = pytest.mark.unit


def said_by(make, source):
    """What a function says of a run, as it is printed, without the marks of its numbers."""
    made = make(source, Trace())
    return plain(made) if isinstance(made, str) else replace(made, rows=[[plain(cell) for cell in row] for row in made.rows])


def test_rows_stand_beside_the_calibrated_one(fake_run):
    """The calibrated row has no change; the others carry signs and errors."""
    table = said_by(dependence.dependence, Source(fake_run))
    assert [row[2] for row in table.rows] == [W.NONE, "−£220k (£150k)", "+£19m (£4.7m)"]
    assert [row[6] for row in table.rows] == [W.NONE, "−3.1 points (0.2 points)", "+0.4 points (0.5 points)"]
    assert table.rows[0][:2] == ["As calibrated", "£46.2m"]
    assert all(len(row) == len(table.headings) for row in table.rows)


def test_the_largest_changes_are_told_with_their_errors(fake_run):
    """Exposure moves most under the worst dependence, failure most under independence."""
    said = said_by(dependence.largest_change, Source(fake_run))
    assert said == (
        "The largest change of mean net exposure is +£19m (standard error £4.7m): that is “rearranged for the worst mean of the "
        "tail”, with which the worst 1 in 100 cost £294m on average instead of £160m. The largest change of the chance that "
        "losses end the contract is −3.1 points (standard error 0.2 points): that is “destinations independent”."
    )


def test_noise_is_not_told_as_a_change(fake_run):
    """Where no row is two errors from the calibrated one, the sentence says so."""
    source = Source(fake_run)
    for row in source.rows("dependence"):
        row["mean_exposure_change_error_gbp"], row["exit_losses_change_error"] = 1e9, 1.0
    assert said_by(dependence.largest_change, source).endswith("by more than noise.")


def test_correlations_asked_and_achieved(fake_run):
    """Pairs by name, the error of what was achieved, and the means over the years."""
    table = said_by(dependence.correlations, Source(fake_run))
    assert table.rows[0] == ["Size of the state and growth of the economy", "−0.20", "−0.20 (0.01)", "−0.68"]
    assert table.rows[1][0] == "Growth of the economy and vacancies"


def test_axes_that_do_not_vary_have_no_correlation(fake_run):
    """A pinned axis, or the worst dependence, leaves dashes."""
    source = Source(fake_run)
    source.rows("correlations")[0].update(dict.fromkeys(("asked", "achieved", "error"), math.nan))
    assert said_by(dependence.correlations, source).rows[0][1:3] == [W.NONE, W.NONE]


def test_every_axis_has_words():
    """The six axes of the engine are named, in no more and no fewer words."""
    assert set(dependence.AXIS_WORDS) == set(AXES)
    assert len(set(dependence.AXIS_WORDS.values())) == len(AXES)
