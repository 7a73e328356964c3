"""Deficits borne up to a cap over the whole term."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.terms.loss_cap import borne_by_owner, left_to_public


@pytest.mark.unit
@pytest.mark.parametrize(
    ("deficit", "left", "borne"), [(3, 5, 3), (5, 5, 5), (7, 5, 5), (-2, 5, 0), (3, 0, 0), (3, -1, 0)]
)
def test_owner_bears_no_more_than_is_left(deficit, left, borne):
    """The smaller of deficit and what is left, and never less than nothing."""
    assert borne_by_owner(float(deficit), float(left)) == pytest.approx(borne)


@pytest.mark.law
@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_owner_and_public_share_the_whole_deficit(deficit, left):
    """What one does not bear the other does."""
    total = borne_by_owner(deficit, left) + left_to_public(deficit, left)
    assert total == pytest.approx(max(0.0, deficit), abs=1e-6)
    assert left_to_public(deficit, left) >= 0.0


@pytest.mark.law
@given(cap=st.floats(0, 1e7), results=st.lists(st.floats(-1e7, 1e7), min_size=1, max_size=10))
def test_payments_over_the_term_never_exceed_the_cap(pay, cap, results):
    """However the deficits fall, the operator pays the smaller of their sum and the cap."""
    amounts = pay("loss_cap", {"cap": cap}, *({"income": 1e8 + r, "cost": 1e8} for r in results))
    deficits = sum(max(0.0, -r) for r in results)
    assert all(amount >= 0.0 for amount in amounts)
    assert sum(amounts) == pytest.approx(min(cap, deficits), abs=0.01)
