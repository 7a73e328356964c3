"""L18 definitions that vary more."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit


def test_chance_counts_for_more(world):
    """A year that chance made 2% dearer (in logarithms) is recorded as 6% dearer at x = 2; a good year the other way."""
    world.s[L.S_ACUTE] = 0.02, -0.02, 0.02
    true = 100e6 * np.exp(world.s[L.S_ACUTE])
    world.set(world_acute=true, record_acute=true).pull("noise_harvesting", 2.0)
    np.testing.assert_allclose(world.get("record_acute"), 100e6 * np.exp([0.06, -0.06, 0.02]))
    np.testing.assert_array_equal(world.get("world_acute"), true)


def test_what_was_moved_over_the_year_end_is_not_blown_up(world):
    """Cost brought forward into the record is added to, and not multiplied."""
    world.s[L.S_ACUTE] = 0.02
    world.set(world_acute=100e6, record_acute=103e6).pull("noise_harvesting", 1.0)
    np.testing.assert_allclose(world.get("record_acute")[0], 103e6 + 100e6 * np.expm1(0.02))


def test_the_record_swings_more_and_the_truth_does_not(dudley, honest):
    """The spread of the recorded gap grows, care costs what it did, and no health is lost or won."""
    rich = dudley.with_ending(reserve=1e10).with_place(policy__break_probability=0.0)
    years = rich.years(honest, Strategy("n", {**honest.levels, "noise_harvesting": 2.0}), n=200)
    gap = np.log(years["record_acute"] / years["record_acute_expected"])
    assert np.all(gap[1].std(axis=1) > gap[0].std(axis=1))
    for name in ("world_acute", "world_cost", "world_health"):
        np.testing.assert_array_equal(years[name][1], years[name][0])


def test_a_straight_share_pays_nothing_for_noise(dudley, honest):
    """Without band and caps, at equal shares, the mean gain is a small part of the gain that is moved about."""
    rich = dudley.with_ending(reserve=1e10).with_place(policy__break_probability=0.0)
    straight = rich.with_terms(
        gain_loss_share__dead_band=0.0, gain_loss_share__gain_cap=1.0, gain_loss_share__loss_cap=1.0
    )
    years = straight.years(honest, Strategy("n", {**honest.levels, "noise_harvesting": 1.0}), n=400)
    change = years["gain_loss_share"][1] - years["gain_loss_share"][0]
    assert abs(change.mean()) < 0.1 * np.abs(change).mean()
