"""Tax that cannot be recovered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.terms.vat_leak import KIND, unrecovered


@pytest.mark.unit
def test_provider_pays_the_taxpayer():
    """The leak costs the provider and is income of the taxpayer at large."""
    assert (KIND.payer, KIND.payee) == ("provider", "taxpayer")


@pytest.mark.law
@given(st.floats(0, 1e9), st.floats(0, 1), st.floats(0, 0.5))
def test_leak_is_in_line_with_cost_and_zero_share_pays_nothing(spend, affected, rate):
    """Twice the cost leaks twice as much; nothing affected leaks nothing."""
    assert unrecovered(2.0 * spend, affected, rate) == pytest.approx(2.0 * unrecovered(spend, affected, rate))
    assert unrecovered(spend, 0.0, rate) == 0.0
    assert 0.0 <= unrecovered(spend, affected, rate) <= 0.5 * spend
