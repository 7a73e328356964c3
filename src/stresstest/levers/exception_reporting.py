"""L04 Exception reporting: hard cases leave the denominator.

Mechanism. An indicator is met by shrinking what it is measured on: exclude, discharge, re-class, or never register.

    rising   x̂ = value / (1 − exception_effect · x)      falling  x̂ = value · (1 − exception_effect · x)
    cost     cost_per_point · 100 · x (£),  health lost qaly_per_exception · 100 · x

exception_effect is 0 where the denominator is everybody and 1 where the provider declares it. Detection is weak and puts
right only the future: nothing is claimed back. Fix: pay on everybody and count exceptions as failures (exception_cap 0).
Evidence: E2–E5.
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, rule
from ..drivers.parameters import slot
from ..terms import Field
from ._lever import ROW_OWN, Fix, LeverKind

QALY_PER_EXCEPTION = slot("place.health.qaly_per_exception")


@rule
def excepted(value: float, exceptions: float, effect: float, falling: bool) -> float:
    """A reported value when a share of hard cases has left the denominator."""
    return value * (1.0 - effect * exceptions) if falling else value / (1.0 - effect * exceptions)


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Except a share x of patients in future i."""
    x = x * s[L.S_RUNNING, i]
    d[L.RECORD_EXCEPTIONS, i] += x
    d[L.WORLD_GAMING_COST, i] += row[ROW_OWN] * 100.0 * x
    d[L.WORLD_HEALTH, i] -= p[QALY_PER_EXCEPTION] * 100.0 * x


KIND = LeverKind(
    "L04", "exception_reporting", "Hard cases excepted", "lawful", "record", "record", 0.10, bend,
    fields=(Field("cost_per_point", "GBP per point and year", "cost of excepting one per cent of patients", 0.0, 1e8),),
    clauses=("improvement_payment",),
    fixes=(Fix("pay on all patients and count every exception as a failure", (("improvement_payment", "exception_cap", 0.0),)),),
    harmed="older, poorer and multimorbid patients, who are excepted most",
    sign="exceptions rise towards the year's end and near the targets",
    sentence="Take hard cases out of the denominator of the outcomes that are paid on.",
    evidence="E2, E3, E4, E5",
    moves=("record_exceptions", "world_gaming_cost"),
)  # fmt: skip
