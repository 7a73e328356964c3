"""Small tables beside the summary, as CSV, and the registers of assumptions and strategies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..levers import LEVER_NUMBER, LEVERS
from .store import write_text

FINDINGS = ("exceedance", "history", "null_test", "strategies", "assumptions")


def write_rows(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    """Write rows to findings/<name>.csv; the first row gives the columns."""
    import csv
    import io

    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "findings" / f"{name}.csv"
    path.parent.mkdir(exist_ok=True)
    write_text(path, text.getvalue())


def strategy_rows(strategies: tuple[Any, ...]) -> list[dict[str, Any]]:
    """One row for each lever that a strategy uses; intensities that vary by year as a list."""
    rows = []
    for strategy in strategies:
        for lever, level in strategy.intensities.items():
            kind = LEVERS[LEVER_NUMBER[lever]]
            text = f"{level:.6g}" if isinstance(level, float) else " ".join(f"{x:.6g}" for x in level)
            rows.append({"strategy": strategy.name, "lever": lever, "code": kind.code, "title": kind.title, "grade": kind.grade, "intensity": text})
        if not strategy.intensities:
            rows.append({"strategy": strategy.name, "lever": "", "code": "", "title": "does nothing", "grade": "honest", "intensity": "0"})
    return rows


def assumption_rows(form: dict[str, Any]) -> list[dict[str, Any]]:
    """Every number of the effective configuration with its unit, source and quality, in file order."""
    rows: list[dict[str, Any]] = []
    for part in ("contract", "place", "provider", "axes"):
        _walk(part, form[part], {}, rows)
    return rows


def _walk(key: str, value: Any, around: dict[str, str], rows: list[dict[str, Any]]) -> None:
    if isinstance(value, dict) and "value" in value:
        rows.append(_assumption(key, value["value"], value.get("unit", ""), value.get("source") or around.get("source", ""), _quality(value, around)))
    elif isinstance(value, dict):
        inner = {name: value[name] for name in ("source", "quality") if isinstance(value.get(name), str)}
        for name, entry in value.items():
            _walk(f"{key}.{name}", entry, inner or around, rows)
    elif isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        for k, entry in enumerate(value):
            name = entry.get("name") or entry.get("line") or entry.get("id") or entry.get("kind") or str(k + 1)
            _walk(f"{key}[{name}]", entry, around, rows)


def _quality(value: dict[str, Any], around: dict[str, str]) -> str:
    own = value.get("quality", "unstated")
    return around.get("quality", own) if own == "unstated" else own


def _assumption(key: str, value: Any, unit: str, source: str, quality: str) -> dict[str, Any]:
    text = " ".join(f"{x:g}" for x in value) if isinstance(value, list) else value
    return {"key": key, "value": text, "unit": unit, "source": source, "quality": quality}
