"""Formulas once more: the text is read by Python's own parser, and every step of it is worked out in plain floats.

What has no value is NaN and stays NaN in everything worked out from it, also where Python's own rules would drop it; only
the branch of an `if` that is not picked is dropped.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable

NAN = float("nan")
Look = Callable[[str], float]


def formula(text: str, look: Look) -> float:
    """The value of a formula; `look` gives the value of a name."""
    return value_of(ast.parse(text, mode="eval").body, look)


def value_of(node: ast.expr, look: Look) -> float:
    """The value of one part of a formula."""
    for kind, rule in RULES.items():
        if isinstance(node, kind):
            return known(rule(node, look))
    raise ValueError(ast.dump(node))


def known(x: float) -> float:
    """x, or NaN where it is too large to write down."""
    return float(x) if math.isfinite(x) else NAN


def constant(node: ast.Constant, look: Look) -> float:
    """A number."""
    return float(node.value)


def name(node: ast.Name | ast.Attribute, look: Look) -> float:
    """A quantity, by its name with or without dots."""
    return look(ast.unparse(node))


def sign(node: ast.UnaryOp, look: Look) -> float:
    """A sign, or `not`."""
    x = value_of(node.operand, look)
    if math.isnan(x):
        return NAN
    if isinstance(node.op, ast.Not):
        return 1.0 if x == 0.0 else 0.0
    return -x if isinstance(node.op, ast.USub) else x


def operation(node: ast.BinOp, look: Look) -> float:
    """Two numbers and a sign between them."""
    a, b = value_of(node.left, look), value_of(node.right, look)
    if math.isnan(a) or math.isnan(b):
        return NAN
    if isinstance(node.op, ast.Div):
        return a / b if b != 0.0 else NAN
    if isinstance(node.op, ast.Pow):
        return power(a, b)
    simple = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}
    return simple[type(node.op)](a, b)


def power(a: float, b: float) -> float:
    """a to the power of b, where it has a value."""
    if (a == 0.0 and b < 0.0) or (a < 0.0 and b != math.floor(b)):
        return NAN
    try:
        return math.pow(a, b)
    except OverflowError:
        return NAN


def comparison(node: ast.Compare, look: Look) -> float:
    """1 where it holds, 0 where it does not."""
    (sort,), (other,) = node.ops, node.comparators
    a, b = value_of(node.left, look), value_of(other, look)
    if math.isnan(a) or math.isnan(b):
        return NAN
    holds = {
        ast.Lt: a < b, ast.LtE: a <= b, ast.Gt: a > b, ast.GtE: a >= b, ast.Eq: a == b, ast.NotEq: a != b,
    }  # fmt: skip
    return float(holds[type(sort)])


def both_or_either(node: ast.BoolOp, look: Look) -> float:
    """`and` and `or`, every side of which is worked out."""
    sides = [value_of(side, look) for side in node.values]
    if any(math.isnan(side) for side in sides):
        return NAN
    true = [side != 0.0 for side in sides]
    return float(all(true) if isinstance(node.op, ast.And) else any(true))


def picked(node: ast.IfExp, look: Look) -> float:
    """One of two branches."""
    test = value_of(node.test, look)
    if math.isnan(test):
        return NAN
    return value_of(node.body if test != 0.0 else node.orelse, look)


def call(node: ast.Call, look: Look) -> float:
    """A function of numbers, all of which have a value."""
    given = [value_of(argument, look) for argument in node.args]
    if any(math.isnan(x) for x in given):
        return NAN
    try:
        return float(FUNCTIONS[ast.unparse(node.func)](*given))
    except (ValueError, OverflowError):
        return NAN


FUNCTIONS: dict[str, Callable[..., float]] = {
    "min": min,
    "max": max,
    "abs": abs,
    "clip": lambda x, low, high: min(high, max(low, x)),
    "ratio": lambda a, b: a / b if b != 0.0 else 0.0,
    "floor": math.floor,
    "round": lambda x: math.floor(x + 0.5),
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
}
RULES: dict[type[ast.expr], Callable[..., float]] = {
    ast.Constant: constant,
    ast.Name: name,
    ast.Attribute: name,
    ast.UnaryOp: sign,
    ast.BinOp: operation,
    ast.Compare: comparison,
    ast.BoolOp: both_or_either,
    ast.IfExp: picked,
    ast.Call: call,
}
