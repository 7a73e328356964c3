"""L12 Skimping on quality.

Mechanism. The price is fixed and quality is hard to verify: fewer skilled staff, shorter visits, higher thresholds, longer
waits. World: quality is cut by x.

    cost       falls by saving_share · x · in-scope cost
    progress   falls by progress_loss · x at the end of each year on every indicator, and what is lost lasts
    health     −= qaly_per_skimped · x²

Found out by an inspection (the chance rises with x; see _lever.py): a remedial plan at a fixed penalty; nothing is claimed
back, because nothing was overpaid. Fix: charge what an independent survey finds. Evidence: E29, E34, E38; sizes are judgements
(J-SKIMPING).
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, rule
from ..drivers.parameters import slot
from ..terms import Field
from ._lever import ROW_OWN, Fix, LeverKind

QALY_PER_SKIMPED = slot("place.health.qaly_per_skimped")
SAVING, LOSS = ROW_OWN, ROW_OWN + 1


@rule
def health_lost(cut: float, full: float) -> float:
    """QALYs lost in a year at this cut in quality, where a cut of 1 would lose `full`: rises with the square."""
    return full * cut * cut


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Cut quality by x in future i; progress is lost from next year on."""
    x = x * s[L.S_RUNNING, i]
    saved = row[SAVING] * x * d[L.WORLD_SCOPE_COST, i]
    d[L.WORLD_QUALITY_CUT, i] += x
    d[L.WORLD_SCOPE_COST, i] -= saved
    d[L.WORLD_SPARED, i] += saved
    d[L.WORLD_HEALTH, i] -= health_lost(x, p[QALY_PER_SKIMPED])
    for k in range(L.MAX_INDICATORS):
        s[L.S_PROGRESS + k, i] -= row[LOSS] * x


@rule
def overpaid(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Nothing was overpaid: only the fixed penalty is due."""
    d[L.AUDIT_CLAIM, i] = 0.0


CHARGED = (
    {"id": "quality_cut_in_money", "kind": "formula", "fields": {"value": "quality_cut * agreed_budget"}},
    {
        "id": "quality_cut_charged", "kind": "deductions", "payer": "provider", "payee": "commissioner",
        "fields": {"points": "quality_cut_in_money", "price": 1.0},
    },
)  # fmt: skip
KIND = LeverKind(
    "L12", "skimping", "Skimping on quality", "grey", "world", "world", 0.08, bend, overpaid,
    fields=(
        Field("saving_share", "share per unit", "in-scope cost saved by a quality cut of 1", 0.0, 1.0),
        Field("progress_loss", "progress a year", "progress lost in a year by a quality cut of 1", 0.0, 10.0),
    ),
    clauses=("annual_payment",),
    fixes=(Fix("charge the cut in quality that an independent survey finds, as a share of the budget", added=CHARGED),),
    harmed="all patients, the sickest most; staff",
    sign="complaints, incidents and vacancies rise; patients' own surveys fall",
    sentence="Save on skill, time and access where nobody looks closely.",
    evidence="E29, E34, E38",
    moves=("world_quality_cut", "world_spared"),
    recovers=True,
)  # fmt: skip
