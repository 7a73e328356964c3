"""The commissioner's allocation and council care: the chain from the economy and the state to local money.

    allocation  F_t = F_{t−1} · (1 + a_t),  a_t = clip(constant + growth_link · growth_{t−1}
                + state_link · ln(state_{t−1} / state_{t−2}) − control_link · control_t + noise · z, low, high)
    care        index of council-funded care = (state_t / state_today) ^ state_elasticity

The lag of one year is the time from the public finances to the next allocation round; state before the first year is
today's. Growth starts in year 1.
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from .._jit import rule
from ..futures.elementary import exponential, logarithm
from ..futures.marginals import clip
from .parameters import slot

CONSTANT, GROWTH_LINK, STATE_LINK, CONTROL_LINK, NOISE, LOW, HIGH = (
    slot(f"place.funding.{k}")
    for k in ("constant", "growth_link", "state_link", "control_link", "noise", "low", "high")
)
CARE_ELASTICITY = slot("place.social_care.state_elasticity")


@rule
def allocation_growth(growth: float, state_growth: float, control: float, z: float, p: np.ndarray) -> float:
    """Real growth of the allocation in one year, held within the record's extremes."""
    wanted = p[CONSTANT] + p[GROWTH_LINK] * growth + p[STATE_LINK] * state_growth
    return clip(wanted - p[CONTROL_LINK] * control + p[NOISE] * z, p[LOW], p[HIGH])


@rule
def funding_step(
    d: np.ndarray, s: np.ndarray, axes: np.ndarray, noise: np.ndarray, p: np.ndarray, today: np.ndarray, t: int, n: int
) -> None:
    """Set world_funding (allocation index, 1 in year 0) and world_care (council care index, 1 today) for n groups of futures."""
    for i in range(n):
        if t > 0:
            before = axes[t - 2, L.STATE, i] if t > 1 else today[L.STATE]
            state_growth = logarithm(axes[t - 1, L.STATE, i] / before)
            s[L.S_FUNDING, i] *= 1.0 + allocation_growth(
                axes[t - 1, L.ECONOMY, i], state_growth, axes[t, L.CONTROL, i], noise[t, L.NOISE_FUNDING, i], p
            )
        d[L.WORLD_FUNDING, i] = s[L.S_FUNDING, i]
        d[L.WORLD_CARE, i] = exponential(p[CARE_ELASTICITY] * logarithm(axes[t, L.STATE, i] / today[L.STATE]))
