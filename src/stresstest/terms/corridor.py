"""Corridor: a result is shared band by band to either side of a target.

Clause. The year's actual spend is set against a target. A gap inside the innermost edge stays where it falls. Beyond it
the parties share each band of the gap: the payer pays the payee its share of a gain (actual below target) and receives
its share of a loss (actual above target).

    gap = target − actual;  side = gain where gap > 0, loss where gap < 0, none where gap = 0;  size = |gap|
    E = max(0, target) where edges are shares of the target, 1 where they are money
    start_k = from_k · E;  end_k = to_k · E, without end where to_k is 1e18
    part_k = max(0, min(size, end_k) − start_k)      for the bands k of that side
    amount = Σ share_k · part_k on a gain, − Σ share_k · part_k on a loss

With `counts` = first_pound the band of a side with the lowest `from` counts from zero once the size of the gap has
reached its start: part = min(size, end) where size ≥ start, else 0. At exactly the start `net` pays nothing and
`first_pound` pays the share of the whole gap. Bands of one side must not overlap; gaps between them pay nothing. A side
without bands is not shared. A target of 0 or less, with edges as shares, makes every edge 0: only a band without an end
then has room. Nothing is remembered.

Shown: gap.

Worked number: 50% from 3% to 8% and 80% beyond; with a target of 10,000,000 and costs of 11,000,000 the plan receives
2.5% of the target and 80% of 200,000: 410,000. Source of the shape: 45 CFR 153.510 (risk corridors of the health
insurance exchanges), 42 CFR 423.336 (Medicare Part D).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from .._jit import rule
from .._lanes import pick
from ._term import NOT_USED, POUNDS, QUANTITY, SHARE, Field, Shown, TermKind, row_slots, show

SIDES, EDGES, COUNTS = ("gain", "loss"), ("share_of_target", "money"), ("net", "first_pound")
GAIN, LOSS = 0.0, 1.0
MONEY = FIRST_POUND = 1.0
FIELDS = (
    Field("target", QUANTITY, "spend that the actual is set against", default="acute_expected"),
    Field("actual", QUANTITY, "actual spend", default="acute_actual"),
    Field("edges", "choice", "whether bands are shares of the target or money", default=EDGES[0], choices=EDGES),
    Field("counts", "choice", "net: bands count above their start; first_pound: the first band counts from zero",
          default=COUNTS[0], choices=COUNTS),
    Field(
        "bands", "rows", "bands of the gap to either side of the target", most=10,
        columns=(
            Field("side", "choice", "gain: actual below target; loss: actual above it", choices=SIDES),
            Field("from", "share of target, or GBP", "size of the gap at which the band starts", 0.0, 1e12),
            Field("to", "share of target, or GBP", "size at which it ends; 1e18: no end", 0.0, NOT_USED, default=NOT_USED),
            Field("share", SHARE, "share within the band that changes hands", 0.0, 1.0),
        ),
    ),
)  # fmt: skip
TARGET, ACTUAL, EDGES_AS, COUNTS_FROM, BANDS, FIRST_BAND = row_slots(FIELDS)


@rule
def band_part(size: float, start: float, end: float, from_zero: bool) -> float:
    """The part of a gap in one band; `from_zero`: all of it up to the end once the gap has reached the start."""
    if from_zero:
        return pick(size < start, 0.0, min(size, end))
    return max(min(size, end) - start, 0.0)


@rule
def first_start(row: np.ndarray, side: float) -> float:
    """The lowest `from` of a side's bands, as it stands in the contract; 1e18 where the side has none."""
    lowest = NOT_USED
    for k in range(int(row[BANDS])):
        at = FIRST_BAND + 4 * k
        if row[at] == side and row[at + 1] < lowest:
            lowest = row[at + 1]
    return lowest


@rule
def shared(row: np.ndarray, size: float, side: float, scale: float) -> float:
    """Σ share · part over the bands of one side; `scale` turns the edges into money."""
    total = 0.0
    first = first_start(row, side) if row[COUNTS_FROM] == FIRST_POUND else -1.0
    for k in range(int(row[BANDS])):
        at = FIRST_BAND + 4 * k
        if row[at] == side:
            end = NOT_USED if row[at + 2] >= NOT_USED else row[at + 2] * scale
            total += row[at + 3] * band_part(size, row[at + 1] * scale, end, row[at + 1] == first)
    return total


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Share of the year's gap: positive on a gain, negative on a loss."""
    target = d[int(row[TARGET]), i]
    gap = target - d[int(row[ACTUAL]), i]
    scale = 1.0 if row[EDGES_AS] == MONEY else max(target, 0.0)
    show(row, d, i, 0, gap)
    lost = pick(gap != 0.0, 0.0 - shared(row, -gap, LOSS, scale), 0.0)
    return pick(gap > 0.0, shared(row, gap, GAIN, scale), lost)


def check(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Findings as (key, sentence): no band, empty or overlapping bands, percentages written for shares."""
    bands = values["bands"]
    found: list[tuple[str, str]] = [] if bands else [("bands", "there is no band, so nothing can ever be paid")]
    for k, band in enumerate(bands):
        if band["to"] <= band["from"]:
            ends = f"band {k + 1} ends at {band['to']:g}, not above its start {band['from']:g}"
            found.append((f"bands.{k + 1}", ends))
        if values["edges"] == "share_of_target" and band["from"] > 1.0:
            meant = f"{band['from'] / 100.0:g} stands for {band['from']:g}%; for money, set edges to money"
            found.append((f"bands.{k + 1}", f"band {k + 1} starts at {band['from']:g} times the target: {meant}"))
    for side in SIDES:
        order = sorted((b["from"], k) for k, b in enumerate(bands) if b["side"] == side)
        for (_, low), (start, high) in pairwise(order):
            if bands[low]["to"] > start:
                first, last = sorted((low + 1, high + 1))
                found.append((f"bands.{last}", f"bands {first} and {last} of the {side} side overlap"))
    return found


KIND = TermKind(
    name="corridor",
    title="Risk corridor",
    fields=FIELDS,
    arm=arm,
    check=check,
    shows=(Shown("gap", POUNDS, "target less actual"),),
)
