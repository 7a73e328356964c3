"""Reserve, owners, exit and successor, one step at a time."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.drivers.parameters import PARAMETERS, PLAN_FIELDS, slot
from stresstest.kernel.given import logs_against_plan
from stresstest.kernel.solvency import (
    bear_losses,
    end_service,
    largest_adverse,
    logarithmic_mean,
    reserve_path_step,
    split_result,
    start_block,
    successor_cost,
)  # fmt: skip

pytestmark = pytest.mark.unit


def parameters(**ending):
    """A parameter vector of zeros but for the ending, and a list of 1,000."""
    p = np.zeros(len(PARAMETERS))
    p[slot("place.population.list_base")] = 1000.0
    for name, value in ending.items():
        p[slot(f"contract.ending.{name}")] = value
    return p


def states(n, p):
    """The state of a block of n before the first year."""
    s = np.full((len(L.STATES), n), 9.0)
    start_block(s, p, n)
    return s


def test_reserve_moves_by_income_less_cost():
    """£5m, with £100m in and £102m out, leaves £3m."""
    assert reserve_path_step(5e6, 100e6, 102e6) == 3e6


@pytest.mark.parametrize(("a", "b"), [(2.0, 1.0), (1.0, 2.0), (1e8, 1.01e8), (3.0, 3.0)])
def test_logarithmic_mean(a, b):
    """It lies between the two, and times the logarithm of their ratio it is their difference."""
    mean = logarithmic_mean(a, b, math.log(a / b))
    assert min(a, b) <= mean <= max(a, b)
    assert mean * math.log(a / b) == pytest.approx(a - b, rel=1e-12)


def test_a_block_starts_with_its_reserve_and_in_service():
    """Everything is cleared; the reserve starts at its sum, and no notice has been given."""
    s = states(2, parameters(reserve=5e6))
    assert np.all(s[[L.S_RUNNING, L.S_SURVIVAL]] == 1.0)
    assert np.all(s[L.S_RESERVE] == 5e6)
    assert np.all(s[[L.S_NOTICE, L.S_EXIT_YEAR]] == -1.0)
    assert np.all(s[[L.S_OWNER_PAID, L.S_EXIT_CAUSE, L.S_SINCE_EXIT]] == 0.0)


def test_losses_fall_on_reserve_then_owners_then_commissioner():
    """Reserve 5, cap 8: losses of 3, 10 and 20 leave 2; owners 5; owners 8 and support 7. Who has left bears nothing."""
    p = parameters(reserve=5.0, loss_cap=6.0, guarantee=2.0)
    s, d, ledger = states(4, p), np.zeros((len(L.DRIVERS), 4)), np.full((1, 1, 4), np.nan)
    s[L.S_RUNNING, 3] = 0.0
    d[L.WORLD_COST], d[L.PAID_INCOME] = 100.0 + np.array([3.0, 10.0, 20.0, 20.0]), 100.0
    bear_losses(d, s, p, ledger, 0, 0, 4)
    np.testing.assert_array_equal(s[L.S_RESERVE], [2.0, 0.0, 0.0, 5.0])
    np.testing.assert_array_equal(s[L.S_OWNER_PAID], [0.0, 5.0, 8.0, 0.0])
    np.testing.assert_array_equal(ledger[0, 0], [0.0, 0.0, 7.0, 0.0])


def end(p, s, years, policy=0.0, control=0.0):
    """Let years pass at the end of which it is decided who leaves; `policy` is the future's one uniform."""
    axes, once = np.full((years, 6, s.shape[1]), control), np.full((len(L.ONCE), s.shape[1]), policy)
    for t in range(years):
        end_service(s, axes, once, p, t, s.shape[1])
    return s


@pytest.mark.parametrize(("notice", "last"), [(0.0, 0), (1.0, 1), (2.0, 2), (0.5, 1), (1.2, 2)])
def test_service_ends_after_the_years_of_notice(notice, last):
    """Notice is given in the year in which the cap is used up; part of a year of notice counts as a whole one."""
    p = parameters(loss_cap=8.0, notice_years=notice)
    s = states(1, p)
    s[L.S_OWNER_PAID] = 8.0
    s[L.S_ADVERSE + 3] = 1.0
    end(p, s, 6)
    assert s[L.S_EXIT_YEAR, 0] == last
    assert s[L.S_EXIT_CAUSE, 0] == L.EXIT_FIRST_ADVERSE + 3
    assert s[L.S_RUNNING, 0] == 0.0


