"""Where a payment bends: jumps, kinks and flat stretches along one input, found by bisection to a part in a billion.

The clauses are piecewise linear, or nearly, in any one input. A stretch whose middle lies on the straight line between its
ends is taken as straight; any other is cut in half until it is short, and what happens there is a jump where its height
stays and a kink where its slopes differ. Nothing is sampled: the other inputs stand at the central books.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

PIECES = 256
CUTS = 44
FLAT = 1e-7


@dataclass(frozen=True)
class Break:
    """A point at which a payment bends: height of the jump (£) and slopes on either side (£ per unit)."""

    at: float
    jump: float
    before: float
    after: float


@dataclass(frozen=True)
class Shape:
    """A payment along one input from `low` to `high`: where it bends, and its slope at the honest value `here`."""

    low: float
    high: float
    here: float
    breaks: tuple[Break, ...]
    slope: float

    def flats(self) -> list[tuple[float, float]]:
        """Stretches (from, to) on which the payment does not move, between others on which it does."""
        edges = [self.low, *(b.at for b in self.breaks), self.high]
        slopes = [self.breaks[0].before, *(b.after for b in self.breaks)] if self.breaks else [self.slope]
        top = max((abs(s) for s in slopes), default=0.0)
        pairs = zip(edges, edges[1:], slopes, strict=False)
        return [(a, b) for a, b, s in pairs if top > 0.0 and abs(s) <= 1e-6 * top and b > a]


Pay = Callable[[np.ndarray], np.ndarray]


def shape_of(pay: Pay, low: float, high: float, here: float) -> Shape:
    """The shape of `pay` (float64[n] → £ float64[n]) between two ends, with every break in between."""
    grid = np.unique(np.append(np.linspace(low, high, PIECES + 1), here))
    values = pay(grid)
    scale = max(1.0, float(np.abs(values - values[0]).max()))
    slopes = np.diff(values) / np.diff(grid)
    bent = [k for k in range(len(slopes)) if _bends(slopes, k, np.diff(grid), scale)]
    # two neighbouring pieces of different slope are searched as one stretch: the break may lie on the point between them
    found = _bisect(pay, grid[bent], grid[np.array(bent, dtype=int) + 2], scale) if bent else []
    breaks = _named(pay, found, low, high, scale)
    at = min(max(here, low), high)
    step = (high - low) * 1e-7
    near = pay(np.array([max(low, at - step), min(high, at + step)]))
    return Shape(low, high, here, tuple(breaks), float(near[1] - near[0]) / (2.0 * step) if step else 0.0)


def _bends(slopes: np.ndarray, k: int, widths: np.ndarray, scale: float) -> bool:
    if k + 1 >= len(slopes):
        return False
    return abs(slopes[k + 1] - slopes[k]) * max(widths[k], widths[k + 1]) > FLAT * scale


def _bisect(pay: Pay, lows: np.ndarray, highs: np.ndarray, scale: float) -> list[float]:
    """Cut every stretch in half towards the part that is not straight, all stretches at once."""
    a, b = lows.astype(float).copy(), highs.astype(float).copy()
    bent = np.zeros(a.size, dtype=bool)
    for cut in range(CUTS):
        m = 0.5 * (a + b)
        q = np.stack([a, 0.5 * (a + m), m, 0.5 * (m + b), b])
        v = pay(q.ravel()).reshape(q.shape)
        left, right = np.abs(v[1] - 0.5 * (v[0] + v[2])), np.abs(v[3] - 0.5 * (v[2] + v[4]))
        here = left + right + np.abs(v[2] - 0.5 * (v[0] + v[4])) > 1e-11 * scale
        bent = bent | here if cut == 0 else bent
        nearly = 1e-12 * scale
        centred, go_left = (left <= nearly) & (right <= nearly), left >= right
        a, b = (
            np.where(here, np.where(centred, q[1], np.where(go_left, a, m)), a),
            np.where(here, np.where(centred, q[3], np.where(go_left, m, b)), b),
        )
    return sorted(float(x) for x, ok in zip(0.5 * (a + b), bent, strict=True) if ok)


def _named(pay: Pay, spots: list[float], low: float, high: float, scale: float) -> list[Break]:
    """The breaks at the spots found: height and slopes from either side."""
    kept: list[float] = []
    width = high - low
    for spot in spots:
        if not kept or spot - kept[-1] > 1e-6 * width:
            kept.append(spot)
    breaks = []
    for spot in kept:
        near, far = 1e-7 * width, 1e-4 * width
        points = np.clip(np.array([spot - far, spot - near, spot + near, spot + far]), low, high)
        v = pay(points)
        before = (v[1] - v[0]) / (points[1] - points[0]) if points[1] > points[0] else 0.0
        after = (v[3] - v[2]) / (points[3] - points[2]) if points[3] > points[2] else 0.0
        jump = float(v[2] - v[1]) - 0.5 * (before + after) * float(points[2] - points[1])
        jump = jump if abs(jump) > 1e-6 * scale else 0.0
        if jump or abs(after - before) * width > 1e-5 * scale:
            if not jump:  # the two straight lines meet in the kink
                spot = float((v[3] - after * points[3] - v[0] + before * points[0]) / (before - after))
            breaks.append(Break(spot, jump, float(before), float(after)))
    return breaks
