"""Two options in the same futures: the distribution of their difference, and the value of health at which their order flips.

Every future gives one difference x = option − other, so that what both share cancels:

    mean        with the error and 95% interval of the sampling design (measures.estimates)
    middle      the median and the middle 80% of x: how far single futures differ
    above, below, same    the shares of futures with x > 0, x < 0 and x = 0; ties belong to neither side

Where the option costs m more and yields h more health, it is worth having at a value of λ for a unit of health if λh > m. The
order flips at m / h. Its interval is Fieller's (1954): all λ for which (m − λh)² ≤ t² (v_m − 2λ c + λ² v_h), with v and c the
variances and the covariance of the two means. It is bounded only where h itself lies beyond its error.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ..measures.estimates import Wanted, estimate
from ..measures.moments import Estimate
from ..measures.probabilities import probabilities
from ..measures.stream import Column

ALWAYS, NEVER, ABOVE, BELOW, NONE = "better at any value", "worse at any value", "better above", "better below", "no difference"
_WANTED = (Wanted("mean"), Wanted("quantile", 0.1), Wanted("quantile", 0.5), Wanted("quantile", 0.9))
_NOTHING = Estimate("", 0.0, 0.0, 0.0, 0.0, "the same in every future")


@dataclass(frozen=True)
class Paired:
    """The differences of two options: mean, median, ends of the middle 80%, shares of futures above, below and at nothing."""

    mean: Estimate
    median: Estimate
    low: float
    high: float
    above: Estimate
    below: Estimate
    same: Estimate

    @property
    def reversed(self) -> Paired:
        """The same with the two options exchanged."""
        ends = 0.0 - self.high, 0.0 - self.low
        return Paired(negated(self.mean), negated(self.median), *ends, self.below, self.above, self.same)


#: An option against itself.
SAME = Paired(_NOTHING, _NOTHING, 0.0, 0.0, _NOTHING, _NOTHING, replace(_NOTHING, value=1.0, low=1.0, high=1.0))


def negated(e: Estimate) -> Estimate:
    """An estimate of the opposite number; nothing stays nothing without a sign."""
    return replace(e, value=0.0 - e.value, low=0.0 - e.high, high=0.0 - e.low)


def paired(column: Column) -> Paired:
    """What a column of differences says."""
    column = column.held()
    mean, low, median, high = estimate(column, _WANTED)
    above, below, same = probabilities(column, [lambda x: x > 0.0, lambda x: x < 0.0, lambda x: x == 0.0])
    return Paired(mean, median, low.value, high.value, above, below, same)


@dataclass(frozen=True)
class Switching:
    """The value of a unit of health at which two options change places, its 95% interval (NaN: no bound), and what holds.

    `holds`: better at any value, worse at any value, better above, better below, no difference. `settled`: whether that is
    beyond the errors of both means.
    """

    value: float
    low: float
    high: float
    holds: str
    settled: bool


def covariance(money: Column, health: Column, both: Column) -> float:
    """Covariance of two weighted means, from the errors of each and of `both`, the sum of the two columns' values."""
    found = [estimate(column.held(), [Wanted("mean")])[0].error for column in (money, health, both)]
    return (found[2] ** 2 - found[0] ** 2 - found[1] ** 2) / 2.0


def switching(money: Estimate, health: Estimate, shared: float, critical: float = 1.959963984540054) -> Switching:
    """Where the order flips, from what the option costs more and what health it yields more; `shared` their covariance."""
    m, h, held = money.value, health.value, _holds(money.value, health.value)
    if held == NONE:
        return Switching(math.nan, math.nan, math.nan, held, money.error == 0.0 and health.error == 0.0)
    square = critical * critical
    a, b, d = h * h - square * health.error**2, m * h - square * shared, m * m - square * money.error**2
    value = m / h if held in (ABOVE, BELOW) else math.nan
    if a <= 0.0:
        return Switching(value, math.nan, math.nan, held, h == 0.0 and health.error == 0.0 and d > 0.0)
    root = math.sqrt(max(0.0, b * b - a * d))
    low, high = (b - root) / a, (b + root) / a
    if high < 0.0:
        return Switching(value, math.nan, math.nan, held, True)
    return Switching(value, max(0.0, low), high, held, low > 0.0)


def _holds(money: float, health: float) -> str:
    """What two means say of an option that costs `money` and yields `health` more."""
    if money == 0.0 and health == 0.0:
        return NONE
    if money <= 0.0 and health >= 0.0:
        return ALWAYS
    if money >= 0.0 and health <= 0.0:
        return NEVER
    return ABOVE if money > 0.0 else BELOW
