"""The plain Python loop: what the provider's gaming changes, lever by lever; the mechanisms stand in levers/.

Only levers in use are looked at. A provider that has left bends nothing: `life.running` is then False and none of this is called.
"""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

from .loop_setting import Levels, Setting

#: Levers whose gain is claimed back, or punished, where they are found out.
RECOVERING = ("list_inflation", "upcoding", "misreporting", "skimping", "related_party")


def levers_at_risk(setting: Setting) -> list[str]:
    """Levers in use whose gain can be claimed back."""
    used = {name for levels in setting.strategies for year in levels for name in year}
    return [name for name in RECOVERING if name in used]


def decide(year: Any, life: Any, setting: Setting, levels: Levels, t: int) -> None:
    """Levers that bend effort and prevention before the year's care, and the wish to leave."""
    p, goals = setting.p, setting.shared[t].goals
    if "threshold_bunching" in levels:
        for k, goal in enumerate(goals):
            reach = setting.levers["threshold_bunching"].reach
            if goal is None or not (life.progress[k] < goal and goal - life.progress[k] <= reach):
                year.effort[k] *= 1.0 - levels["threshold_bunching"]
    if "ratchet_holding_back" in levels and t % 2 == 1:
        year.effort = [effort * (1.0 - levels["ratchet_holding_back"]) for effort in year.effort]
    if "prevention_run_off" in levels:
        left = min(p.prevention_lasting, max(0.0, setting.years - t - p.prevention_lag))
        if p.prevention_yearly_return * left < 1.0:
            year.prevention *= 1.0 - levels["prevention_run_off"]
    if "walk_away" in levels and t + math.ceil(p.ending_notice_years) < setting.years - 1:
        life.leave_at = levels["walk_away"]


def bend_world(year: Any, life: Any, setting: Setting, levels: Levels) -> None:
    """Levers that bend the year's care and cost, in the order of their register."""
    p, levers = setting.p, setting.levers
    if "cost_shifting" in levels:
        own = levers["cost_shifting"]
        moved = levels["cost_shifting"] * own.movable_share * year.scope_cost
        year.shifted, year.scope_cost = moved, year.scope_cost - moved
        year.shifted_acute, year.shifted_council = own.pass_through_acute * moved, own.pass_through_council * moved
        year.acute += year.shifted_acute
        year.health -= p.health_qaly_per_shifted_pound * (moved - year.shifted_acute - year.shifted_council)
    if "risk_selection" in levels:
        own = levers["risk_selection"]
        share = levels["risk_selection"] * own.costly_share
        year.away = share * year.heads
        year.left = min(1.0, share * own.cost_ratio) * year.scope_cost
        save(year, year.left)
        year.gaming_cost += own.steering_cost * year.away
        year.health -= p.health_qaly_per_person_moved * year.away
    if "disinvestment" in levels:
        cut = levels["disinvestment"] * levers["disinvestment"].unmeasured_share * year.scope_cost
        save(year, cut)
        year.health -= p.health_qaly_per_disinvested_pound * cut
    if "skimping" in levels:
        own, x = levers["skimping"], levels["skimping"]
        save(year, own.saving_share * x * year.scope_cost)
        year.health -= p.health_qaly_per_skimped * x * x
        life.progress = [progress - own.progress_loss * x for progress in life.progress]


def save(year: Any, cost: float) -> None:
    """Take a sum (£) off the cost of the scope that is no saving of care."""
    year.scope_cost -= cost
    year.spared += cost


def bend_record(year: Any, record: Any, life: Any, setting: Setting, levels: Levels, t: int) -> None:
    """Levers that bend what the contract is told."""
    levers, p = setting.levers, setting.p
    if "list_inflation" in levels:
        x = levels["list_inflation"]
        record.heads *= 1.0 + x
        record.ghosts = x
        year.gaming_cost += levers["list_inflation"].ghost_cost * x * year.heads
    if "upcoding" in levels:
        x = levels["upcoding"]
        record.need *= 1.0 + x
        year.gaming_cost += 0.5 * levers["upcoding"].coding_cost * x * x
    if "exception_reporting" in levels:
        x = levels["exception_reporting"]
        record.exceptions = x
        year.gaming_cost += levers["exception_reporting"].cost_per_point * 100.0 * x
        year.health -= p.health_qaly_per_exception * 100.0 * x
    if "year_end_timing" in levels and t < setting.years - 1:
        bring_forward(year, record, life, setting.shared[t].edges, levels["year_end_timing"])
    bend_reports(year, record, setting, levels, t)
    if "noise_harvesting" in levels:
        record.acute += year.acute * (math.exp(levels["noise_harvesting"] * year.acute_level) - 1.0)
    if "double_relief" in levels:
        record.relief = levels["double_relief"] * max(0.0, year.shock - 1.0) * year.scope_cost
    record.steered = levels.get("indicator_choice", 0.0)


def bend_reports(year: Any, record: Any, setting: Setting, levels: Levels, t: int) -> None:
    """False reports, labels, an inflated base year, a low bid and related parties."""
    levers, agreed = setting.levers, setting.shared[t].agreed_gbp
    record.false = levels.get("misreporting", 0.0)
    if "relabelling" in levels:
        record.relabelled = levels["relabelling"]
        year.gaming_cost += levers["relabelling"].cost_per_point * 100.0 * record.relabelled
    if "baseline_inflation" in levels and t == 0:
        record.base = levels["baseline_inflation"]
        year.gaming_cost += levers["baseline_inflation"].own_share * record.base * agreed
    if "low_bid" in levels:
        own, x = levers["low_bid"], levels["low_bid"]
        granted = own.accepted * own.mark_up * x - (1.0 - own.accepted) * x
        record.bid = -x if t + 1.0 < own.reopen_year else granted
    if "related_party" in levels:
        record.markup = levels["related_party"] * levers["related_party"].related_share * year.scope_cost


def bring_forward(year: Any, record: Any, life: Any, edges: SimpleNamespace, x: float) -> None:
    """Record next year's acute cost now, where it does not count."""
    if edges.active == 0.0:
        return
    gap = record.acute_expected - record.acute
    room = 0.0
    if gap > edges.gain_cap_gap_gbp:
        room = gap - edges.gain_cap_gap_gbp
    elif gap < -edges.loss_cap_gap_gbp:
        room = math.inf
    elif abs(gap) <= edges.dead_band_gbp:
        room = gap + edges.dead_band_gbp
    life.carried = min(x * year.acute, room)
    record.acute += life.carried


def chance_of_detection(own: SimpleNamespace, x: float) -> float:
    """Chance of being found out and punished in a year at intensity x."""
    if own.audit_records == 0.0:
        return float(own.enforcement * own.detection)
    missed = max(0.0, 1.0 - own.false_share_per_unit * x) ** own.audit_records
    return float(own.enforcement * (1.0 - (1.0 - own.detection) * missed))


def recovered(
    record: Any, paid: Any, setting: Setting, levels: Levels, detection: dict[str, list[float]], t: int
) -> float:
    """What is recovered from the provider this year (£): every lever in use that is found out."""
    claims = {
        "list_inflation": paid.list_over, "upcoding": paid.need_over, "misreporting": paid.score_over, "skimping": 0.0,
        "related_party": record.markup,
    }  # fmt: skip
    total = 0.0
    for name, claim in claims.items():
        if name in levels and name in detection:
            own = setting.levers[name]
            if detection[name][t] < chance_of_detection(own, levels[name]):
                total += (1.0 + own.fine) * claim * min(own.look_back, t + 1.0) + own.fixed_penalty
    return total
