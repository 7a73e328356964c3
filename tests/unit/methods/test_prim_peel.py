"""Peeling and pasting: every step against a slow reading of the rule, published cases, and what must not change the result."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.methods.cases import Cases
from stresstest.methods.prim_peel import BINS, Grid, paste, peel

pytestmark = pytest.mark.unit


def made(n=600, factors=4, seed=3, weighted=False):
    """Cases with one corner that fails more often."""
    draw = np.random.default_rng(seed)
    x = draw.uniform(size=(factors, n))
    chance = np.where((x[0] > 0.5) & (x[1] < 0.6), 0.8, 0.1)
    weight = np.exp(draw.normal(size=n)) if weighted else None
    columns = {f"x{k}": x[k] for k in range(factors)}
    return Cases.of(columns, {"y": (draw.uniform(size=n) < chance).astype(float)}, weight)


def slow_peel(columns, y, weight, alpha, least):
    """(weight, failing weight) inside after every peel: the rule again, by sorting rows, without a grid."""
    inside, path = np.ones(y.size, dtype=bool), []
    total = weight.sum()
    while True:
        mass, hits = weight[inside].sum(), (weight * y)[inside].sum()
        path.append((mass, hits))
        best, chosen = 1e-9, None
        for values in columns:
            for sign in (1.0, -1.0):
                signed = sign * values
                lost = 0.0
                for level in np.unique(signed[inside]):
                    lost += weight[inside & (signed == level)].sum()
                    if lost >= alpha * mass * (1 - 1e-9):
                        break
                kept = inside & (signed > level)
                if not kept.any():
                    continue
                gain = ((weight * y)[kept].sum() / weight[kept].sum() - hits / mass) / (mass - weight[kept].sum()) * mass
                if gain > best + 1e-12:
                    best, chosen = gain, kept
        if chosen is None or weight[chosen].sum() < least * total:
            return path
        inside = chosen


@pytest.mark.parametrize("weighted", [False, True])
def test_every_step_equals_a_slow_reading_of_the_rule(weighted):
    """Weight and failing weight inside agree at every step, with and without weights, with an ordinal and a 0/1 factor."""
    cases = made(300, weighted=weighted)
    columns = [cases.values("x0"), np.round(4 * cases.values("x1")), (cases.values("x2") > 0.7).astype(float)]
    cases = Cases.of({f"x{k}": one for k, one in enumerate(columns)}, cases.results, cases.weight)
    steps = peel(Grid.of(cases, "y"), 0.1)
    path = slow_peel(columns, cases.result("y"), cases.weight, 0.05, 0.1)
    assert len(steps) == len(path) > 10
    np.testing.assert_allclose([(one.mass, one.hits) for one in steps], path, rtol=1e-9)


def test_sums_on_the_way_are_those_of_the_box():
    """What a step says of its box is what the box holds, counted afresh; the box in units holds the same cases."""
    cases = made(weighted=True)
    grid = Grid.of(cases, "y")
    for step in peel(grid, 0.05):
        inside = grid.box(step).inside(cases)
        assert step.cases == inside.sum()
        assert step.mass == pytest.approx(cases.weight[inside].sum())
        assert step.hits == pytest.approx((cases.weight * cases.result("y"))[inside].sum())


def test_a_monotone_transform_or_another_order_of_rows_changes_nothing():
    """The same cases stay inside at every step when factors are bent and rows are shuffled."""
    cases = made()
    order = np.random.default_rng(5).permutation(cases.n)
    bent = {name: cases.values(name) for name in cases.names}
    bent |= {"x0": np.exp(5 * bent["x0"]), "x1": bent["x1"] ** 3}
    other = Cases.of({name: values[order] for name, values in bent.items()}, {"y": cases.result("y")[order]})
    first, second = Grid.of(cases, "y"), Grid.of(other, "y")
    for one, two in zip(peel(first, 0.05), peel(second, 0.05), strict=True):
        np.testing.assert_array_equal(first.box(one).inside(cases)[order], second.box(two).inside(other))


def test_levels_beyond_the_grid_fall_into_groups_of_equal_weight():
    """With more levels than groups, every group holds about the same weight and the limits are levels of the factor."""
    cases = made(20_000, factors=2)
    grid = Grid.of(cases, "y")
    assert max(grid.bins) <= BINS
    mass = grid.sums(np.arange(cases.n))[1, 0]
    assert mass.max() < 3 * cases.n / BINS
    step = peel(grid, 0.05)[-1]
    limit = grid.box(step).limit("x0")
    assert limit.low in cases.levels[0]


def test_pasting_gives_back_what_was_peeled_too_far():
    """A box cut inside the true corner grows again for as long as its density rises, and never beyond."""
    x = (np.arange(1000) + 0.5) / 1000
    y = (x > 0.5).astype(float)
    y[700:720] = 0.0
    grid = Grid.of(Cases.of({"x": x}, {"y": y}), "y")
    start = grid.step((650,), (999,), "peel")
    wider = list(paste(grid, start))
    assert wider[-1].density > start.density
    assert 500 <= wider[-1].first[0] < 540
    assert not list(paste(grid, grid.step((730,), (999,), "peel")))


def test_factors_kept_alone_give_the_same_sums():
    """A grid of some factors is the same as a grid made of them alone."""
    cases = made()
    small, alone = Grid.of(cases, "y").columns([1, 3]), Grid.of(cases.only(["x1", "x3"]), "y")
    np.testing.assert_array_equal(small.flat, alone.flat)
    assert small.cases.names == ("x1", "x3")


def test_a_result_of_one_level_alone_cannot_be_peeled():
    """Where no peel raises the mean the way ends at the box of all cases."""
    cases = Cases.of({"x": np.arange(100.0)}, {"y": np.ones(100)})
    assert len(peel(Grid.of(cases, "y"), 0.05)) == 1
