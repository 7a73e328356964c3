"""H1 Effort: honest work on the outcomes that the contract names.

World. Effort e on every indicator costs cost_share · e² of the agreed budget and moves progress by power · e a year
(drivers/quality.py); it also brings the part of the cut in acute activity that does not come by itself.
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, rule
from ._lever import LeverKind


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Set the same effort on every indicator."""
    for k in range(L.MAX_INDICATORS):
        d[L.CHOICE_EFFORT + k, i] = x


KIND = LeverKind("H1", "effort", "Effort on outcomes", "honest", "decide", "world", 1.5, bend)
