"""From nature and a strategy to one year of the world and of the record.

1  choices are cleared, the levers of phase "decide" set them; a provider that has left chooses nothing
2  investment = agreed · (effort cost · mean of effort² + prevention cost · prevention + efficiency cost · efficiency²);
   efficiency of a year raises that year's productivity from year 1 on
3  the world of the year: what is given whatever the provider does (kernel/given.py), then productivity and cost, acute
   care and outcomes, which its choices move
4  the levers of phase "world" bend the world
5  the record is the truth (the list less those who were moved off it, acute cost less what was recorded a year early),
   until the levers of phase "record" bend it; expected acute spend is the plan's, times the true list over the base
   list; what outside surveys find of shifted care, leavers and quality is set down as it is
6  indicators are reported: true value + chance variation, less exceptions, diluted by ghosts, relabelled; an audit finds
   that value, the report lies beyond it by record_false units of progress
7  cost = in-scope cost + investment + cost of gaming; reported cost adds mark-ups and relief claimed again
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from .._jit import rule, switch_action
from .._lanes import blank, pick, somewhere
from ..drivers.acute import acute_step
from ..drivers.cost import scope_cost_step
from ..drivers.demand import LIST_BASE
from ..drivers.parameters import I_BASELINE, I_DILUTION, I_EXCEPTION, I_NOISE, I_TARGET, PLAN_ACUTE, PLAN_AGREED, slot
from ..drivers.quality import progress_step
from ..levers import LEVER_NUMBER, LEVERS
from ..levers._lever import PHASES
from ..levers.exception_reporting import excepted
from ..levers.list_inflation import diluted
from ..levers.misreporting import lied
from ..levers.relabelling import relabelled

LEVER_PHASE = np.array([PHASES.index(kind.phase) for kind in LEVERS], dtype=np.int64)
DECIDE, WORLD, RECORD = range(3)
#: Written anew every year, before anything reads or adds to it (indicators that the place has not are never written); every
#: other row of d starts the year at 0.
WRITTEN = frozenset(
    L.driver(name)
    for name in (
        *(f"{kind}_{k}" for kind in ("world_progress", "record_indicator", "audit_indicator") for k in range(L.MAX_INDICATORS)),
        *L.DRIVERS[L.WORLD_LIST : L.GIVEN_SHARED], "world_productivity", "world_scope_cost", "world_prevention_saving",
        "world_investment", "world_acute", "world_cost", "world_health", "record_list", "record_need", "record_acute",
        "record_acute_expected", "record_cost", "record_funding", "record_agreed", "record_list_base", "record_prevention",
        "record_disinvested", "audit_list", "audit_need", "audit_council", "audit_acute", "audit_left", "audit_quality_cut",
        "paid_variation",
    )
)  # fmt: skip
#: Written by clauses, in any year.
TOUCHED = frozenset(L.driver(name) for name in L.DRIVERS if name.startswith("paid_")) - WRITTEN


def runs(rows: set[int] | frozenset[int]) -> tuple[tuple[int, int], ...]:
    """Rows as (first, how many) of those that stand side by side."""
    starts = sorted(k for k in rows if k - 1 not in rows)
    return tuple((k, next(j for j in range(k, len(L.DRIVERS) + 1) if j not in rows) - k) for k in starts)


CLEARED = runs(TOUCHED)
#: What each lever adds to, as rows of d, −1 behind the last: 0 before it acts.
BENT = [[L.driver(name) for name in (*kind.moves, *(("audit_claim",) if kind.recovers else ()))] for kind in LEVERS]
LEVER_MOVES = np.array([rows + [-1] * (max(map(len, BENT)) - len(rows)) for rows in BENT])
#: The honest levers, which set a choice where they are used, with the rows of d that they set.
EFFORT, PREVENTION, EFFICIENCY = (LEVER_NUMBER[name] for name in ("effort", "prevention", "efficiency"))
bend = switch_action(tuple(kind.bend for kind in LEVERS), "bend")

EFFORT_COST = slot("provider.effort.cost_share")
PREVENTION_COST = slot("provider.prevention.cost_share")
EFFICIENCY_COST = slot("provider.efficiency.cost_share")


@rule
def bend_phase(
    phase: int, t: int, strategy: np.ndarray, lever_rows: np.ndarray, goals: np.ndarray, edges: np.ndarray,
    d: np.ndarray, s: np.ndarray, p: np.ndarray, n: int,
) -> None:  # fmt: skip
    """Apply the levers of one phase in register order; intensity 0 is not called at all."""
    for j in range(LEVER_PHASE.size):
        if LEVER_PHASE[j] == phase and strategy[t, j] != 0.0:
            bend(j, strategy[t, j], t, lever_rows[j], goals[t], edges[t], d, s, p, n)


@rule
def clear_choices(t: int, strategy: np.ndarray, d: np.ndarray, n: int) -> None:
    """Set the choices to 0 that no lever of the year sets."""
    if strategy[t, EFFORT] == 0.0:
        blank(d, L.CHOICE_EFFORT, L.MAX_INDICATORS, n)
    if strategy[t, PREVENTION] == 0.0:
        blank(d, L.CHOICE_PREVENTION, 1, n)
    if strategy[t, EFFICIENCY] == 0.0:
        blank(d, L.CHOICE_EFFICIENCY, 1, n)


@rule
def clear_year(t: int, strategy: np.ndarray, d: np.ndarray, n: int) -> None:
    """Set the choices, and all that levers and clauses add to, to 0 before the year begins. The rest is written anew.

    What only levers add to is still 0 where they were not used the year before.
    """
    if t == 0:
        blank(d, 0, len(L.DRIVERS), n)
        return
    clear_choices(t, strategy, d, n)
    for first, count in CLEARED:
        blank(d, first, count, n)
    for j in range(LEVER_MOVES.shape[0]):
        if strategy[t - 1, j] != 0.0:
            for row in LEVER_MOVES[j]:
                if row >= 0:
                    blank(d, row, 1, n)


@rule
def take_given(d: np.ndarray, g: np.ndarray, n: int) -> None:
    """Copy what the place's year is into the world."""
    for k in range(L.WORLD_LIST, L.GIVEN_SHARED):
        for i in range(n):
            d[k, i] = g[k, i]


