"""What a provider may do, lever by lever: choices first, then the world, then the record. Nothing here moves money."""

from __future__ import annotations

import math
from types import SimpleNamespace

from . import schemes
from .world import Setting, State

Levels = dict[str, float]


def decide(w: SimpleNamespace, x: Levels, state: State, setting: Setting, t: int) -> None:
    """Effort by indicator, prevention and efficiency, after the levers that bend them."""
    indicators = setting.study.place.indicators
    w.effort = [x["effort"]] * len(indicators)
    w.prevention, w.efficiency = x["prevention"], x["efficiency"]
    goals = goals_of(setting, t)
    for k in range(len(indicators)):
        near = 0.0
        if goals[k] is not None:
            gap = goals[k] - state.progress[k]  # progress as last year left it
            near = 1.0 if 0.0 < gap <= setting.levers["threshold_bunching"]["reach"] else 0.0
        w.effort[k] *= 1.0 - x["threshold_bunching"] + x["threshold_bunching"] * near
        if t % 2 == 1:
            w.effort[k] *= 1.0 - x["ratchet_holding_back"]
    if returns_in_term(setting, t) < 1.0:
        w.prevention *= 1.0 - x["prevention_run_off"]


def goals_of(setting: Setting, t: int) -> list[float | None]:
    """Progress at which each indicator pays in full this year, before any re-basing; None where it is not paid on."""
    clause = setting.study.contract.first("improvement_payment")
    targets = {row["name"]: row["target"] for row in clause.at(t)["indicators"]} if clause else {}
    return [
        (targets[own.name] - own.baseline) / (own.target - own.baseline) if own.name in targets else None
        for own in setting.study.place.indicators
    ]


def returns_in_term(setting: Setting, t: int) -> float:
    """What a pound of prevention in year t saves before the contract ends."""
    q = setting.provider
    left = max(0.0, setting.years - t - q["prevention.lag"])
    return q["prevention.yearly_return"] * min(q["prevention.lasting"], left)


def shift_cost(w: SimpleNamespace, x: Levels, setting: Setting) -> None:
    """L10: part of the cost in scope goes to others, and part of that comes back elsewhere."""
    own = setting.levers["cost_shifting"]
    w.shifted = x["cost_shifting"] * own["movable_share"] * w.scope_cost
    w.shifted_acute, w.shifted_council = own["pass_through_acute"] * w.shifted, own["pass_through_council"] * w.shifted
    w.scope_cost -= w.shifted
    w.acute += w.shifted_acute
    w.health -= setting.place["health.qaly_per_shifted_pound"] * (w.shifted - w.shifted_acute - w.shifted_council)


def bend_record(w: SimpleNamespace, r: SimpleNamespace, x: Levels, state: State, setting: Setting, t: int) -> None:
    """L02, L03, L04 and L11: what the contract is told, and what telling it costs."""
    own = setting.levers
    r.list *= 1.0 + x["list_inflation"]
    r.need *= 1.0 + x["upcoding"]
    r.ghosts, r.exceptions = x["list_inflation"], x["exception_reporting"]
    w.gaming_cost = (
        own["list_inflation"]["ghost_cost"] * x["list_inflation"] * w.list
        + 0.5 * own["upcoding"]["coding_cost"] * x["upcoding"] ** 2
        + own["exception_reporting"]["cost_per_point"] * 100.0 * x["exception_reporting"]
        + schemes.cost_of_schemes(w, x, setting, t)
    )
    w.health -= setting.place["health.qaly_per_exception"] * 100.0 * x["exception_reporting"]
    shift_time(r, x, state, setting, t)
    schemes.bend_record(w, r, x, state, setting, t)


def shift_time(r: SimpleNamespace, x: Levels, state: State, setting: Setting, t: int) -> None:
    """L11: record next year's acute cost now, where it does not count."""
    room = room_for_cost(r.acute_expected - (r.acute - state.carried), setting, t)
    forward = min(x["year_end_timing"] * r.acute, room) if t < setting.years - 1 else 0.0
    r.acute += forward - state.carried
    state.carried = forward


def room_for_cost(gap: float, setting: Setting, t: int) -> float:
    """Recorded cost that can be added this year without changing what is paid (£)."""
    clause = setting.study.contract.first("gain_loss_share")
    if clause is None or clause.at(t)["settlement"] != "annual":
        return 0.0
    v, plan = clause.at(t), setting.plan[t]
    band = v["dead_band"] * plan.acute
    kept = band if v["band"] == "net" else 0.0
    gain_edge = kept + v["gain_cap"] * plan.agreed / v["share_gain"] if v["share_gain"] > 0.0 else band
    loss_edge = kept + v["loss_cap"] * plan.agreed / v["share_loss"] if v["share_loss"] > 0.0 else band
    if gap > gain_edge:
        return gap - gain_edge
    if abs(gap) <= band:
        return gap + band
    return math.inf if -gap > loss_edge else 0.0


def audited(
    w: SimpleNamespace, r: SimpleNamespace, noise: dict[str, list[float]], setting: Setting, t: int
) -> list[float]:
    """The indicators as an audit would find them: chance variation, exceptions, ghosts, labels."""
    values = []
    for k, own in enumerate(setting.study.place.indicators):
        value = own.baseline + w.progress[k] * (own.target - own.baseline) + own.noise_sd * noise[f"sample_{k}"][t]
        left = 1.0 - own.exception_effect * r.exceptions
        value = value / left if own.target > own.baseline else value * left
        value /= 1.0 + own.list_dilution * r.ghosts
        values.append(value * (1.0 - r.relabelled) if own.target < own.baseline else value)
    return values
