"""L10 cost shifted outside the scope."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit

FIELDS = {"movable_share": 0.02, "pass_through_acute": 0.15, "pass_through_council": 0.25}


def test_what_is_moved_and_where_it_lands(world):
    """Half of 2% of £100m is moved: £1m; the hospital bears 15%, the council 25%, and 60% is need that nobody meets."""
    world.parameter("place.health.qaly_per_shifted_pound", 2e-5)
    world.set(world_scope_cost=100e6, world_acute=50e6).pull("cost_shifting", 0.5, **FIELDS)
    np.testing.assert_allclose(world.get("world_scope_cost"), [99e6, 99e6, 100e6])
    np.testing.assert_allclose(world.get("world_shifted"), [1e6, 1e6, 0])
    np.testing.assert_allclose(world.get("world_shifted_acute"), [0.15e6, 0.15e6, 0])
    np.testing.assert_allclose(world.get("world_acute"), [50.15e6, 50.15e6, 50e6])
    np.testing.assert_allclose(world.get("world_shifted_council"), [0.25e6, 0.25e6, 0])
    np.testing.assert_allclose(world.get("world_health"), [-12.0, -12.0, 0.0])


def test_the_public_pays_and_health_suffers(dudley, honest):
    """The provider's cost falls; the commissioner, the council and patients lose."""
    rich = dudley.with_ending(reserve=1e10).with_place(policy__break_probability=0.0)
    shifting = Strategy("s", {**honest.levels, "cost_shifting": 1.0})
    out = rich.outcomes(honest, shifting, n=32)
    change = out[1] - out[0]
    assert np.all(change[L.OUT["exposure_shifted_npv_gbp"]] > 0.0)
    outside = change[L.OUT["public_exposure_npv_gbp"]] - change[L.OUT["commissioner_exposure_npv_gbp"]]
    assert outside.mean() > 0.0
    assert np.all(change[L.OUT["health_qaly_npv"]] < 0.0)
    years = rich.years(honest, shifting, n=32)
    assert np.all(years["cost_gbp"][1] < years["cost_gbp"][0])
    assert np.all(years["record_acute"][1] > years["record_acute"][0])


def test_nothing_is_claimed_back(world):
    """The act is lawful: being found out costs nothing."""
    world.set(audit_claim=7.0).find_out("cost_shifting", **FIELDS)
    np.testing.assert_array_equal(world.get("audit_claim"), 7.0)
