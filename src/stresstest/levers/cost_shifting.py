"""L10 Cost shifting to care outside the scope.

Mechanism. The budget inside is fixed, and others pay outside: refer earlier, discharge to council care, send to A&E.
World: a share x of the in-scope cost that can be moved is moved; part of it comes back as acute cost, part as council
cost, and the rest is need that nobody meets.

    moved    = x · movable share · in-scope cost
    acute    += pass_through_acute · moved;  council += pass_through_council · moved
    health   −= qaly_per_shifted_pound · (moved − what others provide)

Pay-off: moved − the provider's share of the loss on the acute basket. Deterred by a loss share over the whole basket
(TV09). Detection: weak within a year, and nothing is claimed back. Evidence: E30, E31; the pass-through is put at 0–0.3.
Fix: bear the whole of a loss on the basket, without a band and without a cap; or pay those who bear what is sent to them.
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, rule
from ..drivers.parameters import slot
from ..terms import Field
from ._lever import ROW_OWN, Fix, LeverKind

QALY_PER_POUND = slot("place.health.qaly_per_shifted_pound")


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Move cost out of scope in future i."""
    moved = x * row[ROW_OWN] * d[L.WORLD_SCOPE_COST, i] * s[L.S_RUNNING, i]
    acute, council = row[ROW_OWN + 1] * moved, row[ROW_OWN + 2] * moved
    d[L.WORLD_SCOPE_COST, i] -= moved
    d[L.WORLD_SHIFTED, i] += moved
    d[L.WORLD_SHIFTED_ACUTE, i] += acute
    d[L.WORLD_ACUTE, i] += acute
    d[L.WORLD_SHIFTED_COUNCIL, i] += council
    d[L.WORLD_HEALTH, i] -= p[QALY_PER_POUND] * (moved - acute - council)


CHARGED = (
    {
        "id": "council_care_charged", "kind": "payment", "payer": "provider", "payee": "council",
        "fields": {"price": 1.0, "of": "council_cost"},
    },
    {
        "id": "hospital_care_charged", "kind": "payment", "payer": "provider", "payee": "commissioner",
        "fields": {"price": 1.0, "of": "acute_shifted"},
    },
)  # fmt: skip
KIND = LeverKind(
    "L10", "cost_shifting", "Cost shifted outside the scope", "lawful", "world", "world", 1.0, bend,
    fields=(
        Field("movable_share", "share", "share of in-scope cost that can be moved", 0.0, 1.0),
        Field("pass_through_acute", "share", "part of what is moved that comes back as acute cost", 0.0, 1.0),
        Field("pass_through_council", "share", "part of what is moved that the council bears", 0.0, 1.0),
    ),
    clauses=("annual_payment", "gain_loss_share"),
    fixes=(
        Fix("let the provider bear the whole of a loss on the acute basket", (("gain_loss_share", "share_loss", 1.0),)),
        Fix("let the share begin at the first pound", (("gain_loss_share", "dead_band", 0.0),)),
        Fix(
            "let the provider bear the whole of a loss on the acute basket, from the first pound and without a cap",
            (
                ("gain_loss_share", "share_loss", 1.0),
                ("gain_loss_share", "dead_band", 0.0),
                ("gain_loss_share", "loss_cap", 1.0),
            ),
        ),
        Fix("charge the provider for care that it sends to the council and the hospital", added=CHARGED),
    ),
    harmed="the hospital, the council, and patients whose need is not met",
    sign="acute and council activity rises against similar places while in-scope activity falls",
    sentence="Move care to services that others pay for: the hospital, the council, or nobody.",
    evidence="E30, E31",
    moves=("world_shifted", "world_shifted_acute", "world_shifted_council"),
)  # fmt: skip
