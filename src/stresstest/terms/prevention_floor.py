"""Prevention floor: money for prevention that is not spent on it is paid back.

Clause. The provider spends at least a stated share of the agreed budget on prevention every year. What it reports below
that floor it pays back to the commissioner.

    amount = −max(0, floor · agreed budget − max(0, reported prevention spending))

Spending of exactly the floor pays nothing back. A floor of 0 is a clause that was left blank: it moves no money, and a
variant can fill it in. It answers the lever L13.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from ._term import POUNDS, QUANTITY, SHARE, Field, Shown, TermKind, row_slots, show

FIELDS = (
    Field("floor", SHARE, "least share of the agreed budget spent on prevention", 0.0, 1.0),
    Field("budget", QUANTITY, "what the floor is a share of", default="agreed_budget"),
    Field("spend", QUANTITY, "what was spent on prevention", default="prevention_spend"),
)
(FLOOR, BUDGET, SPEND) = row_slots(FIELDS)


@rule
def paid_back(floor: float, agreed: float, spent: float) -> float:
    """What is not spent below the floor, as a negative amount to the provider (£)."""
    return -max(0.0, floor * agreed - max(0.0, spent))


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Claw-back of the year."""
    agreed = d[int(row[BUDGET]), i]
    show(row, d, i, 0, row[FLOOR] * agreed)
    return paid_back(row[FLOOR], agreed, d[int(row[SPEND]), i])


def unread(values: dict[str, Any]) -> tuple[str, ...]:
    """Budget and spending, where the floor was left blank."""
    return ("budget", "spend") if values["floor"] == 0.0 else ()


KIND = TermKind(
    name="prevention_floor",
    title="Prevention floor",
    fields=FIELDS,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    unread=unread,
    shows=(Shown("required", POUNDS, "spending on prevention at which nothing is paid back"),),
)