@rule
def invest(d: np.ndarray, s: np.ndarray, p: np.ndarray, agreed: float, indicators: int, t: int, n: int) -> None:
    """Silence the choices of providers that have left; set investment and remember prevention spending (£)."""
    for i in range(n):
        running, squares = s[L.S_RUNNING, i], 0.0
        for k in range(indicators):
            effort = d[L.CHOICE_EFFORT + k, i] * running
            d[L.CHOICE_EFFORT + k, i] = effort
            squares += effort * effort
        prevention, efficiency = d[L.CHOICE_PREVENTION, i] * running, d[L.CHOICE_EFFICIENCY, i] * running
        d[L.CHOICE_PREVENTION, i], d[L.CHOICE_EFFICIENCY, i] = prevention, efficiency
        mean_square = squares / indicators if indicators > 0 else squares
        spend = p[PREVENTION_COST] * prevention * agreed
        s[L.S_PREVENTION + t, i] = spend
        work = p[EFFORT_COST] * mean_square + p[EFFICIENCY_COST] * (efficiency * efficiency)
        d[L.WORLD_INVESTMENT, i] = spend + work * agreed


@rule
def record_truth(d: np.ndarray, s: np.ndarray, p: np.ndarray, plan: np.ndarray, t: int, n: int) -> None:
    """The record before anybody bends it: the truth, less acute cost that was recorded a year early."""
    for i in range(n):
        members = d[L.WORLD_LIST, i] - d[L.WORLD_AWAY, i]
        d[L.RECORD_LIST, i] = d[L.AUDIT_LIST, i] = members
        d[L.RECORD_NEED, i] = d[L.AUDIT_NEED, i] = d[L.WORLD_NEED, i]
        d[L.RECORD_ACUTE, i] = d[L.WORLD_ACUTE, i] - s[L.S_TIMING, i] * s[L.S_RUNNING, i]
        s[L.S_TIMING, i] = 0.0
        d[L.RECORD_ACUTE_EXPECTED, i] = plan[t, PLAN_ACUTE] * d[L.WORLD_LIST, i] / p[LIST_BASE]
        d[L.RECORD_FUNDING, i] = d[L.WORLD_FUNDING, i]
        d[L.RECORD_AGREED, i] = plan[t, PLAN_AGREED]
        d[L.RECORD_LIST_BASE, i] = p[LIST_BASE]
        d[L.RECORD_PREVENTION, i] = s[L.S_PREVENTION + t, i]
        d[L.RECORD_DISINVESTED, i] = d[L.WORLD_DISINVESTED, i]
        d[L.AUDIT_COUNCIL, i] = d[L.WORLD_SHIFTED_COUNCIL, i]
        d[L.AUDIT_ACUTE, i] = d[L.WORLD_SHIFTED_ACUTE, i]
        d[L.AUDIT_LEFT, i] = d[L.WORLD_LEFT, i]
        d[L.AUDIT_QUALITY_CUT, i] = d[L.WORLD_QUALITY_CUT, i]


