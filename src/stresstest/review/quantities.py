"""Checks on what a clause reads: money where a share is expected, other units, other currencies, other years' prices."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from ..contract import Input, Term
from ..place import Quantity
from ..terms import BY_NAME, Field
from ..units import percent
from ..wiring import Reference
from ._case import Case, part, quantities
from ._dimensions import ANY, CURRENCIES, MONEY, RATIO, Dimension, dimensions, of_unit, product
from ._finding import Check, Remark

#: What fields that read a quantity expect, where their default does not say it.
EXPECTED = {
    ("layered_share", "of"): MONEY, ("profit_share", "income"): MONEY, ("guarantee", "call"): MONEY,
    ("claw_back", "of"): MONEY, ("retention", "of"): MONEY, ("retention", "release"): RATIO,
    ("virement_limit", "moved"): MONEY, ("virement_limit", "base"): MONEY, ("reserve_fund", "result"): MONEY,
    ("reinstatement", "premium"): MONEY, ("reinstatement", "recovered"): MONEY, ("swing_premium", "losses"): MONEY,
    ("swing_premium", "subject"): MONEY, ("overall_limit", "clause"): MONEY,
}  # fmt: skip
LONG = 10  # years after which a sum that stands still deserves a word: judgement
INFLATION = 0.02  # the Bank of England's target
REAL_WORDS = ("real", "flat", "constant")
UNITS_OF_FIELDS = ("share", "GBP", "0 or 1", "per year")


def unit_mismatch(case: Case) -> Iterator[Remark]:
    """A quantity of the wrong kind: persons or an index where money is expected, money where a share is.

    The sum still comes out as a number, and only its size tells. Units are read off the inputs, the standard quantities, the
    figures that clauses show, and worked out through formulas; what cannot be known is passed over. Source: arithmetic of
    units.
    """
    known, clashes = dimensions(case.contract)
    for term in case.terms:
        for field in term.kind.fields:
            yield from _field(case, term, field, term.values[field.name], known)
        for text, one, other in clashes.get(term.id, []):
            sentence = f"{term.id} puts {one.title} and {other.title} together in {text}."
            yield Remark("fault", term.id, "value", sentence, "Turn one into the other with a price or a ratio first.")
        if term.kind.name == "payment":
            yield from _price(term, known)


def _field(case: Case, term: Term, field: Field, value: Any, known: dict[str, Dimension | None]) -> Iterator[Remark]:
    if field.unit == "rows":
        for row in value:
            for column in field.columns:
                yield from _field(case, term, column, row[column.name], known)
        return
    name, wanted = "", None
    if isinstance(value, Reference) and field.unit in UNITS_OF_FIELDS:
        name, wanted = value.name, of_unit(field.unit)
    elif field.unit == "quantity" and field.name not in term.unread(case.contract.years):
        name, wanted = value, EXPECTED.get((term.kind.name, field.name)) or _default(field)
    found = known.get(name)
    if wanted is not None and found is not None and found not in (wanted, ANY):
        sentence = f"{field.name} of {term.id} expects {wanted.title} ({field.doc}), but {name} is {found.title}."
        yield Remark(
            "fault", term.id, field.name, sentence, f"Name another quantity, or turn {name} into {wanted.title} first."
        )


def _default(field: Field) -> Dimension | None:
    standard = BY_NAME.get(str(field.default))
    return of_unit(standard.unit) if standard else None


def _price(term: Term, known: dict[str, Dimension | None]) -> Iterator[Remark]:
    price, of = term.values["price"], term.values["of"]
    number = known.get(price.name) if isinstance(price, Reference) else of_unit(price.unit) if price.unit else None
    result = product(number, known.get(of))
    if result is None or result in (MONEY, ANY):
        return
    if not isinstance(price, Reference) and (result.money, result.persons) == (1, 1):
        return  # "GBP" is often written for a price per head
    named = price.name if isinstance(price, Reference) else f"a price in {price.unit}"
    sentence = f"{term.id} multiplies {named} by {of}, which gives {result.title} and not money."
    yield Remark("fault", term.id, "price", sentence, "Pay a price per unit of a count, or a share of a sum of money.")


def scaled_by_money(case: Case) -> Iterator[Remark]:
    """An amount scaled by a sum of money or a number of people instead of a share.

    `scaled_by` is for a gate, a score or a share; an amount multiplied by pounds is pounds times pounds. Source: arithmetic
    of units.
    """
    known, _ = dimensions(case.contract)
    for term in case.terms:
        found = known.get(term.scaled_by) if term.scaled_by else None
        if found is not None and found not in (RATIO, ANY):
            sentence = f"{term.id} is multiplied by {term.scaled_by}, which is {found.title} and not a share."
            yield Remark(
                "fault", term.id, "scaled_by", sentence, "Scale by a gate, a score or a share; pay sums with a payment."
            )


def currency_basis(case: Case) -> Iterator[Remark]:
    """Prices of one kind in a contract of another: growth in flat prices, sums that stand still in cash, other currencies.

    A contract at flat prices whose sums grow counts inflation twice, or grows by more than prices; one in cash whose sums
    stand still for ten years or more is cut by inflation without a word. Dudley's £5.5bn is 15 years at flat prices, and no
    sum of cash. Source: HM Treasury, Green Book, on real and nominal sums (recalled); 2% a year is the Bank of England's
    target and stands for any inflation. A price basis that begins with "cash" is cash, whatever else it says.
    """
    contract = case.contract
    if contract.plan and contract.currency != "GBP":
        sentence = (
            f"The contract has a plan, as a simulation needs, but is in {contract.currency}: studies count in pounds."
        )
        yield Remark("fault", "", "currency", sentence, "Convert it to GBP for a study, or drop the plan.")
    for entry in contract.inputs:
        yield from _other_currency(case, entry)
    basis = contract.price_basis.strip().lower()
    if not basis.startswith("cash") and any(word in basis for word in REAL_WORDS):
        for term in case.terms:
            yield from _grows(case, term)
    elif contract.years >= LONG:
        for term in case.terms:
            yield from _stands_still(case, term)


def _other_currency(case: Case, entry: Input) -> Iterator[Remark]:
    word = entry.unit.strip().split(" ")[0].upper()
    own = case.contract.currency
    if own != "none" and word.lower() in CURRENCIES and len(word) == 3 and word != own:
        sentence = f"The input {entry.name} is in {word}, and the contract in {own}."
        yield Remark("fault", "", f"inputs.{entry.name}", sentence, f"Give it in {own}, or correct the currency.")


def _steady_growth(quantity: Quantity, years: int) -> float:
    """The yearly growth of a number that rises in every year of the term, else 0."""
    values = quantity.values[:years]
    if len(values) < max(years, 3) or values[0] <= 0.0 or any(b <= a for a, b in pairwise(values)):
        return 0.0
    return float((values[-1] / values[0]) ** (1.0 / (len(values) - 1)) - 1.0)


def _is_money(term: Term, name: str, quantity: Quantity) -> bool:
    """Whether a number is a sum of money, or a price of something that is counted."""
    columns = {field.name: field for field in term.kind.fields}
    found = of_unit(quantity.unit or (columns[name].unit if name in columns else ""))
    return found in (MONEY, Dimension(1, -1)) and 0.0 < abs(quantity.value) < 1e12


def _grows(case: Case, term: Term) -> Iterator[Remark]:
    basis, years = case.contract.price_basis, case.contract.years
    for name, quantity in quantities(term.values):
        growth = _steady_growth(quantity, years) if _is_money(term, name, quantity) else 0.0
        if growth > 0.0:
            sentence = f"Prices are “{basis}”, but {name} of {term.id} grows by {percent(growth)} a year: beyond inflation, then."
            yield Remark(
                "warning", term.id, name, sentence, "Take inflation out of the growth, or call the prices cash."
            )
    if term.kind.name == "annual_payment" and term.values["form"] == "build_up" and not case.zero(term, "inflation"):
        stated = term.values["inflation"]
        size = f" of {part(stated.value)}" if isinstance(stated, Quantity) else ""
        sentence = (
            f"Prices are “{basis}”, but {term.id} adds stated inflation{size} a year: inflation may be counted twice."
        )
        remedy = "State inflation beyond general prices only, or call the prices cash."
        yield Remark("warning", term.id, "inflation", sentence, remedy)


def _stands_still(case: Case, term: Term) -> Iterator[Remark]:
    years = len(case.years(term))
    if any(entry.name == term.scaled_by and entry.unit == "0 or 1" for entry in case.contract.inputs):
        return  # paid once, if at all
    lost = 1.0 - (1.0 + INFLATION) ** -(years - 1)
    fixed = [
        (name, quantity.value) for name, quantity in quantities(term.values)
        if name != "opening_price" and _is_money(term, name, quantity) and len(set(quantity.values[:years])) == 1
    ]  # fmt: skip
    if term.kind.name == "annual_payment" and term.values["form"] == "fixed" and case.zero(term, "scope_change"):
        fixed = [("opening_price", term.values["opening_price"].value)]
    elif term.kind.name == "annual_payment":
        return
    if years >= LONG and fixed:
        name, value = fixed[0]
        more = f" and {len(fixed) - 1} more" if len(fixed) > 1 else ""
        sentence = (
            f"{name} of {term.id}, {case.money(value)}{more}, stands still in cash for {years} years: at {part(INFLATION)} "
            f"inflation it is worth {part(lost)} less in the last."
        )
        yield Remark(
            "note", term.id, name, sentence, "Let it grow by an index, or make it a multiple of a sum that grows."
        )


CHECKS = (
    Check("unit-mismatch", unit_mismatch), Check("scaled-by-money", scaled_by_money), Check("currency-basis", currency_basis),
)  # fmt: skip
