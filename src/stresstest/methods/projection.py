"""How much of a result a set of factors explains: Var(E[Y | X]) / Var(Y), by weighted least squares on a basis.

One pass over the futures gives sums of products of all columns; every subset of factors is then a block of one matrix. The share
explained is corrected for chance fit (adjusted R², Wherry 1931), so that it is 0 on average where there is nothing to explain:

    share = 1 − (1 − R²) · (n − 1) / (n − columns − 1),      n = (Σ w)² / Σ w²

How fine the basis is, is decided by the fit in futures that were left out (FOLDS parts; groups stay whole where there are so
many). Columns that repeat others are left out of a solution by a Cholesky factor with pivots. Errors come from influence
functions: with fitted values f,

    ψ = ((1 − share) · (y − mean)² − (y − f)²) / Var(Y)

has mean 0 where share is R², and the standard error of a share, or of a sum of shares, follows from the spread of its own ψ
(Williamson, Gilbert, Carone and Simon 2021), added up within groups of futures that are not independent.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np

from ..errors import DataError
from .basis import Basis, Size
from .cases import Cases

FOLDS, ROWS = 4, 4096
REPEATED = 1e-7
FEW_GROUPS = 200
NORMAL_95 = 1.959964


def one_thread() -> AbstractContextManager[object]:
    """Linear algebra on one thread while the block lasts: matrices are small, and threads that wait cost more than they save."""
    import scipy.linalg  # noqa: F401 - what is not loaded yet is not limited
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    limits: AbstractContextManager[object] = threadpool_limits(1, user_api="blas")
    return limits


@dataclass(frozen=True)
class Share:
    """A share of variance with its standard error and 95% interval."""

    value: float
    error: float
    low: float
    high: float

    @staticmethod
    def of(value: float, error: float, critical: float = NORMAL_95) -> Share:
        """From a standard error and the multiple of it that makes the interval."""
        return Share(float(value), float(error), float(value - critical * error), float(value + critical * error))


@dataclass(frozen=True)
class Moments:
    """Weighted sums of products over futures, by fold: float64[FOLDS, p + 1 + results, …] of columns, the constant, results.

    Results are centred and have variance 1 before they are summed; `n` futures after allowing for weights.
    """

    sums: np.ndarray
    columns: int
    results: tuple[str, ...]
    n: float

    def centred(self, folds: Sequence[int] | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(Gram matrix [p, p], products with results [p, results], squares [results]) as weighted means, the means taken off."""
        total = self.sums[list(range(FOLDS)) if folds is None else list(folds)].sum(axis=0)
        p, weight = self.columns, total[self.columns, self.columns]
        middle = total[p] / weight
        held = total / weight - np.outer(middle, middle)
        return held[:p, :p], held[:p, p + 1 :], np.diag(held)[p + 1 :]


