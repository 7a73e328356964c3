"""The numpy twin: the place's years as arrays [T, n], the same whatever its provider does.

The equations stand in drivers/. What piles up over the years is added up or multiplied up along the first index; the logs of
ratios to the plan serve the search for causes.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from .. import layout as L
from .loop_place import VACANCY_STEP, pay_for_output
from .loop_setting import Setting

Array = np.ndarray


@dataclass(slots=True)
class Place:
    """A chunk of futures of a place: arrays [T, n], but `opening` and `log_opening` [n] and `progress` [T, indicators, n].

    `gross` is cost (£) before productivity; `acute_cut` what the whole model of care takes off `acute`; `progress` what comes to
    the outcomes without effort; `broken` whether policy would have ended the contract by the end of the year.
    """

    opening: Array
    funding: Array
    heads: Array
    need: Array
    log_productivity: Array
    shock: Array
    gross: Array
    acute: Array
    acute_cut: Array
    acute_level: Array
    progress: Array
    log_opening: Array
    log_need: Array
    log_price: Array
    log_shock: Array
    broken: Array


def by_year(setting: Setting, name: str) -> Array:
    """A number of the shared years as a column [T, 1]."""
    return np.array([[getattr(shared, name)] for shared in setting.shared])


def three_points(level: Array, low: float, high: float) -> Array:
    """Piecewise linear through (−1, low), (0, 0) and (+1, high)."""
    return level * np.where(level < 0.0, -low, high)


def multiplied_up(growth: Array) -> Array:
    """Index from yearly growth [T, n], in place: 1 in year 0, then times 1 + growth of each year."""
    growth += 1.0
    growth[0] = 1.0
    for t in range(1, len(growth)):
        growth[t] *= growth[t - 1]
    return growth


def added_up(growth: Array) -> Array:
    """Running sum of yearly growth [T, n], in place: 0 in year 0."""
    growth[0] = 0.0
    for t in range(1, len(growth)):
        growth[t] += growth[t - 1]
    return growth


def opening_of(p: SimpleNamespace, once: Array) -> Array:
    """True cost of the scope over its opening price [n]."""
    from scipy.special import ndtri

    opening = np.exp(p.opening_gap_spread * once[L.ONCE_GAP])
    opening *= p.opening_gap_median
    opening += 1.0 + p.opening_gap_shift
    opening -= p.opening_bid_spread * ndtri(-np.expm1(np.log1p(-once[L.ONCE_CURSE]) / p.opening_bidders))
    opening += p.opening_omitted_size * (once[L.ONCE_OMITTED] < p.opening_omitted_probability)
    delay = np.minimum(-p.start_delay_mean * np.log1p(-once[L.ONCE_DELAY]), p.start_delay_limit)
    return np.asarray(opening + p.opening_staleness * delay)


def funding_of(setting: Setting, axes: Array, noise: Array, logs: Array) -> Array:
    """Allocation index [T, n]; `logs` [T, n] of the state's share over today's."""
    p = setting.p
    growth = p.funding_noise * noise[:, L.NOISE_FUNDING] - p.funding_control_link * axes[:, L.CONTROL]
    growth += p.funding_constant
    growth[1:] += p.funding_growth_link * axes[:-1, L.ECONOMY]
    growth[1:] += p.funding_state_link * logs[:-1]
    growth[2:] -= p.funding_state_link * logs[:-2]
    return multiplied_up(np.clip(growth, p.funding_low, p.funding_high, out=growth))


def price_of(setting: Setting, axes: Array, noise: Array) -> Array:
    """Price of a unit of care [T, n]: pay with vacancies, what all futures share, and surprises of inflation."""
    p, today = setting.p, setting.today
    pay = p.cost_pay_noise * noise[:, L.NOISE_PAY]
    pay += p.cost_pay_vacancy_link * (axes[:, L.WORKFORCE] - today[L.WORKFORCE]) + p.cost_pay_growth
    pay[1:] += p.cost_pay_growth_link * (axes[:-1, L.ECONOMY] - p.cost_growth_trend)
    price = multiplied_up(pay)
    vacant = axes[:, L.WORKFORCE]
    posts = 1.0 - (1.0 - p.cost_cover_share) * vacant
    price *= (posts + p.cost_cover_share * p.cost_agency_premium * vacant) / posts
    price *= by_year(setting, "price_of_pay") / pay_for_output(today[L.WORKFORCE], p)
    price += by_year(setting, "price_of_others")
    rare = noise[:, L.NOISE_INFLATION] / p.cost_inflation_probability
    surprise = np.zeros_like(rare)
    hit = rare < 1.0
    surprise[hit] = -p.cost_inflation_size * np.log(rare[hit])
    price *= multiplied_up(surprise)
    return price


def need_of(setting: Setting, axes: Array, noise: Array) -> Array:
    """Need per head [T, n], 1 in year 0 of the central case."""
    p = setting.p
    growth = three_points(axes[:, L.RESPONSIBILITY], p.need_responsibility_low, p.need_responsibility_high)
    growth += three_points(axes[:, L.TECHNOLOGY], p.need_technology_low, p.need_technology_high)
    growth += p.need_noise * noise[:, L.NOISE_NEED]
    need = np.exp(added_up(growth), out=growth)
    need *= by_year(setting, "need_of_lines")
    return need


def productivity_of(p: SimpleNamespace, axes: Array, noise: Array, once: Array) -> Array:
    """Log of productivity [T, n] before the provider's own work."""
    growth = three_points(axes[:, L.TECHNOLOGY], p.productivity_technology_low, p.productivity_technology_high)
    growth += p.productivity_noise * noise[:, L.NOISE_PRODUCTIVITY]
    growth += p.productivity_mean + p.productivity_spread * once[L.ONCE_PRODUCTIVITY]
    return added_up(growth)


