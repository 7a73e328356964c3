"""The language of formulas: how a sum is read, what it refuses, and how it is worked out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stresstest.terms._formula import STACK, FormulaError, depth, evaluate, names, program

pytestmark = pytest.mark.unit


def value(text, **quantities):
    """The formula's value with these quantities, on a stack full of rubbish and in the second of two futures."""
    steps = np.array([np.nan, np.nan, *program(text, {name: k for k, name in enumerate(quantities)})])
    d = np.array([[-1e9, x] for x in quantities.values()], dtype=np.float64).reshape(-1, 2)
    return float(evaluate(steps, len(steps) // 2 - 1, 2, d, np.full((STACK, 2), np.nan), 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("10 - 4 - 3", 3), ("24 / 4 / 2", 3), ("8 / 4 * 2", 4), ("-2 ** 2", -4),
        ("2 ** 3 ** 2", 512), ("2 ** -1", 0.5), ("- 3 + 5", 2), ("+4", 4), ("--4", 4), ("7 - -2", 9), ("1e3 + .5", 1000.5),
        ("1_000 * 2", 2000), ("2 * -3", -6),
    ],
)  # fmt: skip
def test_operations_bind_as_in_school(text, expected):
    """Powers before signs, products before sums, from the left, powers from the right."""
    assert value(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "below", "same", "above"),
    [
        ("a < b", 1, 0, 0), ("a <= b", 1, 1, 0), ("a > b", 0, 0, 1), ("a >= b", 0, 1, 1), ("a == b", 0, 1, 0),
        ("a != b", 1, 0, 1),
    ],
)  # fmt: skip
def test_comparisons_are_1_or_0(text, below, same, above):
    """Each comparison below, at and above equality."""
    assert [value(text, a=float(a), b=2.0) for a in (1, 2, 3)] == [below, same, above]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 or 0 and 0", 1), ("(1 or 0) and 0", 0), ("not 0 and 0", 0), ("not (0 and 0)", 1), ("not 3", 0), ("5 and -2", 1),
        ("0 or 7", 1), ("0 or 0 or 1", 1), ("1 and 1 and 0", 0), ("not 2 == 3", 1), ("1 + 1 == 2 and 3 > 2", 1),
        ("2 + (3 > 2) * 5", 7),
    ],
)  # fmt: skip
def test_and_or_not_give_1_or_0(text, expected):
    """`not` binds closest, then `and`, then `or`; any number but 0 is true, and comparisons come before them."""
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 if 1 else 20", 10), ("10 if 0 else 20", 20), ("10 if -0.5 else 20", 10), ("1 if 0 else 2 if 0 else 3", 3),
        ("1 if 0 else 2 if 1 else 3", 2), ("1 + 1 if 0 else 5", 5), ("1 + (1 if 0 else 5)", 6), ("4 if 2 > 1 and 1 else 5", 4),
    ],
)  # fmt: skip
def test_if_picks_one_branch(text, expected):
    """`if` binds last, nests to the right, and takes any number but 0 for true."""
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("min(3, 1)", 1), ("max(3, 1, 7, 2)", 7), ("min(3, 1, 2)", 1), ("abs(-4)", 4), ("clip(5, 0, 3)", 3),
        ("clip(-5, 0, 3)", 0), ("clip(2, 0, 3)", 2), ("clip(1, 3, 2)", 2), ("ratio(6, 4)", 1.5), ("ratio(6, 0)", 0),
        ("ratio(0, 0)", 0), ("floor(2.9)", 2), ("floor(-2.1)", -3), ("floor(1e250) / 1e250", 1), ("round(2.5)", 3),
        ("round(-2.5)", -2), ("round(2.49)", 2), ("sqrt(9)", 3), ("exp(0)", 1), ("log(exp(2))", 2), ("min(max(1, 2), 3)", 2),
    ],
)  # fmt: skip
def test_functions(text, expected):
    """Each function, at its edges; a low end above the high one yields the high one."""
    assert value(text) == pytest.approx(expected)


def test_quantities_are_read_by_name():
    """Names may have a dot, in the order of first use and each once."""
    assert names("saving.gap * b + max(a, saving.gap)") == ("saving.gap", "b", "a")
    assert value("a * b - a", a=3.0, b=5.0) == 12.0
    steps = program("north.gap.x", {"north.gap.x": 4})
    assert evaluate(np.array(steps), 1, 0, np.arange(5.0).reshape(5, 1), np.zeros((STACK, 1)), 0) == 4.0


