"""A premium that follows the losses between two rates."""

from __future__ import annotations

import math

import pytest

from stresstest.terms.swing_premium import KIND, swing

pytestmark = pytest.mark.unit

TERMS = {"losses": "losses", "subject": "subject", "load": 1.25, "minimum": 0.1, "maximum": 0.3, "deposit": 0.2}


@pytest.mark.parametrize(("indicated", "premium"), [(-5, 1), (1, 1), (2, 2), (3, 3), (4, 3)])
def test_premium_stays_between_its_rates(indicated, premium):
    """The lowest and the highest premium hold, and are themselves allowed."""
    assert swing(float(indicated), 1.0, 3.0) == premium


def test_maximum_holds_where_the_rates_cross():
    """A minimum above the maximum gives way."""
    assert swing(2.0, 5.0, 3.0) == 3.0


@pytest.mark.parametrize(("losses", "due"), [(0, -10), (8, -10), (16, 0), (20, 5), (24, 10), (99, 10)])
def test_deposit_comes_off(pay, losses, due):
    """What was paid in advance is set against the premium, and flows back where it was too much."""
    assert pay("swing_premium", TERMS, {"losses": losses, "subject": 100}) == pytest.approx([due])


@pytest.mark.parametrize("subject", [0, -100])
def test_no_subject_premium_no_premium(pay, subject):
    """Rates of nothing or less are nothing, whatever the losses."""
    assert pay("swing_premium", TERMS, {"losses": 50, "subject": subject}) == pytest.approx([0])


def test_missing_losses_stay_visible(pay):
    """A missing loss never becomes the minimum premium."""
    assert math.isnan(pay("swing_premium", TERMS, {"losses": math.nan, "subject": 100})[0])


def test_crossed_rates_are_reported():
    """A minimum above the maximum is named; a rate that a quantity gives is not judged."""
    assert "above" in KIND.check(TERMS | {"minimum": 0.4})[0][1]
    assert KIND.check(TERMS | {"minimum": 0.3}) == []
    assert KIND.check(TERMS | {"minimum": math.nan}) == []
