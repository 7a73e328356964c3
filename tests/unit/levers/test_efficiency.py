"""H3 efficiency work."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit


def test_efficiency_sets_its_level_and_nothing_else(world):
    """The level is a choice; productivity follows in the drivers."""
    world.pull("efficiency", 0.4)
    np.testing.assert_array_equal(world.get("choice_efficiency"), 0.4)
    assert np.count_nonzero(world.d) == 3


def test_productivity_grows_by_the_gain_each_year(dudley):
    """At level 1 the logarithm of productivity grows by the gain a year more, from the second year on."""
    rich = dudley.with_ending(reserve=1e10).with_place(policy__break_probability=0.0)
    years = rich.years(Strategy("none", {}), Strategy("full", {"efficiency": 1.0}), n=8)
    ratio = np.log(years["world_productivity"][1] / years["world_productivity"][0])
    gain = dudley.study.provider.parameters["efficiency.gain"].value
    np.testing.assert_allclose(ratio, gain * np.arange(15)[:, None] * np.ones(8), atol=1e-12)
