"""The six axes: where each stands today, where it goes, how it gets there, and how it trembles on the way.

For axis a in year t (t = 0 is the contract's first year):

    destination  D = clip(mean + sd · (L·z)ₐ, low, high)      calibrated joint law, or a named scenario's level
    passage      w = smooth_step((t + 1 − start) / duration)  start uniform between `earliest` and `latest`
    path         m = today + (D − today) · w
    noise        e_t = persistence · e_{t−1} + sd_noise · z_t
    value        x = clip(m + e_t + link · surprise_t, low, high)

Economy: value = m + e_t + crisis, where m is average growth with crises counted in, so the trend between crises is
m + probability · size, and a crisis year adds −max(0, size + spread · z) with the stated probability and is not carried
into the next year's noise. `surprise_t` is the economy's value less m; it moves the state's share (the ratio rises when
output falls) and vacancies (a tight labour market) of the same year, by each axis's `link`.

Sources and quality of every number stand beside it in configs/axes/.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import layout
from .._jit import rule
from .dependence import joined
from .marginals import clip, normal_quantile, smooth_step

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
    `cholesky` float64[AXES, AXES]; `units` one per axis.
    """

    table: np.ndarray
    anchors: np.ndarray
    cholesky: np.ndarray
    units: tuple[str, ...]


@rule
def destination(table: np.ndarray, pinned: np.ndarray, cholesky: np.ndarray, z: np.ndarray, a: int, i: int) -> float:
    """Destination of axis a: the scenario's level where `pinned[a]` is a number, a joint draw where it is NaN."""
    if pinned[a] == pinned[a]:
        return pinned[a]
    return clip(table[a, MEAN] + table[a, SD] * joined(cholesky, z, a, i), table[a, LOW], table[a, HIGH])


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
    axes: np.ndarray, cube: np.ndarray, offsets: np.ndarray, table: np.ndarray, pinned: np.ndarray,
    cholesky: np.ndarray, z: np.ndarray, surprise: np.ndarray, years: int, n: int,
) -> None:  # fmt: skip
    """Fill axes[T, AXES, n] from the cube. `offsets` are cube rows: three per axis, then crisis and its size.

    The economy is drawn first because its surprise moves two of the others; z[AXES, B] and surprise[T, B] are scratch.
    """
    for a in range(6):
        for i in range(n):
            z[a, i] = normal_quantile(cube[offsets[3 * a], i])
    for k in range(6):
        a = layout.ECONOMY if k == 0 else (k - 1 if k - 1 < layout.ECONOMY else k)
        for i in range(n):
            goal = destination(table, pinned, cholesky, z, a, i)
            tremor = 0.0
            for t in range(years):
                gone = passage(table, a, t, cube[offsets[3 * a + 1], i])
                trend = table[a, TODAY] + (goal - table[a, TODAY]) * gone
                tremor = table[a, PERSISTENCE] * tremor
                tremor += table[a, NOISE_SD] * normal_quantile(cube[offsets[3 * a + 2] + t, i])
                if a == layout.ECONOMY:
                    u_event, z_size = cube[offsets[18] + t, i], normal_quantile(cube[offsets[19] + t, i])
                    axes[t, a, i] = economy_step(table, trend, tremor, u_event, z_size)
                    surprise[t, i] = axes[t, a, i] - trend
                else:
                    value = trend + tremor + table[a, LINK] * surprise[t, i]
                    axes[t, a, i] = clip(value, table[a, LOW], table[a, HIGH])
