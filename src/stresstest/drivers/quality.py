"""The true outcomes: progress of each indicator from its baseline (0) to its target (1), and health gained.

    progress  y_t = persistence · y_{t−1} + power · effort_t + drift − responsibility_effect · responsibility_t
              + vacancy_effect · (v_today − v_t) / 0.05 + care_effect · (care_t − 1) + progress_noise · z
    true      x_t = baseline + y_t · (target − baseline)
    health    Σ qaly_per_progress · y_t + qaly_per_prevention_pound · prevention spend (of the year)

An indicator falls or rises as its target says; progress is upwards for both. Chance variation of the count or sample
is added when the indicator is reported (kernel/respond.py), with the standard deviation of its denominator.
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from .._jit import rule
from .parameters import (
    I_CARE,
    I_DRIFT,
    I_PERSISTENCE,
    I_PROGRESS_NOISE,
    I_QALY,
    I_RESPONSIBILITY,
    I_VACANCY,
    slot,
)  # fmt: skip

POWER = slot("provider.effort.power")
QALY_PREVENTION = slot("place.health.qaly_per_prevention_pound")
VACANCY_STEP = 0.05


@rule
def progress_without_effort(
    g: np.ndarray, axes: np.ndarray, noise: np.ndarray, indicators: np.ndarray, today: np.ndarray, t: int, n: int
) -> None:
    """Set what comes to every indicator this year whatever the provider does, for n groups of futures."""
    for k in range(indicators.shape[0]):
        for i in range(n):
            y = indicators[k, I_DRIFT] - indicators[k, I_RESPONSIBILITY] * axes[t, L.RESPONSIBILITY, i]
            y += indicators[k, I_VACANCY] * (today[L.WORKFORCE] - axes[t, L.WORKFORCE, i]) / VACANCY_STEP
            y += indicators[k, I_CARE] * (g[L.WORLD_CARE, i] - 1.0)
            g[L.G_PROGRESS + k, i] = y + indicators[k, I_PROGRESS_NOISE] * noise[t, L.NOISE_OUTCOME + k, i]


@rule
def progress_step(
    d: np.ndarray, s: np.ndarray, g: np.ndarray, p: np.ndarray, indicators: np.ndarray, t: int, n: int
) -> None:
    """Carry every indicator one year on and set world_progress and world_health (QALYs of this year)."""
    for i in range(n):
        health = p[QALY_PREVENTION] * s[L.S_PREVENTION + t, i]
        for k in range(indicators.shape[0]):
            y = indicators[k, I_PERSISTENCE] * s[L.S_PROGRESS + k, i] + p[POWER] * d[L.CHOICE_EFFORT + k, i]
            y += g[L.G_PROGRESS + k, i]
            s[L.S_PROGRESS + k, i] = y
            d[L.WORLD_PROGRESS + k, i] = y
            health += indicators[k, I_QALY] * y
        d[L.WORLD_HEALTH, i] = health
