"""Settling arrays: which numbers a clause gets, from where, and what comes back."""

from __future__ import annotations

import numpy as np
import pytest
from settled_tables import PAY, TOTAL, contract_of, input_of

from stresstest.errors import DataError
from stresstest.settlement.engine import Given, indicator_numbers, remembering, settle, with_columns

pytestmark = pytest.mark.unit


def table(year=(0,), case=None, **columns):
    """A table of arrays; without cases all rows are one."""
    cases = np.zeros(len(year), int) if case is None else np.array(case)
    return Given(cases, np.array(year), {name.replace("__", "."): np.array(v, float) for name, v in columns.items()})


def amounts(contract, given, name="pay"):
    """What a clause pays in each row."""
    return settle(contract, given).amounts[name].tolist()


def test_a_row_gets_the_numbers_of_its_own_year():
    """Each row is settled with the numbers of its contract year, wherever it stands in the table."""
    assert amounts(contract_of(PAY), table((0, 1, 2), x=[1, 1, 1])) == [2.0, 3.0, 4.0]
    assert amounts(contract_of(PAY), table((2, 0, 1), x=[1, 1, 1])) == [4.0, 2.0, 3.0]


@pytest.mark.parametrize("years", [(2,), (1, 2), (0, 2), (2, 0)])
def test_a_case_may_leave_out_years_where_nothing_is_remembered(years):
    """A case with some of the years has the numbers of those years."""
    assert amounts(contract_of(PAY), table(years, x=[1.0] * len(years))) == [(2.0, 3.0, 4.0)[year] for year in years]


def test_a_case_that_begins_late_has_nothing_to_remember():
    """A case remembers from the first of its years on; the reader of tables refuses it where a clause remembers."""
    given = table((1, 2), x=[5.0, 6.0])
    assert settle(contract_of(PAY, TOTAL), given).figures["total"].tolist() == [5.0, 11.0]
    assert amounts(contract_of(PAY, TOTAL), given) == [15.0, 24.0]


def test_each_case_has_a_memory_of_its_own():
    """Cases that lie mixed in a table remember only their own years."""
    given = table((0, 0, 1, 1, 0), (0, 1, 0, 1, 2), x=[1, 10, 2, 20, 5])
    assert settle(contract_of(TOTAL), given).figures["total"].tolist() == [1.0, 10.0, 3.0, 30.0, 5.0]


def test_cases_may_be_of_any_length():
    """Cases that end earlier stand beside those that go on."""
    given = table((0, 0, 1, 0, 1, 2), (0, 1, 1, 2, 2, 2), x=[1, 1, 1, 1, 1, 1])
    assert settle(contract_of(TOTAL), given).figures["total"].tolist() == [1.0, 1.0, 2.0, 1.0, 2.0, 3.0]


def test_a_missing_column_names_the_clause_that_reads_it():
    """Arrays without a column that a clause reads are refused with both names."""
    with pytest.raises(DataError, match="pay") as caught:
        settle(contract_of(PAY), table((0,)))
    assert caught.value.key == "x"


def test_defaults_and_quantities_that_equal_another_stand_in():
    """An input with a default, and the audited list, may be left out."""
    contract = contract_of(PAY, inputs=(input_of("x", default=5.0),))
    assert amounts(contract, table((0, 1))) == [10.0, 15.0]
    price = {
        "kind": "annual_payment",
        "opening_price": 100.0,
        "form": "fixed",
        "list_pass_through": 1.0,
        "list_tolerance": 0.0,
    }
    contract = contract_of(price)
    assert amounts(contract, table(list=[110.0], list_at_start=[100.0]), "annual_payment") == pytest.approx([110.0])
    tighter = table(list=[110.0], list_at_start=[100.0], list_audited=[105.0])
    assert amounts(contract, tighter, "annual_payment") == pytest.approx([105.0])


def test_a_column_of_an_entry_takes_its_place():
    """A column CLAUSE.FIELD gives the clause's number in each row; a choice by its number."""
    contract = contract_of(PAY)
    assert amounts(contract, table((0, 1), x=[1, 1], pay__price=[7.0, -1.0])) == [7.0, -1.0]
    assert "pay.price" in str(with_columns(contract, ["x", "pay.price"]).terms[0].values["price"])
    assert (
        with_columns(contract, ["x", "pay.of", "other.price"]).terms[0].values["price"]
        == contract.terms[0].values["price"]
    )


def test_income_before_the_contract_counts():
    """Income from outside the contract is where the provider's balance begins, and is 0 where it is left out."""
    contract = contract_of(PAY, {"id": "balance", "kind": "formula", "value": "income + net.hospital"})
    assert settle(contract, table(x=[1.0], income=[100.0])).figures["balance"].tolist() == [102.0]
    assert settle(contract, table(x=[1.0])).figures["balance"].tolist() == [2.0]


def test_balances_begin_anew_each_year():
    """What a party has received counts from the start of the year."""
    contract = contract_of(PAY, {"id": "got", "kind": "formula", "value": "received.provider - net.commissioner"})
    assert settle(contract, table((0, 1), x=[1, 1])).figures["got"].tolist() == [4.0, 6.0]


def test_everything_is_handed_back():
    """Amounts of clauses that move money, values of figures, what clauses show, and the balance of each party at work."""
    contract = contract_of(PAY, TOTAL, {"kind": "vat_leak", "affected_share": 0.5, "spend": "x"})
    got = settle(contract, table(x=[10.0]))
    assert set(got.amounts) == {"pay", "vat_leak"}
    assert {"total", "vat_leak.affected"} == set(got.figures)
    assert {name: values.tolist() for name, values in got.net.items()} == {
        "commissioner": [-20.0], "provider": [19.0], "taxpayer": [1.0],
    }  # fmt: skip


def test_the_table_is_left_as_it_was():
    """Settling changes no array that was given."""
    given = table((1, 0), x=[1.0, 2.0])
    before = {name: values.copy() for name, values in given.columns.items()}
    settle(contract_of(PAY, TOTAL), given)
    assert set(given.columns) == {"x"}
    np.testing.assert_array_equal(given.columns["x"], before["x"])
    assert given.year.tolist() == [1, 0]


def test_a_contract_that_reads_nothing_settles():
    """A contract whose clauses read no column needs none."""
    contract = contract_of({"id": "fee", "kind": "payment", "price": [1.0, 2.0]}, inputs=())
    assert amounts(contract, table((0, 1, 2)), "fee") == [1.0, 2.0, 2.0]


def test_what_a_contract_remembers_and_names():
    """The first clause that remembers is named; indicators are numbered as the contract names them."""
    assert (remembering(contract_of(PAY)), remembering(contract_of(PAY, TOTAL))) == ("", "total")
    formula = {"id": "sum", "kind": "formula", "value": "x"}
    assert remembering(contract_of(formula)) == ""
    rows = [{"name": name, "weight": 0.5, "floor": 0.0, "target": 1.0} for name in ("late", "early")]
    scored = contract_of(
        {"kind": "improvement_payment", "at_risk": 0.1, "style": "additional", "payment": "x", "indicators": rows}
    )
    assert indicator_numbers(scored) == {"late": 0, "early": 1}
