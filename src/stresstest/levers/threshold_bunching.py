"""L05 Effort only near a step.

Mechanism. Where part of an indicator's weight is paid only on reaching its target, effort pays most just below the
target and nothing where the target is out of reach or already passed. World: effort leaves the indicators that are far
from their step and gathers on those within reach; effort no longer needed is saved.

    near_k   = 1 where progress at the end of last year lies below this year's target by no more than `reach`
    effort_k ← effort_k · [(1 − x) + x · near_k]

Harm: improvement foregone away from the step. Detection: a bunching test shows it, and nothing is claimed back.
Fix: pay in a straight line (step_share 0). Evidence: E6, E7, E20 (A&E four-hour rule; Scottish thresholds).
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, rule
from .._lanes import pick
from ..terms import Field
from ._lever import ROW_OWN, Fix, LeverKind


@rule
def within_reach(progress: float, goal: float, reach: float) -> bool:
    """Whether the step lies ahead, and near enough for one year's effort; never where the goal is NaN (nothing is paid)."""
    return (progress < goal) & (goal - progress <= reach)


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Gather effort on the indicators whose step is near; goal[k] is in units of progress."""
    for k in range(goal.size):
        near = within_reach(s[L.S_PROGRESS + k, i], goal[k], row[ROW_OWN])
        d[L.CHOICE_EFFORT + k, i] *= pick(near, 1.0, 1.0 - x)


KIND = LeverKind(
    "L05", "threshold_bunching", "Effort only near a step", "lawful", "decide", "world", 1.0, bend,
    fields=(Field("reach", "progress", "distance to the target that one year's effort can cover", 0.0, 5.0),),
    clauses=("improvement_payment",),
    fixes=(Fix("pay in a straight line from floor to target, with no step", (("improvement_payment", "step_share", 0.0),)),),
    harmed="patients whose indicators lie far from a target",
    sign="reported values gather just beyond the targets",
    sentence="Work only on outcomes whose target is within reach this year, and save the effort elsewhere.",
    evidence="E6, E7, E20",
)  # fmt: skip
