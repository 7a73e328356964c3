"""How the workbook looks: number formats by unit, widths by what is in a column, and where a table stands in its sheet."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..papers import CHANCE, POUNDS, QALY, SHARE, TEXT, WHOLE, YEAR, Column
from .meanings_advice import ROW
from .sheet import Sheet

#: Rows of a sheet, from 0: title, what the sheet holds, where it comes from, way back, headings; then the table's rows.
TITLE_ROW, ABOUT_ROW, FROM_ROW, BACK_ROW, HEAD_ROW, FIRST_ROW = range(6)
FONT, POINTS, TITLE_POINTS = "Arial", 11, 14
NARROWEST, WIDEST = 10, 62
GENERAL = "General"
FORMATS = {
    POUNDS: "£#,##0;-£#,##0", "GBP per QALY": "£#,##0;-£#,##0", CHANCE: "0.0%;-0.0%", SHARE: "0.0%;-0.0%",
    QALY: "#,##0;-#,##0", WHOLE: "#,##0;-#,##0",
}  # fmt: skip
FINE_SHARE = "0.00%;-0.00%"
#: Half of the last place that a format shows: a number nearer to 0 is shown without a sign.
HALF = {FINE_SHARE: 0.00005, FORMATS[CHANCE]: 0.0005}
#: Money from here on stands for no limit at all; so the cell says, and holds the number that the run had.
NO_LIMIT, NO_LIMIT_FORMAT = 1e15, '"no limit"'
#: Units as rows of a table name them, by their beginning.
ROW_UNITS = {
    "GBP": POUNDS, "probability": CHANCE, "share": SHARE, "fraction": SHARE, "QALY": QALY, "inputs": WHOLE, "futures": WHOLE,
}  # fmt: skip
#: What the result that a row names is measured in, where no column gives the unit.
RESULTS = (("exposure", POUNDS), ("surplus", POUNDS), ("health", QALY), ("exit", CHANCE), ("losses", CHANCE),
           ("probability", CHANCE))  # fmt: skip
WORDS = frozenset({TEXT, YEAR, "date"})


def row_unit(row: Mapping[str, Any]) -> str:
    """Unit of the cells of a row that have the row's own: named by it, else of the result or party that it is about; or ""."""
    named = str(row.get("unit") or "")
    for start, unit in ROW_UNITS.items():
        if named.startswith(start):
            return unit
    about = str(row.get("measure") or row.get("metric") or row.get("result") or "")
    if named or about:
        return next((unit for word, unit in RESULTS if not named and word in about), "")
    if "probability" in row:
        return CHANCE
    return {"": "", "residents": QALY}.get(str(row.get("party") or ""), POUNDS)


def number_format(column: Column, row: Mapping[str, Any], value: float) -> str:
    """Number format of a cell: by its column's unit; by its row's only where the column says so; else by its size."""
    if column.unit in WORDS:
        return GENERAL
    form = FORMATS.get(column.unit if column.unit != ROW else row_unit(row), "")
    if not form:
        return by_size(value)
    if form == FORMATS[POUNDS] and abs(value) >= NO_LIMIT:
        return NO_LIMIT_FORMAT
    if form == FORMATS[CHANCE] and "error" in column.name:
        form = FINE_SHARE
    plain = form.partition(";")[0]
    return f"{plain};{plain}" if abs(value) < HALF.get(form, 0.5) else form


def by_size(value: float) -> str:
    """Format of a number without a unit: whole numbers as they are, others with about four figures."""
    size = abs(value)
    if not math.isfinite(value) or value == int(value):
        return GENERAL if size < 10_000 else "#,##0;-#,##0"
    if size < 0.001:
        return "0.00E+00"
    return "0.0000" if size < 1 else "0.000" if size < 10 else "0.0" if size < 1000 else "#,##0;-#,##0"


def shown(value: Any, form: str) -> str:
    """A number about as wide as a workbook shows it in a format."""
    if form == NO_LIMIT_FORMAT:
        return "no limit"
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
                text = shown(value, number_format(column, row, value)) if math.isfinite(value) else "inf"
            else:
                text = str(value or "")
            longest = max(longest, len(text) + 2)
        found.append(min(WIDEST, max(NARROWEST, longest)))
    return found


def cell_name(row: int, column: int) -> str:
    """Name of a cell: (5, 27) → "AB6"."""
    letters, left = "", column + 1
    while left:
        left, rest = divmod(left - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
