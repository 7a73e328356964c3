"""Guarantee: a bond or a parent's promise that pays what is called, up to a sum over the whole term.

Clause. When a trigger is met, the guarantor pays what is called, until it has paid the limit. What is left over goes
uncovered. Money paid is not refilled.

    amount = min(max(0, call), max(0, limit − used before)) where trigger > 0, else 0

A trigger of exactly 0 does not call. `used` is 0 before the first year and grows by each amount. A negative call pays
nothing and gives nothing back. Where the limit is lowered below what is used, nothing more is paid and nothing returned.

Shown: used = paid so far with this year's; left = max(0, limit − used).

Worked number: a limit of £5m and calls of £3.7m, £1.1m and £7.5m pay £3.7m, £1.1m and £0.2m. Source of the shape:
performance bonds and parent company guarantees of public contracts (recalled); as a cap on deficits, the Hinchingbrooke
franchise (PAC HC971).
"""

from __future__ import annotations

import numpy as np

from .._jit import rule
from .._lanes import pick
from ._quantities import ONE
from ._term import POUNDS, QUANTITY, Field, Shown, TermKind, row_slots, show

FIELDS = (
    Field("call", QUANTITY, "what is called in the year"),
    Field("trigger", QUANTITY, "the guarantee is called only where this is above 0", default=ONE),
    Field("limit", POUNDS, "most that is paid over the whole term", 0.0, 1e12),
)
CALL, TRIGGER, LIMIT = row_slots(FIELDS)
(M_USED,) = range(1)


@rule
def honoured(call: float, left: float) -> float:
    """What the guarantor pays of a call with `left` to go; never negative."""
    return min(max(call, 0.0), max(left, 0.0))


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """What is paid of the year's call; remembers what has been paid."""
    paid = honoured(d[int(row[CALL]), i], row[LIMIT] - memory[M_USED, i])
    amount = pick(d[int(row[TRIGGER]), i] > 0.0, paid, 0.0)
    memory[M_USED, i] += amount
    show(row, d, i, 0, memory[M_USED, i])
    show(row, d, i, 1, max(row[LIMIT] - memory[M_USED, i], 0.0))
    return amount


KIND = TermKind(
    name="guarantee",
    title="Bond or guarantee",
    fields=FIELDS,
    arm=arm,
    payer="operator",
    payee="commissioner",
    memory=1,
    shows=(
        Shown("used", POUNDS, "paid under the guarantee so far"),
        Shown("left", POUNDS, "what the guarantee can still pay"),
    ),
)
