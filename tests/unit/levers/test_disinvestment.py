"""L07 cuts where nothing is measured."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit


def test_what_is_cut(world):
    """Half of what can be cut of £100m, 4% of it, is £2m; at 50 QALYs a million that is 100."""
    world.parameter("place.health.qaly_per_disinvested_pound", 5e-5)
    world.set(world_scope_cost=100e6).pull("disinvestment", 0.5, unmeasured_share=0.04)
    np.testing.assert_allclose(world.get("world_disinvested"), [2e6, 2e6, 0])
    np.testing.assert_allclose(world.get("world_scope_cost"), [98e6, 98e6, 100e6])
    np.testing.assert_allclose(world.get("world_spared"), [2e6, 2e6, 0])
    np.testing.assert_allclose(world.get("world_health"), [-100.0, -100.0, 0.0])


def test_patients_lose_and_no_indicator_shows_it(dudley, honest):
    """Cost and health fall, and the reported score is what it was; the record holds the cut."""
    rich = dudley.with_ending(reserve=1e10).with_place(policy__break_probability=0.0)
    cutting = Strategy("c", {**honest.levels, "disinvestment": 1.0})
    change = np.diff(rich.outcomes(honest, cutting, n=32), axis=0)[0]
    assert np.all(change[L.OUT["provider_surplus_npv_gbp"]] > 0.0)
    assert np.all(change[L.OUT["health_qaly_npv"]] < 0.0)
    years = rich.years(honest, cutting, n=32)
    np.testing.assert_array_equal(years["reported_score"][1], years["reported_score"][0])
    np.testing.assert_array_equal(years["record_disinvested"][1], years["world_disinvested"][1])


def test_what_is_paid_back_leaves_nothing(dudley, honest):
    """Where every pound cut is paid back the provider gains nothing."""
    from stresstest.levers import LEVER_NUMBER, LEVERS

    contract = dudley.study.contract.with_clause(LEVERS[LEVER_NUMBER["disinvestment"]].fixes[0].added[0])
    fixed = (
        dudley.with_contract(contract)
        .with_ending(reserve=1e10)
        .with_terms(
            cap_and_collar__support_share=0.0,
            cap_and_collar__support_more_share=0.0,
            cap_and_collar__pay_back_share=0.0,
        )
    )
    out = fixed.outcomes(honest, Strategy("c", {**honest.levels, "disinvestment": 1.0}), n=32)
    np.testing.assert_allclose(out[1, 0], out[0, 0], atol=1.0)
