"""L14 an inflated base year."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("year", "base", "cost"), [(0, 0.05, 1e6), (1, 0.0, 0.0), (14, 0.0, 0.0)])
def test_it_is_done_before_the_contract_begins(world, year, base, cost):
    """5% of £100m, of which the provider pays a fifth, in the first year; later there is no base year left to raise."""
    world.set(record_agreed=100e6).pull("baseline_inflation", 0.05, t=year, own_share=0.2)
    np.testing.assert_allclose(world.get("record_base"), [base, base, 0.0])
    np.testing.assert_allclose(world.get("world_gaming_cost"), [cost, cost, 0.0])


def test_the_price_follows_its_weight_for_ever(dudley, honest):
    """A third of 6% is 2% more in every year, for the commissioner to pay; at weight 0 nothing is paid for it."""
    rich = dudley.with_ending(reserve=1e10).with_place(policy__break_probability=0.0)
    raised = Strategy("b", {**honest.levels, "baseline_inflation": (0.06, 0.0)})
    heavy = rich.with_terms(annual_payment__base_year_weight=1.0 / 3.0)
    years = heavy.years(honest, raised, n=8)
    np.testing.assert_allclose(years["annual_payment"][1], 1.02 * years["annual_payment"][0])
    change = np.diff(heavy.outcomes(honest, raised, n=8), axis=0)[0]
    assert np.all(change[L.OUT["provider_surplus_npv_gbp"]] > 0.0)
    assert np.all(change[L.OUT["commissioner_exposure_npv_gbp"]] > 0.0)
    light = rich.with_terms(annual_payment__base_year_weight=0.0).years(honest, raised, n=8)
    np.testing.assert_array_equal(light["annual_payment"][1], light["annual_payment"][0])
