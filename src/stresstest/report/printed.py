"""What a page prints: each number with its cell, the section in which it stands, and the words that it stands under."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from .tracing import Trace

PAGE, TRACE = "index.html", "trace.csv"
#: Where a cited number says it comes from, as `rendering` writes it.
PLACE = re.compile(r"(.+), line (\d+), (.+)")
COLUMNS = ("printed", "value", "file", "line", "column", "section", "sheet", "cell")
Places = Callable[[str, int, str], tuple[str, str]]


@dataclass(frozen=True)
class Printed:
    """One number on a page. `section` the anchor of its section; `under` the heading, caption or tile that it stands under."""

    printed: str
    value: Any
    file: str
    line: int
    column: str
    section: str = ""
    under: str = ""

    def cells(self, places: Places | None = None) -> list[Any]:
        """The number as a row of COLUMNS; `places` gives sheet and cell of the workbook, empty where there is none."""
        sheet, cell = places(self.file, self.line, self.column) if places else ("", "")
        return [self.printed, self.value, self.file, self.line, self.column, self.section, sheet, cell]


def printed_numbers(trace: Trace, page: str = "") -> list[Printed]:
    """The numbers that a page prints, in its order; without a page, all that were cited."""
    if not page:
        return [Printed(one.printed, one.value, one.file, one.line, one.column) for one in trace.entries]
    values = {(one.file, one.line, one.column): one.value for one in trace.entries}
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return [Printed(text, values.get((file, line, column)), file, line, column, section, under)
            for text, (file, line, column), section, under in reader.found]  # fmt: skip


def trace_text(trace: Trace, page: str = "", places: Places | None = None) -> str:
    """Every number as CSV: as printed, in full, and the cell that it is.

    With a page: those that it prints, in its order, with the section of each and, where `places` is given, the sheet and cell of
    the workbook. Without one: all that were cited.
    """
    rows = [one.cells(places) for one in printed_numbers(trace, page)]
    return csv_text(COLUMNS, rows) if page else csv_text(COLUMNS[:5], [row[:5] for row in rows])


def csv_text(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Rows under a head as the text of a CSV file."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return buffer.getvalue()


class _Reader(HTMLParser):
    """Reads sections, headings and <data> elements of a page."""

    HEADINGS = frozenset({"h2", "h3", "h4", "h5", "caption", "summary"})

    def __init__(self) -> None:
        super().__init__()
        self.sections: list[str] = []
        self.under, self.heading, self.number = "", "", ""
        self.place: tuple[str, int, str] | None = None
        self.found: list[tuple[str, tuple[str, int, str], str, str]] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """A section, a heading or a number begins."""
        facts = dict(attrs)
        if tag == "section":
            self.sections.append(facts.get("id") or "")
        elif tag in self.HEADINGS or (tag == "p" and facts.get("class") == "name"):
            self.heading, self.under = tag, ""
        elif tag == "data" and (match := PLACE.fullmatch(facts.get("title") or "")):
            self.place, self.number = (match[1], int(match[2]), match[3]), ""

    def handle_data(self, data: str) -> None:
        """Words of a heading or of a number."""
        self.under += data if self.heading else ""
        self.number += data if self.place else ""

    def handle_endtag(self, tag: str) -> None:
        """A section, a heading or a number ends."""
        if tag == "section" and self.sections:
            self.sections.pop()
        elif tag == self.heading:
            self.heading, self.under = "", " ".join(self.under.split())
        elif tag == "data" and self.place:
            section = self.sections[-1] if self.sections else ""
            self.found.append((self.number, self.place, section, " ".join(self.under.split())))
            self.place = None
