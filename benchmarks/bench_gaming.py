"""A search for the best levels of levers, against the kernel for as many strategies and futures."""

from __future__ import annotations

from stresstest.bench.setting import kernel, search

GROUP = "a search over three levers"


def test_search(timed, setting):
    """Sweeps along effort, efficiency and prevention."""
    work, _, _ = search(setting.study)
    timed(GROUP, work, 5)


def test_kernel_for_as_many_lives(timed, setting):
    """One strategy at a time on as many futures, as often as the search tried one."""
    _, strategies, futures = search(setting.study)
    one = kernel(setting.honest, futures)
    timed(GROUP, lambda: [one() for _ in range(strategies)], 5)
