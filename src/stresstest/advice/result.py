"""What every analysis hands back: a question, an answer in sentences, tables with errors, and notes on what it cannot say."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..gaming.output import Output, plain_row

Row = Mapping[str, Any]
FACTS = "advice.json"
MOST_SAID, MOST_LINES, MOST_COLUMNS = 8, 14, 9
#: Columns of standard errors and of ends of intervals.
_BESIDE = re.compile(r"_(error|low|high)(_|$)")


@dataclass(frozen=True)
class Advice:
    """An analysis's result.

    `answer`: sentences, the first of which answers the question by itself. `tables`: rows by table name, of plain values;
    a column's standard error stands in a column of the same name with _error before its unit (mean_gbp, mean_error_gbp).
    `captions` says what each table shows. `notes`: method, limits, warnings. `basis`: what it was found on. `facts`: further
    figures that the page needs. `ok` False where a check of the analysis itself failed. `results_hash`: that of the run that was
    analysed, so that nobody takes it for another's.
    """

    verb: str
    question: str
    title: str
    answer: Sequence[str]
    tables: Mapping[str, Sequence[Row]]
    captions: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    basis: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    ok: bool = True
    results_hash: str = ""

    def record(self) -> dict[str, Any]:
        """Everything but the tables, for advice.json."""
        return {
            "verb": self.verb, "question": self.question, "title": self.title, "answer": list(self.answer),
            "notes": list(self.notes), "basis": self.basis, "results_hash": self.results_hash,
            "captions": dict(self.captions), "facts": dict(self.facts),
            "tables": [name for name, rows in self.tables.items() if rows],
        }  # fmt: skip

    def write(self, folder: Path) -> Path:
        """Write every table (CSV and Parquet) and advice.json into a new folder, whole or not at all."""
        with Output(folder) as out:
            for name, rows in self.tables.items():
                out.table(name, uniform(rows))
            out.facts(FACTS, self.record())
            return out.done()

    def as_json(self) -> str:
        """The whole result as JSON."""
        tables = {name: uniform(rows) for name, rows in self.tables.items()}
        return json.dumps({**self.record(), "tables": tables}, indent=1, ensure_ascii=False)

    def as_text(self) -> str:
        """The question, the beginning of the answer, the first rows of the first table, and the notes."""
        lines = [self.question, *(f"  {sentence}" for sentence in self.answer[:MOST_SAID])]
        more = len(self.answer) - MOST_SAID
        lines += [f"  … and {more} more sentences, on the page and in --json", ""] if more > 0 else [""]
        for name, rows in list(self.tables.items())[:1]:
            lines += [self.captions.get(name, name), *text_table(uniform(rows))]
        lines += ["", *(f"note: {note}" for note in self.notes)]
        return "\n".join(lines)


def uniform(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows that all have the columns of any of them, in order of first appearance; what a row lacks is empty."""
    plain = [plain_row(row) for row in rows]
    names = list(dict.fromkeys(name for row in plain for name in row))
    return [{name: row.get(name) for name in names} for row in plain]


def text_table(rows: Sequence[Mapping[str, Any]], most: int = MOST_LINES) -> list[str]:
    """Rows as aligned text, at most `most` of them and MOST_COLUMNS columns; errors and intervals are left to the CSV file."""
    if not rows:
        return []
    full = [name for name in rows[0] if any(row.get(name) not in (None, "") for row in rows)]
    names = [name for name in full if not _BESIDE.search(name)][:MOST_COLUMNS]
    cells = [[_cell(row.get(name)) for name in names] for row in rows[:most]]
    widths = [max(len(name), *(len(line[k]) for line in cells)) for k, name in enumerate(names)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in (names, *cells)]
    return lines if len(rows) <= most else [*lines, f"… {len(rows) - most} more rows"]


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    text = str(value)
    return text if len(text) <= 44 else f"{text[:43]}…"
