"""Swing premium: a premium that follows the losses, between a lowest and a highest rate.

Clause. The premium of the year is its losses times a load, not less than the minimum rate and not more than the maximum
rate of the subject premium. What was paid as a deposit comes off; where the deposit was the larger, the difference flows
back.

    subject' = max(0, subject);  indicated = losses · load
    premium = min(max(indicated, minimum · subject'), maximum · subject')
    amount = premium − deposit · subject'

Where a quantity puts the minimum above the maximum, the maximum holds. Losses below 0 pay the minimum. A subject premium
of 0 or less pays nothing. Nothing is remembered: each year is settled on its own losses.

Shown: indicated, premium (before the deposit).

Worked number: load 1.25, minimum 15%, maximum 30%, deposit 20% of a subject premium of 20,000,000; losses of 4,000,000
indicate 5,000,000, so 1,000,000 is still to pay. Source of the shape: the swing plan in D. R. Clark, Basics of
Reinsurance Pricing (Casualty Actuarial Society, 2014).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from ._term import POUNDS, QUANTITY, Field, Shown, TermKind, row_slots, show

OF_SUBJECT = "share of subject premium"
FIELDS = (
    Field("losses", QUANTITY, "losses that the premium follows"),
    Field("subject", QUANTITY, "subject premium, of which the rates below are shares"),
    Field("load", "multiple", "what the losses are multiplied by", 0.0, 10.0),
    Field("minimum", OF_SUBJECT, "lowest premium", 0.0, 3.0, default=0.0),
    Field("maximum", OF_SUBJECT, "highest premium", 0.0, 3.0),
    Field("deposit", OF_SUBJECT, "premium already paid", 0.0, 3.0, default=0.0),
)
LOSSES, SUBJECT, LOAD, MINIMUM, MAXIMUM, DEPOSIT = row_slots(FIELDS)


@rule
def swing(indicated: float, lowest: float, highest: float) -> float:
    """The indicated premium, not below the lowest; the highest holds in any case."""
    return min(max(indicated, lowest), highest)


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """The year's premium less the deposit."""
    subject = max(d[int(row[SUBJECT]), i], 0.0)
    indicated = d[int(row[LOSSES]), i] * row[LOAD]
    premium = swing(indicated, row[MINIMUM] * subject, row[MAXIMUM] * subject)
    show(row, d, i, 0, indicated)
    show(row, d, i, 1, premium)
    return premium - row[DEPOSIT] * subject


def check(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Findings as (key, sentence): a lowest premium above the highest."""
    low, high = values["minimum"], values["maximum"]
    return [("minimum", f"the minimum {low:g} lies above the maximum {high:g}")] if low > high else []


KIND = TermKind(
    name="swing_premium",
    title="Loss-rated premium",
    fields=FIELDS,
    arm=arm,
    exposure=L.X_UPLIFT,
    payer="provider",
    payee="commissioner",
    check=check,
    shows=(
        Shown("indicated", POUNDS, "losses times load"),
        Shown("premium", POUNDS, "premium of the year, before the deposit"),
    ),
)
