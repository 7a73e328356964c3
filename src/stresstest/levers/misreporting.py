"""L08 False reports.

Mechanism. The provider counts its own successes, and pay follows the count. Record: every reported indicator lies x beyond
the truth, in units of the way from baseline to target. The audited value is what else was reported (exceptions, ghosts and
labels included), without the lie.

    report     x̂ = audited value + x · (target − baseline)
    false      false_share_per_unit · x of the records

Found out: what the lie brought is claimed back, with a fine and a fixed penalty. An audit of n records finds none with
(1 − false share)^n, so a small lie at a step passes most audits (TV14). Targets that follow reports follow the lie. Harm:
pay without improvement, and a wrong picture of safety. Fix: audit more records. Evidence: E8, E25, E26, E45; chances and
penalty are judgements (J-MISREPORTING, J-ENFORCED).
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, rule
from ._lever import Fix, LeverKind


@rule
def lied(value: float, lie: float, span: float) -> float:
    """A report that lies `lie` units of progress beyond the audited value; `span` is target less baseline."""
    return value + lie * span


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Report x units of progress too much in future i."""
    d[L.RECORD_FALSE, i] += x * s[L.S_RUNNING, i]


@rule
def overpaid(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """What the false report brought is known after an audit."""
    d[L.AUDIT_CLAIM, i] = d[L.PAID_SCORE_OVER, i]


KIND = LeverKind(
    "L08", "misreporting", "False reports", "false", "record", "record", 0.5, bend, overpaid,
    clauses=("improvement_payment",),
    fixes=(
        Fix("audit 1,000 records a year, which finds two false in a thousand with chance 0.86", audits={"misreporting": 1000.0}),
        Fix("pay in a straight line from floor to target, with no step", (("improvement_payment", "step_share", 0.0),)),
    ),
    harmed="the commissioner; patients whose safety is judged on the reports",
    sign="reports better than patients' own surveys, and crowded just beyond the targets",
    sentence="Report outcomes that are better than the truth.",
    evidence="E8, E25, E26, E45",
    moves=("record_false",),
    recovers=True,
)  # fmt: skip
