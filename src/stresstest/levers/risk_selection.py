"""L01 Risk selection: costly people are eased off the list.

Mechanism. Pay per head follows an average, so anybody who costs more than the average is a loss. The provider makes itself
less attractive to them (access, place, continuity), and some leave for practices outside the contract. World: a share x of
the costly leaves; their care is paid for elsewhere, and continuity is lost.

    moved     away = x · costly_share · true list;  the recorded list and an audited one fall by it
    cost      left = x · costly_share · cost_ratio · in-scope cost: falls here, and on the commissioner elsewhere
    cost of it  steering_cost · away;  health −= qaly_per_person_moved · away

Pay-off: left − what the list brought − steering. People come back when the provider leaves; the hospital basket of the
place stays as it is. Harm: the commissioner pays for them twice. Detection: leavers' cost against stayers' shows it, and at
most the price is put right: nothing is claimed back. Fix: leavers' cost is charged to the provider. Evidence: E12, E17, E28,
E29; shares and costs are judgements (J-SELECTION).
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, rule
from ..drivers.parameters import slot
from ..terms import Field
from ._lever import ROW_OWN, Fix, LeverKind

QALY_PER_PERSON = slot("place.health.qaly_per_person_moved")
COSTLY, RATIO, STEERING = ROW_OWN, ROW_OWN + 1, ROW_OWN + 2


@rule
def cost_of_leavers(share: float, ratio: float, cost: float) -> float:
    """In-scope cost (£) of a share of the list whose care costs `ratio` times the average; no more than all of it."""
    return min(1.0, share * ratio) * cost


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Ease a share of costly people off the list in future i."""
    share = x * row[COSTLY] * s[L.S_RUNNING, i]
    away = share * d[L.WORLD_LIST, i]
    left = cost_of_leavers(share, row[RATIO], d[L.WORLD_SCOPE_COST, i])
    d[L.WORLD_AWAY, i] += away
    d[L.WORLD_LEFT, i] += left
    d[L.WORLD_SCOPE_COST, i] -= left
    d[L.WORLD_SPARED, i] += left
    d[L.WORLD_GAMING_COST, i] += row[STEERING] * away
    d[L.WORLD_HEALTH, i] -= p[QALY_PER_PERSON] * away


RECONCILED = {
    "id": "leavers_reconciled", "kind": "payment", "payer": "provider", "payee": "commissioner",
    "fields": {"price": 1.0, "of": "leavers_cost"},
}  # fmt: skip
KIND = LeverKind(
    "L01", "risk_selection", "Costly people eased off the list", "grey", "world", "world", 0.10, bend,
    fields=(
        Field("costly_share", "share", "share of the list that is costly", 0.0, 1.0),
        Field("cost_ratio", "multiple of the average", "in-scope cost of a costly person over the average", 1.0, 50.0),
        Field("steering_cost", "GBP per person", "cost of easing a person off the list", 0.0, 1e5),
    ),
    clauses=("annual_payment",),
    fixes=(Fix("charge the provider what the care of leavers costs elsewhere", added=(RECONCILED,)),),
    harmed="frail and costly patients; the commissioner, who pays for them elsewhere",
    sign="those who leave the list cost more, and die sooner, than those who stay",
    sentence="Make the practices unattractive to costly patients, so that they register elsewhere.",
    evidence="E12, E17, E28, E29",
    moves=("world_away", "world_left", "world_spared", "world_gaming_cost"),
)  # fmt: skip
