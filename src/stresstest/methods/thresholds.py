"""Thresholds that tell what will fail from what will not: where to set one, how often it is right, and how well it could do.

    area          P(a failing future's value > another's) + ½ P(equal): 1 tells all, 0.5 nothing (Bamber 1975); its standard
                  error from the placements of each value among those of the other class (DeLong, DeLong and Clarke-Pearson 1988)
    threshold     the value that parts them best: largest share of failures beyond it less share of the others beyond it
                  (Youden 1950), on either side
    judged        on other futures: hit rate P(signal | fails), false-alarm rate P(signal | does not fail), precision
                  P(fails | signal), each with Wilson's interval at the number of independent futures with the same error

Weights are those of the futures; where futures hang together in groups, errors are those of the sums of groups.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..errors import DataError
from ..measures.intervals import NORMAL, wilson


@dataclass(frozen=True)
class Rate:
    """A probability with its standard error and 95% interval."""

    value: float
    error: float
    low: float
    high: float


@dataclass(frozen=True)
class Area:
    """Area under the curve of hits against false alarms (0 to 1), and the chance of one so far from ½ where values tell
    nothing."""

    value: float
    error: float
    low: float
    high: float
    p_value: float


@dataclass(frozen=True)
class Threshold:
    """A signal is a value above (or below) `value`; `youden` is hit rate less false-alarm rate where it was chosen."""

    value: float
    above: bool
    youden: float

    def signal(self, values: np.ndarray) -> np.ndarray:
        """Whether each value is a signal, bool[n]."""
        return np.asarray(values > self.value if self.above else values < self.value)


@dataclass(frozen=True)
class Judged:
    """What a signal is worth: see the head of this module. `signalled` is the share of all futures with a signal."""

    hit: Rate
    false_alarm: Rate
    precision: Rate
    signalled: Rate

    @property
    def youden(self) -> float:
        """Hit rate less false-alarm rate; 0 is worth nothing."""
        return self.hit.value - self.false_alarm.value


def spread(influence: np.ndarray, groups: np.ndarray | None = None) -> float:
    """Standard error of a figure from each future's influence on it (they sum to 0), by groups where there are any."""
    if groups is not None:
        _, place = np.unique(groups, return_inverse=True)
        influence = np.bincount(place, influence)
    n = influence.size
    return float(np.sqrt(np.sum(influence**2) * n / max(1, n - 1)))


def rate(
    hit: np.ndarray, weight: np.ndarray | None = None, groups: np.ndarray | None = None, among: np.ndarray | None = None
) -> Rate:
    """The weighted share of futures with `hit` (bool[n]) among those of `among` (bool[n], default all).

    Errors: DataError where there are none among whom to count.
    """
    weights = np.ones(hit.size) if weight is None else np.asarray(weight, dtype=np.float64)
    if among is not None:
        weights = weights * among
    total = float(weights.sum())
    if total <= 0.0:
        raise DataError(
            "there is no future to take a share of", key="among", value=0, expected="futures of weight above 0"
        )
    value = float(weights @ hit) / total
    error = spread(weights * (hit - value) / total, groups)
    size = value * (1.0 - value) / error**2 if error > 0.0 else total**2 / float(weights @ weights)
    low, high = wilson(value, max(1.0, size))
    return Rate(value, error, low, high)


def _levels(
    values: np.ndarray, failed: np.ndarray, weight: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(distinct values, each future's place among them, failing weight and other weight at each, weights). Errors: DataError."""
    values, failed = np.asarray(values, dtype=np.float64), np.asarray(failed, dtype=bool)
    weights = np.ones(values.size) if weight is None else np.asarray(weight, dtype=np.float64)
    if not np.isfinite(values).all():
        raise DataError("a value is no number", key="values", value="NaN or infinite", expected="finite values")
    distinct, place = np.unique(values, return_inverse=True)
    bad, good = (np.bincount(place, weights * which, distinct.size) for which in (failed, ~failed))
    if bad.sum() <= 0.0 or good.sum() <= 0.0:
        what = "none" if bad.sum() <= 0.0 else "all"
        raise DataError(f"{what} of the futures fail: there is nothing to tell apart", key="failed", value=what,
                        expected="futures that fail and futures that do not")  # fmt: skip
    return distinct, place, bad, good, weights


def area_under_curve(
    values: np.ndarray, failed: np.ndarray, weight: np.ndarray | None = None, groups: np.ndarray | None = None
) -> Area:
    """How well values (float64[n]) tell failing futures (bool[n]) from others; below ½ where low values fail.

    Errors: DataError where all or none fail, or a value is no number.
    """
    failed = np.asarray(failed, dtype=bool)
    _, place, bad, good, weights = _levels(values, failed, weight)
    below = (np.cumsum(good) - 0.5 * good) / good.sum()
    above = (np.cumsum(bad[::-1])[::-1] - 0.5 * bad) / bad.sum()
    value = float(bad @ below / bad.sum())
    influence = np.where(failed, below[place], above[place]) - value
    for which, total in ((failed, bad.sum()), (~failed, good.sum())):
        count = int(which.sum())
        influence[which] *= weights[which] / total * math.sqrt(count / max(1, count - 1))
    n = failed.size
    error = spread(influence, groups) * (1.0 if groups is not None else math.sqrt(max(1, n - 1) / n))
    return _area(value, error)


def _area(value: float, error: float) -> Area:
    """Interval on the log-odds scale, so that it stays between 0 and 1 (Pepe 2003, section 5.2)."""
    p_value = math.erfc(abs(value - 0.5) / error / math.sqrt(2.0)) if error > 0.0 else float(value == 0.5)
    if not 0.0 < value < 1.0:
        return Area(value, error, value, value, p_value)
    middle, reach = math.log(value / (1.0 - value)), min(30.0, NORMAL * error / (value * (1.0 - value)))
    low, high = (1.0 / (1.0 + math.exp(-(middle + sign * reach))) for sign in (-1.0, 1.0))
    return Area(value, error, low, high, p_value)


def best_threshold(values: np.ndarray, failed: np.ndarray, weight: np.ndarray | None = None) -> Threshold | None:
    """The threshold of largest hit rate less false-alarm rate, half-way between two values that occur; None for one value only.

    Errors: DataError where all or none fail, or a value is no number.
    """
    distinct, _, bad, good, _ = _levels(values, failed, weight)
    if distinct.size < 2:
        return None
    beyond = good.cumsum()[:-1] / good.sum() - bad.cumsum()[:-1] / bad.sum()
    k = int(np.argmax(np.abs(beyond)))
    middle = float(distinct[k] + 0.5 * (distinct[k + 1] - distinct[k]))
    if not distinct[k] < middle < distinct[k + 1]:
        middle = float(distinct[k + 1] if beyond[k] < 0.0 else distinct[k])
    return Threshold(middle, bool(beyond[k] >= 0.0), float(abs(beyond[k])))


def judge(
    signal: np.ndarray, failed: np.ndarray, weight: np.ndarray | None = None, groups: np.ndarray | None = None
) -> Judged:
    """Rates of a signal (bool[n]) on futures that it was not chosen on. Errors: DataError where all or none fail.

    Where no future has the signal, precision is the share that fails without any, for lack of anything better to say.
    """
    signal, failed = np.asarray(signal, dtype=bool), np.asarray(failed, dtype=bool)
    among = signal if signal.any() else None
    return Judged(
        hit=rate(signal, weight, groups, failed), false_alarm=rate(signal, weight, groups, ~failed),
        precision=rate(failed, weight, groups, among), signalled=rate(signal, weight, groups),
    )  # fmt: skip
