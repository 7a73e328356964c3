"""The sheets that lead from a printed number to its cell: the tiles of page 1, with formulas, and every number of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..papers import TEXT, WHOLE, Column
from ..printed import COLUMNS, Places, Printed
from .meanings_advice import ROW
from .sheet import Sheet, plain_value
from .workbook_style import FIRST_ROW, cell_name

TRACE, TILES, SUMMARY = "Trace of numbers", "Tiles", "summary"
PRINTED = Column("printed", "As printed", TEXT, "the number as the report prints it")
PLACED = (
    Column("file", "File", TEXT, "file of the run folder"),
    Column("line", "Line", WHOLE, "line of that file; its header is line 1"), Column("column", "Column", TEXT, "its column"),
    Column("section", "Section", TEXT, "anchor of the section of the page; empty for the cover"),
    Column("sheet", "Sheet", TEXT, "sheet of this workbook with the same cell; empty where no sheet has it"),
    Column("cell", "Cell", TEXT, "cell of that sheet"),
)  # fmt: skip


def places_of(sheets: Sequence[Sheet]) -> Places:
    """Finds (sheet, cell) of a cell of a file, on the sheet with the file's rows as they stand; ("", "") where none has them."""
    known: dict[str, tuple[Sheet, Mapping[str, int]]] = {}
    for sheet in sheets:
        if sheet.file and not sheet.made:
            known.setdefault(sheet.file, (sheet, {column.name: k for k, column in enumerate(sheet.columns)}))

    def place(file: str, line: int, column: str) -> tuple[str, str]:
        sheet, columns = known.get(file, (None, {}))
        if sheet is None or column not in columns or not 2 <= line <= len(sheet.rows) + 1:
            return "", ""
        return sheet.name, cell_name(FIRST_ROW + line - 2, columns[column])

    return place


def trace(printed: Sequence[Printed], places: Places) -> Sheet:
    """Every number that the page prints, with the cell that it comes from."""
    columns = (PRINTED, Column("value", "In full", ROW, "the number in full, or the words that hold it"), *PLACED)
    rows = [_row(one, places) for one in printed]
    return Sheet(TRACE, "Every number of the report and the cell it comes from", columns, rows, "report/trace.csv")


def _row(one: Printed, places: Places) -> dict[str, Any]:
    """A printed number as a row; text that is written as a number is one, as it is on its own sheet."""
    row = dict(zip(COLUMNS, one.cells(places), strict=True))
    return row | {"value": plain_value(one.column, one.value)} if isinstance(one.value, str) else row


def tiles(printed: Sequence[Printed], places: Places, sheets: Sequence[Sheet]) -> Sheet:
    """The numbers of page 1 in its order, each as a formula that reads its cell on the sheet that has it."""
    units = {(sheet.name, column.name): column.unit for sheet in sheets for column in sheet.columns}
    named = {sheet.name: sheet for sheet in sheets}
    rows: list[dict[str, Any]] = []
    formulas: dict[tuple[int, str], str] = {}
    for one in (number for number in printed if number.section == SUMMARY):
        row = {"under": one.under} | _row(one, places)
        unit = units.get((row["sheet"], one.column), "")
        row["unit"] = named[row["sheet"]].rows[one.line - 2].get("unit") if unit == ROW and row["sheet"] else unit
        if row["cell"] and isinstance(row["value"], int | float):
            formulas[len(rows), "value"] = f"='{row['sheet']}'!{row['cell']}"
        rows.append(row)
    columns = (
        Column("under", "Stands under", TEXT, "tile, heading or caption of page 1 that it stands under"), PRINTED,
        Column("value", "In full", ROW, "the number in full: a formula that reads its cell"),
        Column("unit", "Unit", TEXT, "unit of the number in full"), *(one for one in PLACED if one.name != "section"),
    )  # fmt: skip
    return Sheet(TILES, "Page 1: every number of the summary, read from its cell", columns, rows, formulas=formulas,
                 made="Made for this workbook from the page and the cells that it names.")  # fmt: skip
