"""A page about several runs: sections as a report has them, with figures and tables beside it and every number tied to its cell.

A folder holds index.html, leaflet.json (all but the tables), every table as CSV and Parquet, figures/ and trace.csv.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..advice.result import uniform
from ..errors import ConfigError, DataError
from ..gaming.output import Output
from . import palette
from .chart import Chart
from .document import Fold, Grid, Points, Section, words_of
from .page import FIGURES, PAGE, TRACE, trace_text
from .papers import harmless
from .rendering import environment, told
from .table import Table
from .tracing import TableRow, Trace, plain

FACTS, TEMPLATE = "leaflet.json", "leaflet.html.j2"
Row = TableRow


def placed(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[Row]]:
    """Tables whose rows know where they will stand: NAME.csv beside the page, the header in line 1."""
    return {
        name: [
            TableRow.at({key: harmless(value) for key, value in row.items()}, f"{name}.csv", k + 2)
            for k, row in enumerate(uniform(rows))
        ]
        for name, rows in tables.items()
    }  # fmt: skip


@dataclass
class Leaflet:
    """A page in the making.

    `kind` names what made it ("changes", "batch", "national"); `question`, `answer` (sentences, the first answers by itself),
    `basis` what it rests on, `notes` method and limits. Words may hold marks of `say`.
    """

    kind: str
    title: str
    question: str
    tables: dict[str, list[Row]]
    captions: Mapping[str, str] = field(default_factory=dict)
    say: Trace = field(default_factory=Trace)
    answer: list[str] = field(default_factory=list)
    basis: str = ""
    notes: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    charts: dict[str, Chart] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    ok: bool = True

    def rows(self, table: str) -> list[Row]:
        """Rows of a table; none where there is no such table."""
        return self.tables.get(table, [])

    def chart(self, one: Chart) -> Chart:
        """Keep a chart."""
        self.charts[one.name] = one
        return one

    def grid(self, table: str, headings: Sequence[str], cells: Sequence[Sequence[str]], figures: int, css: str = "",
             caption: str = "", name: str = "") -> Grid:  # fmt: skip
        """A table of the page, with its caption and the file of its rows. Two grids of one table need names of their own."""
        shown = Table((name or table).replace("_", "-"), caption or self.captions.get(table, table), headings, cells, figures)
        return Grid(shown, f"{table}.csv", css)

    def record(self) -> dict[str, Any]:
        """Everything but the tables, in plain words."""
        return {
            "kind": self.kind, "title": plain(self.title), "question": self.question,
            "answer": [plain(text).replace("**", "") for text in self.answer], "basis": plain(self.basis),
            "notes": [plain(text) for text in self.notes], "captions": dict(self.captions), "facts": self.facts,
            "tables": [name for name, rows in self.tables.items() if rows],
        }  # fmt: skip

    def as_json(self) -> str:
        """The whole as JSON."""
        tables = {name: [dict(row) for row in rows] for name, rows in self.tables.items()}
        return json.dumps({**self.record(), "tables": tables}, indent=1, ensure_ascii=False)

    def as_text(self) -> str:
        """Question, answer and notes in plain words."""
        record = self.record()
        lines = [record["question"], *(f"  {text}" for text in record["answer"])]
        return "\n".join([*lines, *([""] if record["notes"] else []), *(f"note: {text}" for text in record["notes"])])

    def words(self) -> list[str]:
        """Every string that the page prints, charts apart."""
        inside = [text for section in self.sections for block in section.blocks for text in words_of(block)]
        return [self.title, *self.answer, self.basis, *self.notes, *inside]

    def write(self, folder: Path) -> Path:
        """Write all of it into a folder, whole or not at all; an earlier one of the same kind there gives way; return the page.

        Errors: ConfigError where the folder holds something else or cannot be written.
        """
        require_place(folder, self.kind)
        page = render_sections(self)
        fresh, old = (folder.with_name(f".{folder.name}.{os.getpid()}.{end}") for end in ("new", "old"))
        try:
            self._fill(fresh, page)
            folder.parent.mkdir(parents=True, exist_ok=True)
            if folder.exists():
                folder.rename(old)
            fresh.rename(folder)
        except OSError as error:
            if old.exists() and not folder.exists():
                old.rename(folder)
            raise ConfigError(f"the folder cannot be written: {error.strerror}", key="--out", value=str(folder),
                              expected="--out DIR, a folder with room") from None  # fmt: skip
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
        return folder / PAGE

    def _fill(self, folder: Path, page: str) -> None:
        with Output(folder) as out:
            for name, rows in self.tables.items():
                out.table(name, rows)
            out.facts(FACTS, self.record())
            out.done()
        (folder / FIGURES).mkdir()
        for chart in self.charts.values():
            chart.write(folder / FIGURES)
        (folder / TRACE).write_text(trace_text(self.say), encoding="utf-8", newline="")
        (folder / PAGE).write_text(page, encoding="utf-8", newline="\n")


def require_place(folder: Path, kind: str) -> None:
    """Refuse a folder that holds anything but an earlier leaflet of the same kind. Errors: ConfigError."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    try:
        earlier = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        earlier = {}
    if not isinstance(earlier, dict) or earlier.get("kind") != kind:
        raise ConfigError("the folder is not empty", key="--out", value=str(folder), expected="a new or empty folder")


def read_facts(folder: Path) -> dict[str, Any]:
    """What leaflet.json of a folder says. Errors: DataError where there is none that can be read."""
    try:
        return dict(json.loads((folder / FACTS).read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise DataError("The folder holds no such page.", file=folder / FACTS, value=str(error)) from error


def render_sections(leaflet: Leaflet) -> str:
    """The leaflet as one self-contained HTML page: title, basis, answer, sections, notes. Every word from a file is escaped."""
    from markupsafe import Markup

    page = environment()
    page.filters["told"] = lambda text: told(leaflet.say, text)
    page.filters["drawn"] = lambda name: Markup(leaflet.charts[name].inline())
    return str(page.get_template(TEMPLATE).render(
        title=leaflet.title, question=leaflet.question, basis=leaflet.basis, answer=leaflet.answer, sections=leaflet.sections,
        notes=leaflet.notes, charts=leaflet.charts, palette=palette, banner="WORKING PAPER, NOT ASSURED",
    ))  # fmt: skip


def folded(title: str, blocks: Sequence[Any], most: int, rows: int) -> list[Any]:
    """The blocks as they are where they show few rows, else folded away under a title."""
    return list(blocks) if rows <= most else [Fold(title, tuple(blocks))]


def sentences(items: Sequence[str]) -> list[Any]:
    """A list of sentences, or nothing."""
    return [Points(tuple(items))] if items else []
