"""The prevention floor: what is not spent is paid back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.terms.prevention_floor import KIND, paid_back


@pytest.mark.unit
@pytest.mark.parametrize(("spent", "amount"), [(0, -2), (1, -1), (2, 0), (3, 0)])
def test_floor_at_its_edge(spent, amount):
    """Spending of exactly the floor pays nothing back."""
    assert paid_back(0.02, 100.0, float(spent)) == pytest.approx(amount)


@pytest.mark.unit
def test_a_blank_floor_reads_nothing():
    """Budget and spending are needed once the floor is filled in."""
    assert KIND.unread({"floor": 0.0}) == ("budget", "spend")
    assert KIND.unread({"floor": 0.01}) == KIND.unread({"floor": float("nan")}) == ()


@pytest.mark.law
@given(st.floats(0, 1), st.floats(0, 1e9), st.floats(0, 1e9))
def test_money_only_flows_back(floor, agreed, spent):
    """The clause never pays the provider, and a floor of 0 moves nothing."""
    assert -floor * agreed <= paid_back(floor, agreed, spent) <= 0.0
    assert paid_back(0.0, agreed, spent) == 0.0
