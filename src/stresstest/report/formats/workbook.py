"""The report as a workbook, after the Analysis Function's rules for accessible spreadsheets: one marked-up table a sheet.

Every cell holds the number in full; formats only show less of it. The same run gives the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..book import Book
from ..papers import FOLDER
from ..parts.front import title
from . import workbook_front as front
from . import workbook_style as style
from .meanings import headed
from .sheet import Sheet, empty, named_apart
from .workbook_style import GENERAL, HEAD_ROW, cell_name, number_format, widths
from .workbook_sums import sums
from .workbook_tables import advice_sheets, gaming_sheet, run_sheets

WORKBOOK = "results.xlsx"
#: Longest text that a cell takes.
MOST_TEXT = 32_767
FIRST_PAPER = "headline"


def write_workbook(book: Book, folder: Path) -> Path:
    """Write results.xlsx beside a report; the report's own tables are already there. Errors: DataError for a damaged table."""
    import xlsxwriter

    stamp = front.stamp(book)
    path = folder / WORKBOOK
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as file:
        file.set_properties(_properties(book, stamp))
        writer = _Writer(file)
        for sheet in sheets_of(book, {"gaming": folder / FOLDER / "gaming.csv"}):
            writer.add(sheet, stamp)
        file.worksheets()[0].activate()
    return path


def sheets_of(book: Book, tables: Mapping[str, Path]) -> list[Sheet]:
    """Every sheet in order: cover, contents, notes, run facts, papers of the report, tables of the run, trace, dictionary."""
    made = [*_papers(book), *run_sheets(book), *gaming_sheet(book, tables), *advice_sheets(book)]
    made += [front.checks(book), front.trace(book)]
    body = named_apart([front.cover(book), Sheet(front.CONTENTS, "", (), ()), Sheet(front.NOTES, "", (), ()),
                        front.run_facts(book), *(one for one in made if one.rows)])  # fmt: skip
    added = sums(body)
    body = [*body, *([added] if added else [])]
    rest = [one for one in body if one.name not in (front.CONTENTS, front.NOTES)]
    rest.append(front.dictionary(rest))
    rest, notes = front.with_notes(book, rest)
    first, *others = rest
    return [first, front.contents([first, notes, *others]), notes, *others]


def _papers(book: Book) -> list[Sheet]:
    """The papers of the report, headline figures first."""
    ordered = sorted(book.papers.values(), key=lambda one: one.name != FIRST_PAPER)
    return [
        Sheet(one.name.replace("_", " ").capitalize(), one.title, one.columns, one.rows, f"report/{FOLDER}/{one.name}.csv",
              [*([f"Joined from {one.source}."] if one.source else []), *one.notes])
        for one in ordered
    ]  # fmt: skip


def _properties(book: Book, stamp: str) -> dict[str, Any]:
    manifest = book.source.manifest
    made = datetime.fromisoformat(str(manifest.get("created", "2000-01-01T00:00:00Z"))).astimezone(UTC).replace(tzinfo=None)
    return {
        "title": f"Stress test: {title(book)}{stamp}", "subject": f"Results of run {manifest['run_id']}",
        "author": "stresstest", "category": "Stress test of a contract", "created": made,
        "keywords": f"stress test, contract, {manifest.get('results_hash', '')}",
        "comments": f"Made from run {manifest['run_id']}. The page index.html beside it is the accessible original.",
    }  # fmt: skip


def _exact() -> Any:
    """A worksheet that writes numbers in full; the library's own stops after 16 figures."""
    from xlsxwriter.worksheet import Worksheet

    class Exact(Worksheet):
        """Numbers as the shortest text that gives the same number back."""

        def _xml_number_element(self, number: Any, attributes: Sequence[tuple[str, Any]] = ()) -> None:
            marks = "".join(f' {key}="{value}"' for key, value in attributes)
            self.fh.write(f"<c{marks}><v>{number!r}</v></c>")

    return Exact


