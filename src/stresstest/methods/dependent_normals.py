"""From independent standard normals to variables with given laws that move together, and back.

Nataf (Nataf 1962; Liu and Der Kiureghian 1986): every variable has its own law and the correlations between them are given.

    z = L u,  x_i = F_i⁻¹(Φ(z_i)),  L·Lᵀ = C₀

C₀ is the correlation of the normals z that gives the x their own; each entry solves

    ρ = ∫∫ (x_i − μ_i)(x_j − μ_j) / (σ_i σ_j) · φ₂(z_i, z_j; ρ₀) dz_i dz_j

by Gauss and Hermite's quadrature. Rosenblatt (1952): every variable has a law given those before it, x_i = F_i⁻¹(Φ(u_i) | x_1 …
x_{i−1}). In either, a point's distance |u| says how likely it is, whatever the variables' own laws.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import DataError

NODES = 48
CLOSE = 0.999


@dataclass(frozen=True)
class DependentNormals:
    """Variables with laws `marginals` (frozen distributions of scipy) and correlations, over independent standard normals.

    `correlation` float64[d, d] between the variables, `normal` between the normals behind them, `triangle` its lower root.
    """

    marginals: tuple[Any, ...]
    correlation: np.ndarray
    normal: np.ndarray
    triangle: np.ndarray

    @staticmethod
    def of(marginals: Sequence[Any], correlation: np.ndarray | None = None) -> DependentNormals:
        """From the variables' laws and their correlations (none: independent). Errors: DataError for impossible ones."""
        d = len(marginals)
        wanted = np.eye(d) if correlation is None else np.asarray(correlation, dtype=np.float64)
        if wanted.shape != (d, d) or not np.allclose(wanted, wanted.T) or not np.allclose(np.diag(wanted), 1.0):
            raise DataError("not a table of correlations", key="correlation",
                            expected=f"{d} by {d}, symmetric, ones on the diagonal")  # fmt: skip
        normal = np.eye(d)
        for i in range(d):
            for j in range(i):
                normal[i, j] = normal[j, i] = normal_correlation(marginals[i], marginals[j], float(wanted[i, j]))
        lowest = float(np.linalg.eigvalsh(normal).min())
        if lowest <= 1e-9:
            raise DataError("no variables with these laws can have all of these correlations", key="correlation",
                            value=f"lowest eigenvalue {lowest:.4f}", expected="correlations nearer to 0")  # fmt: skip
        return DependentNormals(tuple(marginals), wanted, normal, np.linalg.cholesky(normal))

    def to_values(self, u: np.ndarray) -> np.ndarray:
        """x[n, d] of standard normals u[n, d]."""
        z = np.atleast_2d(u) @ self.triangle.T
        return np.stack([value_at(law, z[:, k]) for k, law in enumerate(self.marginals)], axis=1)

    def to_normals(self, x: np.ndarray) -> np.ndarray:
        """u[n, d] of values x[n, d]."""
        values = np.atleast_2d(x)
        z = np.stack([score_at(law, values[:, k]) for k, law in enumerate(self.marginals)], axis=1)
        return np.asarray(np.linalg.solve(self.triangle, z.T).T)


def value_at(law: Any, z: np.ndarray) -> np.ndarray:
    """F⁻¹(Φ(z)), by the upper tail where z > 0, so that both tails keep their precision."""
    from scipy.special import ndtr

    z = np.asarray(z, dtype=np.float64)
    return np.where(z > 0.0, law.isf(ndtr(-np.abs(z))), law.ppf(ndtr(-np.abs(z))))


def score_at(law: Any, x: np.ndarray) -> np.ndarray:
    """Φ⁻¹(F(x)), by the upper tail beyond the median."""
    from scipy.special import ndtri

    below, above = np.asarray(law.cdf(x)), np.asarray(law.sf(x))
    return np.where(below > 0.5, -ndtri(above), ndtri(below))


def _standardised(law: Any, z: np.ndarray) -> np.ndarray:
    return np.asarray((value_at(law, z) - law.mean()) / law.std())


def normal_correlation(one: Any, other: Any, wanted: float) -> float:
    """The correlation of two normals that gives two variables the correlation `wanted`.

    Errors: DataError where their laws do not allow it, with what they do.
    """
    from scipy.optimize import brentq

    if wanted == 0.0:
        return 0.0
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    weights = weights / weights.sum()
    first = _standardised(one, nodes)

    def gap(rho: float) -> float:
        second = _standardised(other, rho * nodes[:, None] + np.sqrt(1.0 - rho**2) * nodes[None, :])
        return float((weights * first) @ (second @ weights)) - wanted

    low, high = gap(-CLOSE), gap(CLOSE)
    if low > 0.0 or high < 0.0:
        raise DataError("two variables with these laws cannot have this correlation", key="correlation", value=wanted,
                        expected=f"between {low + wanted:.3f} and {high + wanted:.3f}")  # fmt: skip
    return float(brentq(gap, -CLOSE, CLOSE, xtol=1e-10))


def rosenblatt(conditionals: Sequence[Callable[[np.ndarray], Callable[[np.ndarray], np.ndarray]]], u: np.ndarray) -> np.ndarray:
    """x[n, d] of standard normals u[n, d]: conditionals[i](x[:, :i]) is the quantile function of x_i given those before it."""
    from scipy.special import ndtr

    points = np.atleast_2d(u)
    x = np.empty(points.shape)
    for k, conditional in enumerate(conditionals):
        x[:, k] = conditional(x[:, :k])(ndtr(points[:, k]))
    return x
