"""Section of the report: others."""

from __future__ import annotations

from ..book import Book
from ..document import Section


def section(book: Book) -> Section | None:
    """The section, or None where the run has nothing for it."""
    return None
