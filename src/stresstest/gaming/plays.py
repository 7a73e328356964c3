"""Plays: lever levels by year, and small changes of them. A play is a plain mapping, so that it can be written to a file.

A level is one number for all years, or a tuple with one number for each. The search uses one shape only: the same level in
the years of a window and nothing outside it.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..levers import GAMING, HONEST, LEVER_NUMBER, LEVERS
from ..strategy import Strategy

Level = float | tuple[float, ...]
Levels = dict[str, Level]
Window = tuple[bool, ...]
#: A lever counts as used from this share of its range on: judgement; less is lost in rounding.
IN_USE = 0.005
#: Levers that are one decision before the first year: they hold for the whole term and have no windows of years.
DECIDED_ONCE = ("baseline_inflation", "low_bid")
#: Gaming levers that may be used in some years and not in others.
TIMED = tuple(name for name in GAMING if name not in DECIDED_ONCE)


def top(name: str) -> float:
    """The highest level of a lever."""
    return float(LEVERS[LEVER_NUMBER[name]].highest)


def size(level: Level) -> float:
    """The level in the years in which it is highest."""
    return max(level) if isinstance(level, tuple) else float(level)


def resized(level: Level, value: float) -> Level:
    """The same years at another level; a lever that was off is on in every year."""
    if isinstance(level, tuple) and any(level):
        return tuple(value if one else 0.0 for one in level)
    return value


def windowed(level: Level, window: Window) -> Level:
    """The same level in the years of a window, and nothing outside it."""
    value = size(level)
    return value if all(window) else tuple(value if inside else 0.0 for inside in window)


def window_of(level: Level, years: int) -> Window:
    """The years in which a level is not nothing."""
    values = level if isinstance(level, tuple) else (level,)
    return tuple(values[min(t, len(values) - 1)] != 0.0 for t in range(years))


def windows(years: int) -> list[Window]:
    """All years; from a year on; up to a year; every other year."""
    t = range(years)
    found = [tuple(True for _ in t)]
    found += [tuple(k >= start for k in t) for start in range(1, years)]
    found += [tuple(k < end for k in t) for end in range(1, years)]
    return found + [tuple(k % 2 == odd for k in t) for odd in (0, 1)]


def with_level(play: Levels, name: str, level: Level) -> Levels:
    """The play with one lever at another level; a level of nothing leaves the lever out."""
    rest = {lever: value for lever, value in play.items() if lever != name}
    return {**rest, name: level} if size(level) > 0.0 else rest


def without(play: Levels, names: Iterable[str]) -> Levels:
    """The play without some levers."""
    left_out = set(names)
    return {name: level for name, level in play.items() if name not in left_out}


def honest_part(play: Levels) -> Levels:
    """The honest levers of a play."""
    return {name: level for name, level in play.items() if name in HONEST}


def used(play: Levels) -> tuple[str, ...]:
    """Gaming levers in use, in the order of the register: the play's signature."""
    return tuple(name for name in GAMING if size(play.get(name, 0.0)) > IN_USE * top(name))


def table(play: Levels, years: int) -> dict[str, tuple[float, ...]]:
    """Every lever's level in each year."""
    numbers = Strategy("", play).table(years)
    return {name: tuple(map(float, numbers[:, LEVER_NUMBER[name]])) for name in play}


def from_year(before: Levels, after: Levels, year: int, years: int) -> Levels:
    """`before` in the years up to `year` (from 0, not included), `after` from then on."""
    old, new = table(before, years), table(after, years)
    none = (0.0,) * years
    joined: Levels = {name: old.get(name, none)[:year] + new.get(name, none)[year:] for name in {**old, **new}}
    return tidy(joined)


def tidy(play: Levels) -> Levels:
    """Levels to six figures in the order of the register; years that are all alike become one number, nothing is left out."""

    def rounded(level: Level) -> Level:
        values = tuple(float(f"{one:.6g}") for one in (level if isinstance(level, tuple) else (level,)))
        return values[0] if len(set(values)) == 1 else values

    ordered = {kind.name: rounded(play[kind.name]) for kind in LEVERS if kind.name in play}
    return {name: level for name, level in ordered.items() if size(level) > 0.0}


def strategies(plays: Iterable[Levels]) -> list[Strategy]:
    """Plays as strategies for the machine."""
    return [Strategy("play", play) for play in plays]


def spread(count: int, dimensions: int) -> np.ndarray:
    """float64[count, dimensions]: points of an unscrambled Sobol' net, the same every time, without the first (all zero)."""
    from scipy.stats import qmc

    net = qmc.Sobol(dimensions, scramble=False).random(1 << max(1, count).bit_length())
    return np.asarray(net[1 : count + 1], dtype=np.float64)
