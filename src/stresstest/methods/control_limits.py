"""Control limits by year: how far a quantity moves when all goes well, and how often a trigger is then crossed by chance.

    middle    median among the futures that go well and are still in service
    inner     their 5% and 95% points;  outer  their 1% and 99% points
    crossing  share of futures that go well in which the trigger is crossed in at least one year of service

As on Shewhart's chart (Shewhart 1931) a value within the limits is common cause; limits are quantiles of simulated years and
not multiples of a standard deviation, since a contract's figures are neither normal nor independent from year to year. Beyond
limits of 5 and 95% one year in ten is seen by chance alone, and most contracts sooner or later: hence the crossing chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .thresholds import Rate, Threshold, rate

LEVELS = (0.01, 0.05, 0.5, 0.95, 0.99)
#: Fewest futures that say anything about a point of 5%, and about one of 1%.
FEWEST = 100


def weighted_quantiles(values: np.ndarray, weight: np.ndarray, levels: tuple[float, ...] = LEVELS) -> np.ndarray:
    """The smallest values up to which at least each level of the weight lies, float64[levels]."""
    order = np.argsort(values, kind="stable")
    ends = np.cumsum(weight[order])
    places = np.searchsorted(ends, np.asarray(levels) * ends[-1] * (1.0 - 1e-12), side="left")
    return np.asarray(values[order][np.minimum(places, order.size - 1)], dtype=np.float64)


@dataclass(frozen=True)
class Limits:
    """Control limits of one year (the quantity's own unit) and the number of futures that they rest on."""

    low_outer: float
    low: float
    middle: float
    high: float
    high_outer: float
    futures: int


def limits_by_year(values: np.ndarray, well: np.ndarray, weight: np.ndarray) -> list[Limits | None]:
    """Limits of each year from values[T, n] among `well`[T, n]; None in a year with fewer than FEWEST futures."""
    found: list[Limits | None] = []
    for year, own in zip(values, well, strict=True):
        count = int(own.sum())
        if count < FEWEST:
            found.append(None)
            continue
        outer, low, middle, high, beyond = weighted_quantiles(year[own], weight[own])
        found.append(Limits(float(outer), float(low), float(middle), float(high), float(beyond), count))
    return found


def crossing(
    values: np.ndarray, seen: np.ndarray, triggers: list[Threshold | None], well: np.ndarray, weight: np.ndarray,
    groups: np.ndarray | None = None,
) -> Rate:  # fmt: skip
    """Chance that some year's trigger is crossed while in service, among futures that go well (bool[n]).

    values and seen [T, n]; a trigger for each year, None where there is none. Errors: DataError where no future goes well.
    """
    crossed = np.zeros(values.shape[1], dtype=bool)
    for year, own, trigger in zip(values, seen, triggers, strict=True):
        if trigger is not None:
            crossed |= trigger.signal(year) & own
    return rate(crossed, weight, groups, well)
