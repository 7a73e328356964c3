"""The plain Python loop: one future's draws from the standard library's generator, and the six axes' paths.

The law is that of futures/axes.py and futures/destinations.py, and of every draw that the outcomes read; the numbers are the
generator's own, so they are not those of the kernel.
"""

from __future__ import annotations

import random  # noqa: TID251

import numpy as np

from .. import layout as L
from ..errors import ConfigError
from ..futures import axes as A
from ..study import KernelInputs
from .loop_setting import Setting

#: A future's draws: axes[T][AXES], noise[T][NOISE], once[ONCE].
Draws = tuple[list[list[float]], list[list[float]], list[float]]
ORDER = (L.ECONOMY, *(a for a in range(len(L.AXES)) if a != L.ECONOMY))


class AxesLaw:
    """The law of the axes under one scenario as plain numbers: table[AXES][AXIS_FIELDS], its triangle, destinations given."""

    def __init__(self, inputs: KernelInputs) -> None:
        table, menu, _, (triangle, degrees, coupling), rules = inputs.law[:5]
        if len(menu) > 1 or not np.isnan(menu[0, 1:]).all() or degrees or coupling.shape[1] > 1 or len(rules):
            raise ConfigError(
                "the numpy twin and the Python loop draw scenarios of one course only",
                key="scenarios", expected="normally joined destinations, or destinations that the scenario gives",
            )  # fmt: skip
        self.table: list[list[float]] = table.tolist()
        self.triangle: list[list[float]] = triangle.tolist()
        self.given = [None if goal != goal else goal for goal in menu[0, 0].tolist()]
        self.indicators = int(inputs.world[3].shape[0])


def read_noise(indicators: int) -> list[tuple[int, bool]]:
    """(row of NOISE, whether a normal) of the yearly variates that a place with this many indicators reads."""
    last = [L.NOISE_OUTCOME + indicators, L.NOISE_SAMPLE + indicators]
    unread = {*range(last[0], L.NOISE_SAMPLE), *range(last[1], len(L.NOISE))}
    return [(k, L.NOISE_KINDS[name] == "normal") for k, name in enumerate(L.NOISE) if k not in unread]


def draw_future(law: AxesLaw, setting: Setting, generator: random.Random) -> Draws:
    """One future's axes, yearly noise and once-only draws."""
    normal, uniform = generator.gauss, generator.random
    axes = draw_axes(law, setting.years, generator)
    noise = [[0.0] * len(L.NOISE) for _ in range(setting.years)]
    for row, is_normal in read_noise(law.indicators):
        for year in noise:
            year[row] = normal() if is_normal else uniform()
    once = [normal() if kind == "normal" else uniform() for kind in L.ONCE_KINDS.values()]
    return axes, noise, once


def draw_axes(law: AxesLaw, years: int, generator: random.Random) -> list[list[float]]:
    """axes[T][AXES]: destinations, passages, tremors and crises."""
    normal = generator.gauss
    z = [normal() for _ in L.AXES]
    axes = [[0.0] * len(L.AXES) for _ in range(years)]
    surprise = [0.0] * years
    for a in ORDER:
        own = law.table[a]
        goal = law.given[a]
        if goal is None:
            joined = sum(share * draw for share, draw in zip(law.triangle[a], z, strict=True))
            goal = min(max(own[A.MEAN] + own[A.SD] * joined, own[A.LOW]), own[A.HIGH])
        start = own[A.EARLIEST] + (own[A.LATEST] - own[A.EARLIEST]) * generator.random()
        tremor = 0.0
        for t in range(years):
            gone = min(max((t + 1.0 - start) / own[A.DURATION], 0.0), 1.0)
            trend = own[A.TODAY] + (goal - own[A.TODAY]) * gone * gone * (3.0 - 2.0 * gone)
            tremor = own[A.PERSISTENCE] * tremor + own[A.NOISE_SD] * normal()
            value = trend + tremor
            if a == L.ECONOMY:
                value = in_economy(own, value, generator)
                surprise[t] = value - trend
            else:
                tremor += own[A.LINK] * surprise[t]
                value = min(max(trend + tremor, own[A.LOW]), own[A.HIGH])
            axes[t][a] = value
    return axes


def in_economy(own: list[float], growth: float, generator: random.Random) -> float:
    """Growth of a year with crises counted in, and a crisis in the years that have one."""
    chance, size = own[A.CRISIS_PROBABILITY], own[A.CRISIS_SIZE]
    growth += chance * size
    event, depth = generator.random(), generator.gauss()
    if event < chance:
        growth -= max(0.0, size + own[A.CRISIS_SPREAD] * depth)
    return min(max(growth, own[A.LOW]), own[A.HIGH])
