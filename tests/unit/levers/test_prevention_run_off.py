"""L13 no prevention as the end nears."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.levers.prevention_run_off import returns_within_term

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("year", "back"), [(0, 2.0), (3, 2.0), (4, 1.8), (8, 1.0), (9, 0.8), (12, 0.2), (13, 0.0), (14, 0.0)]
)
def test_returns_within_the_term(year, back):
    """15 years, a lag of 2, ten years at 20p: what a pound in each year brings before the contract ends (TV10)."""
    assert returns_within_term(year, 15, 2.0, 10.0, 0.2) == pytest.approx(back)


@pytest.mark.parametrize(("year", "left"), [(0, 1.0), (7, 1.0), (9, 0.25), (14, 0.25)])
def test_spending_stops_where_it_no_longer_pays(world, year, left):
    """Prevention is cut by the lever's level in the years whose returns fall short of the pound."""
    for key, value in (("lag", 2.0), ("lasting", 10.0), ("yearly_return", 0.2)):
        world.parameter(f"provider.prevention.{key}", value)
    world.pull("prevention", 1.0, t=year).pull("prevention_run_off", 0.75, t=year)
    np.testing.assert_allclose(world.get("choice_prevention"), left)


def test_the_machine_saves_what_the_rule_promises(dudley):
    """A pound of prevention in any one year returns within the term what `returns_within_term` says."""
    from stresstest.strategy import Strategy

    rich = dudley.with_ending(reserve=1e10).with_place(policy__break_probability=0.0)
    given = [dudley.study.provider.parameters[f"prevention.{k}"].value for k in ("lag", "lasting", "yearly_return")]
    for year in (0, 4, 10, 14):
        level = tuple(1.0 if t == year else 0.0 for t in range(15))
        years = rich.years(Strategy("once", {"prevention": level}), n=1)
        spent = years["world_investment"][0, year, 0]
        assert years["world_prevention_saving"][0, :, 0].sum() == pytest.approx(
            spent * returns_within_term(year, 15, *given)
        )
