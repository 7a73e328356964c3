"""The whole search: planted boxes come back, noise gives nothing, and published biofuel cases give their published box."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stresstest.errors import ConfigError
from stresstest.methods.box import Box
from stresstest.methods.cases import Cases
from stresstest.methods.prim import best, cover, enough, least_share, require_both, search, trajectory
from stresstest.methods.prim_checks import bounds, jaccard, judge, quasi_p
from stresstest.methods.prim_peel import Grid, peel

pytestmark = pytest.mark.unit


def planted(limits, n=4000, factors=6, correlation=0.0, weighted=False, seed=1, high=0.85, low=0.08):
    """(cases, the true corner): normals of equal correlation; failing is likelier where x_k is on the given side of a value."""
    draw = np.random.default_rng(seed)
    common = draw.normal(size=n)
    x = np.sqrt(1 - correlation) * draw.normal(size=(factors, n)) + np.sqrt(correlation) * common
    corner = np.ones(n, dtype=bool)
    for k, (side, value) in limits.items():
        corner &= x[k] > value if side == "low" else x[k] < value
    weight = np.exp(0.5 * draw.normal(size=n)) if weighted else None
    failing = draw.uniform(size=n) < np.where(corner, high, low)
    return Cases.of({f"x{k}": x[k] for k in range(factors)}, {"y": failing.astype(float)}, weight), corner


@pytest.mark.parametrize(
    ("limits", "correlation", "weighted"),
    [
        ({2: ("low", 0.3)}, 0.0, False),
        ({0: ("low", 0.2), 3: ("high", 0.1)}, 0.0, True),
        ({0: ("low", -0.2), 1: ("low", 0.0), 4: ("low", -0.3)}, 0.4, False),
        ({1: ("high", 0.5), 2: ("low", -0.3), 5: ("low", -0.4)}, 0.2, True),
    ],
)
def test_a_planted_box_comes_back(limits, correlation, weighted):
    """One to three limits, correlated factors and weights: exactly these bounds, near their values, and nearly these cases."""
    cases, corner = planted(limits, correlation=correlation, weighted=weighted)
    found = search(cases, "y")
    assert {(one.factor, one.side) for one in found.kept} == {(f"x{k}", side) for k, (side, _) in limits.items()}
    for one in found.kept:
        assert one.value == pytest.approx(limits[int(one.factor[1:])][1], abs=0.08)
        assert one.quasi_p < 0.05
        assert one.stable_share >= 0.5
        assert one.density_without < found.step.density
    assert jaccard(cases, found.box.inside(cases), corner) > 0.93


def test_two_corners_are_covered_one_after_the_other():
    """Two separate corners give two boxes, the second found on what the first leaves."""
    draw = np.random.default_rng(4)
    x = draw.uniform(size=(5, 6000))
    corner = ((x[0] > 0.7) & (x[1] > 0.5)) | ((x[0] < 0.3) & (x[2] > 0.6))
    y = (draw.uniform(size=6000) < np.where(corner, 0.9, 0.03)).astype(float)
    cases = Cases.of({f"x{k}": x[k] for k in range(5)}, {"y": y})
    boxes = [one.box for one in cover(cases, "y")]
    assert len(boxes) >= 2
    inside = boxes[0].inside(cases) | boxes[1].inside(cases)
    assert jaccard(cases, inside, corner) > 0.9


def test_nothing_is_found_in_noise():
    """Of forty tables without any signal none gives a box that holds up on its other half."""
    draw = np.random.default_rng(9)
    found = 0
    for _ in range(40):
        x = draw.normal(size=(6, 300))
        cases = Cases.of({f"x{k}": x[k] for k in range(6)}, {"y": (draw.uniform(size=300) < 0.3).astype(float)})
        searched, held = cases.halves()
        box = search(searched, "y", rounds=6).box
        found += bool(box.limits) and judge(held, "y", box).p_value < 0.05
    assert found <= 2


def test_the_best_box_weighs_failing_against_others():
    """Of all boxes on the way the chosen one has the largest share of failing less share of others."""
    cases, _ = planted({0: ("low", 0.2), 3: ("high", 0.1)})
    steps = trajectory(Grid.of(cases, "y"), 0.05)
    y, top = cases.result("y"), best(steps)
    grid = Grid.of(cases, "y")
    by_hand = [inside[y == 1].mean() - inside[y == 0].mean() for inside in (grid.box(one).inside(cases) for one in steps)]
    assert top.youden == pytest.approx(max(by_hand))


def test_the_core_is_denser_and_holds_a_quarter():
    """The core holds at least a quarter of the failing cases and is at least as dense as the box."""
    draw = np.random.default_rng(2)
    x = draw.uniform(size=(3, 5000))
    y = (draw.uniform(size=5000) < x[0] ** 2).astype(float)
    found = search(Cases.of({f"x{k}": x[k] for k in range(3)}, {"y": y}), "y")
    assert found.core_step.coverage >= 0.25
    assert found.core_step.density > found.step.density + 0.05
    assert found.core.limit("x0").low > found.box.limit("x0").low


def biofuel():
    """882 runs of a biofuel model, 89 of them failing: facts of the data set of Bryant and Lempert (2010), five of its inputs."""
    table = np.genfromtxt(Path(__file__).with_name("biofuel_2010.csv"), delimiter=",", names=True)
    return Cases.of({name: table[name] for name in table.dtype.names[:-1]}, {"fails": table["fails"]})


def test_published_cases_are_peeled_as_published():
    """At a patience of 10% the first peels leave as many rows and failures as EMA Workbench 2.5.3 leaves of the same data."""
    steps = peel(Grid.of(biofuel(), "fails"), 0.05, alpha=0.1)
    rows = [882, 792, 710, 638, 573, 513, 458, 412, 368, 329, 296, 264, 237, 213, 191, 170, 152, 136]
    failing = [89, 89, 89, 89, 89, 89, 89, 89, 89, 89, 89, 88, 87, 86, 85, 82, 81, 78]
    assert [one.cases for one in steps[:18]] == rows
    assert [one.hits for one in steps[:18]] == failing


def test_the_published_box_is_found_with_the_same_verdicts():
    """Its box 21 (coverage 0.753, density 0.770): the same four limits to one per cent, and the same quasi-p verdicts:
    cellulosic cost is luck (published 0.157) and the other three are not."""
    cases = biofuel()
    grid = Grid.of(cases, "fails")
    step = peel(grid, 0.05, alpha=0.1)[21]
    published = {
        ("biomass_backstop_price", "low"): (150.05, 3.5e-11), ("demand_elasticity", "low"): (-0.422, 1.2e-16),
        ("total_biomass", "high"): (755.8, 5e-6), ("cellulosic_cost", "low"): (72.65, 0.157),
    }  # fmt: skip
    assert (step.coverage, step.density) == (pytest.approx(0.753, abs=0.012), pytest.approx(0.770, abs=0.005))
    box = grid.box(step)
    assert {(limit.factor, side) for limit, side in bounds(box)} == set(published)
    for limit, side in bounds(box):
        value, chance = published[limit.factor, side]
        assert (limit.low if side == "low" else limit.high) == pytest.approx(value, rel=0.01)
        assert np.log(quasi_p(cases, "fails", box, limit.factor, side)) == pytest.approx(np.log(chance), abs=1.5)
    kept = {one.factor for one in search(cases, "fails").kept}
    assert kept == {"biomass_backstop_price", "demand_elasticity", "total_biomass"}


def test_what_cannot_be_searched_is_refused_kindly():
    """Nothing fails, everything fails, and numbers other than 0 and 1 are refused with what would be right."""
    x = {"x": np.arange(50.0)}
    for values, word in ((np.zeros(50), "nothing fails"), (np.ones(50), "everything fails"), (np.arange(50.0), "0 and 1")):
        with pytest.raises(ConfigError, match=word):
            search(Cases.of(x, {"y": values}), "y")
    with pytest.raises(ConfigError, match="nothing fails"):
        cover(Cases.of(x, {"y": np.eye(50)[0]}, np.r_[0.0, np.ones(49)]), "y")


def test_a_constant_factor_is_left_aside():
    """A factor that never varies changes nothing, and factors that all stand still give a box without limits."""
    cases, _ = planted({2: ("low", 0.3)}, n=1000)
    columns = {name: cases.values(name) for name in cases.names}
    with_still = Cases.of({"still": np.full(1000, 7.0), **columns}, cases.results)
    assert search(with_still, "y").box == search(cases, "y").box
    still = Cases.of({"still": np.full(1000, 7.0)}, cases.results)
    assert search(still, "y").box == Box()


def test_the_least_share_follows_rare_failures():
    """A box may hold 5%, half of a rarer failure, and never fewer than twenty cases."""
    for failing, expected in ((0.5, 0.05), (0.04, 0.02), (0.001, 0.01)):
        y = np.zeros(2000)
        y[: round(2000 * failing)] = 1.0
        assert least_share(Cases.of({"x": np.arange(2000.0)}, {"y": y}), "y") == pytest.approx(expected)


def test_enough_counts_both_sides():
    """Twenty failing and twenty other cases are enough, nineteen of either are not; unequal weights count for less."""
    for hits, expected in ((20, True), (19, False), (481, False), (480, True)):
        y = np.zeros(500)
        y[:hits] = 1.0
        cases = Cases.of({"x": np.arange(500.0)}, {"y": y})
        require_both(cases, "y")
        assert enough(cases, "y") is expected
    weight = np.r_[100.0, np.ones(499)]
    y = np.zeros(500)
    y[:25] = 1.0
    assert not enough(Cases.of({"x": np.arange(500.0)}, {"y": y}, weight), "y")
