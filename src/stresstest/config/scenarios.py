"""Reading the scenarios of a study: sets of futures in a few lines (docs/scenarios.md teaches by examples).

A level or a number says where an axis ends (path = "tube") or what it is in every year (path = "point"). `mix` weighs
other scenarios, `consistency` weighs combinations of levels, `dependence` says how the destinations hang together. A
study lists scenarios by name; NAME:point and NAME:tube take one in the other shape.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..errors import nearest
from ..futures.axes import AxisLaw
from ..futures.scenario import DEPENDENCE, Course, Scenario
from ..layout import AXES
from .scenario_entries import check_rules, read_axis, read_rule, refuse_unknown
from .scenario_files import CALIBRATED, Shelf, gather_scenarios, versioned
from .section import Section
from .values import Calendar

SHAPES = ("tube", "point")
LARGEST = 1 << 39
#: How far the probabilities of a mix may add to something other than 1.
NEARLY = 1e-9
SHARED = ("title", "consistency", "dependence", "futures", "quality", "source")
ENTRIES = (*AXES, "path", "mix", *SHARED)


class Reader:
    """Reads scenarios off a shelf. `forms` holds what was read, with every default filled in, by name."""

    def __init__(self, shelf: Shelf, law: AxisLaw, calendar: Calendar, futures: int, each: int) -> None:
        self.shelf, self.law, self.calendar, self.futures, self.each = shelf, law, calendar, futures, each
        self.forms: dict[str, dict[str, Any]] = {}

    def asked(self, text: Any, section: Section, key: str) -> tuple[str, str]:
        """(name, shape) of NAME or NAME:SHAPE; shape "" where none is given. `section` and `key` serve messages."""
        known = self.shelf.names
        base, colon, shape = str(text).partition(":")
        if not isinstance(text, str) or base not in known:
            close = nearest(base, known)
            near = f"{close}{colon}{shape}" if close else None
            raise section.fail(key, "there is no scenario of this name", text, ", ".join(known), near)
        forms = [base] if base == CALIBRATED else [f"{base}:{one}" for one in SHAPES]
        if colon and text not in forms:
            message = "the calibrated law has no shape" if base == CALIBRATED else "not a shape of a scenario"
            raise section.fail(key, message, text, ", ".join(forms), nearest(text, forms))
        return base, shape

    def read(self, name: str, shape: str = "") -> Scenario:
        """A scenario of the shelf, in the given shape or its own. Raises ConfigError, placed, for anything wrong."""
        if name == CALIBRATED:
            self.forms[name] = {}
            return Scenario(name, "Calibrated joint law", self.futures)
        section = self.shelf.section(name)
        refuse_unknown(section, ENTRIES)
        title = section.text("title", name.replace("-", " ").capitalize())
        courses = self._mix(section, shape) if "mix" in section.remaining() else (self._course(section, name, shape),)
        rules = tuple(map(read_rule, section.rows("consistency", [])))
        check_rules(section, rules, courses, self.law)
        dependence = section.text("dependence", DEPENDENCE[0], DEPENDENCE)
        futures = section.whole("futures", 1, LARGEST, self.each)
        section.text("quality", "unstated")
        section.text("source", "")
        self.forms[name] = section.effective
        shown = (f"{name}-{shape}", f"{title} ({shape})") if shape else (name, title)
        if rules and dependence == "worst":
            message = "the worst dependence takes no consistency factors: its cells have no known law"
            raise section.fail("consistency", message, expected='dependence = "calibrated" or "independent", or no factors')
        return Scenario(*shown, futures, courses, rules, dependence)

    def _course(self, section: Section, name: str, shape: str) -> Course:
        """The one course of a scenario that is no mix."""
        own = section.text("path", SHAPES[0], SHAPES)
        point = (shape or own) == "point"
        axes = [read_axis(section, axis, self.law, self.calendar, point) for axis in AXES]
        if point and not any(path for _, path in axes):
            raise section.fail("path", "a point needs an axis that is given", "point", "a level or a number for an axis")
        return Course(name, tuple(end for end, _ in axes), tuple(path for _, path in axes))

    def _mix(self, section: Section, shape: str) -> tuple[Course, ...]:
        """The members' courses, each with its probability."""
        for key in (*AXES, "path"):
            if key in section.remaining():
                message = "a mix takes its axes from its members"
                raise section.fail(key, message, section.peek(key), "mix, or axes, but not both")
        raw = section.anything("mix")
        if not isinstance(raw, dict) or not raw:
            raise section.fail("mix", "this should be a table of probabilities", raw, "{ NAME = 0.5, OTHER = 0.5 }")
        courses = tuple(self._member(section, text, value, shape) for text, value in raw.items())
        total = sum(course.probability for course in courses)
        if abs(total - 1.0) > NEARLY:
            raise section.fail("mix", f"the probabilities add to {total:.10g}, not to 1", raw, "probabilities that add to 1")
        return courses

    def _member(self, section: Section, text: str, value: Any, shape: str) -> Course:
        """The course of a member of a mix."""
        key = f"mix.{text}"
        probability = section._checked(key, value, "probability", 0.0, 1.0)
        if probability == 0.0:
            raise section.fail(key, "a member without probability", value, "a probability above 0")
        name, own = self.asked(text, section, key)
        if name == CALIBRATED:
            self.read(name)
            return Course(name, probability=probability)
        if "mix" in self.shelf.section(name).remaining():
            raise section.fail(key, "a mix of mixes", text, "members that are no mix themselves")
        member = self.read(name, own or shape)
        if member.consistency or member.dependence != DEPENDENCE[0]:
            message = "a member of a mix has no factors and no dependence of its own"
            raise section.fail(key, message, text, "consistency and dependence beside mix")
        return replace(member.courses[0], name=member.name, probability=probability)


def read_scenarios(
    shelf: Shelf, names: Any, law: AxisLaw, calendar: Calendar, futures: int, each: int, section: Section
) -> tuple[tuple[Scenario, ...], dict[str, Any]]:
    """The scenarios of a study in its order, and the effective form of all that they are made of.

    `names` is the study's list; `futures` the number of the calibrated law, `each` that of a scenario that gives none.
    """
    versioned(shelf.tables, shelf.file)
    reader, found = Reader(shelf, law, calendar, futures, each), list[Scenario]()
    if not isinstance(names, list) or not names:
        raise section.fail("scenarios", "a list of scenario names is needed", names, ", ".join(shelf.names))
    for text in names:
        name, shape = reader.asked(text, section, "scenarios")
        scenario = reader.read(name, shape)
        if scenario.name in [other.name for other in found]:
            raise section.fail("scenarios", "a scenario stands here twice", text, "each scenario once")
        found.append(scenario)
    return tuple(found), reader.forms


__all__ = ["CALIBRATED", "ENTRIES", "LARGEST", "SHAPES", "Reader", "Shelf", "gather_scenarios", "read_scenarios"]
