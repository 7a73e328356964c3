"""The six axes: where each stands today, where it goes, how it gets there, and how it trembles on the way.

For axis a in year t (t = 0 is the contract's first year):

    destination  D = clip(mean + sd · xₐ, low, high)          joint law (futures/dependence.py), or a scenario's level
    passage      w = smooth_step((t + 1 − start) / duration)  start uniform between `earliest` and `latest`
    path         m = today + (D − today) · w
    noise        e_t = persistence · e_{t−1} + sd_noise · z_t + link · surprise_t
    value        x = clip(m + e_t, low, high)

Economy: value = m + e_t + crisis, where m is average growth with crises counted in, so the trend between crises is
m + probability · size, and a crisis year adds −max(0, size + spread · z) with the stated probability and is not carried
into the next year's noise. `surprise_t` is the economy's value less m; it moves the state's share (the ratio rises when
output falls, and falls back only slowly) and vacancies (a tight labour market) of the same year, by each axis's `link`.

A course that gives an axis by year has no passage, noise, crisis or surprise on that axis.

Sources and quality of every number stand beside it in configs/axes/.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import layout
from .._jit import rule
from .marginals import clip, smooth_step

AXIS_FIELDS = (
    "today", "mean", "sd", "low", "high", "earliest", "latest", "duration", "noise", "persistence", "link",
    "crisis_probability", "crisis_size", "crisis_spread",
)  # fmt: skip
(TODAY, MEAN, SD, LOW, HIGH, EARLIEST, LATEST, DURATION, NOISE_SD, PERSISTENCE, LINK) = range(11)
CRISIS_PROBABILITY, CRISIS_SIZE, CRISIS_SPREAD = range(11, 14)


@dataclass(frozen=True)
class AxisLaw:
    """The law of the six axes as numbers.

    `table` float64[AXES, AXIS_FIELDS]; `anchors` float64[AXES, 3] the named scenarios' low, middle, high;
    `correlation` float64[AXES, AXES] between destinations; `degrees` of freedom of a t copula, 0 for the normal one;
    `units` and `dates` (of today's value) one per axis; `base_year` the financial year from which the law looks forward.
    """

    table: np.ndarray
    anchors: np.ndarray
    correlation: np.ndarray
    degrees: int
    units: tuple[str, ...]
    dates: tuple[str, ...] = ("",) * 6
    base_year: str = ""

    @property
    def cholesky(self) -> np.ndarray:
        """L[AXES, AXES] with L·Lᵀ = correlation."""
        return np.linalg.cholesky(self.correlation)


@rule
def passage(table: np.ndarray, a: int, t: int, start_unit: float) -> float:
    """Share of the way from today to the destination that axis a has gone by the end of year t."""
    start = table[a, EARLIEST] + (table[a, LATEST] - table[a, EARLIEST]) * start_unit
    return smooth_step((t + 1.0 - start) / table[a, DURATION])


@rule
def economy_step(table: np.ndarray, trend: float, tremor: float, u_event: float, z_size: float) -> float:
    """Real growth of one year: trend with crises counted in, tremor, and a crisis in the years that have one."""
    a = layout.ECONOMY
    growth = trend + table[a, CRISIS_PROBABILITY] * table[a, CRISIS_SIZE] + tremor
    if u_event < table[a, CRISIS_PROBABILITY]:
        growth -= max(0.0, table[a, CRISIS_SIZE] + table[a, CRISIS_SPREAD] * z_size)
    return clip(growth, table[a, LOW], table[a, HIGH])


@rule
def axis_paths(
    axes: np.ndarray, cube: np.ndarray, offsets: np.ndarray, table: np.ndarray, menu: np.ndarray, member: np.ndarray,
    ends: np.ndarray, surprise: np.ndarray, years: int, n: int,
) -> None:  # fmt: skip
    """Fill axes[T, AXES, n] from destinations ends[AXES, n] and the cube's variates.

    `offsets` are cube rows: three per axis, then crisis and its size. menu[course, T + 1, AXES] holds, from row 1, the values
    that a course gives by year, NaN where the axis travels; member[n] is each future's course. The economy goes first
    because its surprise, surprise[T, n], moves two of the others.
    """
    for k in range(6):
        a = layout.ECONOMY if k == 0 else (k - 1 if k - 1 < layout.ECONOMY else k)
        for i in range(n):
            goal, course = ends[a, i], int(member[i])
            tremor = 0.0
            for t in range(years):
                gone = passage(table, a, t, cube[offsets[3 * a + 1], i])
                trend = table[a, TODAY] + (goal - table[a, TODAY]) * gone
                tremor = table[a, PERSISTENCE] * tremor
                tremor += table[a, NOISE_SD] * cube[offsets[3 * a + 2] + t, i]
                given = menu[course, t + 1, a]
                if given == given:
                    axes[t, a, i] = given
                    if a == layout.ECONOMY:
                        surprise[t, i] = 0.0
                elif a == layout.ECONOMY:
                    u_event, z_size = cube[offsets[18] + t, i], cube[offsets[19] + t, i]
                    axes[t, a, i] = economy_step(table, trend, tremor, u_event, z_size)
                    surprise[t, i] = axes[t, a, i] - trend
                else:
                    tremor += table[a, LINK] * surprise[t, i]
                    axes[t, a, i] = clip(trend + tremor, table[a, LOW], table[a, HIGH])
