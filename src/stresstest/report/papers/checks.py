"""Checks of the model on this run, the failed ones first."""

from __future__ import annotations

import re

from .. import words as W
from ..book import Book
from . import TEXT, Column, Paper, paper

NAME, HOLDS, FAILED = "checks", "holds", "FAILED"
COLUMNS = (
    Column("check", "Check", TEXT, "what was checked on this run's own tables"),
    Column("result", "Result", TEXT, f"{HOLDS} or {FAILED}"),
    Column("found", "Found", TEXT, "what was found, where there is more to say"),
)  # fmt: skip


def checks(book: Book) -> Paper:
    """The checks of a book's run, made once."""
    if NAME not in book.papers:
        ordered = sorted(book.source.checks, key=lambda check: bool(check["ok"]))
        rows = [
            {"check": W.spoken(str(one["check"])), "result": HOLDS if one["ok"] else FAILED, "found": found(str(one["detail"]))}
            for one in ordered
        ]
        book.add(paper(NAME, "Checks of the model on this run", COLUMNS, rows, "checks.json"))
    return book.papers[NAME]


def found(detail: str) -> str:
    """What a check found, with proper minus signs and none before nothing, and not the bare word that stands beside it."""
    if detail == HOLDS:
        return ""
    text = detail.replace("£-", f"{W.MINUS}£").replace(" -", f" {W.MINUS}").replace("(-", f"({W.MINUS}")
    return re.sub(rf"{W.MINUS}(£?0(?:\.0+)?)(?![\d.])", r"\1", text)
