"""The worst dependence that leaves every axis, and what is settled before the first year, its own law: rearrangement.

Each law (six destinations; the opening price's error, achievable productivity, benefit of the model of care) is cut into
slices of equal probability. How much each moves net exposure is estimated as a sum of cubic functions of the scores on
independent futures. With that, a table says which slices go together at each rank:

    tail mean      every axis's slices in the order of their effect: the sum is then as spread as it can be, and no
                   dependence gives a larger mean of any worst share of it (comonotonicity: Dhaene et al. 2006)
    percentile     above the level, slices are rearranged until the sums are as level as can be, which makes the smallest
                   of them, and with it the percentile, as large as the rearrangement algorithm finds (Embrechts, Puccetti
                   and Rüschendorf 2013)

It is the worst case of the additive approximation, not of the model itself; what the model makes of it is simulated. Yearly
draws are not rearranged, and the causal chain from the economy to the state, staff and funding stays as it is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .. import layout as L
from ..futures.axes import MEAN, SD
from ..futures.design import RANDOM_DESIGN
from ..futures.plan import SEARCH_FIRST
from ..futures.scenario import Scenario
from ..strategy import Strategy
from ..study import Study
from .draws import draw
from .evaluate import EXPOSURE, simulate

SLICES, FUTURES, SWEEPS = 128, 16384, 50
POWERS = 3


def effects(study: Study, scenario: Scenario, strategy: Strategy) -> np.ndarray:
    """Effect on net exposure (£) of each law's slices, float64[AXES + COUPLED_ONCE, SLICES], on top of the mean."""
    from scipy.special import ndtri

    study, asked = replace(study, couplings={}), replace(scenario, dependence="independent")
    draws = draw(study, asked, SEARCH_FIRST, FUTURES)
    exposure = simulate(study.kernel_inputs(asked, (strategy,), RANDOM_DESIGN), SEARCH_FIRST, FUTURES)[0, EXPOSURE]
    spread = np.where(study.law.table[:, SD] > 0.0, study.law.table[:, SD], 1.0)
    scores = [*((draws.ends - study.law.table[:, [MEAN]]) / spread[:, None])]
    scores += [draws.once[L.ONCE.index(name)] for name in L.COUPLED_ONCE]
    terms = [np.ones(FUTURES), *(score**k for score in scores for k in range(1, POWERS + 1))]
    weights, *_ = np.linalg.lstsq(np.array(terms).T, exposure, rcond=None)
    middle = ndtri((np.arange(SLICES) + 0.5) / SLICES)
    own = weights[1:].reshape(len(scores), POWERS)
    return np.array([sum(row[k - 1] * middle**k for k in range(1, POWERS + 1)) for row in own])


def worst_tail_mean(effect: np.ndarray) -> np.ndarray:
    """int64[rows of `effect`, SLICES]: at each rank the slices with that rank of effect."""
    return np.argsort(effect, axis=1, kind="stable").astype(np.int64)


def worst_percentile(effect: np.ndarray, level: float = 0.95) -> np.ndarray:
    """int64[rows of `effect`, SLICES]: as worst_tail_mean below the level, and rearranged to level sums above it."""
    coupling = worst_tail_mean(effect)
    first = round(level * effect.shape[1])
    tail = coupling[:, first:]
    for _ in range(SWEEPS):
        before = tail.copy()
        for a in range(tail.shape[0]):
            others = sum(effect[b][tail[b]] for b in range(tail.shape[0]) if b != a)
            own = tail[a][np.argsort(effect[a][tail[a]], kind="stable")]
            tail[a] = own[np.argsort(np.argsort(-np.asarray(others), kind="stable"), kind="stable")]
        if np.array_equal(before, tail):
            break
    return coupling


def find_coupling(study: Study, scenario: Scenario, strategy: Strategy) -> np.ndarray:
    """The coupling of a scenario whose dependence is the worst (tail mean)."""
    return worst_tail_mean(effects(study, scenario, strategy))
