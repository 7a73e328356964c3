"""What a unit of care costs: pay, vacancies, drugs, capital, other prices, inflation surprises, productivity.

    pay        w_t = w_{t−1} · (1 + pay_growth + pay_growth_link · (growth_{t−1} − growth_trend)
                                + pay_vacancy_link · (v_t − v_today) + pay_noise · z)
    vacancy    pay bill (1 − v) + v·f·(1 + premium), output (1 − v) + v·f;  f the share of vacant posts that is covered
               V_t = [pay bill ÷ output](v_t) ÷ [pay bill ÷ output](v_today)
    line       u_l = J_t · (pay_l · w_t · V_t + drugs_l · (1+drugs_growth)^t + capital_l · (1+capital_growth)^t
               + rest · (1+other_growth)^t),  J_t the level left by inflation surprises
    price      mean of u_l weighted by base cost and need growth of the lines
    productivity ln Q_t = ln Q_{t−1} + mean + spread · z₀ + technology effect + gain · efficiency + noise · z
    inflation  in a year with a surprise J grows by size · −ln(u / probability): exponential with mean `size`, u its uniform
    cost       base · (1 + gap) · N_t/N_0 · need · price / Q_t · (1 + pandemic or winter cost) · (1 + insurance noise)
               − saving (never more than the rest); the gap is that of drivers/opening.py

Every price is real: over the GDP deflator. The vacancy rule is worked number E12, the weights are worked number E17.
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from .._jit import rule
from .._lanes import pick
from ..futures.elementary import exponential, logarithm
from ..futures.marginals import three_points
from .demand import LIST_BASE, prevention_saving
from .parameters import LINE_BASE, LINE_CAPITAL, LINE_DRUGS, LINE_GROWTH, LINE_PAY, slot

PAY_GROWTH, TREND, PAY_LINK, VACANCY_LINK, PAY_NOISE = (
    slot(f"place.cost.{k}") for k in ("pay_growth", "growth_trend", "pay_growth_link", "pay_vacancy_link", "pay_noise")
)
DRUGS, CAPITAL, OTHER, PREMIUM, COVER = (
    slot(f"place.cost.{k}") for k in ("drugs_growth", "capital_growth", "other_growth", "agency_premium", "cover_share")
)
INFLATION_P, INFLATION_SIZE = slot("place.cost.inflation_probability"), slot("place.cost.inflation_size")
Q_MEAN, Q_SPREAD, Q_LOW, Q_HIGH, Q_NOISE = (
    slot(f"place.productivity.{k}") for k in ("mean", "spread", "technology_low", "technology_high", "noise")
)
PANDEMIC_P, PANDEMIC_COST, INSURANCE = (
    slot(f"place.shock.{k}") for k in ("pandemic_probability", "pandemic_cost", "insurance_noise")
)
WINTER_P, WINTER_COST = slot("place.shock.winter_probability"), slot("place.shock.winter_cost")
EFFICIENCY_GAIN, MARGIN = slot("provider.efficiency.gain"), slot("provider.opening.margin")


@rule
def pay_bill_index(vacancy: float, cover: float, premium: float) -> float:
    """Pay bill for one established post: (1 − v) + v·f·(1 + p)."""
    return (1.0 - vacancy) + vacancy * cover * (1.0 + premium)


@rule
def output_index(vacancy: float, cover: float) -> float:
    """Output of one established post: (1 − v) + v·f."""
    return (1.0 - vacancy) + vacancy * cover


@rule
def vacancy_factor(vacancy: float, today: float, cover: float, premium: float) -> float:
    """Pay bill for a unit of output, relative to today's vacancy rate."""
    now = pay_bill_index(vacancy, cover, premium) / output_index(vacancy, cover)
    return now / (pay_bill_index(today, cover, premium) / output_index(today, cover))


@rule
def weighted_price(weights_pay: float, pay: float, drugs_share: float, drugs: float, capital_share: float,
                   capital: float, other: float) -> float:  # fmt: skip
    """Price of one service line: shares of pay, drugs and capital, and the rest at other prices."""
    rest = 1.0 - weights_pay - drugs_share - capital_share
    return weights_pay * pay + drugs_share * drugs + capital_share * capital + rest * other


@rule
def pay_step(
    s: np.ndarray, axes: np.ndarray, noise: np.ndarray, p: np.ndarray, today: np.ndarray, t: int, n: int
) -> None:
    """Carry pay and the inflation level one year on (from year 1), for n groups of futures."""
    if t > 0:
        for i in range(n):
            growth = p[PAY_GROWTH] + p[PAY_LINK] * (axes[t - 1, L.ECONOMY, i] - p[TREND])
            growth += p[VACANCY_LINK] * (axes[t, L.WORKFORCE, i] - today[L.WORKFORCE])
            s[L.S_PAY_PRICE, i] *= 1.0 + growth + p[PAY_NOISE] * noise[t, L.NOISE_PAY, i]
            u = noise[t, L.NOISE_INFLATION, i]
            surprise = 1.0 - p[INFLATION_SIZE] * logarithm(u / p[INFLATION_P])
            s[L.S_INFLATION, i] *= pick(u < p[INFLATION_P], surprise, 1.0)


