"""Ratios of interleaved samples: the median, its interval, and what noise does to them."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.bench.timing import interleaved, interval_of_median, quantile, repeats_for, summary

pytestmark = pytest.mark.unit


class Clock:
    """A clock that only work moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """What time it is."""
        return self.now

    def work(self, *seconds: float):
        """Work that takes these seconds in turn, over and over."""
        k = -1

        def run() -> None:
            nonlocal k
            k += 1
            self.now += seconds[k % len(seconds)]

        return run


def test_quantiles_are_numpys():
    """Quantiles have straight lines between the ordered values."""
    values = [3.0, 1.0, 10.0, 4.0, 7.5]
    for share in (0.0, 0.1, 0.25, 0.5, 0.77, 1.0):
        assert quantile(values, share) == pytest.approx(np.quantile(values, share))


@pytest.mark.parametrize(("n", "places"), [(2, (0, 1)), (5, (0, 4)), (6, (0, 5)), (9, (1, 7)), (15, (3, 11)), (25, (7, 17))])
def test_the_interval_is_that_of_the_sign_test(n, places):
    """The places in order are those of the tables of the sign test at 95%, and all values where there are fewer than six."""
    assert interval_of_median(list(range(n))) == places


def test_the_interval_covers():
    """Of 2,000 samples from a skewed law the interval holds the true median in 95% or more."""
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(2000):
        low, high = interval_of_median(list(rng.exponential(1.0, 15)))
        held += low <= np.log(2.0) <= high
    assert held / 2000 >= 0.95


def test_a_ratio_is_that_of_single_goes():
    """Candidate and baseline are repeated as often as a sample needs, and the ratio is per go."""
    clock = Clock()
    ratio = interleaved(clock.work(0.003), clock.work(0.0005), 7, least=0.05, clock=clock)
    assert ratio.median == pytest.approx(6.0)
    assert (ratio.candidate, ratio.baseline) == (pytest.approx(0.003), pytest.approx(0.0005))
    assert ratio.spread == pytest.approx(0.0, abs=1e-9)
    assert ratio.rounds == 7


def test_samples_are_long_enough():
    """Work is repeated until a sample takes the least time, and once where it is longer than that."""
    clock = Clock()
    assert repeats_for(clock.work(0.004), 0.05, clock) == 13
    assert repeats_for(clock.work(0.2), 0.05, clock) == 1


def test_candidate_and_baseline_take_turns():
    """After warming up the order is candidate, baseline, candidate, baseline …"""
    order: list[str] = []
    clock = Clock()

    def named(name: str):
        def run() -> None:
            order.append(name)
            clock.now += 1.0

        return run

    interleaved(named("a"), named("b"), 3, least=0.5, clock=clock)
    assert order == ["a", "a", "b", "b", *"ababab"]


def test_a_slow_spell_hardly_moves_the_median():
    """A third of the rounds at a fifth of the speed, hitting one side only, leaves the median where it was."""
    ratios = [2.0, 2.01, 1.99, 2.02, 10.0, 9.5, 1.98, 2.0, 0.4]
    found = summary(ratios, ratios, [1.0] * 9)
    assert found.median == 2.0
    assert found.low <= 2.0 <= found.high
