"""Stochastic dominance: whether one option is better for everybody who prefers more, or for everybody who also shuns risk.

With F the distribution function of what is to be large, X dominates Y

    first order     where F_X(t) ≤ F_Y(t) at every t: more is better, nothing else is supposed (Quirk and Saposnik 1962)
    second order    where ∫ F_X ≤ ∫ F_Y up to every t: better for all who also prefer the even to the uneven
                    (Hadar and Russell 1969). ∫ F_X up to t is the mean of (t − X)⁺, so it is in the unit of X.

What should be small is turned about first. The *largest violation* of "X dominates Y" is sup_t of the left side less the right
side; 0 where it holds in every future seen. Both options live the same futures, so its chance is that of paired differences:
futures are put into batches that are independent of each other, and the supremum is redrawn with a normal multiplier for each
batch (Barrett and Donald 2003, with pairs in place of two samples). Verdicts, of which chance alone settles 1 in 20 wrongly:

    dominates     its own violation is within chance, the other's is beyond it
    dominated     the reverse
    neither       both are beyond chance: the curves cross
    not settled   neither is: these futures cannot tell
    the same      no curve ever parts from the other

Values are compared at up to POINTS thresholds: all of them where the values are few, else evenly spread ones; at a threshold
nothing is approximated. Weights count; memory does not follow the number of futures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..futures.resampling import key_of, normals
from ..measures.intervals import NORMAL, student

POINTS = 1024
ROUNDS = 600
#: Each side is given half of the 5% by which chance alone may settle what is not so.
SIDE = 0.975
DOMINATES, DOMINATED, NEITHER, OPEN, EQUAL = "dominates", "dominated", "neither", "not settled", "the same"
_MIRRORED = {DOMINATES: DOMINATED, DOMINATED: DOMINATES}


def thresholds(values: np.ndarray) -> np.ndarray:
    """Up to POINTS thresholds, ascending: every distinct value where they are few, else evenly spread by rank."""
    distinct = np.unique(values)
    if distinct.size <= POINTS:
        return distinct
    return np.asarray(distinct[np.unique(np.linspace(0, distinct.size - 1, POINTS).round().astype(np.int64))])


@dataclass(frozen=True)
class Dominance:
    """X against Y: the largest violation of "X dominates Y" and of the reverse, each with its error and where it lies; verdict.

    First order in shares of futures, second order in the unit of X. `chance` is what a violation must exceed.
    """

    order: int
    violation: float
    error: float
    at: float
    chance: float
    reverse: float
    reverse_error: float
    reverse_at: float
    reverse_chance: float
    verdict: str

    @property
    def mirrored(self) -> Dominance:
        """Y against X."""
        return Dominance(
            self.order, self.reverse, self.reverse_error, self.reverse_at, self.reverse_chance, self.violation, self.error,
            self.at, self.chance, _MIRRORED.get(self.verdict, self.verdict),
        )  # fmt: skip


class Curves:
    """Sums that the distribution functions of several options need, filled piece by piece.

    `options` number of options; `points` thresholds; `batches` number of batches. Larger values are better.
    """

    def __init__(self, options: int, points: np.ndarray, batches: int) -> None:
        self.points, self.batches = points, batches
        self.weight = np.zeros(batches)
        self.sums = np.zeros((options, 2, batches, points.size + 1))

    def add(self, values: np.ndarray, weights: np.ndarray, batch: np.ndarray) -> None:
        """Take in values[options, n] with weights[n] of futures in batch[n]."""
        size = self.points.size + 1
        self.weight += np.bincount(batch, weights, self.batches)
        for k, own in enumerate(values):
            cell = batch * size + np.searchsorted(self.points, own, side="left")
            for part, scores in enumerate((weights, weights * own)):
                self.sums[k, part] += np.bincount(cell, scores, self.batches * size).reshape(self.batches, size)

    def curve(self, option: int, order: int) -> np.ndarray:
        """float64[batches, points]: weight of values up to each point, or the sum of (point − value)⁺."""
        below = np.cumsum(self.sums[option, :, :, :-1], axis=2)
        return below[0] if order == 1 else self.points * below[0] - below[1]

    def compare(self, x: int, y: int, order: int) -> Dominance:
        """Whether option x dominates option y, to the given order (1 or 2)."""
        apart = self.curve(x, order) - self.curve(y, order)
        total = self.weight.sum()
        gap = apart.sum(axis=0) / total
        scale = 1e-12 * (1.0 if order == 1 else float(np.abs(self.points).max(initial=0.0)))
        gap = np.where(np.abs(gap) <= scale, 0.0, gap)  # rounding of sums is no violation
        chance, reverse_chance = self._chances(apart, gap, total)
        spread = apart - gap * self.weight[:, None]
        errors = np.sqrt((spread**2).sum(axis=0) * self.batches / max(1, self.batches - 1)) / total
        k, j = int(np.argmax(gap)), int(np.argmin(gap))
        violation, reverse = max(0.0, float(gap[k])), max(0.0, float(-gap[j]))
        return Dominance(
            order, violation, float(errors[k]), float(self.points[k]), chance, reverse, float(errors[j]), float(self.points[j]),
            reverse_chance, verdict(violation, chance, reverse, reverse_chance),
        )  # fmt: skip

    def _chances(self, apart: np.ndarray, gap: np.ndarray, total: float) -> tuple[float, float]:
        """What the largest violation by chance alone exceeds in 1 case of 40, each way."""
        drawn = normals(key_of("dominance"), self.batches, ROUNDS).T
        spread = (apart - gap * self.weight[:, None]) / total
        wide = student(max(1.0, self.batches - 1.0)) / NORMAL
        moved = drawn @ spread * wide
        return tuple(float(np.quantile(side.max(axis=1, initial=0.0), SIDE)) for side in (moved, -moved))  # type: ignore[return-value]


def verdict(violation: float, chance: float, reverse: float, reverse_chance: float) -> str:
    """What the two largest violations say, against what chance alone gives."""
    if violation <= 0.0 and reverse <= 0.0:
        return EQUAL
    beyond, back = violation > chance, reverse > reverse_chance
    if beyond and back:
        return NEITHER
    return DOMINATED if beyond else DOMINATES if back else OPEN


def compared(
    values: np.ndarray, weights: np.ndarray | None = None, batches: int = 64, order: int = 1, points: np.ndarray | None = None
) -> Dominance:  # fmt: skip
    """Dominance of values[0] over values[1] (float64[2, n], the same futures, larger better), futures batched in their order."""
    n = values.shape[1]
    length = batch_length(n, batches)
    curves = Curves(2, thresholds(values) if points is None else points, -(-n // length))
    curves.add(values, np.ones(n) if weights is None else weights, np.arange(n) // length)
    return curves.compare(0, 1, order)


def batch_length(n: int, batches: int) -> int:
    """Futures in each of about so many batches of n; even, so that mirrored pairs stay together."""
    length = max(1, -(-n // batches))
    return length + (length % 2 if length > 1 else 0)
