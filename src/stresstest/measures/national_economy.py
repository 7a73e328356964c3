"""Which of the shared uncertainties goes with a national total. Correlation only: nothing here says that one makes the other.

For a total y and a column x of what nature did, with weights w and z the standardised columns,

    correlation  ρ = Σ w z_x z_y / W        ψ(ρ) = z_x z_y − ρ (z_x² + z_y²) / 2
    together     share of the variance of y that a straight line in all columns takes up, R² = 1 − σ_e² / σ_y², e its residuals:
                 ψ(R²) = −(e² − σ_e²) / σ_y² + σ_e² ((y − μ)² − σ_y²) / σ_y⁴

and the design's error of their mean (the line's own coefficients move R² in second order only). A share of variance of one
column is ρ². Columns go with each other, so that shares do not add up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .designs import Design
from .national_years import error_of
from .stream import Column, Piece

Row = dict[str, Any]
Values = np.ndarray
#: (start, stop) stretches → (x[columns, n], y[n], weights[n], groups[n]).
Stretch = tuple[Values, Values, Values, Values]
TOGETHER = "all of these together"


def correlation_rows(stretches: Callable[[], Any], names: Sequence[str], design: Design) -> list[Row]:
    """One row for each column of nature, the closest first, and one for all together; columns that never move are left out.

    `stretches()` yields (x[columns, n], y[n], weights[n], groups[n]) again and again the same.
    """
    mean, cov = _moments(stretches, len(names))
    spread = np.sqrt(np.maximum(np.diag(cov), 0.0))
    y = len(names)
    if not spread[y] > 0.0:
        return []
    moving = [k for k in range(y) if spread[k] > 1e-9 * max(1.0, abs(mean[k]))]
    rows: list[Row] = []
    for k in moving:
        rho = float(cov[k, y] / (spread[k] * spread[y]))
        error = error_of(_column(stretches, design, _pair(k, mean, spread, rho)))
        rows.append({"axis": names[k], "correlation": rho, "correlation_error": error, "share_of_variance": rho * rho,
                     "share_of_variance_error": 2.0 * abs(rho) * error})  # fmt: skip
    rows.sort(key=lambda row: -float(row["share_of_variance"]))
    return [*rows, _together(stretches, design, mean, cov, moving)] if moving else rows


def _moments(stretches: Callable[[], Any], count: int) -> tuple[Values, Values]:
    """Weighted means and covariances of the columns and the total (last); the first stretch's means are the origin of sums."""
    origin, weight, sums, squares = np.zeros(count + 1), 0.0, np.zeros(count + 1), np.zeros((count + 1, count + 1))
    for k, (x, y, w, _) in enumerate(stretches()):
        every = np.vstack((x, y[None, :]))
        if k == 0:
            origin = every @ w / w.sum()
        every = every - origin[:, None]
        weight, sums, squares = weight + float(w.sum()), sums + every @ w, squares + (every * w) @ every.T
    shift = sums / weight
    return origin + shift, squares / weight - np.outer(shift, shift)


def _pair(k: int, mean: Values, spread: Values, rho: float) -> Callable[[Values, Values], Values]:
    def influence(x: Values, y: Values) -> Values:
        a, b = (x[k] - mean[k]) / spread[k], (y - mean[-1]) / spread[-1]
        return np.asarray(a * b - rho * (a * a + b * b) / 2.0)

    return influence


def _together(stretches: Callable[[], Any], design: Design, mean: Values, cov: Values, moving: Sequence[int]) -> Row:
    """The share of variance that a straight line in all columns takes up."""
    own = np.array(moving)
    scale = np.sqrt(np.diag(cov))[own]
    slopes = np.linalg.lstsq(cov[np.ix_(own, own)] / np.outer(scale, scale), cov[own, -1] / scale, rcond=1e-10)[0] / scale
    whole = float(cov[-1, -1])
    left = max(0.0, whole - float(slopes @ cov[own, -1]))

    def influence(x: Values, y: Values) -> Values:
        apart = y - mean[-1]
        rest = apart - slopes @ (x[own] - mean[own][:, None])
        return np.asarray(-(rest * rest - left) / whole + left * (apart * apart - whole) / whole**2)

    share = 1.0 - left / whole
    error = error_of(_column(stretches, design, influence))
    rho = math.sqrt(max(0.0, share))
    return {"axis": TOGETHER, "correlation": rho, "correlation_error": error / (2.0 * rho) if rho else math.nan,
            "share_of_variance": share, "share_of_variance_error": error}  # fmt: skip


def _column(stretches: Callable[[], Any], design: Design, influence: Callable[[Values, Values], Values]) -> Column:
    return Column(lambda: (Piece(influence(x, y), w, g) for x, y, w, g in stretches()), design=design)
