"""Formula: a figure worked out from other quantities as the contract writes it down.

Figure. Its value each year is the sum written in `value`, over quantities that stand before it. It moves no money; a payment
or another clause reads it by its id.

    value = "max(0, benchmark - spend) * (0.5 if score >= 0.8 else 0.25)"

Numbers, names of quantities, + − * / and ** (power), parentheses; <, <=, >, >=, ==, != between two things (1 where true, 0
where not); `and`, `or`, `not`, for which any number but 0 is true and whose result is 1 or 0; "a if test else b"; min and max
of two or more, abs(x), clip(x, low, high) = min(high, max(low, x)), ratio(a, b) = a / b and 0 where b is 0, floor(x),
round(x) = floor(x + ½), sqrt, exp, log (natural). They bind as in school and in Python: ** before the sign, then * and /, +
and −, comparisons, not, and, or, if; ** from the right, the others from the left.

What has no value is not a number (NaN): a / 0, the root of a negative number, the log of 0 or less, 0 to a negative power, a
fractional power of a negative number, and what is too large to write down. It stays so in everything worked out from it, min,
max, comparisons, `not` and the test of an `if` included. The one exception is the branch of an `if` that is not picked: it is
worked out and dropped. `and` and `or` always work out both sides. Nothing is remembered from year to year.

A formula has at most 28 steps (numbers, names and operations; clip and != are two) and holds at most 8 numbers at once; a
longer one is split into two figures.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._jit import rule
from ._formula import STACK, FormulaError, evaluate, names, program
from ._term import Field, TermKind, row_slots

MOST_STEPS = 28
FIELDS = (Field("value", "formula", "the sum, over quantities that stand before it", most=MOST_STEPS),)
(COUNT, FIRST) = row_slots(FIELDS)


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """The formula's value; the memory is scratch."""
    return evaluate(row, int(row[COUNT]), FIRST, d, memory, i)


def check(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Findings as (key, sentence): a formula that cannot be read, or that is too long or too deep."""
    try:
        steps = len(program(values["value"], dict.fromkeys(names(values["value"]), 0))) // 2
    except FormulaError as error:
        return [("value", str(error))]
    if steps > MOST_STEPS:
        return [("value", f"the formula has {steps} steps, the most is {MOST_STEPS}; split it into two figures")]
    return []


KIND = TermKind(
    name="formula", title="Formula", fields=FIELDS, arm=arm, memory=STACK, scratch=True, check=check, moves=False
)
