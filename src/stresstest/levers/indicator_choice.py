"""L20 Steering weights to the easy indicators.

Mechanism. The provider knows which measures improve by themselves. Where the contract leaves weights open, to be settled in
dialogue and yearly review, it steers them there. Record: a share x of the open weights goes to the indicator that scores
best this year.

    score = (1 − x · open_weights) · mean score + x · open_weights · best score       (improvement_payment)

Pay-off: money at risk times the gap between best and mean score. Harm: pay for drift, and no push where it is hard.
Detection: lawful; a forecast of scores without effort would show it. Fix: settle every weight at signature. Evidence: E45,
and D-TARGETS for targets that are indicative after the first year.
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, rule
from ._lever import Fix, LeverKind


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Steer a share x of the open weights in future i."""
    d[L.RECORD_STEERED, i] += x * s[L.S_RUNNING, i]


KIND = LeverKind(
    "L20", "indicator_choice", "Weights steered to easy indicators", "lawful", "record", "record", 1.0, bend,
    clauses=("improvement_payment",),
    fixes=(Fix("settle every weight at signature", (("improvement_payment", "open_weights", 0.0),)),),
    harmed="patients whose outcomes are hard to improve",
    sign="weights move to the indicators that score well already",
    sentence="Have the weights that are still open put on what scores well anyway.",
    evidence="E45",
    moves=("record_steered",),
)  # fmt: skip
