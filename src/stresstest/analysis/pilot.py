"""Towards failure: the tilt for importance sampling, learnt from a pilot by cross-entropy.

Which draws differ between the futures that cost the commissioner most and all others? For each draw, as a standard normal,
the pilot takes its mean over the futures in the tail of net exposure under the honest strategy; that mean is the tilt that
brings a normal law closest to the law of the draws in the tail (Rubinstein and Kroese 2004). Two rounds: the first looks at
the worst tenth of plain futures, the second at the worst hundredth of futures tilted by the first, weights undone. Draws whose
mean is within noise are left alone: a tilt there would only spread the weights. The pilot's futures have a seed of their own.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import numpy as np

from ..futures.design import Design, Tilt
from ..futures.path_components import mirrors_of
from ..futures.plan import FIRST, YEARLY, DesignPlan, plan_design
from ..futures.scenario import Scenario
from ..strategy import Strategy
from ..study import Study
from .draws import draw
from .evaluate import EXPOSURE, simulate

FUTURES = 8192
ROUNDS = (0.1, 0.01)
CLEAR, SMALLEST = 3.0, 0.1
LEFT_ALONE = ("timing", "axis/course", "axis/coupling", "axis/mixing", "once/start", "once/scope", "once/council", "once/uptake")


def find_tilt(study: Study, scenario: Scenario, strategy: Strategy) -> Tilt:
    """The tilt of a scenario; the same for the same study, scenario and strategy."""
    tilt = Tilt()
    for number, share in enumerate(ROUNDS):
        z, exposure, weight, names = _pilot(study, scenario, strategy, tilt, number)
        tilt = _tail_mean(z, exposure, weight, names, share)
    return tilt


def _pilot(
    study: Study, scenario: Scenario, strategy: Strategy, tilt: Tilt, number: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, tuple[str, ...]]:
    """(draws z[rows, n], net exposure, weights, row names) of one round."""
    seed = int.from_bytes(hashlib.sha256(f"pilot|{study.seed}|{number}".encode()).digest()[:7], "little")
    own = replace(study, seed=seed, design=Design("importance"), tilts={scenario.name: tilt})
    asked = replace(scenario, futures=FUTURES)
    exposure = simulate(own.kernel_inputs(asked, (strategy,)), 1, FUTURES)[0, EXPOSURE]
    draws = draw(own, asked, 1, FUTURES, variates=True)
    plan = plan_design(seed, study.place.name, study.years)
    rows = [k for k, name in enumerate(plan.rows()) if _considered(plan, k, name)]
    z = _components(draws.variates, plan, study.years)[rows]
    return z, exposure, draws.weight, tuple(plan.rows()[k] for k in rows)


def _considered(plan: DesignPlan, row: int, name: str) -> bool:
    """Whether a row may be tilted: first draws and the first two components of each path."""
    return bool(plan.sobol[row] < FIRST + 2 * YEARLY and not any(word in name for word in LEFT_ALONE))


def _components(variates: np.ndarray, plan: DesignPlan, years: int) -> np.ndarray:
    """The variates as independent standard normals, paths turned back into their components."""
    from scipy.special import ndtri

    z = variates.copy()
    for k, mirror in enumerate(mirrors_of(plan, years)):
        rows = slice(int(plan.offsets[k]), int(plan.offsets[k] + plan.slots[k]))
        if not plan.normal[k]:
            z[rows] = ndtri(np.clip(z[rows], 1e-16, 1.0 - 1e-16))
        elif mirror[0] != 0.0:
            z[rows] -= 2.0 * np.outer(mirror, mirror @ z[rows])
    return z


def _tail_mean(z: np.ndarray, exposure: np.ndarray, weight: np.ndarray, names: Any, share: float) -> Tilt:
    """Weighted mean of each draw over the worst `share` of futures, where it is clear of noise."""
    order = np.argsort(-exposure)
    worst = order[np.cumsum(weight[order]) <= share * weight.sum()]
    w = weight[worst] / weight[worst].sum()
    means, noise = z[:, worst] @ w, float(np.sqrt((w**2).sum()))
    clear = np.abs(means) > max(SMALLEST, CLEAR * noise)
    return Tilt(tuple((names[k], round(float(means[k]), 6)) for k in np.flatnonzero(clear)))
