"""L05 effort only near a step."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.levers.threshold_bunching import within_reach

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("progress", "goal", "near"),
    [(0.7, 1.0, True), (0.65, 1.0, True), (0.6, 1.0, False), (1.0, 1.0, False), (1.2, 1.0, False)],
)
def test_within_reach(progress, goal, near):
    """A step is near when it lies ahead by no more than a year's reach; one that is passed needs no effort."""
    assert bool(within_reach(progress, goal, 0.35)) is near


def test_effort_leaves_what_is_far_passed_or_unpaid(world):
    """Effort stays on the indicator near its step and leaves the one that is far and the one that is not paid on."""
    world.goal = np.array([1.0, 1.0, np.nan])
    world.s[L.S_PROGRESS], world.s[L.S_PROGRESS + 1], world.s[L.S_PROGRESS + 2] = 0.8, 0.1, 0.8
    world.pull("effort", 1.0).pull("threshold_bunching", 0.75, reach=0.35)
    np.testing.assert_array_equal(world.get("choice_effort_0"), 1.0)
    np.testing.assert_array_equal(world.get("choice_effort_1"), 0.25)
    np.testing.assert_array_equal(world.get("choice_effort_2"), 0.25)


def test_it_saves_effort_and_loses_progress(dudley, honest):
    """Against the honest twin it spends less and achieves less, in every future."""
    from stresstest.strategy import Strategy

    calm = dudley.with_ending(reserve=1e10).with_place(policy__break_probability=0.0)
    years = calm.years(honest, Strategy("b", {**honest.levels, "threshold_bunching": 1.0}), n=64)
    assert np.all(years["world_investment"][1] <= years["world_investment"][0] + 1e-9)
    assert np.all(years["true_score"][1].sum(axis=0) < years["true_score"][0].sum(axis=0))
