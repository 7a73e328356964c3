"""One pass over a weighted column: what every statistic starts from."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from .stream import Column
from .tallies import Spread

Influence = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Estimate:
    """A statistic with its standard error and 95% interval, in one unit, and how they were found; NaN where not known."""

    statistic: str
    value: float
    error: float
    low: float = math.nan
    high: float = math.nan
    method: str = ""

    @property
    def reach(self) -> float:
        """Half-width of the 95% interval, on its longer side."""
        return max(self.high - self.value, self.value - self.low)


@dataclass(frozen=True)
class Moments:
    """n, W = Σ w, Σ w², mean, Σ w (x − mean)², smallest, largest, weight below zero, and `each`: the one weight or 0."""

    n: int
    weight: float
    squares: float
    mean: float
    square: float
    low: float
    high: float
    negative: float
    each: float

    @property
    def effective(self) -> float:
        """Futures of equal weight that would be as good: W² / Σ w² (Kish 1965)."""
        return self.weight**2 / self.squares if self.squares else math.nan

    @property
    def sd(self) -> float:
        """Standard deviation, √(Σ w (x − mean)² / (W − Σ w² / W)); NaN for one value."""
        rest = self.weight - self.squares / self.weight if self.weight else 0.0
        return math.sqrt(self.square / rest) if self.n > 1 and rest > 0.0 else math.nan


def moments(column: Column) -> Moments:
    """One pass over a column, parts combined by their sums of squares."""
    n, total, squares, mean, square, negative = 0, 0.0, 0.0, 0.0, 0.0, 0.0
    low, high, least, most = math.inf, -math.inf, math.inf, -math.inf
    for x, w, _ in column:
        if not x.size:
            continue
        n, least, most = n + x.size, min(least, float(w.min())), max(most, float(w.max()))
        low, high = min(low, float(x.min())), max(high, float(x.max()))
        k = float(w.sum())
        if k > 0.0:
            m = float((w * x).sum()) / k
            square += float((w * (x - m) ** 2).sum()) + (m - mean) ** 2 * total * k / (total + k)
            mean += (m - mean) * k / (total + k)
            total += k
            squares += float((w * w).sum())
            negative += float(w[x < 0.0].sum())
    return Moments(n, total, squares, mean, square, low, high, negative, most if least == most else 0.0)


def spreads(column: Column, influences: Iterable[tuple[Influence, bool]]) -> list[Spread]:
    """What the design says of the sum of w ψ(x), for each influence function ψ, in one pass; its shape only where wanted."""
    found = [(influence, column.design.tally(shape)) for influence, shape in influences]
    if found:
        for values, weights, groups in column:
            for influence, tally in found:
                tally.add(weights * influence(values), groups)
    return [tally.spread() for _, tally in found]


def centred(event: Influence, share: float) -> Influence:
    """The influence of a probability: 1[event] − share."""
    return lambda x: event(x) - share
