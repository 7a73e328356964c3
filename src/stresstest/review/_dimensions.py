"""What kind of thing a quantity is: money, persons, a plain ratio, or a product of these, read off units and formulas.

    Dimension(money, persons): money is (1, 0), persons (0, 1), a share or index (0, 0), pounds per head (1, −1)

ANY is a bare number, which goes with everything; None is not known, and raises no finding.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import NamedTuple

from ..contract import Contract, Term
from ..place import Quantity
from ..terms import BALANCES, BY_NAME, ONE
from ..wiring import Reference

CURRENCIES = ("gbp", "eur", "usd", "nzd", "aud", "chf", "£", "€", "$", "pound", "euro", "dollar", "money")
PEOPLE = ("person", "people", "head", "patient", "beneficiar", "insured")
RATIOS = ("share", "index", "ratio", "multiple", "factor", "per year", "rate", "0 or 1", "per cent", "percent", "score")


class Dimension(NamedTuple):
    """Powers of money and of persons."""

    money: int
    persons: int

    @property
    def title(self) -> str:
        """The dimension in words."""
        names = {(1, 0): "money", (0, 1): "persons", (0, 0): "a share or index", (1, -1): "money per head"}
        return names.get((self.money, self.persons), f"money^{self.money} · persons^{self.persons}")


MONEY, PERSONS, RATIO, ANY = Dimension(1, 0), Dimension(0, 1), Dimension(0, 0), Dimension(99, 99)


def of_unit(unit: str) -> Dimension | None:
    """The dimension of a unit as contracts write it, None where the words are not known."""
    text = unit.strip().lower()
    if text.startswith(CURRENCIES):
        rest = text.partition(" per ")[2] or text.partition(" a ")[2]
        if rest.startswith(PEOPLE):
            return Dimension(1, -1)
        return MONEY if not rest or rest.startswith("year") else None
    if text.startswith(PEOPLE):
        return PERSONS if " per " not in text else None
    return RATIO if text.startswith(RATIOS) and not text.startswith("per year of") else None


def product(a: Dimension | None, b: Dimension | None, sign: int = 1) -> Dimension | None:
    """The dimension of a · b, or of a / b where `sign` is −1. A bare number times money is money, else it is not known."""
    if a is None or b is None:
        return None
    if ANY in (a, b):
        other = b if a == ANY else a
        return ANY if other == ANY else MONEY if other == MONEY and (sign == 1 or a == MONEY) else None
    return Dimension(a.money + sign * b.money, a.persons + sign * b.persons)


@dataclass
class Reader:
    """Reads a formula's dimension; `clashes` gathers sums and comparisons of things that do not go together."""

    known: dict[str, Dimension | None]
    clashes: list[tuple[str, Dimension, Dimension]] = field(default_factory=list)

    def together(self, node: ast.expr, *parts: ast.expr) -> Dimension | None:
        """The common dimension of parts that are added, compared or chosen between."""
        found = [self.read(one) for one in parts]
        sure = [one for one in found if one is not None and one != ANY]
        for one in sure[1:]:
            if one != sure[0]:
                self.clashes.append((ast.unparse(node), sure[0], one))
                return None
        if sure:
            return sure[0] if None not in found or len(sure) == len(found) else None
        return None if None in found else ANY

    def read(self, node: ast.expr) -> Dimension | None:
        """The dimension of a part of a formula."""
        if isinstance(node, ast.Constant):
            return ANY
        if isinstance(node, (ast.Name, ast.Attribute)):
            return self.known.get(ast.unparse(node))
        if isinstance(node, ast.UnaryOp):
            inner = self.read(node.operand)
            return RATIO if isinstance(node.op, ast.Not) else inner
        if isinstance(node, ast.BinOp):
            return self._operation(node)
        if isinstance(node, ast.Compare):
            self.together(node, node.left, *node.comparators)
            return RATIO
        if isinstance(node, ast.BoolOp):
            for value in node.values:
                self.read(value)
            return RATIO
        if isinstance(node, ast.IfExp):
            self.read(node.test)
            return self.together(node, node.body, node.orelse)
        return self._call(node) if isinstance(node, ast.Call) else None

    def _operation(self, node: ast.BinOp) -> Dimension | None:
        if isinstance(node.op, (ast.Add, ast.Sub)):
            return self.together(node, node.left, node.right)
        left, right = self.read(node.left), self.read(node.right)
        if isinstance(node.op, ast.Pow):
            return left if left == RATIO else None
        return product(left, right, -1 if isinstance(node.op, ast.Div) else 1)

    def _call(self, node: ast.Call) -> Dimension | None:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in ("min", "max", "clip"):
            return self.together(node, *node.args)
        found = [self.read(one) for one in node.args]
        if name == "ratio":
            return product(found[0], found[1], -1)
        return found[0] if name in ("abs", "floor", "round") else None


def dimensions(
    contract: Contract,
) -> tuple[dict[str, Dimension | None], dict[str, list[tuple[str, Dimension, Dimension]]]]:
    """What every quantity of a contract is, and by figure the clashes inside its formula."""
    known: dict[str, Dimension | None] = {name: of_unit(quantity.unit) for name, quantity in BY_NAME.items()}
    known |= {ONE: ANY, **{entry.name: of_unit(entry.unit) for entry in contract.inputs}}
    known |= {f"{balance}.{party}": MONEY for balance in BALANCES for party in contract.party_names}
    clashes: dict[str, list[tuple[str, Dimension, Dimension]]] = {}
    for term in contract.terms:
        known[term.id] = MONEY if term.kind.moves else _figure(term, known, clashes)
        known |= {f"{term.id}.{shown.name}": of_unit(shown.unit) for shown in term.kind.shows}
    return known, clashes


def _figure(
    term: Term, known: dict[str, Dimension | None], clashes: dict[str, list[tuple[str, Dimension, Dimension]]]
) -> Dimension | None:
    if term.kind.name == "formula":
        reader = Reader(known)
        found = reader.read(ast.parse(" ".join(term.values["value"].split()), mode="eval").body)
        clashes[term.id] = reader.clashes
        return found
    if term.kind.name == "schedule" and isinstance(term.values["value"], Quantity):
        return of_unit(term.values["value"].unit)
    if term.kind.name in ("running", "rebased_target"):
        return known.get(term.values["of"])
    if term.kind.name == "gate":
        ends = [term.values[key] for key in ("met", "unmet")]
        if not any(isinstance(end, Reference) for end in ends) and {end.value for end in ends} <= {0.0, 1.0}:
            return RATIO
    return None
