"""What nature draws for a set of futures, by itself: axes, yearly noise and once-only draws, without a contract."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import layout as L
from ..futures.design import RANDOM_DESIGN, Design
from ..futures.plan import SEARCH_FIRST
from ..futures.sampler import draw_futures
from ..futures.scenario import Scenario
from ..sampling.points import all_read
from ..study import Study


@dataclass(frozen=True)
class Draws:
    """Nature of n futures over T years.

    axes[T, AXES, n] in their own units, noise[T, NOISE, n], once[ONCE, n], tags[TAGS, n] (weight, group, cell, course),
    destinations ends[AXES, n], and variates[dimensions, n] of the cube where they were asked for.
    """

    axes: np.ndarray
    noise: np.ndarray
    once: np.ndarray
    tags: np.ndarray
    ends: np.ndarray
    variates: np.ndarray

    @property
    def weight(self) -> np.ndarray:
        """Weight of each future."""
        return self.tags[L.TAG_WEIGHT]


def draw(
    study: Study, scenario: Scenario, first: int, n: int, variates: bool = False, design: Design | None = None
) -> Draws:
    """Nature of futures first … first + n − 1 of a scenario (first = 1 leaves out the central case).

    By the study's design, or `design`; futures from SEARCH_FIRST on are always pseudo-random. Draws that a future of this
    study has no use for, which a run leaves out, are drawn here.
    """
    chosen = RANDOM_DESIGN if first >= SEARCH_FIRST else design
    inputs = study.kernel_inputs(scenario, (), chosen)
    years = study.years
    draws = Draws(
        np.zeros((years, len(L.AXES), n)), np.zeros((years, len(L.NOISE), n)), np.zeros((len(L.ONCE), n)),
        np.zeros((len(L.TAGS), n)), np.zeros((len(L.AXES), n)), np.zeros((inputs.dimensions if variates else 0, n)),
    )  # fmt: skip
    draw_futures(
        first, n, years, inputs.dimensions, all_read(inputs.design), inputs.law, draws.axes, draws.noise, draws.once, draws.tags,
        draws.ends, draws.variates,
    )  # fmt: skip
    return draws
