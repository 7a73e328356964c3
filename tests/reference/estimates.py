"""Weighted statistics and their variances future by future, in plain Python, from the words of measures/.

Nothing here is fast or kept in parts: every sum runs over all futures, and every design has a loop of its own.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

Numbers = Sequence[float]


def mean(x: Numbers, w: Numbers) -> float:
    """Σ w x / Σ w."""
    return math.fsum(a * b for a, b in zip(w, x, strict=True)) / math.fsum(w)


def sd(x: Numbers, w: Numbers) -> float:
    """√(Σ w (x − mean)² / (W − Σ w² / W))."""
    middle, total = mean(x, w), math.fsum(w)
    square = math.fsum(b * (a - middle) ** 2 for a, b in zip(x, w, strict=True))
    return math.sqrt(square / (total - math.fsum(b * b for b in w) / total))


def quantile(x: Numbers, w: Numbers, p: float) -> float:
    """The smallest value up to which the futures weigh p·W (less a billionth of one future, for rounding)."""
    total, so_far = math.fsum(w), 0.0
    wanted = p * total - 1e-9 * total / len(x)
    pairs = sorted(zip(x, w, strict=True))
    for value, weight in pairs:
        so_far += weight
        if so_far >= wanted:
            return value
    return pairs[-1][0]


def tail_mean(x: Numbers, w: Numbers, share: float, high_is_bad: bool) -> float:
    """Mean of the worst `share` of the weight, the value on its edge counted in part."""
    left = wanted = share * math.fsum(w)
    total = 0.0
    for value, weight in sorted(zip(x, w, strict=True), reverse=high_is_bad):
        taken = min(weight, left)
        total, left = total + taken * value, left - taken
        if left <= 0.0:
            break
    return total / wanted


def independent(u: Numbers) -> float:
    """Variance of Σ u of independent futures, u having mean 0."""
    return len(u) / (len(u) - 1) * math.fsum(a * a for a in u)


def _sums(u: Numbers, groups: Sequence[int]) -> dict[int, float]:
    found: dict[int, float] = defaultdict(float)
    for a, g in zip(u, groups, strict=True):
        found[g] += a
    return found


def clustered(u: Numbers, groups: Sequence[int]) -> float:
    """Variance of Σ u where groups (pairs or replicates) are independent and alike."""
    sums = list(_sums(u, groups).values())
    return len(sums) / (len(sums) - 1) * math.fsum(a * a for a in sums)


def stratified(u: Numbers, groups: Sequence[int]) -> float:
    """Variance of Σ u by cell: cells of one future joined to the next, the last to the one before; and their dealing out."""
    cells: dict[int, list[float]] = defaultdict(list)
    for a, g in zip(u, groups, strict=True):
        cells[g].append(a)
    strata: list[list[float]] = []
    waiting: list[float] = []
    for g in sorted(cells):
        waiting = waiting + cells[g]
        if len(waiting) > 1:
            strata.append(waiting)
            waiting = []
    if waiting:
        strata[-1] = strata[-1] + waiting
    total, n = 0.0, len(u)
    missed = 0.5 * sum(abs(n / 2**j - round(n / 2**j)) ** 2 for j in range(1, 60))
    for stratum in strata:
        m, middle = len(stratum), math.fsum(stratum) / len(stratum)
        total += m / (m - 1) * math.fsum((a - middle) ** 2 for a in stratum)
        total += missed * middle**2 if len(strata) > 1 else 0.0
    return total


def before_weights(pieces: Sequence[np.ndarray], high_is_bad: bool) -> dict[str, float]:
    """Values as they were worked out when every future weighed 1: the same operations in the same order, to the last bit."""
    n, middle, square = 0, 0.0, 0.0
    for values in pieces:
        if values.size:
            m, k = float(values.mean()), values.size
            square += float(((values - m) ** 2).sum()) + (m - middle) ** 2 * n * k / (n + k)
            middle += (m - middle) * k / (n + k)
            n += k
    ordered = np.sort(np.concatenate(pieces))
    found = {"mean": middle, "sd": math.sqrt(square / (n - 1)), "probability_negative": int((ordered < 0.0).sum()) / n}
    for p in (0.025, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.975, 0.99):
        found[f"p{100 * p:g}"] = float(ordered[min(n - 1, max(0, math.ceil(p * n - 1e-9) - 1))])
    for p in (0.95, 0.99):
        share, sign = 1.0 - p, 1.0 if high_is_bad else -1.0
        rank = min(n - 1, max(0, math.ceil((p if high_is_bad else share) * n - 1e-9) - 1))
        edge, total = float(ordered[rank]), 0.0
        for values in pieces:
            total += float((sign * (values[sign * values > sign * edge] - edge)).sum())
        found[f"cte{100 * p:g}"] = edge + sign * (total / (share * n))
    return found