@rule
def productivity_step(
    g: np.ndarray, s: np.ndarray, axes: np.ndarray, noise: np.ndarray, once: np.ndarray, p: np.ndarray, t: int, n: int
) -> None:
    """Carry the log of productivity one year on (from year 1), all but what the provider's own work on efficiency adds."""
    for i in range(n):
        if t > 0:
            growth = p[Q_MEAN] + p[Q_SPREAD] * once[L.ONCE_PRODUCTIVITY, i]
            growth += three_points(axes[t, L.TECHNOLOGY, i], p[Q_LOW], p[Q_HIGH])
            s[L.S_LOG_PRODUCTIVITY, i] += growth + p[Q_NOISE] * noise[t, L.NOISE_PRODUCTIVITY, i]
        g[L.G_LOG_PRODUCTIVITY, i] = s[L.S_LOG_PRODUCTIVITY, i]


@rule
def price_step(
    d: np.ndarray, s: np.ndarray, axes: np.ndarray, p: np.ndarray, lines: np.ndarray, today: np.ndarray, t: int, n: int
) -> None:
    """Set world_input_price: the lines' prices weighted by their base cost and need growth.

    Every line's price is a share of pay plus what all futures share, so the sums over lines are worked once.
    """
    drugs, capital, other = (1.0 + p[DRUGS]) ** t, (1.0 + p[CAPITAL]) ** t, (1.0 + p[OTHER]) ** t
    weight, of_pay, of_others = 0.0, 0.0, 0.0
    for k in range(lines.shape[0]):
        share = lines[k, LINE_BASE] * (1.0 + lines[k, LINE_GROWTH]) ** t
        weight += share
        of_pay += share * lines[k, LINE_PAY]
        of_others += share * weighted_price(
            lines[k, LINE_PAY], 0.0, lines[k, LINE_DRUGS], drugs, lines[k, LINE_CAPITAL], capital, other
        )
    of_pay, of_others = of_pay / weight, of_others / weight
    for i in range(n):
        pay = s[L.S_PAY_PRICE, i] * vacancy_factor(axes[t, L.WORKFORCE, i], today[L.WORKFORCE], p[COVER], p[PREMIUM])
        d[L.WORLD_INPUT_PRICE, i] = s[L.S_INFLATION, i] * (of_pay * pay + of_others)


@rule
def gross_cost_step(
    g: np.ndarray, noise: np.ndarray, p: np.ndarray, base_cost: float, t: int, n: int
) -> None:
    """Set world_shock and the cost of the scope (£) before productivity and savings, for n groups of futures."""
    for i in range(n):
        pandemic = noise[t, L.NOISE_PANDEMIC, i] < p[PANDEMIC_P]
        winter = pick(noise[t, L.NOISE_WINTER, i] < p[WINTER_P], 1.0 + p[WINTER_COST], 1.0)
        shock = 1.0 + p[INSURANCE] * noise[t, L.NOISE_INSURANCE, i]
        shock *= pick(pandemic, 1.0 + p[PANDEMIC_COST], winter)
        g[L.WORLD_SHOCK, i] = shock
        volume = g[L.WORLD_LIST, i] / p[LIST_BASE] * g[L.WORLD_NEED, i]
        g[L.G_GROSS, i] = base_cost * g[L.WORLD_OPENING, i] * volume * g[L.WORLD_INPUT_PRICE, i] * shock


@rule
def scope_cost_step(d: np.ndarray, s: np.ndarray, g: np.ndarray, p: np.ndarray, t: int, n: int) -> None:
    """Set world_productivity with the provider's own gains, world_prevention_saving and world_scope_cost (£)."""
    for i in range(n):
        if t > 0:
            s[L.S_LOG_PRODUCTIVITY, i] += p[EFFICIENCY_GAIN] * d[L.CHOICE_EFFICIENCY, i]
        d[L.WORLD_PRODUCTIVITY, i] = exponential(g[L.G_LOG_PRODUCTIVITY, i] + s[L.S_LOG_PRODUCTIVITY, i])
        gross = g[L.G_GROSS, i] / d[L.WORLD_PRODUCTIVITY, i]
        d[L.WORLD_PREVENTION_SAVING, i] = min(gross, prevention_saving(s, p, t, i))
        d[L.WORLD_SCOPE_COST, i] = gross - d[L.WORLD_PREVENTION_SAVING, i]
