"""One count of the inputs, reconciled: ids of the register, settings of the run, inputs, and how many are rated, dated, owned."""

from __future__ import annotations

from ..book import Book
from ..tracing import TableRow
from . import TEXT, WHOLE, Column, Paper, paper
from .register import NOT_VARIED, POOR, SETTING, register
from .register_dates import NOT_RECORDED

NAME = "register_counts"
IDS, SETTINGS, INPUTS, LISTED, ADDED = "ids", "settings", "inputs", "listed", "added"
JUDGED, WEAK, RATED, UNRATED, DATED, OWNED = "judged", "poor", "rated", "not_rated", "dated", "owned"
COLUMNS = (
    Column("name", "Name", TEXT, "short name of the count"), Column("words", "What is counted", TEXT, "rows of the register"),
    Column("count", "Count", WHOLE, "how many"),
)  # fmt: skip


def register_counts(book: Book) -> Paper:
    """The counts of a book's register, made once."""
    if NAME not in book.papers:
        every = register(book).rows
        rows = [row for row in every if row["mark"] != SETTING]
        listed = {str(row["key"]) for row in book.source.rows("assumptions")}
        counts = (
            (IDS, "ids of the register: inputs and settings", every),
            (SETTINGS, "settings of how the run is made, such as seed and number of futures; no assumptions",
             [row for row in every if row["mark"] == SETTING]),
            (INPUTS, "inputs", rows),
            (LISTED, "inputs that summary/assumptions.csv lists", [row for row in rows if row["key"] in listed]),
            (ADDED, "inputs that it leaves out: hurdles and tolerance of the study, bounds, the term",
             [row for row in rows if row["key"] not in listed]),
            (JUDGED, "inputs that are marked as judgements", [row for row in rows if row["mark"] == "judgement"]),
            (WEAK, "inputs of poor quality: judgements, choices of a scenario, and those without a mark",
             [row for row in rows if row["quality"] == POOR]),
            (RATED, "inputs that were moved one by one, and whose risk is rated",
             [row for row in rows if row["impact"] != NOT_VARIED]),
            (UNRATED, "inputs that were not, and whose risk is not rated",
             [row for row in rows if row["impact"] == NOT_VARIED]),
            (DATED, "inputs whose file or source gives a date", [row for row in rows if row["as_of"] != NOT_RECORDED]),
            (OWNED, "inputs with a person or a body as owner", [row for row in rows if is_person(str(row["owner"] or ""))]),
        )  # fmt: skip
        found = [{"name": name, "words": words, "count": len(counted)} for name, words, counted in counts]
        book.add(paper(NAME, "Inputs, counted", COLUMNS, found, "the assumptions register"))
    return book.papers[NAME]


def count(book: Book, name: str) -> TableRow:
    """The row of one count, whose cell `count` can be cited."""
    return next(row for row in register_counts(book).rows if row["name"] == name)


def is_person(owner: str) -> bool:
    """Whether an owner is somebody, and not a file or nobody."""
    return bool(owner) and not owner.startswith("no person") and not owner.endswith((".toml", ".csv", ".toml)", ".csv)"))
