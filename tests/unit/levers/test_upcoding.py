"""L03 up-coding of need."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.levers.upcoding import coding_cost
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit


def test_need_is_overstated_at_a_rising_cost(world):
    """8% on a need of 1.5, at ½ · £2bn · 0.08²; a provider that has left codes as it should."""
    world.set(world_need=1.5, record_need=1.5).pull("upcoding", 0.08, coding_cost=2e9)
    np.testing.assert_allclose(world.get("record_need"), [1.62, 1.62, 1.5])
    np.testing.assert_allclose(world.get("world_gaming_cost"), [6.4e6, 6.4e6, 0.0])
    np.testing.assert_array_equal(world.get("world_need"), 1.5)


def test_cost_is_a_square():
    """Twice the overstatement costs four times as much."""
    assert coding_cost(0.1, 2e9) == pytest.approx(1e7)
    assert coding_cost(0.2, 2e9) == pytest.approx(4e7)


def test_the_claim_is_what_was_overpaid_on_need(world):
    """Found out, the provider owes what the codes alone brought it."""
    world.set(paid_list_over=1e6, paid_need_over=2e6).find_out("upcoding", coding_cost=2e9)
    np.testing.assert_array_equal(world.get("audit_claim"), 2e6)


def test_a_cap_of_nothing_pays_no_recorded_need(dudley, honest):
    """With a coding cap of 0 the payment is the same whatever is coded."""
    coded = Strategy("c", {**honest.levels, "upcoding": 0.16})
    rich = dudley.with_ending(reserve=1e10).with_terms(annual_payment__coding_cap=0.0)
    years = rich.years(honest, coded, n=32)
    np.testing.assert_array_equal(years["annual_payment"][1], years["annual_payment"][0])
    assert np.all(years["paid_need_over"] == 0.0)
