"""Sums that must come out, as formulas over the cells of other sheets: whoever changes a cell sees what no longer adds up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...layout import EXPOSURE
from ..papers import POUNDS, TEXT, Column
from ..source import DIFFERENCE, GAMED, HONEST
from .sheet import Sheet, empty
from .workbook_style import FIRST_ROW, cell_name
from .workbook_tables import WHOLE_TERM

NAME = "Sums recomputed"
COLUMNS = (
    Column("sum", "Sum", TEXT, "what must come out"), Column("unit", "Unit", TEXT, "unit of the figures"),
    Column("stored", "As stored", "see unit", "the cell that holds the figure"),
    Column("recomputed", "Recomputed", "see unit", "the same figure worked out from the cells it is made of"),
    Column("difference", "Difference", "see unit", "as stored less recomputed; not 0 only by rounding"),
)  # fmt: skip
Key = tuple[str, str, str, str]


def sums(sheets: Sequence[Sheet]) -> Sheet | None:
    """The sheet of sums; None where the workbook has none of the tables."""
    found = [*_summary(sheets), *_bridge(sheets)]
    if not found:
        return None
    rows: list[dict[str, Any]] = []
    formulas: dict[tuple[int, str], str] = {}
    for k, (words, unit, stored, parts) in enumerate(found):
        total = sum(sign * value for sign, _, value in parts)
        rows.append({"sum": words, "unit": unit, "stored": stored[1], "recomputed": total, "difference": stored[1] - total})
        formulas[k, "stored"] = f"={stored[0]}"
        formulas[k, "recomputed"] = "=" + "".join(f"{'+' if s > 0 else '-'}{place}" for s, place, _ in parts).lstrip("+")
        here = FIRST_ROW + k
        formulas[k, "difference"] = f"={cell_name(here, 2)}-{cell_name(here, 3)}"
    notes = ("Cells of this sheet are formulas; each was worked out when the workbook was made and comes out the same in Excel.",)
    return Sheet(NAME, "Sums that must come out, recomputed from the cells of other sheets", COLUMNS, rows, notes=notes,
                 formulas=formulas)  # fmt: skip


Part = tuple[int, str, float]
Sum = tuple[str, str, tuple[str, float], list[Part]]


def _named(sheets: Sequence[Sheet], name: str) -> Sheet | None:
    return next((sheet for sheet in sheets if sheet.name == name), None)


def _summary(sheets: Sequence[Sheet]) -> Iterator[Sum]:
    """Means of exposure by cause, of the public's parts, and of the paired difference."""
    sheet = _named(sheets, WHOLE_TERM)
    if sheet is None:
        return
    column = [c.name for c in sheet.columns].index("mean") if "mean" in [c.name for c in sheet.columns] else -1
    cells: dict[Key, tuple[str, float, str]] = {}
    for k, row in enumerate(sheet.rows):
        if column >= 0 and not empty(row.get("mean")):
            key = (row["scenario"], row["strategy"], row["party"], row["metric"])
            cells[key] = (f"'{sheet.name}'!{cell_name(FIRST_ROW + k, column)}", float(row["mean"]), row["unit"])
    for key in cells:
        for words, parts in _parts(key):
            if all(part in cells for _, part in parts):
                place, value, unit = cells[key]
                yield f"{words}, mean, {key[0]}, {key[1]}", unit, (place, value), [(s, *cells[part][:2]) for s, part in parts]


def _parts(key: Key) -> Iterator[tuple[str, list[tuple[int, Key]]]]:
    scenario, strategy, party, metric = key
    if (party, metric) == ("commissioner", "exposure_npv"):
        causes = [(1, (scenario, strategy, party, f"exposure_{name}_npv")) for name in EXPOSURE]
        yield "commissioner's net exposure is the sum of its causes", causes
    if (party, metric) == ("public", "exposure_npv"):
        yield "public exposure is the commissioner's, the hospital's and the council's", [
            (1, (scenario, strategy, who, metric)) for who in ("commissioner", "hospital", "council")
        ]
    if strategy == DIFFERENCE:
        yield f"difference of {party} {metric.replace('_', ' ')} is gamed less honest", [
            (1, (scenario, GAMED, party, metric)), (-1, (scenario, HONEST, party, metric)),
        ]  # fmt: skip


def _bridge(sheets: Sequence[Sheet]) -> Iterator[Sum]:
    """Start and drivers of each bridge come to its low point."""
    sheet = _named(sheets, "Bridge")
    names = [c.name for c in sheet.columns] if sheet else []
    if sheet is None or not {"contract", "strategy", "scenario", "driver", "change_gbp"} <= set(names):
        return
    groups: dict[tuple[str, ...], list[tuple[str, str, float]]] = {}
    for k, row in enumerate(sheet.rows):
        key = tuple(str(row[name]) for name in ("contract", "strategy", "scenario"))
        place = f"'{sheet.name}'!{cell_name(FIRST_ROW + k, names.index('change_gbp'))}"
        if not empty(row["change_gbp"]):
            groups.setdefault(key, []).append((str(row["driver"]), place, float(row["change_gbp"])))
    for key, rows in groups.items():
        if len(rows) > 1 and rows[-1][0] == "low point":
            yield f"bridge comes to its low point: {', '.join(key)}", POUNDS, rows[-1][1:], [(1, p, v) for _, p, v in rows[:-1]]
