"""Marginal rate: the hospital is paid in full up to a baseline and at a lower rate for activity above it.

Clause. Activity is valued at full price. Up to the baseline the hospital is paid its value; above it only a share of
each further pound. The baseline is a stated sum or the year's expected spend. The clause moves only what differs from
the baseline, which is paid for outside this contract. Where the contract itself pays the hospital, it may move the whole
payment; all of it then counts as exposure beyond the agreed budget.

    payment = B + rate · (A − B) where A > B, else A;  beyond the baseline: payment − B, which is negative where A < B

The figure beyond is max(0, A − B), whatever the rate and whichever part is paid.

Worked number E13 (the English emergency marginal rate: 70% above the baseline; HFMA, February 2016).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from .._lanes import pick
from ._term import POUNDS, QUANTITY, SHARE, Field, Shown, TermKind, row_slots, show

BASELINES = ("stated", "expected")
PARTS = ("whole", "beyond_baseline")
FIELDS = (
    Field("baseline", POUNDS, "value of activity up to which the full price is paid (stated)", 0.0, 1e11, 0.0),
    Field("rate", SHARE, "share of the full price paid above the baseline", 0.0, 1.0),
    Field(
        "baseline_from", "choice", "a stated baseline, or the year's expected spend",
        choices=BASELINES, default="stated",
    ),
    Field(
        "pays", "choice", "the whole payment, or only what differs from the baseline",
        choices=PARTS, default="beyond_baseline",
    ),
    Field("activity", QUANTITY, "value of the year's activity at full price", default="acute_actual"),
    Field("expected", QUANTITY, "baseline, where it is the expected spend", default="acute_expected"),
)  # fmt: skip
(BASELINE, MARGINAL, FROM_EXPECTED, BEYOND, ACTIVITY, EXPECTED) = row_slots(FIELDS)


@rule
def marginal_payment(value: float, baseline: float, rate: float) -> float:
    """Payment for activity worth `value` at full price."""
    return pick(value > baseline, baseline + rate * (value - baseline), value)


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Payment to the hospital for the year."""
    baseline = d[int(row[EXPECTED]), i] if row[FROM_EXPECTED] == 1.0 else row[BASELINE]
    value = d[int(row[ACTIVITY]), i]
    show(row, d, i, 0, max(0.0, value - baseline))
    paid = marginal_payment(value, baseline, row[MARGINAL])
    return paid - baseline if row[BEYOND] == 1.0 else paid


def unread(values: dict[str, Any]) -> tuple[str, ...]:
    """The expected spend, where the baseline is a stated sum."""
    return ("expected",) if values["baseline_from"] == BASELINES[0] else ()


KIND = TermKind(
    name="marginal_rate",
    title="Marginal rate above a baseline",
    fields=FIELDS,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    payee="hospital",
    unread=unread,
    shows=(Shown("beyond", POUNDS, "value of activity above the baseline"),),
)
