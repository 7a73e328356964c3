"""The patient rule induction method, its search: peel a box off a little at a time, and paste back what was peeled too much.

From the box of all cases, each step takes off the 5% of its weight at one end of one factor (whole levels: never part of a tie)
that raises most the mean of the result inside for the weight that it gives up. That is the lenient rule for levels of unequal
weight; where every factor is continuous it is the plain one. Once nothing helps, ends are moved out again by the same 5% for
as long as the mean rises (pasting). Every box on the way is kept, with what it covers.

Sources: Friedman and Fisher (1999), Statistics and Computing 9:123, sections 5, 8 and 14; Kwakkel and Jaxa-Rozen (2016),
Environmental Modelling & Software 79:311, for the lenient rule. The search works on at most BINS groups of levels for a factor,
so it does not change when a factor is put through any increasing function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from .box import Box, Limit
from .cases import Cases

#: Groups of levels that the search tells apart.
BINS = 1024
#: Share of the weight inside that one peel takes: Friedman and Fisher's patience.
ALPHA = 0.05
#: Share below which a sum of weights is rounding.
ROUNDING = 1e-9
PEEL, PASTE, START = "peel", "paste", "start"


class Step(NamedTuple):
    """A box on the way: first and last group of levels of each factor, what made it, and the sums of weights.

    `mass` of the cases inside, `hits` of those inside that fail; `total` and `failing` of all cases; `cases` how many inside.
    """

    first: tuple[int, ...]
    last: tuple[int, ...]
    kind: str
    factor: int
    side: str
    mass: float
    hits: float
    total: float
    failing: float
    cases: int

    @property
    def density(self) -> float:
        """Share of the weight inside that fails."""
        return self.hits / self.mass if self.mass > 0.0 else 0.0

    @property
    def coverage(self) -> float:
        """Share of all failing weight that lies inside."""
        return self.hits / self.failing if self.failing > 0.0 else 0.0

    @property
    def share(self) -> float:
        """Share of all weight that lies inside."""
        return self.mass / self.total

    @property
    def youden(self) -> float:
        """Share of the failing cases inside less share of the others inside (Youden 1950, Cancer 3:32)."""
        others = self.total - self.failing
        return self.coverage - (self.mass - self.hits) / others if others > 0.0 else 0.0


@dataclass(frozen=True)
class Grid:
    """Cases as the search sees them.

    flat int32[n, factors]: a case's group of levels, plus BINS for each factor before it; edges: first level of each group, with
    the number of levels at the end; hits float64[n]: weight where the result is 1.
    """

    cases: Cases
    flat: np.ndarray
    edges: tuple[np.ndarray, ...]
    weight: np.ndarray
    hits: np.ndarray

    @staticmethod
    def of(cases: Cases, result: str) -> Grid:
        """The grid of some cases and a result of 0 and 1: groups of levels of about equal weight."""
        flat = np.empty((cases.n, len(cases.factors)), dtype=np.int32)
        edges = []
        for k, codes in enumerate(cases.codes):
            starts, group = _groups(codes, cases.levels[k].size, cases.weight)
            edges.append(starts)
            flat[:, k] = group[codes] + k * BINS
        return Grid(cases, flat, tuple(edges), cases.weight, cases.weight * cases.result(result))

    @property
    def bins(self) -> tuple[int, ...]:
        """Number of groups of each factor."""
        return tuple(edge.size - 1 for edge in self.edges)

    def rows(self, chosen: np.ndarray) -> Grid:
        """The same grid for some of the cases."""
        return replace(self, flat=self.flat[chosen], weight=self.weight[chosen], hits=self.hits[chosen])

    def columns(self, chosen: list[int]) -> Grid:
        """The same cases with some of the factors."""
        shift = (np.array(chosen) - np.arange(len(chosen))).astype(np.int32) * BINS
        names = [self.cases.names[k] for k in chosen]
        return replace(self, cases=self.cases.only(names), flat=self.flat[:, chosen] - shift,
                       edges=tuple(self.edges[k] for k in chosen))  # fmt: skip

    def sums(self, rows: np.ndarray) -> np.ndarray:
        """float64[3, factors, BINS]: number, weight and failing weight of these rows in every group of every factor."""
        places = self.flat[rows].T
        size = places.shape[0] * BINS
        each = places.ravel()
        found = [np.bincount(each, np.tile(w[rows], places.shape[0]), size) for w in (self.weight, self.hits)]
        return np.stack([np.bincount(each, minlength=size), *found]).reshape(3, places.shape[0], BINS)

    def within(self, first: tuple[int, ...], last: tuple[int, ...], but: int = -1) -> np.ndarray:
        """bool[n]: inside the box; factor `but` left aside."""
        found = np.ones(self.weight.size, dtype=bool)
        for k, count in enumerate(self.bins):
            if k != but and (first[k] > 0 or last[k] < count - 1):
                column = self.flat[:, k] - k * BINS
                found &= (column >= first[k]) & (column <= last[k])
        return found

    def step(self, first: tuple[int, ...], last: tuple[int, ...], kind: str, factor: int = -1, side: str = "") -> Step:
        """A box with its sums."""
        inside = self.within(first, last)
        return Step(first, last, kind, factor, side, float(self.weight[inside].sum()), float(self.hits[inside].sum()),
                    float(self.weight.sum()), float(self.hits.sum()), int(inside.sum()))  # fmt: skip

    def whole(self) -> Step:
        """The box of all cases."""
        return self.step(tuple(0 for _ in self.bins), tuple(count - 1 for count in self.bins), START)

    def limit(self, step: Step, k: int) -> Limit:
        """A step's limit on a factor, by the levels of its outermost groups."""
        levels, edges = self.cases.levels[k], self.edges[k]
        low = float(levels[edges[step.first[k]]]) if step.first[k] > 0 else -np.inf
        high = float(levels[edges[step.last[k] + 1] - 1]) if step.last[k] < self.bins[k] - 1 else np.inf
        return Limit(self.cases.names[k], low, high)

    def box(self, step: Step) -> Box:
        """A step's box in the factors' own units."""
        limits = (self.limit(step, k) for k in range(len(self.bins)))
        return Box(tuple(limit for limit in limits if limit.sides))