def fold_of(cases: Cases) -> np.ndarray:
    """The fold of each future, int64[n]; groups stay whole where there are FOLDS of them, otherwise rows are cut into FOLDS runs.

    Errors: DataError where all futures are one group, since nothing then says how sure a figure is.
    """
    if cases.groups is None:
        return np.arange(cases.n) % FOLDS
    known, place = np.unique(cases.groups, return_inverse=True)
    if known.size < 2:
        raise DataError("all futures hang together, so no error can be found", key="groups", value=known.size,
                        expected="two groups at least; draw more replicates")  # fmt: skip
    return np.asarray(place.reshape(-1) % FOLDS if known.size >= FOLDS else np.arange(cases.n) * FOLDS // cases.n)


def standard(cases: Cases, results: Sequence[str]) -> np.ndarray:
    """Results with weighted mean 0 and variance 1, float64[n, results]; 0 where a result never varies."""
    share = cases.weight / cases.weight.sum()
    found = np.empty((cases.n, len(results)))
    for k, name in enumerate(results):
        values = cases.result(name)
        middle = share @ values
        spread = math.sqrt(max(0.0, share @ (values - middle) ** 2))
        found[:, k] = (values - middle) / spread if spread > 1e-12 * max(1.0, abs(middle)) else 0.0
    return found


def moments_of(cases: Cases, basis: Basis, results: Sequence[str]) -> Moments:
    """One pass over the futures, block of rows by block of rows."""
    fold, y = fold_of(cases), standard(cases, results)
    width = basis.size + 1 + len(results)
    sums = np.zeros((FOLDS, width, width))
    for k in range(FOLDS):
        rows = np.flatnonzero(fold == k)
        for start in range(0, rows.size, ROWS):
            own = rows[start : start + ROWS]
            block = np.empty((own.size, width))
            block[:, : basis.size], block[:, basis.size], block[:, basis.size + 1 :] = basis.design(cases, own), 1.0, y[own]
            block *= np.sqrt(cases.weight[own])[:, None]
            sums[k] += block.T @ block
    weight = cases.weight
    return Moments(sums, basis.size, tuple(results), float(weight.sum() ** 2 / (weight @ weight)))


def solve(gram: np.ndarray, products: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(coefficients [p, results] with 0 outside `columns`, the columns that were kept) of least squares on bool[p] `columns`."""
    from scipy.linalg.lapack import dposv

    out = np.zeros_like(products)
    chosen = np.flatnonzero(columns & (np.diag(gram) > REPEATED))
    if chosen.size == 0:
        return out, chosen
    block = gram[np.ix_(chosen, chosen)]
    factor, found, failed = dposv(block, products[chosen])
    if failed or np.any(np.diag(factor) ** 2 < REPEATED * np.diag(block)):
        chosen = chosen[_different(block)]
        _, found, _ = dposv(gram[np.ix_(chosen, chosen)], products[chosen])
    out[chosen] = found
    return out, chosen


def _different(block: np.ndarray) -> np.ndarray:
    """Places of columns of a Gram matrix that do not repeat others."""
    from scipy.linalg.lapack import dpstrf

    scale = 1.0 / np.sqrt(np.diag(block))
    _, pivots, rank, _ = dpstrf(block * np.outer(scale, scale), tol=REPEATED, lower=0)
    return np.asarray(np.sort(pivots[:rank] - 1))


def adjusted(fitted: np.ndarray | float, n: float, columns: int) -> np.ndarray:
    """R² corrected for chance fit: 1 − (1 − R²)·(n − 1)/(n − columns − 1)."""
    return np.asarray(1.0 - (1.0 - np.asarray(fitted)) * (n - 1.0) / max(1.0, n - columns - 1.0))


def choose_size(moments: Moments, basis: Basis, sizes: Sequence[Size]) -> tuple[Size, np.ndarray]:
    """(the size whose fit explains most in futures that were left out, the share explained there [results])."""
    best: tuple[float, Size, np.ndarray] = (-math.inf, sizes[0], np.zeros(len(moments.results)))
    for size in sizes:
        columns = basis.within(size)
        left = np.zeros((2, len(moments.results)))
        for fold in range(FOLDS):
            gram, products, _ = moments.centred([k for k in range(FOLDS) if k != fold])
            coefficients, _ = solve(gram, products, columns)
            own, own_products, squares = moments.centred([fold])
            missed = squares - 2.0 * (coefficients * own_products).sum(axis=0) + (coefficients * (own @ coefficients)).sum(axis=0)
            left += [missed, squares]
        share = 1.0 - left[0] / np.where(left[1] > 0.0, left[1], 1.0)
        if share.mean() > best[0] + 1e-12:
            best = (float(share.mean()), size, share)
    return best[1], best[2]


def blocks(cases: Cases, most: int) -> Iterator[np.ndarray]:
    """Row numbers in blocks: at most about `most`, evenly spaced, or of that many whole groups; all where groups are fewer."""
    if cases.groups is None:
        rows = np.arange(0, cases.n, max(1, -(-cases.n // most)))
    else:
        rows = np.flatnonzero(cases.groups % max(1, (int(cases.groups.max()) + 1) // most) == 0)
    for start in range(0, rows.size, ROWS // 4):
        yield rows[start : start + ROWS // 4]


class Spread:
    """Covariance of weighted means from influences that are added block by block, groups kept together."""

    def __init__(self, cases: Cases, count: int) -> None:
        self.groups = cases.groups
        numbers = 0 if cases.groups is None else int(cases.groups.max()) + 1
        self.by_group, self.weights = np.zeros((numbers, count)), np.zeros(numbers)
        self.squares, self.sums = np.zeros((count, count)), np.zeros(count)
        self.weight, self.weight_squares, self.rows, self.n = 0.0, 0.0, 0, cases.n

    def add(self, influence: np.ndarray, weight: np.ndarray, rows: np.ndarray) -> None:
        """Take in influence[rows, count] of the futures `rows` with their weights."""
        weighed = influence * weight[:, None]
        self.rows, self.weight = self.rows + rows.size, self.weight + float(weight.sum())
        self.weight_squares += float(weight @ weight)
        self.sums += weighed.sum(axis=0)
        if self.groups is None:
            self.squares += weighed.T @ weighed
        else:
            np.add.at(self.by_group, self.groups[rows], weighed)
            np.add.at(self.weights, self.groups[rows], weight)

    def covariance(self) -> np.ndarray:
        """Covariance [count, count] of the means over all futures of the cases; influences are taken to have mean 0."""
        middle = self.sums / self.weight
        if self.groups is None:
            count, squares = self.rows, self.squares - self.weight_squares * np.outer(middle, middle)
        else:
            seen = self.weights > 0.0
            own = self.by_group[seen] - self.weights[seen, None] * middle
            count, squares = int(seen.sum()), own.T @ own
        return np.asarray(squares / self.weight**2 * (self.rows / self.n) * count / max(1, count - 1))


def critical(cases: Cases) -> float:
    """Standard errors either side of a 95% interval: Student's where few groups are independent of each other."""
    if cases.groups is None:
        return NORMAL_95
    count = int(np.unique(cases.groups).size)
    if count > FEW_GROUPS:
        return NORMAL_95
    from scipy.stats import t

    return float(t.ppf(0.975, max(1, count - 1)))


def between(classes: np.ndarray, y: np.ndarray, cases: Cases) -> list[Share]:
    """Share of each standardised y[n, results] that classes int64[n] explain: correlation ratio, adjusted (Pearson 1905)."""
    weight, count = cases.weight, int(classes.max()) + 1
    mass = np.bincount(classes, weights=weight, minlength=count)
    n = float(weight.sum() ** 2 / (weight @ weight))
    found, spread = [], Spread(cases, y.shape[1])
    means = np.array([np.bincount(classes, weights=weight * column, minlength=count) for column in y.T])
    means = np.divide(means, mass, out=np.zeros_like(means), where=mass > 0.0)
    shares = (means**2 @ mass) / mass.sum()
    influence = (1.0 - shares) * y**2 - (y - means[:, classes].T) ** 2
    spread.add(influence, weight, np.arange(cases.n))
    errors = np.sqrt(np.diag(spread.covariance()))
    used = int((mass > 0.0).sum()) - 1
    for value, error in zip(adjusted(shares, n, used), errors, strict=True):
        found.append(Share.of(float(value), float(error), critical(cases)))
    return found
