"""Reinstatement: a further premium for cover that losses have used up.

Clause. Each recovery from a layer is reinstated at once, as long as reinstatements are left, and the payer pays premium
for it in proportion to the amount reinstated, whatever the date (pro rata as to amount, 100% as to time).

    room = max(0, reinstatements · limit − reinstated before)
    now = min(max(0, recovered), room)
    amount = price · premium · now / limit;  0 where limit is 0 or less, and nothing is reinstated then

`recovered` is what this row (a year, or an event) recovers from the layer, and `limit` is what the layer holds once.
Reinstated is 0 before the first row and adds up over the rows. A recovery beyond the room costs nothing more: it is paid
out of cover that cannot be renewed. A negative recovery gives nothing back. With a price of 0 reinstatements are free and
are used up all the same.

Shown: reinstated = the sum so far with this row's; left = max(0, reinstatements · limit − reinstated), 0 where the limit
is 0 or less.

Worked number: a layer of £100,000 with a premium of £12,000 and one reinstatement at 100% loses £50,000: £6,000 is to
pay. Source of the number and the shape: Chartered Insurance Institute, M97 Reinsurance, 2018/19, example 5.16.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from ._term import POUNDS, QUANTITY, Field, Shown, TermKind, row_slots, show

FIELDS = (
    Field("premium", QUANTITY, "premium of the layer"),
    Field("recovered", QUANTITY, "what this row recovers from the layer"),
    Field("limit", POUNDS, "what the layer holds once", 0.0, 1e12),
    Field("reinstatements", "whole number", "how often the layer is reinstated in full", 0.0, 100.0),
    Field("price", "share of premium", "premium for one reinstatement in full", 0.0, 3.0, default=1.0),
)
PREMIUM, RECOVERED, LIMIT, REINSTATEMENTS, PRICE = row_slots(FIELDS)
(M_REINSTATED,) = range(1)


@rule
def reinstated_now(recovered: float, room: float) -> float:
    """The part of a recovery that is reinstated; never negative."""
    return min(max(recovered, 0.0), max(room, 0.0))


@rule
def reinstatement_premium(premium: float, price: float, now: float, limit: float) -> float:
    """Premium for the cover reinstated, in proportion to the amount; 0 where there is no limit to divide by."""
    return price * premium * now / limit if limit > 0.0 else 0.0


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Premium for what this row reinstates; remembers what has been reinstated."""
    limit = row[LIMIT]
    whole = row[REINSTATEMENTS] * max(limit, 0.0)
    now = reinstated_now(d[int(row[RECOVERED]), i], whole - memory[M_REINSTATED, i])
    memory[M_REINSTATED, i] += now
    show(row, d, i, 0, memory[M_REINSTATED, i])
    show(row, d, i, 1, max(whole - memory[M_REINSTATED, i], 0.0))
    return reinstatement_premium(d[int(row[PREMIUM]), i], row[PRICE], now, limit)


def check(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Findings as (key, sentence): a layer that holds nothing."""
    return [("limit", "the layer holds nothing, so nothing can be reinstated")] if values["limit"] <= 0.0 else []


KIND = TermKind(
    name="reinstatement",
    title="Reinstatement premium",
    fields=FIELDS,
    arm=arm,
    exposure=L.X_UPLIFT,
    payer="provider",
    payee="operator",
    memory=1,
    check=check,
    shows=(
        Shown("reinstated", POUNDS, "cover reinstated so far"),
        Shown("left", POUNDS, "cover that can still be reinstated"),
    ),
)
