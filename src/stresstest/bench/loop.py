"""The plain Python loop: one future at a time, floats and lists, no numpy in the loop.

What somebody would write first, and fairly: what all futures share is worked out once (`prepare`), nothing is worked out that
the outcomes do not need, and nothing is made slow on purpose. It is a baseline for the kernel's speed, and one more independent
account of its rules: on the kernel's own draws it gives the kernel's outcomes.
"""

from __future__ import annotations

import random  # noqa: TID251
from collections.abc import Sequence

import numpy as np

from ..study import KernelInputs
from .loop_draw import AxesLaw, draw_future
from .loop_levers import levers_at_risk
from .loop_life import live
from .loop_place import place_years
from .loop_setting import Setting, setting_of
from .twin_detection import detection_uniform

Years = Sequence[Sequence[float]]
#: Uniforms of detection by lever and year.
Detection = dict[str, list[float]]


def prepare(inputs: KernelInputs) -> Setting:
    """What all futures share, as plain numbers. Raises ConfigError for clauses that the baselines do not know."""
    return setting_of(inputs)


def one_future(
    prepared: Setting, axes: Years, noise: Years, once: Sequence[float], detection: Detection | None = None
) -> list[list[float]]:
    """Outcomes[strategies][OUTCOMES] of one future, from axes[T][AXES], noise[T][NOISE] and once[ONCE].

    `detection` gives the uniform of each year by lever, where a strategy has levers that can be found out; without it none is.
    """
    place = place_years(prepared, axes, noise, once)
    found = detection or {}
    return [live(prepared, levels, place, axes, noise, once, found) for levels in prepared.strategies]


def simulate(
    inputs: KernelInputs, first: int, n: int, axes: np.ndarray, noise: np.ndarray, once: np.ndarray
) -> np.ndarray:
    """out[strategies, OUTCOMES, n] of futures first … first + n − 1 from axes[T, AXES, n], noise[T, NOISE, n], once[ONCE, n]."""
    prepared = prepare(inputs)
    risky = levers_at_risk(prepared)
    outcomes = []
    for i in range(n):
        found = {name: detection_of(prepared, name, first + i) for name in risky}
        outcomes.append(
            one_future(prepared, axes[:, :, i].tolist(), noise[:, :, i].tolist(), once[:, i].tolist(), found)
        )
    return np.array(outcomes).transpose(1, 2, 0)


def simulate_drawn(inputs: KernelInputs, n: int, seed: int) -> np.ndarray:
    """out[strategies, OUTCOMES, n] of n futures drawn by the standard library's generator, one at a time."""
    prepared, law, generator = prepare(inputs), AxesLaw(inputs), random.Random(seed)
    risky = levers_at_risk(prepared)
    outcomes = []
    for _ in range(n):
        axes, noise, once = draw_future(law, prepared, generator)
        found = {name: [generator.random() for _ in range(prepared.years)] for name in risky}
        outcomes.append(one_future(prepared, axes, noise, once, found))
    return np.array(outcomes).transpose(1, 2, 0)


def detection_of(prepared: Setting, lever: str, future: int) -> list[float]:
    """The future's uniforms of detection by year, those of the kernel; 1 in the central case, where nothing is found out."""
    if future == 0:
        return [1.0] * prepared.years
    return [float(detection_uniform(future, t, prepared.lever_keys[lever])) for t in range(prepared.years)]
