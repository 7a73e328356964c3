"""Cap and collar: support when the provider's year falls short, pay-back when it runs well.

Clause. The yearly result is measured against the annual payment: payment plus everything earned, less reported cost. Where
it falls below the first edge the commissioner bears a share of the shortfall down to the second edge, and a larger share
below it. Where it rises above the upper edge the provider pays back a share of the excess.

    base 100, outturn X = base + income − reported cost (as a share of the base)
    support   s₁ · (edge₁ − max(edge₂, X))⁺ + s₂ · (edge₂ − X)⁺;  pay-back  share · (X − upper)⁺

Worked number E14 (rail-style revenue support; shares recalled).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from ._term import SHARE, Field, PackContext, TermKind

(EDGE_ONE, EDGE_TWO, SHARE_ONE, SHARE_TWO, UPPER, PAY_BACK) = range(2, 8)


@rule
def cap_and_collar(
    outturn: float, base: float, edge_one: float, edge_two: float, share_one: float, share_two: float,
    upper: float, pay_back: float,
) -> float:  # fmt: skip
    """Support (+) or pay-back (−) for an outturn against its base; the edges are shares of the base."""
    first, second, top = edge_one * base, edge_two * base, upper * base
    support = share_one * max(0.0, first - max(second, outturn)) + share_two * max(0.0, second - outturn)
    return support - pay_back * max(0.0, outturn - top)


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Support or pay-back of the year, on the reported result so far."""
    base = d[L.PAID_ANNUAL, i]
    outturn = base + d[L.PAID_INCOME, i] - d[L.RECORD_COST, i]
    return cap_and_collar(
        outturn, base, row[EDGE_ONE], row[EDGE_TWO], row[SHARE_ONE], row[SHARE_TWO], row[UPPER], row[PAY_BACK]
    )


def pack(values: dict[str, Any], context: PackContext) -> list[float]:
    """Row numbers in the order of the slots above."""
    names = (
        "support_from",
        "support_more_from",
        "support_share",
        "support_more_share",
        "pay_back_from",
        "pay_back_share",
    )
    return [values[name] for name in names]


def check(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Findings as (key, sentence): edges in order."""
    found: list[tuple[str, str]] = []
    if values["support_more_from"] > values["support_from"]:
        found.append(("support_more_from", "the second edge lies above the first, so the support tiers overlap"))
    if values["pay_back_from"] < values["support_from"]:
        found.append(("pay_back_from", "pay-back begins below the edge where support begins"))
    return found


KIND = TermKind(
    name="cap_and_collar",
    title="Cap and collar",
    fields=(
        Field("support_from", SHARE, "support begins below this share of the annual payment", 0.0, 1.5),
        Field("support_more_from", SHARE, "the larger share applies below this share", 0.0, 1.5),
        Field("support_share", SHARE, "commissioner's share of the shortfall between the two edges", 0.0, 1.0),
        Field("support_more_share", SHARE, "commissioner's share of the shortfall below the second edge", 0.0, 1.0),
        Field("pay_back_from", SHARE, "pay-back begins above this share of the annual payment", 0.5, 3.0),
        Field("pay_back_share", SHARE, "commissioner's share of the excess", 0.0, 1.0),
    ),
    pack=pack,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    check=check,
    needs=("annual_payment",),
)
