"""Layered share: shares of the layers of one quantity, with a deductible and a limit on the sum over the term.

Clause. The payer bears its share of each layer of a loss, a cost or a saving x. An attachment and a limit are multiples
of a base (the premium, say), or plain money where the base is `one`. What falls into the layers is added up over the
term: the aggregate deductible comes off that sum first, the aggregate limit ends it, and the overall share is paid.

    B = max(0, base);  start_k = attachment_k · B;  end_k = start_k + limit_k · B, without end where limit_k is 1e18
    excess      part_k = max(0, min(x, end_k) − start_k)
    franchise   part_k = min(x, end_k) where x > start_k, else 0
    in_layers = Σ share_k · part_k of the row (a year, or an event where rows are events)
    S = Σ in_layers up to this row;  counted = min(max(S − aggregate_deductible, 0), aggregate_limit)
    amount = share · (counted − counted before)

`franchise` pays from the first pound once x lies above the attachment; x equal to the attachment pays nothing, in both
forms. It takes one layer. An x below 0 pays nothing. A base of 0 or less makes every edge 0: a layer with a limit then
has no room, one without a limit starts at 0. Layers may leave gaps and may stand in any order, but not overlap. S and
`counted` are 0 before the first row. The aggregate deductible and limit are sums of money for the whole term, before the
overall share. Where they change from year to year, each year's holds for the sum so far: a deductible raised or a limit
lowered later takes money back (a negative amount). Each row's share applies to what that row adds.

Shown: in_layers; aggregate_left = aggregate_limit − counted, 1e18 where the limit is 1e18 (none).

Worked number: a stop loss of 10% of premium in excess of 105% pays 7% at a ratio of 112% and 10% at 121% (HMRC General
Insurance Manual GIM8090). A quota share is one layer from 0 without a limit. Source of the shape: excess-of-loss and
stop-loss treaties; the aggregate deductible as in D. R. Clark, Basics of Reinsurance Pricing (Casualty Actuarial
Society, 2014).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from .._jit import rule
from .._lanes import pick
from ._quantities import ONE
from ._term import NOT_USED, POUNDS, QUANTITY, SHARE, Field, Shown, TermKind, row_slots, show

COUNTS = ("excess", "franchise")
FRANCHISE = 1.0
FIELDS = (
    Field("of", QUANTITY, "loss, cost or saving that is layered"),
    Field("base", QUANTITY, "what attachments and limits are multiples of; one: they are money", default=ONE),
    Field("counts", "choice", "excess: above the attachment; franchise: all of it once above", default=COUNTS[0],
          choices=COUNTS),
    Field("aggregate_deductible", POUNDS, "sum in the layers over the term that nobody pays", 0.0, 1e12, default=0.0),
    Field("aggregate_limit", POUNDS, "most that counts over the term; 1e18: no limit", 0.0, NOT_USED, default=NOT_USED),
    Field("share", SHARE, "share of what counts that is paid", 0.0, 1.0, default=1.0),
    Field(
        "layers", "rows", "layers of the quantity", most=10,
        columns=(
            Field("attachment", "multiple of base", "where the layer starts", 0.0, 1e12),
            Field("limit", "multiple of base", "how much the layer holds; 1e18: no limit", 0.0, NOT_USED, default=NOT_USED),
            Field("share", SHARE, "payer's share within the layer", 0.0, 1.0, default=1.0),
        ),
    ),
)  # fmt: skip
OF, BASE, COUNTS_FROM, DEDUCTIBLE, LIMIT, SHARE_PAID, LAYERS, FIRST_LAYER = row_slots(FIELDS)
M_IN_LAYERS, M_COUNTED = range(2)


@rule
def layer_part(x: float, start: float, end: float, franchise: bool) -> float:
    """The part of x in one layer: above the start, or in a franchise all of x up to the end once x is above it."""
    if franchise:
        return pick(x <= start, 0.0, min(x, end))
    return max(min(x, end) - start, 0.0)


@rule
def layer_end(start: float, limit: float, base: float) -> float:
    """Where a layer ends, with a limit in multiples of the base; 1e18 where it has none."""
    return NOT_USED if limit >= NOT_USED else start + limit * base


@rule
def counted(total: float, deductible: float, limit: float) -> float:
    """What counts of a sum over the term, after its deductible and up to its limit."""
    return min(max(total - deductible, 0.0), limit)


@rule
def in_layers(row: np.ndarray, x: float, base: float) -> float:
    """Σ share · part over the layers of the row."""
    total = 0.0
    franchise = row[COUNTS_FROM] == FRANCHISE
    for k in range(int(row[LAYERS])):
        at = FIRST_LAYER + 3 * k
        start = row[at] * base
        total += row[at + 2] * layer_part(x, start, layer_end(start, row[at + 1], base), franchise)
    return total


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """What this row adds to the sum that counts, times the overall share; remembers both sums."""
    added = in_layers(row, d[int(row[OF]), i], max(d[int(row[BASE]), i], 0.0))
    memory[M_IN_LAYERS, i] += added
    now = counted(memory[M_IN_LAYERS, i], row[DEDUCTIBLE], row[LIMIT])
    amount = row[SHARE_PAID] * (now - memory[M_COUNTED, i])
    memory[M_COUNTED, i] = now
    show(row, d, i, 0, added)
    show(row, d, i, 1, NOT_USED if row[LIMIT] >= NOT_USED else row[LIMIT] - now)
    return amount


def check(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Findings as (key, sentence): no layer, several layers in a franchise, layers without room or that overlap."""
    found: list[tuple[str, str]] = []
    layers = values["layers"]
    if not layers:
        found.append(("layers", "there is no layer, so nothing can ever be paid"))
    if values["counts"] == "franchise" and len(layers) > 1:
        found.append(("counts", "a franchise counts from zero, so it takes one layer"))
    for k, layer in enumerate(layers):
        if layer["limit"] <= 0.0:
            found.append((f"layers.{k + 1}", f"layer {k + 1} holds nothing: its limit is 0"))
    order = sorted(range(len(layers)), key=lambda k: layers[k]["attachment"])
    for low, high in pairwise(order):
        if layers[low]["attachment"] + layers[low]["limit"] > layers[high]["attachment"] * (1.0 + 1e-12):
            first, last = sorted((low + 1, high + 1))
            found.append((f"layers.{last}", f"layers {first} and {last} overlap"))
    return found


KIND = TermKind(
    name="layered_share",
    title="Shares of layers",
    fields=FIELDS,
    arm=arm,
    memory=2,
    check=check,
    shows=(
        Shown("in_layers", POUNDS, "what falls into the layers, before deductible, limit and overall share"),
        Shown("aggregate_left", POUNDS, "what is left of the aggregate limit"),
    ),
)
