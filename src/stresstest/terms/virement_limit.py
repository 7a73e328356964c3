"""Virement limit: money that was moved out of a service beyond what is allowed is paid back.

Clause. The provider may move money out of a service's budget, or into it, up to a share of that budget. What it moves beyond
that without consent it pays back, with a penalty where one is agreed.

    allowed = max(0, limit · base);   excess = max(0, |moved| − allowed)
    consent of at least 1: excess = 0
    amount = −(1 + penalty) · excess

Both directions count. Exactly the allowed sum is no excess. Consent below 1, such as one half, is no consent. Each year
stands alone. The figure `excess` is shown in every year, after consent and before the penalty. Source of the shape: virement
rules of pooled budgets under section 75 of the National Health Service Act 2006 (recalled).
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from .._jit import rule
from ._term import POUNDS, QUANTITY, SHARE, Field, Shown, TermKind, row_slots, show

FIELDS = (
    Field("moved", QUANTITY, "money moved out of the service this year; into it: negative"),
    Field("base", QUANTITY, "budget of that service"),
    Field("limit", SHARE, "share of the budget that may be moved", 0.0, 1.0),
    Field("consent", "0 or 1", "1: the council has agreed, and there is no limit", 0.0, 1.0, 0.0),
    Field("penalty", SHARE, "paid on top, as a share of the excess", 0.0, 10.0, 0.0),
)
(MOVED, BASE, LIMIT, CONSENT, PENALTY) = row_slots(FIELDS)


@rule
def excess_moved(moved: float, base: float, limit: float, consent: float) -> float:
    """Money moved beyond what is allowed (£); none with consent."""
    if consent >= 1.0:
        return 0.0
    return max(0.0, abs(moved) - max(0.0, limit * base))


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """What the provider pays back, as a negative amount."""
    excess = excess_moved(d[int(row[MOVED]), i], d[int(row[BASE]), i], row[LIMIT], row[CONSENT])
    show(row, d, i, 0, excess)
    return 0.0 - (1.0 + row[PENALTY]) * excess


KIND = TermKind(
    name="virement_limit",
    title="Limit on moving money between services",
    fields=FIELDS,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    shows=(Shown("excess", POUNDS, "moved beyond the limit without consent"),),
)
