"""L07 Disinvestment from services that no indicator measures.

Mechanism. Money moves freely between services, and only some of them are measured. World: a share x of what could be cut
from unmeasured services (health visiting, learning disability, palliative care) is cut.

    cut      x · unmeasured_share · in-scope cost: falls here and is spent nowhere
    health   −= qaly_per_disinvested_pound · cut

Pay-off: the cut itself. Harm: health, often seen only after the review that would catch it. Detection: service-line returns
show it, and it is no breach. Fix: what is disinvested is paid back. Evidence: E18, E19, E37; the share is a judgement
(J-DISINVESTMENT).
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, rule
from ..drivers.parameters import slot
from ..terms import Field
from ._lever import ROW_OWN, Fix, LeverKind

QALY_PER_POUND = slot("place.health.qaly_per_disinvested_pound")


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Cut services without an indicator in future i."""
    cut = x * row[ROW_OWN] * d[L.WORLD_SCOPE_COST, i] * s[L.S_RUNNING, i]
    d[L.WORLD_DISINVESTED, i] += cut
    d[L.WORLD_SCOPE_COST, i] -= cut
    d[L.WORLD_SPARED, i] += cut
    d[L.WORLD_HEALTH, i] -= p[QALY_PER_POUND] * cut


PAID_BACK = {
    "id": "disinvestment_paid_back", "kind": "payment", "payer": "provider", "payee": "commissioner",
    "fields": {"price": 1.0, "of": "disinvested"},
}  # fmt: skip
KIND = LeverKind(
    "L07", "disinvestment", "Cuts where nothing is measured", "lawful", "world", "world", 1.0, bend,
    fields=(Field("unmeasured_share", "share", "share of in-scope cost that can be cut and no indicator shows it", 0.0, 1.0),),
    clauses=("annual_payment",),
    fixes=(Fix("pay back what is cut from services without an indicator", added=(PAID_BACK,)),),
    harmed="users of services that the contract does not measure",
    sign="service-line returns fall where no indicator is paid on",
    sentence="Cut services that no indicator measures, and keep the money.",
    evidence="E18, E19, E37",
    moves=("world_disinvested", "world_spared"),
)  # fmt: skip
