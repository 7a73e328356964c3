"""Laws of the pay-offs on paper: how they move when what goes in moves, whatever the numbers are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.levers import payoff

pytestmark = pytest.mark.law

shares = st.floats(0.0, 1.0)
money = st.floats(-1e3, 1e3)
near = {"rel": 1e-9, "abs": 1e-6}


# ── TV05: the running total does not care about the order of years ─────────────────────────────────────────────────
@given(data=st.data(), savings=st.lists(money, min_size=2, max_size=6), share=shares, cap=st.floats(0.1, 50.0))
def test_a_pooled_share_is_the_same_in_any_order_of_years(data, savings, share, cap):
    """Settled on the running total, the years may be swapped and the sum stays."""
    swapped = data.draw(st.permutations(savings))
    first = payoff.settled_share(savings, share, cap, "cumulative")
    assert payoff.settled_share(swapped, share, cap, "cumulative") == pytest.approx(first, **near)


@given(
    savings=st.lists(money, min_size=2, max_size=6), share=st.floats(0.05, 1.0), cap=st.floats(0.1, 50.0),
    movable=st.floats(0.0, 100.0),
)  # fmt: skip
def test_moving_cost_gains_nothing_on_the_running_total(savings, share, cap, movable):
    """Settled on the running total, cost moved between years changes nothing over the term."""
    kept = payoff.timing_result(savings, share, cap, 0.0, "cumulative")
    assert payoff.timing_result(savings, share, cap, movable, "cumulative") == pytest.approx(kept, **near)


@given(saving=st.floats(0.0, 40.0), loss=st.floats(0.0, 40.0), share=st.floats(0.05, 1.0), movable=st.floats(0.0, 20.0))
def test_moving_cost_out_of_a_capped_year_never_loses(saving, loss, share, movable):
    """Settled year by year, cost brought forward into a capped year never lowers the sum of two years."""
    cap = 0.25 * saving * share + 0.1
    kept = payoff.timing_result([saving, -loss], share, cap, 0.0)
    assert payoff.timing_result([saving, -loss], share, cap, movable) >= kept - 1e-9


# ── TV06: noise earns in proportion to its size ────────────────────────────────────────────────────────────────────
@given(swing=st.floats(0.1, 1e3), gains=shares, losses=shares, factor=st.floats(0.1, 10.0))
def test_pay_for_a_coin_is_linear_in_its_swing(swing, gains, losses, factor):
    """A coin of twice the swing earns twice as much, and half the difference of the shares on each pound."""
    once = payoff.coin_share(swing, gains, losses)
    assert once == pytest.approx(0.5 * (gains - losses) * swing, **near)
    assert payoff.coin_share(factor * swing, gains, losses) == pytest.approx(factor * once, **near)


@given(noise_sd=st.floats(0.1, 100.0), gains=shares, losses=shares, factor=st.floats(0.1, 10.0))
def test_pay_for_normal_noise_is_linear_in_its_sd(noise_sd, gains, losses, factor):
    """The clause, added up over normal noise, gives (share of gains − share of losses) · s / √(2π), so it is linear."""
    once = payoff.noise_share(noise_sd, gains, losses)
    assert once == pytest.approx((gains - losses) * noise_sd / math.sqrt(2.0 * math.pi), **near)
    assert payoff.noise_share(factor * noise_sd, gains, losses) == pytest.approx(factor * once, **near)


@given(
    noise_sd=st.floats(0.5, 20.0), gains=shares, losses=shares, band=st.floats(0.0, 10.0), factor=st.floats(0.2, 5.0)
)
def test_with_a_band_pay_is_linear_where_the_band_grows_along(noise_sd, gains, losses, band, factor):
    """Noise and band made larger together earn as much more; a band alone never lets noise earn more."""
    once = payoff.noise_share(noise_sd, gains, losses, band)
    assert payoff.noise_share(factor * noise_sd, gains, losses, factor * band) == pytest.approx(factor * once, **near)
    assert abs(once) <= abs(payoff.noise_share(noise_sd, gains, losses)) + 1e-9


@given(noise_sd=st.floats(0.1, 100.0), share=shares, band=st.floats(0.0, 10.0))
def test_even_shares_pay_nothing_for_noise(noise_sd, share, band):
    """Where gains and losses are shared alike, noise earns nothing, with a band or without."""
    assert payoff.noise_share(noise_sd, share, share, band) == pytest.approx(0.0, abs=1e-9)


# ── TV01: ghosts add up ────────────────────────────────────────────────────────────────────────────────────────────
@given(ghosts=st.floats(0.0, 1e5), factor=st.floats(0.0, 2.0), at_risk=shares, score=shares)
def test_ghosts_bring_the_same_each(ghosts, factor, at_risk, score):
    """Below the tolerance the gain is linear in ghosts, before detection and after it with a cost for each."""

    def gains(names: float) -> tuple[float, float]:
        gain = payoff.ghost_list_gain(3.6e8, 3e5, names, at_risk, score)
        return gain, payoff.net_of_detection(gain, 5.0 * names, 0.3, 0.5)

    assert gains(factor * ghosts) == pytest.approx([factor * gain for gain in gains(ghosts)], abs=0.01)


@given(ghosts=st.floats(0.0, 1e5), more=st.floats(0.0, 1e5), tolerance=st.floats(0.0, 0.2))
def test_no_ghost_beyond_the_tolerance_is_paid(ghosts, more, tolerance):
    """Further ghosts never lower the payment, and beyond the tolerance they add nothing."""
    few = payoff.ghost_list_gain(3.6e8, 3e5, ghosts, 0.1, 0.75, tolerance)
    many = payoff.ghost_list_gain(3.6e8, 3e5, ghosts + more, 0.1, 0.75, tolerance)
    assert few <= many + 1e-6
    assert many <= 3.6e8 * tolerance * 0.975 + 0.01


# ── TV03: a step draws most effort from just below it ──────────────────────────────────────────────────────────────
@given(target=st.floats(0.5, 0.9), per_patient=st.floats(2.0, 20.0), cost=st.floats(100.0, 1_000.0))
def test_a_step_is_worth_most_from_just_below_it(target, per_patient, cost):
    """Over starting points the gain from a step is nothing, then rises up to the step, then is nothing again."""
    patients = 100
    needed = next(reached for reached in range(patients + 1) if reached / patients >= target)
    pot = per_patient * cost
    starts = [reached / patients for reached in range(patients + 1)]
    worth = np.array([payoff.best_effort(x, 0.0, target, 1.0, pot, patients, cost)[0] for x in starts])
    peak = int(np.argmax(worth))
    assert peak == needed - 1
    assert worth[peak] == pytest.approx(pot - cost)
    assert np.all(np.diff(worth[: peak + 1]) >= -1e-9)
    assert worth[0] == 0.0
    assert np.all(worth[needed:] == 0.0)


# ── TV02: overstating need pays less and less ──────────────────────────────────────────────────────────────────────
@given(
    scale=st.floats(0.0, 1e4), cap=st.floats(0.0, 1.0), detection=shares, fine=st.floats(0.0, 1.0), part=shares,
    low=shares, high=shares,
)  # fmt: skip
def test_the_gain_of_overstating_need_is_concave(scale, cap, detection, fine, part, low, high):
    """Between two overstatements the gain lies on or above the straight line, where being found out leaves any gain."""

    def gain(overstated: float) -> float:
        return payoff.coding_gain(360.0, overstated, scale, cap, detection, fine)

    between = part * low + (1.0 - part) * high
    if detection * (1.0 + fine) <= 1.0:
        assert gain(between) >= part * gain(low) + (1.0 - part) * gain(high) - 1e-6
    else:
        assert gain(max(low, high)) <= 1e-9


# ── the other vectors ──────────────────────────────────────────────────────────────────────────────────────────────
@given(pay=st.floats(0.0, 3.0), motive=st.floats(0.0, 3.0), rivalry=st.floats(0.0, 0.9), e1=st.floats(0.0, 5.0),
       e2=st.floats(0.0, 5.0))  # fmt: skip
def test_no_other_efforts_are_worth_more(pay, motive, rivalry, e1, e2):
    """TV16: no pair of efforts is worth more to the provider than the pair it chooses."""
    chosen = payoff.best_tasks(pay, motive, rivalry)
    best = payoff.tasks_worth(*chosen, pay, motive, rivalry)
    assert min(chosen) >= 0.0
    assert payoff.tasks_worth(e1, e2, pay, motive, rivalry) <= best + 1e-9


@given(low=st.floats(0.0, 3.0), more=st.floats(0.0, 3.0), motive=st.floats(0.0, 3.0), rivalry=st.floats(0.0, 0.9))
def test_pay_for_one_task_draws_effort_from_the_other(low, more, motive, rivalry):
    """TV16: dearer pay never lowers effort on the measured task nor raises it on the other."""
    first, second = payoff.best_tasks(low, motive, rivalry), payoff.best_tasks(low + more, motive, rivalry)
    assert second[0] >= first[0] - 1e-9
    assert second[1] <= first[1] + 1e-9


@given(
    gain=st.floats(0.0, 1e7), loss=st.floats(0.0, 1e7), years=st.integers(1, 6), cap=st.floats(1.0, 3e7),
    fee=st.floats(0.0, 1e7),
)  # fmt: skip
def test_a_right_to_leave_is_worth_something_where_staying_loses(gain, loss, years, cap, fee):
    """TV12: without a fee the right to leave never costs anything where staying loses; a fee never makes it worth more."""
    if loss >= gain:
        assert payoff.walk_away_option(gain, loss, years, cap, 0.0) >= -0.01 * years
    assert payoff.walk_away_worth(gain, loss, years, cap, fee) <= payoff.walk_away_worth(gain, loss, years, cap, 0.0)


@given(surplus=st.floats(0.0, 100.0), share=shares, fair=st.floats(1.0, 100.0), mark_up=st.floats(0.0, 0.5))
def test_hidden_profit_gains_the_share_that_it_escapes(surplus, share, fair, mark_up):
    """TV13: what is billed beyond the fair price gains the commissioner's share of it, until no surplus is left."""
    honest = payoff.owners_result(surplus, share, fair, fair)
    hidden = payoff.owners_result(surplus, share, fair * (1.0 + mark_up), fair)
    assert hidden - honest == pytest.approx(share * min(surplus, fair * mark_up), abs=1e-9)


