"""Every number that is printed is tied to the cell that it was read from: file, line and column.

A cited number travels through sentences and cells as text between three marks that no text otherwise holds. A page turns
the marks into <data> elements that name the cell; pictures and plain text drop them. `trace.csv` beside a report lists them all.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from . import words as W

OPEN, MIDDLE, CLOSE = "\ue000", "\ue001", "\ue002"
_NO_MARKS = str.maketrans("", "", OPEN + MIDDLE + CLOSE)
MARKED = re.compile(f"{OPEN}(\\d+){MIDDLE}([^{CLOSE}]*){CLOSE}")


class TableRow(dict[str, Any]):
    """A row that knows where it stands: `file` relative to the run folder, `line` of that file (its header is line 1)."""

    file: str = ""
    line: int = 0

    @classmethod
    def at(cls, values: dict[str, Any], file: str, line: int) -> TableRow:
        """The values, standing in a line of a file."""
        row = cls((key, unmarked(value)) for key, value in values.items())
        row.file, row.line = file, line
        return row


@dataclass(frozen=True)
class Entry:
    """One printed number: as printed, in full, and the cell that it is."""

    printed: str
    value: Any
    file: str
    line: int
    column: str


@dataclass
class Trace:
    """Every number that a report cites, in the order of citing.

    The methods print one cell of a row, rounded to its error, and note where it stands. `error` names the column of its
    standard error; where the row has none, three figures are printed.
    """

    entries: list[Entry] = field(default_factory=list)

    def cite(self, row: TableRow, column: str, printed: str) -> str:
        """A number as it is printed, tied to its cell; a dash stands for an empty cell and is tied to nothing."""
        if printed == W.NONE:
            return printed
        if not row.file:
            raise ValueError(f"a row without a place is cited: {column}")
        self.entries.append(Entry(printed, row[column], row.file, row.line, column))
        return f"{OPEN}{len(self.entries) - 1}{MIDDLE}{printed}{CLOSE}"

    def _say(self, row: TableRow, column: str, error: str | None, say: Callable[[Any, Any], str]) -> str:
        spread = row.get(error) if error else None
        value = row.get(column)
        return self.cite(row, column, say(_number(value), _number(spread)))

    def pounds(self, row: TableRow, column: str = "value", error: str | None = "error") -> str:
        """£244m; no finer than its standard error."""
        return self._say(row, column, error, W.pounds)

    def number(self, row: TableRow, column: str = "value", error: str | None = "error") -> str:
        """5,300; no finer than its standard error."""
        return self._say(row, column, error, W.number)

    def percent(self, row: TableRow, column: str = "value", decimals: int = 1) -> str:
        """55.3%."""
        return self._say(row, column, None, lambda value, _: W.percent(value, decimals))

    def chance(self, row: TableRow, column: str = "value") -> str:
        """"about 6 in 10"."""
        return self._say(row, column, None, lambda value, _: W.chance(value))

    def set_to(self, row: TableRow, column: str, unit: str = "") -> str:
        """An input as it was set."""
        return self._say(row, column, None, lambda value, _: W.as_set(value, unit))

    def text(self, row: TableRow, column: str) -> str:
        """A cell of words that holds a figure, such as a financial year."""
        value = row.get(column)
        return self.cite(row, column, str(value)) if value not in (None, "") else W.NONE


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def read_csv(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """Rows of a CSV file, each with the line at which it begins (a cell in quotes may run over several)."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        found: list[tuple[int, dict[str, Any]]] = []
        begins = reader.line_num + 1 if reader.fieldnames else 1
        for row in reader:
            found.append((begins, row))
            begins = reader.line_num + 1
        return found


def unmarked(value: Any) -> Any:
    """A value as it was read, without the marks: nobody's text may pass for a cited number. Lists, tables and records through."""
    if isinstance(value, str):
        return value.translate(_NO_MARKS)
    if isinstance(value, dict):
        return {key: unmarked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(unmarked(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: unmarked(getattr(value, one.name)) for one in fields(value)})
    return value


def plain(text: str) -> str:
    """Text without the marks."""
    return MARKED.sub(r"\2", text)


def cited(text: str) -> list[int]:
    """Numbers of the entries that a text cites."""
    return [int(match[1]) for match in MARKED.finditer(text)]
