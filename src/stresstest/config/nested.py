"""Contracts inside contracts: what one contract pays a holder is the pool of the holder's sub-contracts.

The clauses of an inner contract are laid behind those of the outer one (or `before` one of them), under `ID.clause`, with
its parties and inputs put in the place of the outer ones, and settled in the same pass.
"""

from __future__ import annotations

import ast
import keyword
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ..contract import Contract, Input, Party, Term
from ..layout import PARTIES
from ..terms import BALANCES, BY_NAME, LAST, ONE, Field
from ..terms._formula import FormulaError
from ..terms._formula import names as formula_names
from ..wiring import Reference
from .clauses import NAMED_SO, name_entry
from .section import Section


@dataclass(frozen=True)
class Nesting:
    """One entry of [[subcontracts]]: outer party by inner party, outer quantity by inner input; where its clauses go."""

    id: str
    contract: str
    parties: dict[str, str]
    inputs: dict[str, str]
    before: str = ""


def read_nesting(section: Section, known_parties: tuple[str, ...]) -> Nesting:
    """One entry of [[subcontracts]]."""
    name, contract = name_entry(section, "id"), section.text("contract")
    if keyword.iskeyword(name) or "." in name:
        raise section.fail("id", "not a name for a contract", name, NAMED_SO)
    parties, inputs = section.section("parties", {}), section.section("inputs", {})
    outer = {inner: parties.text(inner, choices=known_parties) for inner in parties.remaining()}
    given = {inner: name_entry(inputs, inner) for inner in inputs.remaining()}
    before = section.text("before", "") if section.peek("before") is not None else ""
    for part in (parties, inputs, section):
        part.finish()
    return Nesting(name, contract, outer, given, before)


def _renamed_formula(text: str, rename: Callable[[str], str]) -> str:
    class Rename(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            return ast.parse(rename(node.id), mode="eval").body

        def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
            return ast.parse(rename(ast.unparse(node)), mode="eval").body

        def visit_Call(self, node: ast.Call) -> ast.AST:
            return ast.Call(node.func, [self.visit(argument) for argument in node.args], [])

    return ast.unparse(Rename().visit(ast.parse(" ".join(text.split()), mode="eval")))


def _renamed(field: Field, value: Any, rename: Callable[[str], str]) -> Any:
    if isinstance(value, Reference):
        return Reference(rename(value.name))
    if field.unit == "quantity":
        return rename(value)
    if field.unit == "formula":
        return _renamed_formula(value, rename)
    if field.unit == "rows":
        columns = {column.name: column for column in field.columns}
        return [{key: _renamed(columns[key], entry, rename) for key, entry in row.items()} for row in value]
    return value


def _checked(field: Field, value: Any, section: Section) -> Any:
    """The value; a formula that its new names have made too long is refused at the nesting."""
    if field.unit == "formula":
        try:
            formula_names(value)
        except FormulaError as error:
            raise section.fail("id", str(error), expected="a shorter id") from None
    return value


def _renamer(nesting: Nesting, inner: Contract) -> Callable[[str], str]:
    own = {entry.name for entry in inner.inputs}
    parties = nesting.parties

    def rename(name: str) -> str:
        head, _, tail = name.partition(".")
        if head == LAST:
            return f"{LAST}.{rename(tail)}"
        if name in nesting.inputs:
            return nesting.inputs[name]
        if name in own:
            return f"{nesting.id}.{name}"
        if name == "income":
            return f"net.{parties.get('provider', 'provider')}"
        if head in BALANCES:
            return f"{head}.{parties.get(tail, tail)}"
        return name if name in BY_NAME or name == ONE or head == "indicator" else f"{nesting.id}.{name}"

    return rename


def _check_alike(outer: Contract, nesting: Nesting, inner: Contract, section: Section) -> None:
    """Raise where the two contracts do not share money and years, or a mapping would not reach what the clause reads."""
    for message, inside, outside in (
        ("the inner contract is in another currency", inner.currency, outer.currency),
        ("the inner contract begins in another year", inner.first_year, outer.first_year),
        ("the inner contract runs for another number of years", inner.years, outer.years),
    ):
        if inside != outside:
            raise section.fail("contract", message, inside, f"{outside}, as in the outer contract")
    for term in inner.terms:
        own = {name for year in range(inner.years) for name in term.kind.reads(term.at(year))}
        for name in own.intersection(nesting.inputs):
            message = f"{term.id} reads {name} by itself, so it cannot be put in its place"
            raise section.fail(f"inputs.{name}", message, name, "an input of the inner contract")


def laid_behind(outer: Contract, nesting: Nesting, inner: Contract, section: Section) -> Contract:
    """`outer` with the inner contract's parties, inputs and clauses added. Raises ConfigError, placed at the nesting."""
    names = {*inner.party_names}
    for name in nesting.parties:
        if name not in names:
            raise section.fail(f"parties.{name}", "the inner contract has no such party", name, ", ".join(names))
    known = {*(entry.name for entry in inner.inputs), *BY_NAME}
    for name in nesting.inputs:
        if name not in known:
            expected = ", ".join(entry.name for entry in inner.inputs) or "no inputs"
            raise section.fail(f"inputs.{name}", "the inner contract has no such input", name, expected)
    _check_alike(outer, nesting, inner, section)
    rename = _renamer(nesting, inner)
    terms: list[Term] = []
    for term in inner.terms:
        fields = {field.name: field for field in term.kind.fields}
        payer, payee = (
            nesting.parties.get(name, name) if term.kind.moves else name for name in (term.payer, term.payee)
        )
        values = {key: _checked(fields[key], _renamed(fields[key], v, rename), section) for key, v in term.values.items()}
        if payer == payee:
            raise section.fail("parties", f"payer and payee of {term.id} would be the same", payer)
        scaled_by = rename(term.scaled_by) if term.scaled_by else ""
        own = f"{nesting.id}.{term.id}"
        terms.append(replace(term, id=own, scaled_by=scaled_by, payer=payer, payee=payee, values=values))
    inputs: list[Input] = [
        replace(entry, name=f"{nesting.id}.{entry.name}") for entry in inner.inputs if entry.name not in nesting.inputs
    ]
    present = {*outer.party_names}
    parties: list[Party] = [p for p in inner.parties if p.name not in present and p.name not in nesting.parties]
    assert not {p.name for p in parties} & set(PARTIES)
    at = len(outer.terms)
    if nesting.before:
        ids = [term.id for term in outer.terms]
        if nesting.before not in ids:
            raise section.fail("before", "the contract has no such clause", nesting.before, ", ".join(ids))
        at = ids.index(nesting.before)
    return replace(
        outer,
        terms=outer.terms[:at] + tuple(terms) + outer.terms[at:],
        inputs=outer.inputs + tuple(inputs),
        parties=outer.parties + tuple(parties),
    )
