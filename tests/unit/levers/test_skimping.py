"""L12 skimping on quality."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.levers import LEVER_NUMBER, LEVERS
from stresstest.levers._lever import found_chance
from stresstest.levers.skimping import health_lost
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit


def test_health_goes_with_the_square():
    """Four times the cut loses sixteen times the health."""
    assert health_lost(0.02, 50000.0) == pytest.approx(20.0)
    assert health_lost(0.08, 50000.0) == pytest.approx(320.0)


def test_what_is_saved_and_lost(world):
    """A cut of 4% saves 2% of £100m at a saving share of a half, and takes 0.02 off what every indicator starts from."""
    world.parameter("place.health.qaly_per_skimped", 50000.0)
    world.set(world_scope_cost=100e6).pull("skimping", 0.04, saving_share=0.5, progress_loss=0.5)
    np.testing.assert_allclose(world.get("world_scope_cost"), [98e6, 98e6, 100e6])
    np.testing.assert_allclose(world.get("world_quality_cut"), [0.04, 0.04, 0.0])
    np.testing.assert_allclose(world.get("world_health"), [-80.0, -80.0, 0.0])
    np.testing.assert_allclose(world.s[L.S_PROGRESS : L.S_PROGRESS + 2], [[-0.02, -0.02, 0.0]] * 2)


@pytest.mark.parametrize(("cut", "chance"), [(0.02, 0.1), (0.08, 0.4), (0.3, 1.0)])
def test_the_deeper_the_cut_the_sooner_it_is_found(cut, chance):
    """One inspection a year that finds a cut of 2% with chance 0.1."""
    given = {"detection": 0.0, "fine": 0.0, "audit_records": 1.0, "false_share_per_unit": 5.0}
    row = np.array(LEVERS[LEVER_NUMBER["skimping"]].row(15, {**given, "saving_share": 0.5, "progress_loss": 0.5}))
    assert found_chance(cut, row) == pytest.approx(chance)


def test_only_the_penalty_is_due(dudley, honest):
    """Whoever is found out pays the fixed penalty, whatever was saved."""
    sure = dudley.with_ending(reserve=1e10).with_lever("skimping", detection=1.0, enforcement=1.0)
    years = sure.years(honest, Strategy("s", {**honest.levels, "skimping": 0.04}), n=16)
    np.testing.assert_array_equal(years["recovery"][1], 3e6 * years["running"][1])
    np.testing.assert_array_equal(years["recovery"][0], 0.0)


def test_patients_lose_and_it_lasts(dudley, honest):
    """A cut in the first year alone lowers true scores from the second year on, and health in all."""
    calm = dudley.with_ending(reserve=1e10).with_place(policy__break_probability=0.0)
    years = calm.years(honest, Strategy("s", {**honest.levels, "skimping": (0.08, 0.0)}), n=16)
    lost = years["world_progress_0"][0] - years["world_progress_0"][1]
    np.testing.assert_array_equal(lost[0], 0.0)
    assert np.all(lost[1:] > 0.0)
    assert np.all(years["world_health"][1] < years["world_health"][0])
    assert np.all(years["cost_gbp"][1, 0] < years["cost_gbp"][0, 0])


def test_a_charge_on_what_a_survey_finds(dudley, honest):
    """Charged the cut as a share of the budget, skimping costs more than it saves."""
    contract = dudley.study.contract
    for table in LEVERS[LEVER_NUMBER["skimping"]].fixes[0].added:
        contract = contract.with_clause(table)
    fixed = dudley.with_contract(contract).with_ending(reserve=1e10)
    skimping = Strategy("s", {**honest.levels, "skimping": 0.08})
    before, after = (
        np.diff(b.outcomes(honest, skimping, n=32)[:, 0], axis=0) for b in (dudley.with_ending(reserve=1e10), fixed)
    )
    assert before.mean() > 0.0
    assert np.all(after < 0.0)
