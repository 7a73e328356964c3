"""A sheet of the workbook before it is written: title, where its rows come from, columns with units, rows, notes."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ...errors import DataError
from ..papers import NUMBER as NUMBERS
from ..papers import TEXT, Column
from .meanings import column_of, headed
from .meanings_advice import ROW

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
LONGEST_NAME = 31
SUMMARY = "summary/"
#: Columns that hold names even where a name looks like a number.
NAMES = frozenset({
    "year", "years", "first_year", "low_point_year", "adverse_low_point_year", "to_year", "exit_year", "first_year_paid",
    "act_by",
    "code", "id", "letter", "label", "fix_value", "limits", "sha256", "date", "vintage", "printed", "version", "run_id", "name",
})  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """One table of the workbook. `name` is the tab's, `title` says what it shows, `file` where its rows stand as CSV.

    `made` says where the rows come from in words, where they are not the file's as they stand. `notes` are set into the notes
    sheet and named by number under the title. `formulas` maps (row, column) to a formula that recomputes the cell's value.
    `group` is the part of the workbook that it belongs to, as the contents name it.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    file: str = ""
    notes: Sequence[str] = ()
    links: Mapping[int, str] | None = None
    formulas: Mapping[tuple[int, str], str] | None = None
    group: str = ""
    made: str = ""

    @property
    def headings(self) -> list[str]:
        """Headings as they are shown, of which no two are alike whatever their capitals: a later one gets a number."""
        return _apart([headed(column.heading, column.unit) for column in self.columns])

    @property
    def table(self) -> str:
        """Name of the marked-up table: letters, figures and underscores, as a workbook wants it."""
        return f"{re.sub(r'[^A-Za-z0-9]+', '_', self.name).strip('_')}_table"

    @property
    def gaps(self) -> bool:
        """Whether any cell is empty."""
        names = [column.name for column in self.columns]
        return any(empty(row.get(name)) for row in self.rows for name in names)


def empty(value: Any) -> bool:
    """Whether a cell has nothing in it: None, no text, or a number that is none."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def plain_value(name: str, text: str | None) -> Any:
    """A cell of a CSV file: a number where it is written as one and its column holds no names, else the text."""
    if not text or text == "nan":
        return None
    if name not in NAMES and NUMBER.fullmatch(text):
        return int(text) if text.lstrip("-").isdigit() else float(text)
    return text


def read_rows(path: Path) -> tuple[list[str], list[dict[str, Any]]]:
    """Column names and rows of a CSV file. Errors: DataError for one that cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            rows = [{name: plain_value(name, text) for name, text in row.items() if name} for row in reader]
            return list(reader.fieldnames or ()), rows
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError("A table cannot be read.", file=path, value=str(error), expected="a CSV file in UTF-8") from error


def sheet_of(
    name: str, title: str, path: Path, file: str, notes: Sequence[str] = (), own_words: Mapping[str, str] | None = None
) -> Sheet | None:  # fmt: skip
    """A sheet of a CSV file, its columns as the dictionary knows them; None where there is no file or no row.

    `own_words` meanings of columns that the table's own analysis gives.
    """
    if not path.is_file():
        return None
    names, rows = read_rows(path)
    table = path.stem if file.startswith(SUMMARY) else ""
    told = own_words or {}
    columns = [with_words(column_of(one, table, told.get(one, ""), names), rows) for one in names]
    return Sheet(name, title, columns, rows, file, notes) if rows else None


def with_words(column: Column, rows: Sequence[Mapping[str, Any]]) -> Column:
    """The column, said to be of words where it was taken for numbers and no cell of it is one."""
    values = [value for row in rows if not empty(value := row.get(column.name))]
    words = column.unit in (NUMBERS, ROW) and values and not any(isinstance(value, int | float) for value in values)
    return replace(column, unit=TEXT) if words else column


def _apart(headings: Sequence[str]) -> list[str]:
    taken: dict[str, int] = {}
    done = []
    for text in headings:
        taken[text.lower()] = taken.get(text.lower(), 0) + 1
        done.append(text if taken[text.lower()] == 1 else f"{text} ({taken[text.lower()]})")
    return done


def named_apart(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The sheets with names that a workbook takes: at most 31 characters, each only once whatever its capitals."""
    taken: set[str] = set()
    done = []
    for sheet in sheets:
        stem = re.sub(r"[\[\]:*?/\\']", " ", sheet.name).strip()[:LONGEST_NAME] or "Table"
        name, number = stem, 1
        while name.lower() in taken:
            number += 1
            name = f"{stem[: LONGEST_NAME - 4].rstrip()} ({number})"
        taken.add(name.lower())
        done.append(replace(sheet, name=name))
    return done
