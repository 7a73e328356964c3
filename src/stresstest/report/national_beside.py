"""Strategies beside each other in one small table: failures, quality, money and health."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from . import words as W
from .document import Block
from .leaflet import Leaflet, Row
from .national_body import CALL, EXPOSURE, value
from .national_rows import WALKS, of
from .national_years import ANY_CAUSE, at_end

Found = Callable[[str], Row | None]
#: Measure and statistic of a total, and what they are called.
TOTALS = (
    (EXPOSURE, "mean", "commissioners bear beyond their budgets, mean"),
    (EXPOSURE, "p95", "the same, 1 future in 20 above"),
    (CALL, "mean", "call on the national body, mean"),
    ("health", "mean", "QALYs gained, mean"),
    ("provider surplus", "mean", "providers' surplus, mean"),
)  # fmt: skip


def beside(page: Leaflet, strategies: Sequence[str]) -> list[Block]:
    """The table; rows that no strategy has are left out."""
    cells = [
        _places(page, strategies, "providers that walk away, mean places", lambda name: _failure(page, name, WALKS)),
        _places(page, strategies, "contracts ended early by any cause, mean places", lambda name: at_end(page, name, ANY_CAUSE)),
        _places(page, strategies, "quality below its floor, mean places", lambda name: _failure(page, name, "quality_floor")),
    ]
    for measure, statistic, words in TOTALS:
        rows = [_total(page, name, measure, statistic) for name in strategies]
        cells.append([words, *(W.NONE if row is None else value(page, row) for row in rows)])
    kept = [[W.sentence(row[0]), *row[1:]] for row in cells if any(cell != W.NONE for cell in row[1:])]
    heads = ("all places together, by the end of the term", *(f"{name} provider" for name in strategies))
    return [page.grid("totals", heads, kept, len(strategies), name="strategies beside",
                      caption="The same places, contract and futures; money as present value")]  # fmt: skip


def _places(page: Leaflet, strategies: Sequence[str], words: str, row_of: Found) -> list[str]:
    rows = [row_of(name) for name in strategies]
    return [words, *(W.NONE if row is None else page.say.number(row, "mean_places", "mean_places_error") for row in rows)]


def _failure(page: Leaflet, strategy: str, failure: str) -> Row | None:
    return next((row for row in of(page, "joint_summary", strategy) if row["failure"] == failure), None)


def _total(page: Leaflet, strategy: str, measure: str, statistic: str) -> Row | None:
    rows = of(page, "totals", strategy)
    return next((row for row in rows if row["measure"] == measure and row["statistic"] == statistic), None)
