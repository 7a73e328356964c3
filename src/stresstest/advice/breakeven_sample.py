"""The run's own futures, lived for a root or a risk: their weights, what is independent of what, and means with errors.

Errors follow the run's design (measures/designs.py): Σ w ψ over units that are independent of each other.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from .. import layout as L
from ..analysis.evaluate import simulate_with_nature
from ..errors import DataError
from ..futures.design import RANDOM_DESIGN
from ..futures.plan import VERIFY_FIRST
from ..futures.scenario import Scenario
from ..measures.designs import Design
from ..measures.intervals import NORMAL, levels, student
from ..measures.moments import Estimate
from ..measures.probabilities import probability
from ..measures.tallies import PAIRS, REPLICATES
from ..strategy import Strategy
from ..study import KernelInputs, Study
from .source import Source

BLOCKS = 16
FEWEST = 64


@dataclass(frozen=True)
class Sample:
    """Futures with weights float64[n], groups int64[n] and the design that says which groups are independent."""

    weight: np.ndarray
    groups: np.ndarray
    design: Design

    @property
    def n(self) -> int:
        """Number of futures."""
        return int(self.weight.size)

    @property
    def size(self) -> float:
        """Futures of equal weight that would be as good (Kish 1965)."""
        return float(self.weight.sum() ** 2 / (self.weight**2).sum())

    @property
    def critical(self) -> float:
        """How many standard errors a 95% interval reaches: more than the normal's where replicates are few."""
        return student(self.design.replicates - 1.0) if self.design.units == REPLICATES else NORMAL

    @property
    def blocks(self) -> np.ndarray:
        """A block 0 … BLOCKS − 1 for each future, int64[n]; dependent futures share one."""
        if self.design.units in (REPLICATES, PAIRS):
            return np.asarray(self.groups % BLOCKS)
        return np.asarray(np.arange(self.n) * BLOCKS // self.n)

    def first(self, n: int) -> Sample:
        """The first n futures alone."""
        return Sample(self.weight[:n], self.groups[:n], self.design)

    def mean(self, x: np.ndarray) -> Estimate:
        """Weighted mean of x[n] with its standard error and 95% interval."""
        total = float(self.weight.sum())
        value = float(self.weight @ x) / total
        spread = self.design.spread(self.weight * (x - value), self.groups)
        return Estimate("mean", value, *spread.interval(value, total))

    def share(self, event: np.ndarray) -> Estimate:
        """Weighted share of futures in which event[n] holds, with Wilson's interval; its error is never 0."""
        total = float(self.weight.sum())
        value = min(1.0, float(self.weight @ event) / total)
        spread = self.design.spread(self.weight * (event - value), self.groups)
        return probability("share", value, self.size, self.design.method, spread, total)

    def parts(self, x: np.ndarray) -> np.ndarray:
        """Weighted mean of x[n] in each block, float64[BLOCKS]."""
        blocks = self.blocks
        weight = np.bincount(blocks, self.weight, BLOCKS)
        return np.asarray(np.bincount(blocks, self.weight * x, BLOCKS) / np.maximum(weight, 1e-300))

    def quantile(self, x: np.ndarray, p: float) -> Estimate:
        """Weighted p-quantile of x[n]; its 95% interval by Woodruff 1952, its error a quarter of the interval's width."""
        order = np.argsort(x, kind="stable")
        reached = np.cumsum(self.weight[order]) / self.weight.sum()
        own = self.share((x <= x[order][min(int(np.searchsorted(reached, p)), x.size - 1)]).astype(float))
        marks = (p, *levels(p, own.error, 2.0))
        at = np.minimum(np.searchsorted(reached, np.clip(marks, 0.0, 1.0) * (1.0 - 1e-12)), x.size - 1)
        value, low, high = (float(x[order][k]) for k in at)
        return Estimate(f"p{100.0 * p:g}", value, (high - low) / 4.0, low, high)


def own_sample(source: Source, n: int, jobs: int = 2) -> tuple[Sample, np.ndarray]:
    """(sample, out[OUTCOMES, n]) of the run's own first n futures. Errors: DataError where they are too few."""
    if n < FEWEST:
        raise DataError(
            "the run has too few futures for this", file=source.folder, value=n, expected=f"at least {FEWEST} futures"
        )
    out, nature = lived(source.inputs(), 1, n, jobs)
    return sampled(nature, Design.from_manifest(source.manifest)), out[0]


def fresh_sample(study: Study, scenario: Scenario, strategy: Strategy, n: int, jobs: int = 2) -> tuple[Sample, np.ndarray]:
    """(sample, out[OUTCOMES, n]) of pseudo-random futures that no search has seen."""
    out, nature = lived(study.kernel_inputs(scenario, (strategy,), RANDOM_DESIGN), VERIFY_FIRST, n, jobs)
    return sampled(nature, Design()), out[0]


def sampled(nature: np.ndarray, design: Design) -> Sample:
    """The sample of futures whose nature[NATURE + TAGS, n] is given."""
    tags = nature[len(L.NATURE) :]
    return Sample(tags[L.TAG_WEIGHT], tags[L.TAG_GROUP].astype(np.int64), design)


def lived(inputs: KernelInputs, first: int, n: int, jobs: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """(out[strategies, OUTCOMES, n], nature[NATURE + TAGS, n]) of futures first … first + n − 1, on `jobs` threads."""
    edges = np.linspace(0, n, max(1, min(jobs, n // L.BLOCK)) + 1).astype(int)
    with ThreadPoolExecutor(len(edges) - 1) as pool:
        found = list(pool.map(
            lambda k: simulate_with_nature(inputs, first + int(edges[k]), int(edges[k + 1] - edges[k])), range(len(edges) - 1)
        ))  # fmt: skip
    return np.concatenate([out for out, _ in found], axis=2), np.concatenate([nature for _, nature in found], axis=1)


def ratio(sample: Sample, above: np.ndarray, below: np.ndarray) -> tuple[float, float]:
    """(mean of above[n] over mean of below[n], its standard error by the delta method); NaN where the lower mean is 0."""
    top, bottom = sample.mean(above), sample.mean(below)
    if bottom.value == 0.0:
        return math.nan, math.nan
    value = top.value / bottom.value
    return value, sample.mean((above - value * below) / bottom.value).error
