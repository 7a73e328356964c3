"""The profit cap: what is kept and what goes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.terms.profit_cap import kept


@pytest.mark.unit
@pytest.mark.parametrize(("profit", "stays"), [(7.5, 7.5), (7.6, 7.5), (0.0, 0.0), (-4.0, -4.0)])
def test_cap_at_its_edge(profit, stays):
    """A profit of exactly the cap is kept; a loss is never shared."""
    assert kept(profit, 100.0, 0.075) == pytest.approx(stays)


@pytest.mark.unit
def test_a_cap_of_nothing_returns_the_whole_profit(pay):
    """With a cap of 0 every profit goes back and every loss stays."""
    years = ({"income": 110.0, "cost": 100.0}, {"income": 90.0, "cost": 100.0})
    assert pay("profit_cap", {"cap": 0.0}, *years) == [-10.0, 0.0]


@pytest.mark.law
@given(cap=st.floats(0, 1), income=st.floats(0, 1e9), cost=st.floats(0, 1e9))
def test_money_only_flows_back_and_never_makes_a_loss(pay, cap, income, cost):
    """The refund is never positive and leaves at least the smaller of profit and 0."""
    amount = pay("profit_cap", {"cap": cap}, {"income": income, "cost": cost})[0]
    assert amount <= 0.0
    assert income - cost + amount >= min(0.0, income - cost) - 1e-6
    assert income - cost + amount <= cap * income + 1e-6
