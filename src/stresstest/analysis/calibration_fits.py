"""Fits of the axes' processes to yearly series: crises, spread of levels, noise, persistence and links.

Everything is counted once. A crisis is an episode and not a year. What is left round the level of each stretch of a
contract's length is noise, and only what the averages of the stretches vary by beyond it is a spread of levels.

    crisis       years of falling output in a row are one episode; the year after belongs to it where it grows by more
                 than two standard deviations above the calm mean (the rebound). Its size is the shortfall of all its
                 years below the calm mean of their stretch, added up.
    level        variance of the stretches' averages, less what noise and crises alone would give
    noise        residuals e = M·y round each stretch's path. With R[i, j] = persistence^|i − j| the expected sums of
                 squares and of neighbours' products are var · tr(M·R·M′) and its first off-diagonal, which takes out the
                 bias of having fitted the path; noise is √(var · (1 − persistence²))
    link         regression of what is left of the share on what is left of the surprise, both round the same paths

Standard errors are those of large samples (sd/√(2·degrees of freedom) for a spread); five stretches are not a large
sample, so those of levels are rough. A stretch is a contract's length, 15 years.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

STRETCH = 15
REBOUND = 2.0
HIGHEST_PERSISTENCE = 0.95
FLATTEST = 0.1


@dataclass(frozen=True)
class Estimate:
    """A fitted number and its standard error."""

    value: float
    error: float


@dataclass(frozen=True)
class Episode:
    """A crisis: its years as indices into the series, and its shortfall below the calm mean (share of output)."""

    years: tuple[int, ...]
    shortfall: float


@dataclass(frozen=True)
class Residuals:
    """What is left of one stretch: e = M·y, the projector M, and the year of each row."""

    left: np.ndarray
    projector: np.ndarray
    years: np.ndarray


def stretches(count: int, length: int = STRETCH, first: int = 0) -> list[np.ndarray]:
    """Indices of the whole stretches of `length` years from `first` on."""
    return [np.arange(start, start + length) for start in range(first, count - length + 1, length)]


# ── crises ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def calm_means(growth: np.ndarray, calm: np.ndarray, length: int = STRETCH) -> np.ndarray:
    """The mean of the calm years of each year's stretch; a last, shorter stretch goes with the one before."""
    means = np.empty(growth.size)
    parts = stretches(growth.size, length) or [np.arange(growth.size)]
    parts[-1] = np.arange(parts[-1][0], growth.size)
    for part in parts:
        means[part] = growth[part][calm[part]].mean()
    return means


def calm_years(count: int, runs: Sequence[Sequence[int]]) -> np.ndarray:
    """bool[count]: the years that belong to no crisis."""
    calm = np.ones(count, dtype=bool)
    for run in runs:
        calm[list(run)] = False
    return calm


def _runs(years: np.ndarray) -> list[list[int]]:
    """Years in a row, run by run."""
    runs: list[list[int]] = []
    for year in years.tolist():
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return runs


def episodes(growth: np.ndarray, length: int = STRETCH) -> list[Episode]:
    """The crises of a series of yearly growth, each counted once."""
    falling = growth < 0.0
    means = calm_means(growth, ~falling, length)
    rebound = growth > means + REBOUND * (growth - means)[~falling].std()
    runs = _runs(np.flatnonzero(falling))
    for run in runs:
        if run[-1] + 1 < growth.size and rebound[run[-1] + 1]:
            run.append(run[-1] + 1)
    means = calm_means(growth, calm_years(growth.size, runs), length)
    return [Episode(tuple(run), float((means - growth)[run].sum())) for run in runs]


# ── noise round a path ─────────────────────────────────────────────────────────────────────────────────────────────
def residuals(values: np.ndarray, design: np.ndarray, years: np.ndarray) -> Residuals:
    """What a least-squares fit of `values` on the columns of `design` leaves."""
    projector = np.eye(len(values)) - design @ np.linalg.pinv(design)
    return Residuals(projector @ values, projector, years)


def likeness(years: np.ndarray, persistence: float) -> np.ndarray:
    """R[i, j] = persistence^|year i − year j|."""
    return np.asarray(persistence ** np.abs(years[:, None] - years[None, :]))


