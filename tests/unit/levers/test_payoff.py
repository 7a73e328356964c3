"""Closed forms of single levers: the engine's rules and the sums on paper say the same."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.levers import payoff
from stresstest.levers.payoff_clause import run_clause
from stresstest.strategy import Strategy
from stresstest.terms import annual_payment, improvement_payment, loss_cap, rebased_target, running

shares = st.floats(0.01, 1.0)


@pytest.mark.law
@given(gain=st.floats(1, 1e8), cost=shares, fine=st.floats(0, 5), fixed=st.floats(0, 1e6))
def test_the_deterring_chance_leaves_nothing(gain, cost, fine, fixed):
    """At the chance that just deters, gain less recovery, fine, penalty and cost is nothing."""
    chance = payoff.deterring_detection(gain, cost * gain, fine, fixed)
    assert payoff.net_of_detection(gain, cost * gain, chance, fine, fixed) == pytest.approx(0.0, abs=1e-6 * gain)


@pytest.mark.law
@given(
    budget=st.floats(1e6, 1e9),
    scale=st.floats(1e7, 1e10),
    detection=st.floats(0, 1),
    fine=st.floats(0, 3),
    other=st.floats(0, 1),
)
def test_no_overstatement_beats_the_best(budget, scale, detection, fine, other):
    """Nothing gains more than the best overstatement, where nothing caps it."""
    best = payoff.best_coding(budget, scale, detection, fine)
    if best <= 1.0:
        top = payoff.coding_gain(budget, best, scale, 1.0, detection, fine)
        assert payoff.coding_gain(budget, other, scale, 1.0, detection, fine) <= top + 1e-6 * budget


@pytest.mark.unit
@pytest.mark.parametrize(("records", "chance"), [(0, 0.0), (1, 0.05), (20, 1 - 0.95**20)])
def test_audits_find_more_in_larger_samples(records, chance):
    """A sample finds at least one false record with 1 − (1 − q)ⁿ."""
    assert payoff.audit_detection(0.05, records) == pytest.approx(chance)


@pytest.mark.unit
def test_any_of_three_ways_of_being_found_out():
    """Chances combine as independent ones, and one certain way is enough."""
    assert payoff.combined_detection(0.1, 0.2, 0.3) == pytest.approx(1 - 0.9 * 0.8 * 0.7)
    assert payoff.combined_detection(0.1, 1.0, 0.3) == 1.0


@pytest.mark.unit
def test_too_many_paths_are_refused():
    """A search over more than a million paths says so instead of running for a day."""
    with pytest.raises(ValueError, match="paths"):
        payoff.best_path(15, [0.0, 0.5, 1.0], 1.0, 0.1)


@pytest.mark.unit
def test_a_clause_is_run_over_years_and_futures_with_its_memory():
    """Two futures of deficits stand against one cap each; figures come out by year and future."""
    years = [{"reported_cost": [3.0, 9.0], "income": 1.0}, {"reported_cost": [5.0, 0.0], "income": 1.0}]
    amounts, shown = run_clause(loss_cap.KIND, {"cap": 5.0}, years)
    np.testing.assert_array_equal(amounts, [[2.0, 5.0], [3.0, 0.0]])
    np.testing.assert_array_equal(shown["right_to_leave"], [[0.0, 1.0], [1.0, 1.0]])
    np.testing.assert_array_equal(shown["left"], [[3.0, 0.0], [0.0, 0.0]])


@pytest.mark.unit
def test_a_quantity_that_no_year_gives_is_neutral_or_the_one_it_equals():
    """Without an outside estimate the list is taken as it is recorded; with one the tolerance binds."""
    terms = {"opening_price": 100.0, "form": "fixed", "list_pass_through": 1.0, "list_tolerance": 0.5}
    years = [{"list": 2.0}, {"list": 2.0, "list_audited": 1.0}, {}]
    np.testing.assert_array_equal(run_clause(annual_payment.KIND, terms, years)[0][:, 0], [200.0, 150.0, 100.0])


@pytest.mark.unit
def test_coding_beyond_the_cap_costs_and_brings_nothing_more():
    """An overstatement of 8% under a cap of 3% is paid as 3% and costs what 8% cost: 10.8 − 6.4."""
    assert payoff.coding_gain(360.0, 0.08, 2_000.0, 0.03) == pytest.approx(4.4)


@pytest.mark.unit
@pytest.mark.parametrize("path", [(10, 0, 10, 0), (0, 10, 0, 10), (10, 10, 10, 10), (3, 7, 1, 9)])
@pytest.mark.parametrize("rebase", [0.0, 0.4, 1.0])
def test_targets_that_follow_are_those_of_the_clause(path, rebase):
    """A path earns above the targets that the clause of re-based targets gives."""
    reports = [{"reported": float(x)} for x in path]
    targets = run_clause(rebased_target.KIND, {"opening": 0.0, "rebase": rebase, "of": "reported"}, reports)[0][:, 0]
    earned = sum(0.2 * max(0.0, x - target) - 0.12 * x for x, target in zip(path, targets, strict=True))
    assert payoff.path_value(path, 0.2, 0.12, rebase) == pytest.approx(earned)


@pytest.mark.unit
def test_targets_that_follow_a_mean_are_those_of_the_running_mean():
    """Three empty years before the start and the running mean give the targets of a path with a memory of three."""
    path = (10, 0, 4, 6, 0, 8)
    reports = [{"reported": float(x)} for x in (0, 0, 0, *path)]
    means = run_clause(running.KIND, {"of": "reported", "what": "mean", "window": 3.0}, reports)[0][2:-1, 0]
    earned = sum(0.2 * max(0.0, x - target) - 0.12 * x for x, target in zip(path, means, strict=True))
    assert payoff.path_value(path, 0.2, 0.12, 1.0, 3) == pytest.approx(earned)


@pytest.mark.unit
def test_pay_for_patients_under_noise_adds_up_to_the_steps_expected_pay():
    """Marginal pay from 0.76 to 0.82 adds up to the rise of the engine's step, averaged over noise on the report."""
    noise = 0.01 * np.linspace(-6.0, 6.0, 120_001)
    weights = np.exp(-0.5 * (noise / 0.01) ** 2)

    def expected_pay(value):
        first = np.searchsorted(noise, 0.80 - value)
        for number in (max(first - 1, 0), min(first, len(noise) - 1)):
            reached = improvement_payment.indicator_score(value + noise[number], 0.0, 0.80, 1.0)
            assert reached == float(number == first)
        return 1.8e6 * weights[first:].sum() / weights.sum()

    values = np.linspace(0.76, 0.82, 601)
    each = [payoff.marginal_pay_under_noise(1.8e6, 0.80, x, 0.01, 10_000) for x in values]
    total = 10_000 * np.trapezoid(each, values)
    assert total == pytest.approx(expected_pay(0.8200001) - expected_pay(0.7600001), rel=1e-3)


