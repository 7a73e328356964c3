"""Ratios of times in one process: candidate and baseline take turns, and the median of the rounds' ratios stands for both.

Seconds say more about the machine than about the program. A ratio of two samples taken one after the other says less about it,
and the median of many such ratios hardly anything. Work on one thread is measured in processor time, which does not run while
another program has the processor; work on several threads, files and commands by the wall clock.

The interval around the median needs no distribution: of n independent rounds the k-th smallest and the k-th largest ratio hold
the true median between them with a chance that the binomial law gives (the interval that belongs to the sign test).
"""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

Work = Callable[[], object]
Clock = Callable[[], float]

#: Least seconds of one sample, and the chance that the interval holds the true median.
LEAST_SAMPLE, LEVEL = 0.05, 0.95


@dataclass(frozen=True)
class Ratio:
    """Median of candidate over baseline, its interval and quartiles; `candidate` and `baseline` are median seconds of one go."""

    median: float
    low: float
    high: float
    lower_quartile: float
    upper_quartile: float
    rounds: int
    candidate: float
    baseline: float

    @property
    def spread(self) -> float:
        """Half the distance of the quartiles over the median."""
        return 0.5 * (self.upper_quartile - self.lower_quartile) / self.median


@contextmanager
def without_collection() -> Iterator[None]:
    """No garbage is collected while something is timed."""
    was = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def quantile(values: Sequence[float], share: float) -> float:
    """Quantile with straight lines between the ordered values."""
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    below = math.floor(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])


def interval_of_median(values: Sequence[float], level: float = LEVEL) -> tuple[float, float]:
    """The narrowest pair of ordered values, equally far from both ends, that holds the median with chance `level` or more.

    With fewer than six values no pair does for 95%: the least and the greatest are given then.
    """
    ordered, n = sorted(values), len(values)
    tail, k = 0.0, 0
    while k < (n - 1) // 2:
        tail += math.comb(n, k) * 0.5**n
        if 2.0 * tail > 1.0 - level:
            break
        k += 1
    k = max(k - 1, 0)
    return ordered[k], ordered[n - 1 - k]


def summary(ratios: Sequence[float], candidate: Sequence[float], baseline: Sequence[float]) -> Ratio:
    """The rounds as one Ratio."""
    low, high = interval_of_median(ratios)
    return Ratio(
        quantile(ratios, 0.5), low, high, quantile(ratios, 0.25), quantile(ratios, 0.75), len(ratios),
        quantile(candidate, 0.5), quantile(baseline, 0.5),
    )  # fmt: skip


def repeats_for(work: Work, least: float, clock: Clock) -> int:
    """How often `work` must be done for a sample of `least` seconds; doing it here warms it as well."""
    work()
    began = clock()
    work()
    once = clock() - began
    return max(1, math.ceil(least / max(once, 1e-9)))


def seconds_of(work: Work, repeats: int, clock: Clock) -> float:
    """Seconds of one go, from `repeats` of them."""
    began = clock()
    for _ in range(repeats):
        work()
    return (clock() - began) / repeats


def interleaved(
    candidate: Work, baseline: Work, rounds: int, *, least: float = LEAST_SAMPLE, clock: Clock = time.thread_time
) -> Ratio:
    """Candidate and baseline in turns: `rounds` pairs of samples of at least `least` seconds each.

    `clock` time.thread_time for work of one thread, time.perf_counter for all other work.
    """
    often, seldom = repeats_for(candidate, least, clock), repeats_for(baseline, least, clock)
    mine, theirs = [], []
    with without_collection():
        for _ in range(rounds):
            mine.append(seconds_of(candidate, often, clock))
            theirs.append(seconds_of(baseline, seldom, clock))
    return summary([a / b for a, b in zip(mine, theirs, strict=True)], mine, theirs)
