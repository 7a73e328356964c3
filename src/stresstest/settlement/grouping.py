"""Which rows of a table are settled side by side: cases of one first year and length, whatever the order of the table.

A table that is sorted by case and year already is recognised in one pass. Another is put into order by counting where its
cases are numbered closely, as `settle` numbers them, and by sorting otherwise.
"""

from __future__ import annotations

import numpy as np

from ..errors import DataError

#: Rows that are compared at a time, so that what is compared is still in the cache when it is compared again.
STRETCH = 8192
#: Places for each row of the table up to which rows are put into order by counting.
ROOM = 4


def grouped(case: np.ndarray, year: np.ndarray, clause: str) -> list[tuple[int, np.ndarray]]:
    """(first year, int64[years, cases] of table rows) for cases int64[R] of one first year and length, in the table's order.

    `clause`: the first that remembers something from year to year, or "". Where none does, each row stands alone. Otherwise
    a case's years follow one another, in the order of the cases, and it remembers nothing from before its own first.
    Raises DataError for a year that is missing or stands twice there.
    """
    if not case.size:
        return []
    case, year = case.astype(np.int64, copy=False), year.astype(np.int64, copy=False)  # sums of numbers follow, and may be large
    if not clause or _each_alone(case):
        low, high = int(year.min()), int(year.max())
        if low == high:
            return [(low, np.arange(case.size)[None, :])]
        return [(t, rows[None, :]) for t in range(low, high + 1) if (rows := np.flatnonzero(year == t)).size]
    order = in_order(case, year)
    if order is not None:
        case, year = case[order], year[order]
    first = np.flatnonzero(np.r_[True, case[1:] != case[:-1]])
    length = np.diff(np.r_[first, case.size])
    _refuse_gaps(year, first, length, clause)
    return _by_length(order, year[first], first, length)


def _each_alone(case: np.ndarray) -> bool:
    """Whether each row is a case of its own, in rising order."""
    ends = range(0, case.size - 1, STRETCH)
    return all(bool((case[at + 1 : at + 1 + STRETCH] > case[at : min(at + STRETCH, case.size - 1)]).all()) for at in ends)


def in_order(case: np.ndarray, year: np.ndarray) -> np.ndarray | None:
    """int64[R]: the rows by case, then year, then place in the table; None where they stand so already."""
    rise, same = case[1:] > case[:-1], case[1:] == case[:-1]
    if bool((rise | (same & (year[1:] >= year[:-1]))).all()):
        return None
    low, span = int(case.min()), int(case.max()) - int(case.min()) + 1
    since, years = int(year.min()), int(year.max()) - int(year.min()) + 1
    if span * years <= ROOM * case.size:
        places = np.full(span * years, -1)
        places[(case - low) * years + (year - since)] = np.arange(case.size)
        order = places[places >= 0]
        if order.size == case.size:
            return np.asarray(order)
    return np.asarray(np.lexsort((year, case)))


def _refuse_gaps(year: np.ndarray, first: np.ndarray, length: np.ndarray, clause: str) -> None:
    place = np.arange(year.size) - np.repeat(first - year[first], length)
    gaps = np.flatnonzero(year != place)
    if gaps.size:
        message = f"a year is missing, and {clause} remembers earlier years"
        raise DataError(message, key="year", value=int(year[gaps[0]]) + 1, expected="years that follow one another")


def _by_length(
    order: np.ndarray | None, start: np.ndarray, first: np.ndarray, length: np.ndarray
) -> list[tuple[int, np.ndarray]]:
    """The groups of cases int64[C], given by first year, first place in the order, and number of years."""
    most = int(length.max()) + 1
    kind = start * most + length
    groups = []
    for one in [int(kind[0])] if bool((kind == kind[0]).all()) else np.unique(kind).tolist():
        chosen = first[kind == one]
        rows = chosen[None, :] + np.arange(one % most)[:, None]
        groups.append((one // most, rows if order is None else order[rows]))
    return groups
