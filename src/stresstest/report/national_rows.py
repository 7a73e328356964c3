"""Rows of the tables of a national study: those of one strategy, which are there, and what several sections ask of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from . import words as W
from .leaflet import Leaflet, Row
from .tracing import plain

WALKS = "walks_away"
#: The command that makes what a page lacks, and that of tables which need a study of their own.
AGAIN = "stresstest national-report RUN RUN …"
COMMANDS = {"clauses": "stresstest national FILE"}
#: Below this p-value places differ; from this rank correlation on, size goes with the chance.
DIFFER, GOES_WITH = 0.05, 0.3
#: Cells of a column that says nothing.
EMPTY = (W.NONE, "0.0%")


def of(page: Leaflet, table: str, strategy: str) -> list[Row]:
    """Rows of one strategy."""
    return [row for row in page.rows(table) if row["strategy"] == strategy]


def held(page: Leaflet, table: str, columns: Sequence[str] = ()) -> bool:
    """Whether a table is there with these columns."""
    rows = page.rows(table)
    return bool(rows) and all(column in rows[0] for column in columns)


def count(page: Leaflet, row: Row, column: str) -> str:
    """A whole number, cited."""
    found: Any = row.get(column)
    return page.say.cite(row, column, "–" if found is None else f"{int(found):,}")


def command(page: Leaflet, table: str) -> str:
    """The command that makes a table: what the page's facts say, or what adds up finished runs."""
    return str((page.facts.get("commands") or {}).get(table, COMMANDS.get(table, AGAIN)))


def chart_name(stem: str, strategy: str) -> str:
    """The name of a strategy's chart: letters, digits and low lines only."""
    return "".join(one if one.isascii() and one.isalnum() else "_" for one in f"{stem}_{strategy}")


def strategies_of(page: Leaflet) -> list[str]:
    """The strategies of the tables, in order."""
    return list(dict.fromkeys(str(row["strategy"]) for row in page.rows("places")))


def first_strategy(page: Leaflet) -> str:
    """The strategy of the answer."""
    return str(page.rows("joint_summary")[0]["strategy"])


def summary(page: Leaflet, strategy: str, failure: str = WALKS) -> Row:
    """The row of joint failures of a kind."""
    return next(row for row in of(page, "joint_summary", strategy) if row["failure"] == failure)


def budget(page: Leaflet, strategy: str) -> float:
    """Sum of the places' agreed budgets over the term (£, present value); 0 where they are not known."""
    return math.fsum(float(row.get("agreed_budget_gbp") or 0.0) for row in of(page, "places", strategy))


def telling(headings: Sequence[str], cells: Sequence[Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    """Headings and rows without the columns that say nothing in any row; the first always stays."""
    kept = [j for j in range(len(headings)) if j == 0 or any(plain(row[j]) not in EMPTY for row in cells)]
    return [headings[j] for j in kept], [[row[j] for j in kept] for row in cells]


# ── whether places differ ──────────────────────────────────────────────────────────────────────────────────────────
def _differ(page: Leaflet, strategy: str) -> Row | None:
    if not held(page, "places_differ", ("measure", "p_value")):
        return None
    return next((row for row in of(page, "places_differ", strategy) if row["measure"] == WALKS), None)


def alike(page: Leaflet, strategy: str) -> bool:
    """Whether the places' chances differ no more than chance would have it; no where that was not tested."""
    row = _differ(page, strategy)
    return row is not None and row["p_value"] is not None and float(row["p_value"]) >= DIFFER


def size_correlation(page: Leaflet, strategy: str) -> float | None:
    """Rank correlation of the chance that losses end the contract with the agreed budget; None where it is not known."""
    row = _differ(page, strategy)
    found = row.get("rank_correlation_with_budget") if row is not None else None
    return None if found is None or math.isnan(float(found)) else float(found)


def with_size(page: Leaflet, strategy: str) -> str:
    """"the smaller places (rank correlation with the budget −0.62)"; "" where size does not go with the chance."""
    found, row = size_correlation(page, strategy), _differ(page, strategy)
    if found is None or row is None or abs(found) < GOES_WITH:
        return ""
    cited = page.say.cite(row, "rank_correlation_with_budget", W.correlation(found))
    return f"the {'smaller' if found < 0.0 else 'larger'} places (rank correlation with the budget {cited})"
