"""What a contract says about its table: the columns that it asks for, and those that it gives."""

from __future__ import annotations

import pytest
from settled_tables import PAY, TOTAL, contract_of, input_of, rows_of, settled

from stresstest.settlement.columns import asked_columns, columns_as_text, given_columns, override_fields, template

pytestmark = pytest.mark.unit

SCORED = contract_of(
    {"kind": "improvement_payment", "at_risk": 0.1, "style": "withheld", "payment": "acute_expected", "exception_cap": 0.05,
     "indicators": [{"name": 'stays of "long" patients, days', "weight": 1.0, "floor": 10.0, "target": 5.0}]},
    {"kind": "prevention_floor", "floor": 0.02, "budget": "net.provider", "spend": "x"}, TOTAL,
    inputs=(input_of("x", default=3.0), input_of("spare")),
)  # fmt: skip
LONG_NAME = 'indicator.stays of "long" patients, days'


def names(columns):
    """Names of columns."""
    return [column.name for column in columns]


def test_a_contract_asks_for_what_it_reads_in_that_order():
    """Quantities, indicators and inputs that some clause reads are asked for; an input that none reads is not."""
    assert names(asked_columns(SCORED)) == ["acute_expected", LONG_NAME, "exceptions", "x", "income"]


def test_a_column_is_needed_unless_something_stands_in_for_it():
    """A default, or a quantity that it equals, stands in for a column."""
    needed = {column.name: column.needed for column in asked_columns(SCORED)}
    assert needed == {"acute_expected": True, LONG_NAME: True, "exceptions": True, "x": False, "income": False}
    follows = contract_of({"kind": "annual_payment", "opening_price": 5.0, "form": "fixed", "list_pass_through": 1.0})
    columns = {column.name: column for column in asked_columns(follows)}
    assert (columns["list_audited"].same_as, columns["list_audited"].needed, columns["list"].needed) == (
        "list",
        False,
        True,
    )


def test_what_a_clause_has_written_is_asked_for_no_more():
    """The annual payment and the score are inputs only where no clause before has set them."""
    share = {"kind": "gain_loss_share", "share_gain": 0.5, "share_loss": 0.5, "quality_scaled": 1}
    assert {"annual_payment", "score"} <= set(names(asked_columns(contract_of(share))))
    price = {"kind": "annual_payment", "opening_price": 5.0, "form": "fixed"}
    assert "annual_payment" not in names(asked_columns(contract_of(price, share)))


def test_units_are_those_of_the_contracts_currency():
    """Money is in the contract's currency, whatever the registers call it."""
    for currency in ("EUR", "USD"):
        contract = contract_of(PAY, currency=currency)
        assert [column.unit for column in asked_columns(contract)] == [currency]
        assert {column.unit for column in given_columns(contract)} == {currency}
    assert [column.unit for column in asked_columns(contract_of(PAY, currency="none"))] == ["GBP"]


def test_every_number_and_choice_of_a_clause_may_be_a_column():
    """Rows, formulas and quantities may not be given anew; every other entry may."""
    share = {"kind": "gain_loss_share", "share_gain": 0.5, "share_loss": 0.5}
    fields = override_fields(contract_of(share, {"id": "sum", "kind": "formula", "value": "x"}))
    assert {"gain_loss_share.band", "gain_loss_share.share_gain", "gain_loss_share.quality_scaled"} <= set(fields)
    assert not {"gain_loss_share.tiers", "gain_loss_share.expected", "sum.value"} & set(fields)


def test_what_comes_out_is_what_was_said_to_come_out(tmp_path):
    """The columns that are announced are those that a settlement adds, in that order."""
    contract = contract_of(PAY, TOTAL, {"kind": "vat_leak", "affected_share": 0.5, "spend": "x"})
    rows = settled(contract, tmp_path, "case,year,x,note\na,1,10,n\n")
    assert list(rows[0]) == ["case", "year", "x", "note", *names(given_columns(contract))]
    assert names(given_columns(contract)) == [
        "pay", "total", "vat_leak", "vat_leak.affected", "net.commissioner", "net.provider", "net.taxpayer",
    ]  # fmt: skip


def test_a_template_explains_each_column_and_ends_with_the_header(tmp_path):
    """A template is remarks and a header that lacks only what may be left out; filled in, it settles."""
    text = template(SCORED)
    *remarks, header = text.splitlines()
    assert all(line.startswith("#") for line in remarks)
    for column in asked_columns(SCORED):
        assert any(line.startswith(f"# {column.name} [{column.unit}]: {column.doc}") for line in remarks)
    assert sum("may be left out" in line for line in remarks) == 2
    (read,) = rows_of(f"{header}\n" + "a,1,6,100,0.1\n")
    assert set(read) == {"case", "year", LONG_NAME, "acute_expected", "exceptions"}
    cells = {"case": "a", "year": "1", LONG_NAME: "5", "acute_expected": "100", "exceptions": "0"}
    assert settled(SCORED, tmp_path, text + ",".join(cells[name] for name in read) + "\n")[0][
        "improvement_payment"
    ] in ("0", "-0")


@pytest.mark.parametrize("words", ["two\nlines", "two\r\nlines", "ends\n", "# hash", '"quoted"'])
def test_a_template_stays_readable_whatever_the_contract_is_called(tmp_path, words):
    """Line breaks and marks in titles, units and meanings do not spoil the template."""
    contract = contract_of(PAY, inputs=({"name": "x", "unit": words, "doc": words},), title=words)
    text = template(contract)
    assert all(line.startswith("#") for line in text.splitlines()[:-1])
    assert settled(contract, tmp_path, text + "a,1,10\n")[0]["pay"] == "20"


def test_the_table_of_columns_names_both_ways():
    """Every column, in and out, is a row of the printed table."""
    text = columns_as_text(SCORED)
    for way, columns in (("in", asked_columns(SCORED)), ("out", given_columns(SCORED))):
        for column in columns:
            assert f"| {way}: `{column.name}` | {column.unit} | {column.doc} |" in text
