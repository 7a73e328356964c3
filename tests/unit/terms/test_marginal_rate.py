"""The marginal rate above a baseline."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.terms.marginal_rate import KIND, marginal_payment


@pytest.mark.unit
@pytest.mark.parametrize(("value", "paid"), [(50, 50), (51, 50.7), (49, 49), (0, 0)])
def test_rate_begins_above_the_baseline(value, paid):
    """Up to and at the baseline activity is paid in full."""
    assert marginal_payment(float(value), 50.0, 0.7) == pytest.approx(paid)


@pytest.mark.unit
def test_hospital_is_paid_by_the_commissioner():
    """The clause pays the hospital and not the provider."""
    assert (KIND.payer, KIND.payee) == ("commissioner", "hospital")


@pytest.mark.unit
def test_the_two_parts_differ_by_the_baseline(pay):
    """What is paid beyond the baseline, as it is where nothing is said, is the payment less the baseline."""
    terms = {"baseline": 50.0, "rate": 0.7}
    whole = pay("marginal_rate", terms | {"pays": "whole"}, {"acute": 54.0}, {"acute": 48.0})
    beyond = pay("marginal_rate", terms, {"acute": 54.0}, {"acute": 48.0})
    assert beyond == pytest.approx([2.8, -2.0])
    assert [a - b for a, b in zip(whole, beyond, strict=True)] == pytest.approx([50.0, 50.0])


@pytest.mark.unit
def test_expected_spend_is_read_only_as_the_baseline():
    """A stated baseline needs no expected spend."""
    assert KIND.unread({"baseline_from": "stated"}) == ("expected",)
    assert KIND.unread({"baseline_from": "expected"}) == KIND.unread({"baseline_from": float("nan")}) == ()


@pytest.mark.law
@given(st.floats(0, 1e9), st.floats(0, 1e9), st.floats(0, 1), st.floats(0, 1e8))
def test_payment_rises_with_activity_and_never_exceeds_its_value(value, baseline, rate, more):
    """More activity never earns less, and none is paid above its price; a rate of 1 pays all."""
    low, high = (marginal_payment(v, baseline, rate) for v in (value, value + more))
    assert high >= low - 1e-6
    assert low <= value + 1e-6
    assert marginal_payment(value, baseline, 1.0) == pytest.approx(value, abs=1e-6)
