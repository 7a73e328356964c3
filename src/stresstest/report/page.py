"""The report of a run: one self-contained page, with its figures and every number's table beside it."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from .book import Book
from .chart import Chart
from .papers import FOLDER, write_papers
from .rendering import environment, render
from .source import Source
from .tracing import Trace

REPORT, PARTIAL, OLD = "report", "report.partial", "report.old"
PAGE, FIGURES, TRACE = "index.html", "figures", "trace.csv"


def build_report(
    folder: Path, checkpoint: str = "", assurance: Path | None = None, formats: Sequence[str] = ()
) -> Path:  # fmt: skip
    """Write report/ (index.html, figures/, tables/, trace.csv) into a finished run folder, and return the path of the page.

    Arguments: `folder` a complete run folder; `checkpoint` CP1, CP2 or CP3 (default: that of the assurance record, else CP2);
    `assurance` a file to be read in place of the run's own record; `formats` what else to make beside the page, such as
    "xlsx" (see report/formats). The report appears whole or not at all: it is written as
    report.partial and then takes the place of any report that is there. Errors: DataError naming a missing table or column.
    """
    from .formats import require_makers, write_formats

    folder = Path(folder)
    require_makers(formats)
    book = Book.of(folder, checkpoint, assurance)
    page = render(book)
    partial = folder / PARTIAL
    shutil.rmtree(partial, ignore_errors=True)
    try:
        write_beside(partial, book, page)
        write_formats(formats, book, partial)
        put_in_place(partial, folder / REPORT, folder / OLD)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder / REPORT / PAGE


def write_beside(folder: Path, book: Book, page: str) -> None:
    """Write page, figures, tables and trace into a new folder."""
    (folder / FIGURES).mkdir(parents=True)
    for chart in book.charts.values():
        chart.write(folder / FIGURES)
    write_papers(list(book.papers.values()), folder / FOLDER)
    write_gaming(book.source, folder / FOLDER / "gaming.csv")
    (folder / TRACE).write_text(trace_text(book.say), encoding="utf-8", newline="")
    (folder / PAGE).write_text(page, encoding="utf-8", newline="\n")


def trace_text(trace: Trace) -> str:
    """Every number that was cited, as CSV: as printed, in full, and the cell."""
    rows = ([one.printed, one.value, one.file, one.line, one.column] for one in trace.entries)
    return _csv(("printed", "value", "file", "line", "column"), rows)


def write_gaming(source: Source, path: Path) -> None:
    """The whole gaming table as CSV: pages show a part of its columns."""
    rows = source.rows("gaming")
    path.write_text(_csv(list(rows[0]), (list(row.values()) for row in rows)), encoding="utf-8", newline="")


def _csv(head: Iterable[str], rows: Iterable[list[Any]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return buffer.getvalue()


def write_page(folder: Path, name: str, text: str, drawn: list[Chart]) -> Path:
    """Write a page and figures/ into a folder of results, whole or not at all; return the page's path."""
    partial = folder / f"{FIGURES}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir()
        for chart in drawn:
            chart.write(partial)
        page = partial / name
        page.write_text(text, encoding="utf-8", newline="\n")
        page.replace(folder / name)
        put_in_place(partial, folder / FIGURES, folder / f"{FIGURES}.old")
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder / name


def put_in_place(new: Path, place: Path, aside: Path) -> None:
    """Give the new folder its name; an older one goes only when the new one is there."""
    shutil.rmtree(aside, ignore_errors=True)
    if place.exists():
        place.rename(aside)
    try:
        new.rename(place)
    except OSError:
        if aside.exists():
            aside.rename(place)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def shown(chart: Chart) -> dict[str, Any]:
    """A chart with its drawing, for templates that are given both."""
    from markupsafe import Markup

    return {"chart": chart, "svg": Markup(chart.inline())}


__all__ = ["build_report", "environment", "write_page"]
