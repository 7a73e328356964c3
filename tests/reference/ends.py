"""Where the six axes of a future go, and how they get there: courses, joint draw, cells, weight, paths by year."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import norm
from scipy.stats import t as student

from . import strata
from .draws import AXES, Streams

LAW = (
    "today", "mean", "sd", "low", "high", "earliest", "latest", "duration", "noise", "persistence", "link",
    "probability", "size", "spread",
)  # fmt: skip
Law = dict[str, float]


@dataclass(frozen=True)
class Asked:
    """The law of the axes and the scenario, as plain numbers.

    `laws` by axis; `anchors` by axis, low to high; `correlation` the matrix C; `degrees` of a t copula, 0 for the normal
    one; `coupling` slices by axis or once-only draw, or none; `strata` where futures are drawn cell by cell; `mean_factor`
    what consistency factors are divided by.
    """

    laws: dict[str, Law]
    anchors: dict[str, tuple[float, float, float]]
    correlation: list[list[float]]
    degrees: int
    coupling: dict[str, list[int]]
    scenario: Any
    years: int
    strata: strata.Strata | None = None
    mean_factor: float = 1.0


@dataclass(frozen=True)
class Ends:
    """Destinations of one future by axis, its course, cell, stratum (or none) and the factor on its weight."""

    to: Law
    course: int
    cell: int
    stratum: int | None
    factor: float


def held(x: float, low: float, high: float) -> float:
    """x, no lower than `low` and no higher than `high`."""
    return min(max(x, low), high)


def triangle(matrix: list[list[float]]) -> list[list[float]]:
    """The lower triangle L with L·Lᵀ equal to the matrix (Cholesky)."""
    size = len(matrix)
    lower = [[0.0] * size for _ in range(size)]
    for a in range(size):
        for b in range(a + 1):
            rest = matrix[a][b] - sum(lower[a][k] * lower[b][k] for k in range(b))
            lower[a][b] = math.sqrt(rest) if a == b else rest / lower[b][b]
    return lower


def course_at(u: float, courses: tuple[Any, ...]) -> int:
    """The course in whose share of the unit interval u lies."""
    ends = np.cumsum([course.probability for course in courses])
    return min(int(np.searchsorted(ends, u, side="right")), len(courses) - 1)


def mixing(uniforms: list[float], degrees: int) -> float:
    """√(ν / χ²), the one χ² of all axes made of exponentials; 1 for the normal copula."""
    if degrees == 0:
        return 1.0
    return math.sqrt(degrees / (-2.0 * math.fsum(math.log(u) for u in uniforms[: degrees // 2])))


def score(y: float, degrees: int) -> float:
    """The normal score of a draw from Student's t (or from the normal itself)."""
    if degrees == 0:
        return y
    return float(norm.ppf(student.cdf(y, degrees)) if y < 0.0 else norm.isf(student.sf(y, degrees)))


def coupled(z: float, slices: list[int], rank: float) -> float:
    """z moved into the slice of its law that the rank's place in the table names."""
    at = min(int(rank * len(slices)), len(slices) - 1)
    return float(norm.ppf((slices[at] + norm.cdf(z)) / len(slices)))


def coupled_once(asked: Asked, streams: Streams, future: int) -> Streams:
    """The streams, with the once-only draws that the table couples in their slices."""
    found = dict(streams)
    for name in asked.coupling.keys() - set(AXES) if future > 0 else ():
        found[f"once/{name}"] = [coupled(streams[f"once/{name}"][0], asked.coupling[name], streams["axis/coupling"][0])]
    return found


def scores(asked: Asked, streams: Streams, future: int) -> tuple[list[float], int | None, float]:
    """(normal scores of the six destinations, stratum, factor on the weight)."""
    z = [streams[f"axis/{axis}/destination"][0] for axis in AXES]
    if future == 0:
        return [0.0] * 6, None, 1.0
    if asked.coupling:
        rank = streams["axis/coupling"][0]
        return [coupled(x, asked.coupling[axis], rank) for x, axis in zip(z, AXES, strict=True)], None, 1.0
    lower, mix = triangle(asked.correlation), mixing(streams["axis/mixing"], asked.degrees)
    stratum, factor = None, 1.0
    if asked.strata is not None:
        stratum, z, factor = strata.draw(asked.strata, z, lower, mix, future)
    joined = [math.fsum(lower[a][b] * z[b] for b in range(a + 1)) for a in range(6)]
    return [score(y * mix, asked.degrees) for y in joined], stratum, factor


def level_of(x: float, anchors: tuple[float, float, float]) -> int:
    """Number of the nearest anchor."""
    return min(range(3), key=lambda k: abs(x - anchors[k]))


def given_in(course: Any, a: int, t: int) -> float | None:
    """What a course says of an axis in year t: nothing, or a value (its last one holds)."""
    path = course.path[a]
    value = path[min(t, len(path) - 1)] if path else math.nan
    return None if math.isnan(value) else value


