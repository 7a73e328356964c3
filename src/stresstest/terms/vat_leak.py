"""VAT leak: tax on bought-in services that the provider's legal form cannot recover.

Clause. An NHS body recovers the tax on many services that it buys; another legal form may not. What it cannot recover
is a cost that the price did not hold, paid to the taxpayer at large.

    amount = spend · affected share · VAT rate

The spend is the provider's reported cost where nothing else is said.

Worked number E15. Source of the fault: UnitingCare's partnership form stopped its sub-contractors' recovery (NAO and
PAC HC633, 2016); the amount of £5m to £6m a year is recalled.
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from .._jit import rule
from ._term import POUNDS, QUANTITY, SHARE, Field, Shown, TermKind, row_slots, show

FIELDS = (
    Field("affected_share", SHARE, "share of reported cost on which tax is not recovered", 0.0, 1.0),
    Field("vat_rate", SHARE, "rate of tax", 0.0, 0.5, 0.2),
    Field("spend", QUANTITY, "what the affected share is a share of", default="reported_cost"),
)
(AFFECTED, VAT_RATE, SPEND) = row_slots(FIELDS)


@rule
def unrecovered(spend: float, affected: float, vat_rate: float) -> float:
    """Tax on the affected share of a spend (£)."""
    return spend * affected * vat_rate


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Tax that the provider cannot recover this year."""
    spend = d[int(row[SPEND]), i]
    show(row, d, i, 0, spend * row[AFFECTED])
    return unrecovered(spend, row[AFFECTED], row[VAT_RATE])


KIND = TermKind(
    name="vat_leak",
    title="Tax that cannot be recovered",
    fields=FIELDS,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    payer="provider",
    payee="taxpayer",
    shows=(Shown("affected", POUNDS, "spend on which tax is not recovered"),),
)
