"""The hot loop against a baseline in the same process: `pytest benchmarks --benchmark-only -p no:cacheprovider`.

Read the ratio of medians, not the seconds: these machines are noisy. The kernel is compiled before anything is timed;
compile time is printed apart.
"""

from __future__ import annotations

import time

import numpy as np
import pytest

from stresstest.analysis.evaluate import simulate
from stresstest.config.load import load_study
from stresstest.strategy import Strategy

FUTURES = 8192
STRATEGY = Strategy("honest", {"effort": 1.0, "efficiency": 1.0})


@pytest.fixture(scope="module")
def inputs():
    """Dudley's contract, compiled and ready."""
    study = load_study("dudley")
    ready = study.kernel_inputs(study.scenarios[0], (STRATEGY,))
    began = time.perf_counter()
    simulate(ready, 0, 8)
    print(f"\nfirst call (compile, or load from the cache): {time.perf_counter() - began:.1f} s")
    return ready


def test_kernel(benchmark, inputs):
    """15 years of draws, drivers, contract and solvency for one strategy."""
    benchmark.group = f"{FUTURES} futures, one thread"
    benchmark.pedantic(simulate, (inputs, 1, FUTURES), rounds=9, warmup_rounds=1)


def test_baseline_numpy_draws(benchmark, inputs):
    """The same number of uniforms as normals from numpy's SFC64: what any sampler must at least pay."""
    benchmark.group = f"{FUTURES} futures, one thread"
    generator = np.random.Generator(np.random.SFC64(1))
    benchmark.pedantic(generator.standard_normal, ((inputs.design[3], FUTURES),), rounds=9, warmup_rounds=1)
