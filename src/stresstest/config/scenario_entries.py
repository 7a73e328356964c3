"""The entries of one scenario: what it says of an axis, and its consistency factors.

    economy = "low"                        a level
    economy = 0.005                        a number in the axis's unit
    economy = [0.01, "low"]                year by year; the last one holds
    economy = { "2022/23" = "low" }        from a year on; before the first of them the axis is on its way there
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..errors import nearest
from ..futures.axes import HIGH, LOW, MEAN, SD, AxisLaw
from ..futures.scenario import DRAWN, Consistency, Course
from ..futures.strata import LEVELS as CELL_LEVELS
from ..futures.strata import cuts_of
from ..layout import AXES
from .axes import LEVELS
from .section import Section
from .values import Calendar

HIGHEST_FACTOR = 1e3
RULE = (*AXES, "factor", "quality", "source")


def refuse_unknown(section: Section, known: tuple[str, ...]) -> None:
    """Raise ConfigError for the first entry that is not known, with the nearest that is."""
    for name in section.remaining():
        if name not in known:
            value = section.peek(name)
            shown = value if not isinstance(value, (dict, list)) else None
            raise section.fail(name, "unknown key", shown, "one of " + ", ".join(known), nearest(name, known))


# ── an axis ────────────────────────────────────────────────────────────────────────────────────────────────────────
def _value(section: Section, key: str, raw: Any, law: AxisLaw, axis: str) -> float:
    """A level or a number, as a value of the axis."""
    a = AXES.index(axis)
    low, high, unit = float(law.table[a, LOW]), float(law.table[a, HIGH]), law.units[a]
    words = f"{', '.join(LEVELS)}, or a number from {low:g} to {high:g} ({unit})"
    if isinstance(raw, str):
        if raw not in LEVELS:
            raise section.fail(key, "not one of the choices", raw, words, nearest(raw, LEVELS))
        return float(law.anchors[a, LEVELS.index(raw)])
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        raise section.fail(key, "this should be a level or a number", raw, words)
    return section._checked(key, raw, unit, low, high)


def _listed(section: Section, axis: str, raw: list[Any], law: AxisLaw, years: int) -> tuple[float, ...]:
    """Values year by year, the last of which holds."""
    if not raw:
        raise section.fail(axis, "an empty list has no value", expected=f"from 1 to {years} values")
    if len(raw) > years:
        message = "the list is longer than the contract"
        raise section.fail(axis, message, f"{len(raw)} values", f"at most {years} values, one for each contract year")
    return tuple(_value(section, f"{axis}[{k}]", value, law, axis) for k, value in enumerate(raw, 1))


def _dated(section: Section, axis: str, raw: dict[str, Any], law: AxisLaw, calendar: Calendar) -> tuple[float, ...]:
    """Year by year from values that begin in a year; DRAWN before the first of them."""
    if not raw:
        raise section.fail(axis, "an empty table has no value", expected='{ "YEAR" = VALUE }')
    begins: dict[int, float] = {}
    for label, value in raw.items():
        key = f"{axis}.{label}"
        year = calendar.year(section, key, int(label) if label.isdecimal() and len(label) < 4 else label)
        if year in begins:
            raise section.fail(key, "this year stands here twice", label, "each year once")
        begins[year] = _value(section, key, value, law, axis)
    values: list[float] = []
    for year in range(max(begins) + 1):
        values.append(begins[year] if year in begins else values[-1] if values else DRAWN)
    return tuple(values)


def read_axis(
    section: Section, axis: str, law: AxisLaw, calendar: Calendar, point: bool
) -> tuple[float, tuple[float, ...]]:
    """(destination, values by year) of an axis; (DRAWN, ()) where the scenario says nothing of it.

    The destination of values by year is the last of them.
    """
    if section.peek(axis) is None:
        return DRAWN, ()
    raw = section.anything(axis)
    if isinstance(raw, list):
        path = _listed(section, axis, raw, law, calendar.years)
        return path[-1], path
    if isinstance(raw, dict):
        path = _dated(section, axis, raw, law, calendar)
        return path[-1], path
    value = _value(section, axis, raw, law, axis)
    return value, (value,) if point else ()


# ── consistency factors ────────────────────────────────────────────────────────────────────────────────────────────
def read_rule(row: Section) -> Consistency:
    """A factor, and the levels of the futures whose weight it multiplies."""
    refuse_unknown(row, RULE)
    asked = [row.text(axis, choices=LEVELS) if row.peek(axis) is not None else "" for axis in AXES]
    if not any(asked):
        raise row.fail("factor", "a factor without an axis", row.peek("factor"), "the level of at least one axis")
    factor = row.number("factor", "factor", 0.0, HIGHEST_FACTOR).value
    row.text("quality", "unstated")
    row.text("source", "")
    return Consistency(tuple(LEVELS.index(level) if level else -1 for level in asked), factor)


def possible_cells(courses: Iterable[Course], law: AxisLaw) -> np.ndarray:
    """bool[729]: the combinations of levels that some course of a scenario can have; an axis without spread has one."""
    cuts, found = cuts_of(law.anchors), np.zeros(len(CELL_LEVELS), dtype=bool)
    for course in courses:
        own = np.ones(len(CELL_LEVELS), dtype=bool)
        for a, end in enumerate(course.destination):
            if end != end and law.table[a, SD] == 0.0:
                end = float(law.table[a, MEAN])
            if end == end:
                sign, lower, upper = cuts[a]
                own &= CELL_LEVELS[:, a] == int(sign * end >= lower) + int(sign * end >= upper)
        found |= own
    return found


def _met(rule: Consistency) -> np.ndarray:
    """bool[729]: the combinations that have a rule's levels."""
    asked = np.array(rule.levels)
    return np.asarray(((asked == CELL_LEVELS) | (asked < 0)).all(axis=1))


def possible_weights(rules: Iterable[Consistency], courses: Iterable[Course], law: AxisLaw) -> np.ndarray:
    """float64[729]: the product of the factors of each combination that can occur, 0 for those that cannot."""
    weight = possible_cells(courses, law).astype(float)
    for rule in rules:
        weight[_met(rule)] *= rule.factor
    return weight


def check_rules(section: Section, rules: tuple[Consistency, ...], courses: tuple[Course, ...], law: AxisLaw) -> None:
    """Raise ConfigError for a factor that changes nothing, and for factors that leave no combination."""
    possible = possible_cells(courses, law)
    for k, rule in enumerate(rules, 1):
        key, asked = f"consistency[{k}]", [a for a, level in enumerate(rule.levels) if level >= 0]
        words = " and ".join(f"{AXES[a]} {LEVELS[rule.levels[a]]}" for a in asked)
        if not (_met(rule) & possible).any():
            raise section.fail(key, "no future of this scenario has these levels", words, "levels that can occur in it")
        if not (~_met(rule) & possible).any():
            raise section.fail(key, "every future of this scenario has these levels", words, "levels that can differ in it")
    if not possible_weights(rules, courses, law).any():
        message = "the factors leave none of the 729 combinations of levels"
        raise section.fail("consistency", message, expected="a factor above 0 for some of those that can occur")
