"""Stochastic dominance: whether one option is better for everybody who prefers more, or for everybody who also shuns risk.

With F the distribution function of what is to be large, X dominates Y

    first order     where F_X(t) ≤ F_Y(t) at every t: more is better, nothing else is supposed (Quirk and Saposnik 1962)
    second order    where ∫ F_X ≤ ∫ F_Y up to every t: better for all who also prefer the even to the uneven
                    (Hadar and Russell 1969). ∫ F_X up to t is the mean of (t − X)⁺, so it is in the unit of X.

What should be small is turned about first. The *largest violation* of "X dominates Y" is sup_t of the left side less the right
side; 0 where it holds in every future seen. A small crossing in a tail, where errors are small too, would drown in the noise of
the middle; so what is tested is the *clearest* violation, sup_t of the two sides' difference over its own standard error at t
(studentised: Chernozhukov, Chetverikov and Kato 2013). Both options live the same futures, so errors are those of paired
differences: futures are put into batches that are independent of each other, and the supremum is redrawn with a normal
multiplier for each batch (Barrett and Donald 2003, with pairs in place of two samples), then read on Student's scale. Verdicts:

    dominates     the other's violation is beyond chance, and no violation of its own beyond chance was seen
    dominated     the reverse
    neither       both are beyond chance: the curves cross
    not settled   neither is: these futures cannot tell
    the same      no curve ever parts from the other

Between two options of one law, 1 verdict in 20 or fewer is not "not settled". That no crossing was seen does not show that there
is none: one that is small against its error is not told from none. Values are compared at up to POINTS thresholds: all of them
where the values are few, else evenly spread ones; at a threshold nothing is approximated. Weights count; memory does not follow
the number of futures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..futures.resampling import key_of, normals

POINTS = 1024
ROUNDS = 1200
#: Each side is given 1 in 80 and not 1 in 40, because so few batches know too little of a whole curve: by simulation (500 pairs
#: of one law of 4,000 futures, in 64 and in 16 batches) 1 in 40 settled 6 to 9 in 100 of them, and 1 in 80 at most 5.
SIDE = 0.9875
#: Most standard errors that are told apart: a gap that every batch shows alike has no error to be measured by.
CLEAREST = 1000.0
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

    First order in shares of futures, second order in the unit of X. `clear` is the clearest violation, in its own standard errors
    (that need not lie where the largest does), `chance` what chance alone seldom exceeds.
    """

    order: int
    violation: float
    error: float
    at: float
    clear: float
    chance: float
    reverse: float
    reverse_error: float
    reverse_at: float
    reverse_clear: float
    reverse_chance: float
    verdict: str

    @property
    def mirrored(self) -> Dominance:
        """Y against X."""
        return Dominance(
            self.order, self.reverse, self.reverse_error, self.reverse_at, self.reverse_clear, self.reverse_chance,
            self.violation, self.error, self.at, self.clear, self.chance, _MIRRORED.get(self.verdict, self.verdict),
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
        spread = (apart - gap * self.weight[:, None]) / total
        errors = np.sqrt((spread**2).sum(axis=0) * self.batches / max(1, self.batches - 1))
        scores = np.where(gap == 0.0, 0.0, gap / np.maximum(errors, np.maximum(np.abs(gap), 1e-300) / CLEAREST))
        chance, reverse_chance = self._chances(spread, errors)
        k, j = int(np.argmax(gap)), int(np.argmin(gap))
        violation, reverse = max(0.0, float(gap[k])), max(0.0, float(-gap[j]))
        clear, reverse_clear = max(0.0, float(scores.max())), max(0.0, float(-scores.min()))
        return Dominance(
            order, violation, float(errors[k]), float(self.points[k]), clear, chance, reverse, float(errors[j]),
            float(self.points[j]), reverse_clear, reverse_chance, verdict(clear, chance, reverse_clear, reverse_chance),
        )  # fmt: skip

    def _chances(self, spread: np.ndarray, errors: np.ndarray) -> tuple[float, float]:
        """How many standard errors the clearest violation seldom exceeds by chance alone, each way; ∞ for one batch."""
        if self.batches < 2:
            return math.inf, math.inf
        seen = errors > 0.0
        moved = normals(key_of("dominance"), self.batches, ROUNDS).T @ (spread[:, seen] / errors[seen])
        wide = math.sqrt(self.batches / (self.batches - 1.0))
        high, low = (float(np.quantile(side.max(axis=1, initial=0.0), SIDE)) for side in (wide * moved, -wide * moved))
        return students(high, self.batches - 1.0), students(low, self.batches - 1.0)


def students(score: float, freedom: float) -> float:
    """The value of Student's t that is exceeded as often as a normal exceeds `score`: the error itself is an estimate."""
    from scipy.special import ndtr, stdtrit

    return float(-stdtrit(freedom, ndtr(-score)))


def verdict(clear: float, chance: float, reverse_clear: float, reverse_chance: float) -> str:
    """What the clearest violations either way say, in their own errors, against what chance alone gives."""
    if clear <= 0.0 and reverse_clear <= 0.0:
        return EQUAL
    beyond, back = clear > chance, reverse_clear > reverse_chance
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
