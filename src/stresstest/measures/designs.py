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
5A.12). One replicate alone shows no error: it is then stated as if futures were independent, which for a Latin hypercube errs
on the safe side and for a net nearly always does (Owen 2013, chapters 10 and 17).

Student's t for skewed sums. The squared error is itself an estimate. By Satterthwaite (1946) it has 2 (Σ u²)² / Σ u⁴ degrees
of freedom; twice that is used, as Hall's transform already takes up what skewness does (intervals.py). The 2 is judgement, by
simulation: with it 95% intervals of tail means covered 94 to 97% at 41 tail values of normal, exponential, lognormal and
Pareto columns. Replicates are few, so that t with R − 1 degrees is wider already; their skewness is that of the replicates'
sums or that of independent futures, whichever leans further where both lean the same way, and else that of independent
futures: few replicates show little of a long tail, and a design that evens out the middle does not shorten the tail.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import DataError, nearest
from ..layout import DESIGNS
from ..results.manifest import MANIFEST, load_manifest
from .tallies import CELLS, FUTURES, PAIRS, REPLICATES, Spread, Tally

REPLICATED = ("lhs", "sobol", "importance")


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
            return PAIRS if self.antithetic else FUTURES
        if self.kind == "stratified":
            return CELLS
        return REPLICATES if self.replicates > 1 else FUTURES

    @property
    def method(self) -> str:
        """The way of measuring errors, in a few words."""
        if self.units == REPLICATES:
            return f"{self.replicates} replicates, t"
        alone = "as if independent" if self.kind in REPLICATED else "independent futures"
        return {FUTURES: alone, PAIRS: "pairs", CELLS: "by cell"}[self.units]

    def tally(self, shape: bool = True) -> Tally:
        """An empty sum of u, to be filled piece by piece; without `shape` skewness and kurtosis stay 0."""
        return Tally(self.units, self.replicates, shape)

    def spread(self, scores: np.ndarray, groups: np.ndarray) -> Spread:
        """Variance and shape of Σ u for scores u[n], which add to nothing, and the groups[n] of their futures."""
        tally = self.tally()
        tally.add(scores, groups)
        return tally.spread()
