"""Figures that are one number or another."""

from __future__ import annotations

import math

import pytest
from year_by_year import settle

from stresstest.terms.gate import COMPARISONS, KIND, holds

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("comparison", "below", "at", "above"),
    [
        ("at_least", False, True, True),
        ("more_than", False, False, True),
        ("at_most", True, True, False),
        ("less_than", True, False, False),
    ],
)
def test_each_comparison_below_at_and_above(comparison, below, at, above):
    """At exactly the threshold only at_least and at_most hold."""
    number = float(COMPARISONS.index(comparison))
    assert [bool(holds(x, 0.8, number)) for x in (0.79, 0.8, 0.81)] == [below, at, above]


def test_both_values_may_be_quantities():
    """A gate picks between two quantities, against a third."""
    terms = {"of": "x", "at": "threshold", "met": "high", "unmet": "low"}
    years = ({"x": x, "threshold": 5.0, "high": 7.0, "low": 3.0} for x in (4.0, 5.0))
    assert settle(KIND, terms, *years)[0] == [3.0, 7.0]


def test_what_is_not_a_number_meets_nothing_and_stays_visible():
    """Neither value stands in for an unknown quantity."""
    assert math.isnan(settle(KIND, {"of": "x", "at": 1.0}, {"x": math.nan})[0][0])
    assert math.isnan(settle(KIND, {"of": "x", "at": "y"}, {"x": 1.0, "y": math.nan})[0][0])