@pytest.mark.unit
def test_exceptions_beyond_their_cap_count_as_failures():
    """With 500 exceptions of which 300 are allowed, 9,700 patients stand in the denominator."""
    assert payoff.reported_share(10_000, 7_600, 500, 0.03) == pytest.approx(7_600 / 9_700)
    assert payoff.reported_share(10_000, 7_600, 300, 0.03) == pytest.approx(7_600 / 9_700)


@pytest.mark.unit
def test_chances_of_a_low_bid_at_both_ends():
    """A bid that pays even if refused needs no chance; one that a sure rise does not save has none."""
    assert payoff.break_even_chance(20.0, 2, 25.0, 15, leaving=-50.0) == 0.0
    assert payoff.break_even_chance(20.0, 2, 5.0, 15, leaving=10.0) == math.inf


@pytest.mark.unit
def test_leaving_in_the_last_year_is_free():
    """A cap that is reached in the last year ends nothing early: no fee is due."""
    assert payoff.walk_away_worth(0.0, 8.0, 1, 5.0, 2.0) == pytest.approx(0.5 * -5.0)
    assert payoff.walk_away_worth(0.0, 8.0, 2, 5.0, 2.0) == pytest.approx(0.5 * -7.0 + 0.25 * -5.0)


@pytest.mark.unit
def test_too_many_walks_are_refused():
    """Seventeen years of coins are more paths than are written out."""
    with pytest.raises(ValueError, match="paths"):
        payoff.walk_away_worth(4.0, 8.0, 17, 5.0, 2.0)


@pytest.mark.unit
def test_the_machine_pays_the_ghost_list_what_the_sum_on_paper_says(dudley, honest):
    """In the first year the engine's gain from ghosts is the closed form's, at the contract's pass-through."""
    years = dudley.with_ending(reserve=1e10).years(
        honest, Strategy("g", {**honest.levels, "list_inflation": 0.02}), n=4
    )
    price, base = dudley.study.contract.opening_price, dudley.study.place.parameters["population.list_base"].value
    expected = 0.7 * payoff.ghost_list_gain(price, base, 0.02 * base, 0.0, 1.0)
    found = years["annual_payment"][1, 0] - years["annual_payment"][0, 0]
    need = years["annual_payment"][0, 0] / price
    np.testing.assert_allclose(found, expected * need, rtol=1e-9)
