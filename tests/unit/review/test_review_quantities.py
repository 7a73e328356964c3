"""Money where a share is expected, other currencies, other years' prices."""

from __future__ import annotations

import ast

import pytest

from stresstest.review._dimensions import ANY, MONEY, PERSONS, RATIO, Dimension, Reader, of_unit, product

pytestmark = pytest.mark.unit

INPUTS = """
[[inputs]]
name = "losses"
unit = "GBP"
[[inputs]]
name = "people"
unit = "persons"
[[inputs]]
name = "met"
unit = "0 or 1"
"""
PAY = '[[terms]]\nid = "pay"\nkind = "payment"\n'


@pytest.mark.parametrize(
    ("text", "clause", "field", "words"),
    [
        ('[[terms]]\nkind = "corridor"\ntarget = "people"\n'
         'bands = [{ side = "loss", from = 0.01, share = 0.5 }]', "corridor", "target",
         "expects money (spend that the actual is set against), but people is persons"),
        ('[[terms]]\nkind = "profit_cap"\ncap = "losses"', "profit_cap", "cap", "expects a share or index"),
        ('[[terms]]\nkind = "guarantee"\ncall = "met"\nlimit = 1e6', "guarantee", "call", "but met is a share or index"),
        (PAY + 'price = "losses"\nof = "agreed_budget"', "pay", "price", "multiplies losses by agreed_budget"),
        (PAY + 'price = { value = 0.5, unit = "share" }\nof = "people"', "pay", "price", "gives persons and not money"),
        ('[[terms]]\nid = "sum"\nkind = "formula"\nvalue = "losses + people"\n' + PAY + 'price = 1.0\n'
         'of = "sum"', "sum", "value",
         "puts money and persons together in losses + people"),
        ('[[terms]]\nid = "a_head"\nkind = "formula"\nvalue = "losses / people"\n[[terms]]\nkind = "retention"\n'
         'of = "a_head"\nrate = 0.1',
         "retention", "of", "but a_head is money per head"),
    ],
)  # fmt: skip
def test_the_wrong_kind_of_quantity(found, text, clause, field, words):
    """Each is a fault, placed, that says what is expected and what was given."""
    (one,) = found("unit-mismatch", INPUTS + text)
    assert (one.clause, one.field, one.severity) == (clause, field, "fault")
    assert words in one.sentence


@pytest.mark.parametrize(
    "text",
    [
        PAY + 'price = { value = 160.0, unit = "GBP per head" }\nof = "people"',
        PAY + 'price = { value = 0.2, unit = "share of losses" }\nof = "losses"',
        PAY + 'price = 160.0\nof = "people"',
        PAY + 'price = { value = 1e6, unit = "GBP" }\nof = "met"',
        '[[terms]]\nid = "ratio_of"\nkind = "formula"\n'
         'value = "clip(ratio(losses, agreed_budget) - 0.5, 0, 1)"\n' + PAY + 'price = "ratio_of"\nof = "losses"',
        '[[terms]]\nid = "over"\nkind = "formula"\n'
         'value = "max(0, losses - 0.9 * agreed_budget) if people > 100 else 0"\n[[terms]]\nkind = "retention"\n'
          'of = "over"\nrate = 0.1',
        '[[terms]]\nkind = "profit_cap"\ncap = "met"',
    ],
)  # fmt: skip
def test_quantities_that_go_together(found, text):
    """Prices per head on heads, shares of money, and formulas that come out as money are left alone."""
    assert not found("unit-mismatch", INPUTS + text)


@pytest.mark.parametrize(
    ("unit", "dimension"),
    [
        ("GBP", MONEY), ("EUR per head", Dimension(1, -1)), ("GBP a year", MONEY), ("GBP per point", None), ("persons", PERSONS),
        ("share of premium", RATIO), ("0 or 1", RATIO), ("index", RATIO), ("number", None), ("patients per 1000", None),
    ],
)  # fmt: skip
def test_units_in_words(unit, dimension):
    """What a unit says about its quantity; what is not known stays unknown."""
    assert of_unit(unit) == dimension


def test_products_of_dimensions():
    """Money per head times heads is money; a bare number keeps money and hides what it makes of heads."""
    assert product(Dimension(1, -1), PERSONS) == MONEY
    assert product(MONEY, PERSONS, -1) == Dimension(1, -1)
    assert product(ANY, MONEY) == MONEY
    assert product(ANY, PERSONS) is None
    assert product(None, MONEY) is None
    assert MONEY.title == "money"


