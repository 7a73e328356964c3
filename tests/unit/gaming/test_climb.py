"""Moves: what they find, and what they leave alone."""

from __future__ import annotations

import pytest

from stresstest.gaming.best import climb
from stresstest.gaming.plays import top

pytestmark = pytest.mark.unit


def test_a_pair_is_found_that_pays_only_together(toy):
    """Neither lever pays alone: a sweep finds neither, a move of two finds both."""
    one = climb(toy.polish, {"effort": 1.0}, ("upcoding", "exception_reporting"), ())
    one.sweep(0.25, 9)
    assert not {"upcoding", "exception_reporting"} & set(one.play)
    assert one.pairs()
    assert one.play["upcoding"] == top("upcoding")
    assert one.play["exception_reporting"] == top("exception_reporting")


def test_years_are_found_in_which_a_lever_pays(toy):
    """A lever that pays late and costs early ends up in the late years alone."""
    one = climb(toy.polish, {"year_end_timing": 0.02}, ("year_end_timing",), ("year_end_timing",))
    assert one.timing()
    assert one.play["year_end_timing"] == (0.0,) * 10 + (0.02,) * 5


def test_a_window_that_is_a_year_out_is_put_right(toy):
    """Ends of a window move a year at a time, and a window that is not needed goes."""
    plays = {"year_end_timing": (0.0,) * 12 + (0.03,) * 3, "list_inflation": (0.0,) + (0.04,) * 14}
    one = climb(toy.polish, {"effort": 1.0, **plays}, tuple(plays), tuple(plays))
    assert one.retime()
    assert one.play["year_end_timing"] == (0.0,) * 10 + (0.03,) * 5
    assert one.play["list_inflation"] == 0.04


def test_a_lever_that_pays_in_late_years_only_is_woken(toy):
    """In all years it costs, so it is off; over the windows of years it is found."""
    one = climb(toy.polish, {"effort": 1.0}, ("year_end_timing",), ("year_end_timing",))
    assert one.awake()
    assert one.play["year_end_timing"] == (0.0,) * 10 + (0.03,) * 5


def test_levers_that_are_not_free_never_move(toy):
    """Sweeps, pairs, subspaces and years leave alone what the search may not use, and drop it from the start."""
    one = climb(toy.polish, {"effort": 1.0, "list_inflation": 0.01, "skimping": 0.05}, ("list_inflation",), ("skimping",))
    assert "skimping" not in one.play
    for move in (lambda: one.sweep(0.25, 9), one.pairs, lambda: one.subspace(0.5), one.timing):
        move()
        assert set(one.play) <= {"effort", "prevention", "efficiency", "list_inflation"}


def test_a_bid_has_no_years(toy):
    """What is decided once never gets a window, even when asked for."""
    one = climb(toy.polish, {"low_bid": 0.05}, ("low_bid",), ("low_bid",))
    assert one.timed == ()


def test_levers_that_add_nothing_are_left_out(toy):
    """A lever that costs, and years that change next to nothing, do not stay in an answer."""
    one = climb(toy.polish, {"effort": 1.0, "list_inflation": 0.04, "skimping": 1e-5}, ("list_inflation", "skimping"), ())
    one.simplify()
    assert set(one.play) == {"effort", "list_inflation"}


def test_a_climb_never_goes_down(toy):
    """Each move raises the aim or leaves the play where it was."""
    one = climb(toy.polish, {"effort": 0.2, "misreporting": 0.3}, ("misreporting", "list_inflation"), ())
    before = one.value
    for share in (0.25, 0.1):
        one.sweep(share, 5)
        assert one.value >= before
        before = one.value
    assert "misreporting" not in one.play
