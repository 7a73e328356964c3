"""Each party against its hurdle: where two paths go, and how often the hurdle is missed.

    cumulative surplus    the provider's, against what reserve, loss cap and guarantee bear together; missed where losses end the
                          contract (or, under a rescue, where they are all used up), at any time
    net exposure          the commissioner's, to date and discounted as the outcome is; missed where the whole term's is above
                          commissioner_limit times the agreed budget
    true progress         mean over the years to date; missed where the whole term's mean is below quality_floor
    hospital, council     present value over the term; a yearly path of what they bear is not kept, so only its end is known

A path joins one quantile of every year: the median, and the adverse 1 in 10 (10% where more is better, else 90%). Futures
move between ranks, so a path is no single future; `start` is its value at the end of the first year, `low_point` its worst
value, `meets` whether the path keeps to the hurdle, judged as the failure is. Paths rest on the futures whose yearly rows
were kept (`path_futures`), chances on all futures of the run (`futures`), each with the error of the run's design.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .. import layout as L
from ..hurdles import HURDLES
from ..study import Study
from ..units import percent, pounds
from .designs import Design
from .estimates import Wanted, estimate
from .failures import failures, limit_of
from .headline import cause_column
from .hurdle_years import HALF_A_PENNY, above, chance, exposure_to_date, to_date
from .moments import Influence
from .probabilities import probabilities
from .stream import KEYS, Column, Parts, strategy_column
from .summary import Years

Row = dict[str, Any]
Point = tuple[str, float]
MEDIAN, ADVERSE = "median", "1 in 10"
ABOVE, BELOW = "above", "below"
ANY_TIME, WHOLE_TERM = "at any time", "over the whole term"


@dataclass(frozen=True)
class Limit:
    """One hurdle of a study: name, party, words, unit, the side that is better, limit and its source, when it is judged,
    the outcome column, and missed(values of that column) → bool[n]."""

    name: str
    party: str
    words: str
    unit: str
    better: str
    limit: float
    source: str
    judged: str
    column: str
    missed: Influence

    @property
    def adverse(self) -> float:
        """Level of the adverse quantile."""
        return 0.1 if self.better == ABOVE else 0.9

    def worst(self, values: list[Point]) -> Point:
        """The worst of a path's points; the first that is as bad to half a penny, or to a millionth of a score."""
        extreme = (min if self.better == ABOVE else max)(value for _, value in values)
        near = HALF_A_PENNY if self.unit == "GBP" else 1e-6
        return next(point for point in values if abs(point[1] - extreme) <= near)

    def met(self, values: list[Point]) -> bool:
        """Whether a path keeps to the hurdle, judged as the failure is."""
        value = self.worst(values)[1] if self.judged == ANY_TIME else values[-1][1]
        if self.judged == ANY_TIME:
            return value > self.limit + HALF_A_PENNY
        return value >= self.limit if self.better == ABOVE else value <= self.limit


def limits_of(study: Study) -> tuple[Limit, ...]:
    """The five hurdles of a study."""
    quality = next(one for one in failures(study) if one.name == "quality_floor")
    source = {hurdle.name: study.hurdles[hurdle.name].source for hurdle in HURDLES}
    money = [
        Limit(one.name, one.party, one.words, "GBP", BELOW, limit_of(study, one.name), source[one.name], WHOLE_TERM,
             one.needs[0], above(limit_of(study, one.name)))
        for one in failures(study) if one.name.endswith("_limit")
    ]  # fmt: skip
    floor = limit_of(study, quality.name)
    score = Limit(quality.name, quality.party, quality.words, "score", ABOVE, floor, source[quality.name], WHOLE_TERM,
                 "mean_true_score", lambda x: x < floor)  # fmt: skip
    return (_provider_limit(study), money[0], score, *money[1:])


def _provider_limit(study: Study) -> Limit:
    """What the owners bear: the failure is the end by losses or, where a rescue keeps the contract going, a used cap."""
    ending = study.contract.ending
    backing = sum(ending[name].value for name in ("reserve", "loss_cap", "guarantee"))
    source = "; ".join(f"{name.replace('_', ' ')}: {_backed(study, name)}" for name in ("reserve", "loss_cap", "guarantee"))
    if ending["rescue"].value == 0.0:
        words = "losses end the contract before its term, once reserve, loss cap and guarantee are used up"
        column, missed = "exit_cause", _at_least(float(L.EXIT_FIRST_ADVERSE))
    else:
        borne = ending["reserve"].value - backing
        words = "losses use up reserve, loss cap and guarantee, and the commissioner carries what is beyond"
        column, missed = "lowest_reserve_gbp", _at_most(borne + HALF_A_PENNY)
    return Limit("walks_away", "provider", words, "GBP", ABOVE, 0.0 - backing, source, ANY_TIME, column, missed)


