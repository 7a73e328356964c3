"""Independent points and mirrored pairs."""

from __future__ import annotations

import numpy as np
import pytest
from padded_rows import fill_stream, mirror_stream, random_points_of

from stresstest.futures.streams import stream_key

pytestmark = pytest.mark.unit

KEY = np.array(stream_key(5, "noise/need"), dtype=np.uint64)


def filled(fill, first, n, slots=5):
    """cube[slots, n] by one of the two ways."""
    cube = np.zeros((slots, n))
    fill(cube, 0, slots, KEY, first)
    return cube


def test_pairs_are_mirrors_wherever_a_piece_begins():
    """Futures 2k − 1 and 2k add to 1 in every slot, also where a piece begins with the second of a pair."""
    whole = filled(mirror_stream, 1, 40)
    np.testing.assert_array_equal(whole[:, 0::2] + whole[:, 1::2], 1.0)
    for first in (1, 2, 3, 10, 11):
        np.testing.assert_array_equal(filled(mirror_stream, first, 20), whole[:, first - 1 : first + 19])


def test_the_first_of_each_pair_is_the_plain_draw():
    """Odd futures are those of the design without pairs, and the central case is nobody's twin."""
    np.testing.assert_array_equal(filled(mirror_stream, 1, 40)[:, 0::2], filled(fill_stream, 1, 40)[:, 0::2])
    np.testing.assert_array_equal(filled(mirror_stream, 0, 1), filled(fill_stream, 0, 1))


def test_mirrored_uniforms_stay_inside_the_unit_interval():
    """A mirrored uniform is never 0 and never 1."""
    cube = filled(mirror_stream, 1, 4000)
    assert 0.0 < cube.min() < cube.max() < 1.0


@pytest.mark.parametrize("pairs", [False, True])
def test_streams_fill_their_own_rows(pairs):
    """Each stream fills its rows from its own key, and no other's."""
    keys = np.array([stream_key(5, name) for name in ("a", "b")], dtype=np.uint64)
    cube = np.zeros((5, 30))
    random_points_of(cube, keys, np.array([2, 3]), np.array([0, 2]), pairs, 1)
    own = np.zeros((3, 30))
    (mirror_stream if pairs else fill_stream)(own, 0, 3, keys[1], 1)
    np.testing.assert_array_equal(cube[2:], own)
    assert np.unique(cube[:2, :1]).size == 2


@pytest.mark.parametrize("pairs", [False, True])
def test_streams_that_nobody_reads_are_left_alone(pairs):
    """A stream that is not read keeps what stood there, and the others are drawn as ever."""
    keys = np.array([stream_key(5, name) for name in ("a", "b", "c")], dtype=np.uint64)
    slots, offsets = np.array([2, 3, 1]), np.array([0, 2, 5])
    every, some = np.zeros((6, 30)), np.full((6, 30), 0.25)
    random_points_of(every, keys, slots, offsets, pairs, 1)
    random_points_of(some, keys, slots, offsets, pairs, 1, np.array([True, False, True]))
    np.testing.assert_array_equal(some[2:5], 0.25)
    np.testing.assert_array_equal(some[[0, 1, 5]], every[[0, 1, 5]])


def test_pairs_hold_beyond_32_bits():
    """A twin is found across the edge where the second word of a future's number begins to count."""
    edge = (1 << 32) - 5
    pairs, plain = filled(mirror_stream, edge, 12), filled(fill_stream, edge, 12)
    for i in range(12):
        even = (edge + i) % 2 == 0
        np.testing.assert_array_equal(pairs[:, i], plain[:, i] if not even else pairs[:, i])
        if even and i > 0:
            np.testing.assert_array_equal(pairs[:, i], 1.0 - plain[:, i - 1])
