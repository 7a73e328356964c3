"""L02 List inflation: names on the list that are nobody's patients.

Mechanism. The budget follows the list. Leavers, the dead and duplicates that stay on it are paid for at almost no cost.
Ghosts never attend, so a share of people reached is diluted, while a rate of events per head looks better.

    recorded list       N̂ = N · (1 + x)
    recorded indicator  x̂ = value / (1 + list_dilution · x)
    cost                ghost_cost · x · N

Found out: what was overpaid on the list is claimed back, with the fine. Harm: a transfer, and spoilt denominators.
Fix: pay no more heads than an external estimate allows (list_tolerance 0). Evidence: E27 (registered excess 8–10%; no
finding of deliberate abuse: drift plus weak incentive to clean).
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, rule
from ..terms import Field
from ._lever import ROW_OWN, Fix, LeverKind


@rule
def diluted(value: float, ghosts: float, dilution: float) -> float:
    """A reported share or rate when the denominator holds ghosts."""
    return value / (1.0 + dilution * ghosts)


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Add ghosts to the recorded list in future i and dilute what is measured on it."""
    x = x * s[L.S_RUNNING, i]
    d[L.RECORD_LIST, i] *= 1.0 + x
    d[L.RECORD_GHOSTS, i] += x
    d[L.WORLD_GAMING_COST, i] += row[ROW_OWN] * x * d[L.WORLD_LIST, i]


@rule
def overpaid(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """What the list payment would have been without ghosts is known after an audit."""
    d[L.AUDIT_CLAIM, i] = d[L.PAID_LIST_OVER, i]


KIND = LeverKind(
    "L02", "list_inflation", "Ghost patients on the list", "grey", "record", "record", 0.04, bend, overpaid,
    fields=(Field("ghost_cost", "GBP per ghost and year", "cost of keeping a ghost on the list", 0.0, 1e4),),
    clauses=("annual_payment",),
    fixes=(Fix("pay for no more heads than the external population estimate", (("annual_payment", "list_tolerance", 0.0),)),),
    harmed="the commissioner; people whose screening and planning rest on the list",
    sign="the list grows faster than the population estimate",
    sentence="Leave people on the list who have moved away or died, and be paid for them.",
    evidence="E27",
    moves=("record_ghosts", "world_gaming_cost"),
    recovers=True,
)  # fmt: skip
