"""A bond or a parent's promise up to a sum over the term."""

from __future__ import annotations

import math

import pytest

from stresstest.terms.guarantee import KIND, honoured

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("call", "left", "paid"), [(3, 5, 3), (5, 5, 5), (7, 5, 5), (-2, 5, 0), (3, 0, 0), (3, -1, 0)])
def test_no_more_is_paid_than_is_left(call, left, paid):
    """The smaller of the call and what is left, and never less than nothing."""
    assert honoured(float(call), float(left)) == paid


def test_limit_is_for_the_whole_term(pay):
    """What is paid in one year is missing in the next, and a negative call does not refill it."""
    years = [{"short": s} for s in (4, -3, 4, 4, 4)]
    assert pay("guarantee", {"call": "short", "limit": 10.0}, *years) == pytest.approx([4, 0, 4, 2, 0])


@pytest.mark.parametrize(("trigger", "paid"), [(-1, 0), (0, 0), (0.001, 4), (1, 4)])
def test_trigger_above_zero_calls_the_whole(pay, trigger, paid):
    """The trigger decides whether, not how much."""
    terms = {"call": "short", "trigger": "ended", "limit": 10.0}
    assert pay("guarantee", terms, {"short": 4, "ended": trigger}) == pytest.approx([paid])


def test_uncalled_years_leave_the_limit_whole(pay):
    """A year without trigger uses nothing up."""
    terms = {"call": "short", "trigger": "ended", "limit": 5.0}
    assert pay("guarantee", terms, {"short": 9, "ended": 0}, {"short": 9, "ended": 1}) == pytest.approx([0, 5])


def test_missing_call_stays_visible(pay):
    """A missing call never becomes a payment of nothing."""
    assert math.isnan(pay("guarantee", {"call": "short", "limit": 10.0}, {"short": math.nan})[0])


def test_operator_stands_in_for_the_commissioner():
    """By default the operator pays the commissioner."""
    assert (KIND.payer, KIND.payee) == ("operator", "commissioner")
