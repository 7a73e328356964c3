"""H1 Effort: honest work on the outcomes that the contract names.

World. Effort e on every indicator costs cost_share · e² of the agreed budget and moves progress by power · e a year
(drivers/quality.py); it also brings the part of the cut in acute activity that does not come by itself.
"""

from __future__ import annotations

from .. import layout as L
from .._jit import rule
from ._lever import LeverKind


@rule
def bend(x, t, row, goal, edge, d, s, p, i):  # type: ignore[no-untyped-def]
    """Set the same effort on every indicator."""
    for k in range(L.MAX_INDICATORS):
        d[L.CHOICE_EFFORT + k, i] = x


KIND = LeverKind("H1", "effort", "Effort on outcomes", "honest", "decide", "world", 1.5, bend)
