"""Yearly paths of the quantities that have a record: futures as they are run, and long runs to lay beside the record.

Futures as run start at today's value, so their first years vary less than the record did. A long run has no such start: it
is futures laid end to end, a contract's length each, every one starting from where the one before was going. It is put
together from three draws of the same futures, so that the process's own code makes every piece:

    destination  the draw without noise and with the passage over before the first year
    passage      w = (m − today) / (destination − today), from the draw without noise
    noise        the draw with the passage over, less the destination: noise, crises and links
    long run     x = before + (destination − before) · w + noise, `before` being the destination of the future before

Growth of the allocation is worked out from these paths by drivers/funding.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .. import layout as L
from ..drivers.funding import funding_step
from ..futures import axes as A
from ..futures.scenario import Scenario
from ..study import Study
from .draws import Draws, draw

#: Years before the contract at which a passage is over that is not to be seen, and how long it then takes.
LONG_AGO, AT_ONCE = -30.0, 0.1
SMALLEST_MOVE = 1e-9
#: Years at the start of a long run for which the allocation has no growth: it looks back two years.
YEARS_LOST = 2


@dataclass(frozen=True)
class Paths:
    """Yearly values, float64[futures, years], by quantity: economy, state, workforce, funding (growth of the allocation)."""

    economy: np.ndarray
    state: np.ndarray
    workforce: np.ndarray
    funding: np.ndarray


def _changed(study: Study, changes: dict[int, float]) -> Study:
    """The study with columns of the axes' table replaced, for all axes."""
    table = study.law.table.copy()
    for column, value in changes.items():
        table[:, column] = value
    return replace(study, law=replace(study.law, table=table))


SETTLED = {A.EARLIEST: LONG_AGO, A.LATEST: LONG_AGO, A.DURATION: AT_ONCE}
QUIET = {A.NOISE_SD: 0.0, A.LINK: 0.0, A.CRISIS_PROBABILITY: 0.0}


def funding_growth(study: Study, axes: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Real growth of the allocation, float64[years − 1, n], along axes[years, AXES, n] and noise[years, NOISE, n]."""
    years, n = axes.shape[0], axes.shape[2]
    d, s = np.zeros((len(L.DRIVERS), n)), np.zeros((len(L.STATES), n))
    s[L.S_FUNDING] = 1.0
    p, today = study.parameter_vector(), np.ascontiguousarray(study.law.table[:, A.TODAY])
    levels = np.empty((years, n))
    for t in range(years):
        funding_step(d, s, axes, noise, p, today, t, n)
        levels[t] = d[L.WORLD_FUNDING]
    return np.asarray(levels[1:] / levels[:-1] - 1.0)


def _paths(study: Study, axes: np.ndarray, noise: np.ndarray, first: int) -> Paths:
    """Paths of three axes, and of the allocation from year `first` on."""
    growth = np.ascontiguousarray(funding_growth(study, axes, noise)[first - 1 :].T)
    economy, state, workforce = (np.ascontiguousarray(axes[:, a].T) for a in (L.ECONOMY, L.STATE, L.WORKFORCE))
    return Paths(economy, state, workforce, growth)


def as_run(study: Study, scenario: Scenario, futures: int) -> Paths:
    """Futures 1 … `futures` of the scenario as they are run, from today's value on."""
    drawn = draw(study, scenario, 1, futures)
    return _paths(study, drawn.axes, drawn.noise, 1)


def _end_to_end(values: np.ndarray, each: int) -> np.ndarray:
    """[T, rows, groups · each] → [each · T, rows, groups]: the futures of a group one after another."""
    years, rows, n = values.shape
    apart = values.reshape(years, rows, n // each, each)
    return np.ascontiguousarray(apart.transpose(3, 0, 1, 2).reshape(each * years, rows, n // each))


def long_axes(study: Study, scenario: Scenario, futures: int) -> tuple[np.ndarray, Draws]:
    """Axes of long runs before they are laid end to end, float64[T, AXES, futures], and the draw whose noise they have."""
    goal = draw(_changed(study, {**SETTLED, **QUIET}), scenario, 1, futures).axes[:1]
    moving = draw(_changed(study, QUIET), scenario, 1, futures).axes
    settled = draw(_changed(study, SETTLED), scenario, 1, futures)
    today = study.law.table[:, A.TODAY][None, :, None]
    move = goal - today
    gone = np.where(np.abs(move) > SMALLEST_MOVE, (moving - today) / np.where(move == 0.0, 1.0, move), 1.0)
    before = np.roll(goal, 1, axis=2)
    low, high = (study.law.table[:, column][None, :, None] for column in (A.LOW, A.HIGH))
    return np.clip(before + (goal - before) * gone + settled.axes - goal, low, high), settled


def long_runs(study: Study, scenario: Scenario, futures: int, each: int) -> Paths:
    """Long runs of `each` futures end to end: float64[futures // each, each · T]; the allocation has two years less."""
    axes, drawn = long_axes(study, scenario, futures // each * each)
    return _paths(study, _end_to_end(axes, each), _end_to_end(drawn.noise, each), YEARS_LOST)
