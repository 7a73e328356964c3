"""L15 Bid low, then ask for more.

Mechanism. Bid under the price, win, and ask for it back with more once the commissioner has nowhere else to go. Record: the
payment is what was bid, and later the mean of what is granted and refused.

    before reopen_year      payment · (1 − x)
    from reopen_year on     payment · (1 + accepted · mark_up · x − (1 − accepted) · x)

accepted is the chance that the commissioner gives in: what stands here is the mean over both ends, the same in every
future. Pay-off: positive where what is won back outweighs the years below price, and the owners last until then (TV11).
Harm: honest bidders are crowded out, and the public pays in the end. Detection: lawful. A price that is fixed for the term
is not reopened; abnormally low bids are refused before signature. Evidence: E35–E37; chance and mark-up are judgements
(J-LOWBID).
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, rule
from ..terms import Field
from ._lever import ROW_OWN, Fix, LeverKind

REOPEN, ACCEPTED, MARK_UP = ROW_OWN, ROW_OWN + 1, ROW_OWN + 2


@rule
def over_price(x: float, t: int, reopen: float, accepted: float, mark_up: float) -> float:
    """What the payment of year t (from 0) lies over the price as written, as a share; under it: negative."""
    if t + 1.0 < reopen:
        return -x
    return accepted * mark_up * x - (1.0 - accepted) * x


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Set down what the bid of future i lies over or under the price this year."""
    x = x * s[L.S_RUNNING, i]
    d[L.RECORD_BID, i] += over_price(x, t, row[REOPEN], row[ACCEPTED], row[MARK_UP])


KIND = LeverKind(
    "L15", "low_bid", "A low bid, then asking for more", "lawful", "record", "record", 0.10, bend,
    fields=(
        Field("reopen_year", "contract year", "contract year (from 1) in which the price is reopened", 1.0, 31.0),
        Field("accepted", "probability", "chance that the commissioner gives in", 0.0, 1.0),
        Field("mark_up", "multiple of the discount", "what is granted, as a multiple of the discount", 0.0, 10.0),
    ),
    clauses=("annual_payment",),
    fixes=(
        Fix("fix the price for the whole term, so that it is not reopened", (("annual_payment", "form", "fixed"),)),
        Fix("outside the clauses: refuse abnormally low bids, and put a guarantee behind the price"),
    ),
    harmed="the commissioner; honest bidders; patients where service stops",
    sign="a bid far under what the care should cost, and talk of gaps within the first year",
    sentence="Bid under cost to win, and ask for the money once there is nobody else.",
    evidence="E35, E36, E37",
    moves=("record_bid",),
)  # fmt: skip
