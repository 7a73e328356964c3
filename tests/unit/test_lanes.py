"""Sixteen futures at once give what each would give alone."""

from __future__ import annotations

import numpy as np
import pytest
from numba.core.errors import TypingError

from stresstest import _single
from stresstest._jit import kernel, rule
from stresstest._lanes import (
    LANES,
    add_words,
    blank,
    block_of,
    counted_words,
    floor_of,
    groups,
    number_of_words,
    numbered,
    one_of,
    pick,
    root,
    rotate_words,
    rows_of,
    somewhere,
    width_of,
    with_one,
    words_of,
)  # fmt: skip
from stresstest.layout import BLOCK

pytestmark = pytest.mark.unit

OUTPUTS = 19


@kernel
def emptied(block, plain, first, count):
    """blank on a block's view and on a plain array."""
    blank(block_of(block), first, count, 1)
    blank(plain, first, count, plain.shape[1])


@kernel
def taken(block, out):
    """Rows of a block, and of a part of it, by the view that knows where they lie."""
    rows, into = block_of(block), rows_of(out)
    for t in range(block.shape[0]):
        year = rows[t]
        for k in range(block.shape[1]):
            for i in range(groups(out.shape[2])):
                into[t, k, i] = year[k, i] + rows[t, k, i]


@rule
def operations(a, b, k):
    """One result of every operation, by its number."""
    yes = (a < b) & (a <= b) | (a == b)
    results = (
        a + b, a - b, a * b, a / b, -a, abs(a), min(a, b), max(a, b), pick(yes, a, b), pick(a > b, 1.0, b), pick(a >= 0.5, a, 2),
        pick(a != b, 1.0, 0.0), root(a), floor_of(a), 1.0 - a, 2 * a, min(1.0, b), max(0, a), pick((a > 0.0) & (b > 0.0), a, 0.0),
    )  # fmt: skip
    return results[k]


@rule
def each(a, b, out):
    """Every operation on rows of groups."""
    one, two, into = rows_of(a), rows_of(b), rows_of(out)
    for i in range(groups(a.shape[0])):
        for k in range(OUTPUTS):
            into[k, i] = operations(one[i], two[i], k)


@kernel
def at_once(a, b, out):
    """As `each`, from Python."""
    each(a, b, out)


@kernel
def alone(a, b, out):
    """Every operation on single numbers."""
    for i in range(a.shape[0]):
        for k in range(OUTPUTS):
            out[k, i] = operations(a[i], b[i], k)


def pairs():
    """All pairs of special and ordinary numbers, padded to whole groups."""
    values = np.array([0.0, -0.0, 1.0, -1.5, 0.5, 1e-310, 1e300, -1e300, np.inf, -np.inf, np.nan, 3.7, -3.2, 2.0**52, 1.0 / 3.0])
    a, b = (x.ravel() for x in np.meshgrid(values, values))
    room = -a.size % 16
    return np.append(a, np.ones(room)), np.append(b, np.ones(room))


def test_every_operation_is_the_same_bits():
    """Sums, comparisons, choices and roots agree with single numbers on zeros, infinities, NaN and ordinary values."""
    a, b = pairs()
    many, single = np.zeros((OUTPUTS, a.size)), np.zeros((OUTPUTS, a.size))
    at_once(a, b, many)
    alone(a, b, single)
    same = (many.view(np.uint64) == single.view(np.uint64)) | (np.isnan(many) & np.isnan(single))
    assert same.all(), np.argwhere(~same)[:5]


@rule
def lane_by_lane(x, out):
    """Count up in every lane whose number is negative; note whether there is one, the width, and the futures' numbers."""
    rows, into = rows_of(x), rows_of(out)
    for i in range(groups(x.shape[0])):
        value = rows[i]
        into[1, i] = 1.0 if somewhere(value < 0.0) else 0.0
        for lane in range(width_of(value)):
            if one_of(value, lane) < 0.0:
                value = with_one(value, lane, one_of(value, lane) - 1.0)
        into[0, i], into[2, i] = value, numbered(7 + LANES * i)


@kernel
def lanes_from_python(x, out):
    """As `lane_by_lane`, from Python."""
    lane_by_lane(x, out)


def test_single_lanes_can_be_read_and_replaced():
    """A lane is changed and its neighbours are not; a group without a negative number says so."""
    x, out = np.arange(48.0), np.zeros((3, 48))
    x[[3, 20]] = -5.0
    lanes_from_python(x, out)
    np.testing.assert_array_equal(out[0], np.where(x < 0.0, x - 1.0, x))
    groups_hit = [float((x[i - i % LANES : i - i % LANES + LANES] < 0.0).any()) for i in range(48)]
    assert out[1].tolist() == groups_hit
    np.testing.assert_array_equal(out[2], 7.0 + np.arange(48))


@rule
def mix(first, out):
    """Words of the futures' numbers, added and rotated."""
    into = rows_of(out)
    for i in range(groups(out.shape[1])):
        low, high = counted_words(first + LANES * i)
        into[0, i] = number_of_words(rotate_words(add_words(low, words_of(0xFFFFFFF0)), words_of(13)) ^ high)


@kernel
def mixed(first, out):
    """As `mix`, from Python."""
    mix(first, out)


@pytest.mark.parametrize("first", [0, 5, (1 << 32) - 20, (1 << 40) + 3])
def test_words_are_those_of_32_bits(first):
    """Sums run over at 2³², rotations stay inside, and a number's high word follows its low one across 2³²."""
    out = np.zeros((1, 48))
    mixed(first, out)
    expected = []
    for number in range(first, first + 48):
        low, high = (int(word) for word in _single.counted_words(number))
        total = (low + 0xFFFFFFF0) & 0xFFFFFFFF
        expected.append(float((((total << 13) | (total >> 19)) & 0xFFFFFFFF) ^ high))
    assert out[0].tolist() == expected


def test_rows_of_a_block_lie_where_they_lie():
    """A view that knows the width of a block reads the same numbers; it takes no other width, and whole arrays only."""
    block = np.arange(3.0 * 5 * BLOCK).reshape(3, 5, BLOCK)
    out = np.empty((3, 5, BLOCK))
    taken(block, out)
    np.testing.assert_array_equal(out, 2.0 * block)
    with pytest.raises(ValueError, match=f"hold {BLOCK} futures"):
        taken(np.zeros((3, 5, BLOCK // 2)), out)
    with pytest.raises(TypingError):
        taken(block[:, ::2], out)


def test_blank_rows_and_no_others():
    """Rows are set to 0 in a block and in a plain array; their neighbours stay."""
    block, plain = np.ones((6, BLOCK)), np.ones((6, 3))
    emptied(block, plain, 2, 3)
    for array in (block, plain):
        np.testing.assert_array_equal(array.any(axis=1), [True, True, False, False, False, True])
        assert array[[0, 1, 5]].all()
    _single.blank(plain, 0, 1, 2)
    np.testing.assert_array_equal(plain[0], [0.0, 0.0, 1.0])
