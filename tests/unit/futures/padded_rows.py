"""The sampler's rules over groups of futures, called with plain arrays of any width."""

from __future__ import annotations

import numpy as np

from stresstest._jit import rule
from stresstest._lanes import LANES, groups, rows_of
from stresstest.futures import latin, nets, path_components, random_points, tilt


@rule
def _fill(cube, row, slots, key, first):
    random_points.fill_stream(rows_of(cube), row, slots, key, first, groups(cube.shape[1]))


@rule
def _mirror(cube, row, slots, key, first):
    random_points.mirror_stream(rows_of(cube), row, slots, key, first, groups(cube.shape[1]))


@rule
def _random(cube, keys, slots, offsets, read, pairs, first):
    random_points.random_points(rows_of(cube), keys, slots, offsets, read, pairs, first, groups(cube.shape[1]))


@rule
def _net(cube, tables, slots, offsets, read, first):
    nets.net_points(rows_of(cube), tables, slots, offsets, read, first, groups(cube.shape[1]))


@rule
def _latin(cube, table, slots, offsets, read, replicates, futures, first):
    latin.latin_points(rows_of(cube), table, slots, offsets, read, replicates, futures, first, groups(cube.shape[1]))


@rule
def _reflect(cube, offsets, read, mirrors):
    path_components.reflect_paths(rows_of(cube), offsets, read, mirrors, groups(cube.shape[1]))


@rule
def permute_all(found, last, half, low, keys):
    """found[q] = π(q) under one set of round keys."""
    for q in range(found.size):
        found[q] = latin.permuted(np.uint64(q), last, half, low, keys, keys, keys, keys)[0]


def widened(cube):
    """The array with room for whole groups of futures, the rest zeros."""
    room = np.zeros((cube.shape[0], LANES * -(-cube.shape[1] // LANES)))
    room[:, : cube.shape[1]] = cube
    return room


def _within(fill, cube, *given):
    """Run a rule on a widened copy, and hand back as much of it as was given."""
    room = widened(cube)
    fill(room, *given)
    cube[...] = room[:, : cube.shape[1]]


def fill_stream(cube, row, slots, key, first):
    """Plain draws of one stream."""
    _within(_fill, cube, row, slots, key, first)


def mirror_stream(cube, row, slots, key, first):
    """Mirrored pairs of draws of one stream."""
    _within(_mirror, cube, row, slots, key, first)


def random_points_of(cube, keys, slots, offsets, pairs, first, read=None):
    """Draws of all streams, or of those that are read."""
    _within(_random, cube, keys, slots, offsets, np.ones(slots.size, dtype=bool) if read is None else read, pairs, first)


def net_points_of(cube, tables, first):
    """Points of nets in every row."""
    rows = np.arange(cube.shape[0])
    _within(_net, cube, tables, np.ones_like(rows), rows, np.ones(rows.size, dtype=bool), first)


def latin_points_of(cube, table, replicates, futures, first):
    """Points of hypercubes in every row, from places inside their slices."""
    rows = np.arange(cube.shape[0])
    _within(_latin, cube, table, np.ones_like(rows), rows, np.ones(rows.size, dtype=bool), replicates, futures, first)


def reflect_paths(cube, offsets, read, mirrors):
    """Reflect every stream of a block."""
    _within(_reflect, cube, offsets, read, mirrors)


def tilt_rows(cube, weight, rows, normal, sizes, replicates, first):
    """Tilt rows of a block and weigh its futures."""
    room, weights = widened(cube), widened(weight[None])[0]
    tilt.tilt_rows(room, weights, rows, normal, sizes, np.zeros((2, weights.size)), replicates, first, weight.size)
    cube[...], weight[...] = room[:, : weight.size], weights[: weight.size]
