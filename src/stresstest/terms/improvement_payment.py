"""Improvement payment: the part of the budget that hangs on outcomes.

Clause. A share of the annual payment is at risk. Each indicator scores from 0 at its floor to 1 at its target, in a
straight line, or in a step at the target, or partly each. The weighted score decides what is paid: where the money is
*withheld*, the provider loses the part not earned; where it is *additional*, the provider gains the part earned. A score
below a gate may count as 0, and a score may count only in whole levels. Floors and targets may be re-based on what was
reported: each moves by a share λ of the distance from target to report.

    score_k   = (1 − step_share) · clip((x − lo) / (hi − lo), 0, 1) + step_share · [x has reached hi]
    mean      = Σ weight_k · score_k / Σ weight_k
    raw       = (1 − open_weights · c) · mean + open_weights · c · max score_k
    score     = 0 where raw < score_gate, else floor(raw · levels + 1e-9) / levels, or raw where levels is 0
    withheld  −at_risk · payment · (1 − score);  additional  at_risk · payment · score
    re-basing lo, hi ← lo, hi + λ · (x − hi)   after each year from `rebase_from` on
    exceptions beyond `exception_cap` count as failures: the report is put back to everybody, then relieved of the cap

open_weights is the share of the weights that the contract leaves to be settled later, c the part of it that the provider
steers to the indicator that does best (0 unless it does: lever indicator_choice). Where a report is false (misreporting),
what was overpaid is the payment on the report less the payment on what an audit finds, at the year's targets.

Works for indicators that should fall (hi < lo): such a report has reached hi where it is at or below it, any other where
it is at or above it. Where lo = hi the line is the step. The gate is set against the raw score, before levels; a score at
the gate is paid. Weights that add to 0 give a raw score of 0. The report x that moves lo and hi is the one relieved of
exceptions, and it moves them after this year's score. The clause writes the quantity score: what is paid on, after gate
and levels.

Worked number E4. Ten per cent at risk in Dudley: Pulse, July 2016; the ramp 0/10/10/15/15% is UnitingCare's (HSJ 5084915).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from .._lanes import floor_of, pick, somewhere
from ..futures.marginals import clip
from ._term import (
    POUNDS,
    QUANTITY,
    RATE,
    ROW_YEAR,
    SHARE,
    Field,
    PackContext,
    Shown,
    TermKind,
    pack_fields,
    row_slots,
    show,
)

STYLES = ("withheld", "additional")
FIELDS = (
    Field("at_risk", SHARE, "share of the annual payment that hangs on outcomes", 0.0, 1.0),
    Field("style", "choice", "withheld from the payment, or additional to it", choices=STYLES),
    Field("step_share", SHARE, "part of each indicator's weight paid only on reaching the target", 0.0, 1.0, 0.0),
    Field("rebase", RATE, "share λ by which targets follow what was reported", 0.0, 1.0, 0.0),
    Field("rebase_from", "contract year", "year of the clause (from 1) after which targets are re-based", 1.0, 100.0, 1.0),
    Field("exception_cap", SHARE, "largest share of patients that may be excepted", 0.0, 1.0, 1.0),
    Field("score_gate", SHARE, "a score below this counts as 0", 0.0, 1.0, 0.0),
    Field("levels", "levels", "the score counts in this many whole levels; 0 = as it is", 0.0, 100.0, 0.0),
    Field("open_weights", SHARE, "share of the weights that the contract leaves open", 0.0, 1.0, 0.0),
    Field("payment", QUANTITY, "what the share at risk is a share of", default="annual_payment"),
    Field(
        "indicators", "rows", "the indicators that are paid on", most=L.MAX_INDICATORS,
        columns=(
            Field("name", "indicator", "name of an indicator of the place"),
            Field("weight", SHARE, "weight in the score", 0.0, 1.0),
            Field("floor", "indicator's unit", "value that scores 0"),
            Field("target", "indicator's unit", "value that scores 1"),
            Field("exception_effect", SHARE, "what an exception does to it, where no place says so", 0.0, 1.0, 0.0),
        ),
    ),
)  # fmt: skip
(
    AT_RISK, STYLE, STEP, REBASE, REBASE_FROM, EXCEPTION_CAP, SCORE_GATE, LEVELS, OPEN_WEIGHTS, PAYMENT, COUNT,
    FIRST_INDICATOR,
) = row_slots(FIELDS)  # fmt: skip
PER_INDICATOR = 5
SHOWS = (
    Shown("raw_score", SHARE, "weighted score before gate and levels"),
    Shown("earned", POUNDS, "part of the money at risk that the score earns"),
    Shown("forgone", POUNDS, "part of the money at risk that it does not earn"),
)


@rule
def indicator_score(x: float, floor: float, target: float, step_share: float) -> float:
    """Score of one indicator in [0, 1]; a floor equal to the target is a pure step."""
    slopes = target != floor
    if step_share == 0.0 and not somewhere(target == floor):
        return clip((x - floor) / (target - floor), 0.0, 1.0)
    reached = pick(((target - floor) * (x - target) >= 0.0) & (slopes | (x >= target)), 1.0, 0.0)
    line = pick(slopes, clip((x - floor) / pick(slopes, target - floor, 1.0), 0.0, 1.0), reached)
    return (1.0 - step_share) * line + step_share * reached


@rule
def improvement_amount(score: float, payment: float, at_risk: float, style: float) -> float:
    """What moves to the provider: −κ·P·(1 − score) where withheld, +κ·P·score where additional."""
    return at_risk * payment * (score - 1.0) if style == 0.0 else at_risk * payment * score


@rule
def allowed(x: float, exceptions: float, cap: float, effect: float, falling: bool) -> float:
    """The report with no more than `cap` of patients excepted; `effect` is what an exception does to this indicator."""
    within = exceptions <= cap
    if not somewhere(pick(within, 0.0, 1.0) == 1.0):
        return x
    declared, granted = 1.0 - effect * exceptions, 1.0 - effect * cap
    return pick(within, x, pick(falling, x / declared * granted, x * declared / granted))


@rule
def counted_score(raw: float, gate: float, levels: float) -> float:
    """The score that is paid on: 0 below the gate, else in whole levels where there are any; a NaN stays a NaN."""
    level = floor_of(raw * levels + 1e-9) / levels if levels > 0.0 else raw
    return pick(raw < gate, 0.0, level)


@rule
def steered_score(mean: float, best: float, steered: float) -> float:
    """The score where a share `steered` of the weights goes to the indicator that does best."""
    return pick(steered != 0.0, (1.0 - steered) * mean + steered * best, mean)


@rule
def raw_score(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int, first: int) -> float:
    """Weighted score of the values in the rows of d from `first` on: the reports, or what an audit finds."""
    total, weights, best = 0.0, 0.0, 0.0
    for k in range(int(row[COUNT])):
        at = FIRST_INDICATOR + PER_INDICATOR * k
        floor, target = row[at + 2] + memory[k, i], row[at + 3] + memory[k, i]
        x = allowed(
            d[first + int(row[at]), i], d[L.RECORD_EXCEPTIONS, i], row[EXCEPTION_CAP], row[at + 4], target < floor
        )
        score = indicator_score(x, floor, target, row[STEP])
        total += row[at + 1] * score
        weights += row[at + 1]
        best = max(best, score)
    mean = total / weights if weights > 0.0 else 0.0
    return steered_score(mean, best, row[OPEN_WEIGHTS] * d[L.RECORD_STEERED, i])


@rule
def move_targets(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> None:
    """Re-base floors and targets on the year's reports, less what exceptions beyond the cap did to them."""
    rebase = row[REBASE] if row[ROW_YEAR] + 1.0 >= row[REBASE_FROM] else 0.0
    if rebase == 0.0:
        return
    for k in range(int(row[COUNT])):
        at = FIRST_INDICATOR + PER_INDICATOR * k
        target = row[at + 3] + memory[k, i]
        falling = target < row[at + 2] + memory[k, i]
        x = d[L.RECORD_INDICATOR + int(row[at]), i]
        x = allowed(x, d[L.RECORD_EXCEPTIONS, i], row[EXCEPTION_CAP], row[at + 4], falling)
        memory[k, i] += rebase * (x - target)


