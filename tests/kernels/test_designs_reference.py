"""Every design against a second statement of it: points, variates, destinations, cells, weights and axes, future by future."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.analysis.draws import draw
from stresstest.config.load import load_study
from stresstest.futures.design import Design, Tilt
from stresstest.futures.plan import FIRST_DRAWS, MIXING_SLOTS, YEARLY_DRAWS, plan_design
from stresstest.futures.sampler import fill_points
from stresstest.futures.scenario import DRAWN, NOWHERE, Consistency, Course, Scenario
from stresstest.sampling.law import drawn_cells
from stresstest.sampling.points import all_read

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from reference import draws, ends, points, strata

pytestmark = pytest.mark.kernel

EXACT = 1e-11
FUTURES = 500
DESIGNS = {
    "random": Design(),
    "antithetic": Design("random", antithetic=True),
    "lhs": Design("lhs", replicates=4),
    "sobol": Design("sobol", replicates=4),
    "stratified": Design("stratified"),
    "importance": Design("importance", replicates=4),
}
TILT = Tilt((
    ("once/opening_gap", 0.8), ("once/policy", -0.4), ("axis/economy/destination", -0.5), ("noise/productivity[0]", -0.6),
    ("axis/economy/crisis[1]", -0.3), ("noise/need[2]", 0.2),
))  # fmt: skip
NEVER = ((),) * 6
LOW_GROWTH = Course("low growth", (DRAWN, 0.6, DRAWN, 0.0, DRAWN, DRAWN), NEVER, 0.5)
BY_YEAR = Course("by year", NOWHERE, ((), (), (0.40, 0.38, 0.36), (DRAWN, 0.01, -0.02, 0.035), (), ()), 0.2)
POINT = Course("point", NOWHERE, tuple((x,) for x in (-1.0, 1.0, 0.35, 0.02, 0.0, 0.15)), 0.3)
RULES = (Consistency((-1, -1, 0, 2, -1, -1), 0.5), Consistency((2, -1, -1, -1, -1, 0), 3.0), Consistency((-1,) * 6, 0.9))
SCENARIOS = {
    "calibrated": Scenario("calibrated", "normal copula", FUTURES),
    "mixed": Scenario("mixed", "three courses, rules", FUTURES, (LOW_GROWTH, BY_YEAR, POINT), RULES),
    "half given": Scenario("half given", "a tube", FUTURES, (LOW_GROWTH, replace(LOW_GROWTH, name="same")), RULES[:1]),
    "apart": Scenario("apart", "independent destinations", FUTURES, dependence="independent"),
    "worst": Scenario("worst", "coupled destinations", FUTURES, dependence="worst"),
}
COUPLED = (*L.AXES, *L.COUPLED_ONCE)
COUPLING = np.array([np.roll(np.arange(8)[:: 1 - 2 * (k % 2)], k) for k in range(len(COUPLED))], dtype=np.int64)
HOW = [
    (design, scenario, years, degrees) for design in DESIGNS
    for scenario, years, degrees in (
        ("calibrated", 15, 0), ("calibrated", 3, 4), ("mixed", 15, 4), ("mixed", 3, 0), ("half given", 3, 8),
    )
]  # fmt: skip
HOW += [("random", "apart", 3, 4), ("sobol", "worst", 3, 0), ("stratified", "apart", 3, 0), ("stratified", "apart", 3, 4)]


@cache
def study_of(design, years, degrees):
    """Dudley over so many years, with the design, a tilt, and a t copula where degrees are given."""
    study = load_study("dudley")
    tilts = dict.fromkeys(SCENARIOS, TILT) if design == "importance" else {}
    return replace(
        study, design=DESIGNS[design], tilts=tilts, couplings={"worst": COUPLING}, law=replace(study.law, degrees=degrees),
        contract=replace(study.contract, years=years),
    )  # fmt: skip


@cache
def engine(design, scenario, years, degrees):
    """What the engine draws for futures 0 … FUTURES, cube and all."""
    study = study_of(design, years, degrees)
    return draw(study, SCENARIOS[scenario], 0, FUTURES + 1, variates=True)


def points_asked(design, scenario, years, degrees):
    """The reference's view of streams and design."""
    study, chosen = study_of(design, years, degrees), DESIGNS[design]
    return points.Asked(
        study.seed, study.place.name, years, L.NOISE, L.ONCE, chosen.kind, chosen.replicates, chosen.antithetic, FUTURES,
        dict(study.tilts[scenario].sizes) if study.tilts else {}, FIRST_DRAWS, YEARLY_DRAWS,
    )  # fmt: skip


@cache
def ends_asked(design, scenario, years, degrees):
    """The reference's view of the axes' law and the scenario."""
    study, asked = study_of(design, years, degrees), SCENARIOS[scenario]
    law = study.law
    laws = {axis: dict(zip(ends.LAW, law.table[a].tolist(), strict=True)) for a, axis in enumerate(L.AXES)}
    anchors = {axis: tuple(law.anchors[a].tolist()) for a, axis in enumerate(L.AXES)}
    joined = asked.dependence == "calibrated"
    correlation = law.correlation.tolist() if joined else np.eye(6).tolist()
    found = ends.Asked(laws, anchors, correlation, degrees if joined else 0, {}, asked, years)
    if asked.dependence == "worst":
        found = replace(found, coupling=dict(zip(COUPLED, COUPLING.tolist(), strict=True)))
    if design == "stratified":
        given = [all(ends.given_end(found, course, a) is not None for course in asked.courses) for a in range(6)]
        borders = strata.borders(laws, anchors, given, found.degrees)
        found = replace(found, strata=strata.strata_of(borders, ends.triangle(correlation), found.degrees))
    return replace(found, mean_factor=ends.mean_factor(found)) if asked.consistency else found


