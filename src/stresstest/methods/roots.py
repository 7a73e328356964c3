"""Where a noisy curve meets a target: every crossing on a grid, each narrowed down, and how sure its place is.

A curve is a mean over the same random draws at every point (common random numbers), so it is one fixed function: a step
function that may rise, fall or do both. A point meets the target where the curve is at most the target.

    scan       the curve at evenly spaced points; a crossing lies between neighbours of which one meets the target
    narrowing  false position, and a bisection wherever that did not halve the bracket (Dowell and Jarratt 1971; Brent 1973)
    error      SE(curve at the root) / |slope|, the slope over the points looked at (delta method)
    interval   all points whose value differs from the target by no more than `critical` standard errors: the test turned
               round (inversion); it needs no slope, and is open where it meets the end of the points looked at
    blocks     the root of each of B disjoint sets of draws, from a straight line through its own values; their standard
               deviation over √B, which owes nothing to the error of the curve

A crossing that lies wholly between two neighbouring points of the grid is not seen: `scan` needs points enough.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from ..errors import DataError

NORMAL = 1.959963984540054
MOST_STEPS = 60
FOUND, EVERYWHERE, NEVER = "found", "everywhere", "never"


@dataclass(frozen=True)
class Reading:
    """The curve at a point: value, standard error, and its value on each of B disjoint sets of draws, float64[B]."""

    value: float
    error: float
    parts: np.ndarray = field(default_factory=lambda: np.zeros(0))


Curve = Callable[[float], Reading]


class Remembered:
    """A curve that is asked once for each point."""

    def __init__(self, curve: Curve) -> None:
        self._curve = curve
        self.seen: dict[float, Reading] = {}

    def __call__(self, x: float) -> Reading:
        """The curve at x."""
        if x not in self.seen:
            self.seen[x] = self._curve(x)
        return self.seen[x]

    def between(self, low: float, high: float) -> list[tuple[float, Reading]]:
        """Points asked for so far from `low` to `high`, ascending."""
        return [(x, self.seen[x]) for x in sorted(self.seen) if low <= x <= high]


@dataclass(frozen=True)
class Crossing:
    """A crossing: the point on its side that meets the target (`value`), the one that does not (`misses`), and whether the
    target is met above it (`above`)."""

    value: float
    misses: float
    above: bool


@dataclass(frozen=True)
class Scan:
    """What a scan found: status FOUND, EVERYWHERE (met at every point) or NEVER; crossings, ascending; the best point and
    its value; `flat` where the curve is the same everywhere."""

    status: str
    crossings: tuple[Crossing, ...]
    best: float
    best_value: float
    flat: bool

    def nearest(self, now: float) -> Crossing | None:
        """The crossing whose value is nearest to `now`, None where there is none."""
        return min(self.crossings, key=lambda one: abs(one.value - now), default=None)


def scan(
    curve: Curve, low: float, high: float, target: float, points: int = 13, tolerance: float = 0.0,
    also: Sequence[float] = (),
) -> Scan:  # fmt: skip
    """Every crossing of `target` from `low` to `high`, each narrowed to `tolerance` (0: a thousandth of the way).

    `also`: further points to look at. Errors: DataError where low is not below high, or the target is no number.
    """
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise DataError("there is no room between the bounds", value=f"{low:g} to {high:g}", expected="low below high")
    if not math.isfinite(target):
        raise DataError("the target is not a finite number", value=target, expected="a finite number")
    known = curve if isinstance(curve, Remembered) else Remembered(curve)
    grid = sorted({float(x) for x in np.linspace(low, high, max(2, points))} | {float(x) for x in also if low <= x <= high})
    values = [known(x).value for x in grid]
    width = tolerance or (high - low) / 1000.0
    found = tuple(
        narrowed(known, a, b, target, width)
        for (a, fa), (b, fb) in pairwise(zip(grid, values, strict=True))
        if (fa <= target) != (fb <= target)
    )
    best = int(np.argmin(values))
    met = [value <= target for value in values]
    status = FOUND if found else EVERYWHERE if all(met) else NEVER
    return Scan(status, found, grid[best], values[best], max(values) == min(values))


def narrowed(curve: Curve, a: float, b: float, target: float, tolerance: float) -> Crossing:
    """The crossing between a and b, exactly one of which meets the target, in a bracket no wider than `tolerance`."""
    fa, fb = curve(a).value - target, curve(b).value - target
    for _ in range(MOST_STEPS):
        width = b - a
        if width <= tolerance:
            break
        for x in (a - fa * width / (fb - fa), math.nan):
            if math.isnan(x):
                x = 0.5 * (a + b)
            x = min(max(x, a + 0.02 * width), b - 0.02 * width)
            fx = curve(x).value - target
            a, fa, b, fb = (x, fx, b, fb) if (fx <= 0.0) == (fa <= 0.0) else (a, fa, x, fx)
            if b - a <= max(tolerance, 0.5 * width):
                break
    return Crossing(b, a, True) if fb <= 0.0 else Crossing(a, b, False)


@dataclass(frozen=True)
class Certainty:
    """How sure a root is: slope of the curve there, `error` by the delta method, 95% interval by inversion (None: open), and
    `error_blocks` (NaN with fewer than two blocks)."""

    slope: float
    error: float
    low: float | None
    high: float | None
    error_blocks: float


def certainty(points: Sequence[tuple[float, Reading]], root: float, target: float, critical: float = NORMAL) -> Certainty:
    """How sure the root is, from the points looked at around it (ascending; the root among them).

    A flat curve has no slope: the error is then infinite and the interval open. Errors: DataError for fewer than two points.
    """
    if len(points) < 2:
        raise DataError("too few points to judge a root by", value=len(points), expected="two or more points around it")
    x = np.array([at for at, _ in points])
    values, errors = np.array([r.value for _, r in points]), np.array([r.error for _, r in points])
    slope = _slope(x, values)
    own = int(np.argmin(np.abs(x - root)))
    error = float(errors[own] / abs(slope)) if slope != 0.0 else math.inf
    low, high = inverted(x, values, errors, root, target, critical)
    return Certainty(slope, error, low, high, _block_error([r.parts for _, r in points], x, target))


def inverted(
    x: np.ndarray, values: np.ndarray, errors: np.ndarray, root: float, target: float, critical: float = NORMAL
) -> tuple[float | None, float | None]:
    """The interval of points around the root whose value is within `critical` errors of the target; None: open."""
    z = (values - target) / np.maximum(errors, 1e-300)
    start = int(np.argmin(np.abs(x - root)))

    def edge(step: int) -> float | None:
        k = start
        while 0 <= k + step < x.size:
            inside, outside = z[k], z[k + step]
            if abs(outside) > critical:
                wanted = math.copysign(critical, outside)
                share = (wanted - inside) / (outside - inside) if abs(inside) < critical else 0.0
                return float(x[k] + min(1.0, max(0.0, share)) * (x[k + step] - x[k]))
            k += step
        return None

    return edge(-1), edge(1)


def _slope(x: np.ndarray, y: np.ndarray) -> float:
    """Slope of the straight line of least squares; exactly 0 where y never moves."""
    if y.max() == y.min():
        return 0.0
    middle = x - x.mean()
    return float(middle @ y / (middle @ middle))


def _block_error(parts: Sequence[np.ndarray], x: np.ndarray, target: float) -> float:
    """Standard deviation of the blocks' own roots over √B, each from its line of least squares."""
    if min(part.size for part in parts) < 2:
        return math.nan
    table = np.array(parts)
    slopes = np.array([_slope(x, column) for column in table.T])
    kept = slopes != 0.0
    if kept.sum() < 2:
        return math.nan
    roots = x.mean() + (target - table.mean(axis=0)[kept]) / slopes[kept]
    return float(roots.std(ddof=1) / math.sqrt(kept.sum()))