@pytest.mark.parametrize(
    ("paid", "rescue", "gone"), [(8.0, 0.0, True), (7.996, 0.0, True), (7.99, 0.0, False), (8.0, 1.0, False)]
)
def test_only_a_used_cap_without_rescue_ends_service(paid, rescue, gone):
    """The cap counts as used to half a penny, and a contract with rescue goes on."""
    p = parameters(loss_cap=8.0, rescue=rescue)
    s = states(1, p)
    s[L.S_OWNER_PAID] = paid
    end(p, s, 3)
    assert (s[L.S_RUNNING, 0] == 0.0) == gone


@pytest.mark.parametrize(
    ("control", "u", "gone"),
    [(0.0, 0.951, True), (0.0, 0.949, False), (1.0, 0.926, True), (1.0, 0.924, False), (-1.0, 0.974, False)],
)
def test_policy_breaks_more_often_under_national_control(control, u, gone):
    """A chance of 5%, half as much again under national control and half under local control."""
    p = parameters(loss_cap=8.0)
    p[slot("place.policy.break_probability")], p[slot("place.policy.control_link")] = 0.05, 0.5
    s = end(p, states(1, p), 1, policy=u, control=control)
    assert (s[L.S_EXIT_YEAR, 0] == 0.0) == gone
    assert (s[L.S_EXIT_CAUSE, 0] == L.EXIT_POLICY) == gone


@pytest.mark.parametrize(("u", "last"), [(1.0 - 2.0**-33, 0), (0.9, 0), (0.7, 1), (0.6, 2), (0.4, 4), (0.2, -1), (0.0, -1)])
def test_one_uniform_decides_the_year_of_a_policy_break(u, last):
    """With a chance of 20% a year 80%, 64%, 51%, 41%, 33% are left: it comes when less is left than the uniform."""
    p = parameters(loss_cap=8.0)
    p[slot("place.policy.break_probability")] = 0.2
    assert end(p, states(1, p), 5, policy=u)[L.S_EXIT_YEAR, 0] == last


def test_policy_breaks_come_as_often_as_their_yearly_chances():
    """Over 20,000 uniforms as many contracts end in each year as the chances of the years before and of that year say."""
    p, n, years = parameters(loss_cap=8.0), 20_000, 6
    p[slot("place.policy.break_probability")], p[slot("place.policy.control_link")] = 0.1, 1.0
    control = np.array([-1.0, 0.0, 0.5, 1.0, 2.0, -2.0])
    chances = np.clip(0.1 * (1.0 + control), 0.0, 1.0)
    s, once = states(n, p), np.zeros((len(L.ONCE), n))
    once[L.ONCE_POLICY] = (np.arange(n) + 0.5) / n
    axes = np.repeat(control[:, None, None] * np.ones((1, 6, 1)), n, axis=2)
    for t in range(years):
        end_service(s, axes, once, p, t, n)
    left = np.concatenate([[1.0], np.cumprod(1.0 - chances)])
    found = [np.mean(s[L.S_EXIT_YEAR] == t) for t in range(years)]
    np.testing.assert_allclose(found, left[:-1] * chances, atol=1.5 / n)
    assert np.all((s[L.S_EXIT_CAUSE] == L.EXIT_POLICY) == (s[L.S_EXIT_YEAR] >= 0))


def test_losses_stay_the_cause_once_notice_is_given():
    """A policy break ends service at once, but it is the cause only where no notice had been given."""
    for notice, paid, cause in ((0.0, 8.0, L.EXIT_FIRST_ADVERSE), (2.0, 8.0, L.EXIT_FIRST_ADVERSE), (2.0, 0.0, L.EXIT_POLICY)):
        p = parameters(loss_cap=8.0, notice_years=notice)
        p[slot("place.policy.break_probability")] = 1.0
        s = states(1, p)
        s[L.S_OWNER_PAID] = paid
        end(p, s, 1, policy=0.5)
        assert s[L.S_EXIT_CAUSE, 0] == cause
        assert s[L.S_RUNNING, 0] == 0.0


