"""The keyed permutations of Latin hypercubes, and what happens beyond their last point."""

from __future__ import annotations

import numpy as np
import pytest
from padded_rows import fill_stream, latin_points_of, permute_all
from scipy.stats import chisquare

from stresstest.futures.latin import point_in, scatter
from stresstest.futures.plan import plan_design
from stresstest.futures.streams import stream_key, threefry
from stresstest.sampling.nets import hypercubes_of

pytestmark = pytest.mark.unit


def permutation(n, draw=0):
    """π(0) … π(n − 1) under the round keys of a draw."""
    half = 1
    while 4**half < n:
        half += 1
    key = [np.uint64(word) for word in stream_key(3, "a")]
    keys = tuple(np.uint64(word) for word in threefry(np.uint64(draw), np.uint64(0), np.uint64(0), np.uint64(7), *key))
    found = np.zeros(n, dtype=np.uint64)
    permute_all(found, np.uint64(n - 1), np.uint64(half), np.uint64((1 << half) - 1), keys)
    return found.astype(int).tolist()


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 16, 17, 63, 64, 65, 100, 256, 257, 1000, 1025])
def test_every_number_comes_once(n):
    """Whatever the number of points, powers of four and their neighbours included, it is a permutation."""
    assert sorted(permutation(n)) == list(range(n))


def test_small_permutations_come_equally_often():
    """All six permutations of three points come about equally often over 3,000 draws."""
    found = [tuple(permutation(3, draw)) for draw in range(3000)]
    counts = [found.count(order) for order in sorted(set(found))]
    assert len(counts) == 6
    assert chisquare(counts).pvalue > 1e-3


def test_each_place_takes_each_value_equally_often():
    """Over 4,000 draws of 20 points every point falls into every slice equally often, by chi-square at 1 in 10,000."""
    found = np.array([permutation(20, draw) for draw in range(4000)])
    worst = min(chisquare(np.bincount(column, minlength=20)).pvalue for column in found.T)
    assert worst > 1e-4 / 20


def test_neighbours_do_not_stay_neighbours():
    """The step from one point to the next is as long as chance makes it: a third of the range on average."""
    steps = np.abs(np.diff(permutation(1000))) / 1000
    assert steps.mean() == pytest.approx(1 / 3, abs=4 * np.sqrt(1 / 18 / 999))


@pytest.mark.parametrize("word", [0, 1, 2, 0x89ABCDEF, 0xFFFFFFFF])
def test_the_scatter_is_the_published_one(word):
    """Three folds and two multiplications of 32-bit words, worked out here with whole numbers."""
    x = word ^ (word >> 16)
    x = x * 0x7FEB352D % 2**32
    x ^= x >> 15
    x = x * 0x846CA68B % 2**32
    assert int(scatter(np.uint64(word))) == x ^ (x >> 16)


def test_the_scatter_loses_no_word():
    """Ten thousand words, high and low, scatter to as many."""
    words = [*range(5000), *range(2**32 - 5000, 2**32)]
    assert len({int(scatter(np.uint64(word))) for word in words}) == len(words)


def test_replicates_of_unequal_size_share_all_futures():
    """Seven futures in three replicates: hypercubes of three, two and two points, in every draw of a contract of one year."""
    plan = plan_design(3, "dudley", 1)
    cube = np.full((plan.dimensions, 7), 0.5)
    latin_points_of(cube, hypercubes_of(plan, 3)[1], 3, 7, 1)
    for row in cube:
        for r, points in ((0, 3), (1, 2), (2, 2)):
            assert sorted(np.floor(row[r::3] * points).astype(int)) == list(range(points))


@pytest.mark.parametrize("replicates", [1, 3, 16, 20])
def test_pieces_of_hypercubes_join(replicates):
    """Points from any future on are those of the whole; future 0 and those beyond the last keep the place they had."""
    plan = plan_design(3, "dudley", 1)
    table = hypercubes_of(plan, replicates)[1]
    inside = np.zeros((plan.dimensions, 130))
    fill_stream(inside, 0, 4, plan.keys[0], 0)
    whole = inside.copy()
    latin_points_of(whole, table, replicates, 121, 0)
    np.testing.assert_array_equal(whole[:, [0, *range(122, 130)]], inside[:, [0, *range(122, 130)]])
    for first, n in ((1, 1), (7, 40), (33, 16)):
        piece = inside[:, first : first + n].copy()
        latin_points_of(piece, table, replicates, 121, first)
        np.testing.assert_array_equal(piece, whole[:, first : first + n])


@pytest.mark.parametrize("points", [2.0, 8_388_608.0, 1e7, 2.0**31])
def test_the_last_point_of_the_last_slice_lies_inside(points):
    """However many slices there are, the largest draw in the last one does not round up to 1."""
    largest = (2.0**32 - 0.5) / 2.0**32
    assert 1.0 - 1.0 / points < point_in(np.uint64(points - 1.0), largest, points) < 1.0
    assert point_in(np.uint64(0), 1.0 - largest, points) > 0.0
