"""Cap and collar: support tiers and pay-back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.terms.cap_and_collar import KIND, cap_and_collar, pay_back_due, support_due

RAIL = (0.98, 0.94, 0.5, 0.8, 1.02, 0.5)
FIELDS = ("support_from", "support_more_from", "support_share", "support_more_share", "pay_back_from", "pay_back_share")


@pytest.mark.unit
@pytest.mark.parametrize(
    ("outturn", "amount"), [(98, 0), (97, 0.5), (94, 2), (93, 2.8), (102, 0), (103, -0.5), (100, 0)]
)
def test_edges(outturn, amount):
    """At an edge nothing changes; beyond it the next share applies."""
    assert cap_and_collar(float(outturn), 100.0, *RAIL) == pytest.approx(amount)


@pytest.mark.unit
@pytest.mark.parametrize(("outturn", "support", "back"), [(93, 2.8, 0), (100, 0, 0), (103, 0, 0.5)])
def test_support_and_pay_back_apart(outturn, support, back):
    """Neither part is ever negative, and the clause is the first less the second."""
    assert support_due(float(outturn), 100.0, *RAIL[:4]) == pytest.approx(support)
    assert pay_back_due(float(outturn), 100.0, *RAIL[4:]) == pytest.approx(back)


@pytest.mark.unit
def test_outturn_counts_all_income_against_cost(pay):
    """The outturn is the payment plus the result of the year, so other income counts."""
    year = {"annual": 100.0, "income": 103.0, "cost": 113.0}
    assert pay("cap_and_collar", dict(zip(FIELDS, RAIL, strict=True)), year) == pytest.approx([5.2])


@pytest.mark.unit
def test_disordered_edges_are_reported():
    """Tiers that overlap, or pay-back below support, are named."""
    values = dict(zip(FIELDS, (0.9, 0.95, 0.5, 0.8, 0.85, 0.5), strict=True))
    assert {key for key, _ in KIND.check(values)} == {"support_more_from", "pay_back_from"}
    assert KIND.check(dict(zip(FIELDS, RAIL, strict=True))) == []


@pytest.mark.law
@given(st.floats(-300, 300), st.floats(0, 100))
def test_amount_falls_but_the_provider_still_gains_from_a_better_year(outturn, better):
    """A better outturn never brings more support, and never leaves the provider worse off."""
    low, high = (cap_and_collar(x, 100.0, *RAIL) for x in (outturn, outturn + better))
    assert high <= low + 1e-9
    assert outturn + better + high >= outturn + low - 1e-9


@pytest.mark.law
@given(st.floats(-300, 300))
def test_zero_shares_move_no_money(outturn):
    """Without shares there is neither support nor pay-back."""
    assert cap_and_collar(outturn, 100.0, 0.98, 0.94, 0.0, 0.0, 1.02, 0.0) == 0.0
