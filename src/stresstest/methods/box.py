"""Boxes: regions of futures given by limits on a few factors."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .cases import Cases


@dataclass(frozen=True)
class Limit:
    """Bounds on one factor, both included; −∞ or ∞ where there is none."""

    factor: str
    low: float = -math.inf
    high: float = math.inf

    @property
    def sides(self) -> tuple[str, ...]:
        """Which bounds there are: "low", "high"."""
        return tuple(name for name, value in (("low", self.low), ("high", self.high)) if math.isfinite(value))


@dataclass(frozen=True)
class Box:
    """Futures within every limit; with no limit, all of them."""

    limits: tuple[Limit, ...] = ()

    def inside(self, cases: Cases) -> np.ndarray:
        """Whether each future lies in the box, bool[n], judged by the levels of its factors."""
        found = np.ones(cases.n, dtype=bool)
        for limit in self.limits:
            k = cases.at(limit.factor)
            levels = cases.levels[k]
            first, last = np.searchsorted(levels, limit.low, side="left"), np.searchsorted(levels, limit.high, side="right")
            found &= (cases.codes[k] >= first) & (cases.codes[k] < last)
        return found

    def limit(self, factor: str) -> Limit | None:
        """The limit on a factor, or None."""
        return next((one for one in self.limits if one.factor == factor), None)
