"""From a design point to a probability: by the curvature of the limit there, and by draws around it.

    straight line   Φ(−β)                                                   first order
    Breitung        Φ(−β) · Π (1 + β κ_i)^(−½)                              Breitung 1984, second order
    Hohenbichler    Φ(−β) · Π (1 + ψ κ_i)^(−½),  ψ = φ(β) / Φ(−β)           Hohenbichler and Rackwitz 1988, better for small β
    draws           mean of 1(g ≤ 0) · φ(u) / q(u),  u from q               q: normals about every design point, of each of WIDTHS

κ_i are the main curvatures of g = 0 at the design point, positive where the limit bends away from the middle. Draws come from
the keyed streams of futures/resampling.py; a mixture over all design points leaves no region of failure out that a search has
found (Hasofer and Lind's point alone would: Der Kiureghian and Dakessian 1998). Where the limit bends round the middle, failure
reaches far beyond a normal of width 1 about the point: the few draws that get there weigh so much that an estimate without them
is too low, and its error too small. So half of the draws are wider (defensive mixtures: Hesterberg 1995), and the share of the
heaviest draw is told.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import DataError
from ..futures.resampling import key_of, normals
from .design_point import DesignPoint, LimitFunction

CURVATURE_STEP = 1e-2
#: Standard deviations of the normals about a point, in equal shares.
WIDTHS = (1.0, 1.75)


@dataclass(frozen=True)
class SecondOrder:
    """Probabilities of failure by the curvature at the design point; `curvatures` float64[d − 1]."""

    first_order: float
    breitung: float
    hohenbichler: float
    curvatures: np.ndarray


@dataclass(frozen=True)
class Drawn:
    """A probability by importance sampling, its standard error, the number of draws, and the heaviest draw's share of the sum.

    Where one draw makes up more than a few hundredths, the error is too small to be trusted and more points or draws are needed.
    """

    probability: float
    error: float
    draws: int
    heaviest: float


def tail(beta: float) -> float:
    """Φ(−β): the share of a standard normal that lies at least β out."""
    return 0.5 * math.erfc(beta / math.sqrt(2.0))


def second_order(limit: LimitFunction, design: DesignPoint, step: float = CURVATURE_STEP) -> SecondOrder:
    """Probabilities with the limit's curvature at a design point.

    Errors: DataError where there is no point, or where the limit bends round the middle so far that the formula has none.
    """
    if not design.found:
        raise DataError("there is no design point to start from", expected="a limit within reach")
    beta, curvatures = design.beta, main_curvatures(limit, design, step)
    density = math.exp(-0.5 * beta * beta) / math.sqrt(2.0 * math.pi)
    return SecondOrder(tail(beta), _bent(beta, beta, curvatures), _bent(beta, density / tail(beta), curvatures), curvatures)


def _bent(beta: float, weight: float, curvatures: np.ndarray) -> float:
    factors = 1.0 + weight * curvatures
    if np.any(factors <= 0.0):
        raise DataError("the limit bends round the middle, so the second order says nothing here", value=float(factors.min()),
                        expected="importance sampling")  # fmt: skip
    return float(tail(beta) * np.prod(factors**-0.5))


def main_curvatures(limit: LimitFunction, design: DesignPoint, step: float = CURVATURE_STEP) -> np.ndarray:
    """Main curvatures of g = 0 at a design point, float64[d − 1]: eigenvalues of the Hessian along the limit over |∇g|."""
    plane = along_limit(design.sensitivities)
    hessian = _hessian(limit, design.point, plane, step)
    return np.asarray(np.linalg.eigvalsh(hessian) / design.slope)


def along_limit(alpha: np.ndarray) -> np.ndarray:
    """Orthonormal directions float64[d, d − 1] that are square to α (Householder's reflection)."""
    d = alpha.size
    if d < 2:
        return np.zeros((d, 0))
    first = np.zeros(d)
    first[0] = 1.0 if alpha[0] < 0.0 else -1.0
    v = alpha - first
    mirror = np.eye(d) - 2.0 * np.outer(v, v) / (v @ v)
    return np.asarray(mirror[:, 1:])


def _hessian(limit: LimitFunction, point: np.ndarray, plane: np.ndarray, step: float) -> np.ndarray:
    """Second differences of the limit in the directions of `plane`."""
    k = plane.shape[1]
    pairs = [(i, j, a, b) for i in range(k) for j in range(i + 1) for a in (1.0, -1.0) for b in (1.0, -1.0)]
    if not pairs:
        return np.zeros((0, 0))
    points = np.array([point + step * (a * plane[:, i] + b * plane[:, j]) for i, j, a, b in pairs])
    values, found = limit(points), np.zeros((k, k))
    for (i, j, a, b), value in zip(pairs, values, strict=True):
        found[i, j] += a * b * value / (4.0 * step * step)
    return found + found.T - np.diag(np.diag(found))


def importance_sampling(
    limit: LimitFunction, points: Sequence[np.ndarray], draws: int = 8192, name: str = "reliability", seed: int = 0
) -> Drawn:
    """P(g ≤ 0) by draws about design points, in equal shares, with its standard error.

    The error is over the shares (strata). Errors: DataError without a point.
    """
    if not len(points):
        raise DataError("importance sampling needs a point to sample about", expected="at least one design point")
    centres = np.repeat(np.array(points, dtype=np.float64), len(WIDTHS), axis=0)
    widths, d = np.tile(WIDTHS, len(points)), centres.shape[1]
    shares, count = len(centres), max(2, draws // len(centres))
    z = normals(key_of(name, seed), d, count * shares).T.reshape(shares, count, d)
    weights = np.empty((shares, count))
    for k in range(shares):
        u = widths[k] * z[k] + centres[k]
        fails = np.asarray(limit(u)) <= 0.0
        weights[k] = np.where(fails, 1.0 / _ratio(u, centres, widths), 0.0)
    error = math.sqrt(float(weights.var(axis=1, ddof=1).sum()) / count) / shares
    heaviest = float(weights.max() / weights.sum()) if weights.any() else 0.0
    return Drawn(float(weights.mean()), error, count * shares, heaviest)


def _ratio(u: np.ndarray, centres: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """q(u) / φ(u): the mean over centres c and their widths s of s^(−d) exp(|u|² / 2 − |u − c|² / 2 s²)."""
    from scipy.special import logsumexp

    square = np.sum(u**2, axis=1)[:, None]
    apart = np.maximum(square - 2.0 * u @ centres.T + np.sum(centres**2, axis=1), 0.0)
    along = 0.5 * square - 0.5 * apart / widths**2 - u.shape[1] * np.log(widths)
    return np.asarray(np.exp(logsumexp(along, axis=1) - math.log(len(centres))))
