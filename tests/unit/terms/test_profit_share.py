"""A share of profits after deficits have been made good."""

from __future__ import annotations

import math

import pytest

from stresstest.terms._term import NOT_USED
from stresstest.terms.profit_share import KIND, commission

pytestmark = pytest.mark.unit


def results(*amounts):
    """One year for each result, on an income of 1,000."""
    return [{"income": 1_000, "reported_cost": 1_000 - amount} for amount in amounts]


@pytest.mark.parametrize(
    ("cap", "income", "paid"), [(NOT_USED, 0, 50), (0.1, 1_000, 50), (0.05, 1_000, 50), (0.02, 1_000, 20), (0.1, -5, 0)]
)
def test_cap_is_a_share_of_income(cap, income, paid):
    """The cap binds where it is lower than the share, and no cap is no cap even without income."""
    assert commission(100.0, 0.5, cap, float(income)) == pytest.approx(paid)


@pytest.mark.parametrize(
    ("carry", "due"),
    [
        (0, [0, 50, 50, 50]),
        (1, [0, 0, 50, 50]),
        (2, [0, 0, 0, 50]),
        (3, [0, 0, 0, 25]),
        (10, [0, 0, 0, 25]),
        (99, [0, 0, 0, 25]),
    ],
)
def test_deficit_lapses_after_its_years(pay, carry, due):
    """A deficit of 250 counts against results of 100 for as many years as are agreed."""
    terms = {"share": 0.5, "carry_years": carry}
    assert pay("profit_share", terms, *results(-250, 100, 100, 100)) == pytest.approx(due)


def test_oldest_deficit_is_made_good_first(pay):
    """What lapses soonest is used first, so that the least is left."""
    terms = {"share": 1.0, "carry_years": 2}
    assert pay("profit_share", terms, *results(-100, -50, 120, 100)) == pytest.approx([0, 0, 0, 70])


def test_expenses_come_off_income(pay):
    """The allowance is a share of income, taken before the cost."""
    year = {"premium": 1_000, "losses": 600}
    terms = {"income": "premium", "cost": "losses", "expenses": 0.25, "share": 0.2}
    assert pay("profit_share", terms, year) == pytest.approx([30])


def test_years_that_vary_look_back_by_the_number_of_the_year(pay):
    """A deficit is remembered though its own year carried nothing, and counts once a year looks back far enough."""
    terms = {"share": 1.0, "carry_years": [0.0, 0.0, 2.0]}
    assert pay("profit_share", terms, *results(-100, 10, 150)) == pytest.approx([0, 10, 50])


def test_missing_cost_stays_visible(pay):
    """A missing cost never becomes a profit of nothing."""
    assert math.isnan(pay("profit_share", {"share": 0.5}, {"income": 1_000, "reported_cost": math.nan})[0])


@pytest.mark.parametrize(("given", "word"), [({"carry_years": 11.0}, "made good"), ({"cap": 5.0}, "whole income")])
def test_odd_numbers_are_reported(given, word):
    """Years that cannot be counted one by one and caps written as percentages are named."""
    sound = {"carry_years": 99.0, "cap": NOT_USED}
    assert word in KIND.check(sound | given)[0][1]
    assert KIND.check(sound) == KIND.check({"carry_years": math.nan, "cap": math.nan}) == []