def test_the_successor_costs_more_for_a_while():
    """Care at a premium for two years, letting the contract again in the first; nothing while the provider serves."""
    p = parameters(step_in_premium=0.1, step_in_years=2.0, reprocurement_cost=7.0)
    s, d, ledger = states(2, p), np.zeros((len(L.DRIVERS), 2)), np.full((4, 2, 2), np.nan)
    d[L.WORLD_SCOPE_COST], s[L.S_RUNNING, 1] = 100.0, 0.0
    for t in range(4):
        successor_cost(d, s, p, ledger, 0, t, 2)
    np.testing.assert_allclose(ledger[:, 0, 1], [110.0, 110.0, 100.0, 100.0])
    np.testing.assert_allclose(ledger[:, 1, 1], [7.0, 0.0, 0.0, 0.0])
    assert np.all(ledger[:, :, 0] == 0.0)


def test_the_parts_of_a_bad_result_add_up():
    """The parts of cost add to cost less plan, less what is won back by variation; the others are in pounds."""
    p = parameters()
    s, d, plan = states(1, p), np.zeros((len(L.DRIVERS), 1)), np.ones((1, len(PLAN_FIELDS)))
    plan[0, :4] = 110.0, 1.1, 1.05, 1.02
    g = np.zeros((len(L.GIVEN), 1))
    g[L.WORLD_LIST], g[L.WORLD_NEED], g[L.WORLD_INPUT_PRICE] = 1010.0, 1.2, 1.0
    g[L.WORLD_OPENING], g[L.WORLD_SHOCK], g[L.G_LOG_PRODUCTIVITY] = 1.08, 0.99, math.log(0.97) - 0.01
    g[L.G_GROSS] = 100.0 * 1.08 * 1.01 * 1.2 * 1.0 * 0.99
    logs_against_plan(g, p, plan, 0, 1)
    d[L.WORLD_PRODUCTIVITY], s[L.S_LOG_PRODUCTIVITY] = 0.97, 0.01
    d[L.PAID_ANNUAL], d[L.PAID_INCOME], d[L.WORLD_INVESTMENT], d[L.WORLD_GAMING_COST] = 104.0, 103.0, 4.0, 1.0
    d[L.PAID_VARIATION] = 2.0
    d[L.WORLD_PREVENTION_SAVING], d[L.WORLD_SHIFTED] = 0.5, 0.25
    split_result(d, s, g, p, plan, 100.0, 0, 1)
    found = s[L.S_ADVERSE : L.S_ADVERSE + 8, 0]
    cost = 100.0 * 1.08 * 1.01 * 1.2 * 1.0 / 0.97 * 0.99
    planned = 100.0 * 1.1 * 1.05 / 1.02
    names = dict(zip(L.ADVERSE, found, strict=True))
    parts = ("opening price", "need above plan", "pay and prices above plan", "productivity below plan", "shock")
    assert sum(names[name] for name in parts) == pytest.approx(cost - planned - 2.0, rel=1e-12)
    assert names["funding below plan"] == pytest.approx(6.0)
    assert names["performance payments"] == pytest.approx(3.0)
    assert names["own investment"] == pytest.approx(4.25)
    assert names["pay and prices above plan"] < 0 < names["opening price"]
    assert largest_adverse(s, 0) == int(np.argmax(found))


def test_who_has_left_adds_no_part():
    """Parts are summed over the years in service only."""
    p = parameters()
    s, d, plan = states(1, p), np.ones((len(L.DRIVERS), 1)), np.ones((1, len(PLAN_FIELDS)))
    s[L.S_RUNNING] = 0.0
    split_result(d, s, np.ones((len(L.GIVEN), 1)), p, plan, 100.0, 0, 1)
    assert np.all(s[L.S_ADVERSE : L.S_ADVERSE + 8] == 0.0)


def test_causes_are_named_for_every_part():
    """Each adverse part has a name among the causes of exit, after none and policy."""
    assert L.EXIT_CAUSES[L.EXIT_FIRST_ADVERSE :] == L.ADVERSE
    assert len(L.ADVERSE) == 8
