"""How the workbook looks: number formats by unit, widths by what is in a column, and where a table stands in its sheet."""

from __future__ import annotations

import math
from typing import Any

from ..papers import CHANCE, POUNDS, QALY, SHARE, TEXT, WHOLE, YEAR
from .sheet import Sheet

#: Rows of a sheet, from 0: title, what the sheet holds, where it comes from, way back, headings; then the table's rows.
TITLE_ROW, ABOUT_ROW, FROM_ROW, BACK_ROW, HEAD_ROW, FIRST_ROW = range(6)
FONT, POINTS, TITLE_POINTS = "Arial", 11, 14
NARROWEST, WIDEST = 10, 62
GENERAL = "General"
FORMATS = {
    POUNDS: "£#,##0;-£#,##0", "GBP per QALY": "£#,##0;-£#,##0", CHANCE: "0.0%", SHARE: "0.0%", QALY: "#,##0;-#,##0",
    WHOLE: "#,##0;-#,##0",
}  # fmt: skip
FINE_SHARE = "0.00%"
#: Units as rows of a table name them.
ROW_UNITS = {
    "GBP": POUNDS, "GBP, present value": POUNDS, "probability": CHANCE, "share": SHARE, "fraction": SHARE, "score": SHARE,
    "QALY": QALY, "QALY, present value": QALY, "inputs": WHOLE, "futures": WHOLE,
}  # fmt: skip
WORDS = frozenset({TEXT, YEAR, "date"})
#: A text that begins so might be taken for a formula by a program that reads it again.
FORMULA_LIKE = ("=", "+", "-", "@", "\t", "\r")


def number_format(unit: str, name: str, row_unit: Any) -> str:
    """Number format of a cell: by its column's unit, else by the unit that its row names."""
    own = unit if unit in FORMATS else ROW_UNITS.get(str(row_unit or ""), "")
    if own in (CHANCE, SHARE) and "error" in name:
        return FINE_SHARE
    return FORMATS.get(own, GENERAL)


def shown(value: Any, form: str) -> str:
    """A number about as wide as a workbook shows it in a format."""
    if isinstance(value, str):
        return value
    if "%" in form:
        return f"{value:.2%}"
    return f"£{value:,.0f}-" if "£" in form else f"{value:,.0f}-" if "#" in form else f"{value:.9g}-"


def widths(sheet: Sheet, headings: list[str]) -> list[int]:
    """Width of each column in characters: what is in it, between two bounds; longer texts are wrapped."""
    found = []
    for column, heading in zip(sheet.columns, headings, strict=True):
        longest = max((len(word) for word in heading.split()), default=0) + 2
        for row in sheet.rows:
            value = row.get(column.name)
            if isinstance(value, int | float) and not isinstance(value, bool):
                form = number_format(column.unit, column.name, row.get("unit"))
                text = shown(value, form) if math.isfinite(value) else "inf"
            else:
                text = str(value or "")
            longest = max(longest, len(text) + 1)
        found.append(min(WIDEST, max(NARROWEST, longest)))
    return found


def cell_name(row: int, column: int) -> str:
    """Name of a cell: (5, 27) → "AB6"."""
    letters, left = "", column + 1
    while left:
        left, rest = divmod(left - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