@rule
def bent_value(value: float, d: np.ndarray, indicator: np.ndarray, falling: bool, i: int) -> float:
    """An indicator's value less exceptions, diluted by ghosts, relabelled."""
    exceptions, ghosts, moved = d[L.RECORD_EXCEPTIONS, i], d[L.RECORD_GHOSTS, i], d[L.RECORD_RELABELLED, i]
    value = pick(exceptions != 0.0, excepted(value, exceptions, indicator[I_EXCEPTION], falling), value)
    value = pick(ghosts != 0.0, diluted(value, ghosts, indicator[I_DILUTION]), value)
    return pick(moved != 0.0, relabelled(value, moved, falling), value)


@rule
def report_indicators(d: np.ndarray, noise: np.ndarray, indicators: np.ndarray, t: int, n: int) -> None:
    """Set audit_indicator: value with chance variation, less exceptions, diluted by ghosts, relabelled; and the report."""
    for i in range(n):
        bent = (d[L.RECORD_EXCEPTIONS, i] != 0.0) | (d[L.RECORD_GHOSTS, i] != 0.0) | (d[L.RECORD_RELABELLED, i] != 0.0)
        bends, false = somewhere(bent), d[L.RECORD_FALSE, i]
        for k in range(indicators.shape[0]):
            span = indicators[k, I_TARGET] - indicators[k, I_BASELINE]
            value = indicators[k, I_BASELINE] + d[L.WORLD_PROGRESS + k, i] * span
            value += indicators[k, I_NOISE] * noise[t, L.NOISE_SAMPLE + k, i]
            if bends:
                value = bent_value(value, d, indicators[k], span < 0.0, i)
            d[L.AUDIT_INDICATOR + k, i] = value
            d[L.RECORD_INDICATOR + k, i] = lied(value, false, span)


@rule
def total_cost(d: np.ndarray, n: int) -> None:
    """Set world_cost (£), which is care, investment and the cost of gaming, and record_cost, which may hold more."""
    for i in range(n):
        cost = d[L.WORLD_SCOPE_COST, i] + d[L.WORLD_INVESTMENT, i] + d[L.WORLD_GAMING_COST, i]
        d[L.WORLD_COST, i] = cost
        d[L.RECORD_COST, i] = cost + d[L.RECORD_MARKUP, i] + d[L.RECORD_RELIEF, i]


@rule
def year_of_world(
    t: int, n: int, d: np.ndarray, s: np.ndarray, g: np.ndarray, noise: np.ndarray, p: np.ndarray,
    indicators: np.ndarray, plan: np.ndarray, strategy: np.ndarray, lever_rows: np.ndarray, goals: np.ndarray,
    edges: np.ndarray,
) -> None:  # fmt: skip
    """One year of world and record for n groups of futures, in the order of the module's text; g is the place's year."""
    clear_year(t, strategy, d, n)
    bend_phase(DECIDE, t, strategy, lever_rows, goals, edges, d, s, p, n)
    invest(d, s, p, plan[t, PLAN_AGREED], indicators.shape[0], t, n)
    take_given(d, g, n)
    scope_cost_step(d, s, g, p, t, n)
    acute_step(d, s, g, p, indicators.shape[0], n)
    progress_step(d, s, g, p, indicators, t, n)
    bend_phase(WORLD, t, strategy, lever_rows, goals, edges, d, s, p, n)
    record_truth(d, s, p, plan, t, n)
    bend_phase(RECORD, t, strategy, lever_rows, goals, edges, d, s, p, n)
    report_indicators(d, noise, indicators, t, n)
    total_cost(d, n)