def test_a_formula_may_run_over_several_lines():
    """Line breaks and indents count as spaces."""
    assert value("\n  a\n   + 2 *\n  (a\n - 1)\n", a=3.0) == 7.0


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "1 +", "(1", "1)", "a b", "1 < 2 < 3", "a = 1", "a; b", "a, b", "[1]", "{1}", "'a'", '"a"', "True", "None",
        "1j", "1e999", "1" + "0" * 400, "a[0]", "a % b", "a // b", "a & b", "a ^ b", "~a", "a in b", "a is b", "lambda: 1",
        "(a := 1)", "mean(a, b)", "a.b(1)", "min(a)", "min()", "min(*a)", "max(a, default=1)",
        "abs(1, 2)", "abs()", "clip(1, 2)",
        "ratio(1)", "f'{a}'", "a.b.(c)", "1 # a remark", "import os", "__import__('os')",
        "(1).real", "a if b", "x for x in a", "\x00", "...",
        "a" * 2001, "(" * 300 + "a" + ")" * 300, "-" * 1500 + "a",
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused(text):
    """Everything else ends in one FormulaError with a sentence, and in no other error."""
    with pytest.raises(FormulaError, match=r"\w+ \w+"):
        program(text, dict.fromkeys(("a", "b", "c", "x"), 0))


def test_an_unknown_quantity_is_named():
    """A name that stands for nothing is an error that names it."""
    with pytest.raises(FormulaError, match=r"no quantity spend\.net"):
        program("1 + spend.net", {"spend": 0})


@pytest.mark.parametrize(
    ("text", "deep"),
    [
        ("1", 1), ("-1", 1), ("1 + 2 + 3 + 4", 2), ("1 + (2 + (3 + 4))", 4), ("1 if 2 else 3", 3), ("clip(1, 2, 3)", 2),
        ("max(1, 2, 3, 4)", 2),
    ],
)  # fmt: skip
def test_depth_is_what_is_held_at_once(text, deep):
    """A sum from the left needs two places, one nested to the right one more for each level."""
    assert depth(program(text, {})) == deep


def test_eight_numbers_at_once_work_and_nine_are_refused():
    """The stack is used to its last place and never beyond."""
    assert value("1+(1+(1+(1+(1+(1+(1+1))))))") == 8.0
    with pytest.raises(FormulaError, match=f"9 numbers at once, the most is {STACK}"):
        program("1+(1+(1+(1+(1+(1+(1+(1+1)))))))", {})


@pytest.mark.parametrize(
    "text",
    [
        "1 / 0", "0 / 0", "sqrt(-1)", "log(0)", "log(-1)", "exp(1000)", "0 ** -1", "(-8) ** 0.5", "10 ** 400", "1e300 * 1e300",
        "1e300 / 1e-300", "ratio(1e300, 1e-300)",
    ],
)  # fmt: skip
def test_what_has_no_value_is_not_a_number(text):
    """No division by zero, root, log or overflow ends in an error, in infinity, or in a number."""
    with np.errstate(all="ignore"):
        assert math.isnan(value(text))


@pytest.mark.parametrize(
    "text",
    [
        "x + 1", "0 * x", "-x", "abs(x)", "floor(x)", "round(x)", "not x", "x < 1", "1 >= x", "x == x", "x != 1", "x and 0",
        "1 or x", "min(1, x)", "min(x, 1)", "max(1, x)", "max(x, 1)", "clip(x, 0, 1)",
        "clip(1, x, 2)", "clip(1, 0, x)", "ratio(x, 0)",
        "ratio(0, x)", "x ** 0", "1 ** x", "5 if x else 5", "x if 1 else 5", "5 if 0 else x",
    ],
)  # fmt: skip
def test_what_is_not_a_number_stays_visible(text):
    """NaN goes through every operation, comparisons and tests included."""
    assert math.isnan(value(text, x=math.nan))


def test_the_branch_that_is_not_picked_does_not_count():
    """An if may guard a division by zero."""
    assert value("a / b if b != 0 else 7", a=1.0, b=0.0) == 7.0
    assert value("a / b if b != 0 else 7", a=1.0, b=2.0) == 0.5
