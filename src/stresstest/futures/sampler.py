"""From future numbers to what nature does: points, variates, then axes, yearly noise and once-only draws, for one block.

The order is fixed: a design fills the unit cube (random, Latin hypercube, or nets), marginals turn it into normals where a
stream wants normals, a tilt and the paths' mirrors bend them (nets only), destinations are joined and weighed, and the axes
travel. Future 0 is the cube's centre: every normal is 0, no event with a probability below a half happens in a year, and
no policy break. It is the central case and is left out of every probability.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from .. import layout
from .._jit import kernel, rule
from .._lanes import LANES, block_of, groups, rows_of, shared_of
from .axes import axis_paths
from .destinations import destinations
from .latin import latin_points
from .marginals import depth_of, quantile_at
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
    """cube[dimensions, n] = points of the unit cube for futures first … first + n − 1; the centre for future 0.

    Rows have room for whole groups of LANES futures: those beyond n are drawn too, for nobody. Streams that are not read stay as
    they are (make_cube).
    """
    kind, replicates, futures, pairs, streams, tables, _, _ = design
    keys, slots, offsets, _, read = streams
    if kind == layout.SOBOL or kind == layout.IMPORTANCE:
        net_points(rows_of(cube), tables, slots, offsets, read, first, groups(n))
    else:
        random_points(rows_of(cube), keys, slots, offsets, read, pairs, first, groups(n))
    if kind == layout.LHS:
        latin_points(rows_of(cube), tables[1], slots, offsets, read, replicates, futures, first, groups(n))
    for k in range(slots.size if first == 0 else 0):
        for row in range(offsets[k], offsets[k] + (slots[k] if read[k] else 0)):
            cube[row, 0] = 0.5


@rule
def to_normals(cube: np.ndarray, streams: Any, depth: np.ndarray, n: int) -> None:
    """Turn the rows of streams of normals from uniforms into standard normals, for n groups of futures.

    In two passes over each row, with depth[n] between them: a processor then finds more to do side by side.
    """
    _, slots, offsets, normal, read = streams
    for k in range(slots.size):
        if normal[k] and read[k]:
            for row in range(offsets[k], offsets[k] + slots[k]):
                for i in range(n):
                    depth[i] = depth_of(cube[row, i])
                for i in range(n):
                    cube[row, i] = quantile_at(cube[row, i], depth[i])


@rule
def start_tags(tags: np.ndarray, kind: int, replicates: int, pairs: bool, first: int, n: int) -> None:
    """A weight of 1 for n futures, and the group of each: its pair, its replicate, or none."""
    for i in range(n):
        tags[layout.TAG_WEIGHT, i], tags[layout.TAG_GROUP, i] = 1.0, 0.0
    if kind != layout.RANDOM or pairs:
        for i in range(1 if first == 0 else 0, n):
            before = first + i - 1
            tags[layout.TAG_GROUP, i] = before // 2 if kind == layout.RANDOM else before % replicates


@rule
def fill_variates(cube: np.ndarray, tags: np.ndarray, design: Any, scratch: np.ndarray, first: int, n: int) -> None:
    """Points, then normals, tilt and mirrors; sets the design's weight and group in tags[TAGS, n]."""
    kind, replicates, _, pairs, streams, _, mirrors, tilt = design
    _, _, offsets, _, read = streams
    fill_points(cube, design, first, n)
    to_normals(block_of(cube), streams, block_of(scratch)[0], groups(n))
    start_tags(tags, kind, replicates, pairs, first, n)
    if kind == layout.IMPORTANCE:
        rows, is_normal, size = tilt
        tilt_rows(cube, tags[layout.TAG_WEIGHT], rows, is_normal, size, scratch, replicates, first, n)
    if kind == layout.SOBOL or kind == layout.IMPORTANCE:
        reflect_paths(block_of(cube), offsets, read, mirrors, groups(n))


@rule
def shared_law(law: Any) -> Any:
    """The law of the axes as views."""
    table, menu, cumulative, joint, rules, factors, cuts, strata = law
    cholesky, degrees, coupling = joint
    cells, levels, share, shares, borders = strata
    return (
        shared_of(table), shared_of(menu), shared_of(cumulative), (shared_of(cholesky), degrees, shared_of(coupling)),
        shared_of(rules), shared_of(factors), shared_of(cuts),
        (shared_of(cells), shared_of(levels), shared_of(share), shared_of(shares), shared_of(borders)),
    )  # fmt: skip


@rule
def shared_design(design: Any) -> Any:
    """The design with its streams as views."""
    kind, replicates, futures, pairs, streams, tables, mirrors, tilt = design
    keys, slots, offsets, normal, read = streams
    views = (shared_of(keys), shared_of(slots), shared_of(offsets), shared_of(normal), shared_of(read))
    return kind, replicates, futures, pairs, views, tables, shared_of(mirrors), tilt


