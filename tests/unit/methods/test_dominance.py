"""Stochastic dominance against closed forms, textbook examples, and the size of its test."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stresstest.futures.resampling import key_of, normals, uniforms
from stresstest.methods.dominance import (
    DOMINATED,
    DOMINATES,
    EQUAL,
    NEITHER,
    OPEN,
    Curves,
    batch_length,
    compared,
    thresholds,
    verdict,
)

pytestmark = pytest.mark.unit


def test_a_shifted_normal_dominates_to_first_order():
    """N(0.5, 1) dominates N(0, 1); the reverse is violated by 2Φ(1/4) − 1 at 1/4."""
    x, y = normals(key_of("dominance shift"), 2, 40_000)
    found = compared(np.array([x + 0.5, y]))
    assert found.verdict == DOMINATES
    assert found.reverse == pytest.approx(math.erf(0.25 / math.sqrt(2.0)), abs=0.012)
    assert found.reverse_at == pytest.approx(0.25, abs=0.35)
    assert found.mirrored.verdict == DOMINATED
    assert found.mirrored.mirrored == found


def test_a_narrower_normal_dominates_to_second_order_only():
    """N(0, 1) and N(0, 2²) cross, so neither leads to first order; the narrower dominates to second order."""
    x, y = normals(key_of("dominance spread"), 2, 40_000)
    assert compared(np.array([x, 2.0 * y])).verdict == NEITHER
    second = compared(np.array([x, 2.0 * y]), order=2)
    assert second.verdict == DOMINATES
    assert second.reverse == pytest.approx((2.0 - 1.0) / math.sqrt(2.0 * math.pi), abs=0.03)  # E(−Y)⁺ − E(−X)⁺ at 0


def test_exponentials():
    """An exponential of mean 2 dominates one of mean 1; largest gap of the distribution functions is 1/4, at 2 log 2."""
    u, v = uniforms(key_of("dominance exponential"), 2, 40_000)
    found = compared(np.array([-2.0 * np.log(u), -np.log(v)]))
    assert found.verdict == DOMINATES
    assert found.reverse == pytest.approx(0.25, abs=0.012)
    assert found.reverse_at == pytest.approx(2.0 * math.log(2.0), abs=0.25)


def test_hadar_and_russell():
    """A lottery and its mean-preserving spread: the curves cross to first order, and to second order the even one leads.

    X: 2 and 3 alike; Y: 1, 2, 3, 4 alike (Hadar and Russell 1969: ∫F_X ≤ ∫F_Y with equal means).
    """
    x, y = np.tile([2.0, 2.0, 3.0, 3.0], 500), np.tile([1.0, 2.0, 3.0, 4.0], 500)
    first, second = compared(np.array([x, y])), compared(np.array([x, y]), order=2)
    assert first.violation == first.reverse == 0.25
    assert second.violation == 0.0
    assert second.reverse == 0.25
    assert second.verdict == DOMINATES


def test_the_same_and_what_cannot_be_told():
    """An option against itself is the same, exactly; two samples of one law are not settled."""
    x, y = normals(key_of("dominance same"), 2, 2000)
    for order in (1, 2):
        itself = compared(np.array([x, x]), order=order)
        assert itself.verdict == EQUAL
        assert (itself.violation, itself.reverse, itself.error) == (0.0, 0.0, 0.0)
    assert compared(np.array([x, y])).verdict == OPEN
    assert verdict(0.1, 0.05, 0.1, 0.05) == NEITHER


def test_chance_alone_seldom_settles():
    """Of 200 pairs of samples of one law, about 1 in 20 are given a verdict (two sides at 2.5% each); here at most 18."""
    draws = normals(key_of("dominance size"), 400, 500)
    told = [compared(draws[2 * k : 2 * k + 2], points=np.linspace(-2.5, 2.5, 64)).verdict for k in range(200)]
    assert sum(one != OPEN for one in told) <= 18


def test_pairing_sees_what_two_samples_would_not():
    """Shifted by a hundredth of its spread in every future, an option dominates although the curves nearly coincide."""
    x = normals(key_of("dominance paired"), 1, 20_000)[0]
    found = compared(np.array([x + 0.01, x]))
    assert found.violation == 0.0
    assert found.verdict == DOMINATES


def test_weights_count_as_futures_would():
    """A future of weight 2 is two futures; pieces may be taken in any size."""
    x, y, w = np.array([1.0, 5.0, 3.0]), np.array([2.0, 2.0, 4.0]), np.array([2.0, 1.0, 1.0])
    heavy = compared(np.array([x, y]), w, batches=3)
    plain = compared(np.array([x[[0, 0, 1, 2]], y[[0, 0, 1, 2]]]), batches=4)
    assert (heavy.violation, heavy.reverse) == pytest.approx((plain.violation, plain.reverse))
    values = normals(key_of("dominance pieces"), 2, 1000)
    points, batch = thresholds(values), np.arange(1000) // batch_length(1000, 10)
    one, two = Curves(2, points, 10), Curves(2, points, 10)
    one.add(values, np.ones(1000), batch)
    for start in range(0, 1000, 300):
        cut = slice(start, start + 300)
        two.add(values[:, cut], np.ones(batch[cut].size), batch[cut])
    np.testing.assert_allclose(one.sums, two.sums, atol=1e-12)


def test_batches_keep_pairs_together():
    """A batch holds an even number of futures, or one."""
    assert batch_length(1000, 64) == 16
    assert batch_length(1001, 64) % 2 == 0
    assert batch_length(40, 64) == 1


@pytest.mark.parametrize("batches", [16, 64])
def test_chance_alone_seldom_settles_fine_curves(batches):
    """Of 120 pairs of one law with 2,000 futures and thresholds at every one of their values, about 1 in 20 are settled or fewer;
    here at most 10."""
    told = []
    for k in range(120):
        z = normals(key_of("dominance fine", k), 3, 2000)
        told.append(compared(np.array([z[0] + 0.2 * z[1], z[0] + 0.2 * z[2]]), batches=batches).verdict)
    assert sum(one != OPEN for one in told) <= 10


def test_a_small_crossing_in_a_tail_is_seen():
    """Better everywhere but in the worst 2%, where a third of futures are worse: beyond 4 errors, so the curves cross."""
    x, noise = normals(key_of("dominance tail"), 2, 8192)
    worse = (x < -2.05) & (noise > 0.4)
    found = compared(np.array([np.where(worse, x - 1.0, x + 0.3 * (x > -2.05)), x]))
    assert found.violation < 0.009
    assert found.clear > found.chance
    assert found.verdict == NEITHER
    assert found.mirrored.verdict == NEITHER


def test_one_batch_settles_nothing():
    """With a single batch there is no error to measure by."""
    assert compared(np.array([[2.0, 2.0], [1.0, 1.0]]), batches=1).verdict == OPEN
