"""One clause by itself, year after year, called as the kernel calls it; it need not be in the register."""

from __future__ import annotations

from typing import Any

import numpy as np

from stresstest import layout as L
from stresstest.terms import Field, PackContext, TermKind


def settle(
    kind: TermKind, terms: dict[str, Any], *years: dict[str, float]
) -> tuple[list[float], dict[str, list[float]]]:
    """(amounts by year, shown figures by year). A year gives the quantities that the clause's fields name."""
    names = ["one", *dict.fromkeys(name for year in years for name in year)]
    rows = {name: k for k, name in enumerate(names)}
    d, memory = np.zeros((len(names) + len(kind.shows), 1)), np.zeros((L.MEMORY_SLOTS, 1))
    amounts, shown = [], {figure.name: [] for figure in kind.shows}
    for t, year in enumerate(years):
        d[: len(names), 0] = [1.0, *(year.get(name, 0.0) for name in names[1:])]
        d[len(names) :] = np.nan
        amounts.append(float(kind.arm(_row(kind, terms, t, len(years), rows, d), d, memory, 0)))
        for k, figure in enumerate(kind.shows):
            shown[figure.name].append(float(d[len(names) + k, 0]))
    return amounts, shown


def _row(
    kind: TermKind, terms: dict[str, Any], year: int, years: int, rows: dict[str, int], d: np.ndarray
) -> np.ndarray:
    """The clause's row of one year, its numbers from quantities filled in and its figures behind the quantities."""
    values = {entry.name: _of_year(entry, terms.get(entry.name, entry.default), year) for entry in kind.fields}
    bound = {e.name: values[e.name] for e in kind.fields if e.is_number and isinstance(values[e.name], str)}
    values |= dict.fromkeys(bound, float("nan"))
    values |= dict.fromkeys(kind.unread(values), "one")
    row = np.array(kind.row(values, PackContext(year, years, quantities=rows)))
    for name, quantity in bound.items():
        row[kind.slot(name)] = d[rows[quantity], 0]
    row[L.ROW_SHOW] = len(rows) if kind.shows else -1
    return row


def _of_year(entry: Field, value: Any, year: int) -> Any:
    return value[min(year, len(value) - 1)] if entry.is_number and isinstance(value, list) else value
