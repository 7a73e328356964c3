"""How far each party is from its hurdle."""

from __future__ import annotations

from .. import sections
from ..book import Book
from ..document import Grid, Section, Text


def section(book: Book) -> Section | None:
    """The section, or None where the run has nothing for it."""
    table = sections.history(book.source)
    return Section("hurdles", "How bad it gets, and when", [Text("To be written."), Grid(table, "../summary/history.csv")])
