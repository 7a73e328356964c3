"""L14 Inflating the base year.

Mechanism. The price starts from what was spent in the years before signature, the last of them above all. Record: spending
in the last base year was raised by x before the contract was signed. Only the level in the first contract year counts: by
then the base year is over.

    price     opening price · (1 + base_year_weight · x), and what grows from it (annual_payment)
    cost      own_share · x · agreed budget, in the first year; others paid the rest

Pay-off: base_year_weight · x of the price in every year, for a part of one year's spending (TV07). Detection: peers' growth
shows it before signature; after it nothing is claimed back. Fix: a price that does not follow the last base year (equal
weights of older years, peers' trend). Evidence: E13, E14; the weight and the share are judgements (J-BASELINE).
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, rule
from ..terms import Field
from ._lever import ROW_OWN, Fix, LeverKind


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Set down in the first year what the base year was raised by, and what the provider paid of it."""
    if t == 0:
        x = x * s[L.S_RUNNING, i]
        d[L.RECORD_BASE, i] += x
        d[L.WORLD_GAMING_COST, i] += row[ROW_OWN] * x * d[L.RECORD_AGREED, i]


KIND = LeverKind(
    "L14", "baseline_inflation", "An inflated base year", "grey", "record", "record", 0.10, bend,
    fields=(Field("own_share", "share", "part of the raised spending that the provider pays itself", 0.0, 1.0),),
    clauses=("annual_payment",),
    fixes=(Fix("let the price not follow the last base year", (("annual_payment", "base_year_weight", 0.0),)),),
    harmed="the commissioner, in every year of the contract",
    sign="spending in the last year before signature grows faster than in similar places",
    sentence="Raise spending in the year from which the price is set.",
    evidence="E13, E14",
    moves=("record_base", "world_gaming_cost"),
)  # fmt: skip
