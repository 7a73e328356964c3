"""The calendar of cells: 3⁶ = 729 combinations of low, middle and high destinations, and futures drawn cell by cell.

A destination is low, middle or high as it lies nearest to the axis's anchors: the borders are half-way between them.
The cell's number is Σ level_a · 3^(5 − a), axes in order. In the stratified design future f is drawn in a cell chosen
by the radical inverse of f, so that every cell has its share of futures to within one, now and then two or three,
whatever their number; inside a cell the destinations are drawn in turn, each between its borders given those before it
(Geweke 1991; Hajivassiliou and McFadden 1998; Keane 1994):

    p_a = Φ(b_a) − Φ(c_a),  z_a = Φ⁻¹(Φ(c_a) + u_a p_a),  c_a = (lower_a / mixing − Σ_{k<a} L_ak z_k) / L_aa, b_a alike

and the future's weight is Π p_a / (share of the cell in the design), which undoes both the choice of cells and the way of
drawing inside them. Half of the futures go to cells by their probability, half go to all cells alike, so that rare
combinations can be reported on too. Cells less likely than one in a thousand million are left out.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from .._jit import rule
from .._lanes import pick
from .axes import MEAN, SD
from .dependence import joined
from .marginals import inside, normal_cdf, normal_quantile, student_cdf

CELLS = 729
EVEN_SHARE = 0.5
RAREST = 1e-9
WIDE = math.inf
LEVELS = np.array(list(itertools.product(range(3), repeat=6)), dtype=np.int64)


@rule
def level_of(value: float, cuts: np.ndarray) -> float:
    """0, 1 or 2 as `value` lies nearest to the low, middle or high anchor; cuts = (sign, lower border, upper border)."""
    signed = cuts[0] * value
    return pick(signed >= cuts[1], 1.0, 0.0) + pick(signed >= cuts[2], 1.0, 0.0)


def cuts_of(anchors: np.ndarray) -> np.ndarray:
    """float64[AXES, 3]: the sign that makes the anchors rise, and the borders half-way between them times that sign."""
    sign = np.where(anchors[:, 2] > anchors[:, 0], 1.0, -1.0)
    rising = anchors * sign[:, None]
    return np.stack([sign, (rising[:, 0] + rising[:, 1]) / 2.0, (rising[:, 1] + rising[:, 2]) / 2.0], axis=1)


def borders_of(table: np.ndarray, anchors: np.ndarray, fixed: np.ndarray, degrees: int) -> np.ndarray:
    """float64[AXES, 3, 2]: each level's borders as scores of the joint draw (normal, or t with that many degrees).

    An axis whose destination is given (`fixed`), or that has no spread, has one level with no borders, the middle one.
    """
    borders = np.empty((6, 3, 2))
    for a, (sign, lower, upper) in enumerate(cuts_of(anchors)):
        borders[a] = [[WIDE, WIDE], [-WIDE, WIDE], [WIDE, WIDE]]
        if not fixed[a] and table[a, SD] > 0.0:
            scores = [(sign * cut - table[a, MEAN]) / table[a, SD] for cut in (lower, upper)]
            low, high = (_scores(x, degrees) for x in scores)
            borders[a] = [[-WIDE, low], [low, high], [high, WIDE]]
            if sign < 0.0:
                borders[a] = [[low, WIDE], [high, low], [-WIDE, high]]
    return borders


def _scores(x: float, degrees: int) -> float:
    """A border as a score of the joint draw: x itself, or the t quantile at Φ(x)."""
    if degrees == 0:
        return float(x)
    low, high = -1e6, 1e6
    wanted = normal_cdf(-abs(x))
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if student_cdf(middle, degrees) < wanted else (low, middle)
    return float(-abs(low) if x < 0.0 else abs(low))


@rule
def between(lower: float, upper: float, u: float) -> tuple[float, float]:
    """(probability of the interval, the point in it at share u of that probability) of a standard normal."""
    if lower > 0.0:
        below, above = normal_cdf(-lower), normal_cdf(-upper)
        return below - above, -normal_quantile(inside(below - u * (below - above)))
    below, above = normal_cdf(lower), normal_cdf(upper)
    return above - below, normal_quantile(inside(below + u * (above - below)))


@rule
def draw_in_cell(
    z: np.ndarray, levels: np.ndarray, borders: np.ndarray, cholesky: np.ndarray, mixing: float, i: int
) -> float:
    """Redraw z[AXES, i] (standard normals) inside a cell; return the product of the interval probabilities."""
    product = 1.0
    for a in range(6):
        u = normal_cdf(z[a, i])
        z[a, i] = 0.0
        shift = joined(cholesky, z, a, i)
        low, high = borders[a, levels[a], 0], borders[a, levels[a], 1]
        p, z[a, i] = between((low / mixing - shift) / cholesky[a, a], (high / mixing - shift) / cholesky[a, a], u)
        product *= p
    return product


@rule
def radical_inverse(future: int) -> float:
    """The bits of the future's number, mirrored at the point (van der Corput): evenly spread at any count."""
    value, step, left = 0.0, 0.5, future
    while left > 0:
        if left & 1:
            value += step
        step *= 0.5
        left >>= 1
    return value


@rule
def stratum_of(future: int, cumulative: np.ndarray) -> int:
    """The stratum in which future f is drawn; cumulative[H] are the strata's shares added up."""
    at = radical_inverse(future)
    low, high = 0, cumulative.size - 1
    while low < high:
        middle = (low + high) // 2
        if at < cumulative[middle]:
            high = middle
        else:
            low = middle + 1
    return low


def strata_of(probabilities: np.ndarray) -> tuple[Any, ...]:
    """(cells int64[H], their levels int64[H, AXES], share of each in the design, shares added up)."""
    cells = np.flatnonzero(probabilities > RAREST)
    own = probabilities[cells] / probabilities[cells].sum()
    share = (1.0 - EVEN_SHARE) * own + EVEN_SHARE / cells.size
    return cells.astype(np.int64), LEVELS[cells], share, np.cumsum(share)
