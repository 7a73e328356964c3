"""Profit cap: the provider keeps a profit up to a share of its income and pays back the rest.

Clause. The year's profit is income so far less reported cost. Up to the cap the provider keeps all of it; what lies
beyond goes back to the commissioner. A loss stays with the provider.

    profit = income − cost;  kept = min(profit, cap · income) where profit > 0
    amount = kept − profit: never positive, so money only flows back

Clauses apply in the contract's order: those listed after this one are not in its income. Worked number E8 (Alzira:
profit kept up to 7.5% of turnover; WISH catalogue).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from ._term import SHARE, Field, PackContext, TermKind

(CAP,) = range(2, 3)


@rule
def kept(profit: float, income: float, cap: float) -> float:
    """The part of a result that stays with the provider: a profit up to the cap, the whole of a loss."""
    return min(profit, cap * income) if profit > 0.0 else profit


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Refund of the year, as a negative payment to the provider."""
    income = d[L.PAID_INCOME, i]
    profit = income - d[L.RECORD_COST, i]
    return kept(profit, income, row[CAP]) - profit


def pack(values: dict[str, Any], context: PackContext) -> list[float]:
    """Row numbers in the order of the slots above."""
    return [values["cap"]]


KIND = TermKind(
    name="profit_cap",
    title="Profit cap",
    fields=(Field("cap", SHARE, "most profit that is kept, as a share of income", 0.0, 1.0),),
    pack=pack,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
)
