"""Paper of the bridge: what takes the provider's surplus from the start to its low point, with and without fixes of wording."""

from __future__ import annotations

from typing import Any

from ..book import Book
from ..source import HONEST, Row
from . import POUNDS, TEXT, WHOLE, YEAR, Column, Paper, paper

AS_IT_IS, FIXED = "as it is", "with every fix"
START, LOW, LEFT = "start", "low point", "not explained"
COLUMNS = (
    Column("scenario", "Scenario", TEXT, "scenario of the run"),
    Column("order", "Order", WHOLE, "order of the steps, by cause"),
    Column("driver", "Step", TEXT, "name of the step"),
    Column("words", "Meaning", TEXT, "what the step holds"),
    Column("change_gbp", "As it is", POUNDS, "change of mean cumulative surplus, contract as it is; a level at both ends"),
    Column("change_error_gbp", "Standard error", POUNDS, "standard error of that change"),
    Column("to_year", "To the year", YEAR, "year of the low point, contract as it is"),
    Column("fixed_change_gbp", "With every fix", POUNDS, "the same with every fix of wording that gaming found"),
    Column("fixed_change_error_gbp", "Standard error", POUNDS, "standard error of that change"),
    Column("fixed_to_year", "To the year", YEAR, "year of the low point, with every fix"),
)
_OWN = ("change_gbp", "change_error_gbp", "to_year")


def bridge_paper(book: Book) -> Paper | None:
    """Both bridges of the honest provider, every scenario, side by side; None where the run has none."""
    rows = [row for row in book.source.rows("bridge") if row["strategy"] == HONEST]
    if not rows:
        return None
    fixed = {(row["scenario"], row["driver"]): row for row in rows if row["contract"] == FIXED}
    joined = [_joined(row, fixed) for row in rows if row["contract"] == AS_IT_IS]
    title = "From the start to the low point of the provider's surplus, step by step"
    return book.add(paper("bridge_table", title, COLUMNS, joined, "summary/bridge.csv"))


def _joined(row: Row, fixed: dict[tuple[Any, Any], Row]) -> dict[str, Any]:
    other = fixed.get((row["scenario"], row["driver"]), Row())
    return {
        **{name: row[name] for name in ("scenario", "order", "driver", "words", *_OWN)},
        **{f"fixed_{name}": other.get(name) for name in _OWN},
    }  # fmt: skip
