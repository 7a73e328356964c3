"""The generator against its published vectors, and its draws against what chance should look like."""

from __future__ import annotations

import math

import numpy as np
import pytest
from padded_rows import fill_stream

from stresstest._jit import rule
from stresstest._lanes import rotate_words
from stresstest.futures.streams import stream_key, threefry, threefry_twice, unit

pytestmark = pytest.mark.unit

# Known answers of Threefry with four 32-bit words and 20 rounds, as published with the generator
# (Salmon, Moraes, Dror and Shaw, SC11; Random123, file kat_vectors): counter, key, result.
VECTORS = [
    ("00000000 " * 4, "00000000 " * 4, "9c6ca96a e17eae66 fc10ecd4 5256a7d8"),
    ("ffffffff " * 4, "ffffffff " * 4, "2a881696 57012287 f6c7446e a16a6732"),
    (
        "243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0 082efa98 ec4e6c89",
        "59cd1dbb b8879579 86b5d00c ac8b6d84",
    ),
]  # fmt: skip
N = 4096


def words(text):
    """Hexadecimal words as the generator takes them."""
    return [np.uint64(int(word, 16)) for word in text.split()]


@rule
def turned(word, left):
    """The word rotated left."""
    return rotate_words(word, left)


def draws(name, slots=8, n=N, first=1, seed=2018):
    """cube[slots, n] of one stream."""
    cube = np.zeros((slots, n))
    fill_stream(cube, 0, slots, np.array(stream_key(seed, name), dtype=np.uint64), first)
    return cube


@pytest.mark.parametrize(("counter", "key", "result"), VECTORS)
def test_known_answers(counter, key, result):
    """The three published vectors come out word for word."""
    assert [int(w) for w in threefry(*words(counter), *words(key))] == [int(w) for w in words(result)]


@pytest.mark.parametrize(("counter", "key", "result"), VECTORS)
def test_known_answers_two_at_once(counter, key, result):
    """Side by side with another counter the published vectors come out too, on either side."""
    low, high, *rest = words(counter)
    own, other = [int(w) for w in words(result)], threefry(low, np.uint64(77), *rest, *words(key))
    found = [int(w) for w in threefry_twice(low, high, low, np.uint64(77), *rest, *words(key))]
    assert found == own + [int(w) for w in other]
    found = [int(w) for w in threefry_twice(low, np.uint64(77), low, high, *rest, *words(key))]
    assert found[4:] == own


@pytest.mark.parametrize("bit", [0, 17, 31])
def test_one_bit_of_the_counter_changes_half_of_the_result(bit):
    """Flipping one bit of the address flips about half of the 128 bits that come out."""
    zero = words("00000000 " * 4)
    flipped = threefry(np.uint64(1 << bit), *zero[1:], *zero)
    changed = sum((int(a) ^ int(b)).bit_count() for a, b in zip(threefry(*zero, *zero), flipped, strict=True))
    assert 40 <= changed <= 88


def test_rotation_is_circular():
    """Rotating a 32-bit word by k and by 32 − k gives it back."""
    word = np.uint64(0x89ABCDEF)
    for k in (1, 13, 31):
        assert int(turned(turned(word, np.uint64(k)), np.uint64(32 - k))) == int(word)
    assert int(turned(word, np.uint64(4))) == 0x9ABCDEF8


def test_units_lie_inside_the_unit_interval():
    """The smallest and the largest word give the middles of the outermost cells, never 0 and never 1."""
    assert unit(np.uint64(0)) == 2.0**-33
    assert unit(np.uint64(0xFFFFFFFF)) == 1.0 - 2.0**-33


def test_keys_hold_seed_stream_and_place():
    """A key changes with the seed (both halves of it), with the stream's name and with the place, and with nothing else."""
    base = stream_key(7, "noise/need", "dudley")
    assert base == stream_key(7, "noise/need", "dudley")
    others = {stream_key(8, "noise/need", "dudley"), stream_key(7 + (1 << 32), "noise/need", "dudley"),
              stream_key(7, "noise/list", "dudley"), stream_key(7, "noise/need", "torbay")}  # fmt: skip
    assert len(others | {base}) == 5
    assert all(0 <= word < 1 << 32 for word in base)


@pytest.mark.parametrize("name", ["noise/need", "axis/economy/crisis", "once/opening_gap"])
def test_moments_of_uniforms(name):
    """Mean, variance and the lowest and highest tenth of 32,768 draws are a uniform's, within five standard errors."""
    u = draws(name).ravel()
    error = 1.0 / math.sqrt(u.size)
    assert u.mean() == pytest.approx(0.5, abs=5 * error / math.sqrt(12))
    assert u.var() == pytest.approx(1 / 12, abs=5 * error / math.sqrt(180))
    for part in ((u < 0.1).mean(), (u > 0.9).mean()):
        assert part == pytest.approx(0.1, abs=5 * error * 0.3)


def test_no_correlation_between_slots_futures_or_streams():
    """Neighbouring slots, neighbouring futures, streams and seeds are uncorrelated, within five standard errors."""
    a, b, c = draws("noise/need"), draws("noise/list"), draws("noise/need", seed=2019)
    pairs = [(a[0], b[0]), (a[0], c[0]), (a[0, :-1], a[0, 1:])] + [(a[k], a[k + 1]) for k in range(7)]
    for x, y in pairs:
        assert abs(np.corrcoef(x, y)[0, 1]) < 5 / math.sqrt(N)


def test_no_draw_comes_twice():
    """In 32,768 draws of 32-bit numbers hardly any value comes twice, and no future repeats another."""
    cube = draws("noise/need")
    assert np.unique(cube).size > cube.size - 5
    assert np.unique(cube, axis=1).shape[1] == N


@pytest.mark.parametrize("slots", [1, 2, 3, 4, 5, 15])
def test_a_slot_does_not_depend_on_how_many_there_are(slots):
    """The first slots of a long stream are those of a short one."""
    np.testing.assert_array_equal(draws("noise/pay", slots, 32), draws("noise/pay", 30, 32)[:slots])


def test_futures_beyond_32_bits_are_new_ones():
    """The high half of a future's number counts: future 2³² + 1 is not future 1."""
    assert not np.any(draws("noise/pay", 4, 8, first=1) == draws("noise/pay", 4, 8, first=(1 << 32) + 1))
