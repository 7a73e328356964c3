"""L18 Harvesting noise.

Mechanism. Where gains pay more than losses cost, or caps and bands bend the share, chance variation alone earns money. The
provider steers definitions to those that vary more. Record: the part of acute spend that chance put there counts 1 + x times.

    Â += A · (exp(x · level) − 1)      level: the year's log deviation of acute activity by chance

Pay-off: the curvature of the share times the variance (TV06), nothing where it is a straight line. Harm: a transfer.
Detection: no breach. Fix: settle on the running total, in which chance evens out. Evidence: E16; noise of 2–4% a year is a
judgement (J-NOISE).
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, rule
from ..futures.elementary import exponential
from ._lever import Fix, LeverKind


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Let chance count for more in the recorded acute spend of future i."""
    more = exponential(x * s[L.S_ACUTE, i] * s[L.S_RUNNING, i]) - 1.0
    d[L.RECORD_ACUTE, i] += d[L.WORLD_ACUTE, i] * more


KIND = LeverKind(
    "L18", "noise_harvesting", "Definitions that vary more", "lawful", "record", "record", 2.0, bend,
    clauses=("gain_loss_share",),
    fixes=(Fix("settle the share on the running total of the years", (("gain_loss_share", "settlement", "cumulative"),)),),
    harmed="the commissioner",
    sign="the basket that is shared swings more than all hospital activity",
    sentence="Choose definitions of hospital cost that chance moves most, where gains pay more than losses cost.",
    evidence="E16",
)  # fmt: skip
