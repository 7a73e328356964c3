"""The cover and the one-page summary."""

from __future__ import annotations

from typing import Any

from ..book import Book
from ..sections import title


def front(book: Book) -> dict[str, Any]:
    """Everything that the first two pages name."""
    manifest = book.source.manifest
    return {"title": title(book.source), "run_id": manifest["run_id"], "state": book.assurance.state}
