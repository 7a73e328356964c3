"""Need, cost, funding, acute care and outcomes of one year of one future, in plain Python.

The model knows no intermediate rounding: every formula stands as the words have it, with plain names.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from scipy.stats import norm

Row = dict[str, float]


@dataclass
class Setting:
    """What is the same in every future: plain numbers of place, provider and ending, plan, age mix, today's axes."""

    study: Any
    years: int
    place: Row
    provider: Row
    ending: Row
    dynamics: Row
    today: Row
    levers: dict[str, Row]
    lines: list[tuple[float, Any]]
    age_mix: list[float]
    plan: list[SimpleNamespace]
    base_cost: float


def plain(quantities: dict[str, Any]) -> Row:
    """First-year values of quantities."""
    return {key: quantity.value for key, quantity in quantities.items()}


def age_mix(ages: Any, years: int) -> list[float]:
    """Age-weighted cost per head by year, relative to year 0."""
    per_head = []
    for t in range(years):
        people = [band.persons * (1.0 + band.growth) ** t for band in ages]
        per_head.append(sum(n * band.relative_cost for n, band in zip(people, ages, strict=True)) / sum(people))
    return [value / per_head[0] for value in per_head]


def plan_of(contract: Any) -> list[SimpleNamespace]:
    """Agreed budget, expected acute spend and planned indices by year."""
    rate, mark = plain(contract.plan), plain(contract.benchmark)
    years = []
    for t in range(contract.years):
        reduction = mark["planned_reduction"] * min(1.0, (t + 1) / mark["phase_years"])
        years.append(SimpleNamespace(
            agreed=contract.opening_price * (1.0 + rate["funding_growth"]) ** t,
            need=(1.0 + rate["need_and_list_growth"]) ** t,
            price=(1.0 + rate["input_price_growth"]) ** t,
            productivity=(1.0 + rate["productivity_growth"]) ** t,
            acute=mark["opening_gbp"] * (1.0 + mark["growth"]) ** t * (1.0 - reduction),
        ))  # fmt: skip
    return years


def setting_of(study: Any) -> Setting:
    """Plain numbers of a study."""
    place, contract, provider = study.place, study.contract, study.provider
    axes = ("responsibility", "control", "state", "economy", "technology", "workforce")
    by_name = {line.name: line for line in place.lines}
    return Setting(
        study=study,
        years=contract.years,
        place=plain(place.parameters),
        provider=plain(provider.parameters),
        ending=plain(contract.ending),
        dynamics=plain(place.dynamics),
        today={axis: float(study.law.table[a, 0]) for a, axis in enumerate(axes)},
        levers={name: plain(values) for name, values in provider.levers.items()},
        lines=[(base, by_name[name]) for name, base in contract.scope.items()],
        age_mix=age_mix(place.ages, contract.years),
        plan=plan_of(contract),
        base_cost=sum(contract.scope.values()) * (1.0 - provider.parameters["opening.margin"].value),
    )


@dataclass
class State:
    """What a future carries from year to year."""

    list: float
    need: float = 1.0
    pay: float = 1.0
    inflation: float = 1.0
    log_productivity: float = 0.0
    funding: float = 1.0
    acute_level: float = 0.0
    progress: list[float] = field(default_factory=list)
    prevention_spend: list[float] = field(default_factory=list)
    carried: float = 0.0


@dataclass
class Nature:
    """One future's draws: axes by name and year, yearly noise by name and year, once-only draws by name."""

    axes: dict[str, list[float]]
    noise: dict[str, list[float]]
    once: Row


def three_points(level: float, low: float, high: float) -> float:
    """Through (−1, low), (0, 0) and (+1, high), piecewise linear."""
    return level * high if level > 0.0 else -level * low


def funding(w: SimpleNamespace, state: State, nature: Nature, setting: Setting, t: int) -> None:
    """Allocation index and the index of council care."""
    p, axes = setting.place, nature.axes
    if t > 0:
        before = axes["state"][t - 2] if t > 1 else setting.today["state"]
        growth = (
            p["funding.constant"] + p["funding.growth_link"] * axes["economy"][t - 1]
            + p["funding.state_link"] * math.log(axes["state"][t - 1] / before)
            - p["funding.control_link"] * axes["control"][t] + p["funding.noise"] * nature.noise["funding"][t]
        )  # fmt: skip
        state.funding *= 1.0 + min(max(growth, p["funding.low"]), p["funding.high"])
    w.funding = state.funding
    w.care = (axes["state"][t] / setting.today["state"]) ** p["social_care.state_elasticity"]


