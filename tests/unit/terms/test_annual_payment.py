"""The annual payment: growth, floor and ceiling, list and need."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.terms.annual_payment import KIND, build_up_growth, over, pace_of_change, payment

FIXED = {"opening_price": 1e8, "form": "fixed"}
LINKED = {"opening_price": 1e8, "form": "allocation_linked"}


@pytest.mark.unit
def test_first_year_pays_the_opening_price(pay):
    """No growth is applied in the first year, whatever the allocation index is."""
    assert pay("annual_payment", LINKED, {"funding": 1.3}) == [1e8]


@pytest.mark.unit
def test_growth_follows_the_allocation_and_not_its_level(pay):
    """The price grows by the ratio of allocations, so the index may start anywhere."""
    low = pay("annual_payment", LINKED, {"funding": 1.0}, {"funding": 1.05}, {"funding": 1.029})
    high = pay("annual_payment", LINKED, {"funding": 2.0}, {"funding": 2.10}, {"funding": 2.058})
    assert low == pytest.approx([1e8, 1.05e8, 1.029e8], abs=0.01)
    assert high == pytest.approx(low, abs=0.01)


@pytest.mark.unit
@pytest.mark.parametrize(("funding", "price"), [(1.03, 1.03e8), (1.0301, 1.03e8), (1.0, 1.0e8), (0.9999, 1.0e8)])
def test_growth_at_and_beyond_its_bounds(pay, funding, price):
    """Growth of exactly the ceiling or the floor counts; beyond it the bound does."""
    terms = LINKED | {"growth_floor": 0.0, "growth_ceiling": 0.03}
    assert pay("annual_payment", terms, {}, {"funding": funding})[1] == pytest.approx(price, abs=0.01)


@pytest.mark.unit
def test_a_list_below_its_base_lowers_the_payment(pay):
    """Pass-through works in both directions."""
    terms = FIXED | {"list_pass_through": 0.5}
    assert pay("annual_payment", terms, {"list_base": 1000, "list": 900}) == pytest.approx([0.95e8])


@pytest.mark.unit
def test_expected_need_growth_is_not_paid_twice(pay):
    """Need that grows just as the price expects changes nothing."""
    terms = FIXED | {"need_pass_through": 1.0, "expected_need_growth": 0.02}
    assert pay("annual_payment", terms, {"need": 1.0}, {"need": 1.02}, {"need": 1.0404}) == pytest.approx([1e8] * 3)


@pytest.mark.unit
def test_a_change_of_scope_comes_after_growth_and_stays(pay):
    """From the second year on it is added to the grown price, and grows with it later; the first year's is not counted."""
    terms = FIXED | {"form": "build_up", "inflation": 0.1, "scope_change": [5e6, 1e6, 0.0]}
    assert pay("annual_payment", terms, {}, {}, {}) == pytest.approx([1e8, 1.11e8, 1.221e8])


@pytest.mark.unit
def test_growth_bounds_do_not_hold_a_change_of_scope(pay):
    """A ceiling of no growth stops the growth and not the services that leave."""
    terms = LINKED | {"growth_ceiling": 0.0, "scope_change": -1e6}
    assert pay("annual_payment", terms, {}, {"funding": 1.2}) == pytest.approx([1e8, 0.99e8])


@pytest.mark.unit
def test_a_ratio_to_nothing_is_one():
    """Where there is nothing to compare with, nothing has grown."""
    assert over(3.0, 0.0) == 1.0
    assert over(3.0, 2.0) == 1.5
    assert payment(100.0, 3.0, 0.0, 1.0, 1.0, 0.0) == 100.0


@pytest.mark.unit
@pytest.mark.parametrize(
    ("form", "list_pass", "need_pass", "names"),
    [
        ("fixed", 0.0, 0.0, ()),
        ("build_up", 0.0, 0.0, ()),
        ("allocation_linked", 0.0, 0.0, ("funding",)),
        (float("nan"), 0.0, 0.0, ("funding",)),
        ("fixed", 0.5, 0.0, ("list", "list_at_start", "list_audited")),
        ("fixed", float("nan"), 1.0, ("list", "list_at_start", "list_audited", "need", "need_audited")),
    ],
)
def test_it_reads_what_it_passes_through(form, list_pass, need_pass, names):
    """Allocation, list and need are read only where the price follows them, or where a table may say so (NaN)."""
    assert KIND.reads({"form": form, "list_pass_through": list_pass, "need_pass_through": need_pass}) == names


@pytest.mark.unit
def test_a_floor_above_the_ceiling_is_reported():
    """A growth that would have to be two things at once is named; a bound that a quantity gives is not."""
    assert KIND.check({"growth_floor": 0.03, "growth_ceiling": 0.02})[0][0] == "growth_floor"
    assert KIND.check({"growth_floor": 0.02, "growth_ceiling": 0.02}) == []
    assert KIND.check({"growth_floor": float("nan"), "growth_ceiling": 0.02}) == []


@pytest.mark.law
@given(
    price=st.floats(0, 1e9), heads=st.floats(1, 2e6), need=st.floats(0.5, 2.0),
    passes=st.tuples(st.floats(0, 1), st.floats(0, 1)), more=st.floats(0, 1e5),
)  # fmt: skip
def test_payment_never_falls_when_the_list_grows(price, heads, need, passes, more):
    """More heads never mean less money, and no pass-through means no change."""
    now, then = (payment(price, h, 3e5, need, *passes) for h in (heads, heads + more))
    assert then >= now - 1e-6 * max(1.0, abs(now))
    assert payment(price, heads, 3e5, need, 0.0, 0.0) == price


@pytest.mark.law
@given(st.floats(-0.1, 0.2), st.floats(-0.05, 0.1), st.floats(-0.1, 0.1), st.floats(-0.05, 0.05))
def test_build_up_forms_agree_to_second_order(inflation, efficiency, demand, heads):
    """Adding and multiplying small parts differ only by their products."""
    parts = [abs(inflation), abs(efficiency), abs(demand), abs(heads)]
    gap = build_up_growth(inflation, efficiency, demand, heads, 1.0) - build_up_growth(
        inflation, efficiency, demand, heads, 0.0
    )
    products = (1 + parts[0]) * (1 + parts[1]) * (1 + parts[2]) * (1 + parts[3]) - 1 - sum(parts)
    assert abs(gap) <= products + 1e-12


@pytest.mark.law
@given(st.floats(1e6, 1e9), st.floats(1e6, 1e9))
def test_pace_of_change_keeps_its_two_floors(price, target):
    """Next year's allocation is at least the least growth, and at least 95% of target."""
    new = pace_of_change(price, 0.02, 0.01, target)
    assert new >= price * 1.01 - 1e-3
    assert new >= 0.95 * target - 1e-3
