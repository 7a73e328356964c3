"""Direction numbers against scipy's, order of points, and the scramble's algebra."""

from __future__ import annotations

import numpy as np
import pytest
from padded_rows import net_points_of
from scipy.stats import kstest, qmc

from stresstest.futures.nets import odd, scramble
from stresstest.futures.streams import stream_key
from stresstest.sampling.nets import direction_numbers, plain_points, tables_of

pytestmark = pytest.mark.unit

ROWS = 6
KEYS = np.array([stream_key(3, f"s{k}") for k in range(ROWS)], dtype=np.uint64)
SLOTS, OFFSETS = np.ones(ROWS, dtype=np.int64), np.arange(ROWS, dtype=np.int64)


def unscrambled(n, dimensions):
    """The first n points of the plain net, with shift 0: cube[dimensions, n] as 32-bit numbers."""
    numbers = direction_numbers()[:dimensions]
    cube = np.zeros((dimensions, n))
    net_points_of(cube, tables_of(numbers[None], np.zeros((1, dimensions), dtype=np.uint64)), 1)
    return np.floor(cube * 2.0**32).astype(np.uint64)


def scrambled_nets(nets, dimensions=ROWS):
    """(numbers, shifts) of scrambled nets over the first dimensions."""
    numbers, shifts = np.zeros((nets, dimensions, 32), dtype=np.uint64), np.zeros((nets, dimensions), dtype=np.uint64)
    scramble(numbers, shifts, direction_numbers()[:dimensions], KEYS[:dimensions], SLOTS[:dimensions], OFFSETS[:dimensions])
    return numbers, shifts


def test_direction_numbers_are_scipys():
    """For all dimensions and the first nineteen digits: point 2^(b + 1) − 1 of scipy's net is direction number b alone."""
    numbers = direction_numbers()
    engine, at = qmc.Sobol(len(numbers), scramble=False, bits=32), 0
    for b in range(19):
        if (1 << (b + 1)) - 1 > at:
            engine.fast_forward((1 << (b + 1)) - 1 - at)
        point = engine.random(1)[0]
        at = 1 << (b + 1)
        np.testing.assert_array_equal(numbers[:, b], np.round(point * 2.0**32).astype(np.uint64), err_msg=str(b))


def test_direction_numbers_are_digits_of_an_odd_number():
    """Every direction number b has digit b + 1 set and none after it, in all 1,280 dimensions."""
    numbers = direction_numbers()
    assert numbers.shape == (1280, 32)
    for b in range(32):
        assert np.all(numbers[:, b] % np.uint64(1 << (31 - b)) == 0)
        assert np.all((numbers[:, b] >> np.uint64(31 - b)) % np.uint64(2) == 1)
        assert np.all(numbers[:, b] < np.uint64(1 << 32))


def test_points_come_in_the_order_of_scipys():
    """Unscrambled, the first 512 points of 200 dimensions are scipy's, one by one (Gray code order)."""
    theirs = qmc.Sobol(200, scramble=False, bits=32).random(512).T
    np.testing.assert_array_equal(unscrambled(512, 200), np.round(theirs * 2.0**32).astype(np.uint64))


@pytest.mark.parametrize("word", [0, 1, 0b1011, 0xFFFFFFFF, 0x80000001, 0x89ABCDEF])
def test_odd_counts_ones(word):
    """1 where a word has an odd number of ones."""
    assert int(odd(np.uint64(word))) == word.bit_count() % 2


def test_a_scramble_keeps_digits_triangular():
    """A scrambled direction number keeps digit b + 1 and changes only what comes after it, differently by net and by stream."""
    numbers, shifts = scrambled_nets(4)
    plain = direction_numbers()[:ROWS]
    for b in range(32):
        top = np.uint64(32 - b)
        np.testing.assert_array_equal(numbers[:, 0, b] >> top << top, 0 * numbers[:, 0, b])
        assert np.all((numbers[:, :, b] >> np.uint64(31 - b)) & np.uint64(1) == 1) if b == 0 else True
    assert np.unique(shifts).size == shifts.size
    assert np.mean(numbers[:, :, :20] == plain[None, :, :20]) < 0.2
    assert not np.array_equal(numbers[0], numbers[1])


def test_a_scramble_is_linear():
    """The scrambled exclusive or of two words is the exclusive or of the scrambled words."""
    plain = direction_numbers()[:1].copy()
    plain[0, 2] = plain[0, 0] ^ plain[0, 1]
    numbers, shifts = np.zeros((1, 1, 32), dtype=np.uint64), np.zeros((1, 1), dtype=np.uint64)
    scramble(numbers, shifts, plain, KEYS[:1], SLOTS[:1], OFFSETS[:1])
    assert int(numbers[0, 0, 2]) == int(numbers[0, 0, 0] ^ numbers[0, 0, 1])


def test_one_point_is_uniform_over_replicates():
    """Any one point, over 2,000 replicates, is uniform in every dimension: a mean over a net is unbiased."""
    nets = scrambled_nets(2000, 2)
    cube = np.zeros((2, 6000))
    net_points_of(cube, tables_of(*nets), 1)
    for row in cube:
        for q in range(3):
            assert kstest(row[2000 * q : 2000 * (q + 1)], "uniform").pvalue > 1e-4
    assert abs(np.corrcoef(cube[0, :2000], cube[1, :2000])[0, 1]) < 4 / np.sqrt(2000)


@pytest.mark.parametrize("nets", [1, 2, 3, 6, 8, 16, 20, 32])
def test_points_are_those_of_the_digits(nets):
    """Whatever the number of nets, x is the exclusive or of the direction numbers of the Gray code's digits and of the shift."""
    numbers, shifts = scrambled_nets(nets)
    cube = np.zeros((ROWS, 200))
    net_points_of(cube, tables_of(numbers, shifts), 1)
    for i in range(200):
        q, net = divmod(i, nets)
        expected = shifts[net].copy()
        for b in range(8):
            if (q ^ (q >> 1)) >> b & 1:
                expected ^= numbers[net, :, b]
        np.testing.assert_array_equal(cube[:, i], (expected + 0.5) / 2.0**32)


@pytest.mark.parametrize("nets", [1, 3, 6, 16, 20])
def test_pieces_of_a_net_join(nets):
    """Points from any future on are those of the whole."""
    tables = tables_of(*scrambled_nets(nets))
    whole = np.zeros((ROWS, 101))
    net_points_of(whole, tables, 0)
    for first, n in ((0, 1), (1, 1), (2, 30), (5, 2), (59, 42)):
        piece = np.zeros((ROWS, n))
        net_points_of(piece, tables, first)
        start = 1 if first == 0 else 0
        np.testing.assert_array_equal(piece[:, start:], whole[:, first + start : first + n])


def test_the_last_points_of_a_long_net_are_drawn():
    """Point numbers near 2^31 use the high direction numbers and stay inside the unit interval."""
    nets = scrambled_nets(1)
    cube = np.zeros((ROWS, 4))
    net_points_of(cube, tables_of(*nets), (1 << 31) + 1)
    assert np.unique(cube).size == cube.size
    assert 0.0 < cube.min() < cube.max() < 1.0


@pytest.mark.parametrize(("dimensions", "count"), [(1, 1), (3, 2), (23, 96), (23, 1000)])
def test_plain_points_are_the_published_ones(dimensions, count):
    """Unscrambled points are scipy's to the last bit, at counts that are no powers of two as well."""
    whole = qmc.Sobol(dimensions, scramble=False).random(1 << max(1, (count - 1).bit_length()))
    np.testing.assert_array_equal(plain_points(dimensions, count), whole[:count])