@given(
    under=st.floats(1.0, 50.0),
    loss_years=st.integers(1, 5),
    raised=st.floats(0.0, 100.0),
    leaving=st.floats(0.0, 100.0),
)
def test_at_the_break_even_chance_a_low_bid_is_worth_nothing(under, loss_years, raised, leaving):
    """TV11: at q* nothing is gained or lost, and where there is no such chance even a sure rise leaves no gain."""
    chance = payoff.break_even_chance(under, loss_years, raised, 15, leaving)
    if chance < math.inf:
        assert payoff.low_bid_worth(under, loss_years, raised, 15, chance, leaving) == pytest.approx(0.0, abs=1e-6)
        assert chance <= 1.0
    else:
        assert payoff.low_bid_worth(under, loss_years, raised, 15, 1.0, leaving) <= 0.0


@given(cost=st.floats(0.0, 5e4), stop_loss=st.floats(0.0, 5e4), coinsurance=shares)
def test_a_stop_loss_never_makes_selection_pay_more(cost, stop_loss, coinsurance):
    """TV15: relief above the stop-loss lowers what moving a dear patient gains, by the commissioner's part of it."""
    full = payoff.selection_gain(1, cost, 4_000, 0.0)
    less = payoff.selection_gain(1, cost, 4_000, 0.0, stop_loss, coinsurance)
    assert full - less == pytest.approx((1.0 - coinsurance) * max(0.0, cost - stop_loss), abs=1e-6)


@given(
    inflated=st.floats(0.0, 50.0), weight=shares, share=shares, years=st.integers(1, 15), discount=st.floats(0.0, 0.2)
)
def test_a_dear_base_year_pays_its_weight_in_each_year(inflated, weight, share, years, discount):
    """TV07: the gain is weight · share · annuity of what was spent; a share of 1 is full capitation."""
    annuity = payoff.annuity(years, discount)
    shared = payoff.shared_baseline_gain(inflated, 0.0, weight, share, years, discount)
    assert shared == pytest.approx(share * weight * inflated * annuity, abs=1e-9)
    assert payoff.paid_baseline_gain(inflated, 0.0, weight, years, discount) == pytest.approx(
        weight * inflated * annuity, abs=1e-9
    )
