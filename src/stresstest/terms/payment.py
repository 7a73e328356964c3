"""Payment: a price times a quantity.

Clause. The payer pays a price for each unit of a quantity: a fee for each head, a rate of a premium, a sum of money
once a year, or what a formula says.

    amount = price · of

`of` is 1 where it is not given, so that the price alone is a yearly sum. A price or a quantity below 0 turns the
direction of the money round. Nothing is rounded, capped or remembered.

Worked number: 20% of a premium of £1,000,000 is £200,000. Source of the shape: the simplest of all clauses.
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from .._jit import rule
from ._quantities import ONE
from ._term import QUANTITY, Field, TermKind, row_slots

FIELDS = (
    Field("price", "per unit", "price of one unit of the quantity, in the contract's currency", -1e12, 1e12),
    Field("of", QUANTITY, "quantity that is paid for; one: the price is the yearly sum", default=ONE),
)
PRICE, OF = row_slots(FIELDS)


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Price times quantity."""
    return row[PRICE] * d[int(row[OF]), i]


KIND = TermKind(name="payment", title="Price times quantity", fields=FIELDS, arm=arm, exposure=L.X_UPLIFT)
