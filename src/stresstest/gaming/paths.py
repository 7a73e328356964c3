"""How a quantity reaches the money: through which figures, into which clauses, and in which places of a formula."""

from __future__ import annotations

import ast

from ..contract import Contract, Term
from ..review._case import owner_of
from ..wiring import of_last_year, reads


def tree(text: str) -> ast.expr:
    """A formula's syntax tree."""
    return ast.parse(" ".join(text.split()), mode="eval").body


def names_in(node: ast.AST) -> set[str]:
    """Every quantity named below a node of a formula."""
    found: set[str] = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Attribute):
            found.add(ast.unparse(one))
        elif isinstance(one, ast.Name):
            found.add(one.id)
    return found


def formulas(contract: Contract) -> list[Term]:
    """The clauses that are formulas."""
    return [term for term in contract.terms if term.kind.name == "formula"]


def direct_reads(contract: Contract) -> dict[str, set[str]]:
    """By clause id: the quantities that it reads itself; last year's values count as the quantity."""
    return {
        term.id: {of_last_year(name) or name for _, name in reads(term, contract.years)} for term in contract.terms
    }


def figure_sources(contract: Contract) -> dict[str, set[str]]:
    """By clause id: the quantities that reach it directly or through figures alone (never through another payment)."""
    direct = direct_reads(contract)
    found: dict[str, set[str]] = {}
    ids = [term.id for term in contract.terms]
    moves = {term.id: term.kind.moves for term in contract.terms}
    for term in contract.terms:
        sources: set[str] = set()
        for name in direct[term.id]:
            owner = owner_of(name, ids)
            if owner and owner != term.id and not moves[owner]:
                sources |= found.get(owner, set())
            elif not owner or name not in ids:
                sources.add(name)
        found[term.id] = sources
    return found


def all_sources(contract: Contract) -> dict[str, set[str]]:
    """By clause id: every quantity and clause that reaches it, through figures and payments alike."""
    direct = direct_reads(contract)
    found: dict[str, set[str]] = {}
    ids = [term.id for term in contract.terms]
    for term in contract.terms:
        sources = set(direct[term.id])
        for name in direct[term.id]:
            owner = owner_of(name, ids)
            if owner and owner in found:
                sources |= {owner} | found[owner]
        found[term.id] = sources
    return found


def on_the_way(contract: Contract, quantities: set[str], clauses: list[str]) -> list[str]:
    """The paying clauses and the figures through which the quantities reach them, in the contract's order.

    A figure that states a number, such as a tolerance, is on the way where such a figure reads it.
    """
    sources = all_sources(contract)
    figures = {term.id for term in contract.terms if not term.kind.moves}
    kept = set(clauses)
    for clause in clauses:
        kept |= {f for f in figures if f in sources.get(clause, set()) and sources[f] & quantities}
    stated = {f for f in figures if not sources[f] - {"one"}}
    kept |= {f for f in stated if any(f in direct_reads(contract)[k] for k in kept)}
    return [term.id for term in contract.terms if term.id in kept]


def subtracted(contract: Contract) -> dict[str, str]:
    """Quantities that some formula takes off something, and nothing holds within limits there: name → formula's id."""
    found: dict[str, str] = {}
    own = {term.id: term for term in formulas(contract)}
    for term in own.values():
        for name in _taken_off(tree(term.values["value"]), False):
            found.setdefault(name, term.id)
            if name in own:  # what a figure that is taken off adds up is taken off as well
                for inner in _taken_off(tree(own[name].values["value"]), True):
                    found.setdefault(inner, term.id)
    return found


def _taken_off(node: ast.AST, negative: bool) -> set[str]:
    """Names that enter with a minus sign, outside min(…) and clip(…)."""
    if isinstance(node, (ast.Name, ast.Attribute)):
        return {ast.unparse(node)} if negative else set()
    if isinstance(node, ast.BinOp):
        right = negative != isinstance(node.op, ast.Sub)
        return _taken_off(node.left, negative) | _taken_off(node.right, right)
    if isinstance(node, ast.UnaryOp):
        return _taken_off(node.operand, negative != isinstance(node.op, ast.USub))
    if isinstance(node, ast.IfExp):
        return _taken_off(node.body, negative) | _taken_off(node.orelse, negative)
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        limited = name == "clip" or (name == "min" and negative) or (name == "max" and not negative and len(node.args) > 2)
        return set() if limited else set().union(*(_taken_off(arg, negative) for arg in node.args))
    return set()


def divisors(contract: Contract) -> dict[str, str]:
    """Quantities that stand below the line in some formula: name → formula's id."""
    found: dict[str, str] = {}
    own = {term.id: term for term in formulas(contract)}
    for term in own.values():
        for node in ast.walk(tree(term.values["value"])):
            below: ast.AST | None = None
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                below = node.right
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ratio":
                below = node.args[1]
            for name in names_in(below) if below is not None else ():
                found.setdefault(name, term.id)
                if name in own:
                    for inner in names_in(tree(own[name].values["value"])):
                        found.setdefault(inner, term.id)
    return found


def choices(contract: Contract) -> list[tuple[Term, str, list[str]]]:
    """(formula, the choosing part, its branches) for every max, min and if whose branches all name quantities."""
    found = []
    for term in formulas(contract):
        for node in ast.walk(tree(term.values["value"])):
            branches: list[ast.expr] = []
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("max", "min"):
                branches = node.args
            if len(branches) > 1 and all(names_in(branch) - {"max", "min", "clip", "ratio", "abs"} for branch in branches):
                found.append((term, ast.unparse(node), [ast.unparse(branch) for branch in branches]))
    return found


def guards(contract: Contract, movable: list[str]) -> list[tuple[Term, str, list[str], list[str]]]:
    """(formula, its text, declared quantities, limit's quantities) for every min that holds a declared number by another's."""
    sources, found = figure_sources(contract), []
    for term, text, branches in choices(contract):
        if not text.startswith("min("):
            continue
        reached = [
            {q for name in names_in(tree(branch)) for q in ({name} | sources.get(name, set()))} for branch in branches
        ]
        for k, own in enumerate(reached):
            others = set().union(*(one for j, one in enumerate(reached) if j != k))
            declared, limit = sorted(own & set(movable)), sorted(others - set(movable))
            if declared and limit and not others & set(movable):
                found.append((term, text, declared, limit))
    return found


def tested(contract: Contract) -> set[str]:
    """Quantities that some test judges: compared in a formula, read by a gate, a scale or deductions, or by a release."""
    sources, found = figure_sources(contract), set()
    for term in contract.terms:
        if term.kind.name in ("gate", "sliding_scale", "deductions", "retention"):
            found |= sources[term.id]
    for term in formulas(contract):
        for node in ast.walk(tree(term.values["value"])):
            if isinstance(node, (ast.Compare, ast.IfExp)):
                inside = node.test if isinstance(node, ast.IfExp) else node
                found |= {q for name in names_in(inside) for q in ({name} | sources.get(name, set()))}
    return found
