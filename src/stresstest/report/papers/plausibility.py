"""How far outside experience: each scenario's level of each axis beside the record of that quantity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..source import Row, Source, real
from . import NUMBER, TEXT, Column, Paper, paper

AXES = ("responsibility", "control", "state", "economy", "technology", "workforce")
LEVELS = ("low", "middle", "high")
NO_RECORD, DRAWN = "no record", "drawn by its law"
COLUMNS = (
    Column("scenario", "Scenario", TEXT, "name of the scenario"),
    Column("title", "Title", TEXT, "title of the scenario"),
    Column("axis", "Uncertainty", TEXT, "which of the six uncertainties"),
    Column("level", "Level", TEXT, "low, middle or high; drawn by its law where the scenario names none"),
    Column("value", "Value", NUMBER, "the level's value, in the unit of the next column"),
    Column("unit", "Unit", TEXT, "unit of the value"),
    Column("record_low", "Lowest on record", NUMBER, "lowest mean on record over a window as long as the contract"),
    Column("record_high", "Highest on record", NUMBER, "highest mean on record over such a window"),
    Column("inside", "Inside the record", TEXT, "inside, outside, or no record to set it beside"),
    Column("quantity", "Quantity of the record", TEXT, "what was recorded"),
    Column("source", "Source of the record", TEXT, "who published the record"),
)  # fmt: skip


def plausibility(source: Source) -> Paper:
    """A row for each named scenario and axis; no rows where the run keeps no configuration of its scenarios."""
    rows = [row for name in source.scenarios if name != source.main for row in _scenario(source, name)]
    note = "Records are British; a record shorter than the contract is shown by its single values."
    files = "config.effective.toml, summary/history.csv"
    return paper("plausibility", "Scenario levels beside the record", COLUMNS, rows, files, (note,))


def _scenario(source: Source, name: str) -> Iterator[dict[str, Any]]:
    found = source.setting("scenarios", name)
    if not isinstance(found, dict):
        return
    for axis in AXES:
        level = found.get(axis)
        known = level in LEVELS
        record = record_of(source, axis) if known else None
        yield {
            "scenario": name, "title": str(found.get("title") or name), "axis": axis, "level": level if known else DRAWN,
            "value": source.setting("axes", axis, "levels", str(level)) if known else None, "unit": _unit(source, axis),
            **{f"record_{end}": record[f"historical_{end}"] if record else None for end in ("low", "high")},
            "inside": record[f"seed_{level}_inside"] if record else NO_RECORD if known else "",
            "quantity": record["quantity"] if record else "", "source": record["source"] if record else "",
        }  # fmt: skip


def record_of(source: Source, axis: str) -> Row | None:
    """The row of the history table whose levels are those of the axis; None where nothing was recorded."""
    levels = [source.setting("axes", axis, "levels", level) for level in LEVELS]
    if any(value is None for value in levels):
        return None
    wanted = sorted(float(value) for value in levels)
    return next((r for r in source.rows("history") if sorted(real(r[f"seed_{level}"]) for level in LEVELS) == wanted), None)


def _unit(source: Source, axis: str) -> str:
    entry = source.configuration.get("axes", {}).get(axis, {}).get("levels", {}).get("middle")
    return str(entry.get("unit", "")) if isinstance(entry, dict) else ""
