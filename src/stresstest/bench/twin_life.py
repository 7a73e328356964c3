"""The numpy twin: the lives of a chunk of futures under one strategy, year by year, and their outcomes.

Order of a year, as in kernel/respond.py and kernel/project.py: decisions, care and cost, the record, the clauses, recovery, price
variation, the result against plan, losses, early notice, the successor, measures, the end of service. `on` is 1 in service and 0
after; what a strategy leaves alone is a plain 0 and costs nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .loop_setting import Levels, Setting
from .twin_clauses import Clauses
from .twin_end import Ending
from .twin_levers import bend_record, bend_world, decide, recovered
from .twin_measures import add_year, finish
from .twin_place import Place

Array = np.ndarray
#: An array [n], or a plain number where all futures share it.
Many = Any


class Life:
    """What the providers of a chunk carry from year to year, and the places that they live in."""

    def __init__(self, setting: Setting, place: Place, noise: Array, detection: dict[str, Array]) -> None:
        n, indicators = place.heads.shape[1], setting.indicators
        self.setting, self.place, self.detection = setting, place, detection
        self.samples = noise[:, L.NOISE_SAMPLE : L.NOISE_SAMPLE + len(indicators)]
        self.on = np.ones(n)
        self.progress: Array = np.zeros((len(indicators), n))
        self.spent: list[Many] = []
        self.own_productivity: Many = 0.0
        self.carried: Many = 0.0
        self.clauses, self.ending = Clauses(setting, n), Ending(setting, n)
        columns = ("baseline", "span", "noise_sd", "persistence", "qaly_per_progress", "exception_effect", "list_dilution")
        self.own = {name: np.array([[getattr(indicator, name)] for indicator in indicators]) for name in columns}
        self.falling = self.own["span"] < 0.0


class Year:
    """One year of the world under this strategy: arrays [n], or plain numbers where all futures share them."""

    def __init__(self, life: Life, levels: Levels, t: int) -> None:
        place = life.place
        self.heads, self.shock, self.acute_level = place.heads[t], place.shock[t], place.acute_level[t]
        self.effort: Many = levels["effort"] * life.on if "effort" in levels else 0.0
        self.prevention: Many = levels["prevention"] * life.on if "prevention" in levels else 0.0
        self.efficiency: Many = levels["efficiency"] * life.on if "efficiency" in levels else 0.0
        self.gaming_cost: Many = 0.0
        self.shifted: Many = 0.0
        self.shifted_acute: Many = 0.0
        self.shifted_council: Many = 0.0
        self.away: Many = 0.0
        self.left: Many = 0.0
        self.spared: Many = 0.0
        self.saving: Many = 0.0
        self.investment: Many = 0.0
        self.cost: Many = 0.0
        self.scope_cost: Array = place.gross[t]
        self.gross: Array = place.gross[t]
        self.acute: Array = place.acute[t]
        self.log_productivity: Array = place.log_productivity[t]
        self.health: Many = 0.0
        self.progress = life.progress


class Record:
    """What the contract is told in a year, and what an audit would find."""

    def __init__(self, life: Life, year: Year, t: int) -> None:
        setting, place = life.setting, life.place
        self.heads: Array = year.heads - year.away
        self.audited_heads = self.heads
        self.need: Array = place.need[t]
        self.audited_need = self.need
        self.funding = place.funding[t]
        self.acute_expected = setting.shared[t].acute_expected_gbp / setting.p.population_list_base * year.heads
        self.acute: Array = year.acute - life.carried * life.on
        self.prevention: Many = life.spent[t]
        self.ghosts: Many = 0.0
        self.exceptions: Many = 0.0
        self.false: Many = 0.0
        self.relabelled: Many = 0.0
        self.base: Many = 0.0
        self.bid: Many = 0.0
        self.markup: Many = 0.0
        self.relief: Many = 0.0
        self.steered: Many = 0.0
        self.cost: Many = 0.0
        self.audited: Array = year.acute
        self.indicators: Array = year.acute


def live(
    setting: Setting, levels: tuple[Levels, ...], place: Place, noise: Array, detection: dict[str, Array], out: Array
) -> None:
    """Fill out[OUTCOMES, n] of a chunk of futures under one strategy."""
    life = Life(setting, place, noise, detection)
    out[:] = 0.0
    out[L.OUT["lowest_reserve_gbp"]] = setting.p.ending_reserve
    for t in range(setting.years):
        year = care_of_year(life, levels[t], t)
        record = record_of(life, year, levels[t], t)
        paid = life.clauses.settle(record, t)
        recovery = recovered(life, record, paid, levels[t], t)
        ending = life.ending
        ending.vary_price(place.opening, life.on, t)
        income = (paid.income + ending.variation - recovery) * life.on
        ending.split_result(life, year, paid, income, t)
        ending.bear_losses(income, year.cost, life.on)
        if "walk_away" in levels[t]:
            income = ending.leave_early(life, levels[t]["walk_away"], income, t)
        ending.succeed(year.scope_cost, life.on)
        add_year(out, life, year, record, paid, income, recovery, t)
        if t < setting.years - 1:
            ending.end_service(life.on, place.broken[t], t)
    finish(out, life.ending, setting.years)


def care_of_year(life: Life, levels: Levels, t: int) -> Year:
    """Decisions, investment, cost of the scope, acute care, outcomes, and the levers that bend them."""
    p, place, year = life.setting.p, life.place, Year(life, levels, t)
    decide(year, life, levels, t)
    invest(year, life, t)
    if t > 0 and "efficiency" in levels:
        life.own_productivity = life.own_productivity + p.efficiency_gain * year.efficiency
    year.log_productivity = place.log_productivity[t] + life.own_productivity
    year.gross = place.gross[t] * np.exp(-year.log_productivity)
    year.saving = saving_of(life, t)
    if np.ndim(year.saving):
        year.saving = np.minimum(year.gross, year.saving)
    year.scope_cost = year.gross - year.saving
    effort = year.effort.mean(0) if np.ndim(year.effort) == 2 else year.effort
    year.acute = place.acute[t] - place.acute_cut[t] * (p.acute_effortless_share + (1.0 - p.acute_effortless_share) * effort)
    life.progress = life.progress * life.own["persistence"]
    life.progress += place.progress[t]
    life.progress += p.effort_power * year.effort
    year.progress = life.progress
    year.health = np.einsum("k,kn->n", life.own["qaly_per_progress"][:, 0], year.progress)
    year.health += p.health_qaly_per_prevention_pound * life.spent[t]
    bend_world(year, life, levels)
    return year


def invest(year: Year, life: Life, t: int) -> None:
    """Set what effort, prevention and efficiency cost this year (£), and remember what was spent on prevention."""
    p, agreed = life.setting.p, life.setting.shared[t].agreed_gbp
    squares = year.effort * year.effort
    if np.ndim(squares) == 2:
        squares = squares.mean(0)
    life.spent.append(p.prevention_cost_share * agreed * year.prevention)
    work = p.effort_cost_share * squares + p.efficiency_cost_share * year.efficiency * year.efficiency
    year.investment = life.spent[t] + agreed * work


def saving_of(life: Life, t: int) -> Many:
    """What the prevention of earlier years saves in year t (£)."""
    p = life.setting.p
    last = t - int(p.prevention_lag)
    paying = life.spent[max(0, last - int(p.prevention_lasting) + 1) : max(0, min(t, last + 1))]
    return p.prevention_yearly_return * sum(paying) if paying else 0.0


def record_of(life: Life, year: Year, levels: Levels, t: int) -> Record:
    """The truth, then what levers make of it, then indicators and cost."""
    record = Record(life, year, t)
    life.carried = 0.0
    bend_record(year, record, life, levels, t)
    values = year.progress * life.own["span"]
    values += life.own["baseline"]
    values += life.own["noise_sd"] * life.samples[t]
    if "exception_reporting" in levels:
        left = 1.0 - life.own["exception_effect"] * record.exceptions
        values *= np.where(life.falling, left, 1.0 / left)
    if "list_inflation" in levels:
        values /= 1.0 + life.own["list_dilution"] * record.ghosts
    if "relabelling" in levels:
        values *= 1.0 - life.falling * record.relabelled
    record.audited = values
    record.indicators = values + record.false * life.own["span"] if "misreporting" in levels else values
    year.cost = year.scope_cost + year.investment + year.gaming_cost
    record.cost = year.cost + record.markup + record.relief
    return record
