"""Cap and floor on several clauses together."""

from __future__ import annotations

import math

import pytest

from stresstest.terms._term import NOT_USED
from stresstest.terms.overall_limit import KIND, side, within

pytestmark = pytest.mark.unit

OF = [{"clause": "bonus"}]
OPEN = {"most": NOT_USED, "least": -NOT_USED, "most_other": NOT_USED, "least_other": -NOT_USED}


def values(**given):
    """The fields as a check sees them."""
    return OPEN | {"of": [{"clause": "bonus", "weight": 1.0}]} | given


@pytest.mark.parametrize(
    ("multiple", "base", "limit"),
    [
        (0.1, 200, 20),
        (0.1, -200, 0),
        (NOT_USED, 0, NOT_USED),
        (-NOT_USED, 0, -NOT_USED),
        (-0.1, 200, -20),
        (-0.1, 0, 0),
    ],
)
def test_limit_is_a_multiple_of_a_base(multiple, base, limit):
    """A base below 0 counts as 0, and no limit stays no limit whatever the base."""
    assert side(multiple, float(base)) == pytest.approx(limit)


@pytest.mark.parametrize(("total", "result"), [(-9, -5), (-5, -5), (0, 0), (10, 10), (11, 10)])
def test_total_stays_between_floor_and_cap(total, result):
    """Totals exactly at a limit are not touched."""
    assert within(float(total), -5.0, 10.0) == result


def test_cap_holds_where_limits_cross():
    """A floor above the cap gives way."""
    assert within(0.0, 20.0, 10.0) == 10.0


def test_weights_turn_and_scale_clauses(pay):
    """A clause that runs the other way counts with −1."""
    terms = {"most": 10.0, "of": [{"clause": "a"}, {"clause": "b", "weight": -1.0}, {"clause": "c", "weight": 0.5}]}
    assert pay("overall_limit", terms, {"a": 12, "b": 4, "c": 10}) == pytest.approx([-3])


@pytest.mark.parametrize(("other", "due"), [(50, -10), (40, -12), (100, -10)])
def test_tighter_cap_holds(pay, other, due):
    """Of two caps the lower one binds."""
    terms = {"most": 0.1, "base": "base", "most_other": 0.2, "other_base": "other", "of": OF}
    assert pay("overall_limit", terms, {"bonus": 20, "base": 100, "other": other}) == pytest.approx([due])


@pytest.mark.parametrize(("settlement", "due"), [("annual", [-20, 0, -50, 30]), ("cumulative", [-20, 20, -30, 30])])
def test_settlement_by_year_or_on_sums(pay, settlement, due):
    """On sums, room left in one year gives back what another lost; the sums never leave the limits."""
    terms = {"most": 100.0, "least": -50.0, "settlement": settlement, "of": OF}
    bonus = (120, 60, 150, -80)
    amounts = pay("overall_limit", terms, *({"bonus": b} for b in bonus))
    assert amounts == pytest.approx(due)


def test_sums_of_the_base_count_on_sums(pay):
    """Settled on sums, the cap is this year's multiple of the base of all years so far."""
    terms = {"most": 0.5, "base": "base", "settlement": "cumulative", "of": OF}
    years = ({"bonus": 30, "base": 40}, {"bonus": 0, "base": 10}, {"bonus": 0, "base": -100})
    assert pay("overall_limit", terms, *years) == pytest.approx([-10, 5, -25])


def test_missing_amount_stays_visible(pay):
    """A missing amount is not capped away."""
    assert math.isnan(pay("overall_limit", {"most": 10.0, "of": OF}, {"bonus": math.nan})[0])


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({}, "neither"),
        ({"most": 1.0, "of": []}, "no clause"),
        ({"most": 1.0, "least": 2.0}, "above the cap"),
        ({"most_other": 1.0, "least_other": 2.0}, "above the cap"),
        ({"most": 1.0, "of": [{"clause": "a", "weight": 1.0}, {"clause": "a", "weight": 1.0}]}, "twice"),
    ],
)
def test_odd_limits_are_reported(given, word):
    """Limits that limit nothing, cross, or count a clause twice are named."""
    assert any(word in sentence for _, sentence in KIND.check(values(**given)))


def test_base_of_no_limit_is_not_read():
    """Nobody has to give a base that no cap or floor is a multiple of."""
    assert KIND.check(values(most=math.nan, least=math.nan)) == []
    assert KIND.unread(values(most=0.1)) == ("other_base",)
    assert KIND.unread(values(least_other=math.nan)) == ("base",)