def _groups(codes: np.ndarray, count: int, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(first level of each group, with `count` at the end; group of each level), every level by itself where they are few."""
    if count <= BINS:
        return np.arange(count + 1), np.arange(count)
    mass = np.bincount(codes, weight, count)
    below = np.cumsum(mass) - mass
    group = np.minimum((below / max(float(mass.sum()), 1e-300) * BINS).astype(np.int64), BINS - 1)
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    return np.append(starts, count), np.cumsum(np.diff(group, prepend=group[0]) > 0)


def peel(grid: Grid, least: float, alpha: float = ALPHA, start: Step | None = None) -> list[Step]:
    """Every box from all cases, or from `start`, down to the last that holds at least the share `least` of their weight."""
    steps = [grid.whole() if start is None else grid.step(start.first, start.last, START)]
    rows = np.flatnonzero(grid.within(steps[0].first, steps[0].last))
    sums = grid.sums(rows)
    while True:
        now = steps[-1]
        move = _best_peel(sums, now, grid.bins, alpha)
        if move is None:
            return steps
        k, side, end = move
        column = grid.flat[rows, k] - k * BINS
        leaving = column < end if side == "low" else column > end
        gone, rows = rows[leaving], rows[~leaving]
        sums = grid.sums(rows) if gone.size > rows.size else _less(sums, grid.sums(gone))
        mass, hits = float(sums[1, k].sum()), float(sums[2, k].sum())
        if mass < least * now.total:
            return steps
        ends = moved(now, k, side, end)
        steps.append(Step(*ends, PEEL, k, side, mass, hits, now.total, now.failing, rows.size))


def _less(sums: np.ndarray, gone: np.ndarray) -> np.ndarray:
    """What is left of the sums, rounding cleared where no case is left."""
    left = sums - gone
    left[:, left[0] < 0.5] = 0.0
    return left


def moved(step: Step, k: int, side: str, end: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(first, last) of a step with one end of a factor moved."""
    first, last = list(step.first), list(step.last)
    (first if side == "low" else last)[k] = end
    return tuple(first), tuple(last)


def _best_peel(sums: np.ndarray, now: Step, bins: tuple[int, ...], alpha: float) -> tuple[int, str, int] | None:
    """(factor, side, new end) of the peel with the largest gain in mean for the weight lost, or None where none gains.

    Of equal gains, one on a factor that has a limit already.
    """
    best: tuple[float, int] = (ROUNDING, -1)
    found: tuple[int, str, int] | None = None
    for side in ("low", "high"):
        number, weight, hits = np.cumsum(sums if side == "low" else sums[:, :, ::-1], axis=2)
        mass, failing = weight[:, -1], hits[:, -1]
        upto = np.argmax(weight >= (alpha * mass * (1.0 - ROUNDING))[:, None], axis=1)
        each = np.arange(upto.size)
        lost, kept = weight[each, upto], number[:, -1] - number[each, upto]
        left = mass - lost
        usable = (kept > 0.5) & (lost > 0.0) & (left > ROUNDING * mass)
        with np.errstate(divide="ignore", invalid="ignore"):
            gain = ((failing - hits[each, upto]) / left - failing / mass) * mass / lost
        for k in np.flatnonzero(usable):
            limited = int(now.first[k] > 0 or now.last[k] < bins[k] - 1)
            score = (round(float(gain[k]), 12), limited)
            if score > best:
                end = int(upto[k]) + 1 if side == "low" else BINS - 2 - int(upto[k])
                best, found = score, (int(k), side, end)
    return found


def paste(
    grid: Grid, step: Step, worth: Callable[[Step], float] = lambda step: step.density, alpha: float = ALPHA
) -> Iterator[Step]:
    """The boxes got by moving ends out by `alpha` of the weight inside, the best move first, for as long as `worth` rises."""
    while True:
        better = [one for one in _widened(grid, step, alpha) if worth(one) > worth(step) + ROUNDING]
        if not better:
            return
        step = max(better, key=worth)
        yield step


def _widened(grid: Grid, step: Step, alpha: float) -> Iterator[Step]:
    """Every box with one end moved out until it holds `alpha` of the weight more, or as far as there are cases."""
    for k, count in enumerate(grid.bins):
        if step.first[k] == 0 and step.last[k] == count - 1:
            continue
        rows = np.flatnonzero(grid.within(step.first, step.last, but=k))
        column = grid.flat[rows, k] - k * BINS
        number, weight, hits = (np.bincount(column, w, BINS) for w in (None, grid.weight[rows], grid.hits[rows]))
        for side, order in (("low", np.arange(step.first[k] - 1, -1, -1)), ("high", np.arange(step.last[k] + 1, count))):
            if order.size == 0:
                continue
            enough = np.flatnonzero(np.cumsum(weight[order]) >= alpha * step.mass)
            taken = order if enough.size == 0 else order[: int(enough[0]) + 1]
            ends = moved(step, k, side, int(taken[-1]))
            yield Step(*ends, PASTE, k, side, step.mass + float(weight[taken].sum()), step.hits + float(hits[taken].sum()),
                       step.total, step.failing, step.cases + int(number[taken].sum()))  # fmt: skip
