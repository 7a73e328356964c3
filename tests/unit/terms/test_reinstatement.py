"""Further premium for cover that losses have used up."""

from __future__ import annotations

import math

import pytest

from stresstest.terms.reinstatement import KIND, reinstated_now, reinstatement_premium

pytestmark = pytest.mark.unit

TERMS = {"premium": "premium", "recovered": "recovered", "limit": 100.0, "reinstatements": 2.0}


@pytest.mark.parametrize(
    ("recovered", "room", "now"), [(3, 5, 3), (5, 5, 5), (7, 5, 5), (-2, 5, 0), (3, 0, 0), (3, -1, 0)]
)
def test_no_more_is_reinstated_than_there_is_room(recovered, room, now):
    """The smaller of recovery and room, and never less than nothing."""
    assert reinstated_now(float(recovered), float(room)) == now


@pytest.mark.parametrize(("now", "limit", "due"), [(50, 100, 6_000), (100, 100, 12_000), (50, 0, 0), (0, 100, 0)])
def test_premium_is_in_proportion_to_the_amount(now, limit, due):
    """Half the limit costs half the premium, and without a limit nothing is divided."""
    assert reinstatement_premium(12_000.0, 1.0, float(now), float(limit)) == pytest.approx(due)


def test_reinstatements_are_used_up_over_the_rows(pay):
    """Two reinstatements of 100 cost two premiums and no more."""
    years = [{"premium": 10, "recovered": r} for r in (80, -30, 100, 100, 100)]
    assert pay("reinstatement", TERMS, *years) == pytest.approx([8, 0, 10, 2, 0])


@pytest.mark.parametrize(("price", "due"), [(0.0, [0, 0]), (0.5, [5, 5]), (1.25, [12.5, 12.5])])
def test_price_is_for_a_reinstatement_in_full(pay, price, due):
    """Free reinstatements are free, others cost their share of the premium."""
    years = [{"premium": 10, "recovered": 100}] * 2
    assert pay("reinstatement", TERMS | {"price": price}, *years) == pytest.approx(due)


def test_missing_recovery_stays_visible(pay):
    """A missing recovery never becomes a premium of nothing."""
    assert math.isnan(pay("reinstatement", TERMS, {"premium": 10, "recovered": math.nan})[0])


def test_layer_that_holds_nothing_is_reported():
    """A limit of 0 is named; one that a quantity gives is not judged."""
    assert "holds nothing" in KIND.check({"limit": 0.0})[0][1]
    assert KIND.check({"limit": math.nan}) == KIND.check({"limit": 1.0}) == []
