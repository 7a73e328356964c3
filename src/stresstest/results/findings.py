"""The registers that go beside the summary: every assumption with its source, and what each strategy does."""

from __future__ import annotations

from typing import Any

from ..levers import LEVER_NUMBER, LEVERS


def strategy_rows(strategies: tuple[Any, ...]) -> list[dict[str, Any]]:
    """One row for each lever that a strategy uses; intensities that vary by year as a list."""
    rows = []
    for strategy in strategies:
        for lever, level in strategy.intensities.items():
            kind = LEVERS[LEVER_NUMBER[lever]]
            text = f"{level:.6g}" if isinstance(level, float) else " ".join(f"{x:.6g}" for x in level)
            rows.append(_use(strategy.name, lever, kind.code, kind.title, kind.grade, text))
        if not strategy.intensities:
            rows.append(_use(strategy.name, "", "", "does nothing", "honest", "0"))
    return rows


def _use(strategy: str, lever: str, code: str, title: str, grade: str, intensity: str) -> dict[str, Any]:
    return {"strategy": strategy, "lever": lever, "code": code, "title": title, "grade": grade, "intensity": intensity}


def assumption_rows(form: dict[str, Any]) -> list[dict[str, Any]]:
    """Every number of the effective configuration with its unit, source and quality, in file order.

    `file` says which file of the study gives the value: contract, place, provider or axes.
    """
    rows: list[dict[str, Any]] = []
    for part in ("contract", "place", "provider", "axes"):
        _walk(part, form[part], {}, rows)
    return rows


def _walk(key: str, value: Any, around: dict[str, str], rows: list[dict[str, Any]]) -> None:
    if isinstance(value, dict) and "value" in value and not isinstance(value["value"], dict | str):
        source = value.get("source") or around.get("source", "")
        rows.append(_assumption(key, value["value"], value.get("unit", ""), source, _quality(value, around)))
    elif isinstance(value, dict):
        inner = {name: value[name] for name in ("source", "quality") if isinstance(value.get(name), str)}
        for name, entry in value.items():
            _walk(f"{key}.{name}", entry, inner or around, rows)
    elif isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        for k, entry in enumerate(value):
            name = (
                entry.get("name")
                or entry.get("line")
                or entry.get("id")
                or entry.get("kind")
                or "-".join(entry.get("axes", [str(k + 1)]))
            )
            _walk(f"{key}[{name}]", entry, around, rows)


def _quality(value: dict[str, Any], around: dict[str, str]) -> str:
    """The value's own mark, else its row's; a row without a mark is a judgement where its source says so, else derived."""
    own = value.get("quality", "unstated")
    if own != "unstated" or "quality" in around:
        return own if own != "unstated" else around["quality"]
    source = value.get("source") or around.get("source", "")
    return "judgement" if "judgement" in source.lower() else "derived" if source else "unstated"


def _assumption(key: str, value: Any, unit: str, source: str, quality: str) -> dict[str, Any]:
    text = " ".join(f"{x:.10g}" for x in value) if isinstance(value, list) else f"{value:.10g}"
    file = key.partition(".")[0].partition("[")[0]
    return {"key": key, "value": text, "unit": unit, "source": source, "quality": quality, "file": file}