def ends_of(asked: Asked, streams: Streams, future: int) -> Ends:
    """Destinations, cell and factor of one future."""
    courses = asked.scenario.courses
    course = course_at(streams["axis/course"][0], courses) if future > 0 else 0
    drawn, stratum, factor = scores(asked, streams, future)
    to, cell, levels = {}, 0, []
    for a, axis in enumerate(AXES):
        law = asked.laws[axis]
        to[axis] = held(law["mean"] + law["sd"] * drawn[a], law["low"], law["high"])
        end = given_end(asked, courses[course], a)
        to[axis] = to[axis] if end is None else end
        levels.append(level_of(to[axis], asked.anchors[axis]))
        cell += levels[-1] * 3 ** (5 - a)
    if future > 0:
        factor *= factor_of(levels, asked.scenario) / asked.mean_factor
    return Ends(to, course, cell, stratum, factor)


def factor_of(levels: Any, scenario: Any) -> float:
    """Product of the factors of the rules that a cell's levels meet; −1 in a rule is any level."""
    met = [
        rule.factor for rule in scenario.consistency
        if all(want in (-1, have) for want, have in zip(rule.levels, levels, strict=True))
    ]  # fmt: skip
    return math.prod(met)


def mean_factor(asked: Asked) -> float:
    """Mean of the factors over the cells, each with its probability: what weights are divided by."""
    limits = strata.borders(asked.laws, asked.anchors, [False] * 6, asked.degrees)
    chances = strata.probabilities(limits, triangle(asked.correlation), asked.degrees)
    total = 0.0
    for course in asked.scenario.courses:
        for levels, chance in zip(strata.CELLS, chances, strict=True):
            moved = [end_level(asked, course, a, level) for a, level in enumerate(levels)]
            total += course.probability * chance * factor_of(moved, asked.scenario)
    return total


def end_level(asked: Asked, course: Any, a: int, drawn: int) -> int:
    """Level at which an axis ends on a course: as drawn, or that of what the course gives."""
    end = given_end(asked, course, a)
    return drawn if end is None else level_of(end, asked.anchors[AXES[a]])


def given_end(asked: Asked, course: Any, a: int) -> float | None:
    """Where a course says that an axis ends: its destination, or its path's last year; None where the law draws it."""
    if not math.isnan(course.destination[a]):
        return float(course.destination[a])
    return given_in(course, a, asked.years - 1)


def passage(u: float) -> float:
    """3u² − 2u³ between 0 and 1, level outside."""
    u = held(u, 0.0, 1.0)
    return u * u * (3.0 - 2.0 * u)


def axis_path(law: Law, destination: float, start_unit: float, years: int) -> list[float]:
    """Where one axis stands by year before noise, crises, surprises and limits."""
    start = law["earliest"] + (law["latest"] - law["earliest"]) * start_unit
    ways = [passage((t + 1 - start) / law["duration"]) for t in range(years)]
    return [law["today"] + (destination - law["today"]) * way for way in ways]


def noise_of(law: Law, z: list[float], surprise: list[float]) -> list[float]:
    """What an axis's path trembles by: its own noise and the economy's surprises, both fading by its persistence."""
    return [
        math.fsum(law["persistence"] ** (t - u) * (law["noise"] * z[u] + law["link"] * surprise[u]) for u in range(t + 1))
        for t in range(len(z))
    ]


def economy(law: Law, path: list[float], streams: Streams) -> list[float]:
    """The economy's growth where nature moves it: crises counted into the average, and taken off where one comes."""
    growth = []
    tremors = noise_of(law, streams["axis/economy/noise"], [0.0] * len(path))
    for t, average in enumerate(path):
        value = average + law["probability"] * law["size"] + tremors[t]
        if streams["axis/economy/crisis"][t] < law["probability"]:
            value -= max(0.0, law["size"] + law["spread"] * streams["axis/economy/crisis_size"][t])
        growth.append(held(value, law["low"], law["high"]))
    return growth


def axes_of(asked: Asked, streams: Streams, ends: Ends) -> dict[str, list[float]]:
    """The six axes of one future by year. A year that the course gives has no noise, no crisis and no surprise."""
    course, years = asked.scenario.courses[ends.course], range(asked.years)
    paths = {
        axis: axis_path(asked.laws[axis], ends.to[axis], streams[f"axis/{axis}/timing"][0], asked.years) for axis in AXES
    }
    free = {"economy": economy(asked.laws["economy"], paths["economy"], streams)}
    given = {axis: [given_in(course, a, t) for t in years] for a, axis in enumerate(AXES)}
    surprise = [
        0.0 if given["economy"][t] is not None else free["economy"][t] - paths["economy"][t] for t in years
    ]
    for axis in AXES:
        if axis != "economy":
            law = asked.laws[axis]
            # a year that is given takes no surprise in, and what trembles goes on underneath
            felt = [0.0 if given[axis][t] is not None else surprise[t] for t in years]
            tremors = noise_of(law, streams[f"axis/{axis}/noise"], felt)
            free[axis] = [held(m + e, law["low"], law["high"]) for m, e in zip(paths[axis], tremors, strict=True)]
    return {
        axis: [free[axis][t] if value is None else value for t, value in enumerate(given[axis])] for axis in AXES
    }
