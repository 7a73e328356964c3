"""L17 Leaving before the cap is used up.

Mechanism. Limited liability lets owners keep gains and leave when losses come. Waiting until the cap is used up is not the
best they can do: once the reserve is gone they may leave at once. The rule is decided at the start.

    notice   in the year in which the reserve is gone and the owners have borne (1 − x) of loss cap and guarantee
    fee      exit_fee, on top of the cap, where notice is given before the cap is used up

At x = 0 they stay until the cap is used up. No notice is given that would run to the end of the term or beyond. Pay-off:
losses not borne, less the fee and the better years that may have come (TV12). Harm: deficits, re-letting, a gap in
service. Detection: lawful. Fix: a fee for early notice. Evidence: E38, E39.
"""

from __future__ import annotations

import math

from .. import layout as L
from .._jit import Array, rule
from ..drivers.parameters import slot
from ._lever import ROW_YEARS, Fix, LeverKind

NOTICE = slot("contract.ending.notice_years")


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Set the share of the cap that the owners of future i would leave unused, where notice would end the contract."""
    if t + math.ceil(p[NOTICE]) < row[ROW_YEARS] - 1.0:
        s[L.S_LEAVE, i] += x * s[L.S_RUNNING, i]


KIND = LeverKind(
    "L17", "walk_away", "Leaving before the cap is used up", "lawful", "decide", "world", 1.0, bend,
    clauses=("annual_payment",),
    fixes=(
        Fix("charge owners who leave early £20m on top of their cap", (("ending", "exit_fee", 2e7),)),
        Fix("carry losses beyond the cap, so that nobody leaves", (("ending", "rescue", 1.0),)),
    ),
    harmed="the commissioner, who has to let the contract again; patients in the gap",
    sign="the reserve is gone, and the owners' losses are a growing part of their cap",
    sentence="Hand the contract back as soon as the reserve is gone.",
    evidence="E38, E39",
)  # fmt: skip
