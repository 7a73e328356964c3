"""Cap and collar: support when the provider's year falls short, pay-back when it runs well.

Clause. The yearly result is measured against the annual payment: payment plus everything earned, less reported cost. Where
it falls below the first edge the commissioner bears a share of the shortfall down to the second edge, and a larger share
below it. Where it rises above the upper edge the provider pays back a share of the excess.

    outturn X = base + income − cost;  the edges are shares of the base
    support   s₁ · max(0, edge₁ − max(edge₂, X)) + s₂ · max(0, edge₂ − X);  pay-back  share · max(0, X − upper)
    amount    support − pay-back

At an edge nothing changes. Income is what the provider has received, less what it has paid, under the clauses that stand
before this one (the annual payment itself among them).

Worked number E14 (rail-style revenue support; shares recalled).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from ._term import POUNDS, QUANTITY, SHARE, Field, Shown, TermKind, row_slots, show

FIELDS = (
    Field("support_from", SHARE, "support begins below this share of the annual payment", 0.0, 1.5),
    Field("support_more_from", SHARE, "the larger share applies below this share", 0.0, 1.5),
    Field("support_share", SHARE, "commissioner's share of the shortfall between the two edges", 0.0, 1.0),
    Field("support_more_share", SHARE, "commissioner's share of the shortfall below the second edge", 0.0, 1.0),
    Field("pay_back_from", SHARE, "pay-back begins above this share of the annual payment", 0.5, 3.0),
    Field("pay_back_share", SHARE, "commissioner's share of the excess", 0.0, 1.0),
    Field("base", QUANTITY, "what the edges are shares of", default="annual_payment"),
    Field("income", QUANTITY, "what the provider has earned this year", default="income"),
    Field("cost", QUANTITY, "what the year has cost the provider", default="reported_cost"),
)
(EDGE_ONE, EDGE_TWO, SHARE_ONE, SHARE_TWO, UPPER, PAY_BACK, BASE, INCOME, COST) = row_slots(FIELDS)
SHOWS = (
    Shown("outturn", POUNDS, "base plus income less cost"),
    Shown("support", POUNDS, "what the commissioner bears of a shortfall"),
    Shown("pay_back", POUNDS, "what the provider pays back of an excess"),
)


@rule
def support_due(
    outturn: float, base: float, edge_one: float, edge_two: float, share_one: float, share_two: float
) -> float:
    """Support for an outturn below its edges (£, never negative)."""
    first, second = edge_one * base, edge_two * base
    return share_one * max(0.0, first - max(second, outturn)) + share_two * max(0.0, second - outturn)


@rule
def pay_back_due(outturn: float, base: float, upper: float, pay_back: float) -> float:
    """Pay-back for an outturn above the upper edge (£, never negative)."""
    top = upper * base
    return pay_back * max(0.0, outturn - top)


@rule
def cap_and_collar(
    outturn: float, base: float, edge_one: float, edge_two: float, share_one: float, share_two: float,
    upper: float, pay_back: float,
) -> float:  # fmt: skip
    """Support (+) or pay-back (−) for an outturn against its base; the edges are shares of the base."""
    support = support_due(outturn, base, edge_one, edge_two, share_one, share_two)
    return support - pay_back_due(outturn, base, upper, pay_back)


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Support or pay-back of the year, on the reported result so far."""
    base = d[int(row[BASE]), i]
    outturn = base + d[int(row[INCOME]), i] - d[int(row[COST]), i]
    show(row, d, i, 0, outturn)
    show(row, d, i, 1, support_due(outturn, base, row[EDGE_ONE], row[EDGE_TWO], row[SHARE_ONE], row[SHARE_TWO]))
    show(row, d, i, 2, pay_back_due(outturn, base, row[UPPER], row[PAY_BACK]))
    return cap_and_collar(
        outturn, base, row[EDGE_ONE], row[EDGE_TWO], row[SHARE_ONE], row[SHARE_TWO], row[UPPER], row[PAY_BACK]
    )


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
    fields=FIELDS,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    check=check,
    shows=SHOWS,
)