@pytest.mark.parametrize(
    ("formula", "dimension", "clashes"),
    [
        ("m + m", MONEY, 0), ("m - p", None, 1), ("m < p", RATIO, 1), ("-m", MONEY, 0), ("not m", RATIO, 0), ("m / m", RATIO, 0),
        ("r ** 2", RATIO, 0), ("m ** 2", None, 0), ("m if r > 0 else 0", MONEY, 0), ("abs(m)", MONEY, 0), ("sqrt(m)", None, 0),
        ("m and p", RATIO, 0), ("1 + 2", ANY, 0), ("x + m", None, 0), ("min(m, 5)", MONEY, 0), ("ratio(m, p) * p", MONEY, 0),
    ],
)  # fmt: skip
def test_dimensions_of_formulas(formula, dimension, clashes):
    """Read through a formula; sums and comparisons of things that do not go together are counted."""
    reader = Reader({"m": MONEY, "p": PERSONS, "r": RATIO, "x": None})
    assert reader.read(ast.parse(formula, mode="eval").body) == dimension
    assert len(reader.clashes) == clashes


def test_amounts_scaled_by_money(found):
    """Pounds times pounds is a fault; a gate is what scaled_by is for."""
    (one,) = found("scaled-by-money", INPUTS + PAY + 'price = 1e6\nscaled_by = "losses"')
    assert (one.clause, one.field, one.severity) == ("pay", "scaled_by", "fault")
    assert "losses, which is money" in one.sentence
    assert not found("scaled-by-money", INPUTS + PAY + 'price = 1e6\nscaled_by = "met"')


GROWING = PAY + 'price = { value = 1e6, growth = 0.025, unit = "GBP" }'
BUILD_UP = '[[terms]]\nkind = "annual_payment"\nopening_price = 1e8\nform = "build_up"\ninflation = 0.02\n'
FIXED = '[[terms]]\nkind = "annual_payment"\nopening_price = 1e8\nform = "fixed"\n'


def test_growth_in_flat_prices(found):
    """A sum that grows by 2.5% a year in a contract at flat prices is named; in cash it is not."""
    (one,) = found("currency-basis", GROWING, price_basis="flat 2016/17 prices")
    assert (one.clause, one.field) == ("pay", "price")
    assert "grows by 2.5% a year" in one.sentence
    assert not found("currency-basis", GROWING)
    (one,) = found("currency-basis", BUILD_UP, price_basis="real, 2016/17 prices")
    assert "adds stated inflation of 2% a year" in one.sentence
    assert not found("currency-basis", FIXED, price_basis="real, 2016/17 prices")


def test_sums_that_stand_still_in_cash(found):
    """£100m fixed for 15 years is worth 24% less in the last; five years, growth, or a payment made once are left alone."""
    (one,) = found("currency-basis", FIXED, years=15)
    assert "opening_price of annual_payment, £100m, stands still in cash for 15 years" in one.sentence
    assert "24.2% less" in one.sentence
    once = INPUTS + PAY + 'price = { value = 1e6, unit = "GBP" }\n'
    assert found("currency-basis", once, years=15)
    assert not found("currency-basis", once + 'scaled_by = "met"\n', years=15)
    assert not found("currency-basis", FIXED)
    assert not found("currency-basis", GROWING, years=15)


@pytest.mark.parametrize("basis", ["Cash", "cash; real growth is stated", "cash, flat tariff", " cash; constant list"])
def test_a_basis_that_begins_with_cash_is_cash(found, basis):
    """Whatever else it says: growth is no finding, and a sum that stands still for 15 years is."""
    assert not found("currency-basis", GROWING, years=15, price_basis=basis)
    assert found("currency-basis", FIXED, years=15, price_basis=basis)


def test_other_currencies(found):
    """An input in euros in a contract in pounds, and a plan in euros, are faults."""
    (one,) = found("currency-basis", '[[inputs]]\nname = "cost"\nunit = "EUR"\n' + PAY + 'price = 1.0\nof = "cost"')
    assert (one.clause, one.field, one.severity) == ("", "inputs.cost", "fault")
    plan = "[plan]\nfunding_growth = 0.01\nneed_and_list_growth = 0.01\ninput_price_growth = 0.01\nproductivity_growth = 0.01\n"
    (one,) = found("currency-basis", plan + PAY + "price = 1.0", currency="EUR")
    assert (one.field, one.severity) == ("currency", "fault")
    assert not found("currency-basis", INPUTS + plan + PAY + 'price = 1.0\nof = "losses"')


def test_a_schedule_is_what_its_unit_says(found):
    """A schedule in pounds does not scale a payment; one in shares does."""
    text = (
        '[[terms]]\nid = "plan"\nkind = "schedule"\nvalue = { value = [1.0, 2.0], unit = "%s" }\n'
        + PAY
        + "price = 1e6\n"
    )
    (one,) = found("scaled-by-money", text % "GBP" + 'scaled_by = "plan"\n')
    assert "plan, which is money" in one.sentence
    assert not found("scaled-by-money", text % "share" + 'scaled_by = "plan"\n')
