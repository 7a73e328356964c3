"""The layout of the unit cube: which stream stands where, and which streams a place has of its own."""

from __future__ import annotations

import numpy as np
import pytest
from padded_rows import random_points_of

from stresstest import layout as L
from stresstest.futures.plan import (
    FIRST,
    FIRST_DRAWS,
    MIXING_SLOTS,
    NULL_FIRST,
    PILES_UP,
    SEARCH_FIRST,
    VERIFY_FIRST,
    YEARLY,
    YEARLY_DRAWS,
    detection_plan,
    dimension_of,
    plan_design,
    unread_draws,
)  # fmt: skip
from stresstest.futures.sampler import AXIS_STREAMS

pytestmark = pytest.mark.unit


def test_rows_follow_one_another():
    """Every stream has its rows, without gap or overlap, and the last ends where the cube does."""
    plan = plan_design(1, "dudley", 15)
    np.testing.assert_array_equal(plan.offsets[1:], plan.offsets[:-1] + plan.slots[:-1])
    assert plan.offsets[0] == 0
    assert plan.offsets[-1] + plan.slots[-1] == plan.dimensions
    assert len(set(plan.names)) == len(plan.names) == AXIS_STREAMS + len(L.NOISE) + len(L.ONCE) + 3


def test_the_machine_finds_the_streams_where_it_looks():
    """The sampler counts on three streams an axis, then the crisis and its size, noise, once-only draws, and what joins."""
    plan = plan_design(1, "dudley", 15)
    assert [name.split("/")[1] for name in plan.names[:18:3]] == list(L.AXES)
    assert plan.names[18:20] == ("axis/economy/crisis", "axis/economy/crisis_size")
    assert plan.names[20] == f"noise/{L.NOISE[0]}"
    assert plan.names[AXIS_STREAMS + len(L.NOISE)] == f"once/{L.ONCE[0]}"
    assert plan.names[-3:] == ("axis/course", "axis/coupling", "axis/mixing")
    assert plan.slots[-1] == MIXING_SLOTS
    assert plan.offset("noise/need") == plan.offsets[AXIS_STREAMS + L.NOISE_NEED]


def test_no_two_streams_share_a_key():
    """Every stream of a study, detection included, has a key of its own."""
    plan = plan_design(1, "dudley", 15)
    keys = np.concatenate([plan.keys, detection_plan(1, "dudley", 15, ("upcoding", "list_inflation"))])
    assert np.unique(keys, axis=0).shape == keys.shape


def test_the_country_is_shared_and_the_place_is_not():
    """Two places see the same economy, state, pay and policy, and each its own list, need and chance."""
    here, there = plan_design(1, "dudley", 15), plan_design(1, "torbay", 15)
    same = {name for name, a, b in zip(here.names, here.keys, there.keys, strict=True) if np.array_equal(a, b)}
    expected = {name for name in here.names if name.startswith("axis/")}
    expected |= {f"noise/{name}" for name in L.NATIONAL_NOISE} | {f"once/{name}" for name in L.NATIONAL_ONCE}
    assert same == expected


def test_a_longer_contract_begins_with_the_shorter_one():
    """The first years of thirty are the years of fifteen, stream by stream."""
    cubes = {}
    for years in (15, 30):
        plan = plan_design(1, "dudley", years)
        cubes[years] = np.zeros((plan.dimensions, 16))
        random_points_of(cubes[years], plan.keys, plan.slots, plan.offsets, False, 1)
    short, long = plan_design(1, "dudley", 15), plan_design(1, "dudley", 30)
    for name, at, slots in zip(short.names, short.offsets, short.slots, strict=True):
        row = long.offset(name)
        np.testing.assert_array_equal(cubes[15][at : at + slots], cubes[30][row : row + slots], err_msg=name)


def test_search_verification_and_runs_see_different_futures(dudley):
    """The futures of a run, of the search, of its verification and of the null test do not overlap."""
    from stresstest.config.load import LARGEST

    budget = dudley.study.search
    edges = [0, LARGEST + 1, SEARCH_FIRST, SEARCH_FIRST + budget.polish_futures, VERIFY_FIRST,
             VERIFY_FIRST + 10_000_000, NULL_FIRST]  # fmt: skip
    assert edges == sorted(edges)
    assert LARGEST < SEARCH_FIRST < VERIFY_FIRST < NULL_FIRST < 1 << 63
    assert max(10_000_000, 1_000_000) < VERIFY_FIRST - SEARCH_FIRST


def test_every_row_has_a_name_of_its_own():
    """Rows are named by their stream, with the year where it has one for each, in the order of the cube."""
    plan = plan_design(1, "dudley", 3)
    rows = plan.rows()
    assert len(set(rows)) == len(rows) == plan.dimensions
    assert rows[plan.offset("noise/need") + 2] == "noise/need[2]"
    assert rows[plan.offset("once/policy")] == "once/policy"


def test_kinds_are_those_of_the_layout():
    """A stream holds normals where the layout says so; what joins destinations, timing and crises are uniforms."""
    plan = plan_design(1, "dudley", 3)
    kinds = dict(zip(plan.names, plan.normal.tolist(), strict=True))
    assert all(kinds[f"noise/{name}"] == (kind == "normal") for name, kind in L.NOISE_KINDS.items())
    assert all(kinds[f"once/{name}"] == (kind == "normal") for name, kind in L.ONCE_KINDS.items())
    assert all(kinds[f"axis/{axis}/destination"] and not kinds[f"axis/{axis}/timing"] for axis in L.AXES)
    assert not any(kinds[name] for name in ("axis/economy/crisis", "axis/course", "axis/coupling", "axis/mixing"))


@pytest.mark.parametrize(
    ("name", "slot", "dimension"),
    [("once/opening_gap", 0, 0), ("axis/coupling", 0, 25), ("noise/productivity", 0, 40), ("noise/need", 0, 41),
     ("noise/productivity", 1, 80), ("axis/mixing", 14, 634)],
)  # fmt: skip
def test_dimensions_by_hand(name, slot, dimension):
    """Single draws stand in their order; slot k of a yearly stream stands forty dimensions after slot k − 1."""
    assert dimension_of(name, slot) == dimension
    assert (FIRST, YEARLY) == (40, 40)
    assert dimension_of(YEARLY_DRAWS[-1], 0) < FIRST + YEARLY
    assert dimension_of(FIRST_DRAWS[-1], 0) < FIRST


def test_streams_that_pile_up_are_streams():
    """Every stream that is said to pile up is a yearly stream of normals."""
    plan = plan_design(1, "dudley", 3)
    for name in PILES_UP:
        assert plan.slots[plan.names.index(name)] == 3
        assert plan.normal[plan.names.index(name)]


def test_draws_without_a_use_are_named():
    """A place with six indicators leaves out two of each kind; courses, copula and coupling are read where there are any."""
    names = plan_design(1, "dudley", 3).names
    plain = unread_draws(6, 1, 0, False)
    assert plain <= set(names)
    assert {name for name in plain if name.startswith("noise/")} == {
        "noise/outcome_6", "noise/outcome_7", "noise/sample_6", "noise/sample_7",
    }  # fmt: skip
    assert plain - unread_draws(6, 3, 4, True) == {"axis/course", "axis/mixing", "axis/coupling"}
    assert unread_draws(L.MAX_INDICATORS, 2, 2, True) == frozenset()
