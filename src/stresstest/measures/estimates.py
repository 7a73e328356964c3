"""Statistics of a column with their Monte Carlo errors, for independent equally weighted futures.

    mean           sd / √n
    probability    √(p (1 − p) / n); where nobody (or everybody) was seen, the error of one future in n
    quantile       the ⌈p·n⌉-th smallest value; error half the distance between the values √(n p (1 − p)) ranks either side
    cte            mean of the worst share 1 − p; error √((variance of the tail + p · (cte − quantile)²) / (n (1 − p)))

"Worst" is low for what the provider earns and for health, high for exposure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .stream import Column, ranked

QUANTILES = (0.025, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.975, 0.99)
TAILS = (0.95, 0.99)


@dataclass(frozen=True)
class Estimate:
    """A statistic with its Monte Carlo standard error in the same unit."""

    statistic: str
    value: float
    error: float


def probability(hits: int, n: int) -> tuple[float, float]:
    """Share of futures and its standard error."""
    p = hits / n
    return p, math.sqrt(max(p * (1.0 - p), (1.0 - 1.0 / n) / n) / n)


def _moments(column: Column) -> tuple[int, float, float, float, float, int]:
    """n, mean, variance, smallest, largest, number below zero: in one pass, parts combined by their sums of squares."""
    n, mean, square, low, high, negative = 0, 0.0, 0.0, math.inf, -math.inf, 0
    for values in column:
        if values.size:
            m, k = float(values.mean()), values.size
            square += float(((values - m) ** 2).sum()) + (m - mean) ** 2 * n * k / (n + k)
            mean += (m - mean) * k / (n + k)
            n += k
            low, high = min(low, float(values.min())), max(high, float(values.max()))
            negative += int((values < 0.0).sum())
    return n, mean, square / (n - 1) if n > 1 else math.nan, low, high, negative


def _ranks(p: float, n: int) -> tuple[int, int, int]:
    middle = min(n - 1, max(0, math.ceil(p * n - 1e-9) - 1))
    reach = max(1, round(math.sqrt(n * p * (1.0 - p))))
    return max(0, middle - reach), middle, min(n - 1, middle + reach)


def _tail(column: Column, share: float, edge: float, n: int, high_is_bad: bool) -> tuple[float, float]:
    """Mean of the worst `share` of n values, whose innermost value is `edge`, and its error."""
    sign = 1.0 if high_is_bad else -1.0
    count, total, squares = 0, 0.0, 0.0
    for values in column:
        beyond = sign * (values[sign * values > sign * edge] - edge)
        count += beyond.size
        total += float(beyond.sum())
        squares += float((beyond**2).sum())
    size = share * n
    excess = total / size
    variance = squares / size - excess**2
    return edge + sign * excess, math.sqrt(max(0.0, variance + (1.0 - share) * excess**2) / size)


def describe(column: Column, high_is_bad: bool) -> list[Estimate]:
    """Mean, quantiles, conditional tail expectations, probability below zero, and the central case."""
    n, mean, variance, low, high, negative = _moments(column)
    result = [Estimate("mean", mean, math.sqrt(variance / n)), Estimate("sd", math.sqrt(variance), math.nan)]
    ranks = {p: _ranks(p, n) for p in QUANTILES}
    values = ranked(column, [r for triple in ranks.values() for r in triple], low, high, n)
    for p, (below, at, above) in ranks.items():
        result.append(Estimate(f"p{100 * p:g}", values[at], (values[above] - values[below]) / 2.0))
    for p in TAILS:
        share = 1.0 - p
        edge_p = p if high_is_bad else share
        edge = values[ranks[edge_p][1]] if edge_p in ranks else _edge(column, edge_p, low, high, n)
        result.append(Estimate(f"cte{100 * p:g}", *_tail(column, share, edge, n, high_is_bad)))
    result.append(Estimate("probability_negative", *probability(negative, n)))
    result.append(Estimate("central", column.central, math.nan))
    return result


def _edge(column: Column, p: float, low: float, high: float, n: int) -> float:
    rank = _ranks(p, n)[1]
    return ranked(column, [rank], low, high, n)[rank]


def exceedance(column: Column, points: int = 61) -> list[tuple[float, float, float]]:
    """(threshold, probability of more, error) on an even grid from the 1st to the 99.9th percentile."""
    n, _, _, low, high, _ = _moments(column)
    first, last = _ranks(0.01, n)[1], _ranks(0.999, n)[1]
    ends = ranked(column, [first, last], low, high, n)
    grid = np.linspace(ends[first], ends[last], points)
    above = np.zeros(points, dtype=np.int64)
    for values in column:
        above += values.size - np.searchsorted(np.sort(values), grid, side="right")
    return [(float(x), *probability(int(k), n)) for x, k in zip(grid, above, strict=True)]
