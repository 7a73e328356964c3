"""L17 leaving before the cap is used up."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.drivers.parameters import PARAMETERS, slot
from stresstest.kernel.solvency import end_service, leave_early, start_block
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("year", "left"), [(0, 0.4), (12, 0.4), (13, 0.0), (14, 0.0)])
def test_notice_that_would_run_out_with_the_term_is_not_given(world, year, left):
    """With a year of notice in a contract of 15 years the last notice that shortens it is given in the 13th."""
    world.parameter("contract.ending.notice_years", 1.0).pull("walk_away", 0.4, t=year)
    np.testing.assert_allclose(world.s[L.S_LEAVE], [left, left, 0.0])


def leave(share, owner_paid, reserve=0.0, rescue=0.0, notice=-1.0):
    """States, ledger and income after one year-end; a cap of 10, a fee of 3, notice of one year."""
    p = np.zeros(len(PARAMETERS))
    ending = {"loss_cap": 8.0, "guarantee": 2.0, "exit_fee": 3.0, "notice_years": 1.0, "rescue": rescue}
    for name, value in ending.items():
        p[slot(f"contract.ending.{name}")] = value
    s, d, ledger = np.zeros((len(L.STATES), 1)), np.zeros((len(L.DRIVERS), 1)), np.full((1, 1, 1), np.nan)
    start_block(s, p, 1)
    s[L.S_RESERVE], s[L.S_OWNER_PAID], s[L.S_LEAVE], s[L.S_NOTICE] = reserve, owner_paid, share, notice
    s[L.S_ADVERSE + 2] = 1.0
    d[L.PAID_INCOME] = 100.0
    leave_early(d, s, p, ledger, 0, 0, 1)
    return s, d, ledger, p


@pytest.mark.parametrize(
    ("share", "paid", "more", "leaves"),
    [
        (0.4, 6.0, {}, True), (0.4, 5.9, {}, False), (1.0, 0.0, {}, True), (0.0, 9.0, {}, False),
        (0.4, 10.0, {}, False), (0.4, 6.0, {"reserve": 1.0}, False), (0.4, 6.0, {"rescue": 1.0}, False),
        (0.4, 6.0, {"notice": 1.0}, False),
    ],
)  # fmt: skip
def test_who_leaves_early(share, paid, more, leaves):
    """Only with the reserve gone, the owners' share borne and the cap not used up, without rescue, and once."""
    s, d, ledger, _ = leave(share, paid, **more)
    assert ledger[0, 0, 0] == (3.0 if leaves else 0.0)
    assert d[L.PAID_INCOME, 0] == (97.0 if leaves else 100.0)
    assert s[L.S_OWNER_PAID, 0] == paid + (3.0 if leaves else 0.0)
    assert s[L.S_LEAVE, 0] == 0.0
    if leaves:
        assert s[L.S_NOTICE, 0] == 2.0
        assert s[L.S_EXIT_CAUSE, 0] == L.EXIT_FIRST_ADVERSE + 2


def test_service_ends_after_the_notice():
    """Notice in the first year, of one year: the second is the last, and the reason is that of the notice."""
    s, _, _, p = leave(0.4, 6.0)
    axes, once = np.zeros((3, 6, 1)), np.zeros((len(L.ONCE), 1))
    for t in range(3):
        end_service(s, axes, once, p, t, 1)
    assert s[L.S_EXIT_YEAR, 0] == 1.0
    assert s[L.S_EXIT_CAUSE, 0] == L.EXIT_FIRST_ADVERSE + 2


def test_owners_who_leave_early_bear_less_and_the_public_more(dudley, honest):
    """Contracts end sooner and never later; the owners bear no more; where one ends sooner the commissioner mostly pays."""
    leaving = Strategy("w", {**honest.levels, "walk_away": 1.0})
    out = dudley.outcomes(honest, leaving, n=400)
    end = np.where(out[:, L.OUT["exit_year_index"]] < 0, 99, out[:, L.OUT["exit_year_index"]])
    assert np.all(end[1] <= end[0])
    assert np.any(end[1] < end[0])
    assert np.all(out[1, L.OUT["lowest_reserve_gbp"]] >= out[0, L.OUT["lowest_reserve_gbp"]] - 1e-6)
    change = (out[1] - out[0])[L.OUT["commissioner_exposure_npv_gbp"], end[1] < end[0]]
    assert np.mean(change > 0.0) > 0.6


def test_the_fee_is_money_that_the_owners_pay_on_top(dudley, honest):
    """With a fee the same contracts end in the same years; the provider has the fee less and the commissioner more."""
    leaving = Strategy("w", {**honest.levels, "walk_away": 1.0})
    free, dear = (dudley.with_ending(exit_fee=fee).years(leaving, n=200) for fee in (0.0, 5e6))
    np.testing.assert_array_equal(free["running"], dear["running"])
    fee = dear["exit_fee"][0]
    assert set(np.unique(fee)) == {0.0, 5e6}
    np.testing.assert_allclose(free["surplus_gbp"][0] - dear["surplus_gbp"][0], fee, atol=1e-6)
    lower = free["commissioner_exposure_gbp"][0] - dear["commissioner_exposure_gbp"][0]
    np.testing.assert_allclose(lower, fee, atol=1e-6)
    np.testing.assert_allclose(free["reserve_gbp"], dear["reserve_gbp"], atol=1e-6)
