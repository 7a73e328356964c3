"""Figures of the page of changes, each in its own unit."""

from __future__ import annotations

from . import words as W
from .leaflet import Leaflet, Row


def value(page: Leaflet, row: Row, column: str) -> str:
    """A figure in its own unit."""
    if row["unit"] == "GBP":
        return page.say.pounds(row, column, f"{column}_error")
    if row["unit"] in ("probability", "share"):
        return page.say.percent(row, column)
    said = page.say.number(row, column, f"{column}_error")
    return f"{said} QALYs" if row["unit"] == "QALY" else said


def change(page: Leaflet, row: Row, column: str = "change", error: str = "change_error") -> str:
    """A change with its sign; chances in percentage points."""
    amount, spread = row[column], row[error]
    if amount is None:
        return W.NONE
    if row["unit"] in ("probability", "share"):
        text = W.changed(amount, W.in_points) + " points"
    else:
        say = W.pounds if row["unit"] == "GBP" else W.number
        text = W.changed(amount, lambda x: say(x, spread))
    return page.say.cite(row, column, text)
