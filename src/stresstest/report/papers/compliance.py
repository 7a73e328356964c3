"""How far the engine meets two public standards, item by item, with where to look; reports and docs are made from this one list.

    RAP    levels of a reproducible analytical pipeline, NHS RAP Community of Practice
    AQuA   features that a reviewer can check, after HM Treasury's AQuA Book (2025)

`python -m stresstest.report.papers.compliance docs` writes docs/rap.md and docs/aqua.md again.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from ..book import Book
from . import TEXT, Column, Paper, paper
from .compliance_items import AQUA, MET, NOT_MET, PARTLY, RAP, Item

NAME = "compliance"
COLUMNS = (
    Column("standard", "Standard", TEXT, "RAP levels, or the AQuA Book"),
    Column("id", "Id", TEXT, "number of the item in this list"),
    Column("level", "Level", TEXT, "baseline, silver or gold; AQuA: quality assurance"),
    Column("asked", "What is asked", TEXT, "the item in a sentence"),
    Column("state", "State", TEXT, f"{MET}, {PARTLY} or {NOT_MET}"),
    Column("where", "Where", TEXT, "files of the project, and sections of this report (#), that meet it"),
    Column("note", "Note", TEXT, "what is missing, or how it is met"),
)  # fmt: skip


@dataclass(frozen=True)
class Standard:
    """A standard: short name, title, where it is published, what the list is, and its items."""

    name: str
    title: str
    source: str
    about: str
    items: tuple[Item, ...]


STANDARDS = (
    Standard(
        "RAP", "Reproducible analytical pipeline", "NHS RAP Community of Practice, Levels of RAP",
        "The levels of a reproducible analytical pipeline, and what meets each item. This is the project’s own view: nobody "
        "outside it has confirmed it.", RAP,
    ),
    Standard(
        "AQuA", "Quality assurance", "HM Treasury, The AQuA Book (2025)",
        "Features that a reviewer can check, after the AQuA Book, and what meets each. This is the project’s own view: "
        "nobody outside it has confirmed it.", AQUA,
    ),
)  # fmt: skip


def compliance(book: Book) -> Paper:
    """Both lists as one paper, made once."""
    if NAME not in book.papers:
        rows = [
            {"standard": one.name, "id": item.id, "level": item.level, "asked": item.asked, "state": item.state,
             "where": "; ".join(item.where), "note": item.note}
            for one in STANDARDS for item in one.items
        ]  # fmt: skip
        book.add(paper(NAME, "How far two standards are met", COLUMNS, rows, "; ".join(one.source for one in STANDARDS)))
    return book.papers[NAME]


def markdown(standard: Standard) -> str:
    """The list as a page of docs/, with links to the files that meet each item."""
    head = [f"# {standard.title}: what is met, and where", "", standard.about, "", f"Source of the items: {standard.source}.", "",
            "| item | level | asked | state | where | note |", "|---|---|---|---|---|---|"]  # fmt: skip
    rows = [
        f"| {one.id} | {one.level} | {one.asked} | **{one.state}** | {', '.join(map(_linked, one.where))} | {one.note} |"
        for one in standard.items
    ]
    tail = ["", "This page is made from `src/stresstest/report/papers/compliance_items.py`, as the table in every report is; "
            "write it again with `python -m stresstest.report.papers.compliance docs`.", ""]  # fmt: skip
    return "\n".join([*head, *rows, *tail])


def _linked(where: str) -> str:
    """A file as a link from docs/; a section of the report by its name."""
    if where.startswith("#"):
        return f"section “{where[1:]}” of every report"
    if where.startswith("`"):
        return where
    return f"[{where}](../{where})" if not where.startswith("docs/") else f"[{where}]({where.removeprefix('docs/')})"


def write(folder: Path) -> list[Path]:
    """Write the pages into a folder of documentation, and return them."""
    paths = []
    for one in STANDARDS:
        path = folder / f"{one.name.lower()}.md"
        path.write_text(markdown(one), encoding="utf-8", newline="\n")
        paths.append(path)
    return paths


if __name__ == "__main__":
    for written in write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs")):
        print(written)
