"""One run, one set of bits: whatever the threads, processes and chunks; and compiled code says what plain Python says."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import stresstest
from stresstest.runner import run_study

pytestmark = pytest.mark.kernel

SOURCES = Path(stresstest.__file__).resolve().parents[1]
WAYS = [
    (backend, jobs, chunk)
    for backend, jobs in (("threading", 1), ("threading", 2), ("loky", 1), ("loky", 2), ("sequential", None))
    for chunk in (1_000, 50_000)
]
PLAIN = """
import sys
import numpy as np
from stresstest._jit import COMPILED
from stresstest.config.load import load_study
from stresstest.runner import simulate_chunk
from stresstest.strategy import Strategy
assert not COMPILED
study = load_study("dudley")
strategies = tuple(Strategy(name, levels) for name, levels in LEVELS)
out, yearly, nature = simulate_chunk(study.kernel_inputs(study.scenarios[0], strategies), 0, 24, True)
np.savez(sys.argv[1], out=out, yearly=yearly, nature=nature)
"""


@pytest.fixture(scope="module")
def small(dudley):
    """3,000 calibrated futures and 500 of a named scenario, the first 600 with their years."""
    scenarios = tuple(replace(s, futures=n) for s, n in zip(dudley.study.scenarios[:2], (3000, 500), strict=True))
    return replace(dudley.study, scenarios=scenarios, futures=3000, years_futures=600)


@pytest.fixture(scope="module")
def expected(small, honest, gamed, tmp_path_factory):
    """Results hash of the run in one thread and chunks of 2,048."""
    run = run_study(
        small, (honest, gamed), tmp_path_factory.mktemp("expected"), jobs=1, backend="sequential", chunk=2048
    )
    assert run.ok, [check for check in run.checks if not check.ok]
    return run.manifest["results_hash"], run.manifest["table_hashes"]


@pytest.mark.parametrize(("backend", "jobs", "chunk"), WAYS)
def test_one_results_hash(small, honest, gamed, expected, tmp_path, backend, jobs, chunk):
    """Back-end, number of workers and size of chunks leave no trace in the results."""
    run = run_study(small, (honest, gamed), tmp_path, jobs=jobs, backend=backend, chunk=chunk)
    assert (run.manifest["results_hash"], run.manifest["table_hashes"]) == expected
    assert run.manifest["backend"] == backend
    assert run.manifest["chunk"] == chunk


def test_another_seed_gives_another_hash(small, honest, gamed, expected, tmp_path):
    """The hash sees the numbers: another seed gives another one."""
    run = run_study(replace(small, seed=1), (honest, gamed), tmp_path, backend="sequential", chunk=2048)
    assert run.manifest["results_hash"] != expected[0]


def test_compiled_and_plain_python_agree(dudley, honest, gamed, tmp_path):
    """Without the compiler, 24 futures under two strategies come out the same to 1e-12, and end for the same reasons."""
    levels = [(s.name, s.levels) for s in (honest, gamed)]
    env = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(SOURCES)}
    path = tmp_path / "plain.npz"
    done = subprocess.run(
        [sys.executable, "-c", PLAIN.replace("LEVELS", repr(levels)), str(path)],
        env=env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    plain = np.load(path)
    compiled = dict(zip(("out", "yearly", "nature"), dudley.chunk(honest, gamed, n=24), strict=True))
    for name, values in compiled.items():
        # relative to the largest figure of the same row: a small surplus is the difference of two large sums
        scale = np.maximum(np.abs(values).max(axis=-1, keepdims=True), 1e-300)
        worst = (np.abs(plain[name] - values) / scale).max()
        assert worst <= 1e-12, f"{name}: {worst}"
    np.testing.assert_array_equal(plain["out"][:, -2:], compiled["out"][:, -2:])
