"""L09 Relabelling: the same event under another name.

Mechanism. An indicator counts events of one label, and the label is the provider's to give: observation for readmission,
advice for a contact, a clock stopped at assessment. Record: a share x of counted events gets another label, so that
indicators that should fall do; nothing happens to those that should rise.

    falling  x̂ = value · (1 − x)        rising  x̂ = value
    cost     cost_per_point · 100 · x (£)

Harm: no improvement, and second waits that nobody sees. Detection: a broad measure (all returns, all contacts) shows it, and
the figures are restated for the future only. No field of a clause answers it: the definition of the indicator does.
Evidence: E22, E44; the cost is a judgement (J-RELABELLING).
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, rule
from ..terms import Field
from ._lever import ROW_OWN, Fix, LeverKind


@rule
def relabelled(value: float, share: float, falling: bool) -> float:
    """A reported value when a share of the events counted has another label."""
    return value * (1.0 - share) if falling else value


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Give a share x of events another label in future i."""
    x = x * s[L.S_RUNNING, i]
    d[L.RECORD_RELABELLED, i] += x
    d[L.WORLD_GAMING_COST, i] += row[ROW_OWN] * 100.0 * x


KIND = LeverKind(
    "L09", "relabelling", "Events under another label", "grey", "record", "record", 0.10, bend,
    fields=(Field("cost_per_point", "GBP per point and year", "cost of relabelling one per cent of events", 0.0, 1e8),),
    clauses=("improvement_payment",),
    fixes=(
        Fix("pay in a straight line from floor to target, with no step", (("improvement_payment", "step_share", 0.0),)),
        Fix("outside the clauses: count the patient's event whatever its label, and restate when labels change"),
    ),
    harmed="patients who wait or return under a label that nobody counts",
    sign="all returns to hospital, or all contacts, do not fall with the events that are counted",
    sentence="Give events that count against the provider a label that does not.",
    evidence="E22, E44",
    moves=("record_relabelled", "world_gaming_cost"),
)  # fmt: skip
