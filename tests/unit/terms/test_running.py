"""Figures that follow a quantity over the years."""

from __future__ import annotations

import math
from statistics import mean

import pytest
from year_by_year import settle

from stresstest.terms.running import KIND

pytestmark = pytest.mark.unit
SERIES = [3.0, -1.0, 4.0, -1.0, 5.0, 9.0, -2.0, 6.0, 5.0, 3.0, 5.0, 8.0, -9.0, 7.0]


def follow(terms, series=SERIES):
    """The figure of each year of the series."""
    return settle(KIND, {"of": "x"} | terms, *({"x": x} for x in series))[0]


@pytest.mark.parametrize("window", [1, 2, 3, 9, 10])
@pytest.mark.parametrize(("what", "of"), [("mean", mean), ("highest", max), ("lowest", min)])
def test_a_window_looks_at_its_last_years_only(what, of, window):
    """Fourteen years, longer than the memory, against the slice of the series itself."""
    expected = [of(SERIES[max(0, t - window + 1) : t + 1]) for t in range(len(SERIES))]
    assert follow({"what": what, "window": window}) == pytest.approx(expected)


def test_total_adds_all_years():
    """The total runs on beyond the ten years of the widest window."""
    assert follow({"what": "total"}) == pytest.approx([sum(SERIES[: t + 1]) for t in range(len(SERIES))])


def test_previous_and_change_start_from_the_opening():
    """Before the first year stands the opening, which is 0 unless it is given."""
    assert follow({"what": "previous", "opening": 2.0}) == [2.0, *SERIES[:-1]]
    assert follow({"what": "change", "opening": 2.0})[:3] == [1.0, -4.0, 5.0]
    assert follow({"what": "previous"})[0] == 0.0


@pytest.mark.parametrize("what", ["mean", "highest", "lowest", "total"])
def test_an_unknown_year_is_not_passed_over(what):
    """While a year that is not a number lies in the window, so does no figure pretend to know it."""
    got = follow({"what": what, "window": 2}, [1.0, math.nan, 2.0])
    assert got[0] == 1.0
    assert [math.isnan(x) for x in got[1:]] == [True, True]
