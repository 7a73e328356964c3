"""What the benchmarks share: Dudley's contract, ready and compiled, and groups in which candidate and baseline stand together.

    pytest benchmarks/bench_*.py --benchmark-only -p no:cacheprovider

Each group has its baseline in the same process: read the column in brackets (how many times the fastest of the group), not the
seconds. `stresstest bench` measures the same things in turns and judges them; see docs/benchmarks.md.
"""

from __future__ import annotations

import time

import pytest

from stresstest.bench.setting import Setting, kernel

ROUNDS = 9


@pytest.fixture(scope="session")
def setting() -> Setting:
    """Dudley's shipped contract with the kernel compiled, or loaded from the cache."""
    ready = Setting()
    began = time.perf_counter()
    kernel(ready.honest, 64)()
    print(f"\nfirst call of the kernel (compile, or load from the cache): {time.perf_counter() - began:.1f} s")
    return ready


@pytest.fixture
def timed(benchmark):
    """Time work in a group: timed(group, work, rounds); `warm` does it once before."""

    def run(group: str, work, rounds: int = ROUNDS, warm: bool = True) -> None:
        benchmark.group = group
        benchmark.pedantic(work, rounds=rounds, warmup_rounds=int(warm))

    return run
