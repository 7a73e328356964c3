"""The numpy twin: what the provider's gaming changes, lever by lever; the mechanisms stand in levers/.

Only levers in use are worked out. A provider that has left bends nothing: intensities are multiplied by `life.on`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .loop_levers import chance_of_detection
from .loop_setting import Levels

Array = np.ndarray


def decide(year: Any, life: Any, levels: Levels, t: int) -> None:
    """Levers that bend effort and prevention before the year's care."""
    setting = life.setting
    p, shared = setting.p, setting.shared[t]
    if "threshold_bunching" in levels:
        x, reach = levels["threshold_bunching"], setting.levers["threshold_bunching"].reach
        goals = np.array([[math.nan if goal is None else goal] for goal in shared.goals])
        near = (life.progress < goals) & (goals - life.progress <= reach)
        year.effort = year.effort * np.where(near, 1.0, 1.0 - x)
    if "ratchet_holding_back" in levels and t % 2 == 1:
        year.effort = year.effort * (1.0 - levels["ratchet_holding_back"])
    if "prevention_run_off" in levels:
        left = min(p.prevention_lasting, max(0.0, setting.years - t - p.prevention_lag))
        if p.prevention_yearly_return * left < 1.0:
            year.prevention = year.prevention * (1.0 - levels["prevention_run_off"])


def bend_world(year: Any, life: Any, levels: Levels) -> None:
    """Levers that bend the year's care and cost, in the order of their register."""
    p, levers, on = life.setting.p, life.setting.levers, life.on
    if "cost_shifting" in levels:
        own = levers["cost_shifting"]
        year.shifted = levels["cost_shifting"] * own.movable_share * on * year.scope_cost
        year.scope_cost = year.scope_cost - year.shifted
        year.shifted_acute, year.shifted_council = own.pass_through_acute * year.shifted, own.pass_through_council * year.shifted
        year.acute = year.acute + year.shifted_acute
        year.health -= p.health_qaly_per_shifted_pound * (year.shifted - year.shifted_acute - year.shifted_council)
    if "risk_selection" in levels:
        own = levers["risk_selection"]
        share = levels["risk_selection"] * own.costly_share
        year.away = share * on * year.heads
        year.left = min(1.0, share * own.cost_ratio) * on * year.scope_cost
        save(year, year.left)
        year.gaming_cost = year.gaming_cost + own.steering_cost * year.away
        year.health -= p.health_qaly_per_person_moved * year.away
    if "disinvestment" in levels:
        cut = levels["disinvestment"] * levers["disinvestment"].unmeasured_share * on * year.scope_cost
        save(year, cut)
        year.health -= p.health_qaly_per_disinvested_pound * cut
    if "skimping" in levels:
        own, x = levers["skimping"], levels["skimping"]
        save(year, own.saving_share * x * on * year.scope_cost)
        year.health -= p.health_qaly_per_skimped * x * x * on
        life.progress = life.progress - own.progress_loss * x * on


def save(year: Any, cost: Array) -> None:
    """Take a sum (£) off the cost of the scope that is no saving of care."""
    year.scope_cost = year.scope_cost - cost
    year.spared = year.spared + cost


def bend_record(year: Any, record: Any, life: Any, levels: Levels, t: int) -> None:
    """Levers that bend what the contract is told."""
    levers, p, on = life.setting.levers, life.setting.p, life.on
    if "list_inflation" in levels:
        record.ghosts = levels["list_inflation"] * on
        record.heads = record.heads * (1.0 + record.ghosts)
        year.gaming_cost = year.gaming_cost + levers["list_inflation"].ghost_cost * record.ghosts * year.heads
    if "upcoding" in levels:
        x = levels["upcoding"] * on
        record.need = record.need * (1.0 + x)
        year.gaming_cost = year.gaming_cost + 0.5 * levers["upcoding"].coding_cost * x * x
    if "exception_reporting" in levels:
        record.exceptions = levels["exception_reporting"] * on
        year.gaming_cost = year.gaming_cost + levers["exception_reporting"].cost_per_point * 100.0 * record.exceptions
        year.health -= p.health_qaly_per_exception * 100.0 * record.exceptions
    if "year_end_timing" in levels and t < life.setting.years - 1:
        bring_forward(year, record, life, levels["year_end_timing"], t)
    bend_reports(year, record, life, levels, t)
    if "noise_harvesting" in levels:
        record.acute = record.acute + year.acute * np.expm1(levels["noise_harvesting"] * on * year.acute_level)
    if "double_relief" in levels:
        record.relief = levels["double_relief"] * np.maximum(0.0, year.shock - 1.0) * year.scope_cost * on
    if "indicator_choice" in levels:
        record.steered = levels["indicator_choice"] * on


def bend_reports(year: Any, record: Any, life: Any, levels: Levels, t: int) -> None:
    """False reports, labels, an inflated base year, a low bid and related parties."""
    levers, on, agreed = life.setting.levers, life.on, life.setting.shared[t].agreed_gbp
    if "misreporting" in levels:
        record.false = levels["misreporting"] * on
    if "relabelling" in levels:
        record.relabelled = levels["relabelling"] * on
        year.gaming_cost = year.gaming_cost + levers["relabelling"].cost_per_point * 100.0 * record.relabelled
    if "baseline_inflation" in levels and t == 0:
        record.base = levels["baseline_inflation"] * on
        year.gaming_cost = year.gaming_cost + levers["baseline_inflation"].own_share * agreed * record.base
    if "low_bid" in levels:
        own, x = levers["low_bid"], levels["low_bid"]
        granted = own.accepted * own.mark_up * x - (1.0 - own.accepted) * x
        record.bid = (-x if t + 1.0 < own.reopen_year else granted) * on
    if "related_party" in levels:
        record.markup = levels["related_party"] * levers["related_party"].related_share * on * year.scope_cost


def bring_forward(year: Any, record: Any, life: Any, x: float, t: int) -> None:
    """Record next year's acute cost now, where it does not count."""
    edges = life.setting.shared[t].edges
    if edges.active == 0.0:
        return
    gap = record.acute_expected - record.acute
    inside = np.where(np.abs(gap) <= edges.dead_band_gbp, gap + edges.dead_band_gbp, 0.0)
    room = np.where(gap < -edges.loss_cap_gap_gbp, np.inf, inside)
    room = np.where(gap > edges.gain_cap_gap_gbp, gap - edges.gain_cap_gap_gbp, room)
    life.carried = np.minimum(x * life.on * year.acute, room)
    record.acute = record.acute + life.carried


def recovered(life: Any, record: Any, paid: Any, levels: Levels, t: int) -> Any:
    """What is recovered from the providers this year (£): every lever in use that is found out."""
    claims = {
        "list_inflation": paid.list_over, "upcoding": paid.need_over, "misreporting": paid.score_over, "skimping": 0.0,
        "related_party": record.markup,
    }  # fmt: skip
    total: Any = 0.0
    for name, claim in claims.items():
        if name in levels and name in life.detection:
            own = life.setting.levers[name]
            due = (1.0 + own.fine) * min(own.look_back, t + 1.0) * claim + own.fixed_penalty
            total = total + (life.detection[name][t] < chance_of_detection(own, levels[name])) * due
    return total
