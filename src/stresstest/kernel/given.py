"""The place's years, which are the same whatever its provider does: they are worked once for a block and lived by all strategies.

Funding and council care, list and need, pay and prices, shocks, the opening gap, productivity before the provider's own gains,
acute care with and without the model of care, and what comes to the outcomes without effort. The logs of their ratios to the plan
serve the search for causes (kernel/solvency.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from ..drivers.acute import acute_before_effort
from ..drivers.cost import gross_cost_step, pay_step, price_step, productivity_step
from ..drivers.demand import LIST_BASE, demand_step
from ..drivers.funding import funding_step
from ..drivers.opening import opening_gap
from ..drivers.parameters import PLAN_NEED, PLAN_PRICE
from ..drivers.quality import progress_without_effort
from ..futures.elementary import logarithm


@rule
def start_place(s: np.ndarray, p: np.ndarray, n: int) -> None:
    """The state of n groups of places before the first year."""
    for i in range(n):
        s[L.S_LIST, i] = p[LIST_BASE]
        s[L.S_NEED, i] = s[L.S_PAY_PRICE, i] = s[L.S_INFLATION, i] = s[L.S_FUNDING, i] = 1.0
        s[L.S_LOG_PRODUCTIVITY, i] = s[L.S_ACUTE, i] = 0.0


@rule
def logs_against_plan(g: np.ndarray, p: np.ndarray, plan: np.ndarray, t: int, n: int) -> None:
    """Set the logs of opening price, need, prices and shocks over what was planned."""
    for i in range(n):
        g[L.G_LOG_OPENING, i] = logarithm(g[L.WORLD_OPENING, i])
        need = g[L.WORLD_LIST, i] / p[LIST_BASE] * g[L.WORLD_NEED, i]
        g[L.G_LOG_NEED, i] = logarithm(need / plan[t, PLAN_NEED])
        g[L.G_LOG_PRICE, i] = logarithm(g[L.WORLD_INPUT_PRICE, i] / plan[t, PLAN_PRICE])
        g[L.G_LOG_SHOCK, i] = logarithm(g[L.WORLD_SHOCK, i])


@rule
def years_given(
    g: np.ndarray, s: np.ndarray, axes: np.ndarray, noise: np.ndarray, once: np.ndarray, world: Any, years: int, n: int
) -> None:
    """Fill g[T, GIVEN, n] for n groups of futures; s[PLACE_STATES, n] is what the place carries from year to year."""
    p, lines, pods, indicators, age_mix, plan, today, base_cost = world
    start_place(s, p, n)
    for t in range(years):
        for i in range(n):
            g[t, L.WORLD_OPENING, i] = 1.0 + opening_gap(once, p, i) if t == 0 else g[t - 1, L.WORLD_OPENING, i]
        funding_step(g[t], s, axes, noise, p, today, t, n)
        demand_step(g[t], s, axes, noise, p, lines, age_mix, t, n)
        pay_step(s, axes, noise, p, today, t, n)
        productivity_step(g[t], s, axes, noise, once, p, t, n)
        price_step(g[t], s, axes, p, lines, today, t, n)
        gross_cost_step(g[t], noise, p, base_cost, t, n)
        acute_before_effort(g[t], s, noise, once, p, pods, age_mix, t, n)
        progress_without_effort(g[t], axes, noise, indicators, today, t, n)
        logs_against_plan(g[t], p, plan, t, n)
