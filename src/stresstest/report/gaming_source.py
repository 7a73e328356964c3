"""The tables of a gaming folder, read and never worked on: rows of plain values, and what is missing."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import DataError, nearest

Row = dict[str, Any]
CATALOGUE = "gaming"
#: Tables that a folder may hold, and what each is called on the page.
TABLES = {
    CATALOGUE: "the catalogue", "loopholes": "loopholes of the wording", "static": "what the clauses alone show",
    "gradient": "gaming against improving", "types": "types of provider", "regimes": "what the provider knows when it acts",
    "shapley": "what each lever adds to the whole", "synergy": "pairs of levers", "fixes": "changes of wording",
    "oracle": "changes of wording against an archive", "regret": "wordings compared by regret",
    "sides": "the commissioner's side", "freedom": "freedom to invest and disinvest",
    "frontier": "trade-offs", "alignment": "pay against value",
    "harmed": "who is harmed", "findings": "the five findings",
}  # fmt: skip
RUN = "run.json"
COMBINATION, NAMED, UNNAMED = "combination", "named", "unnamed"
#: Columns that hold words even where a word looks like a number.
WORDS = (
    "sentence", "finding", "code", "lever", "levers", "how", "also", "clause", "clauses", "fix_value", "fix_changes", "changes",
    "evidence", "source", "name", "first_year", "grade",
)  # fmt: skip


def value_of(column: str, text: str | None) -> Any:
    """A cell: None where it is empty or no number, a number, True or False, or the text itself."""
    if text is None or text == "":
        return None
    if column in WORDS:
        return text
    if text in ("True", "False"):
        return text == "True"
    try:
        number = float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else None


class GamingSource:
    """A folder written by the gaming verb. A table that is not there is empty, and `missing` names it."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise DataError("There is no such folder.", file=self.folder, expected="a folder of gaming results")
        if not any(self.rows(table) for table in TABLES):
            found = sorted(path.name for path in self.folder.glob("*.csv"))
            raise DataError(
                "The folder holds no table of the gaming verb.", file=self.folder, key=f"{CATALOGUE}.csv",
                expected="gaming.csv, loopholes.csv or another with at least one row", nearest=nearest(f"{CATALOGUE}.csv", found),
            )  # fmt: skip

    def rows(self, table: str) -> list[Row]:
        """Rows of a table in its order; none where the folder lacks it. Errors: DataError for a table that cannot be read."""
        if table not in self._read:
            self._read[table] = self._load(table)
        return self._read[table]

    @cached_property
    def _read(self) -> dict[str, list[Row]]:
        return {}

    def _load(self, table: str) -> list[Row]:
        path = self.folder / f"{table}.csv"
        if not path.is_file():
            return []
        try:
            with path.open(encoding="utf-8", newline="") as stream:
                return [{key: value_of(key, text) for key, text in row.items() if key} for row in csv.DictReader(stream)]
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise DataError(f"The table cannot be read: {error}", file=path, expected="a CSV file in UTF-8") from None

    @cached_property
    def run(self) -> Row:
        """What run.json says of the run; empty where there is none. Errors: DataError where it is no JSON table."""
        path = self.folder / RUN
        if not path.is_file():
            return {}
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise DataError(f"The file cannot be read: {error}", file=path, expected="a JSON table") from None
        if not isinstance(found, dict):
            raise DataError("The file is no table.", file=path, value=found, expected="a JSON table")
        return found

    @property
    def missing(self) -> list[str]:
        """Names on the page of the tables that this folder lacks or that are empty."""
        return [words for table, words in TABLES.items() if not self.rows(table)]

    @cached_property
    def ranked(self) -> list[Row]:
        """The catalogue by expected harm at its high end, then by gain; the order of the file where neither is known."""
        def size(row: Row, key: str) -> float:
            value = row.get(key)
            return float(value) if isinstance(value, float) else -math.inf

        keys: Sequence[str] = ("expected_harm_high_gbp", "gain_mean_gbp")
        return sorted(self.rows(CATALOGUE), key=lambda row: [-size(row, key) for key in keys])

    @property
    def best(self) -> Row | None:
        """The best response over all levers: the combination that gains most; None where the catalogue has none."""
        found = self.of_kind(COMBINATION)
        return max(found, key=lambda row: float(row.get("gain_mean_gbp") or 0.0)) if found else None

    def of_kind(self, kind: str) -> list[Row]:
        """Ranked rows of the catalogue of a kind: named, unnamed or combination."""
        return [row for row in self.ranked if kind_of(row) == kind]


def kind_of(row: Row) -> str:
    """Kind of a row of the catalogue: what it says, else combination for joined levers, else named."""
    if row.get("kind"):
        return str(row["kind"])
    lever = str(row.get("lever") or "")
    return COMBINATION if "+" in lever or lever.startswith("best") else NAMED
