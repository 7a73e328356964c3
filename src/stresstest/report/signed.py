"""Are the tables of the analyses and of the report still those that were signed? The results hash alone does not say."""

from __future__ import annotations

import csv
import shutil
import tempfile
from pathlib import Path

from ..config.assurance import Signature
from ..results.papers_digest import PATTERNS, papers_digest
from .book import Book
from .papers import FOLDER, write_papers


def changed_since(book: Book) -> list[Signature]:
    """The signatures that name other tables than those of this report and of the analyses beside it.

    To be asked when every section but the annex has been made, so that the book has all its papers.
    """
    named = [one for one in book.assurance.signatures if one.papers_digest]
    if not named:
        return []
    now = digest_of(book)
    return [one for one in named if one.papers_digest != now]


def unnamed(book: Book) -> list[Signature]:
    """The signatures that name no digest of these tables, and so hold for the results hash alone."""
    return [one for one in book.assurance.signatures if not one.papers_digest]


def digest_of(book: Book) -> str:
    """The digest that results.papers_digest will find once this report is written: its papers, the analyses as they lie there."""
    from .papers.checks import checks
    from .papers.compliance import compliance
    from .papers.likelihood import likelihood_words

    for make in (checks, compliance, likelihood_words):
        make(book)
    with tempfile.TemporaryDirectory() as name:
        beside = Path(name)
        write_papers(list(book.papers.values()), beside / "report" / FOLDER)
        _write_gaming(book, beside / "report" / FOLDER / "gaming.csv")
        for path in book.source.folder.glob(PATTERNS[0]):
            copy = beside / path.relative_to(book.source.folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        return papers_digest(beside)


def _write_gaming(book: Book, path: Path) -> None:
    """The gaming table as page.py writes it; a circle of imports forbids asking it, and a test holds the two together."""
    rows = book.source.rows("gaming")
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(list(rows[0]))
        writer.writerows(list(row.values()) for row in rows)


__all__ = ["changed_since", "digest_of", "unnamed"]
