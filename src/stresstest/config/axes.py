"""Reading the law of the axes and the named scenarios."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..errors import ConfigError, nearest
from ..futures.axes import AXIS_FIELDS, AxisLaw
from ..futures.dependence import correlation_matrix, lower_triangle
from ..layout import AXES
from ..study import Scenario
from .section import Section

LEVELS = ("low", "middle", "high")
CALIBRATED = "calibrated"


def _limits(section: Section) -> tuple[float, float]:
    value = section.anything("limits")
    good = (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(v, (int, float)) and math.isfinite(v) for v in value)
    )
    if not good or value[0] >= value[1]:
        raise section.fail("limits", "limits are two numbers, the lower first", value, "[low, high]")
    return float(value[0]), float(value[1])


def _group(section: Section, name: str, fields: dict[str, tuple[float, float]]) -> list[float]:
    inner = section.section(name)
    values = [inner.number(field, "", low, high).value for field, (low, high) in fields.items()]
    inner.text("quality", "unstated")
    inner.text("source", "")
    inner.finish()
    return values


def _axis(section: Section, axis: str) -> tuple[list[float], list[float], str]:
    unit = section.text("unit")
    low, high = _limits(section)
    levels = section.section("levels")
    anchors = [levels.number(name, unit, -1e3, 1e3).value for name in LEVELS]
    levels.text("quality", "unstated")
    levels.text("source", "")
    levels.finish()
    if not (anchors[0] < anchors[1] < anchors[2] or anchors[0] > anchors[1] > anchors[2]):
        raise section.fail(
            "levels", "the levels are out of order", anchors, "low, middle and high in rising or falling order"
        )
    today, mean = (section.number(name, unit, low, high).value for name in ("today", "mean"))
    sd = section.number("sd", unit, 0.0, 1e3).value
    earliest, latest, duration = _group(
        section, "start", {"earliest": (-30.0, 30.0), "latest": (-30.0, 30.0), "duration": (0.1, 60.0)}
    )
    if earliest > latest:
        raise section.fail(
            "start.earliest", "the earliest start lies after the latest", earliest, f"at most {latest:g}"
        )
    noise, persistence, link = _group(
        section, "noise", {"sd": (0.0, 1e2), "persistence": (0.0, 0.999), "link": (-10.0, 10.0)}
    )
    crisis = [0.0, 0.0, 0.0]
    if axis == "economy":
        crisis = _group(section, "crisis", {"probability": (0.0, 0.49), "size": (0.0, 0.5), "spread": (0.0, 0.5)})
    section.finish()
    return [today, mean, sd, low, high, earliest, latest, duration, noise, persistence, link, *crisis], anchors, unit


def read_axes(raw: dict[str, Any], file: object) -> tuple[AxisLaw, dict[str, Any]]:
    """The law in `raw` (what stands in `file`), and its effective form."""
    top = Section(file, raw)
    top.whole("schema_version", 1, 1)
    top.text("base_year")
    rows, anchors, units = zip(*(_axis(top.section(axis), axis) for axis in AXES), strict=True)
    pairs: dict[tuple[str, str], float] = {}
    for row in top.rows("correlation", []):
        names = row.anything("axes")
        wrong = [n for n in names if n not in AXES] if isinstance(names, list) else ["?"]
        if wrong or len(names) != 2 or names[0] == names[1]:
            near = nearest(str(wrong[0]), AXES) if wrong else None
            raise row.fail("axes", "two different axes are needed", names, ", ".join(AXES), near)
        pairs[(names[0], names[1])] = row.number("value", "correlation", -1.0, 1.0).value
        row.text("source", "")
        row.text("quality", "unstated")
        row.finish()
    top.finish()
    cholesky = lower_triangle(correlation_matrix(pairs, file))
    table = np.array(rows, dtype=np.float64).reshape(len(AXES), len(AXIS_FIELDS))
    return AxisLaw(table, np.array(anchors, dtype=np.float64), cholesky, tuple(units)), top.effective


def read_scenarios(
    data: dict[str, Any], file: object, names: Any, law: AxisLaw, futures: int, each: int, section: Section
) -> tuple[tuple[Scenario, ...], dict[str, Any]]:
    """The named scenarios of a study, in its order, out of `data` (what stands in `file`), and their effective form."""
    if data.get("schema_version", 1) != 1:
        raise Section(file, data).fail("schema_version", "not a version that this program reads", data["schema_version"], "1")
    known = [CALIBRATED] + [name for name, value in data.items() if isinstance(value, dict) and name != CALIBRATED]
    if not isinstance(names, list) or not names:
        raise section.fail("scenarios", "a list of scenario names is needed", names, ", ".join(known))
    scenarios: list[Scenario] = []
    effective: dict[str, Any] = {}
    for name in names:
        if name not in known:
            raise section.fail(
                "scenarios", "there is no scenario of this name", name, ", ".join(known), nearest(str(name), known)
            )
        if name in effective:
            raise section.fail("scenarios", "a scenario stands here twice", name, "each scenario once")
        if name == CALIBRATED:
            scenarios.append(Scenario(name, "Calibrated joint law", futures, (math.nan,) * len(AXES)))
            effective[name] = {}
        else:
            pinned, title, levels = _pinned(file, name, data[name], law)
            scenarios.append(Scenario(name, title, each, pinned))
            effective[name] = {"title": title, **levels}
    return tuple(scenarios), effective


def _pinned(
    file: object, name: str, data: dict[str, Any], law: AxisLaw
) -> tuple[tuple[float, ...], str, dict[str, str]]:
    section = Section(file, data, name)
    title = section.text("title")
    levels = {axis: section.text(axis, choices=LEVELS) for axis in AXES}
    section.finish()
    return tuple(float(law.anchors[a, LEVELS.index(levels[axis])]) for a, axis in enumerate(AXES)), title, levels


__all__ = ["CALIBRATED", "ConfigError", "read_axes", "read_scenarios"]
