"""Variants of a contract made in memory: a field changed, a number of the ending changed, a clause added."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.errors import ContractError
from stresstest.place import Quantity
from stresstest.wiring import Reference

pytestmark = pytest.mark.unit

FEE = {
    "id": "fee",
    "kind": "payment",
    "payer": "provider",
    "payee": "commissioner",
    "fields": {"price": 2.0, "of": "list"},
}


def test_a_number_of_the_ending_is_changed(dudley):
    """The ending has the new number and the rest of the contract is as it was; an unknown name is refused with the nearest."""
    contract = dudley.study.contract
    changed = contract.with_change("ending", "exit_fee", 2e7)
    assert changed.ending["exit_fee"].value == 2e7
    assert contract.ending["exit_fee"].value == 0.0
    assert changed.terms == contract.terms
    with pytest.raises(ContractError) as caught:
        contract.with_change("ending", "exit_free", 1.0)
    assert caught.value.nearest == "exit_fee"


def test_a_clause_is_added_behind_the_others(dudley, honest):
    """It pays what it says, in a run, with its defaults for what is not given."""
    contract = dudley.study.contract.with_clause(FEE)
    assert [term.id for term in contract.terms][:-1] == [term.id for term in dudley.study.contract.terms]
    years = dudley.with_contract(contract).years(honest, n=4)
    np.testing.assert_allclose(years["fee"], 2.0 * years["record_list"] * years["running"])


def test_a_clause_may_name_quantities_for_numbers_and_leave_fields_out(dudley):
    """A name in place of a number is a reference, rows are read column by column, the rest are the clause's defaults."""
    contract = dudley.study.contract.with_clause({
        "id": "cut", "kind": "deductions", "fields": {"points": "quality_cut", "price": "agreed_budget"},
    })  # fmt: skip
    term = contract.terms[-1]
    assert term.values["price"] == Reference("agreed_budget")
    assert isinstance(term.values["free"], Quantity)
    assert (term.payer, term.payee) == ("provider", "commissioner")
    tiers = [{"from": 0.0, "to": 0.1, "share": 0.5}]
    share = {
        "share_gain": 0.5,
        "share_loss": 0.5,
        "dead_band": 0.0,
        "band": "net",
        "gain_cap": 1.0,
        "loss_cap": 1.0,
        "settlement": "annual",
    }
    rows = (
        contract.with_clause({"id": "more", "kind": "gain_loss_share", "fields": {**share, "tiers": tiers}})
        .terms[-1]
        .at(0)["tiers"]
    )
    assert rows == tiers


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"id": "annual_payment"}, "id"), ({"kind": "paymant"}, "kind"), ({"payer": "nobody"}, "payer"),
        ({"fields": {"prise": 1.0}}, "fields"), ({"fields": {"of": "list"}}, "price"),
        ({"fields": {"price": 1.0, "of": "lists"}}, "of"),
    ],
)  # fmt: skip
def test_a_clause_that_cannot_stand_is_refused(dudley, change, key):
    """A taken id, unknown names and a missing entry are named."""
    with pytest.raises(ContractError) as caught:
        dudley.study.contract.with_clause({**FEE, **change})
    assert caught.value.key == key
