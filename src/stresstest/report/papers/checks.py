"""Checks of the model on this run, the failed ones first."""

from __future__ import annotations

import re

from .. import words as W
from ..book import Book
from . import SHARE, TEXT, Column, Paper, paper

NAME, HOLDS, FAILED, NULL_TEST = "checks", "holds", "FAILED", "null test"
COLUMNS = (
    Column("check", "Check", TEXT, "what was checked on this run's own tables"),
    Column("result", "Result", TEXT, f"{HOLDS} or {FAILED}"),
    Column("found", "Found", TEXT, "what was found, where there is more to say"),
    Column("tolerance", "Tolerance", SHARE, "null tests: most that chance may pay or take, as a share of the annual payment"),
)  # fmt: skip


def checks(book: Book) -> Paper:
    """The checks of a book's run, made once."""
    if NAME not in book.papers:
        ordered = sorted(book.source.checks, key=lambda check: bool(check["ok"]))
        rows = [
            {"check": W.spoken(str(one["check"])), "result": HOLDS if one["ok"] else FAILED, "found": found(str(one["detail"])),
             "tolerance": tolerance(book) if str(one["check"]).startswith(NULL_TEST) else None}
            for one in ordered
        ]  # fmt: skip
        book.add(paper(NAME, "Checks of the model on this run", COLUMNS, rows, "checks.json, config.effective.toml"))
    return book.papers[NAME]


def tolerance(book: Book) -> float | None:
    """The tolerance of the null tests (share of the annual payment) that the run was made with; None where it does not say."""
    value = book.source.setting("study", "checks", "null_tolerance")
    return float(value) if isinstance(value, int | float) else None


def found(detail: str) -> str:
    """What a check found, with proper minus signs and none before nothing, and not the bare word that stands beside it."""
    if detail == HOLDS:
        return ""
    text = detail.replace("£-", f"{W.MINUS}£").replace(" -", f" {W.MINUS}").replace("(-", f"({W.MINUS}")
    return re.sub(rf"{W.MINUS}(£?0(?:\.0+)?)(?![\d.])", r"\1", text)