def group_of(design, future, stratum):
    """Replicate, pair or stratum of a future."""
    if future == 0 or design == "random":
        return 0
    if design == "antithetic":
        return (future - 1) // 2
    return stratum if design == "stratified" else (future - 1) % DESIGNS[design].replicates


def some(years):
    """A few futures: the central case, the first, both sides of a block's edge, the last."""
    return (0, 1, 2, 3, 4, 5, 8, 9, 255, 256, 257, FUTURES) if years > 3 else (0, 1, 2, 3, 6, 7, 31, 32, 33, 255, 256, 257, 499)


@pytest.mark.parametrize(("design", "scenario", "years", "degrees"), HOW)
def test_draws_are_what_the_words_say(design, scenario, years, degrees):
    """Variates, axes, noise, once-only draws, weight, group, cell and course of every design, to 1e-11."""
    got = engine(design, scenario, years, degrees)
    cube, law = points_asked(design, scenario, years, degrees), ends_asked(design, scenario, years, degrees)
    rows = plan_design(cube.seed, cube.place, years)
    for future in some(years):
        streams, weight = points.nature_draws(cube, future)
        assert set(streams) == set(rows.names)
        streams = ends.coupled_once(law, streams, future)
        if future == 0:
            streams = {**streams, "once/policy": [0.0]}  # no policy ends the central case
        flat = [x for name in rows.names for x in streams[name]]
        np.testing.assert_allclose(got.variates[:, future], flat, rtol=EXACT, atol=EXACT, err_msg=f"future {future}")
        to = ends.ends_of(law, streams, future)
        axes = ends.axes_of(law, streams, to)
        goals = [to.to[axis] for axis in L.AXES]
        np.testing.assert_allclose(got.ends[:, future], goals, rtol=EXACT, atol=EXACT, err_msg=f"future {future}")
        expected = np.array([axes[axis] for axis in L.AXES]).T
        np.testing.assert_allclose(got.axes[:, :, future], expected, rtol=EXACT, atol=EXACT, err_msg=f"future {future}")
        noise = np.array([streams[f"noise/{name}"] for name in L.NOISE]).T
        np.testing.assert_allclose(got.noise[:, :, future], noise, rtol=EXACT, atol=EXACT)
        once = [streams[f"once/{name}"][0] for name in L.ONCE]
        np.testing.assert_allclose(got.once[:, future], once, rtol=EXACT, atol=EXACT)
        tags = [weight * to.factor, group_of(design, future, to.stratum), to.cell, to.course]
        # the probability of a far cell moves a hundred times faster than its border
        np.testing.assert_allclose(got.tags[:, future], tags, rtol=100 * EXACT, atol=1e-14, err_msg=f"future {future}")


@pytest.mark.parametrize("design", [name for name in DESIGNS if name != "stratified"])
def test_points_are_the_same_bits(design):
    """Before any distribution the points themselves agree in every bit."""
    study = study_of(design, 3, 0)
    inputs = study.kernel_inputs(SCENARIOS["calibrated"], ())
    cube = np.zeros((inputs.dimensions, 48))
    fill_points(cube, all_read(inputs.design), 0, 40)
    plan, asked = plan_design(study.seed, study.place.name, 3), points_asked(design, "calibrated", 3, 0)
    for future in range(40):
        mine = points.cube(asked, future)
        np.testing.assert_array_equal(cube[:, future], [u for name in plan.names for u in mine[name]])


def test_far_futures_are_drawn_by_both_words_of_their_number():
    """Around 2^32 the number of a future fills its second word, and no draw repeats an early one."""
    study, first = study_of("random", 3, 0), (1 << 32) - 3
    got = draw(study, SCENARIOS["calibrated"], first, 6, variates=True)
    cube, plan = points_asked("random", "calibrated", 3, 0), plan_design(study.seed, study.place.name, 3)
    for i in range(6):
        streams, _ = points.nature_draws(cube, first + i)
        flat = [x for name in plan.names for x in streams[name]]
        np.testing.assert_allclose(got.variates[:, i], flat, rtol=EXACT, atol=EXACT)


@pytest.mark.parametrize("degrees", [0, 4, 8])
def test_cells_have_the_probabilities_of_the_quadrature(degrees):
    """Borders and probabilities of the 729 cells, normal and t copula, agree with scipy's."""
    study, law = study_of("stratified", 3, degrees), ends_asked("stratified", "calibrated", 3, degrees)
    borders, found = drawn_cells(study.law, SCENARIOS["calibrated"], np.zeros(6, dtype=bool))
    mine = np.array(law.strata.borders)
    inside = np.isfinite(mine)
    np.testing.assert_allclose(borders[inside], mine[inside], rtol=EXACT, atol=1e-15)
    expected = strata.probabilities(law.strata.borders, ends.triangle(law.correlation), degrees)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-15)


def test_every_stream_of_the_machine_is_in_the_reference():
    """Both state the same streams with as many draws of the same kind."""
    plan = plan_design(1, "dudley", 15)
    shape = draws.shape_of("dudley", 15, L.NOISE, L.ONCE)
    assert shape["axis/mixing"][1] == MIXING_SLOTS
    assert {name: count for name, (_, count) in shape.items()} == dict(zip(plan.names, plan.slots.tolist(), strict=True))
    normal = {name for name, is_normal in zip(plan.names, plan.normal, strict=True) if is_normal}
    assert normal == set(plan.names) - draws.UNIFORM
