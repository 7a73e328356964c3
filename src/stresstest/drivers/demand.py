"""List, need per head, and what prevention takes off the cost of care.

    list      N_t = N_{t−1} · (1 + list_growth + list_noise · z)
    need      n_t = age_mix_t · g_t,  ln g_t = ln g_{t−1} + r(responsibility) + c(technology) + noise · z
              r and c are piecewise linear through the values at −1, 0 and +1
    line      need of service line l in year t: n_t · (1 + need_growth_l)^t, weighted by the line's base cost
    saving    yearly_return · Σ prevention spend of years t − lag − lasting + 1 … t − lag

Growth starts in year 1: year 0 is the year that was priced. Age mix is the age-weighted cost per head of the place's
projected population, relative to year 0.
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from .._jit import rule
from ..futures.elementary import exponential
from ..futures.marginals import three_points
from .parameters import LINE_BASE, LINE_GROWTH, slot

LIST_BASE, LIST_GROWTH, LIST_NOISE = (slot(f"place.population.{k}") for k in ("list_base", "list_growth", "list_noise"))
RESPONSIBILITY_LOW, RESPONSIBILITY_HIGH = slot("place.need.responsibility_low"), slot("place.need.responsibility_high")
INNOVATION_LOW, INNOVATION_HIGH = slot("place.need.technology_low"), slot("place.need.technology_high")
NEED_NOISE = slot("place.need.noise")
RETURN, LAG, LASTING = (slot(f"provider.prevention.{k}") for k in ("yearly_return", "lag", "lasting"))


@rule
def need_growth(responsibility: float, technology: float, p: np.ndarray) -> float:
    """Yearly growth of need per head from where society puts responsibility and how it takes up technology."""
    return three_points(responsibility, p[RESPONSIBILITY_LOW], p[RESPONSIBILITY_HIGH]) + three_points(
        technology, p[INNOVATION_LOW], p[INNOVATION_HIGH]
    )


@rule
def prevention_saving(s: np.ndarray, p: np.ndarray, t: int, i: int) -> float:
    """Cost of care saved in year t by the prevention of earlier years (£)."""
    first, last = t - int(p[LAG]) - int(p[LASTING]) + 1, t - int(p[LAG])
    total = 0.0
    for k in range(max(0, first), min(t, last + 1)):
        total += s[L.S_PREVENTION + k, i]
    return p[RETURN] * total


@rule
def demand_step(
    d: np.ndarray, s: np.ndarray, axes: np.ndarray, noise: np.ndarray, p: np.ndarray, lines: np.ndarray,
    age_mix: np.ndarray, t: int, n: int,
) -> None:  # fmt: skip
    """Set world_list and world_need (index of the whole scope, 1 in year 0 of the central case) for n groups of futures."""
    base, grown = 0.0, 0.0
    for k in range(lines.shape[0]):
        base += lines[k, LINE_BASE]
        grown += lines[k, LINE_BASE] * (1.0 + lines[k, LINE_GROWTH]) ** t
    for i in range(n):
        if t > 0:
            s[L.S_LIST, i] *= 1.0 + p[LIST_GROWTH] + p[LIST_NOISE] * noise[t, L.NOISE_LIST, i]
            growth = need_growth(axes[t, L.RESPONSIBILITY, i], axes[t, L.TECHNOLOGY, i], p)
            s[L.S_NEED, i] *= exponential(growth + p[NEED_NOISE] * noise[t, L.NOISE_NEED, i])
        d[L.WORLD_LIST, i] = s[L.S_LIST, i]
        d[L.WORLD_NEED, i] = s[L.S_NEED, i] * age_mix[t] * grown / base
