"""How the six destinations move together.

Calibrated: independent normals z become L·z, where L is the lower triangle with L·Lᵀ = C, C the matrix of correlations
between destinations. With a t copula of ν degrees of freedom (even), y = L·z · √(ν / χ²) with one χ² for all six, and the
score is Φ⁻¹(T_ν(y)): C is then the correlation of y, that between destinations is a little less (0.295 for 0.3 with ν = 4),
and joint extremes come more often. χ² is −2 Σ ln u of ν/2 uniforms. Independent:
C is the unit matrix. Worst: one rank, drawn in a future, decides the slice of every axis's own law, and of the once-only
draws in layout.COUPLED_ONCE, by a table of permutations (analysis/coupling.py finds it by rearrangement); each keeps its own
law exactly.

Yearly noise is joined by cause and not by correlation: the surprise of the economy in a year loads on the state's share and on
vacancies of that year (futures/axes.py), and growth and the state's share on next year's allocation (drivers/funding.py).
"""

from __future__ import annotations

import numpy as np

from .. import layout
from .._jit import rule
from .._lanes import pick, root
from ..errors import ConfigError
from .elementary import logarithm
from .marginals import inside, normal_cdf, normal_quantile, student_cdf


def correlation_matrix(pairs: dict[tuple[str, str], float], file: object = None) -> np.ndarray:
    """C[AXES, AXES] from named pairs; unnamed pairs are 0. Raises ConfigError where C is not positive definite."""
    matrix = np.eye(len(layout.AXES))
    for (one, other), value in pairs.items():
        a, b = layout.AXES.index(one), layout.AXES.index(other)
        matrix[a, b] = matrix[b, a] = value
    lowest = float(np.linalg.eigvalsh(matrix).min())
    if lowest <= 1e-9:
        raise ConfigError(
            "the correlations contradict each other: no six variables can have them all",
            file=file,
            key="correlation",
            value=f"lowest eigenvalue {lowest:.4f}",
            expected="a positive definite matrix; bring the largest correlations nearer to 0",
        )
    return matrix


def lower_triangle(matrix: np.ndarray) -> np.ndarray:
    """L[AXES, AXES] with L·Lᵀ = matrix."""
    return np.linalg.cholesky(matrix)


@rule
def joined(cholesky: np.ndarray, z: np.ndarray, a: int, i: int) -> float:
    """(L·z)[a] for future i, or group i of futures, z[AXES, B]."""
    total = 0.0
    for k in range(a + 1):
        total += cholesky[a, k] * z[k, i]
    return total


@rule
def mixing_of(cube: np.ndarray, row: int, degrees: int, i: int) -> float:
    """√(ν / χ²) of future or group i from ν / 2 uniforms in cube rows `row` on; 1 for the normal copula and the central case."""
    if degrees == 0:
        return 1.0
    total, away = 0.0, 0.0
    for k in range(degrees // 2):
        u = cube[row + k, i]
        total -= 2.0 * logarithm(u)
        away += abs(u - 0.5)
    return pick(away == 0.0, 1.0, root(degrees / total))


@rule
def score(y: float, degrees: int) -> float:
    """The standard normal score of a joint draw y: y itself, or Φ⁻¹(T_ν(y))."""
    if degrees == 0:
        return y
    z = normal_quantile(max(student_cdf(-abs(y), degrees), 1e-300))
    return pick(y < 0.0, z, -z)


@rule
def coupled(z: np.ndarray, cube: np.ndarray, others: np.ndarray, coupling: np.ndarray, rank: float, i: int) -> None:
    """Send z[AXES, i] and the normals cube[others, i] to the slices that go together at `rank` in (0, 1).

    coupling int64[AXES + others, slices], or AXES rows only.
    """
    slices = coupling.shape[1]
    at = min(slices - 1, int(rank * slices))
    for a in range(6):
        z[a, i] = normal_quantile(inside((coupling[a, at] + normal_cdf(z[a, i])) / slices))
    for k in range(coupling.shape[0] - 6):
        cube[others[k], i] = normal_quantile(inside((coupling[6 + k, at] + normal_cdf(cube[others[k], i])) / slices))
