"""Figures read off a scale."""

from __future__ import annotations

import math

import pytest
from year_by_year import settle

from stresstest.terms.sliding_scale import KIND, MOST_POINTS, between

pytestmark = pytest.mark.unit
POINTS = [{"at": 0.0, "value": 10.0}, {"at": 4.0, "value": 2.0}, {"at": 5.0, "value": 4.0}]
STEP, LINEAR = {"form": "step"}, {"form": "linear"}


def values(terms, *xs):
    """The scale at each x."""
    return settle(KIND, {"of": "x", "points": POINTS} | terms, *({"x": x} for x in xs))[0]


def test_a_line_goes_through_its_two_points():
    """At both ends the value of the point, half-way the mean."""
    assert [between(x, 0.0, 10.0, 4.0, 2.0) for x in (0.0, 2.0, 4.0)] == [10.0, 6.0, 2.0]


def test_lines_between_points_and_flat_beyond():
    """Each segment has its own slope; before the first and after the last point nothing moves."""
    assert values(LINEAR, -1.0, 0.0, 1.0, 4.0, 4.5, 5.0, 9.0) == pytest.approx([10.0, 10.0, 8.0, 2.0, 3.0, 4.0, 4.0])


def test_steps_hold_the_last_point_reached():
    """A step is taken exactly at its point."""
    assert values(STEP, -1.0, 0.0, 3.999, 4.0, 4.999, 5.0, 9.0) == [10.0, 10.0, 10.0, 2.0, 2.0, 4.0, 4.0]


@pytest.mark.parametrize("form", [STEP, LINEAR])
def test_one_point_is_flat(form):
    """A scale of one point gives its value everywhere."""
    assert values(form | {"points": [{"at": 3.0, "value": 7.0}]}, -9.0, 3.0, 9.0) == [7.0, 7.0, 7.0]


def test_divided_by_nothing_is_0():
    """Where `per` is 0 the scale is read at 0, and x is shown so."""
    terms = {"of": "x", "per": "y", "points": POINTS}
    amounts, shown = settle(KIND, terms, {"x": 8.0, "y": 2.0}, {"x": 8.0, "y": 0.0})
    assert amounts == [2.0, 10.0]
    assert shown["x"] == [4.0, 0.0]


def test_what_is_not_a_number_stays_visible():
    """No point stands in for an unknown quantity."""
    assert math.isnan(values(LINEAR, math.nan)[0])


def test_the_longest_scale_fits_the_row():
    """Twenty-four points are read to the last."""
    points = [{"at": float(k), "value": float(k * k)} for k in range(MOST_POINTS)]
    assert KIND.check({"points": points}) == []
    assert values({"points": points}, 22.5, 23.0) == [(22**2 + 23**2) / 2, 23.0**2]


@pytest.mark.parametrize(
    ("places", "key", "words"),
    [
        ([], "points", "at least one"),
        ([1, 1], "points.2", "not above"),
        ([2, 1], "points.2", "not above"),
        (range(25), "points", "at most 24"),
    ],
)
def test_bad_points_are_reported(places, key, words):
    """No points, points that do not rise, and too many are named."""
    ((found, sentence),) = KIND.check({"points": [{"at": float(at), "value": 0.0} for at in places]})
    assert found == key
    assert words in sentence
