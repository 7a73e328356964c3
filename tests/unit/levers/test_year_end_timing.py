"""L11 cost moved across the year-end."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.levers.year_end_timing import room_for_cost
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("gap", "room"),
    [(12.0, 2.0), (10.0, 0.0), (5.0, 0.0), (1.0, 3.0), (0.0, 2.0), (-2.0, 0.0), (-5.0, 0.0), (-9.0, math.inf)],
)
def test_room(gap, room):
    """A band of 2, a gain cap at 10, a loss cap at 8: how much cost makes no difference at each gap."""
    assert room_for_cost(gap, 2.0, 10.0, 8.0) == room


def test_cost_is_brought_forward_where_there_is_room(world):
    """Inside the band there is £2m of room, and at most a share x of the year's spend is moved; who has left moves none."""
    world.edge = np.array([2e6, 10e6, 8e6, 1.0])
    world.set(world_acute=100e6, record_acute=100e6, record_acute_expected=100e6)
    world.pull("year_end_timing", 0.03)
    np.testing.assert_allclose(world.get("record_acute"), [102e6, 102e6, 100e6])
    np.testing.assert_allclose(world.s[L.S_TIMING], [2e6, 2e6, 0.0])
    world.set(record_acute=100e6).pull("year_end_timing", 0.01)
    np.testing.assert_allclose(world.s[L.S_TIMING], [1e6, 1e6, 0.0])


def test_nothing_is_carried_out_of_the_last_year(world):
    """In the last year nothing is brought forward, for there is no year to take it off."""
    world.edge = np.array([2e6, 10e6, 8e6, 1.0])
    world.set(world_acute=100e6, record_acute=100e6, record_acute_expected=100e6)
    world.pull("year_end_timing", 0.03, t=14)
    np.testing.assert_array_equal(world.get("record_acute"), 100e6)
    np.testing.assert_array_equal(world.s[L.S_TIMING], 0.0)


def test_what_was_brought_forward_comes_off_even_when_the_lever_rests(dudley, honest):
    """Pulled in the fourth year alone, the lever raises that year's record and lowers the fifth's by the same."""
    calm = dudley.with_ending(reserve=1e10).with_place(policy__break_probability=0.0)
    once = tuple(0.03 if t == 3 else 0.0 for t in range(15))
    years = calm.years(Strategy("once", {**honest.levels, "year_end_timing": once}), n=64)
    moved = years["record_acute"][0] - years["world_acute"][0]
    assert moved[3].max() > 1e5
    np.testing.assert_allclose(moved[4], -moved[3], atol=1e-6)
    np.testing.assert_array_equal(np.delete(moved, (3, 4), axis=0), 0.0)


def test_a_running_total_leaves_no_room(world):
    """Where the share is settled on the running total the lever does nothing."""
    world.set(record_acute=100e6, record_acute_expected=100e6).pull("year_end_timing", 0.03)
    np.testing.assert_array_equal(world.get("record_acute"), 100e6)


def test_over_the_years_nothing_is_created(dudley, honest):
    """In futures that run their term the recorded acute spend adds up to the true one."""
    calm = dudley.with_ending(reserve=1e10).with_place(policy__break_probability=0.0)
    years = calm.years(Strategy("t", {**honest.levels, "year_end_timing": 0.03}), n=64)
    told, true = years["record_acute"][0], years["world_acute"][0]
    np.testing.assert_allclose(told.sum(axis=0), true.sum(axis=0), rtol=1e-12)
    assert np.abs(told - true).max() > 1e5
