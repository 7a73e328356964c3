"""L02 ghost patients on the list."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.levers.list_inflation import diluted
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("value", "ghosts", "dilution", "told"), [(80.0, 0.25, 1.0, 64.0), (80.0, 0.25, 0.0, 80.0), (80.0, 0.0, 1.0, 80.0)]
)
def test_dilution(value, ghosts, dilution, told):
    """Ghosts widen the denominator of what is measured on the list, and of nothing else."""
    assert diluted(value, ghosts, dilution) == pytest.approx(told)


def test_ghosts_are_added_and_paid_for(world):
    """2% of 300,000 are 6,000 ghosts at £5 each; a provider that has left adds none."""
    world.set(world_list=3e5, record_list=3e5).pull("list_inflation", 0.02, ghost_cost=5.0)
    np.testing.assert_allclose(world.get("record_list"), [306e3, 306e3, 300e3])
    np.testing.assert_allclose(world.get("record_ghosts"), [0.02, 0.02, 0.0])
    np.testing.assert_allclose(world.get("world_gaming_cost"), [30e3, 30e3, 0.0])
    np.testing.assert_array_equal(world.get("world_list"), 3e5)


def test_the_claim_is_what_was_overpaid_on_the_list(world):
    """Found out, the provider owes what the list alone brought it."""
    world.set(paid_list_over=1e6, paid_need_over=2e6).find_out("list_inflation", ghost_cost=5.0)
    np.testing.assert_array_equal(world.get("audit_claim"), 1e6)


def test_the_payment_follows_the_recorded_list(dudley, honest):
    """The payment rises by the share of list growth that is passed through; a tolerance of 0 ends that."""
    ghosts = Strategy("g", {**honest.levels, "list_inflation": 0.04})
    rich = dudley.with_ending(reserve=1e10).with_place(policy__break_probability=0.0, population__list_noise=0.0)
    years = rich.years(honest, ghosts, n=16)
    rise = years["annual_payment"][1] / years["annual_payment"][0] - 1.0
    heads = years["record_list"][0] / dudley.study.place.parameters["population.list_base"].value
    np.testing.assert_allclose(rise, 0.7 * 0.04 * heads / (1.0 + 0.7 * (heads - 1.0)), rtol=1e-9)
    strict = rich.with_terms(annual_payment__list_tolerance=0.0).years(honest, ghosts, n=16)
    np.testing.assert_allclose(strict["annual_payment"][1], strict["annual_payment"][0], rtol=1e-12)
