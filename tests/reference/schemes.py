"""More of what a provider may do, lever by lever, from the words of each: L01, L07–L09, L12, L14–L20."""

from __future__ import annotations

import math
from types import SimpleNamespace

from .world import Row, Setting, State

Levels = dict[str, float]


def bend_world(w: SimpleNamespace, x: Levels, state: State, setting: Setting) -> None:
    """Costly people leave, unmeasured services are cut, quality is skimped: in this order, each on what is left of the cost."""
    own, p = setting.levers, setting.place
    moved = x["risk_selection"] * own["risk_selection"]["costly_share"]
    w.away = moved * w.list
    w.left = w.scope_cost * min(moved * own["risk_selection"]["cost_ratio"], 1.0)
    w.scope_cost -= w.left
    w.disinvested = w.scope_cost * own["disinvestment"]["unmeasured_share"] * x["disinvestment"]
    w.scope_cost -= w.disinvested
    w.quality_cut = x["skimping"]
    skimped = w.scope_cost * w.quality_cut * own["skimping"]["saving_share"]
    w.scope_cost -= skimped
    w.spared = w.left + w.disinvested + skimped
    state.progress = [y - own["skimping"]["progress_loss"] * w.quality_cut for y in state.progress]
    w.health -= (
        p["health.qaly_per_person_moved"] * w.away
        + p["health.qaly_per_disinvested_pound"] * w.disinvested
        + p["health.qaly_per_skimped"] * w.quality_cut**2
    )


def cost_of_schemes(w: SimpleNamespace, x: Levels, setting: Setting, t: int) -> float:
    """What easing people out, relabelling and a raised base year cost the provider (£)."""
    own = setting.levers
    cost = own["risk_selection"]["steering_cost"] * w.away
    cost += own["relabelling"]["cost_per_point"] * x["relabelling"] * 100.0
    if t == 0:
        cost += own["baseline_inflation"]["own_share"] * x["baseline_inflation"] * setting.plan[0].agreed
    return cost


def bend_record(w: SimpleNamespace, r: SimpleNamespace, x: Levels, state: State, setting: Setting, t: int) -> None:
    """Base year, bid, mark-ups, relief, noise, labels, lies and weights, as the contract is told of them."""
    own = setting.levers
    r.base = x["baseline_inflation"] if t == 0 else 0.0
    r.bid = bid(x["low_bid"], own["low_bid"], t + 1)
    r.markup = x["related_party"] * own["related_party"]["related_share"] * w.scope_cost
    r.relief = x["double_relief"] * (w.shock - 1.0) * w.scope_cost if w.shock > 1.0 else 0.0
    r.acute += w.acute * math.expm1(x["noise_harvesting"] * state.acute_level)
    r.relabelled, r.false, r.steered = x["relabelling"], x["misreporting"], x["indicator_choice"]
    r.disinvested, r.audit_left, r.audit_quality_cut = w.disinvested, w.left, w.quality_cut
    r.audit_council, r.audit_acute = w.shifted_council, w.shifted_acute


def bid(discount: float, own: Row, contract_year: int) -> float:
    """What the payment lies over the written price; `contract_year` counts from 1."""
    if contract_year < own["reopen_year"]:
        return -discount
    refused = 1.0 - own["accepted"]
    return own["accepted"] * own["mark_up"] * discount - refused * discount


def told(audited: dict[str, float], r: SimpleNamespace, setting: Setting) -> dict[str, float]:
    """The reports: what an audit would find, and the lie on top, in units of the way from baseline to target."""
    return {
        own.name: audited[own.name] + r.false * (own.target - own.baseline) for own in setting.study.place.indicators
    }


def chance(x: float, own: Row) -> float:
    """Chance in a year that the act is found out and punished."""
    if own["audit_records"] == 0.0:
        return own["enforcement"] * own["detection"]
    clean = max(1.0 - own["false_share_per_unit"] * x, 0.0)
    return own["enforcement"] * (1.0 - (1.0 - own["detection"]) * clean ** own["audit_records"])


def claims(
    paid: SimpleNamespace, r: SimpleNamespace, found: dict[str, bool], x: Levels, setting: Setting, t: int
) -> float:
    """What a provider that is found out pays this year: what each act brought, years back, with fines (£)."""
    over = {
        "list_inflation": paid.list_over, "upcoding": paid.need_over, "misreporting": paid.score_over,
        "skimping": 0.0, "related_party": r.markup,
    }  # fmt: skip
    total = 0.0
    for name, claim in over.items():
        own = setting.levers[name]
        if x[name] > 0.0 and found[name]:
            total += claim * min(own["look_back"], t + 1) * (1.0 + own["fine"]) + own["fixed_penalty"]
    return total
