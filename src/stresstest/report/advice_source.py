"""The folder of an analysis, read and never worked on: what it says, and its tables as rows of plain values."""

from __future__ import annotations

import csv
import json
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import DataError
from .gaming_source import value_of
from .tracing import TableRow, read_csv, unmarked

Row = dict[str, Any]
FACTS = "advice.json"
#: Columns that hold words even where a word looks like a number.
WORDS = ("year", "years", "name", "variant", "failure", "id", "code", "limit", "words", "sentence")


class AdviceSource:
    """A folder written by an analysis verb. Errors: DataError for a folder that is none."""

    def __init__(self, folder: Path, place: str = "") -> None:
        """`place`: where the folder stands within the run's, for rows that know their place."""
        self.folder, self.place = Path(folder), place
        if not (self.folder / FACTS).is_file():
            raise DataError(
                "The folder holds no analysis.", file=self.folder, key=FACTS, expected="the folder of an analysis verb"
            )

    @cached_property
    def record(self) -> dict[str, Any]:
        """What advice.json says: verb, question, title, answer, notes, basis, captions, facts, tables."""
        try:
            return dict(unmarked(json.loads((self.folder / FACTS).read_text(encoding="utf-8"))))
        except (OSError, ValueError) as error:
            raise DataError("The analysis cannot be read.", file=self.folder / FACTS, value=str(error)) from error

    @property
    def facts(self) -> dict[str, Any]:
        """Further figures that charts may need."""
        return dict(self.record.get("facts", {}))

    @cached_property
    def _read(self) -> dict[str, list[TableRow]]:
        return {}

    def rows(self, table: str) -> list[TableRow]:
        """Rows of a table in its order; none where the folder lacks it. Errors: DataError for a table that cannot be read."""
        if table not in self._read:
            path = self.folder / f"{table}.csv"
            file = f"{self.place}/{table}.csv" if self.place else f"{table}.csv"
            found = self._load(path) if path.is_file() else []
            self._read[table] = [TableRow.at(row, file, line) for line, row in found]
        return self._read[table]

    def _load(self, path: Path) -> list[tuple[int, dict[str, Any]]]:
        try:
            return [
                (line, {name: text if name in WORDS else value_of(name, text) for name, text in row.items()})
                for line, row in read_csv(path)
            ]
        except (OSError, csv.Error, UnicodeDecodeError) as error:
            raise DataError("A table of the analysis cannot be read.", file=path, value=str(error)) from error
