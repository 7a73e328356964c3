"""Reading a study's [hurdles]: what is too bad for each party."""

from __future__ import annotations

from ..hurdles import HURDLES
from ..place import Quantity
from .section import Section


def read_hurdles(top: Section) -> dict[str, Quantity]:
    """Every hurdle of a study by name, at its default where the study is silent. Raises ConfigError, placed."""
    section = top.section("hurdles", {})
    found = {}
    for hurdle in HURDLES:
        raw = hurdle.quantity
        default = {"value": raw.value, "unit": raw.unit, "source": raw.source, "quality": raw.quality}
        found[hurdle.name] = section.number(hurdle.name, hurdle.unit, hurdle.low, hurdle.high, default)
    section.finish()
    return found
