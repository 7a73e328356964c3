"""Targets that grow and are pulled towards what was reported."""

from __future__ import annotations

import pytest
from year_by_year import settle

from stresstest.terms.rebased_target import KIND, next_target

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("report", "growth", "rebase", "target"),
    [(90, 0, 0, 100), (90, 0, 1, 90), (90, 0, 0.5, 95), (110, 0, 0.5, 105), (100, 0.02, 1, 102), (90, 0.02, 0.5, 97)],
)
def test_a_target_grows_and_moves_towards_the_report(report, growth, rebase, target):
    """Growth is on the old target; the move is a share of the distance to the report."""
    assert next_target(100.0, float(report), float(growth), float(rebase)) == pytest.approx(target)


def test_the_years_between_rebasings_only_grow():
    """With a rebasing every second year the third year is the first to move."""
    terms = {"opening": 100.0, "rebase": 1.0, "every": 2, "of": "x"}
    reports = (50.0, 60.0, 70.0, 80.0, 90.0)
    assert settle(KIND, terms, *({"x": x} for x in reports))[0] == [100.0, 100.0, 60.0, 60.0, 80.0]


def test_this_years_report_does_not_move_this_years_target():
    """A report counts from the year after."""
    terms = {"opening": 100.0, "rebase": 1.0, "of": "x"}
    assert settle(KIND, terms, {"x": 50.0}, {"x": 1e9})[0] == [100.0, 50.0]


def test_opening_may_be_a_quantity():
    """Each future may start from its own target; later values of the quantity are not read."""
    terms = {"opening": "start", "rebase": 0.0, "growth": 0.1, "of": "x"}
    years = ({"start": start, "x": 0.0} for start in (200.0, 900.0))
    assert settle(KIND, terms, *years)[0] == pytest.approx([200.0, 220.0])