class _Writer:
    """A workbook being written: its formats, each made once, and its sheets in turn."""

    def __init__(self, file: Any) -> None:
        self.file, self.kind = file, _exact()
        self.formats: dict[Any, Any] = {}
        file.formats[0].set_font_name(style.FONT)
        file.formats[0].set_font_size(style.POINTS)

    def format(self, form: str = GENERAL, **more: Any) -> Any:
        """A cell format: number format and further properties."""
        key = (form, *sorted(more.items()))
        if key not in self.formats:
            plain = {"font_name": style.FONT, "font_size": style.POINTS, "valign": "top", "num_format": form}
            self.formats[key] = self.file.add_format(plain | more)
        return self.formats[key]

    def add(self, sheet: Sheet, stamp: str) -> None:
        """Write a sheet: words above the table, then the table."""
        page = self.file.add_worksheet(sheet.name, worksheet_class=self.kind)
        headings = _apart([headed(column.heading, column.unit) for column in sheet.columns])
        self._words(page, sheet, stamp)
        for k, width in enumerate(widths(sheet, headings)):
            page.set_column(k, k, width)
        head = self.format(bold=True, text_wrap=True, bottom=1)
        page.add_table(HEAD_ROW, 0, HEAD_ROW + len(sheet.rows), len(sheet.columns) - 1, {
            "name": sheet.table, "style": None, "autofilter": False, "banded_rows": False, "description": sheet.title,
            "columns": [{"header": text, "header_format": head} for text in headings],
        })  # fmt: skip
        for k, row in enumerate(sheet.rows):
            for place, column in enumerate(sheet.columns):
                self._cell(page, sheet, k, place, row.get(column.name), row.get("unit"))

    def _words(self, page: Any, sheet: Sheet, stamp: str) -> None:
        page.write_string(style.TITLE_ROW, 0, sheet.title + stamp, self.format(bold=True, font_size=style.TITLE_POINTS))
        last = cell_name(HEAD_ROW + len(sheet.rows), len(sheet.columns) - 1)
        about = f"This sheet holds one table, {cell_name(HEAD_ROW, 0)} to {last}. {' '.join(sheet.notes)}".strip()
        page.write_string(style.ABOUT_ROW, 0, about, self.format())
        place = f"Rows as in {sheet.file} of the run folder." if sheet.file else "Made for this workbook."
        page.write_string(style.FROM_ROW, 0, place, self.format())
        target = front.COVER if sheet.name == front.CONTENTS else front.CONTENTS
        self._link(page, style.BACK_ROW, 0, target, f"To {target.lower()}")

    def _link(self, page: Any, row: int, column: int, name: str, words: str) -> None:
        form = self.format(font_color="#005EB8", underline=1)
        page.write_url(row, column, f"internal:'{name}'!A1", form, words)

    def _cell(self, page: Any, sheet: Sheet, k: int, place: int, value: Any, unit: Any) -> None:
        row, column = style.FIRST_ROW + k, sheet.columns[place]
        value = value.item() if hasattr(value, "item") else value  # numpy's numbers are written as plain ones
        if empty(value):
            return
        if sheet.links and place == 0:
            self._link(page, row, 0, sheet.links[k], str(value))
        elif isinstance(value, bool):
            page.write_string(row, place, "yes" if value else "no", self.format(text_wrap=True))
        elif isinstance(value, int | float) and math.isfinite(value):
            form = self.format(GENERAL if column.unit in style.WORDS else number_format(column.unit, column.name, unit))
            formula = (sheet.formulas or {}).get((k, column.name))
            if formula:
                page.write_formula(row, place, formula, form, value)
            else:
                page.write_number(row, place, value, form)
        else:
            text = str(value)[:MOST_TEXT]
            like = text.startswith(style.FORMULA_LIKE)
            page.write_string(row, place, text, self.format(text_wrap=True, quote_prefix=like))


def _apart(headings: Sequence[str]) -> list[str]:
    """Headings of which no two are alike, whatever their capitals: a later one gets a number."""
    taken: dict[str, int] = {}
    done = []
    for text in headings:
        taken[text.lower()] = taken.get(text.lower(), 0) + 1
        done.append(text if taken[text.lower()] == 1 else f"{text} ({taken[text.lower()]})")
    return done
