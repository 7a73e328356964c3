"""How much rests on judged inputs: a tornado, and the value at which a hurdle is crossed.

Each input that is a judgement, unstated or derived is moved alone to a half and to one and a half times its value, within its
bounds, in the same futures and with the same strategy. For the inputs that move most, the switching value is where a hurdle is
crossed, the rest unchanged (HM Treasury 2022, Green Book, A5): found between the base and the first point on the way to either
bound at which the other side of the hurdle is seen, by false position; its error is the error of the measure over its slope.

    walks away in half of futures · mean surplus is nil · mean exposure reaches the commissioner's limit
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..analysis.swing import FACTORS, JUDGED
from ..drivers.parameters import PARAMETERS, Parameter
from ..place import Quantity
from ..study import Study
from .failures import present
from .sensitivity_lived import MEASURES, Mean, measures_of, outcomes_of, shared_out, told, weights_of
from .source import Source

FUTURES, MOST, STEPS = 2048, 12, 5
#: Points tried on the way to a bound, as parts of the way; half the chance of a walk-away is judgement.
WAY = (0.0625, 0.125, 0.25, 0.5, 1.0)
HALF = 0.5
HURDLES = ("losses end the contract in half of futures", "mean surplus is nil", "mean exposure reaches the commissioner's limit")


def quantity_of(study: Study, parameter: Parameter) -> Quantity:
    """A parameter's number in a study."""
    if parameter.owner == "contract":
        return study.contract.ending[parameter.name]
    return (study.place if parameter.owner == "place" else study.provider).parameters[parameter.key]


def changed(study: Study, parameter: Parameter, value: float) -> Study:
    """The study with one parameter at another value."""
    new = Quantity((value,), parameter.unit, "changed alone", "variant")
    if parameter.owner == "contract":
        return study.with_contract(replace(study.contract, ending={**study.contract.ending, parameter.name: new}))
    if parameter.owner == "provider":
        return study.with_provider(
            replace(study.provider, parameters={**study.provider.parameters, parameter.key: new})
        )
    return replace(study, place=replace(study.place, parameters={**study.place.parameters, parameter.key: new}))


def judged(study: Study) -> list[Parameter]:
    """Inputs that may be moved: judged, not nil, no switch."""
    found = []
    for parameter in PARAMETERS:
        quantity = quantity_of(study, parameter)
        if quantity.quality in JUDGED and quantity.value != 0.0 and parameter.unit != "0 or 1":
            found.append(parameter)
    return found


def within(parameter: Parameter, value: float) -> float:
    """The nearest value that the bounds and the unit allow."""
    kept = min(parameter.high, max(parameter.low, value))
    return float(round(kept)) if parameter.unit.startswith("whole") else kept


@dataclass
class Trial:
    """A source's futures on which inputs are moved."""

    source: Source
    futures: int
    jobs: int

    def __post_init__(self) -> None:
        self.weight = weights_of(self.source.study, self.source.scenario, self.futures)
        self.base = self.of(self.source.study)
        limit = self.source.study.hurdles["commissioner_limit"].value * present(self.source.study, 0)
        self.levels = np.array([HALF, limit, 0.0])

    def of(self, study: Study) -> Mean:
        """The measures of a study in these futures."""
        return Mean.of(measures_of(outcomes_of(study, self.source.scenario, self.source.strategy, self.futures)), self.weight)

    def at(self, parameter: Parameter, value: float) -> Mean:
        """The measures with one input at another value."""
        return self.of(changed(self.source.study, parameter, value))


def tornado_rows(trial: Trial) -> list[dict[str, Any]]:
    """A row for each judged input: the measures at its low and at its high value, largest swing first."""
    study = trial.source.study
    wanted = [
        (parameter, within(parameter, factor * quantity_of(study, parameter).value))
        for parameter in judged(study) for factor in FACTORS
    ]  # fmt: skip
    found = shared_out(lambda one: trial.at(*one), wanted, trial.jobs)
    rows = []
    for k in range(0, len(wanted), 2):
        (parameter, one), (_, other) = wanted[k : k + 2]
        ends = sorted(((one, found[k]), (other, found[k + 1])), key=lambda end: end[0])
        rows.append(_tornado_row(trial, parameter, ends))
    return sorted(rows, key=lambda row: -row["swing_score"])


