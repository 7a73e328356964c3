"""How futures were sampled, and what that makes of the error of a statistic.

Every statistic here is a function of weighted means, and to first order its error is that of a sum (linearisation: Owen
2013, sections 2.7 and 9.2): with weights w_i, W = Σ w_i and influence ψ_i of future i,

    estimate − truth ≈ Σ u_i / W,   u_i = w_i ψ_i,   Σ u_i = 0 at the estimate.

Influences: mean x − mean; probability 1[event] − p; distribution function at a point q 1[x ≤ q] − F(q); conditional tail
expectation q + (x − q)⁺ / (1 − p) − CTE (Chen 2008; Hong, Hu and Liu 2014); standard deviation ((x − mean)² − sd²) / 2 sd.
The variance of the sum follows the design, with units that are independent of each other:

    random        units are futures:     n / (n − 1) · Σ u²                          Owen 2013, chapter 2
    in pairs      units are pairs:       G / (G − 1) · Σ (u + u')²                   Owen 2013, section 8.2
    lhs, sobol,   units are replicates:  R / (R − 1) · Σ (Σ u)², and Student's t     Owen 2013, chapters 9, 10 and 17;
    importance                           with R − 1 degrees of freedom               L'Ecuyer, Nakayama, Owen, Tuffin 2023
    stratified    futures of one cell:   Σ_h n_h / (n_h − 1) · Σ (u − ū_h)²          Owen 2013, section 8.4;
                                         + c(n) Σ_h ū_h²                             Glasserman 2003, section 4.3

c(n) stands for cells whose number of futures is not their exact share. Where cells are dealt out by a radical inverse, that
number misses its share by c(n) = ½ Σ_j (distance of n / 2^j from the nearest whole number)² in mean square, or less: a sixth
where n is a power of two, 0.7 at a hundred thousand. A cell with one future is joined to the next occupied cell by number,
the last one to the one before it; that counts the difference of the two as noise (collapsed strata: Cochran 1977, section
5A.12). One replicate alone shows no error: it is then stated as if futures were independent, which for a Latin hypercube or
a net errs on the safe side (Owen 2013, chapters 10 and 17).

Student's t for skewed sums. The squared error is itself an estimate. By Satterthwaite (1946) it has 2 (Σ u²)² / Σ u⁴ degrees
of freedom; twice that is used, as Hall's transform already takes up what skewness does (intervals.py). The 2 is judgement, by
simulation: with it 95% intervals of tail means covered 94 to 97% at 41 tail values of normal, exponential, lognormal and
Pareto columns. Replicates are few, so that t with R − 1 degrees is wider already; their skewness is that of the replicates'
sums or that of independent futures, whichever leans further where both lean the same way, and else that of independent
futures: few replicates show little of a long tail, and a design that evens out the middle does not shorten the tail.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import DataError, nearest
from ..layout import DESIGNS
from ..results.manifest import MANIFEST, load_manifest
from .intervals import skewed, student

REPLICATED = ("lhs", "sobol", "importance")
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


@dataclass(frozen=True)
class Design:
    """How futures were sampled: kind, number of independent replicates, whether random futures come in mirrored pairs."""

    kind: str = "random"
    replicates: int = 1
    antithetic: bool = False

    def __post_init__(self) -> None:
        if self.kind not in DESIGNS:
            raise DataError("There is no such sampling design.", key="design.kind", value=self.kind,
                            expected=" or ".join(DESIGNS), nearest=nearest(self.kind, DESIGNS))  # fmt: skip

    @staticmethod
    def from_manifest(manifest: dict[str, Any]) -> Design:
        """The design of a run; random where its manifest is older than designs."""
        found = manifest.get("design") or {}
        try:
            return Design(
                str(found.get("kind", "random")), int(found.get("replicates", 1)), bool(found.get("antithetic", False))
            )
        except (TypeError, ValueError, AttributeError) as error:
            raise DataError("The design cannot be read.", file=MANIFEST, key="design", value=found) from error

    @staticmethod
    def of(folder: Path) -> Design:
        """The design of a run folder. Errors: DataError when the folder is not a run or its design is unknown."""
        return Design.from_manifest(load_manifest(folder))

    @property
    def units(self) -> str:
        """What is independent: futures, pairs, replicates, or futures inside cells."""
        if self.kind == "random":
            return "pairs" if self.antithetic else "futures"
        if self.kind == "stratified":
            return "cells"
        return "replicates" if self.replicates > 1 else "futures"

    @property
    def method(self) -> str:
        """The way of measuring errors, in a few words."""
        if self.units == "replicates":
            return f"{self.replicates} replicates, t"
        alone = "as if independent" if self.kind in REPLICATED else "independent futures"
        return {"futures": alone, "pairs": "pairs", "cells": "by cell"}[self.units]

    def tally(self, shape: bool = True) -> Tally:
        """An empty sum of u, to be filled piece by piece; without `shape` skewness and kurtosis stay 0."""
        return Tally(self, shape)

    def spread(self, scores: np.ndarray, groups: np.ndarray) -> Spread:
        """Variance and shape of Σ u for scores u[n], which add to nothing, and the groups[n] of their futures."""
        tally = self.tally()
        tally.add(scores, groups)
        return tally.spread()


class Tally:
    """Running sums of u by independent unit: memory does not grow with the number of futures, but for open pairs."""

    def __init__(self, design: Design, shape: bool = True) -> None:
        self.design, self.shape = design, shape
        self.units = 0
        self.powers = np.zeros(3)
        self.totals = np.zeros(design.replicates if design.units == "replicates" else 0)
        self.cells = np.zeros((5, 0))
        self.open: tuple[np.ndarray, np.ndarray] = (np.zeros(0, dtype=np.int64), np.zeros(0))

    def add(self, scores: np.ndarray, groups: np.ndarray) -> None:
        """Take in scores u[n] of futures with groups[n]."""
        if self.design.units == "cells":
            self._add_cells(scores, groups)
            return
        if self.design.units == "pairs":
            scores = self._paired(scores, groups)
        elif self.design.units == "replicates":
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
        if self.design.units == "cells":
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
