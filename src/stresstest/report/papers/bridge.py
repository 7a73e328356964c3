"""Paper of the bridge: what takes the provider's surplus from the start to its low point, with and without fixes of wording."""

from __future__ import annotations

from typing import Any

from ..book import Book
from ..source import HONEST, Row
from . import POUNDS, TEXT, WHOLE, YEAR, Column, Paper, paper

AS_IT_IS, FIXED = "as it is", "with every fix"
START, LOW, LEFT = "start", "low point", "not explained"
#: Kinds of the rows that are no change, for runs whose bridge does not say.
KINDS = {START: "start", LOW: "level"}
COLUMNS = (
    Column("scenario", "Scenario", TEXT, "scenario of the run"),
    Column("order", "Order", WHOLE, "order of the steps, by cause"),
    Column("driver", "Step", TEXT, "name of the step"),
    Column("kind", "Kind", TEXT, "start: a level before the first year; change: a step; level: where the steps lead"),
    Column("words", "Meaning", TEXT, "what the step holds"),
    Column("change_gbp", "As it is", POUNDS,
           "mean of futures, contract as it is: change of cumulative surplus; a level where the kind is start or level"),
    Column("change_error_gbp", "Standard error", POUNDS, "standard error of that change"),
    Column("to_year", "To the year", YEAR, "year to which the steps lead: the low point of the contract as it is"),
    Column("fixed_change_gbp", "With every fix", POUNDS, "the same with every fix of wording that gaming found"),
    Column("fixed_change_error_gbp", "Standard error", POUNDS, "standard error of that change"),
    Column("fixed_to_year", "To the year, with every fix", YEAR, "the same year; older runs: the low point with every fix"),
    Column("difference_gbp", "Fixes change it by", POUNDS, "with every fix less as it is: mean of the paired differences"),
    Column("difference_error_gbp", "Standard error of the difference", POUNDS, "standard error of that mean"),
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
    return book.add(paper("bridge_table", title, COLUMNS, joined, "summary/bridge.csv", NOTES))


NOTES = ("Means of futures, real and undiscounted; hurdles are told of the median path, which is another one.",)


def _joined(row: Row, fixed: dict[tuple[Any, Any], Row]) -> dict[str, Any]:
    other = fixed.get((row["scenario"], row["driver"]), Row())
    return {
        **{name: row[name] for name in ("scenario", "order", "driver", "words", *_OWN)},
        "kind": row.get("kind") or KINDS.get(str(row["driver"]), "change"),
        **{f"fixed_{name}": other.get(name) for name in _OWN},
        **{name: other.get(name) for name in ("difference_gbp", "difference_error_gbp")},
    }  # fmt: skip
