"""Small sums over quantities, written as text: "max(0, losses - 0.9 * premium)".

A formula knows numbers, names of quantities, + − * / **, comparisons (1 where true, 0 where not), `and`, `or`, `not`,
"a if test else b", and min, max, abs, clip(x, low, high), ratio(a, b) (0 where b is 0), floor, round, sqrt, exp, log.
It is turned into steps for a machine with a stack of STACK numbers: pairs (operation, operand). What has no value, such as
a / 0 or log(0), is NaN in compiled and interpreted code alike, and NaN stays NaN, under comparisons and tests too.
"""

from __future__ import annotations

import ast
import math
from typing import Any

import numpy as np

from .._jit import rule
from .._lanes import floor_of, pick, root
from ..futures.elementary import exponential, logarithm, power

STACK = 8
# fmt: off
(PUSH, READ, ADD, SUBTRACT, MULTIPLY, DIVIDE, NEGATE, LESS, LESS_EQUAL, EQUAL, NOT, AND, OR, PICK, LEAST, GREATEST, ABSOLUTE,
 RATIO, FLOOR, ROUND, ROOT, EXPONENTIAL, LOGARITHM, POWER) = range(24)
# fmt: on
_BINARY = {ast.Add: ADD, ast.Sub: SUBTRACT, ast.Mult: MULTIPLY, ast.Div: DIVIDE, ast.Pow: POWER}
_CALLS = {
    "min": (LEAST, 2), "max": (GREATEST, 2), "abs": (ABSOLUTE, 1), "ratio": (RATIO, 2), "floor": (FLOOR, 1),
    "round": (ROUND, 1), "sqrt": (ROOT, 1), "exp": (EXPONENTIAL, 1), "log": (LOGARITHM, 1), "clip": (GREATEST, 3),
}  # fmt: skip


class FormulaError(ValueError):
    """A formula that cannot be read; the message says what is wrong and what would be right."""


def _tree(text: str) -> ast.expr:
    if len(text) > 2000:
        raise FormulaError("the formula is longer than 2,000 characters")
    if "#" in text:
        raise FormulaError("a formula holds no # and no remarks")
    try:
        return ast.parse(" ".join(text.split()), mode="eval").body
    except UnicodeError:
        raise FormulaError("the formula holds a character that is none") from None
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        detail = getattr(error, "msg", None) or "it is nested too deeply"
        raise FormulaError(f"the formula cannot be read: {detail}") from None


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value)}.{node.attr}"
    raise FormulaError("only names, numbers and the functions of the method book may stand in a formula")


def names(text: str) -> tuple[str, ...]:
    """The quantities that a formula reads, in order of first use. Raises FormulaError."""
    found: list[str] = []
    for operation, operand in _steps(_tree(text)):
        if operation == READ and operand not in found:
            found.append(operand)
    return tuple(found)


def program(text: str, quantities: dict[str, int]) -> list[float]:
    """The formula as (operation, operand) pairs, flat. Raises FormulaError for what cannot be read or is too deep."""
    flat: list[float] = []
    for operation, operand in _steps(_tree(text)):
        if operation == READ and operand not in quantities:
            raise FormulaError(f"there is no quantity {operand}")
        flat += [float(operation), float(quantities[operand] if operation == READ else operand)]
    depth(flat)
    return flat


def depth(flat: list[float]) -> int:
    """The most numbers that the steps hold at once. Raises FormulaError where that is more than STACK."""
    height = most = 0
    for operation in flat[::2]:
        height += 1 if operation in (PUSH, READ) else 0 if operation in _ONE else -2 if operation == PICK else -1
        most = max(most, height)
    if most > STACK:
        raise FormulaError(f"the formula holds {most} numbers at once, the most is {STACK}; split it into two figures")
    return most


_ONE = (NEGATE, NOT, ABSOLUTE, FLOOR, ROUND, ROOT, EXPONENTIAL, LOGARITHM)
_TESTS = (LESS, LESS_EQUAL, EQUAL, AND, OR)


def _steps(node: ast.expr) -> list[tuple[int, Any]]:
    try:
        return _step(node)
    except RecursionError:
        raise FormulaError("the formula is nested too deeply") from None


def _step(node: ast.expr) -> list[tuple[int, Any]]:
    if isinstance(node, ast.Constant):
        return [(PUSH, _number(node.value))]
    if isinstance(node, (ast.Name, ast.Attribute)):
        return [(READ, _name(node))]
    if isinstance(node, ast.UnaryOp):
        if isinstance(node.op, ast.UAdd):
            return _step(node.operand)
        if isinstance(node.op, (ast.USub, ast.Not)):
            return [*_step(node.operand), (NEGATE if isinstance(node.op, ast.USub) else NOT, 0.0)]
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        return [*_step(node.left), *_step(node.right), (_BINARY[type(node.op)], 0.0)]
    if isinstance(node, ast.BoolOp):
        kind = AND if isinstance(node.op, ast.And) else OR
        steps = _step(node.values[0])
        for value in node.values[1:]:
            steps = [*steps, *_step(value), (kind, 0.0)]
        return steps
    if isinstance(node, ast.IfExp):
        return [*_step(node.test), *_step(node.body), *_step(node.orelse), (PICK, 0.0)]
    if isinstance(node, ast.Compare):
        return _comparison(node)
    if isinstance(node, ast.Call):
        return _call(node)
    raise FormulaError(
        "only + - * / **, comparisons, and, or, not, if/else and the functions of the method book are known"
    )


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise FormulaError(f"{value!r} is not a number")
    if not -1e300 <= value <= 1e300:
        raise FormulaError("the formula holds a number beyond 1e300")
    return float(value)


