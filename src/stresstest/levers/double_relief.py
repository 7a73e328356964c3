"""L19 Relief claimed twice.

Mechanism. A shock (a pandemic, a hard winter) is relieved once by the clause or fund made for it, and its cost then stands
again in the accounts on which other clauses pay. Record: reported cost holds the cost of the shock a second time.

    reported cost += x · max(0, shock − 1) · in-scope cost      shock: the year's factor on cost, 1 = none

Pay-off: what clauses pay on reported cost; nothing where none reads it. Harm: over-payment. Detection: lawful where no rule
nets one relief against another. Fix: relief under one clause only. Evidence: no figure was found; a judgement (J-RELIEF).
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, rule
from ._lever import Fix, LeverKind


@rule
def cost_of_shock(shock: float, cost: float) -> float:
    """What a shock adds, as a share of the year's in-scope cost (£); nothing in a good year."""
    return max(0.0, shock - 1.0) * cost


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Put the cost of the year's shock into reported cost again in future i."""
    again = x * cost_of_shock(d[L.WORLD_SHOCK, i], d[L.WORLD_SCOPE_COST, i])
    d[L.RECORD_RELIEF, i] += again * s[L.S_RUNNING, i]


KIND = LeverKind(
    "L19", "double_relief", "Relief claimed twice", "lawful", "record", "record", 1.0, bend,
    clauses=("cap_and_collar",),
    fixes=(
        Fix(
            "pay no support on reported cost: relieve a shock under one clause only",
            (("cap_and_collar", "support_share", 0.0), ("cap_and_collar", "support_more_share", 0.0)),
        ),
    ),
    harmed="the commissioner",
    sign="reported cost jumps in years for which relief was paid elsewhere",
    sentence="Claim the cost of a bad year under every clause that pays for it.",
    evidence="J-RELIEF",
    moves=("record_relief",),
)  # fmt: skip
