"""From future numbers to what nature does: cube, then axes, yearly noise and once-only draws, for one block.

The order is fixed: design (futures/design.py) fills the unit cube, marginals turn it into values. `pinned` float64[AXES]
carries a named scenario's destinations, NaN where the calibrated joint law draws them.
"""

from __future__ import annotations

import numpy as np

from .. import layout
from .._jit import rule
from .axes import axis_paths
from .design import fill_cube
from .marginals import normal_quantile

AXIS_STREAMS = 20
NOISE_COUNT = len(layout.NOISE)
ONCE_COUNT = len(layout.ONCE)
NOISE_IS_NORMAL = np.array([kind == "normal" for kind in layout.NOISE_KINDS.values()])
ONCE_IS_NORMAL = np.array([kind == "normal" for kind in layout.ONCE_KINDS.values()])


@rule
def sample_block(
    axes: np.ndarray, noise: np.ndarray, once: np.ndarray, cube: np.ndarray, z: np.ndarray, surprise: np.ndarray,
    keys: np.ndarray, slots: np.ndarray, offsets: np.ndarray, table: np.ndarray, pinned: np.ndarray,
    cholesky: np.ndarray, first: int, n: int, years: int,
) -> None:  # fmt: skip
    """Fill axes[T, AXES, n], noise[T, NOISE, n] and once[ONCE, n] for futures first … first + n − 1."""
    fill_cube(cube, keys, slots, offsets, first, n)
    axis_paths(axes, cube, offsets, table, pinned, cholesky, z, surprise, years, n)
    for k in range(NOISE_COUNT):
        row = offsets[AXIS_STREAMS + k]
        for t in range(years):
            for i in range(n):
                u = cube[row + t, i]
                noise[t, k, i] = normal_quantile(u) if NOISE_IS_NORMAL[k] else u
    for k in range(ONCE_COUNT):
        row = offsets[AXIS_STREAMS + NOISE_COUNT + k]
        for i in range(n):
            u = cube[row, i]
            once[k, i] = normal_quantile(u) if ONCE_IS_NORMAL[k] else u
