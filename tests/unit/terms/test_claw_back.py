"""Earlier payments that are called back."""

from __future__ import annotations

import math

import pytest
from year_by_year import settle

from stresstest.terms.claw_back import KIND, called_back

pytestmark = pytest.mark.unit
TERMS = {"of": "bonus", "trigger": "failed"}


@pytest.mark.parametrize(
    ("held", "trigger", "share", "back"), [(8, 1, 1, 8), (8, 0, 1, 0), (8, -1, 1, 0), (8, 1e-9, 0.25, 2), (0, 1, 1, 0)]
)
def test_a_share_of_what_is_held_is_called_back_above_a_trigger_of_0(held, trigger, share, back):
    """A trigger of 0 or less calls nothing, any above it the share."""
    assert called_back(float(held), float(trigger), float(share)) == pytest.approx(back)


def test_a_trigger_that_is_not_a_number_stays_visible():
    """An unknown trigger is not taken for none."""
    assert math.isnan(called_back(8.0, math.nan, 1.0))


def test_nothing_is_called_back_twice():
    """A second failure in a row finds only what was received since."""
    amounts, shown = settle(KIND, TERMS | {"look_back": 3}, *({"bonus": 10.0, "failed": f} for f in (0, 1, 1)))
    assert amounts == [0.0, -20.0, -10.0]
    assert shown["held"] == [10.0, 20.0, 10.0]


def test_years_beyond_the_look_back_are_safe():
    """With a look-back of a year the receipt of two years ago stays with the provider."""
    years = ({"bonus": 10.0 * 10**t, "failed": float(t == 2)} for t in range(3))
    assert settle(KIND, TERMS | {"look_back": 1}, *years)[0] == [0.0, 0.0, -1100.0]


def test_more_than_ten_years_are_forgotten():
    """The twelfth year's look-back of ten years does not meet the first year again."""
    years = ({"bonus": 1e6 if t == 0 else 1.0, "failed": float(t == 11)} for t in range(12))
    assert settle(KIND, TERMS | {"look_back": 10}, *years)[0][-1] == pytest.approx(-11.0)


def test_each_future_keeps_its_own_look_back():
    """A quantity may give the look-back, and one beyond ten years counts as ten."""
    years = ({"bonus": 1.0, "failed": float(t == 11), "back": 50.0} for t in range(12))
    assert settle(KIND, TERMS | {"look_back": "back"}, *years)[0][-1] == pytest.approx(-11.0)
