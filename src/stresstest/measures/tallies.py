"""Sums of scores by what is independent in a design, filled piece by piece: their variance, skewness and kurtosis.

The formulas stand in designs.py. Memory does not grow with the number of futures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from .intervals import skewed, student

#: What is independent of what else.
FUTURES, PAIRS, REPLICATES, CELLS = "futures", "pairs", "replicates", "cells"
SATTERTHWAITE = 2.0


@dataclass(frozen=True)
class Spread:
    """What a design says of a sum Σ u: its variance, skewness, kurtosis (Σ u⁴ / (Σ u²)²) and degrees of freedom."""

    variance: float
    skewness: float
    kurtosis: float
    freedom: float

    @property
    def critical(self) -> float:
        """How many standard errors a 95% interval reaches, of a statistic without skewness."""
        return student(self.freedom)

    def interval(self, value: float, scale: float) -> tuple[float, float, float]:
        """Standard error and 95% interval of `value`, whose sum of u is divided by `scale`."""
        error = math.sqrt(self.variance) / scale
        freedom = 1.0 / (1.0 / self.freedom + self.kurtosis / (2.0 * SATTERTHWAITE)) if self.kurtosis else self.freedom
        return error, *skewed(value, error, self.skewness, student(freedom))


class Tally:
    """Running sums of u by independent unit: futures, pairs, so many replicates, or futures inside cells.

    Pairs need not stand together, but every one that is open is kept. Without `shape` skewness and kurtosis stay 0.
    """

    def __init__(self, kind: str, replicates: int = 0, shape: bool = True) -> None:
        self.kind, self.shape = kind, shape
        self.units = 0
        self.powers = np.zeros(3)
        self.totals = np.zeros(replicates if kind == REPLICATES else 0)
        self.cells = np.zeros((5, 0))
        self.open: tuple[np.ndarray, np.ndarray] = (np.zeros(0, dtype=np.int64), np.zeros(0))

    def add(self, scores: np.ndarray, groups: np.ndarray) -> None:
        """Take in scores u[n] of futures with groups[n]."""
        if self.kind == CELLS:
            self._add_cells(scores, groups)
            return
        if self.kind == PAIRS:
            scores = self._paired(scores, groups)
        elif self.kind == REPLICATES:
            self.totals += np.bincount(groups, scores, self.totals.size)
        self._add_powers(scores)

    def _add_powers(self, scores: np.ndarray) -> None:
        square = scores * scores
        self.units += scores.size
        if self.shape:
            self.powers += (square.sum(), (square * scores).sum(), (square * square).sum())
        else:
            self.powers[0] += square.sum()

    def _add_cells(self, scores: np.ndarray, groups: np.ndarray) -> None:
        size = max(self.cells.shape[1], int(groups.max()) + 1 if groups.size else 0)
        sums, power = np.zeros((5, size)), scores
        sums[:, : self.cells.shape[1]] = self.cells
        sums[0] += np.bincount(groups, minlength=size)
        for k in range(1, 5 if self.shape else 3):
            sums[k] += np.bincount(groups, power, size)
            power = power * scores
        self.cells = sums

    def _paired(self, scores: np.ndarray, groups: np.ndarray) -> np.ndarray:
        """Sums of the pairs that are now whole; what has no partner yet waits."""
        groups, scores = np.concatenate((self.open[0], groups)), np.concatenate((self.open[1], scores))
        even = groups.size // 2 * 2
        if np.array_equal(groups[0:even:2], groups[1:even:2]):
            self.open = groups[even:], scores[even:]
            return np.asarray(scores[0:even:2] + scores[1:even:2])
        names, place, count = np.unique(groups, return_inverse=True, return_counts=True)
        sums = np.bincount(place, scores)
        self.open = names[count == 1], sums[count == 1]
        return np.asarray(sums[count > 1])

    def spread(self) -> Spread:
        """Variance, skewness and kurtosis of the sum of everything taken in."""
        if self.kind == CELLS:
            found = _spread_of_cells(self.cells)
            return found if self.shape else replace(found, skewness=0.0, kurtosis=0.0)
        if self.open[1].size:
            self._add_powers(self.open[1])
            self.open = self.open[0][:0], self.open[1][:0]
        square, cube, fourth = (float(x) for x in self.powers)
        if square <= 0.0:
            return Spread(0.0, 0.0, 0.0, float(max(1, max(self.units, self.totals.size) - 1)))
        if not self.totals.size:
            variance = square * self.units / max(1, self.units - 1)
            return Spread(variance, *_shape(square, cube, fourth), float(max(1, self.units - 1)))
        count = self.totals.size
        total = float((self.totals**2).sum())
        if total <= 0.0:
            return Spread(0.0, 0.0, 0.0, float(count - 1))
        alone, between = _shape(square, cube, fourth)[0], _shape(total, float((self.totals**3).sum()), 0.0)[0]
        skewness = between if abs(between) > abs(alone) and alone * between > 0.0 else alone
        return Spread(total * count / (count - 1), skewness, 0.0, float(count - 1))


def _shape(square: float, cube: float, fourth: float) -> tuple[float, float]:
    """Skewness and kurtosis from sums of powers; 0 where the squares are too small for theirs."""
    return (cube / square**1.5, fourth / square**2) if square**2 > 0.0 else (0.0, 0.0)


def uneven(n: int) -> float:
    """Mean square of how far the number of futures in a cell is from its share, when a radical inverse deals out n."""
    parts = [n / 2.0**j for j in range(1, 64)]
    return 0.5 * math.fsum((part - round(part)) ** 2 for part in parts)


def _joined(cells: np.ndarray) -> np.ndarray:
    """Sums by cell, the empty ones left out and those of one future joined to the next, the last to the one before."""
    sums = cells[:, cells[0] > 0.0]
    if sums.shape[1] < 2 or sums[0].min() > 1.0:
        return sums
    number, waiting, place = 0, 0.0, []
    for count in sums[0].tolist():
        place.append(number)
        waiting += count
        if waiting > 1.0:
            number, waiting = number + 1, 0.0
    if waiting:
        place[-1] = max(0, number - 1)
    return np.array([np.bincount(place, row) for row in sums])


def _spread_of_cells(cells: np.ndarray) -> Spread:
    """Within-cell moments of u, from its power sums [5, cells]; a cell's third moment is freed of its small number."""
    n, *sums = _joined(cells)
    m1, m2, m3, m4 = (total / np.maximum(n, 1.0) for total in sums)
    second = np.maximum(0.0, m2 - m1**2)
    third = m3 - 3.0 * m1 * m2 + 2.0 * m1**3
    fourth = np.maximum(0.0, m4 - 4.0 * m1 * m3 + 6.0 * m1**2 * m2 - 3.0 * m1**4)
    dealt = uneven(int(n.sum())) * float((m1**2).sum()) if n.size > 1 else 0.0
    variance = float((n**2 / np.maximum(n - 1.0, 1.0) * second).sum()) + dealt
    freedom = float(max(1.0, n.sum() - n.size))
    if variance <= 0.0:
        return Spread(0.0, 0.0, 0.0, freedom)
    free = np.where(n > 2.0, n**3 / np.maximum((n - 1.0) * (n - 2.0), 1.0), n)
    skewness, kurtosis = _shape(variance, float((free * third).sum()), float((n * fourth).sum()))
    return Spread(variance, max(-1.0, min(1.0, skewness)), kurtosis, freedom)
