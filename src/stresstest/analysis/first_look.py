"""The first figures of a run: what honest work comes to in a few fresh futures, before the long search for gaming.

A look, not a result: it is on futures that the run's own tables do not hold, and nothing is written.
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from ..futures.plan import VERIFY_FIRST
from ..strategy import Strategy
from ..study import Study
from ..units import percent, pounds
from .evaluate import EXPOSURE, SURPLUS, Arena

MOST = 2048
ENDED = L.OUT["exit_year_index"]


def spread(values: np.ndarray) -> str:
    """The middle of values[n] in pounds, and where nine in ten lie."""
    low, middle, high = (pounds(float(x)) for x in np.quantile(values, (0.05, 0.5, 0.95)))
    return f"{middle} in the middle (9 in 10 between {low} and {high})"


def first_look(study: Study, honest: Strategy) -> str:
    """A line on `honest` in the first scenario: surplus and exposure in present values, and how often the contract ends early.

    As many futures as the run's first scenario has, 2,048 at most, whatever its design drawn at random. The study must be
    prepared: what a pilot finds, such as the worst dependence, belongs to the scenario.
    """
    count = min(MOST, study.scenarios[0].futures)
    out = Arena(study, study.scenarios[0], VERIFY_FIRST, count, 1).outcomes([honest])[0]
    ended = float((out[ENDED] >= 0.0).mean())
    return (
        f"first look, {count:,} futures of honest work: provider's surplus {spread(out[SURPLUS])}, commissioner's exposure "
        f"{spread(out[EXPOSURE])}, ends early in {percent(ended, 0)}"
    )
