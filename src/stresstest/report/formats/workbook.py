"""The report as a workbook, after the Analysis Function's rules for accessible spreadsheets: one marked-up table a sheet.

Every cell holds the number in full; formats only show less of it. The same run gives the same bytes.
"""

from __future__ import annotations

import math
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..book import Book
from ..papers import FOLDER, FORMULA_LIKE
from ..parts.front import title
from ..printed import PAGE, TRACE, printed_numbers, trace_text
from . import workbook_front as front
from . import workbook_style as style
from .sheet import Sheet, empty, named_apart
from .workbook_basis import prices, with_basis
from .workbook_papers import SUMMARY, paper_sheets
from .workbook_style import GENERAL, HEAD_ROW, cell_name, number_format, widths
from .workbook_sums import sums
from .workbook_tables import AUDIT, DETAIL, advice_sheets, gaming_sheet, run_sheets
from .workbook_trace import TILES, places_of, tiles, trace

WORKBOOK, LANGUAGE, PROPERTIES = "results.xlsx", "en-GB", "docProps/core.xml"
#: Longest text that a cell takes.
MOST_TEXT = 32_767
GROUPS = (SUMMARY, DETAIL, AUDIT)
FILE_OF_CHECKS = f"report/{FOLDER}/checks.csv"


def write_workbook(book: Book, folder: Path) -> Path:
    """Write results.xlsx beside a report, whose page and tables are already there, and name its cells in the report's trace.csv.

    Errors: DataError for a damaged table.
    """
    import xlsxwriter

    stamp, path = front.stamp(book), folder / WORKBOOK
    page = (folder / PAGE).read_text(encoding="utf-8") if (folder / PAGE).is_file() else ""
    sheets = sheets_of(book, {"gaming": folder / FOLDER / "gaming.csv"}, page)
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as file:
        file.set_properties(_properties(book, stamp))
        writer = _Writer(file)
        for sheet in sheets:
            writer.add(sheet, stamp)
        file.worksheets()[0].activate()
    set_language(path)
    if page:
        (folder / TRACE).write_text(trace_text(book.say, page, places_of(sheets)), encoding="utf-8", newline="")
    return path


def sheets_of(book: Book, tables: Mapping[str, Path], page: str = "") -> list[Sheet]:
    """Every sheet in order: cover, contents and notes, then in three groups summary, detail and audit.

    `page` the report's page, whose numbers are traced; without it all that were cited are.
    """
    made = [*paper_sheets(book), *run_sheets(book), *gaming_sheet(book, tables), *advice_sheets(book), front.run_facts(book)]
    if FILE_OF_CHECKS not in {one.file for one in made}:
        made.append(front.checks(book))
    year = prices(book)
    ordered = sorted((one for one in made if one.rows), key=lambda one: GROUPS.index(one.group))
    taken = [Sheet(name, "", (), ()) for name in (front.COVER, front.CONTENTS, front.NOTES, TILES)]
    body = [with_basis(one, year) for one in named_apart([*taken, *ordered])[len(taken) :]]
    places, printed = places_of(body), printed_numbers(book.say, page)
    first, last = tiles(printed, places, body), [one for one in (sums(body), trace(printed, places)) if one and one.rows]
    rest = [front.cover(book), *([replace(first, group=SUMMARY)] if first.rows else []), *body,
            *(replace(one, group=AUDIT) for one in last)]  # fmt: skip
    rest.append(front.dictionary(rest))
    rest, notes = front.with_notes(book, rest)
    return [rest[0], front.contents([rest[0], notes, *rest[1:]]), notes, *rest[1:]]


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
        headings = sheet.headings
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
                self._cell(page, sheet, k, place, row.get(column.name))

    def _words(self, page: Any, sheet: Sheet, stamp: str) -> None:
        page.write_string(style.TITLE_ROW, 0, sheet.title + stamp, self.format(bold=True, font_size=style.TITLE_POINTS))
        last = cell_name(HEAD_ROW + len(sheet.rows), len(sheet.columns) - 1)
        about = f"This sheet holds one table, {cell_name(HEAD_ROW, 0)} to {last}. {' '.join(sheet.notes)}".strip()
        page.write_string(style.ABOUT_ROW, 0, about, self.format())
        place = sheet.made or (f"Rows as in {sheet.file} of the run folder." if sheet.file else "Made for this workbook.")
        page.write_string(style.FROM_ROW, 0, place, self.format())
        target = front.COVER if sheet.name == front.CONTENTS else front.CONTENTS
        self._link(page, style.BACK_ROW, 0, target, f"To {target.lower()}")

    def _link(self, page: Any, row: int, column: int, name: str, words: str) -> None:
        form = self.format(font_color="#005EB8", underline=1)
        page.write_url(row, column, f"internal:'{name}'!A1", form, words)

    def _cell(self, page: Any, sheet: Sheet, k: int, place: int, value: Any) -> None:
        row, column = style.FIRST_ROW + k, sheet.columns[place]
        value = value.item() if hasattr(value, "item") else value  # numpy's numbers are written as plain ones
        if empty(value):
            return
        formula = (sheet.formulas or {}).get((k, column.name))
        if sheet.links and place == 0:
            self._link(page, row, 0, sheet.links[k], str(value))
        elif isinstance(value, bool):
            page.write_string(row, place, "yes" if value else "no", self.format(text_wrap=True))
        elif isinstance(value, int | float) and math.isfinite(value):
            form = self.format(number_format(column, sheet.rows[k], value))
            if formula:
                page.write_formula(row, place, formula, form, value)
            else:
                page.write_number(row, place, value, form)
        elif formula:
            page.write_formula(row, place, formula, self.format(text_wrap=True), str(value))
        else:
            text = str(value)[:MOST_TEXT]
            like = text.startswith(FORMULA_LIKE)
            page.write_string(row, place, text, self.format(text_wrap=True, quote_prefix=like))


def set_language(path: Path) -> None:
    """Name the language in the document's properties; the library has no way to. The same workbook keeps the same bytes."""
    with zipfile.ZipFile(path) as archive:
        files = [(one, archive.read(one)) for one in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, data in files:
            told = data.replace(b"</cp:coreProperties>", f"<dc:language>{LANGUAGE}</dc:language></cp:coreProperties>".encode())
            archive.writestr(one, told if one.filename == PROPERTIES else data)
