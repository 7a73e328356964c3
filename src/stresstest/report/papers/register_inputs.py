"""Every number of a run's effective configuration under one key, and the table of assumptions held against it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..source import Source

#: Parts of the configuration, in the order of the register.
PARTS = ("contract", "place", "provider", "axes", "study", "scenarios")
#: Marks of a file's form; no input.
FORM = frozenset({"schema_version"})


def inputs_of(configuration: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Key → value, unit, source, mark and date of every number, in the order of the file.

    A list of numbers is one input. Keys are those of the run's table of assumptions, which lists the numbers that carry a
    source; the rest are bounds and settings.
    """
    return {key: row for part in PARTS if part in configuration for key, row in _walk(part, configuration[part], {})}


def _walk(key: str, value: Any, around: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict) and "value" in value and not isinstance(value["value"], dict | str):
        yield key, {**_row(value["value"], {**around, **value}), "sourced": True}
    elif isinstance(value, dict):
        inner = {name: value[name] for name in ("source", "quality") if isinstance(value.get(name), str)}
        for name, entry in value.items():
            if name not in FORM:
                yield from _walk(f"{key}.{name}", entry, inner or around)
    elif _numbers(value):
        yield key, _row(value, around)
    elif isinstance(value, list):
        for k, entry in enumerate(value):
            if isinstance(entry, dict):
                yield from _walk(f"{key}[{_name(entry, k)}]", entry, around)


def _numbers(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(_numbers(one) for one in value)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _name(entry: dict[str, Any], k: int) -> str:
    """What a row is called, as the run's table of assumptions has it."""
    named = next((entry[name] for name in ("name", "line", "id", "kind") if entry.get(name)), None)
    return str(named or "-".join(entry.get("axes", [str(k + 1)])))


def _row(value: Any, facts: dict[str, Any]) -> dict[str, Any]:
    values = value if isinstance(value, list) else [value]
    plain = float(values[0]) if len(values) == 1 and not isinstance(values[0], list) else _listed(values)
    words = {name: str(facts.get(name, "")) for name in ("unit", "source", "quality", "date")}
    return {"value": plain, **words}


def _listed(values: list[Any]) -> str:
    return "; ".join(_listed(one) if isinstance(one, list) else f"{one:.10g}" for one in values)


def known_inputs(source: Source) -> dict[str, dict[str, Any]]:
    """The run's table of assumptions, completed by the numbers of its configuration that the table leaves out."""
    found: dict[str, dict[str, Any]] = {}
    for row in source.rows("assumptions"):
        found[str(row["key"])] = {
            "value": as_number(row["value"]), "unit": row["unit"] or "", "source": row["source"] or "",
            "quality": row["quality"] or "unstated",
        }  # fmt: skip
    for key, one in inputs_of(source.configuration).items():
        found[key] = {**one, **found.get(key, {})}
    return found


def as_number(text: Any) -> float | str:
    """A cell as a number, or as it stands where it holds several."""
    try:
        return float(text)
    except (TypeError, ValueError):
        return "" if text is None else str(text)


def orphans(source: Source) -> tuple[list[str], list[str]]:
    """Inputs of the table that the configuration lacks, and sourced numbers of the configuration that the table lacks."""
    listed = {str(row["key"]) for row in source.rows("assumptions")}
    there = inputs_of(source.configuration)
    sourced = {key for key in there if key.partition(".")[0].partition("[")[0] in PARTS[:4] and there[key].get("sourced")}
    return sorted(listed - set(there)), sorted(sourced - listed)
