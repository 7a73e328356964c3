"""Statistics of a weighted column, each with its standard error and 95% interval, in any sampling design.

With weights w_i, W = Σ w_i and n futures (self-normalised estimates; Owen 2013, chapter 9):

    mean           Σ w x / W
    sd             √(Σ w (x − mean)² / (W − Σ w² / W)), which is the usual n − 1 where weights are equal
    probability    Σ w 1[event] / W
    quantile       smallest value up to which the futures weigh p·W: the ⌈p·n⌉-th smallest where weights are equal
    cte            mean of the worst share 1 − p, the value on its edge counted in part

"Worst" is low for what the provider earns and for health, high for exposure. Standard errors come from the design
(designs.py), intervals from intervals.py. Where futures are independent and weigh alike, the interval of a probability is
Wilson's with n, and that of a quantile goes from one order statistic to another with exact binomial confidence; a quantile's
standard error is half the distance between the values one standard error of the level either side. An interval's end is NaN
where the futures are too few to give one: a quantile too far out, or a tail that stands for fewer than five futures. Where
many futures share one value, a quantile's interval holds the truth more often than 95%.

A standard deviation rests on the fourth power of its column: of a column with a heavy tail its interval covers too little.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from .intervals import levels, order_statistics
from .moments import Estimate, Influence, Moments, centred, moments, spreads
from .probabilities import NOTHING, probabilities, probability
from .ranks import Ranks
from .stream import Column
from .tallies import FUTURES, Spread

QUANTILES = (0.025, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.975, 0.99)
TAILS = (0.95, 0.99)
#: Futures in a tail below which it gets no interval; more of them where errors are found cell by cell, as a cell of one or two
#: futures knows nothing of the tail.
FEWEST, FEWEST_BY_CELL = 5.0, 12.0
#: Statistics whose interval rests on a share of futures.
LEVELS = ("quantile", "negative")
NAN = math.nan


@dataclass(frozen=True)
class Wanted:
    """One statistic to be found: kind "mean", "sd", "quantile", "cte" or "negative", its level, and the bad side."""

    kind: str
    p: float = 0.0
    high_is_bad: bool = True

    @property
    def name(self) -> str:
        """Its name in the tables: mean, sd, p97.5, cte99, probability_negative."""
        if self.kind in ("quantile", "cte"):
            return f"{'p' if self.kind == 'quantile' else 'cte'}{100 * self.p:g}"
        return "probability_negative" if self.kind == "negative" else self.kind

    @property
    def level(self) -> float:
        """The level of the quantile that it is or rests on; NaN for none."""
        if self.kind == "cte" and not self.high_is_bad:
            return 1.0 - self.p
        return self.p if self.kind in ("quantile", "cte") else NAN


@dataclass
class _Reading:
    """A column being read: its moments, ranks, the values found so far by cumulative weight, and the tails."""

    column: Column
    moments: Moments
    ranks: Ranks
    found: dict[float, float] = field(default_factory=dict)
    below: dict[float, float] = field(default_factory=dict)
    tails: dict[Wanted, tuple[float, float]] = field(default_factory=dict)

    @staticmethod
    def of(column: Column) -> _Reading:
        column = column.held()
        m = moments(column)
        return _Reading(column, m, Ranks(column, m.low, m.high, m.n, m.each))

    @property
    def plain(self) -> bool:
        """Whether futures are independent and weigh alike."""
        return self.moments.each > 0.0 and self.column.design.units == FUTURES

    def target(self, p: float) -> float:
        """The cumulative weight of the p-quantile."""
        m = self.moments
        return p * m.weight - 1e-9 * m.weight / m.n

    def quantile(self, p: float) -> float:
        """The p-quantile, once it has been found."""
        return self.found[self.target(p)]

    def look_up(self, targets: Iterable[float]) -> None:
        """Find the values at cumulative weights; NaN at NaN."""
        wanted = [a for a in targets if a == a]
        if wanted:
            self.found.update(self.ranks.at(wanted))

    def around(self, p: float, spread: Spread | None) -> tuple[float, float, float, float]:
        """Cumulative weights one standard error below and above the p-quantile, and at the ends of its interval."""
        m = self.moments
        if spread is None:
            middle = min(m.n - 1, max(0, math.ceil(p * m.n - 1e-9) - 1))
            reach = max(1, round(math.sqrt(m.n * p * (1.0 - p))))
            first, last = order_statistics(m.n, p)
            ranks = (max(0, middle - reach), min(m.n - 1, middle + reach), first - 1, last - 1)
            a, b, c, d = ((rank + 0.5) * m.each if 0 <= rank < m.n else NAN for rank in ranks)
            return a, b, c, d
        error = self._level_error(p, spread)
        low, high = levels(p, error, spread.critical)
        ends = max(0.0, p - error), min(1.0, p + error), low if low > 0.0 else NAN, high if high < 1.0 else NAN
        a, b, c, d = (level * m.weight for level in ends)
        return a, b, c, d

    def _level_error(self, p: float, spread: Spread) -> float:
        """Standard error of the share below the p-quantile: as good per future as at the value found, atoms or not."""
        m, below = self.moments, self.below[p] / self.moments.weight
        if below >= 1.0:
            return math.sqrt(p * (1.0 - p) / m.effective)
        found = math.sqrt(spread.variance) / m.weight
        return found * math.sqrt(p * (1.0 - p) / (below * (1.0 - below))) if found > NOTHING else 1.0 / m.effective

    def read_sums(self, wanted: Iterable[Wanted]) -> None:
        """Weight up to each quantile; of each tail the mean excess over its edge, and how many futures it stands for."""
        sums = {w: np.zeros(3) for w in wanted if w.kind == "cte" or (w.kind == "quantile" and not self.plain)}
        for values, weights, _ in self.column if sums else ():
            for w, s in sums.items():
                if w.kind == "quantile":
                    s[0] += float(weights[values <= self.quantile(w.p)].sum())
                    continue
                sign, edge = (1.0 if w.high_is_bad else -1.0), self.quantile(w.level)
                far = sign * values > sign * edge
                s[0] += float((weights[far] * (sign * (values[far] - edge))).sum())
                inside = weights[sign * values >= sign * edge]
                s[1:] += float(inside.sum()), float((inside * inside).sum())
        for w, s in sums.items():
            if w.kind == "quantile":
                self.below[w.p] = float(s[0])
                continue
            self.tails[w] = float(s[0]) / ((1.0 - w.p) * self.moments.weight), float(s[1] ** 2 / s[2]) if s[2] else 0.0

    def influence(self, w: Wanted) -> Influence:
        """ψ of a statistic, which adds to nothing under the weights."""
        m = self.moments
        if w.kind == "mean":
            return lambda x: x - m.mean
        if w.kind == "sd":
            own, twice = m.square / m.weight, 2.0 * m.sd or math.inf
            return lambda x: ((x - m.mean) ** 2 - own) / twice
        if w.kind == "negative":
            return centred(lambda x: x < 0.0, m.negative / m.weight)
        edge = self.quantile(w.level)
        if w.kind == "quantile":
            return centred(lambda x: x <= edge, self.below[w.p] / m.weight)
        sign, excess = (1.0 if w.high_is_bad else -1.0), self.tails[w][0]
        return lambda x: sign * (np.maximum(sign * (x - edge), 0.0) / (1.0 - w.p) - excess)

    def estimate(self, w: Wanted, spread: Spread | None) -> Estimate:
        """The finished estimate of a statistic from its spread."""
        m, method = self.moments, self.column.design.method
        if w.kind == "quantile":
            below, above, low, high = (self.found.get(a, NAN) for a in self.around(w.p, spread))
            how = "order statistics" if spread is None else "inverted"
            return Estimate(w.name, self.quantile(w.p), (above - below) / 2.0, low, high, f"{method}, {how}")
        if w.kind == "negative":
            share = m.negative / m.weight
            if spread is None:
                return probability(w.name, round(m.negative / m.each) / m.n, m.n, method)
            return probability(w.name, share, m.effective, method, spread, m.weight)
        value = m.mean if w.kind == "mean" else m.sd
        if w.kind == "cte":
            value = self.quantile(w.level) + (1.0 if w.high_is_bad else -1.0) * self.tails[w][0]
        error, low, high = spread.interval(value, m.weight) if spread and m.n > 1 else (NAN, NAN, NAN)
        if w.kind == "cte" and m.low < m.high and self.tails[w][1] < (FEWEST_BY_CELL if method == "by cell" else FEWEST):
            low, high = NAN, NAN
        return Estimate(w.name, value, error, max(low, 0.0) if w.kind == "sd" else low, high, method)


def estimate(column: Column, wanted: Sequence[Wanted]) -> list[Estimate]:
    """The wanted statistics of a column, in order, in few passes."""
    reading = _Reading.of(column)
    if reading.moments.n == 0 or reading.moments.weight <= 0.0:
        return [Estimate(w.name, NAN, NAN) for w in wanted]
    plain = reading.plain
    found: dict[Wanted, Spread | None] = dict.fromkeys(wanted)
    targets = [reading.target(w.level) for w in wanted if w.level == w.level]
    if plain:
        targets += [a for w in wanted if w.kind == "quantile" for a in reading.around(w.p, None)]
    reading.look_up(targets)
    reading.read_sums(wanted)
    open_ = [w for w in found if not (plain and w.kind in LEVELS)]
    influences = [(reading.influence(w), w.kind not in LEVELS) for w in open_]
    found.update(zip(open_, spreads(reading.column, influences), strict=True))
    if not plain:
        reading.look_up(a for w in wanted if w.kind == "quantile" for a in reading.around(w.p, found[w]))
    return [reading.estimate(w, found[w]) for w in wanted]


FAN = (Wanted("mean"), *(Wanted("quantile", p) for p in QUANTILES))


def describe(column: Column, high_is_bad: bool) -> list[Estimate]:
    """Mean, quantiles, conditional tail expectations, probability below zero, and the central case."""
    tails = [Wanted("cte", p, high_is_bad) for p in TAILS]
    wanted = [Wanted("mean"), Wanted("sd"), *FAN[1:], *tails, Wanted("negative")]
    return [*estimate(column, wanted), Estimate("central", column.central, NAN)]


def fan(column: Column) -> list[Estimate]:
    """Mean and quantiles."""
    return estimate(column, FAN)


def exceedance(column: Column, points: int = 61) -> list[tuple[float, Estimate]]:
    """(threshold, probability of more) on an even grid from the 1st to the 99.9th percentile."""
    reading = _Reading.of(column)
    ends = [reading.target(p) for p in (0.01, 0.999)]
    reading.look_up(ends)
    grid = np.linspace(reading.found[ends[0]], reading.found[ends[1]], points)
    found = probabilities(reading.column, [_above(float(x)) for x in grid])
    return [(float(x), e) for x, e in zip(grid, found, strict=True)]


def _above(threshold: float) -> Influence:
    return lambda x: x > threshold
