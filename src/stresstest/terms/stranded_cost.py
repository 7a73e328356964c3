"""Stranded cost: what a hospital goes on paying for after its activity has left, and who helps it.

Clause. When services leave the hospital at the start of the contract, part of their cost stays: buildings, private
finance charges, rotas. It fades as the hospital adapts. A national body supports the hospital with a share of it.

    stranded_t = removed · fixed_share · 0.5^(t / half_life),  t = 0 in the clause's first year in force
    amount_t   = support_share · stranded_t

With a half-life of 0 everything is gone after the first year.

Worked number E16 (£44.2m leaves, a quarter of it fixed, three years to halve it).
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from .._jit import rule
from ._term import POUNDS, ROW_YEAR, SHARE, Field, Shown, TermKind, row_slots, show

FIELDS = (
    Field("removed", POUNDS, "yearly hospital income that leaves at the start", 0.0, 1e11),
    Field("fixed_share", SHARE, "part of its cost that stays at first", 0.0, 1.0),
    Field("half_life", "years", "years in which what is stranded halves", 0.1, 100.0),
    Field("support_share", SHARE, "part of the stranded cost that the supporter bears", 0.0, 1.0, 1.0),
)
(REMOVED, FIXED_SHARE, HALF_LIFE, SUPPORT) = row_slots(FIELDS)


@rule
def stranded(removed: float, fixed_share: float, year: float, half_life: float) -> float:
    """Cost still stranded `year` years after `removed` pounds of activity left."""
    if half_life <= 0.0:
        return removed * fixed_share if year <= 0.0 else 0.0
    return removed * fixed_share * 0.5 ** (year / half_life)


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Support for the year's stranded cost."""
    cost = stranded(row[REMOVED], row[FIXED_SHARE], row[ROW_YEAR], row[HALF_LIFE])
    show(row, d, i, 0, cost)
    return row[SUPPORT] * cost


KIND = TermKind(
    name="stranded_cost",
    title="Support for stranded hospital cost",
    fields=FIELDS,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    payer="nhs_england",
    payee="hospital",
    shows=(Shown("stranded", POUNDS, "cost still stranded"),),
)
