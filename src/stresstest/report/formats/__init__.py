"""The forms of a report beside its page: workbook, PDF, slide, and the pack for a reviewer.

Each is made of the same book and files as the page and appears with it or not at all. None prints a figure that no table holds;
the workbook's sheet of sums only works stored figures out again, to show that they agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ...errors import ConfigError, nearest
from ..book import Book

PAGE, WORKBOOK, PDF, SLIDE = "html", "xlsx", "pdf", "slide"
FORMATS = (PAGE, WORKBOOK, PDF, SLIDE)
ALL = "all"


def chosen(text: str) -> tuple[str, ...]:
    """Formats named in a text such as "html,xlsx" or "all", in the order of making; the page is always among them.

    Errors: ConfigError with the nearest name for a format that there is not.
    """
    asked = [name.strip().lower() for name in text.split(",") if name.strip()]
    for name in asked:
        if name not in (*FORMATS, ALL):
            raise ConfigError("there is no such format", key="--format", value=name, expected=", ".join((*FORMATS, ALL)),
                              nearest=nearest(name, (*FORMATS, ALL)))  # fmt: skip
    return tuple(name for name in FORMATS if name == PAGE or name in asked or ALL in asked)


def require_makers(names: Sequence[str]) -> None:
    """Refuse a format that this machine cannot make before any work is done. Errors: ConfigError saying what to install."""
    if PDF in names:
        from .pdf import require_engine

        require_engine()


def write_formats(names: Sequence[str], book: Book, folder: Path) -> None:
    """Make the formats named, in their fixed order, beside a page that is already written into `folder`."""
    for name in FORMATS:
        if name in names and name in _MAKERS:
            _MAKERS[name](book, folder)


def _workbook(book: Book, folder: Path) -> None:
    from .workbook import write_workbook

    write_workbook(book, folder)


def _pdf(book: Book, folder: Path) -> None:
    from .pdf import write_pdf

    write_pdf(book, folder)


def _slide(book: Book, folder: Path) -> None:
    from ..slide import write_slide

    write_slide(book, folder)


_MAKERS: dict[str, Callable[[Book, Path], None]] = {WORKBOOK: _workbook, PDF: _pdf, SLIDE: _slide}
