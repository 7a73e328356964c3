"""H3 Efficiency: honest work that raises productivity.

World. At level x productivity grows by x · gain a year more, for cost_share · x² of the agreed budget (drivers/cost.py).
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, rule
from ._lever import LeverKind


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Set the level of efficiency work."""
    d[L.CHOICE_EFFICIENCY, i] = x


KIND = LeverKind("H3", "efficiency", "Efficiency work", "honest", "decide", "world", 1.5, bend)
