"""Rows of the tables of a national study: those of one strategy, and which tables and columns are there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .leaflet import Leaflet, Row

WALKS = "walks_away"
#: The command that makes what a page lacks, and that of tables which need a study of their own.
AGAIN = "stresstest national-report RUN RUN …"
COMMANDS = {"clauses": "stresstest national FILE"}


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
