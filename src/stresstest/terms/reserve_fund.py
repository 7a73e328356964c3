"""Reserve fund: good years pay into a fund up to a target, bad years draw on it as far as it goes.

Clause. Of a positive result a share is paid into the fund, until the fund has reached its target. Of a deficit a share is
drawn from the fund, as far as the fund goes. The fund earns interest.

    interest_t = interest · balance_{t−1};   open_t = balance_{t−1} + interest_t;   balance before the first year = 0
    result > 0:  in_t = min(pay_in · result, max(0, target · base − open_t)),    out_t = 0
    result < 0:  out_t = min(draw · (−result), open_t),                          in_t = 0
    result = 0:  in_t = out_t = 0
    amount_t = in_t − out_t;   balance_t = open_t + in_t − out_t

Without a target there is no limit to what is paid in, and the base is not read. A fund above its target, by interest or
because the target has fallen, keeps what it has. The payee keeps the fund: a positive amount goes into it, a negative one
comes out. Interest is credited to the balance by whoever keeps the fund; it moves no money between the parties here, is at
hand for this year's draw, and counts towards the target. A clause out of force leaves the balance as it is, without interest.
The figures `balance` (end of the year) and `interest_earned` are shown in every year. Source of the shape: risk reserves of
pooled budgets and of capitated provider groups (recalled).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from ._term import NOT_USED, POUNDS, QUANTITY, RATE, SHARE, Field, Shown, TermKind, row_slots, show

FIELDS = (
    Field("result", QUANTITY, "result of the year: surplus positive, deficit negative"),
    Field("pay_in", SHARE, "share of a positive result that is paid in", 0.0, 1.0),
    Field("target", "multiple of base", "balance beyond which nothing is paid in", 0.0, NOT_USED, NOT_USED),
    Field("base", QUANTITY, "what the target is a multiple of", default="one"),
    Field("draw", SHARE, "share of a deficit that is drawn", 0.0, 1.0),
    Field("interest", RATE, "interest on the opening balance", -0.5, 0.5, 0.0),
)
(RESULT, PAY_IN, TARGET, BASE, DRAW, INTEREST) = row_slots(FIELDS)
M_BALANCE = 0


@rule
def paid_in(result: float, share: float, room: float) -> float:
    """What goes into the fund (£): a share of a positive result, as far as there is room below the target."""
    return min(share * max(0.0, result), max(0.0, room))


@rule
def drawn(result: float, share: float, balance: float) -> float:
    """What comes out of the fund (£): a share of a deficit, as far as the fund goes."""
    return min(share * max(0.0, -result), max(0.0, balance))


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """What is paid in, or as a negative amount drawn; remembers the balance."""
    result = d[int(row[RESULT]), i]
    interest = row[INTEREST] * memory[M_BALANCE, i]
    balance = memory[M_BALANCE, i] + interest
    room = NOT_USED if row[TARGET] >= NOT_USED else row[TARGET] * d[int(row[BASE]), i] - balance
    amount = paid_in(result, row[PAY_IN], room) - drawn(result, row[DRAW], balance)
    memory[M_BALANCE, i] = balance + amount
    show(row, d, i, 0, memory[M_BALANCE, i])
    show(row, d, i, 1, interest)
    return amount


def unread(values: dict[str, Any]) -> tuple[str, ...]:
    """The base matters only where there is a target."""
    return ("base",) if values["target"] >= NOT_USED else ()


KIND = TermKind(
    name="reserve_fund",
    title="Reserve fund",
    fields=FIELDS,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    payer="provider",
    payee="operator",
    memory=1,
    unread=unread,
    shows=(
        Shown("balance", POUNDS, "the fund at the end of the year"),
        Shown("interest_earned", POUNDS, "interest credited to the fund this year"),
    ),
)
