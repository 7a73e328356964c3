"""Shared savings: the provider keeps part of what care costs below a benchmark, and may owe part of any excess.

Clause. The year's recorded spend A is set against a benchmark E. A saving counts in full, from the first pound, once
it reaches the minimum savings rate; a loss counts in full once it reaches the minimum loss rate. The provider's share
of a saving is the highest share times the quality score. Its share of a loss is nothing, a fixed rate, or one less
its share of savings, held between a floor and a ceiling. A quality score at or below the gate earns no share of a
saving, and so loses at the ceiling. A haircut (sequestration) may be taken off a saving before or after its cap. A
loss is capped at a share of the benchmark or of the annual payment, whichever is lower.

    final  = max_share · q, or 0 where q ≤ gate;  g = E − A
    gain   g ≥ msr · E: min(final · g, gain_cap · E), with (1 − haircut) inside or outside the minimum
    loss   −g ≥ mlr · E: −min(rate · (−g), loss_cap_benchmark · E, loss_cap_revenue · P)
    rate   none: 0;  fixed: loss_rate;  one_minus_final: clip(1 − final, floor, ceiling)

A cap of 1e9 is not used: no share reaches it. Worked number E6, and fifteen published rows of the Medicare Shared
Savings Program (performance years 2016 and 2020; CMS public use files). Source of the shape: 42 CFR 425.605 and
425.610; its caps and rates there change from year to year.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from ..futures.marginals import clip
from ._term import SHARE, Field, PackContext, TermKind, choice

LOSS_FORMS = ("none", "fixed", "one_minus_final")
HAIRCUT_ORDERS = ("before_cap", "after_cap")
NOT_USED = 1e9
(MAX_SHARE, MSR, MLR, LOSS_FORM, LOSS_RATE, LOSS_FLOOR, LOSS_CEILING) = range(2, 9)
(GAIN_CAP, LOSS_CAP, LOSS_CAP_REVENUE, GATE, HAIRCUT, HAIRCUT_AFTER) = range(9, 15)


@rule
def final_share(max_share: float, quality: float, gate: float) -> float:
    """The provider's share of a saving: the highest share times quality, or nothing at or below the gate."""
    return 0.0 if quality <= gate else max_share * quality


@rule
def loss_rate(form: float, fixed: float, final: float, floor: float, ceiling: float) -> float:
    """The provider's share of a loss in the form agreed (see LOSS_FORMS)."""
    if form == 0.0:
        return 0.0
    return fixed if form == 1.0 else clip(1.0 - final, floor, ceiling)


@rule
def saving_due(saving: float, final: float, most: float, haircut: float, haircut_after: float) -> float:
    """What the provider receives of a saving, at most `most` pounds, less the haircut before or after that cap."""
    if haircut_after == 1.0:
        return min(final * saving, most) * (1.0 - haircut)
    return min(final * saving * (1.0 - haircut), most)


@rule
def loss_limit(benchmark: float, revenue: float, of_benchmark: float, of_revenue: float) -> float:
    """Most that the provider owes (£): the lower of the two caps; a share of 1e9 is not used, whatever the revenue."""
    most = of_benchmark * benchmark
    return most if of_revenue >= NOT_USED else min(most, of_revenue * revenue)


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Shared saving (+) or loss (−) of the year."""
    benchmark = d[L.RECORD_ACUTE_EXPECTED, i]
    gap = benchmark - d[L.RECORD_ACUTE, i]
    final = final_share(row[MAX_SHARE], d[L.PAID_SCORE, i], row[GATE])
    if gap > 0.0 and gap >= row[MSR] * benchmark:
        return saving_due(gap, final, row[GAIN_CAP] * benchmark, row[HAIRCUT], row[HAIRCUT_AFTER])
    if gap < 0.0 and -gap >= row[MLR] * benchmark:
        rate = loss_rate(row[LOSS_FORM], row[LOSS_RATE], final, row[LOSS_FLOOR], row[LOSS_CEILING])
        return -min(-rate * gap, loss_limit(benchmark, d[L.PAID_ANNUAL, i], row[LOSS_CAP], row[LOSS_CAP_REVENUE]))
    return 0.0


def pack(values: dict[str, Any], context: PackContext) -> list[float]:
    """Row numbers in the order of the slots above."""
    return [
        values["max_share"], values["msr"], values["mlr"], choice(LOSS_FORMS, values["loss_form"]),
        values["loss_rate"], values["loss_rate_floor"], values["loss_rate_ceiling"], values["gain_cap_benchmark"],
        values["loss_cap_benchmark"], values["loss_cap_revenue"], values["quality_gate"], values["haircut"],
        choice(HAIRCUT_ORDERS, values["haircut_order"]),
    ]  # fmt: skip


def check(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Findings as (key, sentence): the floor of the loss rate must not lie above its ceiling."""
    if values["loss_rate_floor"] > values["loss_rate_ceiling"]:
        return [("loss_rate_floor", "the floor of the loss rate lies above its ceiling")]
    return []


KIND = TermKind(
    name="shared_savings",
    title="Shared savings",
    fields=(
        Field("max_share", SHARE, "provider's share of a saving at full quality", 0.0, 1.0),
        Field("msr", SHARE, "least saving that counts (MSR), as a share of benchmark", 0.0, 0.5, 0.0),
        Field("mlr", SHARE, "least loss that counts (MLR), as a share of benchmark", 0.0, 0.5, 0.0),
        Field("loss_form", "choice", "how the provider's share of a loss is set", choices=LOSS_FORMS),
        Field("loss_rate", SHARE, "provider's share of a loss (fixed)", 0.0, 1.0, 0.0),
        Field("loss_rate_floor", SHARE, "least share of a loss (one_minus_final)", 0.0, 1.0, 0.0),
        Field("loss_rate_ceiling", SHARE, "most share of a loss (one_minus_final)", 0.0, 1.0, 1.0),
        Field(
            "gain_cap_benchmark", SHARE, "most received, as a share of benchmark; 1e9 = not used",
            0.0, NOT_USED, NOT_USED,
        ),
        Field(
            "loss_cap_benchmark", SHARE, "most owed, as a share of benchmark; 1e9 = not used",
            0.0, NOT_USED, NOT_USED,
        ),
        Field(
            "loss_cap_revenue", SHARE, "most owed, as a share of the annual payment; 1e9 = not used",
            0.0, NOT_USED, NOT_USED,
        ),
        Field("quality_gate", SHARE, "a quality score at or below this earns no share of a saving", 0.0, 1.0, 0.0),
        Field("haircut", SHARE, "part of a saving that is withheld (sequestration)", 0.0, 1.0, 0.0),
        Field(
            "haircut_order", "choice", "take the haircut before or after the cap",
            choices=HAIRCUT_ORDERS, default="before_cap",
        ),
    ),
    pack=pack,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    check=check,
    needs=("improvement_payment",),
)  # fmt: skip
