"""Reading the law of the axes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..errors import nearest
from ..futures.axes import AXIS_FIELDS, AxisLaw
from ..futures.dependence import correlation_matrix
from ..futures.plan import MIXING_SLOTS
from ..layout import AXES
from .section import Section

LEVELS = ("low", "middle", "high")


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


def _axis(section: Section, axis: str) -> tuple[list[float], list[float], str, str]:
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
    now = section.number("today", unit, low, high)
    today, date = now.value, now.date
    mean = section.number("mean", unit, low, high).value
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
    law = [today, mean, sd, low, high, earliest, latest, duration, noise, persistence, link, *crisis]
    return law, anchors, unit, date


def _copula(top: Section) -> int:
    """Degrees of freedom of the destinations' copula: 0 for the normal one."""
    section = top.section("copula", {})
    kind = section.text("kind", "normal", choices=("normal", "t"))
    degrees = section.whole("degrees", 2, 2 * MIXING_SLOTS, 8) if kind == "t" else 0
    if degrees % 2:
        raise section.fail("degrees", "degrees of freedom are an even number here", degrees, f"2, 4, 6 … {2 * MIXING_SLOTS}")
    section.text("source", "")
    section.text("quality", "unstated")
    section.finish()
    return degrees


def read_axes(raw: dict[str, Any], file: object) -> tuple[AxisLaw, dict[str, Any]]:
    """The law in `raw` (what stands in `file`), and its effective form."""
    top = Section(file, raw)
    top.whole("schema_version", 1, 1)
    base_year = top.text("base_year")
    degrees = _copula(top)
    rows, anchors, units, dates = zip(*(_axis(top.section(axis), axis) for axis in AXES), strict=True)
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
    correlation = correlation_matrix(pairs, file)
    table = np.array(rows, dtype=np.float64).reshape(len(AXES), len(AXIS_FIELDS))
    law = AxisLaw(table, np.array(anchors, dtype=np.float64), correlation, degrees, tuple(units), tuple(dates), base_year)
    return law, top.effective