def _backed(study: Study, name: str) -> str:
    """An amount that stands behind the contract, as a share of the opening price of a year, and where it comes from."""
    one = study.contract.ending[name]
    share = f", {percent(one.value / study.contract.opening_price)} of the opening price of a year" if one.value else ""
    return f"{pounds(one.value)}{share} (source: {one.source})"


def _at_least(limit: float) -> Influence:
    return lambda x: np.asarray(x >= limit)


def _at_most(limit: float) -> Influence:
    return lambda x: np.asarray(x <= limit)


def hurdle_rows(folder: Path, study: Study, strategies: list[str]) -> list[Row]:
    """Two rows (paths) for each scenario, strategy and hurdle; see the module's text."""
    return [row for scenario in study.scenarios for row in _of_scenario(folder, study, scenario.name, strategies)]


def _of_scenario(folder: Path, study: Study, scenario: str, strategies: list[str]) -> Iterator[Row]:
    limits, design = limits_of(study), Design.of(folder)
    held = list(dict.fromkeys([of.column for of in limits] + ["exit_cause"]))
    parts = Parts.of(folder, "outcomes", scenario).hold([*KEYS, *held])
    paths, kept = _paths(folder, study, scenario, limits)
    for strategy in strategies:
        for of in limits:
            column = _outcome(parts, of.column, strategy, design).held()
            (missed,) = probabilities(column, [of.missed])
            futures = sum(piece.values.size for piece in column)
            whole = (strategy, of.name) in paths
            found = paths[strategy, of.name] if whole else _ends_only(column, of, study)
            for path, points in zip((MEDIAN, ADVERSE), found, strict=True):
                first = {"scenario": scenario, "strategy": strategy, **_words(of), "path": path}
                ends = {"path_futures": kept.get(strategy, 0) if whole else futures, "futures": futures}
                yield {**first, **_points(of, points, whole), **chance("fails_probability", missed), **ends}


def _outcome(parts: Parts, name: str, strategy: str, design: Design) -> Column:
    return cause_column(parts, strategy, design) if name == "exit_cause" else strategy_column(parts, name, strategy, None, design)


def _words(of: Limit) -> Row:
    return {
        "hurdle": of.name, "party": of.party, "words": of.words, "unit": of.unit, "better": of.better,
        "limit": of.limit, "limit_source": of.source, "judged": of.judged,
    }  # fmt: skip


def _points(of: Limit, points: list[Point], whole: bool) -> Row:
    """Start, worst point and end of a path; only the end where it is not kept year by year (`whole`), nothing where none is."""
    if not points:
        return {"start": None, "low_point": None, "low_point_year": "", "end": None, "meets": ""}
    year, low = of.worst(points)
    return {
        "start": points[0][1] if whole else None, "low_point": low if whole else None, "low_point_year": year if whole else "",
        "end": points[-1][1], "meets": "yes" if of.met(points) else "no",
    }  # fmt: skip


def _ends_only(column: Column, of: Limit, study: Study) -> tuple[list[Point], list[Point]]:
    """The two paths of which only the end is known; nothing for the provider, whose outcome is how the contract ended."""
    if of.judged == ANY_TIME:
        return [], []
    found = estimate(column, [Wanted("quantile", 0.5), Wanted("quantile", of.adverse)])
    ends = [[(study.year_labels[-1], one.value)] for one in found]
    return ends[0], ends[1]


def _paths(
    folder: Path, study: Study, scenario: str, limits: tuple[Limit, ...]
) -> tuple[dict[tuple[str, str], tuple[list[Point], list[Point]]], dict[str, int]]:
    """By strategy and hurdle, the points (year, value) of both paths; and how many futures they rest on."""
    years = Years(folder, scenario)
    found: dict[tuple[str, str], tuple[list[Point], list[Point]]] = {}
    for of, columns in zip(limits, _columns(years, study), strict=False):
        for strategy, year, column in columns:
            low, high = found.setdefault((strategy, of.name), ([], []))
            middle, adverse = estimate(column, [Wanted("quantile", 0.5), Wanted("quantile", of.adverse)])
            low.append((year, middle.value))
            high.append((year, adverse.value))
    return found, {strategy: weights.size for strategy, (weights, _) in years.frames.items()}


def _columns(years: Years, study: Study) -> tuple[Iterator[tuple[str, str, Column]], ...]:
    """Yearly columns of the first three hurdles, in their order: surplus to date, exposure to date, progress to date."""
    return (
        years.columns("cumulative_surplus_gbp"),
        exposure_to_date(years, study),
        to_date(years, "true_score", np.ones(study.years), mean=True),
    )
