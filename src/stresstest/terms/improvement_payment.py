"""Improvement payment: the part of the budget that hangs on outcomes.

Clause. A share of the annual payment is at risk. Each indicator scores from 0 at its floor to 1 at its target, in a
straight line, or in a step at the target, or partly each. The weighted score decides what is paid: where the money is
*withheld*, the provider loses the part not earned; where it is *additional*, the provider gains the part earned. Floors
and targets may be re-based on what was reported: each moves by a share λ of the distance from target to report.

    score_k   = (1 − step_share) · clip((x − lo) / (hi − lo), 0, 1) + step_share · [x has reached hi]
    score     = Σ weight_k · score_k / Σ weight_k
    withheld  −at_risk · payment · (1 − score);  additional  at_risk · payment · score
    re-basing lo, hi ← lo, hi + λ · (x − hi)   after each year from `rebase_from` on
    exceptions beyond `exception_cap` count as failures: the report is put back to everybody, then relieved of the cap

Works for indicators that should fall (hi < lo). Worked number E4. Ten per cent at risk in Dudley: Pulse, July 2016; the
ramp 0/10/10/15/15% is UnitingCare's (HSJ 5084915).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from ..futures.marginals import clip
from ._term import RATE, SHARE, Field, PackContext, TermKind, choice

STYLES = ("withheld", "additional")
(AT_RISK, STYLE, STEP, REBASE, EXCEPTION_CAP, COUNT) = range(2, 8)
FIRST_INDICATOR = 8
PER_INDICATOR = 5


@rule
def indicator_score(x: float, floor: float, target: float, step_share: float) -> float:
    """Score of one indicator in [0, 1]; a floor equal to the target is a pure step."""
    reached = 1.0 if (target - floor) * (x - target) >= 0.0 and (target != floor or x >= target) else 0.0
    line = clip((x - floor) / (target - floor), 0.0, 1.0) if target != floor else reached
    return (1.0 - step_share) * line + step_share * reached


@rule
def improvement_amount(score: float, payment: float, at_risk: float, style: float) -> float:
    """What moves to the provider: −κ·P·(1 − score) where withheld, +κ·P·score where additional."""
    return at_risk * payment * (score - 1.0) if style == 0.0 else at_risk * payment * score


@rule
def allowed(x: float, exceptions: float, cap: float, effect: float, falling: bool) -> float:
    """The report with no more than `cap` of patients excepted; `effect` is what an exception does to this indicator."""
    if exceptions <= cap:
        return x
    declared, granted = 1.0 - effect * exceptions, 1.0 - effect * cap
    return x / declared * granted if falling else x * declared / granted


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Improvement payment of the year; writes paid_score and re-bases the targets."""
    total, weights = 0.0, 0.0
    for k in range(int(row[COUNT])):
        at = FIRST_INDICATOR + PER_INDICATOR * k
        floor, target = row[at + 2] + memory[k, i], row[at + 3] + memory[k, i]
        x = d[L.RECORD_INDICATOR + int(row[at]), i]
        x = allowed(x, d[L.RECORD_EXCEPTIONS, i], row[EXCEPTION_CAP], row[at + 4], target < floor)
        total += row[at + 1] * indicator_score(x, floor, target, row[STEP])
        weights += row[at + 1]
        memory[k, i] += row[REBASE] * (x - target)
    score = total / weights if weights > 0.0 else 0.0
    d[L.PAID_SCORE, i] = score
    return improvement_amount(score, d[L.PAID_ANNUAL, i], row[AT_RISK], row[STYLE])


def pack(values: dict[str, Any], context: PackContext) -> list[float]:
    """Row numbers: the clause's own, then (indicator's number, weight, floor, target, exception effect) for each."""
    rebase = values["rebase"] if context.year + 1 >= values["rebase_from"] else 0.0
    numbers = [values["at_risk"], choice(STYLES, values["style"]), values["step_share"], rebase]
    numbers += [values["exception_cap"], len(values["indicators"])]
    for entry in values["indicators"]:
        number = context.indicators[entry["name"]]
        effect = context.exception_effects.get(entry["name"], 0.0)
        numbers += [float(number), entry["weight"], entry["floor"], entry["target"], effect]
    return numbers


def check(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Findings as (key, sentence): each indicator once, and weights that add to 1."""
    names = [entry["name"] for entry in values["indicators"]]
    for name in names:
        if names.count(name) > 1:
            return [("indicators.name", f"{name} stands here twice; give it one weight")]
    weights = sum(entry["weight"] for entry in values["indicators"])
    if abs(weights - 1.0) > 1e-9:
        return [("indicators.weight", f"the weights add to {weights:.6g}, not to 1")]
    return []


KIND = TermKind(
    name="improvement_payment",
    title="Improvement payment",
    fields=(
        Field("at_risk", SHARE, "share of the annual payment that hangs on outcomes", 0.0, 1.0),
        Field("style", "choice", "withheld from the payment, or additional to it", choices=STYLES),
        Field("step_share", SHARE, "part of each indicator's weight paid only on reaching the target", 0.0, 1.0, 0.0),
        Field("rebase", RATE, "share λ by which targets follow what was reported", 0.0, 1.0, 0.0),
        Field("rebase_from", "contract year", "contract year (from 1) after which targets are re-based", 1.0, 100.0, 1.0),
        Field("exception_cap", SHARE, "largest share of patients that may be excepted", 0.0, 1.0, 1.0),
        Field(
            "indicators", "rows", "the indicators that are paid on",
            columns=(
                Field("name", "indicator", "name of an indicator of the place"),
                Field("weight", SHARE, "weight in the score", 0.0, 1.0),
                Field("floor", "indicator's unit", "value that scores 0"),
                Field("target", "indicator's unit", "value that scores 1"),
            ),
        ),
    ),
    pack=pack,
    arm=arm,
    exposure=L.X_IMPROVEMENT,
    memory=L.MAX_INDICATORS,
    check=check,
    needs=("annual_payment",),
    once=True,
)  # fmt: skip
