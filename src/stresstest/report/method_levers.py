"""A worked example for every lever: what its own code does to a small world, at half of its highest intensity.

The world has round numbers; what the lever costs and how it is found out are the shipped provider's. Rows of the world and of the
record that move are shown before and after.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from .. import layout as L
from ..config.load import load_study
from ..levers import LEVER_NUMBER
from ..levers._lever import EDGE_ACTIVE, EDGE_BAND, EDGE_GAIN, EDGE_LOSS, EDGES, LeverKind
from .markdown import table
from .method_worked import said

STUDY = "dudley"
#: The small world (£, persons, 1 = as priced): drivers by name; two indicators.
WORLD: dict[str, float] = {
    "world_list": 300_000.0, "world_need": 1.0, "world_care": 1.0, "world_scope_cost": 350e6, "world_acute": 100e6,
    "world_cost": 350e6, "world_opening": 1.0, "world_shock": 1.02, "world_funding": 1.0,
    "record_list": 300_000.0, "record_need": 1.0,
    "record_acute": 100e6, "record_acute_expected": 104e6, "record_cost": 350e6, "record_funding": 1.0,
    "record_agreed": 360e6, "record_list_base": 300_000.0, "record_prevention": 4e6, "audit_list": 300_000.0,
    "audit_need": 1.0, "choice_prevention": 0.4, "choice_effort_0": 0.5, "choice_effort_1": 0.5, "world_progress_0": 0.4,
    "world_progress_1": 0.6, "record_indicator_0": 0.66, "record_indicator_1": 0.74,
}  # fmt: skip
GOALS = (0.7, 0.8)
#: Half the width of the dead band, and the gaps at which a gain and a loss are capped (£).
BAND, CAP = 2e6, 20e6
#: What chance has added to the acute spend so far, in logarithms.
ACUTE_CHANCE = 0.03


@cache
def _study() -> Any:
    return load_study(STUDY)


def _world() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    d, s = np.zeros((len(L.DRIVERS), 1)), np.zeros((len(L.STATES), 1))
    for name, value in WORLD.items():
        d[L.driver(name)] = value
    s[L.S_RUNNING], s[L.S_ACUTE] = 1.0, ACUTE_CHANCE
    goal, edge = np.full(L.MAX_INDICATORS, np.nan), np.zeros(len(EDGES))
    goal[: len(GOALS)] = GOALS
    edge[EDGE_BAND], edge[EDGE_GAIN], edge[EDGE_LOSS], edge[EDGE_ACTIVE] = BAND, CAP, -CAP, 1.0
    return d, s, goal, edge


def moved(kind: LeverKind) -> tuple[int, dict[str, tuple[float, float]]]:
    """The year (from 0) and what a lever moves in it: (before, after) of rows of the world, the record and what is carried on.

    The second year is tried, then the first, then the last: some levers act at one end of the contract only.
    """
    study = _study()
    row = study.provider.lever_rows(study.years)[LEVER_NUMBER[kind.name]]
    for t in (1, 0, study.years - 1):
        d, s, goal, edge = _world()
        before, carried = d.copy(), s.copy()
        getattr(kind.bend, "py_func", kind.bend)(kind.highest / 2.0, t, row, goal, edge, d, s, study.parameter_vector(), 0)
        found = _changes(L.DRIVERS, before, d, "") | _changes(L.STATES, carried, s, " (carried on)")
        if found:
            return t, found
    return 1, {}


def _changes(
    names: tuple[str, ...], before: np.ndarray, after: np.ndarray, mark: str
) -> dict[str, tuple[float, float]]:
    """Rows that differ, but for indicators that the small world does not have."""
    unused = tuple(f"_{k}" for k in range(len(GOALS), L.MAX_INDICATORS))
    return {
        name + mark: (float(before[k, 0]), float(after[k, 0]))
        for k, name in enumerate(names)
        if before[k, 0] != after[k, 0] and not name.endswith(unused)
    }


def lever_example(kind: LeverKind) -> list[str]:
    """The worked example of a lever as lines of Markdown; or that there is none."""
    t, found = moved(kind)
    if not found:
        return ["No worked example: it moves nothing in the first two years or the last of the small world.", ""]
    rows = [(f"`{name}`", said(before), said(after)) for name, (before, after) in found.items()]
    year = {0: "the first year", 1: "the second year"}.get(t, "the last year")
    told = (
        "Worked example, computed by this code when the book was written: "
        f"intensity {said(kind.highest / 2.0)} in {year}, on the small world above."
    )
    return [told, "", *table(("what moves", "before", "after"), rows)]


def world_text() -> list[str]:
    """The small world as lines of Markdown."""
    rows = [(f"`{name}`", said(value)) for name, value in WORLD.items()]
    rows += [
        ("indicator values that pay in full", said(GOALS)),
        ("dead band (£)", said(BAND)),
        ("gap at which a gain and a loss are capped (£)", said(CAP)),
        ("chance in the acute spend so far (logarithm)", said(ACUTE_CHANCE)),
    ]
    told = f"The sums on levers are made on one small world, with the costs and chances of the shipped study `{STUDY}`."
    return ["### The small world of the sums", "", told, "", *table(("given", "value"), rows)]
