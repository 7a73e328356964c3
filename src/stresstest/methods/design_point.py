"""The likeliest way to fail: the point nearest to the middle of a standard normal space at which a limit is reached.

A limit is a function g of independent standard normals u; where g(u) ≤ 0 there is failure. The density falls with |u|, so of
all points that fail the nearest is the likeliest (Hasofer and Lind 1974). With it, the first-order picture (FORM):

    distance     β = α · u*,  below 0 where the middle itself fails
    direction    α = −∇g(u*) / |∇g(u*)|,  and α² adds to 1: the share of each variable in the distance
    probability  Φ(−β), exact where g is a straight line

Search: from a point u the next is u + λ d with

    d = (∇g · u − g) / |∇g|² · ∇g − u                     (Hasofer and Lind 1974; Rackwitz and Fiessler 1978)
    m(u) = ½ |u|² + c |g(u)|,  c > |u| / |∇g|             (Zhang and Der Kiureghian 1995: λ halves until m falls)

from several starts, since a limit may be reached in more than one place and the middle may lie on a ridge of it: the middle, 2
deviations along each axis either way, and a few fixed slanting directions. Where the steps do not settle, sequential quadratic
programming tries again. That the nearest of what was found is the nearest of all is not proved. g is divided by the larger of
its size and its slope in the middle, so that its unit does not matter. Gradients are central differences, so that g may be a
share among simulated futures: give a `step` large enough to be seen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..futures.resampling import key_of, normals

#: A limit: points float64[m, d] to values float64[m]; failure where the value is 0 or less.
LimitFunction = Callable[[np.ndarray], np.ndarray]
REACH = 8.0
ITERATIONS, HALVINGS = 60, 8
ALIKE = 0.2
#: How far out the searches start that begin beside the middle, and in how many slanting directions.
START, SLANTING = 2.0, 4
#: A gradient of a limit of size one that is as good as nil.
NIL = 1e-12


@dataclass(frozen=True)
class DesignPoint:
    """The nearest point of a limit.

    `beta` signed distance; `point` float64[d]; `sensitivities` α float64[d]; `value` g at the point and `slope` |∇g|;
    `found` False where no point of the limit lies within reach (beta is then ±∞ and the point the nearest to the limit
    that was seen); `others` the further points at which the search from other starts came to rest, nearest first.
    """

    beta: float
    point: np.ndarray
    sensitivities: np.ndarray
    value: float
    slope: float
    iterations: int
    converged: bool
    found: bool
    evaluations: int
    others: tuple[DesignPoint, ...] = ()

    @property
    def shares(self) -> np.ndarray:
        """α², the share of each variable in the distance, float64[d]."""
        return np.asarray(self.sensitivities**2)


class _Counted:
    """A limit over its `scale` that counts how often it was asked, and takes its own differences."""

    def __init__(self, limit: LimitFunction, step: float) -> None:
        self.limit, self.step, self.count, self.scale = limit, step, 0, 1.0

    def values(self, points: np.ndarray) -> np.ndarray:
        self.count += len(points)
        return np.asarray(self.limit(points), dtype=np.float64) / self.scale

    def at(self, point: np.ndarray) -> float:
        return float(self.values(point[None, :])[0])

    def gradient(self, point: np.ndarray) -> np.ndarray:
        moves = self.step * np.eye(point.size)
        found = self.values(np.concatenate([point + moves, point - moves]))
        return np.asarray((found[: point.size] - found[point.size :]) / (2.0 * self.step))


def design_point(
    limit: LimitFunction, dimensions: int, starts: Sequence[np.ndarray] | None = None, step: float = 1e-4,
    tolerance: float = 1e-5, reach: float = REACH, iterations: int = ITERATIONS, polish: bool = True, from_middle: bool = True,
    scale: float | None = None,
) -> DesignPoint:  # fmt: skip
    """The nearest point of a limit over `dimensions` standard normals.

    Searches from the middle (unless `from_middle` is False and there are starts) and from `starts`: those of `usual_starts` where
    None are given, and also where the middle has no slope to follow. `tolerance` of the position, and of |g| as a share of its
    scale: the larger of |g| in the middle and of `scale`, by default its slope there (where both are nil, its size at the usual
    starts); `step` of the differences; `reach` in standard deviations; `polish` False leaves quadratic programming out.
    """
    counted, middle = _Counted(limit, step), np.zeros(dimensions)
    in_middle = counted.at(middle)
    counted.scale, flat = _scale(counted, middle, in_middle, reach, scale)
    given = () if starts is None else tuple(starts)
    middles = (middle,) if from_middle or not given else ()
    chosen = usual_starts(dimensions, reach) if starts is None or (flat and middles) else []
    found = [_search(counted, np.array(start, dtype=np.float64), tolerance, tolerance, reach, iterations)
             for start in (*middles, *given, *chosen)]  # fmt: skip
    if polish:
        found += [_programme(counted, one.point, tolerance, reach) for one in found if not one.converged and one.slope > NIL]
    best = [replace(one, value=one.value * counted.scale, slope=one.slope * counted.scale) for one in _ranked(found, in_middle)]
    return replace(best[0], evaluations=counted.count, others=tuple(best[1:]))


def usual_starts(dimensions: int, reach: float = REACH) -> list[np.ndarray]:
    """Points beside the middle to start from: START deviations along each axis either way, and in fixed slanting directions."""
    slanting = normals(key_of("design point"), dimensions, SLANTING).T
    ways = [*np.eye(dimensions), *-np.eye(dimensions), *(slanting / np.linalg.norm(slanting, axis=1)[:, None])]
    return [min(START, 0.5 * reach) * way for way in ways]


def _scale(limit: _Counted, middle: np.ndarray, value: float, reach: float, given: float | None) -> tuple[float, bool]:
    """What |g| is measured by, above 0; and whether g has no slope in the middle (not looked up where the scale is given)."""
    if given is not None:
        return max(given, abs(value)), False
    slope = float(np.linalg.norm(limit.gradient(middle)))
    size = max(abs(value), slope)
    if size <= 0.0:
        size = float(np.abs(limit.values(np.array(usual_starts(middle.size, reach)))).max())
    return size or 1.0, slope <= NIL * size


def _ranked(found: list[DesignPoint], in_middle: float) -> list[DesignPoint]:
    """Different points of the limit, nearest first, with signed distances; else the one nearest to the limit."""
    reached = sorted((one for one in found if one.found), key=lambda one: float(np.linalg.norm(one.point)))
    kept: list[DesignPoint] = []
    for one in reached:
        if all(np.linalg.norm(one.point - other.point) > ALIKE for other in kept):
            kept.append(one)
    if kept:
        sign = 1.0 if in_middle > 0.0 else -1.0
        return [replace(one, beta=sign * float(np.linalg.norm(one.point))) for one in kept]
    nearest = min(found, key=lambda one: abs(one.value))
    return [replace(nearest, beta=math.inf if in_middle > 0.0 else -math.inf, converged=False)]


def _search(
    limit: _Counted, start: np.ndarray, wanted: float, tolerance: float, reach: float, iterations: int
) -> DesignPoint:  # fmt: skip
    """Steps of Hasofer, Lind, Rackwitz and Fiessler with a line search on the merit function."""
    u, g = start, limit.at(start)
    gradient = limit.gradient(u)
    for k in range(iterations):
        size = float(np.linalg.norm(gradient))
        if size < NIL:
            return _rest(u, g, gradient, k, False, False)
        direction = (gradient @ u - g) / size**2 * gradient - u
        if abs(g) <= wanted and np.linalg.norm(direction) <= max(1.0, float(np.linalg.norm(u))) * tolerance:
            return _rest(u, g, gradient, k, True, True)
        moved = _line_search(limit, u, g, gradient, direction, reach, wanted)
        if moved is None:
            return _rest(u, g, gradient, k, False, abs(g) <= wanted)
        u, g = moved
        gradient = limit.gradient(u)
    return _rest(u, g, gradient, iterations, False, abs(g) <= wanted)


def _line_search(
    limit: _Counted, u: np.ndarray, g: float, gradient: np.ndarray, direction: np.ndarray, reach: float, wanted: float
) -> tuple[np.ndarray, float] | None:  # fmt: skip
    """The largest of the steps 1, ½, ¼ … that lowers the merit enough; None where none does. Steps stay within reach."""
    size = float(np.linalg.norm(gradient))
    weight = 2.0 * float(np.linalg.norm(u)) / size
    if abs(g) > wanted:
        weight = max(weight, float(np.linalg.norm(u + direction)) ** 2 / abs(g))
    merit = 0.5 * float(u @ u) + weight * abs(g)
    slope = float(u @ direction) + weight * math.copysign(1.0, g) * float(gradient @ direction)
    for halving in range(HALVINGS):
        share = 0.5**halving
        new = _within(u + share * direction, reach)
        value = limit.at(new)
        if 0.5 * float(new @ new) + weight * abs(value) <= merit + 1e-4 * share * min(slope, 0.0):
            if np.array_equal(new, u):
                return None
            return new, value
    return None


def _within(u: np.ndarray, reach: float) -> np.ndarray:
    size = float(np.linalg.norm(u))
    return u if size <= reach else u * (reach / size)


def _rest(u: np.ndarray, g: float, gradient: np.ndarray, iterations: int, converged: bool, found: bool) -> DesignPoint:
    """Where a search came to rest."""
    size = float(np.linalg.norm(gradient))
    alpha = -gradient / size if size > 0.0 else np.zeros(u.size)
    return DesignPoint(float(alpha @ u), u, alpha, g, size, iterations, converged, found, 0)


def _programme(limit: _Counted, start: np.ndarray, wanted: float, reach: float) -> DesignPoint:
    """The same by sequential quadratic programming: least ½ |u|² where g = 0."""
    from scipy.optimize import minimize

    done = minimize(
        lambda u: 0.5 * float(u @ u), start, jac=lambda u: u, method="SLSQP",
        constraints=[{"type": "eq", "fun": limit.at, "jac": limit.gradient}], options={"maxiter": 200, "ftol": 1e-10},
    )  # fmt: skip
    u = np.asarray(done.x) if np.isfinite(done.x).all() else start
    g = limit.at(u)
    near = abs(g) <= 10.0 * wanted and float(np.linalg.norm(u)) <= reach * (1.0 + 1e-9)
    return _rest(u, g, limit.gradient(u), int(done.nit), bool(near and done.success), bool(near))
