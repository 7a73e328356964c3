"""Every design on a small study: four years of Dudley, with and without consistency factors, normal or t copula."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from stresstest._lanes import LANES, groups
from stresstest.analysis.draws import draw
from stresstest.config.load import load_study
from stresstest.futures.design import Design, Tilt
from stresstest.futures.plan import plan_design
from stresstest.futures.sampler import fill_points
from stresstest.futures.scenario import Consistency, Scenario
from stresstest.sampling.points import design_inputs

YEARS, N = 4, 600
DESIGNS = {
    "random": Design(),
    "antithetic": Design("random", antithetic=True),
    "lhs": Design("lhs", replicates=8),
    "sobol": Design("sobol", replicates=8),
    "stratified": Design("stratified"),
    "importance": Design("importance", replicates=8),
}
TILT = Tilt((
    ("once/opening_gap", 0.9), ("noise/productivity[0]", -0.7), ("once/policy", -0.5), ("axis/economy/destination", -0.4),
))  # fmt: skip
RULES = (Consistency((-1, -1, -1, -1, 0, -1), 0.3), Consistency((2, -1, -1, 1, -1, -1), 2.5))
PLAIN = Scenario("plain", "the joint law", N)
RULED = Scenario("ruled", "with consistency factors", N, consistency=RULES)


@cache
def study_of(design, degrees=0, seed=2018, place="dudley", years=YEARS):
    """Dudley over four years with the named design, a t copula where degrees are given, and a tilt."""
    study = load_study("dudley")
    tilts = {"plain": TILT, "ruled": TILT} if design == "importance" else {}
    return replace(
        study, design=DESIGNS[design], seed=seed, tilts=tilts, place=replace(study.place, name=place),
        law=replace(study.law, degrees=degrees), contract=replace(study.contract, years=years),
    )  # fmt: skip


@cache
def whole(design, futures=N, scenario=PLAIN, degrees=0):
    """Futures 0 … futures, with the variates of the cube."""
    return draw(study_of(design, degrees), replace(scenario, futures=futures), 0, futures + 1, variates=True)


@cache
def points(design, futures, seed=2018, place="dudley", years=YEARS):
    """Points of the unit cube of futures 1 … futures, float64[dimensions, futures], and the plan of their rows."""
    own = plan_design(seed, place, years)
    cube = np.zeros((own.dimensions, LANES * groups(futures)))
    fill_points(cube, design_inputs(DESIGNS[design], own, years, futures), 1, futures)
    return cube[:, :futures], own


def assert_equal(one, other):
    """Bit for bit: axes, noise, once-only draws, tags, destinations and variates."""
    for name, values in vars(one).items():
        np.testing.assert_array_equal(values, getattr(other, name), err_msg=name)


def cut(draws, start, stop):
    """Futures start … stop − 1 of a set that begins with 0."""
    return replace(draws, **{name: values[..., start:stop] for name, values in vars(draws).items()})