def acute_of(setting: Setting, care: Array, pandemic: Array, once: Array) -> tuple[Array, Array]:
    """Acute care [T, n] and what all of the model of care takes off it, before volume; `care` is the change of council care."""
    p, years = setting.p, np.arange(1.0, setting.years + 1.0)[:, None]
    pods = np.array([shared.pods for shared in setting.shared])
    base, response, elasticity, factor = np.moveaxis(pods, 2, 0)
    full = np.minimum(p.acute_benefit_mean + p.acute_benefit_spread * once[L.ONCE_BENEFIT], p.acute_benefit_limit)
    lag = p.acute_lag_shortest + (p.acute_lag_longest - p.acute_lag_shortest) * once[L.ONCE_LAG]
    ramp = (years - lag) / p.acute_build_years
    np.clip(ramp, 0.0, 1.0, out=ramp)
    ramp *= full
    found = []
    for weight in (base, base * response):
        plain, linked = weight.sum(1)[:, None], (weight * elasticity).sum(1)[:, None]
        more = weight * (factor - 1.0)
        added, added_linked = more.sum(1)[:, None], (more * elasticity).sum(1)[:, None]
        found.append(plain + linked * care + pandemic * (added + added_linked * care))
    found[1] *= ramp
    return found[0], found[1]


def progress_of(setting: Setting, axes: Array, noise: Array, care: Array) -> Array:
    """What comes to every indicator whatever the provider does [T, indicators, n]."""
    own = {
        name: np.array([[getattr(indicator, name)] for indicator in setting.indicators])
        for name in ("drift", "responsibility_effect", "vacancy_effect", "care_effect", "progress_noise")
    }
    count = len(setting.indicators)
    staffed = (setting.today[L.WORKFORCE] - axes[:, None, L.WORKFORCE]) / VACANCY_STEP
    progress = own["progress_noise"] * noise[:, L.NOISE_OUTCOME : L.NOISE_OUTCOME + count]
    progress -= own["responsibility_effect"] * axes[:, None, L.RESPONSIBILITY]
    progress += own["vacancy_effect"] * staffed
    progress += own["care_effect"] * care[:, None]
    progress += own["drift"]
    return np.asarray(progress)


def place_years(setting: Setting, axes: Array, noise: Array, once: Array) -> Place:
    """The place's years from axes[T, AXES, n], noise[T, NOISE, n] and once[ONCE, n]."""
    p = setting.p
    logs = np.log(axes[:, L.STATE] / setting.today[L.STATE])
    care = np.expm1(p.social_care_state_elasticity * logs)
    pandemic = noise[:, L.NOISE_PANDEMIC] < p.shock_pandemic_probability
    winter = (noise[:, L.NOISE_WINTER] < p.shock_winter_probability) & ~pandemic
    shock = p.shock_insurance_noise * noise[:, L.NOISE_INSURANCE] + 1.0
    shock *= 1.0 + p.shock_pandemic_cost * pandemic + p.shock_winter_cost * winter
    heads = multiplied_up(p.population_list_noise * noise[:, L.NOISE_LIST] + p.population_list_growth)
    need, price, opening = need_of(setting, axes, noise), price_of(setting, axes, noise), opening_of(p, once)
    care_needed = heads * need
    gross = care_needed * price
    gross *= shock
    gross *= setting.base_cost * opening
    level = p.acute_noise * noise[:, L.NOISE_ACUTE]
    for t in range(1, setting.years):
        level[t] += p.acute_persistence * level[t - 1]
    acute, cut = acute_of(setting, care, pandemic, once)
    volume = np.exp(level)
    volume *= heads
    volume *= 1.0 + p.acute_winter * winter
    volume *= by_year(setting, "age_mix")
    acute *= volume
    cut *= volume
    chance = p.policy_break_probability + p.policy_break_probability * p.policy_control_link * axes[:, L.CONTROL]
    survival = 1.0 - np.clip(chance, 0.0, 1.0, out=chance)
    for t in range(1, setting.years):
        survival[t] *= survival[t - 1]
    heads *= p.population_list_base
    return Place(
        opening, funding_of(setting, axes, noise, logs), heads, need, productivity_of(p, axes, noise, once), shock, gross,
        acute, cut, level, progress_of(setting, axes, noise, care), np.log(opening),
        np.log(care_needed / by_year(setting, "need_and_list")), np.log(price / by_year(setting, "input_price")),
        np.log(shock), once[L.ONCE_POLICY] > survival,
    )  # fmt: skip
