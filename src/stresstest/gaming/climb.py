"""A climb: one play, improved by moves that are tried on the same futures. Nothing is drawn; ties stay with what there was.

Moves: along one lever at a time; in a subspace of several levers at once (points of a Sobol' net, no chance); of two levers
at once, which finds levers that pay only together; and in time, using a lever in some years only. A lever that adds nothing
is left out at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from ..analysis.evaluate import Arena
from ..levers import GAMING
from .plays import (
    DECIDED_ONCE,
    Levels,
    resized,
    size,
    spread,
    strategies,
    tidy,
    top,
    window_of,
    windowed,
    windows,
    with_level,
    without,
)

#: A lever that adds less than this is left out of an answer: judgement, next to gains of hundreds of thousands.
WORTH_LEVER_GBP = 10_000.0


class Climb:
    """A play and its mean aim (£) on an arena's futures; `free` are the levers that may move, `timed` those with windows."""

    def __init__(self, arena: Arena, play: Levels, free: tuple[str, ...], timed: tuple[str, ...]) -> None:
        self.arena, self.free = arena, free
        self.timed = tuple(name for name in timed if name in free and name not in DECIDED_ONCE)
        self.play = without(play, set(play) - set(free))
        self.value = self.values([self.play])[0]

    def values(self, plays: list[Levels]) -> list[float]:
        """Mean aim of each play (£)."""
        return [float(value) for value in self.arena.mean_aim(strategies(plays))] if plays else []

    def move(self, tries: list[Levels]) -> bool:
        """Go to the best of some plays if it is better than the present one."""
        found = self.values(tries)
        if not found or max(found) <= self.value:
            return False
        self.value = max(found)
        self.play = tries[found.index(self.value)]
        return True

    def _grid(self, name: str, share: float, points: int) -> list[Levels]:
        level, step, highest = self.play.get(name, 0.0), share * top(name), top(name)
        half = points // 2
        sizes = {min(highest, max(0.0, size(level) + step * k)) for k in range(-half, half + 1)} | {0.0}
        return [with_level(self.play, name, resized(level, one)) for one in sorted(sizes) if one != size(level)]

    def sweep(self, share: float, points: int, names: tuple[str, ...] = ()) -> bool:
        """Along every lever in turn, on a grid of `points` levels `share` of its range apart."""
        moved = [self.move(self._grid(name, share, points)) for name in names or self.free]
        return any(moved)

    def subspace(self, share: float, count: int = 32) -> bool:
        """Several levers at once: those in use, and every third lever, at points within `share` of their ranges around."""
        groups = [tuple(self.play), *(self.free[start::3] for start in range(3))]
        moved = False
        for names in groups:
            if len(names) < 2:
                continue
            tries = []
            for row in spread(count, len(names)):
                play = self.play
                for name, u in zip(names, row, strict=True):
                    level = play.get(name, 0.0)
                    new = min(top(name), max(0.0, size(level) + share * top(name) * (2.0 * float(u) - 1.0)))
                    play = with_level(play, name, resized(level, new))
                tries.append(play)
            moved |= self.move(tries)
        return moved

    def _pairs(self) -> Iterator[Levels]:
        for first, second in combinations(self.free, 2):
            for share in (0.5, 1.0):
                play = self.play
                for name in (first, second):
                    play = with_level(play, name, 0.0 if name in self.play else share * top(name))
                yield play
                if first in self.play and second in self.play:
                    break

    def pairs(self, rounds: int = 3) -> bool:
        """Two levers at once: what is off goes to half and to the top, what is on goes off."""
        moved = False
        for _ in range(rounds):
            if not self.move(list(self._pairs())):
                break
            moved = True
        return moved

    def together(self, share: float, rounds: int = 4) -> bool:
        """Two levers in use at once, both up, both down, or one for the other, until that gains nothing: along a ridge.

        Levers at the end of their range stay there, so that the pairs are few.
        """
        moved = False
        for _ in range(rounds):
            inner = [name for name in self.play if size(self.play[name]) < top(name)]
            tries = []
            for first, second in combinations(inner, 2):
                for a, b in ((1, 1), (-1, -1), (1, -1), (-1, 1)):
                    play = self.play
                    for name, sign in ((first, a), (second, b)):
                        new = min(top(name), max(0.0, size(play[name]) + sign * share * top(name)))
                        play = with_level(play, name, resized(play[name], new))
                    tries.append(play)
            if not self.move(tries):
                break
            moved = True
        return moved

    def awake(self) -> bool:
        """Each lever that is off, at half and at the top, over every window of years: it may pay in some years only."""
        shapes = windows(self.arena.study.years)[1:]
        moved = False
        for name in [name for name in self.timed if name not in self.play]:
            sizes = (0.5 * top(name), top(name))
            moved |= self.move([with_level(self.play, name, windowed(one, shape)) for one in sizes for shape in shapes])
        return moved

    def timing(self) -> bool:
        """Each lever in use over every window of years, then over the best window's own windows (from a year to a year)."""
        years, moved = self.arena.study.years, False
        for name in self.timed:
            if name not in self.play:
                continue
            for _ in range(2):
                level = self.play[name]
                now = window_of(level, years)
                inner = [tuple(a and b for a, b in zip(now, one, strict=True)) for one in windows(years)]
                shapes = sorted({one for one in (*inner, tuple([True] * years)) if any(one) and one != now}, reverse=True)
                if not self.move([with_level(self.play, name, windowed(level, one)) for one in shapes]):
                    break
                moved = True
        return moved

    def retime(self) -> bool:
        """Each lever that has a window: in all years, and with an end of the window moved by a year, until nothing is better."""
        years, moved = self.arena.study.years, False
        for name in [name for name in self.timed if isinstance(self.play.get(name), tuple)]:
            for _ in range(years):
                level = self.play[name]
                now = window_of(level, years)
                edges = [t for t in range(years) if t in (0, years - 1) or now[t - 1] != now[t] or now[t + 1] != now[t]]
                shapes = [tuple(one != (k == t) for k, one in enumerate(now)) for t in edges]
                shapes = [shape for shape in [tuple([True] * years), *shapes] if any(shape) and shape != now]
                if not self.move([with_level(self.play, name, windowed(level, shape)) for shape in shapes]):
                    break
                moved = True
        return moved

    def simplify(self) -> None:
        """Leave out gaming levers, and years without them, whose loss costs next to nothing; the smallest first."""
        while names := [name for name in GAMING if name in self.play]:
            found = self.values([without(self.play, {name}) for name in names])
            if max(found) < self.value - WORTH_LEVER_GBP:
                break
            name = names[found.index(max(found))]
            self.play, self.value = without(self.play, {name}), max(found)
        for name in [name for name in GAMING if isinstance(self.play.get(name), tuple)]:
            play = with_level(self.play, name, size(self.play[name]))
            value = self.values([play])[0]
            if value >= self.value - WORTH_LEVER_GBP:
                self.play, self.value = play, value
        self.play = tidy(self.play)
