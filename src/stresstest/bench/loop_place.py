"""The plain Python loop: a future's place year by year, the same whatever its provider does.

The equations stand in drivers/: funding and council care, list and need, pay and prices, productivity before the provider's own
work, shocks and the opening gap, acute care with and without the model of care, and what comes to the outcomes without effort.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from types import SimpleNamespace

from .. import layout as L
from .loop_setting import Setting

Years = Sequence[Sequence[float]]
quantile = NormalDist().inv_cdf
VACANCY_STEP = 0.05


@dataclass(slots=True)
class PlaceState:
    """What a place carries from year to year."""

    heads: float
    need: float = 1.0
    pay: float = 1.0
    inflation: float = 1.0
    funding: float = 1.0
    log_productivity: float = 0.0
    acute_level: float = 0.0


@dataclass(slots=True)
class PlaceYear:
    """One year of a place. `gross` is cost (£) before productivity, `acute_cut` what the model of care takes off `acute`."""

    funding: float
    care: float
    heads: float
    need: float
    price: float
    log_productivity: float
    shock: float
    gross: float
    acute: float
    acute_cut: float
    acute_level: float
    progress: list[float]


@dataclass(slots=True)
class Place:
    """One future of a place: opening price over plan (1 + gap), and its years."""

    opening: float
    years: list[PlaceYear]


def three_points(level: float, low: float, high: float) -> float:
    """Piecewise linear through (−1, low), (0, 0) and (+1, high)."""
    return -level * low if level < 0.0 else level * high


def opening_gap(p: SimpleNamespace, once: Sequence[float]) -> float:
    """True cost of the scope over its opening price, less 1."""
    gap = p.opening_gap_shift + p.opening_gap_median * math.exp(p.opening_gap_spread * once[L.ONCE_GAP])
    u = once[L.ONCE_CURSE]
    gap -= p.opening_bid_spread * quantile(-math.expm1(math.log1p(-u) / p.opening_bidders))
    if once[L.ONCE_OMITTED] < p.opening_omitted_probability:
        gap += p.opening_omitted_size
    delay = min(-p.start_delay_mean * math.log1p(-once[L.ONCE_DELAY]), p.start_delay_limit)
    return float(gap + p.opening_staleness * delay)


def place_years(setting: Setting, axes: Years, noise: Years, once: Sequence[float]) -> Place:
    """The place of one future from axes[T][AXES], noise[T][NOISE] and once[ONCE]."""
    p = setting.p
    opening = 1.0 + opening_gap(p, once)
    state = PlaceState(p.population_list_base)
    years = []
    for t in range(setting.years):
        if t > 0:
            grow(state, setting, t, axes, noise[t], once)
        state.acute_level = p.acute_persistence * state.acute_level + p.acute_noise * noise[t][L.NOISE_ACUTE]
        years.append(year_of(state, setting, t, axes[t], noise[t], once, opening))
    return Place(opening, years)


def grow(
    state: PlaceState, setting: Setting, t: int, axes: Years, noise: Sequence[float], once: Sequence[float]
) -> None:
    """Carry funding, list, need, pay, inflation and productivity into year t."""
    p, today, now, last = setting.p, setting.today, axes[t], axes[t - 1]
    before = axes[t - 2][L.STATE] if t > 1 else today[L.STATE]
    wanted = p.funding_constant + p.funding_growth_link * last[L.ECONOMY]
    wanted += p.funding_state_link * math.log(last[L.STATE] / before)
    wanted += p.funding_noise * noise[L.NOISE_FUNDING] - p.funding_control_link * now[L.CONTROL]
    state.funding *= 1.0 + min(max(wanted, p.funding_low), p.funding_high)
    state.heads *= 1.0 + p.population_list_growth + p.population_list_noise * noise[L.NOISE_LIST]
    technology = now[L.TECHNOLOGY]
    need = three_points(now[L.RESPONSIBILITY], p.need_responsibility_low, p.need_responsibility_high)
    need += three_points(technology, p.need_technology_low, p.need_technology_high)
    state.need *= math.exp(need + p.need_noise * noise[L.NOISE_NEED])
    pay = p.cost_pay_growth + p.cost_pay_growth_link * (last[L.ECONOMY] - p.cost_growth_trend)
    pay += p.cost_pay_vacancy_link * (now[L.WORKFORCE] - today[L.WORKFORCE])
    state.pay *= 1.0 + pay + p.cost_pay_noise * noise[L.NOISE_PAY]
    surprise = noise[L.NOISE_INFLATION]
    if surprise < p.cost_inflation_probability:
        state.inflation *= 1.0 - p.cost_inflation_size * math.log(surprise / p.cost_inflation_probability)
    state.log_productivity += (
        p.productivity_mean + p.productivity_spread * once[L.ONCE_PRODUCTIVITY]
        + three_points(technology, p.productivity_technology_low, p.productivity_technology_high)
        + p.productivity_noise * noise[L.NOISE_PRODUCTIVITY]
    )  # fmt: skip


def pay_for_output(vacancy: float, p: SimpleNamespace) -> float:
    """Pay bill for a unit of output at this vacancy rate."""
    covered = vacancy * p.cost_cover_share
    return float((1.0 - vacancy + covered * (1.0 + p.cost_agency_premium)) / (1.0 - vacancy + covered))


def year_of(
    state: PlaceState, setting: Setting, t: int, axes: Sequence[float], noise: Sequence[float], once: Sequence[float],
    opening: float,
) -> PlaceYear:  # fmt: skip
    """Year t of the place as its state stands."""
    p, shared, today = setting.p, setting.shared[t], setting.today
    care = (axes[L.STATE] / today[L.STATE]) ** p.social_care_state_elasticity
    pandemic = noise[L.NOISE_PANDEMIC] < p.shock_pandemic_probability
    winter = noise[L.NOISE_WINTER] < p.shock_winter_probability and not pandemic
    shock = 1.0 + p.shock_insurance_noise * noise[L.NOISE_INSURANCE]
    if pandemic:
        shock *= 1.0 + p.shock_pandemic_cost
    elif winter:
        shock *= 1.0 + p.shock_winter_cost
    need = state.need * shared.need_of_lines
    pay = state.pay * pay_for_output(axes[L.WORKFORCE], p) / pay_for_output(today[L.WORKFORCE], p)
    price = state.inflation * (shared.price_of_pay * pay + shared.price_of_others)
    growth = state.heads / p.population_list_base
    acute = cut = 0.0
    for base, response, elasticity, in_pandemic in shared.pods:
        part = base * (1.0 + elasticity * (care - 1.0))
        if pandemic:
            part *= in_pandemic
        acute += part
        cut += part * response
    volume = growth * shared.age_mix * math.exp(state.acute_level)
    if winter:
        volume *= 1.0 + p.acute_winter
    return PlaceYear(
        state.funding, care, state.heads, need, price, state.log_productivity, shock,
        setting.base_cost * opening * growth * need * price * shock, acute * volume,
        cut * volume * benefit(p, once, t), state.acute_level, progress_of(setting, axes, noise, care),
    )  # fmt: skip


def benefit(p: SimpleNamespace, once: Sequence[float], t: int) -> float:
    """Share by which the model of care cuts activity that responds to it, in year t at full effort."""
    full = min(p.acute_benefit_mean + p.acute_benefit_spread * once[L.ONCE_BENEFIT], p.acute_benefit_limit)
    lag = p.acute_lag_shortest + (p.acute_lag_longest - p.acute_lag_shortest) * once[L.ONCE_LAG]
    return float(full * min(max((t + 1.0 - lag) / p.acute_build_years, 0.0), 1.0))


def progress_of(setting: Setting, axes: Sequence[float], noise: Sequence[float], care: float) -> list[float]:
    """What comes to every indicator this year whatever the provider does."""
    responsibility = axes[L.RESPONSIBILITY]
    staffed = (setting.today[L.WORKFORCE] - axes[L.WORKFORCE]) / VACANCY_STEP
    return [
        own.drift - own.responsibility_effect * responsibility + own.vacancy_effect * staffed
        + own.care_effect * (care - 1.0) + own.progress_noise * noise[L.NOISE_OUTCOME + k]
        for k, own in enumerate(setting.indicators)
    ]  # fmt: skip
