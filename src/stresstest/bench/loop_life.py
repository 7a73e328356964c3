"""The plain Python loop: the life of one provider in one future, year by year, and its outcomes.

Order of a year, as in kernel/respond.py and kernel/project.py: decisions, care and cost, the record, the clauses, recovery, price
variation, the result against plan, losses, early notice, the successor, measures, the end of service.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from .. import layout as L
from .loop_clauses import Paid, settle
from .loop_end import Ledger, bear_losses, end_service, leave_early, split_result
from .loop_levers import bend_world, decide, recovered
from .loop_measures import Sums
from .loop_place import Place, PlaceYear
from .loop_record import record_of
from .loop_setting import Levels, Setting

Years = Sequence[Sequence[float]]


@dataclass(slots=True)
class Life:
    """What a provider carries from year to year."""

    reserve: float
    progress: list[float]
    moved: list[float]
    spent: list[float] = field(default_factory=list)
    own_productivity: float = 0.0
    price: float = 0.0
    funding_before: float = 1.0
    carried: float = 0.0
    owners_paid: float = 0.0
    fee_paid: float = 0.0
    leave_at: float = 0.0
    running: bool = True
    notice: float = -1.0
    exit_year: int = -1
    exit_cause: int = L.EXIT_NONE
    years_since: int = 0
    survival: float = 1.0
    adverse: list[float] = field(default_factory=lambda: [0.0] * len(L.ADVERSE))


@dataclass(slots=True)
class Year:
    """One year of the world under this provider."""

    heads: float
    acute: float
    acute_level: float
    shock: float
    effort: list[float]
    prevention: float
    efficiency: float
    investment: float = 0.0
    productivity: float = 1.0
    gross: float = 0.0
    saving: float = 0.0
    scope_cost: float = 0.0
    health: float = 0.0
    gaming_cost: float = 0.0
    shifted: float = 0.0
    shifted_acute: float = 0.0
    shifted_council: float = 0.0
    away: float = 0.0
    left: float = 0.0
    spared: float = 0.0
    cost: float = 0.0
    progress: list[float] = field(default_factory=list)


def live(
    setting: Setting, levels: tuple[Levels, ...], place: Place, axes: Years, noise: Years, once: Sequence[float],
    detection: dict[str, list[float]],
) -> list[float]:  # fmt: skip
    """Outcomes of one future under one strategy, in the order of OUTCOMES."""
    count, reserve = len(setting.indicators), setting.p.ending_reserve
    life, sums = Life(reserve, [0.0] * count, [0.0] * count), Sums(reserve)
    for t in range(setting.years):
        given = place.years[t]
        year = care_of_year(life, setting, given, levels[t], t)
        paid, ledger = Paid(), Ledger()
        expected = setting.shared[t].acute_expected_gbp * given.heads / setting.p.population_list_base
        if life.running:
            record = record_of(life, setting, given, year, levels[t], noise[t], expected, t)
            paid = settle(record, life, setting, t)
            ledger.recovery = recovered(record, paid, setting, levels[t], detection, t) if detection else 0.0
            paid.income -= ledger.recovery
            paid.variation = variation(setting, place.opening, t)
            paid.income += paid.variation
            split_result(life, setting, place.opening, given, year, paid, t)
            bear_losses(life, setting.p, paid, year.cost, ledger)
            leave_early(life, setting.p, paid, ledger)
        else:
            successor(life, setting, year, ledger)
        sums.add(life, setting, year, paid, ledger, expected, t)
        if t < setting.years - 1:
            end_service(life, setting.p, axes[t][L.CONTROL], once[L.ONCE_POLICY], t)
    return sums.outcomes(life, setting.years)


def variation(setting: Setting, opening: float, t: int) -> float:
    """What a sole bidder wins back of an opening gap this year (£)."""
    p = setting.p
    return float(p.opening_hold_up / p.opening_bidders * max(0.0, opening - 1.0) * setting.shared[t].agreed_gbp)


def successor(life: Life, setting: Setting, year: Year, ledger: Ledger) -> None:
    """Care after the provider has left, dearer for a while, and in the first such year the cost of letting it again."""
    p = setting.p
    premium = p.ending_step_in_premium if life.years_since < p.ending_step_in_years else 0.0
    ledger.step_in = year.scope_cost * (1.0 + premium)
    if life.years_since == 0:
        ledger.step_in += p.ending_reprocurement_cost
    life.years_since += 1


def care_of_year(life: Life, setting: Setting, given: PlaceYear, levels: Levels, t: int) -> Year:
    """Decisions, investment, cost of the scope, acute care, outcomes, and the levers that bend them."""
    p, running, count = setting.p, life.running, len(setting.indicators)
    effort = levels.get("effort", 0.0) if running else 0.0
    year = Year(
        given.heads, given.acute, given.acute_level, given.shock, [effort] * count,
        levels.get("prevention", 0.0) if running else 0.0, levels.get("efficiency", 0.0) if running else 0.0,
    )  # fmt: skip
    if running:
        decide(year, life, setting, levels, t)
    invest(year, life, setting, t)
    if t > 0:
        life.own_productivity += p.efficiency_gain * year.efficiency
    year.productivity = math.exp(given.log_productivity + life.own_productivity)
    year.gross = given.gross / year.productivity
    last = t - int(p.prevention_lag)
    returns = sum(life.spent[max(0, last - int(p.prevention_lasting) + 1) : max(0, min(t, last + 1))])
    year.saving = min(year.gross, p.prevention_yearly_return * returns)
    year.scope_cost = year.gross - year.saving
    mean_effort = sum(year.effort) / count if count else 0.0
    year.acute -= given.acute_cut * (p.acute_effortless_share + (1.0 - p.acute_effortless_share) * mean_effort)
    year.health = p.health_qaly_per_prevention_pound * life.spent[t]
    life.progress = year.progress = [
        own.persistence * before + p.effort_power * work + new
        for own, before, work, new in zip(setting.indicators, life.progress, year.effort, given.progress, strict=True)
    ]
    year.health += sum(own.qaly_per_progress * y for own, y in zip(setting.indicators, year.progress, strict=True))
    if running:
        bend_world(year, life, setting, levels)
    return year


def invest(year: Year, life: Life, setting: Setting, t: int) -> None:
    """Set what effort, prevention and efficiency cost this year (£), and remember what was spent on prevention."""
    p, agreed = setting.p, setting.shared[t].agreed_gbp
    squares = sum(effort * effort for effort in year.effort) / len(year.effort) if year.effort else 0.0
    life.spent.append(p.prevention_cost_share * year.prevention * agreed)
    work = p.effort_cost_share * squares + p.efficiency_cost_share * year.efficiency * year.efficiency
    year.investment = life.spent[t] + work * agreed
