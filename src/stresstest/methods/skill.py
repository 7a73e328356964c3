"""Is a forecast better than none? Brier score and log score against a reference, calibration, and a logistic yardstick.

    Brier score   mean of (p − y)², p the chance that was given, y 1 where it failed (Brier 1950)
    log score     mean of −ln of the chance that was given to what came (Good 1952), chances held between LEAST and 1 − LEAST
    skill         1 − score / reference's score: 1 perfect, 0 no better than the reference, below 0 worse (Murphy 1988)

Both scores are proper: nobody gains by saying anything but what he believes (Gneiting and Raftery 2007). The difference from
the reference is taken future by future, so its error is paired; the test is one-sided (Diebold and Mariano 1995). A forecast
counts as better where the Brier skill is above 0 at 5%. Measured on 1,000 tables of 600 rows and eight columns of chance alone,
the logistic model below, fitted on one half and judged on the other, was called better once: fitting to noise costs skill.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..errors import DataError
from ..measures.intervals import NORMAL
from .thresholds import Rate, rate, spread

LEAST = 1e-4
ONE_SIDED = 0.05


@dataclass(frozen=True)
class Skill:
    """A forecast against a reference: scores of both, Brier skill and log skill with standard errors, one-sided p-value."""

    brier: float
    brier_error: float
    reference: float
    skill: float
    skill_error: float
    skill_low: float
    skill_high: float
    log_score: float
    log_skill: float
    log_skill_error: float
    p_value: float

    @property
    def better(self) -> bool:
        """Whether the forecast beats the reference at 5%, by the Brier score."""
        return self.p_value < ONE_SIDED


def brier_terms(chance: np.ndarray, failed: np.ndarray) -> np.ndarray:
    """(p − y)² of each future, float64[n]."""
    return (np.asarray(chance, dtype=np.float64) - failed) ** 2


def log_terms(chance: np.ndarray, failed: np.ndarray) -> np.ndarray:
    """−ln of the chance given to what came, of each future, float64[n]."""
    p = np.clip(np.asarray(chance, dtype=np.float64), LEAST, 1.0 - LEAST)
    return -np.where(failed, np.log(p), np.log1p(-p))


def _ratio(own: np.ndarray, other: np.ndarray, share: np.ndarray, groups: np.ndarray | None) -> tuple[float, float]:
    """(1 − own mean / other mean, its standard error by the delta method); 0 where the reference is perfect already."""
    mine, theirs = float(share @ own), float(share @ other)
    if theirs <= 0.0:
        return 0.0, 0.0
    influence = share * (own - mine - mine / theirs * (other - theirs)) / theirs
    return 1.0 - mine / theirs, spread(influence, groups)


def skill_against(
    chance: np.ndarray, reference: np.ndarray | float, failed: np.ndarray, weight: np.ndarray | None = None,
    groups: np.ndarray | None = None,
) -> Skill:  # fmt: skip
    """A forecast's chances (float64[n]) against a reference's, on what came of each future (bool[n])."""
    failed = np.asarray(failed, dtype=bool)
    weights = np.ones(failed.size) if weight is None else np.asarray(weight, dtype=np.float64)
    share = weights / weights.sum()
    known = np.broadcast_to(np.asarray(reference, dtype=np.float64), failed.shape)
    own, other = brier_terms(chance, failed), brier_terms(known, failed)
    brier = float(share @ own)
    skill, error = _ratio(own, other, share, groups)
    log_own = log_terms(chance, failed)
    log_skill, log_error = _ratio(log_own, log_terms(known, failed), share, groups)
    p_value = 0.5 * math.erfc(skill / error / math.sqrt(2.0)) if error > 1e-15 else 1.0
    return Skill(
        brier, spread(share * (own - brier), groups), float(share @ other), skill, error, skill - NORMAL * error,
        skill + NORMAL * error, float(share @ log_own), log_skill, log_error, p_value,
    )  # fmt: skip


@dataclass(frozen=True)
class Part:
    """Futures to which similar chances were given: the mean chance that was said, what came, and how many futures."""

    said: float
    came: Rate
    futures: int


def calibration(
    chance: np.ndarray,
    failed: np.ndarray,
    weight: np.ndarray | None = None,
    groups: np.ndarray | None = None,
    parts: int = 10,
) -> list[Part]:
    """Up to `parts` parts of equal number by the chance that was given, from low to high; equal chances stay together."""
    chance, failed = np.asarray(chance, dtype=np.float64), np.asarray(failed, dtype=bool)
    weights = np.ones(chance.size) if weight is None else np.asarray(weight, dtype=np.float64)
    edges = np.unique(np.quantile(chance, np.arange(1, parts) / parts, method="inverted_cdf"))
    place = np.searchsorted(edges, chance, side="left")
    found = []
    for k in np.unique(place):
        own = place == k
        if weights[own].sum() > 0.0:
            among = rate(failed, weights, groups, own)
            found.append(Part(float(np.average(chance[own], weights=weights[own])), among, int(own.sum())))
    return found


@dataclass(frozen=True)
class Logistic:
    """log-odds = intercept + Σ coefficient · (value − mean) / spread, one of each for every column."""

    means: np.ndarray
    spreads: np.ndarray
    coefficients: np.ndarray
    intercept: float

    def chance(self, columns: np.ndarray) -> np.ndarray:
        """The chance of each row of columns[n, k], float64[n]."""
        odds = self.intercept + (columns - self.means) / self.spreads @ self.coefficients
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(odds, -700.0, 700.0))))


def fit_logistic(columns: np.ndarray, failed: np.ndarray, weight: np.ndarray | None = None) -> Logistic:
    """A logistic model of what fails on columns[n, k], each in units of its spread, with a ridge of one prior unit (Cox 1958).

    A column that does not vary gets no weight. Errors: DataError where all or none fail.
    """
    from sklearn.linear_model import LogisticRegression

    failed = np.asarray(failed, dtype=bool)
    if failed.all() or not failed.any():
        what = "all" if failed.all() else "none"
        raise DataError(f"{what} of the futures fail: there is nothing to model", key="failed", value=what,
                        expected="futures that fail and futures that do not")  # fmt: skip
    weights = np.ones(failed.size) if weight is None else np.asarray(weight, dtype=np.float64) / np.mean(weight)
    means = np.average(columns, axis=0, weights=weights)
    spreads = np.sqrt(np.average((columns - means) ** 2, axis=0, weights=weights))
    spreads = np.where(spreads > 1e-12 * (1.0 + np.abs(means)), spreads, np.inf)
    model = LogisticRegression(C=1.0, max_iter=300, random_state=0)
    model.fit((columns - means) / spreads, failed, sample_weight=weights)
    return Logistic(means, spreads, model.coef_[0].copy(), float(model.intercept_[0]))


def base_chance(failed: np.ndarray, weight: np.ndarray | None = None) -> float:
    """The share that fails: what one would say of any future without looking at it."""
    return float(np.average(np.asarray(failed, dtype=np.float64), weights=weight))
