"""One future lived under one strategy, year by year: world, record, clauses, recovery, reserve, exit."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from . import levers, schemes, solvency, world
from .clauses import CLAUSES
from .world import Nature, Setting, State

LEVERS = (
    "effort", "prevention", "efficiency", "threshold_bunching", "ratchet_holding_back", "prevention_run_off",
    "cost_shifting", "list_inflation", "upcoding", "exception_reporting", "year_end_timing",
    "risk_selection", "disinvestment", "misreporting", "relabelling", "skimping", "baseline_inflation", "low_bid",
    "related_party", "walk_away", "noise_harvesting", "double_relief", "indicator_choice",
)  # fmt: skip
SYSTEM = ("recovery", "deficit_support", "step_in", "reprocurement", "price_variation", "exit_fee")


@dataclass
class Life:
    """What happened in one future: year by year (world, record, paid, ledger), and the purse at the end."""

    years: list[SimpleNamespace] = field(default_factory=list)
    purse: Any = None


def level(strategy: dict[str, Any], name: str, t: int) -> float:
    """Intensity of a lever in year t; a tuple gives each year, and its last entry holds."""
    given = strategy.get(name, 0.0)
    return given[min(t, len(given) - 1)] if isinstance(given, tuple) else given


def live(setting: Setting, nature: Nature, strategy: dict[str, Any], found: list[dict[str, bool]]) -> Life:
    """The whole term. `found[t]` says which levers would be found out in year t."""
    indicators = setting.study.place.indicators
    state = State(list=setting.place["population.list_base"], progress=[0.0] * len(indicators))
    purse, life = solvency.Purse(reserve=setting.ending["reserve"]), Life()
    memory: dict[str, dict[str, Any]] = {term.id: {} for term in setting.study.contract.terms}
    for t in range(setting.years):
        running = purse.running
        if not running:
            state.carried = 0.0  # no provider, no record to lower
        x = {name: level(strategy, name, t) if running else 0.0 for name in LEVERS}
        w = world_year(setting, state, nature, x, t)
        r = record_year(setting, state, nature, w, x, t)
        w.cost = w.scope_cost + w.investment + w.gaming_cost
        r.cost = w.cost + r.markup + r.relief
        paid, ledger = settle(setting, r, memory, running)
        ledger["recovery"] = schemes.claims(paid, r, found[t], x, setting, t) if running else 0.0
        paid.income -= ledger["recovery"]
        paid.variation = world.variation(setting.place, nature.once, setting.plan[t].agreed) if running else 0.0
        ledger |= {"price_variation": paid.variation, "deficit_support": 0.0, "exit_fee": 0.0}
        paid.income += paid.variation
        if running:
            solvency.split_result(purse, w, paid, setting, t)
            ledger["deficit_support"] = solvency.bear_losses(purse, paid.income, w.cost, setting.ending)
            ledger["exit_fee"] = solvency.leave_early(purse, x["walk_away"], setting, t)
            paid.income -= ledger["exit_fee"]
            solvency.end_service(purse, nature.axes["control"][t], nature.once["policy"], setting, t)
        ledger["step_in"], ledger["reprocurement"] = solvency.successor(purse, w, setting.ending, t)
        life.years.append(SimpleNamespace(
            t=t, running=running, w=w, r=r, paid=paid, ledger=ledger,
            reserve=purse.reserve, owner_paid=purse.owner_paid,
        ))  # fmt: skip
    life.purse = purse
    return life


def world_year(setting: Setting, state: State, nature: Nature, x: dict[str, float], t: int) -> SimpleNamespace:
    """Choices, investment, drivers, and what is bent in the world."""
    w, q, agreed = SimpleNamespace(), setting.provider, setting.plan[t].agreed
    levers.decide(w, x, state, setting, t)
    effort = sum(e * e for e in w.effort) / len(w.effort)
    w.prevention_spend = agreed * q["prevention.cost_share"] * w.prevention
    honest_work = q["effort.cost_share"] * effort + q["efficiency.cost_share"] * w.efficiency**2
    w.investment = agreed * honest_work + w.prevention_spend
    state.prevention_spend.append(w.prevention_spend)
    for step in world.STEPS:
        step(w, state, nature, setting, t)
    levers.shift_cost(w, x, setting)
    schemes.bend_world(w, x, state, setting)
    return w


def record_year(
    setting: Setting, state: State, nature: Nature, w: SimpleNamespace, x: dict[str, float], t: int
) -> SimpleNamespace:
    """What the contract is told: the truth, bent by the levers of the record, and the reported indicators."""
    place, plan, base = setting.study.place, setting.plan[t], setting.place["population.list_base"]
    r = SimpleNamespace(
        year=t, list=w.list - w.away, need=w.need, acute=w.acute, acute_expected=plan.acute * w.list / base, funding=w.funding,
        agreed=plan.agreed, list_base=base, prevention=w.prevention_spend, audit_list=w.list - w.away, audit_need=w.need,
    )  # fmt: skip
    levers.bend_record(w, r, x, state, setting, t)
    values = levers.audited(w, r, nature.noise, setting, t)
    r.audited = {own.name: value for own, value in zip(place.indicators, values, strict=True)}
    r.indicators = schemes.told(r.audited, r, setting)
    r.exception_effects = {own.name: own.exception_effect for own in place.indicators}
    return r


def settle(
    setting: Setting, r: SimpleNamespace, memory: dict[str, dict[str, Any]], running: bool
) -> tuple[SimpleNamespace, dict[str, float]]:
    """Every clause in the contract's order; nothing is paid once the provider has left."""
    paid = SimpleNamespace(annual=0.0, list_over=0.0, need_over=0.0, score=0.0, income=0.0, score_over=0.0)
    ledger = {}
    for term in setting.study.contract.terms:
        amount = CLAUSES[term.kind.name](term.at(r.year), r, paid, memory[term.id]) if running else 0.0
        ledger[term.id] = amount
        paid.income += amount * ((term.payee == "provider") - (term.payer == "provider"))
    return paid, ledger
