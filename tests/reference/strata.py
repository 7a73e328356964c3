"""Cells of destinations and futures drawn cell by cell, with scipy's truncated normal.

Sequential conditional draws: Geweke 1991, Hajivassiliou and McFadden 1998, Keane 1994. Order of cells: van der Corput.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import chi2, norm, qmc, truncnorm
from scipy.stats import t as student

CELLS = list(itertools.product(range(3), repeat=6))
Interval = tuple[float, float]
NOWHERE = (math.inf, math.inf)


@dataclass(frozen=True)
class Strata:
    """Cells that futures are drawn in, the share of futures of each, and borders[axis][level] of the joint draw."""

    cells: list[int]
    shares: list[float]
    borders: list[list[Interval]]


def borders(laws: dict[str, Any], anchors: dict[str, Any], fixed: list[bool], degrees: int) -> list[list[Interval]]:
    """Between which scores of the joint draw a destination counts as low, middle or high."""
    found = []
    for (axis, law), given in zip(laws.items(), fixed, strict=True):
        low, middle, high = anchors[axis]
        if given or law["sd"] == 0.0:
            found.append([NOWHERE, (-math.inf, math.inf), NOWHERE])
            continue
        one, two = (((x + y) / 2.0 - law["mean"]) / law["sd"] for x, y in ((low, middle), (middle, high)))
        if degrees:
            one, two = (float(student.ppf(norm.cdf(x), degrees)) for x in (one, two))
        rising = [(-math.inf, one), (one, two), (two, math.inf)]
        found.append(rising if high > low else [(one, math.inf), (two, one), (-math.inf, two)])
    return found


def interval(limits: Interval, mix: float, shift: float, scale: float) -> Interval:
    """Limits of an independent normal that keep the joint draw between its own."""
    low, high = ((x / mix - shift) / scale for x in limits)
    return low, high


def chance(low: Any, high: Any) -> Any:
    """Probability that a standard normal lies between two values, from the side where it is small."""
    upper = np.asarray(low) > 0.0
    return np.where(upper, norm.sf(low) - norm.sf(high), norm.cdf(high) - norm.cdf(low))


def inside(low: np.ndarray, high: np.ndarray, u: np.ndarray) -> np.ndarray:
    """The point between two values at share u of the probability, counted from below; above 0 from above."""
    p = chance(low, high)
    top = norm.isf(np.maximum(norm.sf(high) + u * p, 1e-300))
    bottom = norm.ppf(np.clip(norm.cdf(low) + u * p, 1e-300, 1.0 - 2.0**-53))
    return np.where(low > 0.0, top, bottom)


def probabilities(limits: list[list[Interval]], lower: list[list[float]], degrees: int) -> list[float]:
    """P of the 729 cells by the 256 even points that the text names (the first seven Sobol' dimensions)."""
    points = qmc.Sobol(7, scramble=False).random(256) + 0.5 / 256
    mix = np.sqrt(degrees / chi2.ppf(points[:, 6], degrees)) if degrees else np.ones(256)
    known: dict[tuple[int, ...], tuple[list[np.ndarray], np.ndarray]] = {(): ([], np.ones(256))}
    for levels in (cell[: a + 1] for a in range(6) for cell in CELLS):
        if levels not in known:
            a, (before, product) = len(levels) - 1, known[levels[:-1]]
            shift = sum((lower[a][b] * before[b] for b in range(a)), np.zeros(256))
            low, high = ((x / mix - shift) / lower[a][a] for x in limits[a][levels[-1]])
            known[levels] = ([*before, inside(low, high, points[:, a])], product * chance(low, high))
    found = [float(known[levels][1].mean()) for levels in CELLS]
    total = math.fsum(found)
    return [p / total for p in found]


def strata_of(limits: list[list[Interval]], lower: list[list[float]], degrees: int) -> Strata:
    """Half of the futures go to cells by probability, half to all alike; cells below 1e-9 are left out."""
    all_of = probabilities(limits, lower, degrees)
    cells = [k for k, p in enumerate(all_of) if p > 1e-9]
    kept = math.fsum(all_of[k] for k in cells)
    return Strata(cells, [0.5 * all_of[k] / kept + 0.5 / len(cells) for k in cells], limits)


def radical_inverse(future: int) -> float:
    """The binary digits of the number, read backwards behind the point."""
    return int(f"{future:b}"[::-1], 2) / 2.0 ** future.bit_length()


def draw(
    strata: Strata, z: list[float], lower: list[list[float]], mix: float, future: int
) -> tuple[int, list[float], float]:
    """(cell, independent normals inside it, weight) of one future; z only serve as uniforms."""
    at, h = radical_inverse(future), 0
    while at >= math.fsum(strata.shares[: h + 1]) and h < len(strata.cells) - 1:
        h += 1
    inside: list[float] = []
    product = 1.0
    for a, level in enumerate(CELLS[strata.cells[h]]):
        shift = math.fsum(lower[a][b] * inside[b] for b in range(a))
        low, high = interval(strata.borders[a][level], mix, shift, lower[a][a])
        inside.append(float(truncnorm.ppf(norm.cdf(z[a]), low, high)))
        product *= float(chance(low, high))
    return strata.cells[h], inside, product / strata.shares[h]
