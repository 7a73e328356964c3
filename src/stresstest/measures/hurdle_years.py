"""What happens year by year: deficits, payments beyond the budget or the limit, low quality, cost that stays with the hospital.

Of all futures whose yearly rows were kept (`futures`), with the error of the run's design. A contract that has ended has no
deficit of its own any more; what the commissioner then pays for care counts on. A deficit is one after support. Beside the
chance of what the provider alone can do stands the chance among contracts that still run in the year (`running_probability`),
for few of all futures may be in deficit late in the term only because few contracts are left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..study import Study
from .failures import limit_of
from .moments import Estimate, Influence
from .probabilities import probabilities
from .stream import Column
from .summary import Years
from .tallies import CELLS

Row = dict[str, Any]
HALF_A_PENNY = 0.005


def above(limit: float) -> Influence:
    """Whether a value is above a limit."""
    return lambda x: np.asarray(x > limit)


def chance(name: str, found: Estimate) -> Row:
    """Cells of a probability: itself, its error and its 95% interval."""
    return {name: found.value, f"{name}_error": found.error, f"{name}_low": found.low, f"{name}_high": found.high}


def exposure_to_date(years: Years, study: Study) -> Iterator[tuple[str, str, Column]]:
    """The commissioner's net exposure up to each year, in present value (£), as the outcome adds it up."""
    rate = study.place.parameters["health.money_discount"].value
    return to_date(years, "commissioner_exposure_gbp", (1.0 + rate) ** -np.arange(study.years))


def to_date(years: Years, name: str, factor: np.ndarray, mean: bool = False) -> Iterator[tuple[str, str, Column]]:
    """(strategy, year, column) of a yearly column added up to each year, each year times its factor; or its mean so far."""
    total, before, t = np.zeros(0), "", 0
    for strategy, year, column in years.columns(name):
        (piece,) = column
        if strategy != before:
            total, before, t = np.zeros(piece.values.size), strategy, 0
        total = total + factor[t] * piece.values
        t += 1
        yield strategy, year, Column.of(total / t if mean else total, piece.weights, piece.groups, column.design)


@dataclass(frozen=True)
class Event:
    """Something that may happen in a year: measure, words, columns(years, study), and happens(values) → bool[n].

    `running`: whether it is told of the contracts that still run, too.
    """

    measure: str
    words: str
    columns: Callable[[Years, Study], Iterator[tuple[str, str, Column]]]
    happens: Influence
    running: bool = False


def events_of(study: Study) -> tuple[Event, ...]:
    """What is counted year by year, of all futures: a contract that has ended has no deficit of its own any more."""
    limit, floor = limit_of(study, "commissioner_limit"), limit_of(study, "quality_floor")
    return (
        Event("provider_deficit", "the provider's cost is above its income in the year",
              lambda years, _: years.columns("surplus_gbp"), _negative, True),
        Event("provider_deficit_to_date", "the provider has lost more than it has earned since the start",
              lambda years, _: years.columns("cumulative_surplus_gbp"), _negative, True),
        Event("commissioner_over_budget",
              "the commissioner pays beyond the agreed budget in the year, care after an early end included",
              lambda years, _: years.columns("commissioner_exposure_gbp"), above(HALF_A_PENNY)),
        Event("commissioner_over_limit_to_date", "the commissioner's net exposure to date, in present value, is beyond its limit",
              exposure_to_date, above(limit)),
        Event("quality_below_floor", f"true progress on the outcomes is below {floor:g} in the year",
              lambda years, _: years.columns("true_score"), lambda x: x < floor, True),
        Event("hospital_bears_cost", "activity is below the expected, so that fixed cost stays with the hospital in the year",
              hospital_cost, above(HALF_A_PENNY)),
    )  # fmt: skip


def _negative(values: np.ndarray) -> np.ndarray:
    return np.asarray(values < -HALF_A_PENNY)


def hospital_cost(years: Years, study: Study) -> Iterator[tuple[str, str, Column]]:
    """Cost that stays with the hospital in each year (£), before what it pays or receives under the clauses."""
    share = study.contract.ending["hospital_fixed_share"].value
    both = zip(years.columns("acute_expected_gbp"), years.columns("acute_actual_gbp"), strict=True)
    for (strategy, year, expected), (_, _, actual) in both:
        (a,), (b,) = expected, actual
        yield strategy, year, Column.of(share * (a.values - b.values), a.weights, a.groups, expected.design)


def hurdle_year_rows(folder: Path, study: Study) -> list[Row]:
    """One row for each scenario, strategy, measure and year: how often it happens, among the futures with yearly rows."""
    rows: list[Row] = []
    for scenario in study.scenarios:
        years = Years(folder, scenario.name)
        running = {(strategy, year): column for strategy, year, column in years.columns("running")}
        for event in events_of(study):
            for strategy, year, column in event.columns(years, study):
                (found,) = probabilities(column, [event.happens])
                rows.append({
                    "scenario": scenario.name, "strategy": strategy, "measure": event.measure, "words": event.words,
                    "year": year, **chance("probability", found),
                    **_of_running(column, running[strategy, year], event), "futures": years.frames[strategy][0].size,
                })  # fmt: skip
    return rows


def _of_running(column: Column, running: Column, event: Event) -> Row:
    """The chance among contracts that run in the year, and how many futures those are; empty where it is not told."""
    (piece,), (run,) = column, running
    here = run.values > 0.5
    if not event.running or not here.any():
        return dict.fromkeys((*RUNNING, "running_futures"))
    if column.design.units == CELLS:
        of = Column.of(piece.values, np.where(here, piece.weights, 0.0), piece.groups, column.design)
    else:
        of = Column.of(*piece.cut(here), column.design)
    (found,) = probabilities(of, [event.happens])
    return {**chance("running_probability", found), "running_futures": int(here.sum())}


RUNNING = ("running_probability", "running_probability_error", "running_probability_low", "running_probability_high")
