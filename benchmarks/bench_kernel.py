"""Drawing and living futures, against numpy's normals, the same model in numpy, and the same model in plain Python."""

from __future__ import annotations

import pytest

from stresstest.bench.setting import FUTURES, LOOP_FUTURES, in_threads, kernel, loop, normals, twin

WHOLE = f"{FUTURES:,} futures drawn and lived, one thread"
FEW = f"{LOOP_FUTURES} futures drawn and lived"
LEVERS = f"{FUTURES:,} futures, honest and under eight levers"
THREADS = f"twice {FUTURES:,} futures"


def test_kernel(timed, setting):
    """A whole row of outcomes for each future under honest work."""
    timed(WHOLE, kernel(setting.honest))


def test_numpy_normals(timed, setting):
    """As many standard normals from SFC64, a block at a time: what drawing alone would take."""
    timed(WHOLE, normals(setting.normals))


def test_numpy_twin(timed, setting):
    """The same model in numpy, vectorised over futures, draws included."""
    timed(WHOLE, twin(setting.honest, FUTURES), 5)


def test_kernel_on_few(timed, setting):
    """A few futures, which take a whole block."""
    timed(FEW, kernel(setting.honest, LOOP_FUTURES))


def test_python_loop(timed, setting):
    """The same model as a plain Python loop, draws included."""
    timed(FEW, loop(setting.honest), 5)


@pytest.mark.parametrize("strategies", ["honest", "gamed"])
def test_levers(timed, setting, strategies):
    """Honest work alone, and with eight counterfactuals on the same draws."""
    timed(LEVERS, kernel(getattr(setting, strategies)))


@pytest.mark.parametrize("threads", [1, 2])
def test_threads(timed, setting, threads):
    """The same futures in one thread and in two."""
    halves = [kernel(setting.honest), kernel(setting.honest)]
    timed(THREADS, in_threads(halves) if threads == 2 else lambda: [half() for half in halves])
