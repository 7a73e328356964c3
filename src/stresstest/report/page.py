"""The report of a run: one self-contained page, with its figures and every number's table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from .book import Book
from .chart import Chart
from .papers import FOLDER, harmless, write_papers
from .printed import PAGE, TRACE, csv_text, trace_text
from .rendering import environment, render
from .source import Source
from .swap import made_beside

REPORT, FIGURES, CONTENTS = "report", "figures", "contents.csv"


def build_report(
    folder: Path, checkpoint: str = "", assurance: Path | None = None, formats: Sequence[str] = ()
) -> Path:  # fmt: skip
    """Write report/ (page, figures/, tables/, trace.csv, contents.csv) into a finished run folder; return the path of the page.

    Arguments: `folder` a complete run folder; `checkpoint` CP1, CP2 or CP3 (default: that of the assurance record, else CP2);
    `assurance` a file to be read in place of the run's own record; `formats` what else to make beside the page, such as
    "xlsx" (see report/formats). The report appears whole or not at all: it is written beside its place and then takes that of
    any report that is there. Errors: DataError naming a missing table or column.
    """
    from .formats import require_makers, write_formats

    folder = Path(folder)
    require_makers(formats)
    book = Book.of(folder, checkpoint, assurance)
    page = render(book)
    with made_beside(folder / REPORT) as fresh:
        write_beside(fresh, book, page)
        write_formats(formats, book, fresh)
        write_contents(fresh)
    return folder / REPORT / PAGE


def write_beside(folder: Path, book: Book, page: str) -> None:
    """Write page, figures, tables and trace into a new folder."""
    (folder / FIGURES).mkdir(parents=True)
    for chart in book.charts.values():
        chart.write(folder / FIGURES)
    write_papers(list(book.papers.values()), folder / FOLDER)
    write_gaming(book.source, folder / FOLDER / "gaming.csv")
    (folder / TRACE).write_text(trace_text(book.say, page), encoding="utf-8", newline="")
    (folder / PAGE).write_text(page, encoding="utf-8", newline="\n")


def write_contents(folder: Path) -> None:
    """Write contents.csv: every other file of a report with its bytes and sha256, in the order of paths."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / CONTENTS)
    rows = ([path.relative_to(folder).as_posix(), path.stat().st_size, sha256(path.read_bytes()).hexdigest()] for path in paths)
    (folder / CONTENTS).write_text(csv_text(("path", "bytes", "sha256"), rows), encoding="utf-8", newline="")


def write_gaming(source: Source, path: Path) -> None:
    """The whole gaming table as CSV: pages show a part of its columns."""
    rows = source.rows("gaming")
    text = csv_text(list(rows[0]), ([harmless(value) for value in row.values()] for row in rows))
    path.write_text(text, encoding="utf-8", newline="")


def write_page(folder: Path, name: str, text: str, drawn: list[Chart]) -> Path:
    """Write a page and figures/ into a folder of results, whole or not at all; return the page's path."""
    with made_beside(folder / FIGURES) as fresh:
        fresh.mkdir()
        for chart in drawn:
            chart.write(fresh)
        draft = fresh / name
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(folder / name)
    return folder / name


def shown(chart: Chart) -> dict[str, Any]:
    """A chart with its drawing, for templates that are given both."""
    from markupsafe import Markup

    return {"chart": chart, "svg": Markup(chart.inline())}


__all__ = ["FIGURES", "PAGE", "TRACE", "build_report", "environment", "trace_text", "write_page"]
