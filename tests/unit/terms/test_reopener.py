"""A price that is opened again every few years."""

from __future__ import annotations

import pytest
from year_by_year import settle

from stresstest.terms.reopener import KIND, mean_of, new_adjustment

pytestmark = pytest.mark.unit
TERMS = {"actual": "cost", "agreed": "price", "share": 0.5}


@pytest.mark.parametrize(
    ("gap", "agreed", "most", "adjustment"),
    [
        (20, 100, 1, 10), (-20, 100, 1, -10), (20, 100, 0.1, 10), (21, 100, 0.1, 10), (-30, 100, 0.1, -10), (9, 0, 1, 0),
        (9, -5, 1, 0),
    ],
)  # fmt: skip
def test_the_adjustment_is_a_share_of_the_gap_within_the_bound(gap, agreed, most, adjustment):
    """Half of the gap, either way, up to a share of the agreed price; a price of 0 or less allows none."""
    assert new_adjustment(float(gap), float(agreed), 0.5, float(most)) == pytest.approx(adjustment)


@pytest.mark.parametrize(("total", "count", "mean"), [(6, 3, 2), (6, 0, 0), (-4, 1, -4)])
def test_a_mean_of_no_years_is_0(total, count, mean):
    """A re-opening with nothing to look at changes nothing."""
    assert mean_of(float(total), float(count)) == mean


def test_each_re_opening_replaces_the_last():
    """After two years of gaps of 20 comes one of 10 a year, and after two years without a gap nothing."""
    costs = (120.0, 120.0, 100.0, 100.0, 500.0, 100.0)
    amounts, shown = settle(KIND, TERMS | {"every": 2}, *({"cost": cost, "price": 100.0} for cost in costs))
    assert amounts == [0.0, 0.0, 10.0, 10.0, 0.0, 0.0]
    assert shown["mean_gap"] == [0.0, 0.0, 20.0, 20.0, 0.0, 0.0]
    assert shown["adjustment"] == amounts


def test_the_year_itself_is_not_looked_at():
    """An adjustment rests on the years before it alone."""
    amounts, _ = settle(KIND, TERMS | {"every": 1}, *({"cost": cost, "price": 100.0} for cost in (110.0, 1e6)))
    assert amounts == [0.0, 5.0]


def test_the_bound_is_that_of_the_year_in_which_it_starts():
    """A price that falls later does not cut an adjustment in effect."""
    prices = (100.0, 100.0, 100.0, 1.0)
    years = ({"cost": price + 50.0, "price": price} for price in prices)
    amounts, _ = settle(KIND, TERMS | {"every": 2, "most": 0.1}, *years)
    assert amounts == [0.0, 0.0, 10.0, 10.0]