def _tornado_row(trial: Trial, parameter: Parameter, ends: list[tuple[float, Mean]]) -> dict[str, Any]:
    quantity = quantity_of(trial.source.study, parameter)
    row: dict[str, Any] = {
        "key": f"{parameter.owner}.{parameter.key}", "input": parameter.doc, "unit": parameter.unit, "quality": quantity.quality,
        "source": quantity.source, "base_value": quantity.value,
    }  # fmt: skip
    for name, (value, mean) in zip(("at_lower", "at_upper"), ends, strict=True):
        row |= {f"{name}_value": value, **told(MEASURES, mean, f"{name}_")}
    swing = ends[1][1] - ends[0][1]
    row |= told(MEASURES, swing, "swing_")
    moved = np.array([np.abs(mean.values - trial.base.values) for _, mean in ends])
    most = np.maximum(np.abs(swing.values), moved.max(axis=0))
    row["swing_score"] = float(max(most[0], most[1] / trial.levels[1]))
    return row | {"futures": trial.futures}


def switching_rows(trial: Trial, rows: list[dict[str, Any]], most: int = MOST) -> list[dict[str, Any]]:
    """For the inputs that move most and every hurdle: the value that crosses it, or that none within bounds does."""
    known = {f"{parameter.owner}.{parameter.key}": parameter for parameter in PARAMETERS}
    own = [known[row["key"]] for row in rows[:most]]
    return [row for part in shared_out(lambda one: _switches(trial, one), own, trial.jobs) for row in part]


def _switches(trial: Trial, parameter: Parameter) -> list[dict[str, Any]]:
    base = quantity_of(trial.source.study, parameter).value
    seen: dict[float, Mean] = {base: trial.base}

    def at(value: float) -> Mean:
        if value not in seen:
            seen[value] = trial.at(parameter, value)
        return seen[value]

    return [_switch(trial, parameter, base, k, at) for k in range(len(HURDLES))]


def _switch(trial: Trial, parameter: Parameter, base: float, hurdle: int, at: Any) -> dict[str, Any]:
    """The nearest crossing of one hurdle on either side of the base."""
    order = (0, 2, 1)[hurdle]
    level = float(trial.levels[order])

    def beyond(value: float) -> float:
        return float(at(value).values[order]) - level

    row: dict[str, Any] = {
        "key": f"{parameter.owner}.{parameter.key}", "input": parameter.doc, "unit": parameter.unit, "hurdle": HURDLES[hurdle],
        "base_value": base, "now": "above" if beyond(base) > 0.0 else "below",
    }  # fmt: skip
    start, brackets = beyond(base), []
    for bound in (parameter.low, parameter.high):
        last = base
        for part in WAY:
            value = within(parameter, base + part * (bound - base))
            if value != last and beyond(value) * start <= 0.0:
                brackets.append((last, value))
                break
            last = value
    if not brackets or start == 0.0:
        return {**row, "switching_value": None, "switching_value_error": None, "change_share": None,
                "sentence": "none within bounds", "futures": trial.futures}  # fmt: skip
    low, high = min(brackets, key=lambda pair: abs(pair[1] - base))
    value, error = _root(parameter, low, high, beyond, lambda v: float(at(v).errors[order]))
    return {**row, "switching_value": value, "switching_value_error": error, "change_share": value / base - 1.0,
            "sentence": f"at {value:.4g} instead of {base:.4g}", "futures": trial.futures}  # fmt: skip


def _root(parameter: Parameter, low: float, high: float, beyond: Any, error: Any) -> tuple[float, float]:
    """(where `beyond` is 0 between two values, its standard error), by false position with halving (Illinois)."""
    a, b, fa, fb = low, high, beyond(low), beyond(high)
    for _ in range(STEPS):
        middle = b - fb * (b - a) / (fb - fa) if fb != fa else 0.5 * (a + b)
        middle = within(parameter, middle)
        if middle in (a, b):
            break
        found = beyond(middle)
        if found * fb <= 0.0:
            a, fa = b, fb
        else:
            fa *= 0.5
        b, fb = middle, found
        if fb == 0.0:
            break
    slope = abs((beyond(high) - beyond(low)) / (high - low))
    return float(b), float(error(b) / slope) if slope > 0.0 else 0.0
