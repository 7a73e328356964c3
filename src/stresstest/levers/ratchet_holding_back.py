"""L06 Holding back because targets are re-based.

Mechanism. Where targets follow the provider's own reports, doing well this year makes next year harder. A provider that
looks ahead works in one year and rests in the next: the saw-tooth. World: effort is cut in every second year.

    effort ← effort · (1 − x) in the second, fourth, sixth … year

Pay-off: saved effort and easier targets, against progress lost. Detection: practically none. Harm: improvement foregone.
Fix: publish the whole path at signature (rebase 0). Averaging over years does not cure it (TV19). Evidence: E15, E16.
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, rule
from ._lever import Fix, LeverKind


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Cut effort in odd years."""
    if t % 2 == 1:
        for k in range(L.MAX_INDICATORS):
            d[L.CHOICE_EFFORT + k, i] *= 1.0 - x


KIND = LeverKind(
    "L06", "ratchet_holding_back", "Holding back while targets are re-based", "lawful", "decide", "world", 1.0, bend,
    clauses=("improvement_payment",),
    fixes=(Fix("publish every year's targets at signature and do not re-base them", (("improvement_payment", "rebase", 0.0),)),),
    harmed="patients in the years of rest",
    sign="reported scores rise and fall in alternate years",
    sentence="Rest in every second year, so that re-based targets stay low.",
    evidence="E15, E16",
)  # fmt: skip
