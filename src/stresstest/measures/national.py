"""Many places in one economy, added up future by future: how many fail at once, what a national body carries, what diversifies.

For K places with x_k in each future and S = Σ x_k (weights of futures as everywhere):

    joint          P(just j places fail), seen; independent: the law of a sum of independent events with the same chances
                   (Poisson-binomial); together: all places fail in one order, P(at least j) the j-th largest chance
    diversified    sd(S) against √Σ σ_k² (independent places) and Σ σ_k (places that move as one)
    correlation    ρ = (σ_S² − Σ σ_k²) / ((Σ σ_k)² − Σ σ_k²): the pairs' correlations, weighed by both places' σ

Errors of ratio and ρ are by linearisation: with q = Σ (x_k − μ_k)² and r = Σ (x_k − μ_k)² / σ_k in each future,

    ψ(ratio) = ratio · ((S − μ)² / 2σ_S² − q / 2Σσ²)
    ψ(ρ) = ((S − μ)² − A) / (D − B) + (q − B)(A − D) / (D − B)² − √D (r − √D)(A − B) / (D − B)²,  A = σ_S², B = Σσ², D = (Σσ)²

    ψ(A − B) = (S − μ)² − q − (A − B)

and the design's error of their mean. The variance of S is what places share, A − B, and what is local, B. Of endlessly many such
places the variance per place would be ρ of that of places that move as one, and the share of today's that remains is ρ D / A.
Sizes: D / B places of one size would even out as much; K of one size, K the number of places, would have the variance
D (ρ + (1 − ρ) / K). Quantiles are those of S; nothing adds the places' own quantiles.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .estimates import Wanted, estimate
from .moments import moments
from .probabilities import probabilities
from .stream import Column

Row = dict[str, Any]
Values = np.ndarray
#: From f(S, q, r) → values of each future to their column.
Combined = Callable[[Callable[[Values, Values, Values], Values]], Column]
MEAN, TAIL = Wanted("mean"), 0.95
#: Statistics of a total, by which side is bad.
HIGH_IS_BAD = (MEAN, *(Wanted("quantile", p) for p in (0.1, 0.5, 0.9, 0.95, 0.99)), Wanted("cte", TAIL, True))
LOW_IS_BAD = (MEAN, *(Wanted("quantile", p) for p in (0.01, 0.05, 0.1, 0.5, 0.9)), Wanted("cte", TAIL, False))


# ── joint failures ─────────────────────────────────────────────────────────────────────────────────────────────────
def independent(chances: Sequence[float]) -> Values:
    """P(just j events happen), j = 0 … K, of independent events with these chances; float64[K + 1]."""
    found = np.ones(1)
    for p in chances:
        found = np.convolve(found, (1.0 - p, p))
    return found


def together(chances: Sequence[float]) -> Values:
    """P(just j events happen) where each happens whenever a less likely one does; float64[K + 1]."""
    at_least = np.array([1.0, *sorted(chances, reverse=True), 0.0])
    return np.asarray(at_least[:-1] - at_least[1:])


def joint_rows(counts: Column, chances: Sequence[float]) -> list[Row]:
    """For each number of failing places: the chance of just that many and of at least that many; seen, independent, together."""
    size, column = len(chances), counts.held()
    just = probabilities(column, [_equal(j) for j in range(size + 1)])
    least = probabilities(column, [_reaches(j) for j in range(size + 1)])
    rows, others = [], {"independent": independent(chances), "together": together(chances)}
    for j in range(size + 1):
        row: Row = {"places_failing": j, "probability": just[j].value, "probability_error": just[j].error,
                    "at_least_probability": least[j].value, "at_least_probability_error": least[j].error,
                    "at_least_probability_low": least[j].low, "at_least_probability_high": least[j].high}  # fmt: skip
        for name, law in others.items():
            row |= {f"{name}_probability": float(law[j]), f"{name}_at_least_probability": float(law[j:].sum())}
        rows.append(row)
    return rows


def _equal(j: int) -> Callable[[Values], Values]:
    return lambda count: np.asarray(count == j)


def _reaches(j: int) -> Callable[[Values], Values]:
    return lambda count: np.asarray(count >= j)


def joint_summary(counts: Column, chances: Sequence[float]) -> Row:
    """Mean number of failing places, its standard deviation, and that of independent and of fully joint failures."""
    (mean,), found = estimate(counts.held(), [MEAN]), moments(counts)
    alone = math.sqrt(sum(p * (1.0 - p) for p in chances))
    laws = together(chances)
    order = np.arange(laws.size)
    as_one = math.sqrt(max(0.0, float(laws @ order**2) - float(laws @ order) ** 2))
    return {
        "mean_places": mean.value, "mean_places_error": mean.error, "sd_places": found.sd, "independent_sd_places": alone,
        "together_sd_places": as_one, "times_independent": found.sd / alone if alone > 0.0 else math.nan,
    }  # fmt: skip


# ── totals ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def total_rows(total: Column, high_is_bad: bool) -> list[Row]:
    """Statistics of a total over places, each with its error and 95% interval."""
    found = estimate(total.held(), HIGH_IS_BAD if high_is_bad else LOW_IS_BAD)
    return [{"statistic": e.statistic, "value": e.value, "error": e.error, "low": e.low, "high": e.high} for e in found]


#: Figures of a total without spread.
NOTHING_KNOWN = (
    "times_independent", "times_independent_error", "correlation", "correlation_error", "shared_share", "local_share",
    "shared_share_error", "remaining_share", "remaining_share_error", "effective_places", "equal_sizes_sd",
)  # fmt: skip


def diversification(combined: Combined, sds: Sequence[float]) -> Row:
    """What diversifies of a total: standard deviations, ratio to independent places, correlation, what is shared, what sizes do.

    Errors are found by linearisation.
    """
    total = moments(combined(lambda s, q, r: s))
    a, b, d = total.square / total.weight, math.fsum(sd * sd for sd in sds), math.fsum(sds) ** 2
    size, sd = math.sqrt(d), math.sqrt(a)
    row: Row = {
        "sd": sd, "independent_sd": math.sqrt(b), "together_sd": size, "diversified_share": 1.0 - sd / size if size else math.nan,
        **dict.fromkeys(NOTHING_KNOWN, math.nan),
    }  # fmt: skip
    if a > 0.0 and b > 0.0:
        psi = ratio_influence(total.mean, a, b)
        error, ratio = _error(combined(psi)), sd / math.sqrt(b)
        row |= {"times_independent": ratio, "times_independent_error": error, "effective_places": d / b,
                "shared_share": 1.0 - b / a, "local_share": b / a, "shared_share_error": 2.0 * error / ratio**3}  # fmt: skip
    if d - b > 1e-12 * d:
        row |= _endless(combined, total.mean, (a, b, d), len(sds))
    return row


def _endless(combined: Combined, mean: float, sums: tuple[float, float, float], count: int) -> Row:
    """Correlation, what of the variance would remain with endlessly many such places, and the spread of places of one size."""
    a, b, d = sums
    rho, other = (a - b) / (d - b), correlation_influence(mean, a, b, d)
    row: Row = {"correlation": rho, "correlation_error": _error(combined(other))}
    if a > 0.0:
        size, left = math.sqrt(d), rho * d / a
        psi = combined(lambda s, q, r: (d * other(s, q, r) + rho * size * (r - size) - left * ((s - mean) ** 2 - a)) / a)
        row |= {"remaining_share": left, "remaining_share_error": _error(psi)}
    return row | {"equal_sizes_sd": math.sqrt(max(0.0, d * (rho + (1.0 - rho) / count)))}


def ratio_influence(mean: float, a: float, b: float) -> Callable[[Values, Values, Values], Values]:
    """ψ of the total's standard deviation over that of independent places, of (S, q, r)."""
    ratio = math.sqrt(a / b)
    return lambda s, q, r: ratio * ((s - mean) ** 2 / (2.0 * a) - q / (2.0 * b))


def correlation_influence(mean: float, a: float, b: float, d: float) -> Callable[[Values, Values, Values], Values]:
    """ψ of the correlation, of (S, q, r)."""
    gap, size = d - b, math.sqrt(d)
    return lambda s, q, r: (((s - mean) ** 2 - a) / gap + (q - b) * (a - d) / gap**2
                            - size * (r - size) * (a - b) / gap**2)  # fmt: skip


def shared_influence(mean: float, a: float, b: float) -> Callable[[Values, Values], Values]:
    """ψ of the variance that places share, A − B, of (S, q)."""
    return lambda s, q: (s - mean) ** 2 - q - (a - b)


def _error(column: Column) -> float:
    return float(estimate(column.held(), [MEAN])[0].error)


def population_sd(column: Column) -> float:
    """√(Σ w (x − μ)² / W) of a column."""
    found = moments(column)
    return math.sqrt(found.square / found.weight) if found.weight > 0.0 else math.nan
