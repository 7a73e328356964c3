"""What each of the plan's seven assumptions does: the change from all held to all released, shared out exactly.

Every combination of assumptions held and released lives the same futures; an assumption's part is what releasing it changes,
averaged over all orders of releasing (Shapley 1953), and the parts add up to the whole change. Where g is released the provider
plays its gamed strategy, where g is held its honest one, as the run found them. Errors are paired, future by future.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..assumptions import ASSUMPTIONS, LETTERS, held, hold
from ..methods.shapley import shapley_matrix
from ..strategy import Strategy
from .sensitivity_lived import MEASURES, Mean, measures_of, outcomes_of, shared_out, told, weights_of
from .source import Source

FUTURES = 2048
CONTRIBUTION, ALL_HELD, ALL_RELEASED, CHANGE = "contribution", "all held", "all released", "change"


def both(source: Source) -> tuple[Strategy, Strategy]:
    """(honest, gamed) strategies of the run; the one that was asked for where the run lacks one of them."""
    known = {strategy.name: strategy for strategy in source.strategies}
    return known.get("honest", source.strategy), known.get("gamed", source.strategy)


def assumption_rows(source: Source, futures: int = FUTURES, jobs: int = 2) -> list[dict[str, Any]]:
    """A row for each assumption that the study does not hold itself, then both ends and the whole change."""
    fixed = held(source.study)
    free = [letter for letter in LETTERS if letter not in fixed]
    honest, gamed = both(source)

    def lived(released: int) -> Mean:
        names = [letter for k, letter in enumerate(free) if not released >> k & 1]
        study = hold(source.study, names)
        scenario = next(one for one in study.scenarios if one.name == source.scenario.name)
        strategy = gamed if "g" in free and "g" not in names else honest
        weight = weights_of(study, scenario, futures)
        return Mean.of(measures_of(outcomes_of(study, scenario, strategy, futures)), weight)

    found = shared_out(lived, range(1 << len(free)), jobs)
    if not free:
        return []
    values, influence = np.array([one.values for one in found]), np.array([one.influence for one in found])
    matrix = shapley_matrix(len(free))
    parts = matrix @ values
    moved = np.tensordot(matrix, influence, axes=1)
    titles = {one.letter: one.name for one in ASSUMPTIONS}
    rows = [_row(CONTRIBUTION, x, titles[x], Mean(parts[k], moved[k]), futures) for k, x in enumerate(free)]
    rows.sort(key=lambda row: -abs(row[MEASURES[0]]))
    return [
        *rows, _row(ALL_HELD, "", "", found[0], futures), _row(ALL_RELEASED, "", "", found[-1], futures),
        _row(CHANGE, "", "", found[-1] - found[0], futures),
    ]  # fmt: skip


def _row(kind: str, letter: str, title: str, mean: Mean, futures: int) -> dict[str, Any]:
    return {"kind": kind, "letter": letter, "assumption": title, **told(MEASURES, mean), "futures": futures}