def demand(w: SimpleNamespace, state: State, nature: Nature, setting: Setting, t: int) -> None:
    """List and need."""
    p, axes = setting.place, nature.axes
    if t > 0:
        state.list *= 1.0 + p["population.list_growth"] + p["population.list_noise"] * nature.noise["list"][t]
        state.need *= math.exp(
            three_points(axes["responsibility"][t], p["need.responsibility_low"], p["need.responsibility_high"])
            + three_points(axes["technology"][t], p["need.technology_low"], p["need.technology_high"])
            + p["need.noise"] * nature.noise["need"][t]
        )
    base = sum(cost for cost, _ in setting.lines)
    lines = sum(cost * (1.0 + line.need_growth) ** t for cost, line in setting.lines) / base
    w.list, w.need = state.list, setting.age_mix[t] * state.need * lines


def unit_pay(vacancy: float, p: Row) -> float:
    """Pay bill for a unit of output at this vacancy rate."""
    covered = vacancy * p["cost.cover_share"]
    return (1.0 - vacancy + covered * (1.0 + p["cost.agency_premium"])) / (1.0 - vacancy + covered)


def prices(w: SimpleNamespace, state: State, nature: Nature, setting: Setting, t: int) -> None:
    """Pay, inflation surprises, and the price of a unit of care."""
    p, axes = setting.place, nature.axes
    vacancy, today = axes["workforce"][t], setting.today["workforce"]
    if t > 0:
        state.pay *= (
            1.0 + p["cost.pay_growth"] + p["cost.pay_growth_link"] * (axes["economy"][t - 1] - p["cost.growth_trend"])
            + p["cost.pay_vacancy_link"] * (vacancy - today) + p["cost.pay_noise"] * nature.noise["pay"][t]
        )  # fmt: skip
        if nature.noise["inflation"][t] < p["cost.inflation_probability"]:
            rise = p["cost.inflation_size"] * math.log(p["cost.inflation_probability"] / nature.noise["inflation"][t])
            state.inflation *= 1.0 + rise
    pay = state.pay * unit_pay(vacancy, p) / unit_pay(today, p)
    drugs, capital, other = ((1.0 + p[f"cost.{kind}_growth"]) ** t for kind in ("drugs", "capital", "other"))
    total = weight = 0.0
    for cost, line in setting.lines:
        rest = 1.0 - line.pay_share - line.drugs_share - line.capital_share
        own = cost * (1.0 + line.need_growth) ** t
        total += own * (line.pay_share * pay + line.drugs_share * drugs + line.capital_share * capital + rest * other)
        weight += own
    w.input_price = state.inflation * total / weight


def productivity(w: SimpleNamespace, state: State, nature: Nature, setting: Setting, t: int) -> None:
    """Output for a unit of input."""
    p = setting.place
    if t > 0:
        technology = nature.axes["technology"][t]
        state.log_productivity += (
            p["productivity.mean"] + p["productivity.spread"] * nature.once["productivity_mean"]
            + three_points(technology, p["productivity.technology_low"], p["productivity.technology_high"])
            + setting.provider["efficiency.gain"] * w.efficiency
            + p["productivity.noise"] * nature.noise["productivity"][t]
        )  # fmt: skip
    w.productivity = math.exp(state.log_productivity)


def lowest_of(bidders: float, u: float) -> float:
    """The least of this many standard normals, at uniform u: all lie above it with probability 1 − u."""
    return float(norm.isf((1.0 - u) ** (1.0 / bidders)))


def start_delay(p: Row, once: Row) -> float:
    """Years between the planned start and the start: exponential, no longer than the limit."""
    return min(p["start.delay_mean"] * math.log(1.0 / (1.0 - once["delay"])), p["start.delay_limit"])


def item_omitted(p: Row, once: Row) -> bool:
    """Whether the price left out an item."""
    return once["omitted"] < p["opening.omitted_probability"]


def opening_gap(p: Row, once: Row) -> float:
    """Gap between the true cost of the scope and its opening price, as a share: four parts."""
    data = p["opening.gap_shift"] + p["opening.gap_median"] * math.exp(p["opening.gap_spread"] * once["opening_gap"])
    curse = -p["opening.bid_spread"] * lowest_of(p["opening.bidders"], once["opening_curse"])
    omitted = p["opening.omitted_size"] if item_omitted(p, once) else 0.0
    return data + curse + omitted + p["opening.staleness"] * start_delay(p, once)


def variation(p: Row, once: Row, agreed: float) -> float:
    """What a bidder with nobody beside it wins back of a gap in a year (£); nothing of a price that was too high."""
    return max(opening_gap(p, once), 0.0) * agreed * p["opening.hold_up"] / p["opening.bidders"]