def _comparison(node: ast.Compare) -> list[tuple[int, Any]]:
    if len(node.ops) != 1:
        raise FormulaError('compare two things at a time: "a < b and b < c"')
    left, right, sign = _step(node.left), _step(node.comparators[0]), node.ops[0]
    if isinstance(sign, (ast.Gt, ast.GtE)):
        left, right = right, left
    kind = LESS if isinstance(sign, (ast.Lt, ast.Gt)) else LESS_EQUAL if isinstance(sign, (ast.LtE, ast.GtE)) else EQUAL
    if not isinstance(sign, (ast.Lt, ast.Gt, ast.LtE, ast.GtE, ast.Eq, ast.NotEq)):
        raise FormulaError("comparisons are <, <=, >, >=, == and !=")
    return [*left, *right, (kind, 0.0)] + ([(NOT, 0.0)] if isinstance(sign, ast.NotEq) else [])


def _call(node: ast.Call) -> list[tuple[int, Any]]:
    name = node.func.id if isinstance(node.func, ast.Name) else "?"
    if name not in _CALLS or node.keywords:
        raise FormulaError(f"{name} is not known; the functions are {', '.join(_CALLS)}")
    kind, count = _CALLS[name]
    if kind in (LEAST, GREATEST) and count == 2 and len(node.args) >= 2:
        steps = _step(node.args[0])
        for argument in node.args[1:]:
            steps = [*steps, *_step(argument), (kind, 0.0)]
        return steps
    if len(node.args) != count:
        raise FormulaError(f"{name} takes {count} arguments, not {len(node.args)}")
    if name == "clip":
        x, low, high = node.args
        return [*_step(x), *_step(low), (GREATEST, 0.0), *_step(high), (LEAST, 0.0)]
    return [step for argument in node.args for step in _step(argument)] + [(kind, 0.0)]


@rule
def _finite(x: float) -> float:
    """x, or NaN where it is too large to write down."""
    return pick(abs(x) <= 1.7e308, x, math.nan)


@rule
def _quotient(a: float, b: float) -> float:
    given = b != 0.0
    return pick(given, a / pick(given, b, 1.0), math.nan)


@rule
def _power(a: float, b: float) -> float:
    """a to the power b; NaN for 0 to a negative power and for a fractional power of a negative number."""
    has_none = ((a == 0.0) & (b < 0.0)) | ((a < 0.0) & (b != floor_of(b)))
    return pick(has_none, math.nan, power(pick(has_none, 1.0, a), b))


@rule
def _arithmetic(kind: int, a: float, b: float) -> float:
    """A sum, difference, product, quotient or power."""
    if kind == ADD:
        return a + b
    if kind == SUBTRACT:
        return a - b
    if kind == MULTIPLY:
        return a * b
    if kind == DIVIDE:
        return _quotient(a, b)
    return _power(a, b)


@rule
def _holds(kind: int, a: float, b: float) -> bool:
    """Whether a comparison holds, or an `and` or `or`, for which any number but 0 is true."""
    if kind == LESS:
        return a < b
    if kind == LESS_EQUAL:
        return a <= b
    if kind == EQUAL:
        return a == b
    if kind == AND:
        return (a != 0.0) & (b != 0.0)
    return (a != 0.0) | (b != 0.0)


@rule
def _two_numbers(kind: int, a: float, b: float) -> float:
    """An operation on two numbers that are numbers."""
    if kind in _TESTS:
        return pick(_holds(kind, a, b), 1.0, 0.0)
    if kind == LEAST:
        return min(a, b)
    if kind == GREATEST:
        return max(a, b)
    if kind == RATIO:
        return pick(b != 0.0, _finite(_quotient(a, b)), 0.0)
    return _finite(_arithmetic(kind, a, b))


@rule
def _two(kind: int, a: float, b: float) -> float:
    """An operation on two numbers. What is not a number stays visible, also under min and max."""
    return pick((a != a) | (b != b), a + b, _two_numbers(kind, a, b))


@rule
def _one(kind: int, a: float) -> float:
    """An operation on one number. NaN stays NaN, and is the answer where there is none."""
    if kind == NEGATE:
        return -a
    if kind == ABSOLUTE:
        return abs(a)
    if kind == FLOOR:
        return floor_of(a)
    if kind == ROUND:
        return floor_of(a + 0.5)
    if kind == NOT:
        return pick(a == 0.0, 1.0, pick(a != a, math.nan, 0.0))
    if kind == ROOT:
        return pick(a >= 0.0, root(a), math.nan)
    if kind == EXPONENTIAL:
        return pick(a <= 709.0, exponential(pick(a <= 709.0, a, 0.0)), math.nan)
    return pick(a > 0.0, logarithm(a), math.nan)


@rule
def _picked(test: float, yes: float, no: float) -> float:
    """`yes` where the test is any number but 0, `no` where it is 0; a test that is NaN picks neither."""
    return pick(test != test, test, pick(test != 0.0, yes, no))


@rule
def evaluate(row: np.ndarray, count: int, first: int, d: np.ndarray, stack: np.ndarray, i: int) -> float:
    """Run `count` steps from row[first] in future i. `stack[STACK, i]` is scratch: a clause's memory serves."""
    top = -1
    for k in range(count):
        kind, operand = int(row[first + 2 * k]), row[first + 2 * k + 1]
        if kind == PUSH:
            top += 1
            stack[top, i] = operand
        elif kind == READ:
            top += 1
            stack[top, i] = d[int(operand), i]
        elif kind == PICK:
            top -= 2
            stack[top, i] = _picked(stack[top, i], stack[top + 1, i], stack[top + 2, i])
        elif kind in _ONE:
            stack[top, i] = _one(kind, stack[top, i])
        else:
            top -= 1
            stack[top, i] = _two(kind, stack[top, i], stack[top + 1, i])
    return stack[0, i]
