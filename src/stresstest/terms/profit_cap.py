"""Profit cap: the provider keeps a profit up to a share of its income and pays back the rest.

Clause. The year's profit is income so far less reported cost. Up to the cap the provider keeps all of it; what lies
beyond goes back to the commissioner. A loss stays with the provider.

    profit = income − cost;  kept = min(profit, cap · income) where profit > 0, else profit
    amount = kept − profit: never positive, so money only flows back

A profit of exactly the cap is kept. Clauses apply in the contract's order: those listed after this one are not in its
income. Worked number E8 (Alzira: profit kept up to 7.5% of turnover; WISH catalogue).
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from .._jit import rule
from .._lanes import pick
from ._term import POUNDS, QUANTITY, SHARE, Field, Shown, TermKind, row_slots, show

FIELDS = (
    Field("cap", SHARE, "most profit that is kept, as a share of income", 0.0, 1.0),
    Field("income", QUANTITY, "what the provider has earned this year", default="income"),
    Field("cost", QUANTITY, "what the year has cost the provider", default="reported_cost"),
)
(CAP, INCOME, COST) = row_slots(FIELDS)
SHOWS = (
    Shown("profit", POUNDS, "income less cost"),
    Shown("kept", POUNDS, "part of it that stays with the provider"),
)


@rule
def kept(profit: float, income: float, cap: float) -> float:
    """The part of a result that stays with the provider: a profit up to the cap, the whole of a loss."""
    return pick(profit > 0.0, min(profit, cap * income), profit)


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Refund of the year, as a negative payment to the provider."""
    income = d[int(row[INCOME]), i]
    profit = income - d[int(row[COST]), i]
    stays = kept(profit, income, row[CAP])
    show(row, d, i, 0, profit)
    show(row, d, i, 1, stays)
    return stays - profit


KIND = TermKind(
    name="profit_cap",
    title="Profit cap",
    fields=FIELDS,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    shows=SHOWS,
)
