"""A fund that good years fill and bad years draw on."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from year_by_year import settle

from stresstest.terms._term import NOT_USED
from stresstest.terms.reserve_fund import KIND, drawn, paid_in

TERMS = {"result": "result", "pay_in": 0.5, "draw": 0.8, "target": 100.0}


@pytest.mark.unit
@pytest.mark.parametrize(
    ("result", "room", "into"), [(8, 9, 4), (8, 4, 4), (8, 3, 3), (8, 0, 0), (8, -2, 0), (-8, 9, 0)]
)
def test_half_of_a_surplus_goes_in_as_far_as_there_is_room(result, room, into):
    """No more than the share, no more than the room, nothing in a year of deficit or above the target."""
    assert paid_in(float(result), 0.5, float(room)) == pytest.approx(into)


@pytest.mark.unit
@pytest.mark.parametrize(("result", "balance", "out"), [(-10, 9, 8), (-10, 8, 8), (-10, 3, 3), (-10, 0, 0), (10, 9, 0)])
def test_four_fifths_of_a_deficit_come_out_as_far_as_the_fund_goes(result, balance, out):
    """No more than the share, no more than the balance, nothing in a year of surplus."""
    assert drawn(float(result), 0.8, float(balance)) == pytest.approx(out)


@pytest.mark.unit
def test_interest_is_credited_before_the_draw():
    """A draw may take this year's interest too, and interest is no payment."""
    terms = TERMS | {"interest": 0.1, "draw": 1.0}
    amounts, shown = settle(KIND, terms, {"result": 100.0}, {"result": 0.0}, {"result": -99.0})
    assert amounts == pytest.approx([50.0, 0.0, -60.5])
    assert shown["interest_earned"] == pytest.approx([0.0, 5.0, 5.5])
    assert shown["balance"] == pytest.approx([50.0, 55.0, 0.0])


@pytest.mark.unit
def test_the_base_is_asked_for_only_with_a_target():
    """Without a target nobody has to give the base."""
    assert KIND.unread({"target": NOT_USED}) == ("base",)
    assert KIND.unread({"target": 1.0}) == ()
    assert KIND.unread({"target": math.nan}) == ()


@pytest.mark.unit
def test_the_fund_belongs_to_the_payee():
    """What the provider pays in goes to whoever keeps the fund."""
    assert (KIND.payer, KIND.payee) == ("provider", "operator")


@pytest.mark.law
@given(results=st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=12))
def test_the_fund_is_what_went_in_less_what_came_out(results):
    """Without interest the balance is the sum of the amounts, and lies between nothing and the target."""
    amounts, shown = settle(KIND, TERMS, *({"result": result} for result in results))
    assert shown["balance"][-1] == pytest.approx(sum(amounts), abs=1e-6)
    assert all(-1e-9 <= balance <= 100.0 + 1e-9 for balance in shown["balance"])