@rule
def overpaid_on_score(
    row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int, score: float, payment: float
) -> float:
    """What a false report brought (£): the payment on it less that on what an audit finds; call before `move_targets`."""
    honest = d[L.RECORD_FALSE, i] == 0.0
    if not somewhere(pick(honest, 0.0, 1.0) == 1.0):
        return 0.0
    true = counted_score(raw_score(row, d, memory, i, L.AUDIT_INDICATOR), row[SCORE_GATE], row[LEVELS])
    paid = improvement_amount(score, payment, row[AT_RISK], row[STYLE])
    return pick(honest, 0.0, paid - improvement_amount(true, payment, row[AT_RISK], row[STYLE]))


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Improvement payment of the year; writes paid_score and what was overpaid on it, and re-bases the targets."""
    raw, payment = raw_score(row, d, memory, i, L.RECORD_INDICATOR), d[int(row[PAYMENT]), i]
    score = counted_score(raw, row[SCORE_GATE], row[LEVELS])
    d[L.PAID_SCORE, i] = score
    d[L.PAID_SCORE_OVER, i] = overpaid_on_score(row, d, memory, i, score, payment)
    move_targets(row, d, memory, i)
    show(row, d, i, 0, raw)
    show(row, d, i, 1, row[AT_RISK] * payment * score)
    show(row, d, i, 2, row[AT_RISK] * payment * (1.0 - score))
    return improvement_amount(score, payment, row[AT_RISK], row[STYLE])


def pack(values: dict[str, Any], context: PackContext) -> list[float]:
    """Row numbers: the fields in order, then (indicator's number, weight, floor, target, exception effect) for each."""
    numbers = pack_fields(FIELDS[:-1], values, context)
    numbers.append(float(len(values["indicators"])))
    for entry in values["indicators"]:
        number = context.indicators[entry["name"]]
        effect = context.exception_effects.get(entry["name"], entry.get("exception_effect", 0.0))
        numbers += [float(number), entry["weight"], entry["floor"], entry["target"], effect]
    return numbers


def check(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Findings as (key, sentence): each indicator once, weights that add to 1, whole levels."""
    names = [entry["name"] for entry in values["indicators"]]
    for name in names:
        if names.count(name) > 1:
            return [("indicators.name", f"{name} stands here twice; give it one weight")]
    weights = sum(entry["weight"] for entry in values["indicators"])
    if abs(weights - 1.0) > 1e-9:
        return [("indicators.weight", f"the weights add to {weights:.6g}, not to 1")]
    if values["levels"] % 1.0 > 0.0:
        return [("levels", f"the score has {values['levels']:g} levels, which is no whole number")]
    return []


def reads(values: dict[str, Any]) -> tuple[str, ...]:
    """Exceptions, where not everybody may be excepted."""
    return () if values["exception_cap"] >= 1.0 else ("exceptions",)


def unread(values: dict[str, Any]) -> tuple[str, ...]:
    """The payment, where nothing of it is at risk and the clause only scores."""
    return ("payment",) if values["at_risk"] == 0.0 else ()


KIND = TermKind(
    name="improvement_payment",
    title="Improvement payment",
    fields=FIELDS,
    pack=pack,
    arm=arm,
    exposure=L.X_IMPROVEMENT,
    memory=L.MAX_INDICATORS,
    check=check,
    reads=reads,
    unread=unread,
    writes=("score",),
    shows=SHOWS,
    once=True,
)
