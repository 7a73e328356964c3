"""H2 prevention: spend now, save later."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit


def test_prevention_sets_its_level_and_nothing_else(world):
    """The level is a choice; what it costs and saves is worked out by the drivers."""
    world.pull("prevention", 1.5)
    np.testing.assert_array_equal(world.get("choice_prevention"), 1.5)
    assert np.count_nonzero(world.d) == 3


def test_a_pound_saves_after_its_lag_and_for_as_long_as_it_lasts(dudley):
    """Prevention in the first year alone saves nothing before the lag, the yearly return after it, and then no more."""
    first_year = Strategy("first year", {"prevention": (1.0, 0.0)})
    years = dudley.with_ending(reserve=1e10).with_place(policy__break_probability=0.0).years(first_year, n=2)
    given = {
        k: dudley.study.provider.parameters[f"prevention.{k}"].value
        for k in ("cost_share", "yearly_return", "lag", "lasting")
    }
    spent = given["cost_share"] * dudley.study.contract.opening_price
    start, stop = int(given["lag"]), int(given["lag"] + given["lasting"])
    expected = [given["yearly_return"] * spent if start <= t < stop else 0.0 for t in range(15)]
    np.testing.assert_allclose(years["world_prevention_saving"][0, :, 0], expected)
    np.testing.assert_allclose(years["world_investment"][0, :2, 0], [spent, 0.0])