@rule
def sample_block(
    axes: np.ndarray, tags: np.ndarray, cube: np.ndarray, scratch: Any, design: Any, law: Any, first: int, n: int, years: int
) -> None:
    """Fill axes[T, AXES, n], tags[TAGS, n] and the variates cube[dimensions, n] for futures first … first + n − 1.

    Arrays have room for whole groups of LANES futures; `cube` and `scratch` are those of make_cube and make_scratch. Yearly and
    once-only draws are rows of the cube: noise_of, once_of.
    """
    z, scores, ends, surprise, rows = scratch
    own_design, own_law = shared_design(design), shared_law(law)
    offsets = own_design[4][2]
    fill_variates(cube, tags, own_design, scores, first, n)
    for a in range(6):
        rows[a] = offsets[3 * a]
    for k in range(3):
        rows[6 + k] = offsets[AXIS_STREAMS + NOISE_COUNT + ONCE_COUNT + k]
    for k in range(COUPLED.size):
        rows[9 + k] = offsets[AXIS_STREAMS + NOISE_COUNT + COUPLED[k]]
    destinations(ends, z, scores, tags, cube, rows, own_law, design[0] == layout.STRATIFIED, first, n)
    axis_paths(
        block_of(axes), block_of(cube), offsets, own_law[0], own_law[1], block_of(tags)[layout.TAG_COURSE], block_of(ends),
        block_of(surprise), years, groups(n),
    )  # fmt: skip
    if first == 0:
        cube[offsets[AXIS_STREAMS + NOISE_COUNT + POLICY_ROW], 0] = 0.0


@rule
def noise_of(cube: np.ndarray, offsets: np.ndarray, years: int) -> np.ndarray:
    """The yearly draws as a view noise[T, NOISE, B] of the cube, in which their streams lie one behind the other."""
    row, item = cube.strides
    return as_strided(cube[offsets[AXIS_STREAMS] :], (years, NOISE_COUNT, cube.shape[1]), (row, years * row, item))


@rule
def once_of(cube: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The once-only draws as a view once[ONCE, B] of the cube."""
    start = offsets[AXIS_STREAMS + NOISE_COUNT]
    return cube[start : start + ONCE_COUNT]


@rule
def make_cube(dimensions: int, width: int, design: Any) -> np.ndarray:
    """Room for the variates of a block, float64[dimensions, width], `width` a multiple of LANES.

    Draws that nobody reads stand in the middle: 0 for normals, ½ for uniforms.
    """
    cube = np.zeros((dimensions, width))
    _, slots, offsets, normal, _ = design[4]
    for k in range(slots.size):
        for row in range(offsets[k], offsets[k] + (0 if normal[k] else slots[k])):
            for i in range(width):
                cube[row, i] = 0.5
    return cube


@rule
def make_scratch(years: int, width: int) -> Any:
    """Work space of sample_block for blocks of `width` futures, a multiple of LANES: z, scores and ends[AXES, B], surprise[T, B],
    rows int64[9 + coupled]."""
    return (
        np.zeros((6, width)), np.zeros((6, width)), np.zeros((6, width)), np.zeros((years, width)),
        np.zeros(9 + COUPLED.size, dtype=np.int64),
    )  # fmt: skip


@rule
def copy_out(out: np.ndarray, part: np.ndarray, at: int, n: int) -> None:
    """out[:, at : at + n] = part[:, : n]; `at` is a multiple of LANES."""
    into, out_of, whole = rows_of(out), rows_of(part), n // LANES
    for k in range(out.shape[0]):
        for i in range(whole):
            into[k, at // LANES + i] = out_of[k, i]
        for i in range(whole * LANES, n):
            out[k, at + i] = part[k, i]


@kernel
def draw_futures(
    first: int, n: int, years: int, dimensions: int, design: Any, law: Any, axes: np.ndarray, noise: np.ndarray,
    once: np.ndarray, tags: np.ndarray, ends: np.ndarray, variates: np.ndarray,
) -> None:  # fmt: skip
    """Nature alone: fill axes[T, AXES, n], noise[T, NOISE, n], once[ONCE, n], tags[TAGS, n] and destinations ends[AXES, n].

    `variates` takes the cube's variates after tilt and mirrors, float64[dimensions, n], or is empty.
    """
    width = layout.BLOCK
    cube, part_tags = make_cube(dimensions, width, design), np.zeros((len(layout.TAGS), width))
    part_axes, scratch = np.zeros((years, 6, width)), make_scratch(years, width)
    part_noise, part_once = noise_of(cube, design[4][2], years), once_of(cube, design[4][2])
    for start in range(0, n, width):
        size = min(width, n - start)
        sample_block(part_axes, part_tags, cube, scratch, design, law, first + start, size, years)
        for t in range(years):
            copy_out(axes[t], part_axes[t], start, size)
            copy_out(noise[t], part_noise[t], start, size)
        copy_out(once, part_once, start, size)
        copy_out(tags, part_tags, start, size)
        copy_out(ends, scratch[2], start, size)
        if variates.shape[0] > 0:
            copy_out(variates, cube, start, size)
