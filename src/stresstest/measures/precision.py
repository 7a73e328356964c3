"""How exactly a run is wanted: targets such as p_exit±0.001, what they will take, and whether they are reached.

A target is a measure of the register (headline.py) and the half-width of its 95% interval, on the longer side:

    p_exit±0.001   p_exit=±0.1%     a probability, or percentage points
    mean_surplus±£0.5m   +-500k     pounds: k, m and bn are thousands, millions and thousand millions
    mean_health±25                  QALYs
    cte99_exposure±1%               of the estimate, for pounds and QALYs

"±" may be written "+-" or "+/-". The forecast takes the half-width to fall as 1 / √n.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from ..errors import ConfigError, nearest
from .designs import Design
from .headline import MEASURES, POUNDS, PROBABILITY, Measure, of_arrays, of_folder
from .moments import Estimate
from .tallies import PAIRS

__all__ = ["MEASURES", "Forecast", "Target", "forecast", "of_arrays", "of_folder", "parse_target", "reached"]
KEY = "--until"
SHAPE = "MEASURE±WIDTH, such as p_exit±0.001, mean_surplus±£0.5m or cte99_exposure±1%"
_TARGET = re.compile(r"\s*(?P<name>.*?)\s*=?\s*(?:±|\+/?-)\s*(?P<width>.*?)\s*")
_WIDTH = re.compile(r"(?P<pound>£?)\s*(?P<number>[^£%A-Za-z]*(?:[eE][-+]?\d+)?)\s*(?P<unit>%|[A-Za-z]*)")
_TIMES = {"": 1.0, "k": 1e3, "m": 1e6, "bn": 1e9}
#: By how much more futures a pilot that shows no interval is enlarged.
ENLARGE = 4


@dataclass(frozen=True)
class Target:
    """A measure, the half-width wanted of its 95% interval (a share of the estimate where `relative`), and its text."""

    measure: str
    width: float
    relative: bool
    text: str

    def wanted(self, value: float) -> float:
        """The half-width in the measure's own unit when its estimate is `value`."""
        return self.width * abs(value) if self.relative else self.width


@dataclass(frozen=True)
class Forecast:
    """How many futures a target will take, and on what ground."""

    futures: int
    words: str


def parse_target(text: str) -> Target:
    """The target that a text asks for.

    Errors: ConfigError for an unknown measure, a missing or non-positive width, or a width in the wrong unit.
    """
    match = _TARGET.fullmatch(text)
    name = match["name"] if match else re.split(r"[\s=]", text.strip(), maxsplit=1)[0]
    if name not in MEASURES:
        raise ConfigError("There is no such measure.", key=KEY, value=name, expected=" or ".join(MEASURES),
                          nearest=nearest(name, MEASURES))  # fmt: skip
    if match is None or not match["width"]:
        raise ConfigError("The target has no width.", key=KEY, value=text, expected=SHAPE)
    return Target(name, *_width(MEASURES[name], match["width"], text), text)


def _width(measure: Measure, width: str, text: str) -> tuple[float, bool]:
    """(half-width, whether it is relative to the estimate)."""
    match = _WIDTH.fullmatch(width)
    try:
        number = float(match["number"].replace(",", "")) if match else math.nan
    except ValueError:
        number = math.nan
    if match is None or math.isnan(number):
        raise ConfigError("The width is not a number.", key=KEY, value=width, expected=SHAPE)
    if not 0.0 < number < math.inf:
        raise ConfigError("The width must be above nothing, and finite.", key=KEY, value=width, expected=SHAPE)
    unit, pound = match["unit"].lower(), bool(match["pound"])
    if measure.unit == PROBABILITY:
        share = number / 100.0 if unit == "%" else number
        if pound or unit not in ("", "%") or share >= 1.0:
            expected = f"a number below 1 or percentage points, such as {measure.name}±0.001 or {measure.name}±0.1%"
            raise ConfigError("The width does not fit a probability.", key=KEY, value=text, expected=expected)
        return share, False
    if unit == "%" and not pound:
        return number / 100.0, True
    if measure.unit == POUNDS and unit in _TIMES:
        return number * _TIMES[unit], False
    if measure.unit != POUNDS and not pound and unit in ("", measure.unit.lower()):
        return number, False
    shown = "£0.5m" if measure.unit == POUNDS else "25"
    expected = f"{measure.unit}, such as {measure.name}±{shown}, or a share of it: {measure.name}±1%"
    raise ConfigError("The width is in the wrong unit.", key=KEY, value=text, expected=expected)


def reached(target: Target, estimate: Estimate) -> bool:
    """Whether the estimate's 95% interval reaches no further than the target on either side; no where it has none."""
    return estimate.reach <= target.wanted(estimate.value)


def forecast(target: Target, estimate: Estimate, futures: int, design: Design) -> Forecast:
    """Futures in all for a target, from a pilot of `futures` futures with this estimate.

    Errors: ConfigError for a share of an estimate that is nothing.
    """
    wanted = target.wanted(estimate.value)
    if wanted == 0.0:
        raise ConfigError("The pilot's estimate is nothing, and no width is a share of nothing.", key=KEY,
                          value=target.text, expected=f"a width of its own, not a share of {target.measure}")  # fmt: skip
    if math.isnan(estimate.reach):
        return Forecast(_whole(ENLARGE * futures, design), "the pilot is too small to show an interval")
    return Forecast(_whole(math.ceil(futures * (estimate.reach / wanted) ** 2), design), _ground(design))


def _ground(design: Design) -> str:
    """Why the forecast holds."""
    if design.kind in ("sobol", "importance"):
        return "conservative: the error of a scrambled net falls as 1 / √n or faster"
    if design.kind == "lhs":
        return "the error of a Latin hypercube falls as 1 / √n"
    return "the error falls as 1 / √n"


def _whole(futures: int, design: Design) -> int:
    """The next number of futures that suits the design: whole pairs, hypercubes of one size, nets of a power of two."""
    if design.kind in ("sobol", "importance"):
        unit = design.replicates * (2 if design.kind == "importance" else 1)
        return int(unit * 2 ** math.ceil(math.log2(max(1.0, futures / unit))))
    unit = design.replicates if design.kind == "lhs" else 2 if design.units == PAIRS else 1
    return -(-futures // unit) * unit
