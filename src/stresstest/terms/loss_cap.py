"""Loss cap: an operator makes good a hospital's deficits until it has paid a fixed sum over the whole term.

Clause. Each year the operator pays the reported deficit, up to what is left of the cap. Once the cap is used up,
further deficits fall on the public. Surpluses do not refill the cap.

    deficit = max(0, cost − income);  paid_t = min(deficit_t, cap − Σ paid before)

A small cap is an option to walk away. Worked number E10 (Hinchingbrooke: the first £5m of deficits, with up to £2m of
exit costs besides; PAC HC971, Reuters).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from ._term import POUNDS, Field, PackContext, TermKind

(CAP,) = range(2, 3)
M_PAID = 0


@rule
def borne_by_owner(deficit: float, remaining: float) -> float:
    """The part of a deficit that the owner bears when `remaining` pounds of its cap are left; never negative."""
    return min(max(0.0, deficit), max(0.0, remaining))


@rule
def left_to_public(deficit: float, remaining: float) -> float:
    """The part of a deficit beyond the owner's cap (£)."""
    return max(0.0, deficit) - borne_by_owner(deficit, remaining)


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """What the operator pays towards the year's reported deficit; remembers what it has paid."""
    deficit = d[L.RECORD_COST, i] - d[L.PAID_INCOME, i]
    amount = borne_by_owner(deficit, row[CAP] - memory[M_PAID, i])
    memory[M_PAID, i] += amount
    return amount


def pack(values: dict[str, Any], context: PackContext) -> list[float]:
    """Row numbers in the order of the slots above."""
    return [values["cap"]]


KIND = TermKind(
    name="loss_cap",
    title="Deficits borne up to a cap",
    fields=(Field("cap", POUNDS, "most that the operator pays towards deficits over the whole term", 0.0, 1e11),),
    pack=pack,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    payer="operator",
    payee="hospital",
    memory=1,
)
