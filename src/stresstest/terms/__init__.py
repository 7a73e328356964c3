"""What a contract says, one clause per file. TERMS is the register: a new clause is one file and one name here."""

from __future__ import annotations

from . import (
    annual_payment,
    area_flows,
    cap_and_collar,
    gain_loss_share,
    improvement_payment,
    loss_cap,
    marginal_rate,
    prevention_floor,
    profit_cap,
    quality_scaled_share,
    shared_savings,
    stranded_cost,
    surplus_fee,
    vat_leak,
)  # fmt: skip
from ._term import Field, PackContext, TermKind, party

TERMS: tuple[TermKind, ...] = (
    annual_payment.KIND,
    improvement_payment.KIND,
    gain_loss_share.KIND,
    cap_and_collar.KIND,
    prevention_floor.KIND,
    shared_savings.KIND,
    quality_scaled_share.KIND,
    profit_cap.KIND,
    area_flows.KIND,
    surplus_fee.KIND,
    loss_cap.KIND,
    marginal_rate.KIND,
    vat_leak.KIND,
    stranded_cost.KIND,
)
TERM_NUMBER = {kind.name: number for number, kind in enumerate(TERMS)}

__all__ = ["TERMS", "TERM_NUMBER", "Field", "PackContext", "TermKind", "party"]
