"""How the six destinations move together.

Destinations are joined by a Gaussian copula: independent normals z become L·z, where L is the lower triangle with
L·Lᵀ = C, C the matrix of correlations between destinations. Yearly noise is joined by cause and not by correlation:
the surprise of the economy in a year loads on the state's share and on vacancies of that year (futures/axes.py).
"""

from __future__ import annotations

import numpy as np

from .. import layout
from .._jit import rule
from ..errors import ConfigError


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
    """(L·z)[a] for future i, z[AXES, B]."""
    total = 0.0
    for k in range(a + 1):
        total += cholesky[a, k] * z[k, i]
    return total
