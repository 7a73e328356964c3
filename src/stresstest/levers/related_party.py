"""L16 Profit moved to related parties.

Mechanism. Rent, management, staff or tests are bought from an affiliate above a fair price, so the provider's own accounts
look poor. Record: reported cost holds a mark-up that is no cost to the owners.

    mark-up        x · related_share · in-scope cost
    reported cost  += mark-up;  the true cost stays

Pay-off: what clauses pay on reported cost (support, pay-back avoided; TV13). Found out: the mark-up is claimed back, with the
fine. Harm: lost share of surplus. Fix: look through to the affiliates' books. Evidence: E40; shares and chances are
judgements (J-RELATED).
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, rule
from ..terms import Field
from ._lever import ROW_OWN, Fix, LeverKind


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Add a mark-up on related parties' supplies to the reported cost of future i."""
    d[L.RECORD_MARKUP, i] += x * row[ROW_OWN] * d[L.WORLD_SCOPE_COST, i] * s[L.S_RUNNING, i]


@rule
def overpaid(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """The whole mark-up is claimed, whatever the clauses paid on it."""
    d[L.AUDIT_CLAIM, i] = d[L.RECORD_MARKUP, i]


KIND = LeverKind(
    "L16", "related_party", "Profit moved to related parties", "grey", "record", "record", 0.42, bend, overpaid,
    fields=(Field("related_share", "share", "share of in-scope cost that is bought from related parties", 0.0, 1.0),),
    clauses=("cap_and_collar",),
    fixes=(
        Fix("look through to the books of affiliates", detection={"related_party": 0.9}),
        Fix(
            "pay no support on reported cost",
            (("cap_and_collar", "support_share", 0.0), ("cap_and_collar", "support_more_share", 0.0)),
        ),
    ),
    harmed="the commissioner; front-line services",
    sign="rent and management fees above similar providers', paid to owners' firms",
    sentence="Buy from the owners' own firms above a fair price, and look poor.",
    evidence="E40",
    moves=("record_markup",),
    recovers=True,
)  # fmt: skip
