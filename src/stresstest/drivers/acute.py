"""Acute care outside the budget: what it really costs in a year.

    benefit   b_t = min(benefit_mean + benefit_spread · z, limit) · ramp_t · (effortless + (1 − effortless) · effort_t)
    ramp      clip((t + 1 − lag) / build_years, 0, 1), lag uniform between its shortest and longest
    pod       base · N_t/N_0 · age_mix_t · (1 + growth)^t · (1 − response · b_t) · (1 + elasticity · (care_t − 1))
              · (1 + pandemic_response in a pandemic year)
    acute     Σ pods · exp(level_t) · (1 + winter in a hard winter, which a pandemic year is not)
    level     level_t = persistence · level_{t−1} + noise · z

A point of delivery (pod) is emergency admissions, A&E, elective, day case or outpatients. Less council care means more
A&E attendances (elasticity about −0.61) and no more admissions (IFS 2020; Strategy Unit 2019): worked number E18.
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from .._jit import rule
from .._lanes import pick
from ..futures.elementary import exponential
from ..futures.marginals import clip
from .cost import PANDEMIC_P, WINTER_P
from .demand import LIST_BASE
from .parameters import POD_BASE, POD_BENEFIT, POD_CARE, POD_GROWTH, POD_PANDEMIC, slot

NOISE, PERSISTENCE, MEAN, SPREAD, LIMIT, SHORTEST, LONGEST, BUILD, EFFORTLESS, WINTER = (
    slot(f"place.acute.{k}")
    for k in (
        "noise", "persistence", "benefit_mean", "benefit_spread", "benefit_limit", "lag_shortest", "lag_longest",
        "build_years", "effortless_share", "winter",
    )
)  # fmt: skip


@rule
def benefit_reached(z: float, u_lag: float, t: int, p: np.ndarray) -> float:
    """Share by which the model of care cuts activity that responds to it, in year t at full effort."""
    full = min(p[MEAN] + p[SPREAD] * z, p[LIMIT])
    lag = p[SHORTEST] + (p[LONGEST] - p[SHORTEST]) * u_lag
    return full * clip((t + 1.0 - lag) / p[BUILD], 0.0, 1.0)


@rule
def effort_share(effort: float, p: np.ndarray) -> float:
    """Share of that benefit that comes at this effort."""
    return p[EFFORTLESS] + (1.0 - p[EFFORTLESS]) * effort


@rule
def care_spill(elasticity: float, care_change: float) -> float:
    """Factor on activity when council care changes by the share `care_change` (an arc elasticity)."""
    return 1.0 + elasticity * care_change


@rule
def mean_effort(d: np.ndarray, indicators: int, i: int) -> float:
    """Effort on outcomes, averaged over the indicators."""
    total = 0.0
    for k in range(indicators):
        total += d[L.CHOICE_EFFORT + k, i]
    return total / indicators if indicators > 0 else total


@rule
def acute_before_effort(
    g: np.ndarray, s: np.ndarray, noise: np.ndarray, once: np.ndarray, p: np.ndarray, pods: np.ndarray,
    age_mix: np.ndarray, t: int, n: int,
) -> None:  # fmt: skip
    """Set what care outside the budget costs (£) without the model of care, and how much all of its benefit takes off."""
    for i in range(n):
        g[L.G_ACUTE, i] = g[L.G_ACUTE_CUT, i] = 0.0
    for k in range(pods.shape[0]):
        grown = pods[k, POD_BASE] * (1.0 + pods[k, POD_GROWTH]) ** t
        for i in range(n):
            pandemic = noise[t, L.NOISE_PANDEMIC, i] < p[PANDEMIC_P]
            part = grown * care_spill(pods[k, POD_CARE], g[L.WORLD_CARE, i] - 1.0)
            part *= pick(pandemic, 1.0 + pods[k, POD_PANDEMIC], 1.0)
            g[L.G_ACUTE, i] += part
            g[L.G_ACUTE_CUT, i] += part * pods[k, POD_BENEFIT]
    for i in range(n):
        s[L.S_ACUTE, i] = p[PERSISTENCE] * s[L.S_ACUTE, i] + p[NOISE] * noise[t, L.NOISE_ACUTE, i]
        g[L.G_ACUTE_LEVEL, i] = s[L.S_ACUTE, i]
        volume = g[L.WORLD_LIST, i] / p[LIST_BASE] * age_mix[t] * exponential(s[L.S_ACUTE, i])
        hard = pick(noise[t, L.NOISE_WINTER, i] < p[WINTER_P], 1.0 + p[WINTER], 1.0)
        volume *= pick(noise[t, L.NOISE_PANDEMIC, i] < p[PANDEMIC_P], 1.0, hard)
        g[L.G_ACUTE, i] *= volume
        g[L.G_ACUTE_CUT, i] *= volume * benefit_reached(once[L.ONCE_BENEFIT, i], once[L.ONCE_LAG, i], t, p)


@rule
def acute_step(d: np.ndarray, s: np.ndarray, g: np.ndarray, p: np.ndarray, indicators: int, n: int) -> None:
    """Set world_acute (£): what care outside the budget costs this year before anything is shifted onto it."""
    for i in range(n):
        s[L.S_ACUTE, i] = g[L.G_ACUTE_LEVEL, i]
        d[L.WORLD_ACUTE, i] = g[L.G_ACUTE, i] - g[L.G_ACUTE_CUT, i] * effort_share(mean_effort(d, indicators, i), p)
