"""Marginal rate: the hospital is paid in full up to a baseline and at a lower rate for activity above it.

Clause. Activity is valued at full price. Up to the baseline the hospital is paid its value; above it only a share of
each further pound. The baseline is a stated sum or the year's expected spend. The clause moves only what differs from
the baseline, which is paid for outside this contract. Where the contract itself pays the hospital, it may move the whole
payment; all of it then counts as exposure beyond the agreed budget.

    payment = B + rate · (A − B) where A > B, else A;  beyond the baseline: payment − B

Worked number E13 (the English emergency marginal rate: 70% above the baseline; HFMA, February 2016).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from ._term import POUNDS, SHARE, Field, PackContext, TermKind, choice

BASELINES = ("stated", "expected")
PARTS = ("whole", "beyond_baseline")
(BASELINE, MARGINAL, FROM_EXPECTED, BEYOND) = range(2, 6)


@rule
def marginal_payment(value: float, baseline: float, rate: float) -> float:
    """Payment for activity worth `value` at full price."""
    return baseline + rate * (value - baseline) if value > baseline else value


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Payment to the hospital for the year."""
    baseline = d[L.RECORD_ACUTE_EXPECTED, i] if row[FROM_EXPECTED] == 1.0 else row[BASELINE]
    paid = marginal_payment(d[L.RECORD_ACUTE, i], baseline, row[MARGINAL])
    return paid - baseline if row[BEYOND] == 1.0 else paid


def pack(values: dict[str, Any], context: PackContext) -> list[float]:
    """Row numbers in the order of the slots above."""
    return [
        values["baseline"], values["rate"], choice(BASELINES, values["baseline_from"]), choice(PARTS, values["pays"]),
    ]  # fmt: skip


KIND = TermKind(
    name="marginal_rate",
    title="Marginal rate above a baseline",
    fields=(
        Field("baseline", POUNDS, "value of activity up to which the full price is paid (stated)", 0.0, 1e11, 0.0),
        Field("rate", SHARE, "share of the full price paid above the baseline", 0.0, 1.0),
        Field(
            "baseline_from",
            "choice",
            "a stated baseline, or the year's expected spend",
            choices=BASELINES,
            default="stated",
        ),
        Field(
            "pays",
            "choice",
            "the whole payment, or only what differs from the baseline",
            choices=PARTS,
            default="beyond_baseline",
        ),
    ),
    pack=pack,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    payee="hospital",
)