def starts(p: Row, once: Row) -> bool:
    """Whether the contract gets through its mobilisation."""
    return once["start"] < (1.0 - p["start.hazard"]) ** p["start.mobilisation_years"]


def realised_scope(p: Row, once: Row) -> float:
    """Share of the planned scope that is ever run."""
    if not starts(p, once):
        return 0.0
    if once["scope"] < p["start.small_probability"]:
        return p["start.small_scope"]
    joined = p["start.uptake_low"] + once["uptake"] * (1.0 - p["start.uptake_low"])
    scope = 1.0 - p["start.uptake_share"] * (1.0 - joined)
    if once["council"] >= p["start.council_probability"]:
        scope -= p["start.council_share"]
    return max(scope, 0.0)


def scope_cost(w: SimpleNamespace, state: State, nature: Nature, setting: Setting, t: int) -> None:
    """What the care in scope costs (£), and what earlier prevention takes off it."""
    p, provider = setting.place, setting.provider
    w.pandemic = nature.noise["pandemic"][t] < p["shock.pandemic_probability"]
    w.hard_winter = nature.noise["winter"][t] < p["shock.winter_probability"] and not w.pandemic
    w.opening = 1.0 + opening_gap(p, nature.once)
    w.shock = 1.0 + p["shock.insurance_noise"] * nature.noise["insurance"][t]
    if w.pandemic:
        w.shock *= 1.0 + p["shock.pandemic_cost"]
    if w.hard_winter:
        w.shock *= 1.0 + p["shock.winter_cost"]
    lag, lasting = int(provider["prevention.lag"]), int(provider["prevention.lasting"])
    spent = [state.prevention_spend[u] for u in range(t - lag - lasting + 1, t - lag + 1) if u >= 0]
    care = w.list / p["population.list_base"] * w.need
    w.full_cost = setting.base_cost * w.opening * care * w.input_price / w.productivity * w.shock
    w.prevention_saving = min(w.full_cost, provider["prevention.yearly_return"] * sum(spent))
    w.scope_cost = w.full_cost - w.prevention_saving


def acute(w: SimpleNamespace, state: State, nature: Nature, setting: Setting, t: int) -> None:
    """What care outside the budget costs (£)."""
    p = setting.place
    lag = p["acute.lag_shortest"] + (p["acute.lag_longest"] - p["acute.lag_shortest"]) * nature.once["benefit_lag"]
    ramp = min(max((t + 1 - lag) / p["acute.build_years"], 0.0), 1.0)
    effort = sum(w.effort) / len(w.effort)
    full = min(p["acute.benefit_mean"] + p["acute.benefit_spread"] * nature.once["benefit"], p["acute.benefit_limit"])
    cut = full * ramp * (p["acute.effortless_share"] + (1.0 - p["acute.effortless_share"]) * effort)
    state.acute_level = p["acute.persistence"] * state.acute_level + p["acute.noise"] * nature.noise["acute"][t]
    total = 0.0
    for pod in setting.study.place.pods:
        spill = 1.0 + pod.care_elasticity * (w.care - 1.0)
        surge = 1.0 + (pod.pandemic_response if w.pandemic else 0.0)
        spill *= 1.0 + p["acute.winter"] if w.hard_winter else 1.0
        total += pod.base_gbp * (1.0 + pod.growth) ** t * (1.0 - pod.benefit_response * cut) * spill * surge
    w.acute = total * w.list / p["population.list_base"] * setting.age_mix[t] * math.exp(state.acute_level)


def outcomes(w: SimpleNamespace, state: State, nature: Nature, setting: Setting, t: int) -> None:
    """True progress of each indicator, and health gained (QALYs)."""
    q, axes = setting.dynamics, nature.axes
    common = (
        q["drift"] - q["responsibility_effect"] * axes["responsibility"][t]
        + q["vacancy_effect"] * (setting.today["workforce"] - axes["workforce"][t]) / 0.05
        + q["care_effect"] * (w.care - 1.0)
    )  # fmt: skip
    w.health = setting.place["health.qaly_per_prevention_pound"] * state.prevention_spend[t]
    for k, indicator in enumerate(setting.study.place.indicators):
        state.progress[k] = (
            q["persistence"] * state.progress[k] + setting.provider["effort.power"] * w.effort[k] + common
            + q["progress_noise"] * nature.noise[f"outcome_{k}"][t]
        )  # fmt: skip
        w.health += indicator.qaly_per_progress * state.progress[k]
    w.progress = list(state.progress)


STEPS = (funding, demand, prices, productivity, scope_cost, acute, outcomes)
