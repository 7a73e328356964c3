"""Area flows: the provider pays for residents treated elsewhere and is paid for others who come to it.

Clause. Care that residents seek outside the area is charged to the provider at a share of its average cost, usually
the whole. Care given to people from outside is paid for at another share, usually less.

    amount = inflow_price · inflow − outflow_price · outflow

Both flows are yearly sums at average cost. A positive amount goes from the payer to the payee, whichever parties the
contract names: the payee is charged for those who leave it and paid for those who come.

Worked number E8 (Alzira: leavers charged at 100% and joiners paid at 80% of average cost; WISH catalogue).
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from .._jit import rule
from ._term import POUNDS, SHARE, Field, Shown, TermKind, row_slots, show

FIELDS = (
    Field("outflow", POUNDS, "care of residents given elsewhere, at average cost", 0.0, 1e10),
    Field("inflow", POUNDS, "care given to people from elsewhere, at average cost", 0.0, 1e10),
    Field("outflow_price", SHARE, "share of average cost that the provider is charged", 0.0, 2.0, 1.0),
    Field("inflow_price", SHARE, "share of average cost that the provider is paid", 0.0, 2.0, 0.8),
)
(OUTFLOW, INFLOW, OUTFLOW_PRICE, INFLOW_PRICE) = row_slots(FIELDS)
SHOWS = (
    Shown("out_charge", POUNDS, "charge for residents treated elsewhere"),
    Shown("in_payment", POUNDS, "payment for people from elsewhere"),
)


@rule
def net_flow(outflow: float, inflow: float, outflow_price: float, inflow_price: float) -> float:
    """What the provider receives for joiners less what it is charged for leavers (£)."""
    return inflow_price * inflow - outflow_price * outflow


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Net payment for flows of the year."""
    show(row, d, i, 0, row[OUTFLOW_PRICE] * row[OUTFLOW])
    show(row, d, i, 1, row[INFLOW_PRICE] * row[INFLOW])
    return net_flow(row[OUTFLOW], row[INFLOW], row[OUTFLOW_PRICE], row[INFLOW_PRICE])


KIND = TermKind(
    name="area_flows",
    title="Flows over the area's border",
    fields=FIELDS,
    arm=arm,
    exposure=L.X_UPLIFT,
    shows=SHOWS,
)
