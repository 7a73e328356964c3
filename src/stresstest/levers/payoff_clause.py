"""One clause over a few years, run as the engine runs it: what closed forms of gaming pay-offs are paid by.

The clause's fields are packed into a row for each year, and its arm is called year after year with what it remembers.
A quantity that no year gives has its neutral value, or that of the quantity it equals, as in a settlement of given
years. Nothing is checked against bounds, so that a sum may be in millions of pounds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .. import layout as L
from .._jit import Array
from ..terms import ONE, STANDARD, PackContext, TermKind


def _rows_of(years: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Rows of d by quantity: the standard ones, the one that is always 1, then those that only these years name."""
    rows = {quantity.name: quantity.driver for quantity in STANDARD} | {ONE: len(L.DRIVERS)}
    for name in dict.fromkeys(name for year in years for name in year if name not in rows):
        rows[name] = len(L.DRIVERS) + len(rows) - len(STANDARD)
    return rows


def _fill(d: Array, year: Mapping[str, Any], rows: Mapping[str, int]) -> None:
    """Write one year's quantities into d[rows, futures]."""
    d[:] = 0.0
    for quantity in STANDARD:
        d[quantity.driver] = year.get(quantity.name, year.get(quantity.same_as, quantity.neutral))
    d[rows[ONE]] = 1.0
    for name, value in year.items():
        d[rows[name]] = value


def _of_year(value: Any, t: int) -> Any:
    """The entry of year t where a number is given year by year; the last one holds."""
    by_year = isinstance(value, (list, tuple)) and value and isinstance(value[0], (int, float))
    return value[min(t, len(value) - 1)] if by_year else value


def run_clause(
    kind: TermKind, terms: Mapping[str, Any], years: Sequence[Mapping[str, Any]]
) -> tuple[Array, dict[str, Array]]:
    """Amounts float64[years, futures], positive from payer to payee, and the clause's figures by name, shaped alike.

    `terms` holds fields of the clause, a number or one for each year; the others take their defaults. A year holds
    quantities by name, each a number or one for each future.
    """
    rows, fields = _rows_of(years), {f.name: f.default for f in kind.fields} | dict(terms)
    futures = max((np.size(value) for year in years for value in year.values()), default=1)
    shown_from = len(L.DRIVERS) + 1 + len(rows)
    d, memory = np.zeros((shown_from + len(kind.shows), futures)), np.zeros((L.MEMORY_SLOTS, futures))
    amounts, shown = np.zeros((len(years), futures)), np.zeros((len(kind.shows), len(years), futures))
    for t, year in enumerate(years):
        values = {name: _of_year(value, t) for name, value in fields.items()}
        values |= dict.fromkeys(kind.unread(values), ONE)
        row = np.array(kind.row(values, PackContext(t, len(years), quantities=rows)))
        row[L.ROW_SHOW] = shown_from
        _fill(d, year, rows)
        for i in range(futures):
            amounts[t, i] = kind.arm(row, d, memory, i)
        shown[:, t] = d[shown_from:]
    return amounts, {figure.name: shown[k] for k, figure in enumerate(kind.shows)}
