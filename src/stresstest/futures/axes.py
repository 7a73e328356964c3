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
from .._lanes import pick
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
def passage_start(table: np.ndarray, a: int, start_unit: float) -> float:
    """Years after the contract begins at which axis a sets out for its destination."""
    return table[a, EARLIEST] + (table[a, LATEST] - table[a, EARLIEST]) * start_unit


@rule
def passage(table: np.ndarray, a: int, t: int, start: float) -> float:
    """Share of the way from today to the destination that axis a has gone by the end of year t."""
    return smooth_step((t + 1.0 - start) / table[a, DURATION])


@rule
def economy_step(table: np.ndarray, trend: float, tremor: float, u_event: float, z_size: float) -> float:
    """Real growth of one year: trend with crises counted in, tremor, and a crisis in the years that have one."""
    a = layout.ECONOMY
    growth = trend + table[a, CRISIS_PROBABILITY] * table[a, CRISIS_SIZE] + tremor
    fall = max(0.0, table[a, CRISIS_SIZE] + table[a, CRISIS_SPREAD] * z_size)
    return clip(pick(u_event < table[a, CRISIS_PROBABILITY], growth - fall, growth), table[a, LOW], table[a, HIGH])


@rule
def given_value(menu: np.ndarray, course: float, row: int, a: int) -> float:
    """What a future's course gives for axis a: its destination in row 0, its value in year t in row t + 1; else NaN."""
    value = menu[0, row, a]
    for k in range(1, menu.shape[0]):
        value = pick(course == k, menu[k, row, a], value)
    return value


@rule
def economy_path(
    axes: np.ndarray, cube: np.ndarray, offsets: np.ndarray, table: np.ndarray, menu: np.ndarray, course: float, goal: float,
    surprise: np.ndarray, years: int, i: int,
) -> None:  # fmt: skip
    """The economy of group i by year, and its surprise[T, n], which moves other axes."""
    a, tremor = layout.ECONOMY, 0.0
    start = passage_start(table, a, cube[offsets[3 * a + 1], i])
    for t in range(years):
        trend = table[a, TODAY] + (goal - table[a, TODAY]) * passage(table, a, t, start)
        tremor = table[a, PERSISTENCE] * tremor + table[a, NOISE_SD] * cube[offsets[3 * a + 2] + t, i]
        own = economy_step(table, trend, tremor, cube[offsets[18] + t, i], cube[offsets[19] + t, i])
        given = given_value(menu, course, t + 1, a)
        axes[t, a, i] = pick(given == given, given, own)
        surprise[t, i] = pick(given == given, 0.0, own - trend)


@rule
def axis_path(
    axes: np.ndarray, cube: np.ndarray, offsets: np.ndarray, table: np.ndarray, menu: np.ndarray, course: float, goal: float,
    surprise: np.ndarray, years: int, a: int, i: int,
) -> None:  # fmt: skip
    """Any other axis of group i by year."""
    start, tremor = passage_start(table, a, cube[offsets[3 * a + 1], i]), 0.0
    for t in range(years):
        trend = table[a, TODAY] + (goal - table[a, TODAY]) * passage(table, a, t, start)
        tremor = table[a, PERSISTENCE] * tremor + table[a, NOISE_SD] * cube[offsets[3 * a + 2] + t, i]
        given = given_value(menu, course, t + 1, a)
        tremor = pick(given == given, tremor, tremor + table[a, LINK] * surprise[t, i])
        axes[t, a, i] = pick(given == given, given, clip(trend + tremor, table[a, LOW], table[a, HIGH]))


@rule
def axis_paths(
    axes: np.ndarray, cube: np.ndarray, offsets: np.ndarray, table: np.ndarray, menu: np.ndarray, member: np.ndarray,
    ends: np.ndarray, surprise: np.ndarray, years: int, n: int,
) -> None:  # fmt: skip
    """Fill axes[T, AXES, n] from destinations ends[AXES, n] and the cube's variates, for n groups of futures.

    `offsets` are cube rows: three per axis, then crisis and its size. menu[course, T + 1, AXES] holds, from row 1, the values
    that a course gives by year, NaN where the axis travels; member[n] is each future's course. The economy goes first
    because its surprise, surprise[T, n], moves two of the others.
    """
    for i in range(n):
        economy_path(axes, cube, offsets, table, menu, member[i], ends[layout.ECONOMY, i], surprise, years, i)
    for a in range(6):
        if a != layout.ECONOMY:
            for i in range(n):
                axis_path(axes, cube, offsets, table, menu, member[i], ends[a, i], surprise, years, a, i)
