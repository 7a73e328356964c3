"""H2 Prevention: honest spending now that lowers the cost of care later.

World. At level x the provider spends x · cost_share of the agreed budget; each pound saves `yearly_return` a year from
`lag` years on, for `lasting` years (drivers/demand.py), and adds health.
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, rule
from ._lever import LeverKind


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Set the level of prevention."""
    d[L.CHOICE_PREVENTION, i] = x


KIND = LeverKind("H2", "prevention", "Prevention", "honest", "decide", "world", 2.0, bend)
