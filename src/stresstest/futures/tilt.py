"""Importance sampling: half of the futures are sent towards failure, and every future carries the weight that undoes it.

With tilt μ on some of the draws (as standard normals z; an event's uniform u is Φ(z)), a future of the tilted half has
z + μ in place of z, and every future of either half has the weight

    w = 1 / ((1 − share) + share · exp(μ · z − |μ|² / 2)),    z as it is after any tilt,

the ratio of the law to the mixture that was drawn from (defensive mixture with the balance heuristic: Hesterberg 1995;
Veach and Guibas 1995; Owen and Zhou 2000). w is at most 1 / (1 − share) = 2, so no future can dominate. The halves are taken
in turn, and each has a net of its own (futures/nets.py). μ comes from a pilot (analysis/pilot.py) by cross-entropy.
"""

from __future__ import annotations

import numpy as np

from .._jit import rule
from .._lanes import groups, rows_of
from .elementary import exponential
from .marginals import normal_cdf, normal_quantile

SHARE = 0.5
SMALLEST = 2.0**-60


@rule
def tilted_half(first: int, replicates: int, i: int) -> bool:
    """Whether future first + i belongs to the half that is tilted; the halves are taken in turn, never by the central case."""
    return first + i > 0 and ((first + i - 1) // replicates) % 2 == 1


@rule
def tilt_events(
    cube: np.ndarray, along: np.ndarray, row: int, size: float, replicates: int, first: int, n: int
) -> None:
    """Tilt a row of uniforms of n futures, one by one, and add its part of μ · z to along[n]."""
    for i in range(n):
        z = normal_quantile(cube[row, i])
        if tilted_half(first, replicates, i):
            z += size
            cube[row, i] = min(max(normal_cdf(z), SMALLEST), 1.0 - 2.0**-53)
        along[i] += size * z


@rule
def tilt_normals(
    cube: np.ndarray, along: np.ndarray, tilted: np.ndarray, row: int, size: float, n: int
) -> None:
    """Tilt a row of normals of n groups of futures and add its part of μ · z to along[n]."""
    for i in range(n):
        z = cube[row, i] + size * tilted[i]
        cube[row, i] = z
        along[i] += size * z


@rule
def set_weights(weight: np.ndarray, along: np.ndarray, size: float, n: int) -> None:
    """weight[n] of n groups of futures from μ · z and |μ|²."""
    for i in range(n):
        weight[i] = 1.0 / (1.0 - SHARE + SHARE * exponential(along[i] - 0.5 * size))


@rule
def tilt_rows(
    cube: np.ndarray, weight: np.ndarray, rows: np.ndarray, normal: np.ndarray, tilt: np.ndarray, scratch: np.ndarray,
    replicates: int, first: int, n: int,
) -> None:  # fmt: skip
    """Tilt the futures of the second half and set the weight of every future of a block of n futures.

    `rows` int64[m] are the cube rows that are tilted by `tilt` float64[m]; `normal` bool[m] says which of them hold
    normals rather than uniforms. scratch[2, B] holds what is being worked out.
    """
    along, tilted, size = scratch[0], scratch[1], 0.0
    for i in range(n):
        along[i], tilted[i] = 0.0, 1.0 if tilted_half(first, replicates, i) else 0.0
    for j in range(rows.size):
        size += tilt[j] * tilt[j]
        if normal[j]:
            tilt_normals(rows_of(cube), rows_of(scratch)[0], rows_of(scratch)[1], rows[j], tilt[j], groups(n))
        else:
            tilt_events(cube, along, rows[j], tilt[j], replicates, first, n)
    set_weights(rows_of(weight), rows_of(scratch)[0], size, groups(n))
    if first == 0:
        weight[0] = 1.0
