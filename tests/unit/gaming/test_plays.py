"""Levels by year and their windows."""

from __future__ import annotations

import pytest

from stresstest.gaming.plays import (
    DECIDED_ONCE,
    TIMED,
    from_year,
    resized,
    size,
    spread,
    table,
    tidy,
    used,
    windowed,
    windows,
    with_level,
    without,
)
from stresstest.levers import GAMING

pytestmark = pytest.mark.unit


def test_windows_are_from_up_to_and_every_other_year():
    """Fifteen years have all years, fourteen starts, fourteen ends, and two alternations."""
    found = windows(15)
    assert len(found) == len(set(found)) == 31
    assert found[0] == (True,) * 15
    assert all(any(one) for one in found)


def test_a_window_keeps_the_level_and_a_new_level_keeps_the_window():
    """Windows and levels are changed one at a time."""
    level = windowed(0.3, (False, True, True))
    assert level == (0.0, 0.3, 0.3)
    assert resized(level, 0.1) == (0.0, 0.1, 0.1)
    assert windowed(level, (True, True, True)) == 0.3
    assert size(level) == 0.3


def test_from_year_joins_two_plays():
    """Up to the year the first play holds, from then on the second; a lever that one of them lacks is off there."""
    joined = from_year({"effort": 1.0, "upcoding": 0.1}, {"effort": 0.5}, 2, 4)
    assert joined == {"effort": (1.0, 1.0, 0.5, 0.5), "upcoding": (0.1, 0.1, 0.0, 0.0)}


def test_tidy_leaves_out_nothing_and_joins_equal_years():
    """A level of nothing goes, years that are alike become one number, levels have six figures."""
    assert tidy({"upcoding": (0.1, 0.1), "effort": 1 / 3, "skimping": 0.0}) == {"effort": 0.333333, "upcoding": 0.1}


def test_signature_holds_gaming_levers_in_use():
    """Honest levers and traces of a lever do not count."""
    assert used({"effort": 1.0, "upcoding": 0.1, "list_inflation": 1e-9}) == ("upcoding",)
    assert without({"effort": 1.0, "upcoding": 0.1}, ["upcoding"]) == {"effort": 1.0}
    assert with_level({"upcoding": 0.1}, "upcoding", 0.0) == {}
    assert table({"upcoding": 0.1}, 2) == {"upcoding": (0.1, 0.1)}


def test_the_net_is_the_same_every_time_and_never_empty():
    """Points of the net lie inside the unit cube, and the first is not all nothing."""
    points = spread(5, 3)
    assert points.shape == (5, 3)
    assert points[0].min() > 0.0
    assert (points == spread(5, 3)).all()


def test_what_is_decided_once_has_no_years():
    """A bid and a base year are decided before the contract begins."""
    assert set(DECIDED_ONCE) | set(TIMED) == set(GAMING)
    assert not set(DECIDED_ONCE) & set(TIMED)
