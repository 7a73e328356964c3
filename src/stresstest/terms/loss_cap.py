"""Loss cap: an operator makes good a hospital's deficits until it has paid a fixed sum over the whole term.

Clause. Each year the operator pays the reported deficit, up to what is left of the cap. Once the cap is used up,
further deficits fall on the public, and the operator may leave. Surpluses do not refill the cap.

    deficit = max(0, cost − income);  paid_t = min(deficit_t, max(0, cap − Σ paid before))
    used = Σ paid, this year's included;  left = max(0, cap − used)
    right_to_leave = 1 where cap − used ≤ £0.005, else 0

Where the cap differs from year to year, each year's cap stands against all that was paid before. A cap of 0 gives the
right to leave from the first year. A small cap is an option to walk away.

Worked number E10 (Hinchingbrooke: the first £5m of deficits, with up to £2m of exit costs besides; PAC HC971, Reuters).
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from .._jit import rule
from .._lanes import pick
from ._term import POUNDS, QUANTITY, Field, Shown, TermKind, row_slots, show

FIELDS = (
    Field("cap", POUNDS, "most that the operator pays towards deficits over the whole term", 0.0, 1e11),
    Field("cost", QUANTITY, "what the year has cost", default="reported_cost"),
    Field("income", QUANTITY, "what the year has earned", default="income"),
)
(CAP, COST, INCOME) = row_slots(FIELDS)
M_PAID = 0
HALF_A_PENNY = 0.005
SHOWS = (
    Shown("deficit", POUNDS, "the year's deficit, 0 in a surplus"),
    Shown("used", POUNDS, "paid under the cap so far, this year included"),
    Shown("left", POUNDS, "left of the cap"),
    Shown("right_to_leave", "0 or 1", "1 once the cap is used up"),
)


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
    deficit = d[int(row[COST]), i] - d[int(row[INCOME]), i]
    amount = borne_by_owner(deficit, row[CAP] - memory[M_PAID, i])
    memory[M_PAID, i] += amount
    remaining = row[CAP] - memory[M_PAID, i]
    show(row, d, i, 0, max(0.0, deficit))
    show(row, d, i, 1, memory[M_PAID, i])
    show(row, d, i, 2, max(0.0, remaining))
    show(row, d, i, 3, pick(remaining <= HALF_A_PENNY, 1.0, 0.0))
    return amount


KIND = TermKind(
    name="loss_cap",
    title="Deficits borne up to a cap",
    fields=FIELDS,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    payer="operator",
    payee="hospital",
    memory=1,
    shows=SHOWS,
)
