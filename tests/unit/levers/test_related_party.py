"""L16 profit moved to related parties."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit


def test_the_mark_up_is_on_related_supplies_alone(world):
    """20% on the 15% of £100m that is bought from related parties is £3m, and no true cost changes."""
    world.set(world_scope_cost=100e6).pull("related_party", 0.2, related_share=0.15)
    np.testing.assert_allclose(world.get("record_markup"), [3e6, 3e6, 0.0])
    np.testing.assert_array_equal(world.get("world_scope_cost"), 100e6)
    np.testing.assert_array_equal(world.get("world_gaming_cost"), 0.0)


def test_the_claim_is_the_mark_up(world):
    """Found out, the provider owes all that was hidden."""
    world.set(record_markup=3e6).find_out("related_party", related_share=0.15)
    np.testing.assert_array_equal(world.get("audit_claim"), 3e6)


def test_reported_cost_rises_and_support_with_it(dudley, honest):
    """Reported cost is true cost and mark-up; the collar never pays the provider less for it, and often more."""
    blind = dudley.with_ending(reserve=1e10).with_lever("related_party", detection=0.0)
    years = blind.years(honest, Strategy("r", {**honest.levels, "related_party": 0.42}), n=64)
    np.testing.assert_allclose(years["record_cost"][1], years["world_cost"][1] + years["record_markup"][1])
    np.testing.assert_array_equal(years["world_cost"][1], years["world_cost"][0])
    more = years["cap_and_collar"][1] - years["cap_and_collar"][0]
    assert np.all(more >= 0.0)
    assert more.mean() > 1e5
