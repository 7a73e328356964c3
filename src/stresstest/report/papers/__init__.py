"""Papers: tables that a report adds to those of its run, with a dictionary. They join what the run's tables hold.

Each goes beside the report as CSV and into the workbook as a sheet; pages print cells of it. A paper computes no new number.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..tracing import TableRow

FOLDER = "tables"
#: Units of a column: what it holds, and how a workbook shows it.
TEXT, POUNDS, SHARE, CHANCE, QALY, NUMBER, WHOLE, YEAR, DATE = (
    "text", "GBP", "share", "probability", "QALY", "number", "whole", "financial year", "date",
)  # fmt: skip

#: How a text begins that a program for spreadsheets takes for a formula, and a text that is a number all the same.
FORMULA_LIKE = ("=", "+", "-", "@", "\t", "\r")
NUMBER_TEXT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?%?")


@dataclass(frozen=True)
class Column:
    """A column of a paper: its name in the file, heading, unit and meaning."""

    name: str
    heading: str
    unit: str
    meaning: str


@dataclass(frozen=True)
class Paper:
    """A table of the report. `name` is its file's and its sheet's; `title` says what it shows; `source` where rows come from.

    `rows` know their line; every row has every column (None where empty).
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[TableRow]
    source: str = ""
    notes: Sequence[str] = ()

    def csv(self) -> str:
        """The rows in full precision."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        names = [column.name for column in self.columns]
        writer.writerow(names)
        writer.writerows([_cell(row[name]) for name in names] for row in self.rows)
        return buffer.getvalue()


def _cell(value: Any) -> Any:
    if value is None or (isinstance(value, float) and value != value):
        return ""
    return ("no", "yes")[value] if isinstance(value, bool) else value


def paper(
    name: str, title: str, columns: Sequence[Column], rows: Sequence[dict[str, Any]], source: str = "", notes: Sequence[str] = ()
) -> Paper:
    """A paper whose rows know where they will stand: report/tables/NAME.csv, the header in line 1."""
    file = f"report/{FOLDER}/{name}.csv"
    names = [column.name for column in columns]
    placed = [TableRow.at({key: harmless(row.get(key)) for key in names}, file, k + 2) for k, row in enumerate(rows)]
    return Paper(name, title, tuple(columns), placed, source, tuple(notes))


def harmless(value: Any) -> Any:
    """A cell that is safe to write: a text on one line, so that a row is a line of its file; one that a program for spreadsheets
    would take for a formula behind an apostrophe. All else as it is."""
    if not isinstance(value, str):
        return value
    line = " ".join(value.splitlines())
    return f"'{line}" if line.startswith(FORMULA_LIKE) and not NUMBER_TEXT.fullmatch(line) else line


def write_papers(papers: Sequence[Paper], folder: Path) -> None:
    """Write every paper as CSV into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in papers:
        (folder / f"{one.name}.csv").write_text(one.csv(), encoding="utf-8", newline="")
