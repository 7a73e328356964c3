"""Sets of futures: where a scenario sends the axes, how its members are weighed, and what dependence it assumes.

A scenario has one or more courses. A course says, axis by axis, either nothing (the axis is drawn by its own law),
where the axis ends (a tube: every path that ends there, with its own timing and noise), or the whole path (a point, or
a path given year by year; no timing, no noise). With several courses each future follows one of them, with its
probability. Consistency factors make combinations of levels likelier or less likely: a future's weight is multiplied by
every factor whose levels it has, and divided by the mean of that over all futures. Levels are 0 low, 1 middle, 2 high,
split half-way between the axis's anchors.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..layout import AXES

DRAWN = math.nan
NOWHERE = (DRAWN,) * len(AXES)
DEPENDENCE = ("calibrated", "independent", "worst")


@dataclass(frozen=True)
class Course:
    """One member of a scenario.

    `destination` float[AXES], NaN where the law draws it; `path` by axis: () where the axis travels, else its values by
    year, the last of which holds; `probability` of this course within the scenario.
    """

    name: str
    destination: tuple[float, ...] = NOWHERE
    path: tuple[tuple[float, ...], ...] = ((),) * len(AXES)
    probability: float = 1.0

    def table(self, years: int) -> np.ndarray:
        """float64[T + 1, AXES]: the destination, then the value of each year; NaN where nature decides."""
        rows = np.full((years + 1, len(AXES)), np.nan)
        rows[0] = self.destination
        for a, values in enumerate(self.path):
            for t in range(years if values else 0):
                rows[t + 1, a] = values[min(t, len(values) - 1)]
        return rows


@dataclass(frozen=True)
class Consistency:
    """A factor on the weight of futures whose destinations have the given levels, by axis: 0, 1, 2, or −1 for any."""

    levels: tuple[int, ...]
    factor: float


@dataclass(frozen=True)
class Scenario:
    """A set of futures: its courses, consistency factors, and the dependence between destinations."""

    name: str
    title: str
    futures: int
    courses: tuple[Course, ...] = (Course("drawn"),)
    consistency: tuple[Consistency, ...] = ()
    dependence: str = "calibrated"

    @property
    def pinned(self) -> tuple[float, ...]:
        """Destinations of the first course, NaN where drawn."""
        return self.courses[0].destination