def _neighbours(years: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    here = np.flatnonzero(np.diff(years) == 1)
    return here, here + 1


def _expected(parts: Sequence[Residuals]) -> tuple[np.ndarray, np.ndarray]:
    """Expected sum of squares and sum of neighbours' products at unit variance, as polynomials in the persistence.

    R is a sum of persistence^k times the pattern of pairs k years apart, so each coefficient is taken once.
    """
    longest = max(int(part.years[-1] - part.years[0]) for part in parts)
    squares, products = np.zeros(longest + 1), np.zeros(longest + 1)
    for part in parts:
        apart = np.abs(part.years[:, None] - part.years[None, :])
        for k in range(int(apart.max()) + 1):
            left = part.projector @ (apart == k) @ part.projector.T
            squares[k] += np.trace(left)
            products[k] += left[_neighbours(part.years)].sum()
    return squares, products


def noise_of(parts: Sequence[Residuals], parameters: int = 0) -> tuple[Estimate, Estimate]:
    """(noise, persistence): sd of the yearly innovation and lag-1 persistence behind residuals of fitted paths.

    `parameters` counts what was fitted to all parts together (a link), beyond each part's own path.
    """
    pairs = [_neighbours(part.years) for part in parts]
    squares = sum(float(part.left @ part.left) for part in parts)
    products = sum(float(part.left[i] @ part.left[j]) for part, (i, j) in zip(parts, pairs, strict=True))
    grid = np.linspace(-HIGHEST_PERSISTENCE, HIGHEST_PERSISTENCE, 191)
    expected = [np.polyval(coefficients[::-1], grid) for coefficients in _expected(parts)]
    ratio = expected[1] / expected[0]
    persistence = float(np.interp(products / squares, ratio, grid))
    slope = max(float(np.interp(persistence, grid, np.gradient(ratio, grid))), FLATTEST)
    free = sum(float(np.trace(part.projector)) for part in parts)
    variance = squares / float(np.interp(persistence, grid, expected[0])) * free / (free - parameters)
    noise = float(np.sqrt(variance * (1.0 - persistence**2)))
    error = float(np.sqrt((1.0 - persistence**2) / sum(len(i) for i, _ in pairs))) / slope
    return Estimate(noise, noise / float(np.sqrt(2.0 * (free - parameters)))), Estimate(persistence, error)


# ── levels ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def variance_of_mean(noise: float, persistence: float, years: int = STRETCH) -> float:
    """Variance of the average of `years` years of noise with persistence, in its steady state."""
    return float(noise**2 / (1.0 - persistence**2) * likeness(np.arange(years), persistence).mean())


def level_spread(series: np.ndarray, within: float, length: int = STRETCH) -> Estimate:
    """Sd of levels: the averages of stretches vary by more than `within`, the variance that noise alone gives them."""
    means = np.array([series[part].mean() for part in stretches(series.size, length)])
    variance = float(means.var(ddof=1))
    spread = max(variance - within, 0.0) ** 0.5
    error = variance * (2.0 / (means.size - 1)) ** 0.5
    return Estimate(spread, min(error / (2.0 * spread), error**0.5) if spread > 0.0 else error**0.5)


def mean_of_levels(series: np.ndarray, length: int = STRETCH) -> Estimate:
    """Average of the series, with the error that the averages of its stretches show."""
    means = np.array([series[part].mean() for part in stretches(series.size, length)])
    return Estimate(float(series.mean()), float(means.std(ddof=1)) / float(means.size**0.5))


def regression(values: np.ndarray, design: np.ndarray, lags: int = 3) -> tuple[list[Estimate], Estimate, float]:
    """Least squares: (coefficients, sd of what is left, share of the variance explained).

    Errors allow for residuals that hang together over `lags` years (Newey and West, 1987).
    """
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ design.T @ values
    left = values - design @ coefficients
    scores = design * left[:, None]
    middle = scores.T @ scores
    for lag in range(1, lags + 1):
        cross = scores[lag:].T @ scores[:-lag]
        middle += (1.0 - lag / (lags + 1)) * (cross + cross.T)
    free = values.size - design.shape[1]
    errors = np.sqrt(np.diag(inverse @ middle @ inverse) * values.size / free)
    sd = float(np.sqrt(left @ left / free))
    explained = 1.0 - float(left @ left) / float(((values - values.mean()) ** 2).sum())
    found = [Estimate(float(c), float(e)) for c, e in zip(coefficients, errors, strict=True)]
    return found, Estimate(sd, sd / float(np.sqrt(2.0 * free))), explained
