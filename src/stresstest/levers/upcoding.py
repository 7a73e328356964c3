"""L03 Up-coding of need.

Mechanism. Where the budget follows recorded need, every further code is revenue. Case-finding, over-diagnosis, drift and
false codes shade into one another, which is why audits recover little.

    recorded need  R̂ = R · (1 + x)
    cost           ½ · coding_cost · x², rising with the overstatement (£)

Found out: what was overpaid on need is claimed back, with the fine. Fix: a symmetric cap on recorded need (coding_cap
0.03 as in ACO REACH; 0 pays no recorded need at all). Evidence: E10, E11, E23 (6–16% in Medicare Advantage; net value
near zero in English HRG audits: a wide prior).
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, rule
from ..terms import Field
from ._lever import ROW_OWN, Fix, LeverKind


@rule
def coding_cost(x: float, scale: float) -> float:
    """Cost of overstating need by x: ½ · k · x²."""
    return 0.5 * scale * x * x


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Overstate recorded need in future i."""
    x = x * s[L.S_RUNNING, i]
    d[L.RECORD_NEED, i] *= 1.0 + x
    d[L.WORLD_GAMING_COST, i] += coding_cost(x, row[ROW_OWN])


@rule
def overpaid(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """What was paid on overstated need is known after an audit."""
    d[L.AUDIT_CLAIM, i] = d[L.PAID_NEED_OVER, i]


KIND = LeverKind(
    "L03", "upcoding", "Up-coding of need", "grey", "record", "record", 0.16, bend, overpaid,
    fields=(Field("coding_cost", "GBP", "k in ½·k·x², the yearly cost of overstating need by x", 0.0, 1e12),),
    clauses=("annual_payment",),
    fixes=(
        Fix("cap recorded need at 3% either side of the expected", (("annual_payment", "coding_cap", 0.03),)),
        Fix("pay for age and sex only, not for recorded need", (("annual_payment", "need_pass_through", 0.0),)),
    ),
    harmed="other areas and years; patients given a label they do not need",
    sign="recorded prevalence runs ahead of prescribing and of similar places",
    sentence="Record more need than there is, where the budget follows recorded need.",
    evidence="E10, E11, E23",
    moves=("world_gaming_cost",),
    recovers=True,
)  # fmt: skip
