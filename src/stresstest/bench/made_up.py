"""Made-up numbers for timing one clause by itself: every clause of the register, once for each of its choices.

A new clause is timed without anybody's doing. The numbers mean nothing; they lie within the fields' bounds, and no limit is
so far off that the clause has nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .. import layout as L
from ..terms import TERMS, Field, TermKind
from ..terms._term import PackContext

SUM = "max(0, first - 0.9 * second) + (first if second < 1 else 0.5 * third)"
POWERS = "exp(0.1 * first) + log(1 + second) + third ** 1.5"
#: The quantities that clauses are given, by number of the field that asks.
QUANTITIES = {
    "first": L.RECORD_ACUTE, "second": L.RECORD_ACUTE_EXPECTED, "third": L.RECORD_COST, "fourth": L.RECORD_AGREED,
}  # fmt: skip
INDICATORS = {"one": 0, "two": 1}
ROWS = 2
Values = dict[str, Any]


def spread_numbers(*shape: int) -> np.ndarray:
    """float64 of this shape between 0.5 and 1.5, evenly spread and always the same (multiples of the golden section)."""
    count = int(np.prod(shape))
    return np.asarray((0.5 + np.arange(1, count + 1) * 0.6180339887498949 % 1.0).reshape(shape))


def _number(field: Field, k: int) -> float:
    wish = 2.0 if "year" in field.unit and field.unit != "per year" else 0.3 + 0.2 * k
    return min(max(wish, field.low), field.high)


def _value(field: Field, k: int) -> Any:
    """The value of a field: of row k where it stands in one."""
    if field.unit == "choice":
        return field.choices[0]
    if field.unit == "quantity":
        return tuple(QUANTITIES)[k % len(QUANTITIES)]
    if field.unit == "indicator":
        return tuple(INDICATORS)[k % len(INDICATORS)]
    if field.unit == "formula":
        return SUM
    if field.unit == "rows":
        count = min(ROWS, field.most)
        return [{column.name: _value(column, row + at) for at, column in enumerate(field.columns)} for row in range(count)]
    return _number(field, k)


def values_of(kind: TermKind) -> Values:
    """A value for every field of a clause."""
    return {field.name: _value(field, k) for k, field in enumerate(kind.fields)}


def variants(kind: TermKind) -> Iterator[tuple[str, Values]]:
    """(what is chosen, values): the clause with its first choices, then with each other choice by itself."""
    plain = values_of(kind)
    yield "", plain
    for field in kind.fields:
        for option in field.choices[1:]:
            yield f"{field.name} {option}", {**plain, field.name: option}
        if field.unit == "formula":
            yield "powers", {**plain, field.name: POWERS}


def rows_of_clauses(years: int) -> Iterator[tuple[str, int, np.ndarray]]:
    """(name, number of the kind, float64[years, ROW_SLOTS]) of every clause and choice."""
    for number, kind in enumerate(TERMS):
        for chosen, values in variants(kind):
            contexts = [PackContext(t, years, INDICATORS, dict.fromkeys(INDICATORS, 0.1), QUANTITIES) for t in range(years)]
            rows = np.array([kind.row(values, context) for context in contexts])
            yield " ".join(filter(None, (kind.name, chosen))), number, rows
