"""The model in the EMA Workbench: a Model around a Python function, run by the sequential evaluator, one scalar outcome each.

The workbench takes every draw as an uncertainty of its own (a real parameter with scipy's normal or uniform law), by a Latin
hypercube, which is its default, or at random; or one integer uncertainty, a seed, from which the model draws.
"""

from __future__ import annotations

import warnings

import numpy as np
from model import Subject, names_of

OUTPUTS_ALONE = 30
#: Ways to give a future its draws: (what the page calls it, one variable a draw, the workbench's sampler).
WAYS = {
    "every draw a variable, Latin hypercube (its default)": (True, "LHS"),
    "every draw a variable, random": (True, "MC"),
    "one variable, a seed": (False, "MC"),
}


def _experiments(function, uncertainties, names, cases: int, sampler: str) -> dict[str, np.ndarray]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench import Model, Samplers, ScalarOutcome, SequentialEvaluator

        model = Model("peer", function=function)
        model.uncertainties = uncertainties
        model.outcomes = [ScalarOutcome(name) for name in names]
        with SequentialEvaluator(model) as evaluator:
            return evaluator.perform_experiments(scenarios=cases, uncertainty_sampling=getattr(Samplers, sampler))[1]


def run(subject: Subject, cases: int, way: str) -> dict[str, np.ndarray]:
    """The outcomes by name of `cases` experiments."""
    every, sampler = WAYS[way]
    return _of_variables(subject, cases, sampler) if every else _of_seeds(subject, cases, sampler)


def _of_variables(subject: Subject, cases: int, sampler: str) -> dict[str, np.ndarray]:
    from ema_workbench import RealParameter
    from scipy import stats

    normals, uniforms = names_of(subject.normals, "n"), names_of(subject.uniforms, "u")

    def future(**given):
        found = subject.of_numbers([given[name] for name in normals], [given[name] for name in uniforms])
        return dict(zip(subject.outcomes, found, strict=True))

    uncertainties = [RealParameter.from_dist(name, stats.norm()) for name in normals]
    uncertainties += [RealParameter(name, 0.0, 1.0) for name in uniforms]
    return _experiments(future, uncertainties, subject.outcomes, cases, sampler)


def _of_seeds(subject: Subject, cases: int, sampler: str) -> dict[str, np.ndarray]:
    from ema_workbench import IntegerParameter

    def future(seed):
        return dict(zip(subject.outcomes, subject.of_seed(int(seed)), strict=True))

    return _experiments(future, [IntegerParameter("seed", 0, 2**31 - 1)], subject.outcomes, cases, sampler)


def alone(cases: int) -> dict[str, np.ndarray]:
    """Experiments of a model that does nothing: one input, thirty outputs."""
    from ema_workbench import RealParameter

    names = names_of(OUTPUTS_ALONE, "o")
    return _experiments(lambda x: dict.fromkeys(names, x), [RealParameter("x", 0.0, 1.0)], names, cases, "MC")


def outcomes(found: dict[str, np.ndarray], names) -> np.ndarray:
    """float64[OUTCOMES, cases] of the experiments."""
    return np.array([np.asarray(found[name], dtype=float) for name in names])
