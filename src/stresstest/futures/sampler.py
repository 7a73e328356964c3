"""From future numbers to what nature does: points, variates, then axes, yearly noise and once-only draws, for one block.

The order is fixed: a design fills the unit cube (random, Latin hypercube, or nets), marginals turn it into normals where a
stream wants normals, a tilt and the paths' mirrors bend them (nets only), destinations are joined and weighed, and the axes
travel. Future 0 is the cube's centre: every normal is 0, no event with a probability below a half happens in a year, and
no policy break. It is the central case and is left out of every probability.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout
from .._jit import kernel, rule
from .axes import axis_paths
from .destinations import destinations
from .latin import latin_points
from .marginals import normal_quantile
from .nets import net_points
from .path_components import reflect_paths
from .random_points import random_points
from .tilt import tilt_rows

AXIS_STREAMS = 20
NOISE_COUNT = len(layout.NOISE)
ONCE_COUNT = len(layout.ONCE)
POLICY_ROW = layout.ONCE_POLICY
COUPLED = np.array([layout.ONCE.index(name) for name in layout.COUPLED_ONCE], dtype=np.int64)


@rule
def fill_points(cube: np.ndarray, design: Any, first: int, n: int) -> None:
    """cube[dimensions, n] = points of the unit cube for futures first … first + n − 1; the centre for future 0."""
    kind, replicates, futures, pairs, streams, nets, _, _ = design
    keys, slots, offsets, _ = streams
    if kind == layout.LHS:
        latin_points(cube, keys, slots, offsets, replicates, futures, first, n)
    elif kind == layout.SOBOL:
        net_points(cube, nets, replicates, 1, first, n)
    elif kind == layout.IMPORTANCE:
        net_points(cube, nets, replicates, 2, first, n)
    else:
        random_points(cube, keys, slots, offsets, pairs, first, n)
    if first == 0:
        cube[:, 0] = 0.5


@rule
def to_normals(cube: np.ndarray, slots: np.ndarray, offsets: np.ndarray, normal: np.ndarray, n: int) -> None:
    """Turn the rows of streams of normals from uniforms into standard normals."""
    for k in range(slots.size):
        if normal[k]:
            for row in range(offsets[k], offsets[k] + slots[k]):
                for i in range(n):
                    cube[row, i] = normal_quantile(cube[row, i])


@rule
def fill_variates(cube: np.ndarray, tags: np.ndarray, design: Any, first: int, n: int) -> None:
    """Points, then normals, tilt and mirrors; sets the design's weight and group in tags[TAGS, n]."""
    kind, replicates, _, pairs, streams, _, mirrors, tilt = design
    _, slots, offsets, normal = streams
    fill_points(cube, design, first, n)
    to_normals(cube, slots, offsets, normal, n)
    for i in range(n):
        future = first + i
        tags[layout.TAG_WEIGHT, i], tags[layout.TAG_GROUP, i] = 1.0, 0.0
        if future > 0 and kind == layout.RANDOM and pairs:
            tags[layout.TAG_GROUP, i] = (future - 1) // 2
        if future > 0 and kind != layout.RANDOM:
            tags[layout.TAG_GROUP, i] = (future - 1) % replicates
    if kind == layout.IMPORTANCE:
        rows, is_normal, size = tilt
        tilt_rows(cube, tags[layout.TAG_WEIGHT], rows, is_normal, size, replicates, first, n)
    if kind == layout.SOBOL or kind == layout.IMPORTANCE:
        reflect_paths(cube, offsets, mirrors, n)


@rule
def sample_block(
    axes: np.ndarray, noise: np.ndarray, once: np.ndarray, tags: np.ndarray, cube: np.ndarray, scratch: Any, design: Any,
    law: Any, first: int, n: int, years: int,
) -> None:  # fmt: skip
    """Fill axes[T, AXES, n], noise[T, NOISE, n], once[ONCE, n] and tags[TAGS, n] for futures first … first + n − 1.

    `scratch` = (z[AXES, B], scores[AXES, B], ends[AXES, B], surprise[T, B], rows int64[9 + coupled]).
    """
    z, scores, ends, surprise, rows = scratch
    offsets = design[4][2]
    fill_variates(cube, tags, design, first, n)
    for a in range(6):
        rows[a] = offsets[3 * a]
    for k in range(3):
        rows[6 + k] = offsets[AXIS_STREAMS + NOISE_COUNT + ONCE_COUNT + k]
    for k in range(COUPLED.size):
        rows[9 + k] = offsets[AXIS_STREAMS + NOISE_COUNT + COUPLED[k]]
    destinations(ends, z, scores, tags, cube, rows, law, design[0] == layout.STRATIFIED, first, n)
    axis_paths(axes, cube, offsets, law[0], law[1], tags[layout.TAG_COURSE], ends, surprise, years, n)
    for k in range(NOISE_COUNT):
        row = offsets[AXIS_STREAMS + k]
        for t in range(years):
            for i in range(n):
                noise[t, k, i] = cube[row + t, i]
    for k in range(ONCE_COUNT):
        row = offsets[AXIS_STREAMS + NOISE_COUNT + k]
        for i in range(n):
            once[k, i] = cube[row, i]
    if first == 0:
        once[POLICY_ROW, 0] = 0.0


@rule
def make_scratch(years: int, width: int) -> Any:
    """Work space of sample_block for blocks of `width` futures."""
    return (
        np.empty((6, width)), np.empty((6, width)), np.empty((6, width)), np.empty((years, width)),
        np.empty(9 + COUPLED.size, dtype=np.int64),
    )  # fmt: skip


@kernel
def draw_futures(
    first: int, n: int, years: int, dimensions: int, design: Any, law: Any, axes: np.ndarray, noise: np.ndarray,
    once: np.ndarray, tags: np.ndarray, ends: np.ndarray, variates: np.ndarray,
) -> None:  # fmt: skip
    """Nature alone: fill axes[T, AXES, n], noise[T, NOISE, n], once[ONCE, n], tags[TAGS, n] and destinations ends[AXES, n].

    `variates` takes the cube's variates after tilt and mirrors, float64[dimensions, n], or is empty.
    """
    width = min(layout.BLOCK, n)
    cube, part_tags = np.empty((dimensions, width)), np.empty((len(layout.TAGS), width))
    part_axes, part_noise = np.empty((years, 6, width)), np.empty((years, NOISE_COUNT, width))
    part_once, scratch = np.empty((ONCE_COUNT, width)), make_scratch(years, width)
    for start in range(0, n, layout.BLOCK):
        size = min(layout.BLOCK, n - start)
        sample_block(part_axes, part_noise, part_once, part_tags, cube, scratch, design, law, first + start, size, years)
        axes[:, :, start : start + size] = part_axes[:, :, :size]
        noise[:, :, start : start + size] = part_noise[:, :, :size]
        once[:, start : start + size] = part_once[:, :size]
        tags[:, start : start + size] = part_tags[:, :size]
        ends[:, start : start + size] = scratch[2][:, :size]
        if variates.shape[0] > 0:
            variates[:, start : start + size] = cube[:, :size]
