"""L11 Timing shifts across the year-end.

Mechanism. Where the yearly share is flat (inside the dead band, beyond a cap) a pound of recorded cost does nothing, so
cost of next year is recorded now, where it does not count. Record: the acute spend of the year is raised by what is
brought forward and next year's is lowered by the same; over the years nothing is created.

    room     beyond the gain cap: gap − gap at the cap;  in the dead band: gap + band;  beyond the loss cap: unbounded
    forward  = min(x · acute, room);  Â_t = A_t + forward_t − forward_{t−1};  none in the last year

gap is expected spend less A_t − forward_{t−1}. Band and caps are judged at the plan's benchmark and agreed budget
(contract.py), as a provider would before the year is settled. What was brought forward comes off next year's record
whether or not the lever is used again (kernel/respond.py).

Detection: month-13 cut-off tests put it right without recovery. Fix: settle on the running total. Evidence: E32, E33
(spending in the last week 4.9 times the average; no spike where balances roll over).
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from .._jit import Array, rule
from .._lanes import pick
from ._lever import EDGE_ACTIVE, EDGE_BAND, EDGE_GAIN, EDGE_LOSS, ROW_YEARS, Fix, LeverKind


@rule
def room_for_cost(gap: float, band: float, gain_edge: float, loss_edge: float) -> float:
    """Recorded cost (£) that can be added to this year without changing what is paid."""
    in_band = pick(abs(gap) <= band, gap + band, 0.0)
    return pick(gap > gain_edge, gap - gain_edge, pick(gap < -loss_edge, np.inf, in_band))


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Bring cost forward into a year in which it does not count."""
    if edge[EDGE_ACTIVE] == 0.0:
        return
    limit = x * d[L.WORLD_ACUTE, i] * s[L.S_RUNNING, i]
    if t < int(row[ROW_YEARS]) - 1:
        gap = d[L.RECORD_ACUTE_EXPECTED, i] - d[L.RECORD_ACUTE, i]
        forward = min(limit, room_for_cost(gap, edge[EDGE_BAND], edge[EDGE_GAIN], edge[EDGE_LOSS]))
        d[L.RECORD_ACUTE, i] += forward
        s[L.S_TIMING, i] = forward


KIND = LeverKind(
    "L11", "year_end_timing", "Cost moved across the year-end", "grey", "record", "record", 0.03, bend,
    clauses=("gain_loss_share",),
    fixes=(Fix("settle the share on the running total of the years", (("gain_loss_share", "settlement", "cumulative"),)),),
    harmed="the commissioner; patients whose care is moved around the year-end",
    sign="activity jumps in the last month and falls in the first",
    sentence="Record next year's hospital cost this year, when it makes no difference to the share.",
    evidence="E32, E33",
)  # fmt: skip
