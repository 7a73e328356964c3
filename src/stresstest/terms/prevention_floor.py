"""Prevention floor: money for prevention that is not spent on it is paid back.

Clause. The provider spends at least a stated share of the agreed budget on prevention every year. What it reports below
that floor it pays back to the commissioner.

    amount = −max(0, floor · agreed budget − reported prevention spending)

A floor of 0 is a clause that was left blank: it moves no money, and a variant can fill it in. It answers the lever L13.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from ._term import SHARE, Field, PackContext, TermKind

FLOOR = 2


@rule
def paid_back(floor: float, agreed: float, spent: float) -> float:
    """What is not spent below the floor, as a negative amount to the provider (£)."""
    return -max(0.0, floor * agreed - spent)


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Claw-back of the year."""
    return paid_back(row[FLOOR], d[L.RECORD_AGREED, i], d[L.RECORD_PREVENTION, i])


def pack(values: dict[str, Any], context: PackContext) -> list[float]:
    """Row numbers: the floor."""
    return [values["floor"]]


KIND = TermKind(
    name="prevention_floor",
    title="Prevention floor",
    fields=(Field("floor", SHARE, "least share of the agreed budget spent on prevention", 0.0, 1.0),),
    pack=pack,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    needs=("annual_payment",),
)
