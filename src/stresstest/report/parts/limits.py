"""Section of the report: what it may be used for, what it may not, and what no figure of it can say."""

from __future__ import annotations

from ..book import Book
from ..document import Block, Grid, Points, Section, Text, Under
from ..papers import FOLDER
from ..papers.limits import AGAINST, FOR, LIMIT, limits
from ..table import Table

HEADINGS = ("Not for", "Why, and what to do instead")


def section(book: Book) -> Section | None:
    """Uses, uses that are not supported, limits."""
    rows = limits(book).rows
    own = [str(row["statement"]) for row in rows if str(row["id"]).startswith("R")]
    table = [[f"{row['name']}", str(row["statement"])] for row in rows if row["kind"] == AGAINST]
    cannot = [row for row in rows if row["kind"] == LIMIT and not str(row["id"]).startswith("R")]
    blocks: list[Block] = [
        Text("This report supports a decision and does not make one. It may be used to:"),
        Points([f"**{row['name']}.** {row['statement']}" for row in rows if row["kind"] == FOR]),
        Grid(Table("unsupported", "Uses that are not supported", HEADINGS, table, 0), f"{FOLDER}/limits.csv"),
        Under("What no figure here can say", [Points([f"**{row['name']}.** {row['statement']}" for row in cannot])]),
    ]
    if own:
        blocks.append(Under("Limits of this piece of work", [Points(own)]))
    return Section("limits", "Limits, and uses that are not supported", blocks)
