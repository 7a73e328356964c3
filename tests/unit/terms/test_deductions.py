"""Penalty points that cost money."""

from __future__ import annotations

import math

import pytest
from year_by_year import settle

from stresstest.terms._term import NOT_USED
from stresstest.terms.deductions import KIND, capped, points_charged, points_weighed

pytestmark = pytest.mark.unit
TERMS = {"points": "points", "price": 100.0}


@pytest.mark.parametrize(("points", "charged"), [(9, 0), (10, 0), (10.5, 0.5), (30, 20), (-5, 0)])
def test_points_beyond_the_free_ones_are_charged(points, charged):
    """Ten free points cost nothing, whatever lies beyond does."""
    assert points_charged(float(points), 10.0) == pytest.approx(charged)


@pytest.mark.parametrize(
    ("points", "step", "weighed"), [(50, 50, 40), (51, 50, 43), (60, 50, 70), (30, 5, 60), (10, 5, 0), (30, 10, 60)]
)
def test_points_beyond_the_step_weigh_three_times(points, step, weighed):
    """Free points never weigh anything; a step below them makes every other point a stepped one."""
    assert points_weighed(float(points), 10.0, float(step), 3.0) == pytest.approx(weighed)


@pytest.mark.parametrize(
    ("most", "base", "amount"), [(0.5, 10, 5), (0.5, 16, 8), (0.5, 100, 8), (0.5, 0, 0), (0.5, -4, 0), (NOT_USED, 0, 8)]
)
def test_the_cap_is_a_multiple_of_the_base(most, base, amount):
    """Beyond the cap nothing is deducted; without a cap the base does not matter."""
    assert capped(8.0, most, float(base)) == pytest.approx(amount)


def test_a_failing_year_counts_although_the_cap_cut_it():
    """The ratchet runs on through a capped year, and a clean year ends it."""
    terms = TERMS | {"repeat_factor": 2.0, "base": "fee", "most": 1.0}
    years = [(1.0, 50.0), (1.0, 1e6), (1.0, 1e6), (0.0, 1e6), (1.0, 1e6)]
    amounts, shown = settle(KIND, terms, *({"points": p, "fee": f} for p, f in years))
    assert amounts == [50.0, 200.0, 400.0, 0.0, 100.0]
    assert shown["uncapped"] == [100.0, 200.0, 400.0, 0.0, 100.0]
    assert shown["chargeable"] == [1.0, 1.0, 1.0, 0.0, 1.0]


def test_the_base_is_asked_for_only_under_a_cap():
    """Without a cap nobody has to give the base; a cap that a quantity gives needs it."""
    assert KIND.unread({"most": NOT_USED}) == ("base",)
    assert KIND.unread({"most": 0.1}) == ()
    assert KIND.unread({"most": math.nan}) == ()


def test_the_provider_pays():
    """A positive deduction goes to the commissioner."""
    assert (KIND.payer, KIND.payee) == ("provider", "commissioner")
