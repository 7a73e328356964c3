"""Importance sampling: half of the futures are sent towards failure, and every future carries the weight that undoes it.

With tilt μ on some of the draws (as standard normals z; an event's uniform u is Φ(z)), a future of the tilted half has
z + μ in place of z, and every future of either half has the weight

    w = 1 / ((1 − share) + share · exp(μ · z − |μ|² / 2)),    z as it is after any tilt,

the ratio of the law to the mixture that was drawn from (defensive mixture with the balance heuristic: Hesterberg 1995;
Veach and Guibas 1995; Owen and Zhou 2000). w is at most 1 / (1 − share) = 2, so no future can dominate. The halves are taken
in turn, and each has a net of its own (futures/nets.py). μ comes from a pilot (analysis/pilot.py) by cross-entropy.
"""

from __future__ import annotations

import math

import numpy as np

from .._jit import rule
from .marginals import normal_cdf, normal_quantile

SHARE = 0.5
SMALLEST = 2.0**-60


@rule
def tilt_rows(
    cube: np.ndarray, weight: np.ndarray, rows: np.ndarray, normal: np.ndarray, tilt: np.ndarray, replicates: int,
    first: int, n: int,
) -> None:  # fmt: skip
    """Tilt the futures of the second half and set the weight of every future of a block.

    `rows` int64[m] are the cube rows that are tilted by `tilt` float64[m]; `normal` bool[m] says which of them hold
    normals rather than uniforms.
    """
    size = 0.0
    for j in range(rows.size):
        size += tilt[j] * tilt[j]
    for i in range(n):
        future = first + i
        weight[i] = 1.0
        if future == 0:
            continue
        tilted = ((future - 1) // replicates) % 2 == 1
        along = 0.0
        for j in range(rows.size):
            value = cube[rows[j], i]
            z = value if normal[j] else normal_quantile(value)
            if tilted:
                z += tilt[j]
                cube[rows[j], i] = z if normal[j] else min(max(normal_cdf(z), SMALLEST), 1.0 - 2.0**-53)
            along += tilt[j] * z
        weight[i] = 1.0 / (1.0 - SHARE + SHARE * math.exp(along - 0.5 * size))
