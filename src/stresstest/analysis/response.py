"""The provider's best response: lever levels that serve its aim best, found by screening and coordinate sweeps.

Levels hold in every year (open loop); levers that depend on the year or on what has happened carry that in themselves.
The search is deterministic: an unscrambled Sobol' screen over the box of levels, then sweeps along one lever at a time on
ever finer grids from the best points. It sees only its own futures (design.SEARCH_FIRST on); winners are scored again on
fresh ones, which takes away the winner's curse. No gradients: pay functions have steps.
"""

from __future__ import annotations

import numpy as np

from ..levers import LEVER_NUMBER, LEVERS
from ..sampling.nets import plain_points
from ..strategy import Strategy
from .evaluate import Arena

FIRST_GRID, NEXT_GRID = 9, 5


def screen_points(levers: tuple[str, ...], count: int) -> list[dict[str, float]]:
    """`count` points spread over the levers' box, and each lever alone at a half and at the top."""
    tops = np.array([LEVERS[LEVER_NUMBER[name]].highest for name in levers])
    points = [dict(zip(levers, row * tops, strict=True)) for row in plain_points(len(levers), count)]
    for name, top in zip(levers, tops, strict=True):
        points += [{name: 0.5 * top}, {name: float(top)}]
    return [{name: float(level) for name, level in point.items()} for point in points]


def _with(level: dict[str, float], name: str, value: float) -> dict[str, float]:
    return {**level, name: value}


def _grid(name: str, centre: float, step: float, points: int) -> list[float]:
    top = LEVERS[LEVER_NUMBER[name]].highest
    half = points // 2
    around = [centre + step * k for k in range(-half, half + 1)]
    return sorted({float(min(top, max(0.0, x))) for x in around} | {0.0})


def sweep(arena: Arena, starts: list[dict[str, float]], levers: tuple[str, ...], fixed: dict[str, float], share: float,
          points: int) -> list[dict[str, float]]:  # fmt: skip
    """One pass along every lever for every start, on grids of `points` levels `share` of the lever's range apart."""
    best = [dict(start) for start in starts]
    for name in levers:
        step = share * LEVERS[LEVER_NUMBER[name]].highest
        tries = [[_with(b, name, x) for x in _grid(name, b.get(name, 0.0), step, points)] + [b] for b in best]
        flat = [Strategy("try", {**fixed, **levels}) for group in tries for levels in group]
        values = arena.mean_aim(flat)
        at = 0
        for k, group in enumerate(tries):
            scores = values[at : at + len(group)]
            best[k] = group[int(np.argmax(scores))]
            at += len(group)
    return best


def best_response(
    screen: Arena, polish: Arena, levers: tuple[str, ...], fixed: dict[str, float], keep: int, points: int,
    starts: tuple[dict[str, float], ...] = (),
) -> dict[str, float]:  # fmt: skip
    """Levels of `levers` that serve the provider best with `fixed` held; ties go to the simpler (earlier) point."""
    candidates = [dict(start) for start in starts] + screen_points(levers, points) + [{}]
    values = screen.mean_aim([Strategy("try", {**fixed, **levels}) for levels in candidates])
    order = np.argsort(-values, kind="stable")[:keep]
    kept = [dict(start) for start in starts] + [candidates[k] for k in order]
    kept = sweep(polish, kept, levers, fixed, 0.25, FIRST_GRID)
    scores = polish.mean_aim([Strategy("try", {**fixed, **levels}) for levels in kept])
    kept = [kept[k] for k in np.argsort(-scores, kind="stable")[:2]]
    for share in (0.08, 0.03, 0.01):
        kept = sweep(polish, kept, levers, fixed, share, NEXT_GRID)
    scores = polish.mean_aim([Strategy("try", {**fixed, **levels}) for levels in kept])
    return _tidy(kept[int(np.argmax(scores))])


def refine(arena: Arena, start: dict[str, float], levers: tuple[str, ...], fixed: dict[str, float]) -> dict[str, float]:
    """The best response near a known one: sweeps only."""
    kept = [start]
    for share, points in ((0.125, FIRST_GRID), (0.04, NEXT_GRID), (0.015, NEXT_GRID)):
        kept = sweep(arena, kept, levers, fixed, share, points)
    return _tidy(kept[0])


def _tidy(levels: dict[str, float]) -> dict[str, float]:
    """Levels rounded to six figures, zeros left out."""
    return {name: float(f"{level:.6g}") for name, level in levels.items() if level != 0.0}
