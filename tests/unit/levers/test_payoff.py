"""Closed forms of single levers: the engine's rules and the sums on paper say the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.levers import payoff
from stresstest.strategy import Strategy

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
