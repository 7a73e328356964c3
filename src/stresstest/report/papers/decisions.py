"""The decisions log: what was decided on the way to the model, when, why and by whom."""

from __future__ import annotations

from ..book import Book
from . import DATE, TEXT, Column, Paper, paper

NAME = "decisions"
COLUMNS = (
    Column("date", "Date", DATE, "when it was decided"), Column("decision", "Decision", TEXT, "what was decided"),
    Column("why", "Why", TEXT, "the reason"), Column("who", "Who", TEXT, "who decided"),
    Column("signed_by", "Signed by", TEXT, "who signed the decision; empty where nobody did"),
)  # fmt: skip


def decisions(book: Book) -> Paper:
    """The log of a book, made once; without rows where the assurance record has no decision."""
    if NAME not in book.papers:
        rows = [vars(one) for one in sorted(book.assurance.decisions, key=lambda one: one.date)]
        book.add(paper(NAME, "Decisions log", COLUMNS, rows, book.assurance.file))
    return book.papers[NAME]
