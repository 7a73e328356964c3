"""What each quantity of a contract is: money, persons or a plain number, as strictly as scaling it asks for.

Units say it for inputs, standard quantities and schedules. Every number in a formula counts as a plain one, so that money
beside a number is a clash. A figure of which no unit speaks is what the clauses that read it need: an amount is scaled by
a share, a share given by a quantity is a share. None: nobody says it.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from ..contract import Contract, Term
from ..place import Quantity
from ..review._dimensions import ANY, MONEY, PERSONS, RATIO, Dimension, Reader, dimensions, of_unit, product
from ..review.quantities import EXPECTED
from ..terms import BY_NAME, INDICATOR_PREFIX, LAST, ONE, Field
from ..wiring import Reference

#: Fields whose numbers are multiples of what another field names.
MULTIPLES = {"multiple of base": "base", "multiple of other base": "other_base"}
#: What fields that read a quantity need, beyond review.quantities.EXPECTED and their defaults.
NEEDS = {**EXPECTED, ("deductions", "points"): RATIO}
#: Columns and fields that hold the value of a figure.
VALUES = ("met", "unmet", "value")
PLAIN_OF_PLAIN = ("sqrt", "exp", "log")
PASSES = 4

Known = dict[str, Dimension | None]


@dataclass
class Strict(Reader):
    """Reads a formula with every number but 0 as a plain number, and an indicator's value as one."""

    def read(self, node: ast.expr) -> Dimension | None:
        """The dimension of a part of a formula."""
        if isinstance(node, ast.Constant):
            return ANY if node.value == 0 else RATIO
        if isinstance(node, (ast.Name, ast.Attribute)) and ast.unparse(node).startswith(f"{INDICATOR_PREFIX}."):
            return RATIO
        name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if isinstance(node, ast.Call) and name in PLAIN_OF_PLAIN:
            return RATIO if [self.read(one) for one in node.args] == [RATIO] else None
        return super().read(node)


def needed(term: Term, field: Field) -> Dimension | None:
    """What the quantity has to be that a clause's field names, None where that is open."""
    if (term.kind.name, field.name) in NEEDS:
        return NEEDS[term.kind.name, field.name]
    standard = BY_NAME.get(str(field.default))
    return of_unit(standard.unit) if standard else None


def formula(text: str, known: Known) -> tuple[Dimension | None, str]:
    """What a formula gives, and the part of it in which things stand together that do not go together ("": none)."""
    reader = Strict(known)
    found = reader.read(ast.parse(" ".join(text.split()), mode="eval").body)
    return (RATIO if found == ANY else found), (reader.clashes[0][0] if reader.clashes else "")


def strict_dimensions(contract: Contract) -> Known:
    """What every quantity of a contract is; see the module's text."""
    known = {name: found for name, found in dimensions(contract)[0].items() if found != ANY}
    figures = [term for term in contract.terms if not term.kind.moves]
    known |= {ONE: RATIO, **dict.fromkeys((term.id for term in figures), None)}
    for _ in range(PASSES):
        known |= {f"{LAST}.{name}": found for name, found in known.items() if not name.startswith(f"{LAST}.")}
        for term in figures:
            known[term.id] = _figure(term, known) or _by_readers(term, contract, known)
    return known


def _figure(term: Term, known: Known) -> Dimension | None:
    name, values = term.kind.name, term.values
    if name == "formula":
        return formula(values["value"], known)[0]
    if name in ("running", "rebased_target"):
        return known.get(values["of"])
    told = [value for field, value in _numbers(term) if field.name in VALUES]
    units = {of_unit(value.unit) for value in told if value.unit not in ("number", "figure")}
    if len(units) == 1:
        return units.pop()
    switch = name == "gate" and len(told) == 2 and {value.value for value in told} <= {0.0, 1.0}
    return RATIO if switch else None


def _numbers(term: Term) -> list[tuple[Field, Quantity]]:
    """The numbers that a clause states, those in rows included."""
    found: list[tuple[Field, Quantity]] = []
    for field in term.kind.fields:
        value = term.values[field.name]
        if isinstance(value, Quantity):
            found.append((field, value))
        elif field.unit == "rows":
            found += [(c, row[c.name]) for row in value for c in field.columns if isinstance(row[c.name], Quantity)]
    return found


def of_number(term: Term, field: Field, known: Known) -> Dimension | None:
    """What the number of a clause's field is, from its unit or from what it is multiplied by; None where neither says it."""
    if field.unit == "per unit":
        return product(MONEY, known.get(term.values["of"]), -1)
    if field.unit in MULTIPLES:
        return product(MONEY, known.get(term.values[MULTIPLES[field.unit]]), -1)
    if field.unit == "share of target, or GBP":
        return MONEY if term.values["edges"] == "money" else RATIO
    if field.unit.startswith("GBP per "):
        return of_unit(field.unit) or MONEY
    if field.unit in ("number", "figure"):
        return None
    found = of_unit(field.unit)
    return found if found in (MONEY, PERSONS) else RATIO


def _by_readers(term: Term, contract: Contract, known: Known) -> Dimension | None:
    """What the clauses that read a figure need it to be; a formula is never money or persons on their word alone."""
    names = (term.id, f"{LAST}.{term.id}")
    found = {RATIO for reader in contract.terms if reader.scaled_by in names}
    for reader in contract.terms:
        for field in reader.kind.fields:
            value = reader.values[field.name]
            if isinstance(value, Reference) and value.name in names:
                found |= {need for need in [of_number(reader, field, known)] if need is not None}
            elif field.unit == "quantity" and value in names:
                found |= {need for need in [needed(reader, field)] if need is not None}
    if len(found) != 1 or (term.kind.name == "formula" and found != {RATIO}):
        return None
    return found.pop()
