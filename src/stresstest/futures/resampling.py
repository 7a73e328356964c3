"""Draws for analyses that sample by themselves: bootstraps, permutations, case histories. Each from a stream of its own name.

The only way to chance outside a future's own draws, so that a resampled figure is as reproducible as a simulated one.
"""

from __future__ import annotations

import numpy as np

from .._jit import Array, kernel, rule
from .._lanes import LANES, groups, rows_of
from .marginals import normal_quantile
from .random_points import fill_stream
from .streams import stream_key


def key_of(name: str, seed: int = 0) -> Array:
    """Key uint64[4] of the stream `name`."""
    return np.array(stream_key(seed, name), dtype=np.uint64)


@rule
def fill_rows(out: Array, key: Array) -> None:
    """Fill out[slots, B], B a multiple of LANES, with a stream's uniforms for draws 1 … B."""
    fill_stream(rows_of(out), 0, out.shape[0], key, 1, groups(out.shape[1]))


@rule
def bend_rows(out: Array) -> None:
    """Turn uniforms out[slots, B], B a multiple of LANES, into standard normals."""
    own = rows_of(out)
    for k in range(out.shape[0]):
        for i in range(groups(out.shape[1])):
            own[k, i] = normal_quantile(own[k, i])


@kernel
def uniforms(key: Array, slots: int, n: int) -> Array:
    """float64[slots, n] of uniforms strictly between 0 and 1 from one stream, for draws 1 … n."""
    out = np.empty((slots, LANES * groups(n)))
    fill_rows(out, key)
    return out[:, :n].copy()


@kernel
def normals(key: Array, slots: int, n: int) -> Array:
    """float64[slots, n] of standard normals from one stream, for draws 1 … n."""
    out = np.empty((slots, LANES * groups(n)))
    fill_rows(out, key)
    bend_rows(out)
    return out[:, :n].copy()


def chosen(name: str, rounds: int, n: int, seed: int = 0) -> Array:
    """int64[rounds, n]: for each round n whole numbers from 0 to n − 1, with replacement (bootstrap samples)."""
    return np.asarray(np.minimum((uniforms(key_of(name, seed), rounds, n) * n).astype(np.int64), n - 1))


def shuffled(name: str, rounds: int, n: int, seed: int = 0) -> Array:
    """int64[rounds, n]: for each round the numbers 0 to n − 1 in an order of chance (permutations)."""
    return np.argsort(uniforms(key_of(name, seed), rounds, n), axis=1, kind="stable")
