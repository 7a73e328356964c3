"""The sections of a report, one module each, in the order of reading. A section is left out where its checkpoint is another."""

from __future__ import annotations

import importlib

from ..book import Book
from ..document import Section

ORDER = (
    "questions", "risks", "hurdles", "finance", "drivers", "loopholes", "outcomes", "all_futures", "reverse", "others", "watch",
    "assumptions", "scenarios", "method", "register", "limits", "assurance", "annex",
)  # fmt: skip


def sections_of(book: Book) -> list[Section]:
    """Every section of the book's checkpoint that has something to say."""
    found = [importlib.import_module(f"{__name__}.{name}").section(book) for name in ORDER]
    return [one for one in found if one is not None and book.checkpoint in one.checkpoints]
