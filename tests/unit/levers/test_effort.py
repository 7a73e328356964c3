"""H1 effort on outcomes."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L

pytestmark = pytest.mark.unit


def test_effort_is_the_same_on_every_indicator(world):
    """The level chosen is the effort on each indicator and touches nothing else."""
    world.pull("effort", 0.7)
    chosen = slice(L.CHOICE_EFFORT, L.CHOICE_EFFORT + L.MAX_INDICATORS)
    np.testing.assert_array_equal(world.d[chosen], 0.7)
    assert np.count_nonzero(np.delete(world.d, np.r_[chosen], axis=0)) == 0


def test_effort_costs_its_square_and_moves_progress(dudley):
    """Twice the effort costs four times as much and moves true progress twice as far in its first year."""
    from stresstest.strategy import Strategy

    years = dudley.years(*(Strategy("e", {"effort": e}) for e in (0.0, 0.5, 1.0)), n=4)
    cost, agreed = years["world_investment"][:, 0], years["record_agreed"][0, 0]
    share = dudley.study.provider.parameters["effort.cost_share"].value
    np.testing.assert_allclose(cost, np.array([0.0, 0.25, 1.0])[:, None] * share * agreed)
    progress = years["world_progress_0"][:, 0]
    power = dudley.study.provider.parameters["effort.power"].value
    np.testing.assert_allclose(
        progress - progress[0], np.array([0.0, 0.5, 1.0])[:, None] * power * np.ones(4), atol=1e-12
    )
