"""The model as a monaco simulation: single-threaded, its three functions, one output variable for each outcome.

monaco takes every draw as an input variable of its own (a normal or a uniform of scipy), by Sobol' points, which is its default,
or at random; or one variable, a seed, from which the model draws.
"""

from __future__ import annotations

import warnings

import numpy as np
from model import Subject, names_of

OUTPUTS_ALONE = 30
#: Ways to give a future its draws: (what the page calls it, one variable a draw, monaco's method of sampling).
WAYS = {
    "every draw a variable, Sobol' (its default)": (True, "SOBOL_RANDOM"),
    "every draw a variable, random": (True, "RANDOM"),
    "one variable, a seed": (False, "RANDOM"),
}




def _simulation(cases: int, method: str, preprocess, run, names) -> object:
    import monaco

    def postprocess(case, outcomes):
        for name, value in zip(names, outcomes, strict=True):
            case.addOutVal(name, value)

    steps = {
        monaco.SimFunctions.PREPROCESS: preprocess, monaco.SimFunctions.RUN: run, monaco.SimFunctions.POSTPROCESS: postprocess,
    }  # fmt: skip
    return monaco.Sim(
        name="peer", ndraws=cases, fcns=steps, samplemethod=getattr(monaco.SampleMethod, method), seed=1,
        singlethreaded=True, verbose=False, debug=True,
    )  # fmt: skip


def run(subject: Subject, cases: int, way: str) -> object:
    """The simulation with its `cases` cases run."""
    every, method = WAYS[way]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _of_variables(subject, cases, method) if every else _of_seeds(subject, cases, method)


def _of_variables(subject: Subject, cases: int, method: str) -> object:
    from scipy import stats

    normals, uniforms = names_of(subject.normals, "n"), names_of(subject.uniforms, "u")

    def preprocess(case):
        given = case.invals
        return [given[name].val for name in normals], [given[name].val for name in uniforms]

    def one(normal, uniform):
        return (subject.of_numbers(normal, uniform),)

    simulation = _simulation(cases, method, preprocess, one, subject.outcomes)
    for name in normals:
        simulation.addInVar(name=name, dist=stats.norm, distkwargs={"loc": 0.0, "scale": 1.0})
    for name in uniforms:
        simulation.addInVar(name=name, dist=stats.uniform, distkwargs={"loc": 0.0, "scale": 1.0})
    return simulation.runSim()


def _of_seeds(subject: Subject, cases: int, method: str) -> object:
    from scipy import stats

    def preprocess(case):
        return (int(case.invals["seed"].val),)

    def one(seed):
        return (subject.of_seed(seed),)

    simulation = _simulation(cases, method, preprocess, one, subject.outcomes)
    simulation.addInVar(name="seed", dist=stats.randint, distkwargs={"low": 0, "high": 2**31})
    return simulation.runSim()


def alone(cases: int) -> object:
    """A simulation of a model that does nothing: one input, thirty outputs."""
    from scipy import stats

    names = names_of(OUTPUTS_ALONE, "o")
    simulation = _simulation(
        cases, "RANDOM", lambda case: (case.invals["x"].val,), lambda x: ([x] * OUTPUTS_ALONE,), names
    )
    simulation.addInVar(name="x", dist=stats.norm, distkwargs={"loc": 0.0, "scale": 1.0})
    return simulation.runSim()


def outcomes(simulation: object, names) -> np.ndarray:
    """float64[OUTCOMES, cases] of a simulation that was run."""
    return np.array([np.array(simulation.outvars[name].nums, dtype=float) for name in names])
