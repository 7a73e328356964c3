"""The search for the nearest point at which a failure becomes likelier than not: all shocks, one alone, two together.

The limit is −h(z), h the normal score of P (reverse_lab.py): failure is likelier than not where it is 0 or less. The search
is that of methods/design_point.py over the shocks that matter to the failure; it starts from the nearest point of the limit
that is known: on the way towards the mean of real failing futures, on the way in which the single shocks push, or of one shock
alone. Where its steps do not settle, the way is turned towards each shock in turn. Where the middle itself fails, the same
search gives the nearest point that does not: what would have to go right.

    error of β     spread of the blocks' limits at the point over the slope there, over √blocks; at least what a hold-out says
    error of z     spread of the blocks' own points, each by one step from their own gradient, divided by √blocks
    one alone      P on a grid of ±1 … ±4 standard deviations; the turn nearest to the middle, found between points
    two together   three ways in the plane of two shocks, for every pair of those that have the largest shares
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np

from ..methods.design_point import DesignPoint, LimitFunction, design_point
from ..methods.reliability import tail
from .reverse_lab import Prober, scores

REACH, FAR = 4.5, 4.0
STEP, TOLERANCE, ITERATIONS = 0.5, 0.03, 8
GRID = np.arange(-FAR, FAR + 0.5, 1.0)
#: A shock takes part where it moves h by this much.
MATTERS = 0.05
PAIRED, SURE = 6, 6


@dataclass(frozen=True)
class Nearest:
    """The nearest point for one failure.

    `design` over all shocks (point float64[K]); `beta_error`, `point_error` float64[K] and `shares_error` float64[K] from the
    blocks; `middle` P at z = 0 and `chance` P at the point; `active` which shocks took part.
    """

    design: DesignPoint
    beta_error: float
    point_error: np.ndarray
    shares_error: np.ndarray
    middle: float
    chance: float
    active: np.ndarray
    level: float = 0.5

    @property
    def found(self) -> bool:
        """Whether there is a point within reach."""
        return self.design.found

    @property
    def fails_in_the_middle(self) -> bool:
        """Whether failure is likelier than not with every shock at its median."""
        return self.middle >= self.level

    @property
    def slope(self) -> float:
        """How fast the normal score of P rises along the way to failure, per standard deviation."""
        return self.design.slope


@dataclass(frozen=True)
class Single:
    """One shock alone: the size at which the verdict turns, in its own standard deviations, or None; its error."""

    shock: int
    size: float | None
    error: float

    @property
    def chance(self) -> float | None:
        """How often a shock is at least that large, in that direction."""
        return None if self.size is None else tail(abs(self.size))


@dataclass(frozen=True)
class Pair:
    """Two shocks together: the nearest point (z[K]), its distance and error, the least distance of either alone (∞: none)."""

    first: int
    second: int
    point: np.ndarray
    distance: float
    error: float
    alone: float

    @property
    def cheaper(self) -> bool:
        """Whether the two together are nearer than either alone, beyond twice the error."""
        return self.distance + 2.0 * self.error < self.alone


class Search:
    """The searches for one failure, `failure` its number with the prober; the verdict turns where P passes `level`.

    `scout` lives fewer futures at a point: it looks where a rough answer will do.
    """

    def __init__(self, prober: Prober, failure: int, scout: Prober | None = None, level: float = 0.5) -> None:
        from scipy.special import ndtri

        self.prober, self.failure, self.level, self.scout = prober, failure, level, scout or prober
        self.space, self.turn = prober.lab.space, float(ndtri(level))
        self.count = len(self.space.shocks)

    def limit(self, points: np.ndarray) -> np.ndarray:
        """Φ⁻¹(level) − h at points[m, K]."""
        return self.turn - scores(self.prober.chances(points)[:, self.failure], self.prober.total)

    def rough_limit(self, points: np.ndarray) -> np.ndarray:
        """The same by the scout."""
        return self.turn - scores(self.scout.chances(points)[:, self.failure], self.scout.total)

    def block_limits(self, points: np.ndarray) -> np.ndarray:
        """Φ⁻¹(level) − h of each block, float64[m, blocks]."""
        return self.turn - scores(self.prober.blocks_of(points)[:, self.failure], self.prober.lab.futures)

    @cached_property
    def middle(self) -> float:
        """P with every shock at its median."""
        return float(self.prober.chances(np.zeros((1, self.count)))[0, self.failure])

    @cached_property
    def grid(self) -> np.ndarray:
        """The limit with each shock alone at each of GRID, float64[K, GRID]."""
        points = np.array([size * self.space.direction(k) for k in range(self.count) for size in GRID])
        return self.limit(points).reshape(self.count, GRID.size)

    @cached_property
    def pushes(self) -> np.ndarray:
        """How far each shock alone moves h within 2 standard deviations, towards the turn, signed, float64[K]."""
        zero, low, high = (int(np.argmin(np.abs(GRID - size))) for size in (0.0, -2.0, 2.0))
        sign = 1.0 if self.middle < self.level else -1.0
        rise = sign * (self.grid[:, [zero]] - self.grid[:, [low, high]])
        best = np.argmax(rise, axis=1)
        most = np.maximum(np.take_along_axis(rise, best[:, None], axis=1)[:, 0], 0.0)
        return np.asarray(np.where(best == 1, most, -most))

    def along(self, direction: np.ndarray, furthest: float = REACH, step: float = 0.5, rough: bool = False) -> float | None:
        """The nearest distance along z = r · direction at which the verdict turns; None within `furthest`.

        Steps of `step` until the verdict turns, then the straight line through the last two, twice.
        """
        limit = self.rough_limit if rough else self.limit
        before, at_before = 0.0, float(limit(np.zeros((1, self.count)))[0])
        side = at_before > 0.0
        for size in np.arange(step, furthest + 1e-9, step):
            value = float(limit((size * direction)[None, :])[0])
            if (value > 0.0) != side:
                return self._between(limit, direction, (before, at_before), (float(size), value))
            before, at_before = float(size), value
        return None

    def _between(self, limit: LimitFunction, direction: np.ndarray, inner: tuple[float, float], outer: tuple[float, float],
                 rounds: int = 3) -> float:  # fmt: skip
        """The place of the turn between two sizes, by halves of the straight line's and the middle's guess."""
        side = inner[1] > 0.0
        for _ in range(rounds):
            line = inner[0] + (outer[0] - inner[0]) * inner[1] / (inner[1] - outer[1])
            size = 0.5 * line + 0.25 * (inner[0] + outer[0])
            value = float(limit((size * direction)[None, :])[0])
            if (value > 0.0) == side:
                inner = (size, value)
            else:
                outer = (size, value)
        return float(inner[0] + (outer[0] - inner[0]) * inner[1] / (inner[1] - outer[1]))

    def active(self, about: np.ndarray) -> np.ndarray:
        """bool[K]: the shocks that move h, alone from the middle or from another point, by MATTERS within 2 or 1 deviations."""
        base = self.limit(about[None, :])
        moved = [self.limit(about + size * np.eye(self.count)) for size in (-1.0, 1.0)]
        zero, ends = int(np.argmin(np.abs(GRID))), np.abs(GRID) <= 2.0
        alone = np.abs(self.grid - self.grid[:, [zero]])[:, ends].max(axis=1)
        return np.asarray((alone > MATTERS) | (np.abs(np.array(moved) - base).max(axis=0) > MATTERS))

    def nearest(self, leaning: np.ndarray | None, others: Sequence[np.ndarray] = ()) -> Nearest:
        """The nearest point; `leaning` is the direction z[K] of real failing futures, None where there are too few; `others`
        are points of the limit that are known already, such as those of single shocks."""
        start = self._start(leaning, others)
        if start is None:
            return self._none()
        active = self.active(start)
        lift = np.eye(self.count)[active] if active.any() else np.eye(self.count)
        design = design_point(
            lambda u: self.limit(u @ lift), len(lift), [start @ lift.T], STEP, TOLERANCE, REACH, ITERATIONS, polish=False,
            from_middle=False, scale=1.0,
        )  # fmt: skip
        reached = design.found and self._on_the_other_side(design.point @ lift)
        if not (design.converged and reached) or np.linalg.norm(design.point) > np.linalg.norm(start) + TOLERANCE:
            from_here = design.point @ lift if reached and np.linalg.norm(design.point) < np.linalg.norm(start) else start
            design = self._turned(from_here, lift, design)
        return self._with_errors(design, lift, active)

    def _on_the_other_side(self, point: np.ndarray) -> bool:
        """Whether the verdict has turned at a point, or just beyond it."""
        value = float(self.limit(1.01 * point[None, :])[0])
        return abs(value) <= 2.0 * TOLERANCE or (value > 0.0) != (self.middle < self.level)

    def _start(self, leaning: np.ndarray | None, others: Sequence[np.ndarray]) -> np.ndarray | None:
        """The nearest point of the limit along the ways that are known."""
        sign, found = (1.0 if self.middle < self.level else -1.0), list(others)
        ways = [] if leaning is None else [sign * leaning]
        ways.append(self.pushes)
        for way in ways:
            if np.linalg.norm(way) > 1e-9:
                unit = way / np.linalg.norm(way)
                size = self.along(unit)
                if size is not None:
                    found.append(size * unit)
        return min(found, key=lambda point: float(np.linalg.norm(point))) if found else None

    def _turned(self, start: np.ndarray, lift: np.ndarray, before: DesignPoint) -> DesignPoint:
        """Where steps do not settle (a limit with edges): turn the way towards each shock in turn, keep what is nearer."""
        best, size = start / np.linalg.norm(start), float(np.linalg.norm(start))
        for share in (0.35, 0.15):
            for axis in lift:
                for way in (best + share * axis, best - share * axis):
                    unit = way / np.linalg.norm(way)
                    nearer = self._nearer(unit, size)
                    if nearer is not None:
                        best, size = unit, nearer
                        break
        sign = 1.0 if self.middle < self.level else -1.0
        value, gain = float(self.limit((size * best)[None, :])[0]), self._gain(best, size)
        return DesignPoint(sign * size, (size * best) @ lift.T, sign * best @ lift.T, value, gain, before.iterations, False, True,
                           before.evaluations)  # fmt: skip

    def _nearer(self, way: np.ndarray, size: float) -> float | None:
        """A distance along `way` nearer than `size` at which the verdict has turned; None where it has not by then."""
        side = self.middle < self.level
        short = float(self.limit((0.99 * size * way)[None, :])[0])
        if (short > 0.0) == side:
            return None
        low = 0.75 * size
        at_low = float(self.limit((low * way)[None, :])[0])
        return self._between(self.limit, way, (low, at_low), (0.99 * size, short)) if (at_low > 0.0) == side else low

    def _gain(self, way: np.ndarray, size: float) -> float:
        """The slope of h along a way at a distance, per standard deviation."""
        near, far = self.limit(np.array([(size - STEP) * way, (size + STEP) * way]))
        return abs(float(near - far)) / (2.0 * STEP)

    def _none(self) -> Nearest:
        nowhere = math.inf if self.middle < self.level else -math.inf
        zeros = np.zeros(self.count)
        design = DesignPoint(nowhere, zeros, zeros, 0.0, 0.0, 0, False, False, 0)
        return Nearest(design, math.nan, zeros * math.nan, zeros * math.nan, self.middle, self.middle, zeros > 0.0, self.level)

    def _with_errors(self, design: DesignPoint, lift: np.ndarray, active: np.ndarray) -> Nearest:
        """The point over all shocks, with errors from the blocks' own limits and gradients."""
        whole = replace(design, point=design.point @ lift, sensitivities=design.sensitivities @ lift, others=())
        blocks = math.sqrt(self.prober.lab.blocks)
        at = self.block_limits(whole.point[None, :])[0]
        moves = STEP * lift
        ends = self.block_limits(np.concatenate([whole.point + moves, whole.point - moves]))
        gradients = ((ends[: len(lift)] - ends[len(lift) :]) / (2.0 * STEP)).T
        sizes = np.maximum(np.sum(gradients**2, axis=1), 1e-12)[:, None]
        steps = ((gradients @ design.point - at)[:, None] / sizes) * gradients
        error = float(at.std(ddof=1) / blocks / max(design.slope, 1e-9))
        return Nearest(
            whole, error, steps.std(axis=0, ddof=1) / blocks @ lift, (gradients**2 / sizes).std(axis=0, ddof=1) / blocks @ lift,
            self.middle, float(self.prober.chances(whole.point[None, :])[0, self.failure]), active, self.level,
        )  # fmt: skip

    def single(self, k: int) -> Single:
        """Shock k alone: the size nearest to 0 at which the verdict turns, of either sign."""
        size = nearest_crossing(GRID, self.grid[k])
        if size is None:
            return Single(k, None, math.nan)
        direction = self.space.direction(k) * math.copysign(1.0, size)
        low = math.floor(abs(size))
        ends = self.limit(np.array([low * direction, (low + 1.0) * direction]))
        exact = self._between(self.limit, direction, (low, float(ends[0])), (low + 1.0, float(ends[1])))
        slope = self._gain(direction, exact)
        at = self.block_limits((exact * direction)[None, :])[0]
        error = float(at.std(ddof=1)) / math.sqrt(at.size) / max(slope, 1e-9)
        return Single(k, math.copysign(exact, size), error)

    def pairs(self, singles: Sequence[Single], shares: np.ndarray) -> list[Pair]:
        """The nearest points of pairs of the shocks that matter most, nearest first; only pairs that reach the limit.

        The scout looks at every pair; the nearest SURE are then found again with all futures.
        """
        alone = {one.shock: abs(one.size) if one.size is not None else math.inf for one in singles}
        order = sorted(range(self.count), key=lambda k: -shares[k])[:PAIRED]
        order += [k for k in sorted(alone, key=lambda k: alone[k])[:2] if k not in order and math.isfinite(alone[k])]
        rough = [(self._pair(first, second), first, second) for first, second in combinations(order, 2)]
        seen = sorted((float(np.linalg.norm(best)), first, second, best) for best, first, second in rough if best is not None)
        found = [self._exact_pair(best, one, two, min(alone[one], alone[two])) for _, one, two, best in seen[:SURE]]
        return sorted((pair for pair in found if pair is not None), key=lambda pair: pair.distance)

    def _exact_pair(self, rough: np.ndarray, first: int, second: int, alone: float) -> Pair | None:
        """A pair's turn along its way with all futures, and its error from the blocks."""
        way = rough / np.linalg.norm(rough)
        size = self.along(way)
        if size is None:
            return None
        at = self.block_limits((size * way)[None, :])[0]
        error = float(at.std(ddof=1)) / math.sqrt(at.size) / max(self._gain(way, size), 1e-9)
        return Pair(first, second, size * way, size, error, alone)

    def _pair(self, first: int, second: int) -> np.ndarray | None:
        """The nearest of the turns along three ways in the plane of two shocks, about that in which h rises fastest."""
        one, two = float(self.pushes[first]), float(self.pushes[second])
        if one == 0.0 or two == 0.0:
            return None
        ends = (math.copysign(1.0, one) * self.space.direction(first), math.copysign(1.0, two) * self.space.direction(second))
        steepest, found = math.atan2(abs(two), abs(one)), []
        for angle in (steepest, steepest - 0.3, steepest + 0.3):
            if 0.05 < angle < 0.5 * math.pi - 0.05:
                way = math.cos(angle) * ends[0] + math.sin(angle) * ends[1]
                unit = way / np.linalg.norm(way)
                size = self.along(unit, FAR, 1.0, rough=True)
                if size is not None:
                    found.append(size * unit)
        return min(found, key=lambda point: float(np.linalg.norm(point))) if found else None


def first_crossing(sizes: np.ndarray, values: np.ndarray) -> float | None:
    """The first place along rising `sizes` at which `values` changes its sign from that of its first, by a straight line."""
    side = values[0] > 0.0
    for k in range(1, sizes.size):
        if (values[k] > 0.0) != side:
            share = values[k - 1] / (values[k - 1] - values[k])
            return float(sizes[k - 1] + share * (sizes[k] - sizes[k - 1]))
    return None


def nearest_crossing(grid: np.ndarray, values: np.ndarray) -> float | None:
    """The crossing nearest to 0 on a grid that holds 0, of either sign; None where there is none."""
    zero = int(np.argmin(np.abs(grid)))
    up = first_crossing(grid[zero:], values[zero:])
    down = first_crossing(-grid[zero::-1], values[zero::-1])
    if up is None and down is None:
        return None
    if down is None or (up is not None and up <= down):
        return up
    return -down
