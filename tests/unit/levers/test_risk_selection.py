"""L01 costly people eased off the list."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.levers.risk_selection import cost_of_leavers
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit

FIELDS = {"costly_share": 0.05, "cost_ratio": 4.0, "steering_cost": 500.0}


@pytest.mark.parametrize(("share", "ratio", "cost"), [(0.005, 4.0, 2.0), (0.0, 4.0, 0.0), (0.5, 4.0, 100.0)])
def test_cost_of_leavers(share, ratio, cost):
    """One in 200 at four times the average is 2% of the cost; nobody takes more than all of it along."""
    assert cost_of_leavers(share, ratio, 100.0) == pytest.approx(cost)


def test_who_leaves_and_what_goes_with_them(world):
    """A tenth of the costly twentieth of 300,000 people are 1,500; they take 2% of £100m along and lose 30 QALYs."""
    world.parameter("place.health.qaly_per_person_moved", 0.02)
    world.set(world_list=3e5, world_scope_cost=100e6).pull("risk_selection", 0.1, **FIELDS)
    np.testing.assert_allclose(world.get("world_away"), [1500, 1500, 0])
    np.testing.assert_allclose(world.get("world_left"), [2e6, 2e6, 0])
    np.testing.assert_allclose(world.get("world_scope_cost"), [98e6, 98e6, 100e6])
    np.testing.assert_allclose(world.get("world_gaming_cost"), [0.75e6, 0.75e6, 0])
    np.testing.assert_allclose(world.get("world_health"), [-30.0, -30.0, 0.0])
    np.testing.assert_array_equal(world.get("world_list"), 3e5)


def test_the_list_falls_and_the_commissioner_pays_elsewhere(dudley, honest):
    """List and payment fall, the provider's cost falls by more, and what is paid elsewhere is exposure."""
    rich = dudley.with_ending(reserve=1e10).with_place(policy__break_probability=0.0)
    moving = Strategy("m", {**honest.levels, "risk_selection": 0.1})
    years = rich.years(honest, moving, n=16)
    np.testing.assert_allclose(years["record_list"][1], years["record_list"][0] * 0.995)
    np.testing.assert_allclose(years["audit_list"][1], years["record_list"][1])
    assert np.all(years["annual_payment"][1] < years["annual_payment"][0])
    assert np.all(years["cost_gbp"][1] < years["cost_gbp"][0])
    np.testing.assert_array_equal(years["world_acute"][1], years["world_acute"][0])
    change = np.diff(rich.outcomes(honest, moving, n=16), axis=0)[0]
    left = years["world_left"][1]
    paid = (1.035 ** -np.arange(15)) @ left
    np.testing.assert_allclose(change[L.OUT["exposure_shifted_npv_gbp"]], paid)
    assert np.all(change[L.OUT["public_exposure_npv_gbp"]] > 0.0)
    assert np.all(change[L.OUT["health_qaly_npv"]] < 0.0)


def test_a_reconciliation_of_leavers_takes_the_gain_away(dudley, honest):
    """Charged what leavers cost, a provider that eases people out loses their payment and its effort."""
    from stresstest.levers import LEVER_NUMBER, LEVERS

    fix = LEVERS[LEVER_NUMBER["risk_selection"]].fixes[0]
    rich = dudley.with_ending(reserve=1e10)
    fixed = rich.with_contract(rich.study.contract.with_clause(fix.added[0]))
    moving = Strategy("m", {**honest.levels, "risk_selection": 0.1})
    before, after = (np.diff(bench.outcomes(honest, moving, n=32)[:, 0], axis=0) for bench in (rich, fixed))
    assert np.all(before > 0.0)
    assert np.all(after < 0.0)
