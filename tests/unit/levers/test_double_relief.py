"""L19 relief claimed twice."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.levers.double_relief import cost_of_shock
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("shock", "cost"), [(1.05, 5.0), (1.0, 0.0), (0.98, 0.0)])
def test_cost_of_a_shock(shock, cost):
    """A shock of 5% on 100 costs 5; a good year costs nothing and gives nothing back."""
    assert cost_of_shock(shock, 100.0) == pytest.approx(cost)


def test_the_shock_stands_in_reported_cost_again(world):
    """Half of it, at x = ½; who has left claims nothing."""
    world.set(world_shock=1.05, world_scope_cost=100e6).pull("double_relief", 0.5)
    np.testing.assert_allclose(world.get("record_relief"), [2.5e6, 2.5e6, 0.0])


def test_it_pays_only_where_a_clause_reads_reported_cost(dudley, honest):
    """The collar pays more, never less, in years of shock; without support nothing is gained."""
    rich = dudley.with_ending(reserve=1e10).with_place(shock__pandemic_probability=0.3)
    twice = Strategy("d", {**honest.levels, "double_relief": 1.0})
    years = rich.years(honest, twice, n=64)
    more = years["cap_and_collar"][1] - years["cap_and_collar"][0]
    assert np.all(more >= 0.0)
    assert more.mean() > 1e4
    np.testing.assert_array_equal(years["world_cost"][1], years["world_cost"][0])
    none = {f"cap_and_collar__{name}": 0.0 for name in ("support_share", "support_more_share", "pay_back_share")}
    out = rich.with_terms(**none).outcomes(honest, twice, n=64)
    np.testing.assert_array_equal(out[1], out[0])
