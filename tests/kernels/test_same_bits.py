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
from stresstest.analysis.draws import draw
from stresstest.futures.design import Design, Tilt
from stresstest.futures.scenario import Consistency, Scenario
from stresstest.levers import GAMING
from stresstest.runner import run_study
from stresstest.strategy import Strategy

pytestmark = pytest.mark.kernel

SOURCES = Path(stresstest.__file__).resolve().parents[1]
WAYS = [
    (backend, jobs, chunk)
    for backend, jobs in (("threading", 1), ("threading", 2), ("loky", 1), ("loky", 2), ("sequential", None))
    for chunk in (1_000, 50_000)
]
DESIGNS = {
    "random": Design(),
    "antithetic": Design("random", antithetic=True),
    "lhs": Design("lhs", replicates=4),
    "sobol": Design("sobol", replicates=4),
    "stratified": Design("stratified"),
    "importance": Design("importance", replicates=4),
}
TILT = Tilt((("once/opening_gap", 0.8), ("once/policy", -0.3), ("noise/need[1]", 0.4)))
RULES = (Consistency((-1, -1, -1, 2, -1, 1), 2.5),)
RULED = Scenario("ruled", "with rules", 40, consistency=RULES)
PLAIN_DRAWS = """
import sys
from dataclasses import replace
import numpy as np
from stresstest._jit import COMPILED
from stresstest.analysis.draws import draw
from stresstest.config.load import load_study
from stresstest.futures.design import Design, Tilt
from stresstest.futures.scenario import Consistency, Scenario
assert not COMPILED
ruled = Scenario("ruled", "with rules", 40, consistency=RULES)
study = load_study("dudley")
study = replace(study, contract=replace(study.contract, years=2), law=replace(study.law, degrees=4))
found = {}
for name, design in DESIGNS.items():
    own = replace(study, design=design, tilts={"ruled": TILT} if name == "importance" else {})
    for part, values in vars(draw(own, ruled, 0, 12, variates=True)).items():
        found[f"{name} {part}"] = values
np.savez(sys.argv[1], **found)
"""
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

#: Before every year all rows of d that the year is said to write anew are made NaN: nobody may read them before.
POISONED = PLAIN.replace("study = ", """
from stresstest.kernel import respond
plainly = respond.clear_year
def poison(t, strategy, d, n):
    plainly(t, strategy, d, n)
    unused = ("world_progress", "record_indicator", "audit_indicator")
    for row in respond.WRITTEN:
        name = respond.L.DRIVERS[row]
        if d[row].any() or not name.startswith(unused):
            d[row] = np.nan
respond.clear_year = poison
study = """, 1)


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


@pytest.mark.parametrize("design", [name for name in DESIGNS if name != "random"])
@pytest.mark.parametrize(("backend", "jobs", "chunk"), [("threading", 2, 512), ("loky", 2, 700), ("sequential", None, 50_000)])
def test_one_results_hash_in_every_design(small, honest, tmp_path, design, backend, jobs, chunk):
    """Whatever the design, rules and weights included, back-end, workers and chunks leave no trace, and the run is sound."""
    scenarios = (replace(small.scenarios[0], futures=1500), replace(RULED, futures=700))
    tilts = {scenario.name: TILT for scenario in scenarios} if design == "importance" else {}
    own = replace(small, scenarios=scenarios, futures=1500, years_futures=300, design=DESIGNS[design], tilts=tilts)
    one = run_study(own, (honest,), tmp_path / "one", backend="sequential", chunk=256)
    other = run_study(own, (honest,), tmp_path / "other", jobs=jobs, backend=backend, chunk=chunk)
    assert one.ok, [check for check in one.checks if not check.ok]
    assert other.manifest["results_hash"] == one.manifest["results_hash"]
    assert one.manifest["design"]["kind"] == DESIGNS[design].kind


def test_another_design_gives_another_hash(small, honest, tmp_path):
    """Every design has futures of its own: six designs, six hashes."""
    found = set()
    for name, design in DESIGNS.items():
        own = replace(small, scenarios=(replace(small.scenarios[0], futures=300),), design=design, years_futures=0)
        found.add(run_study(own, (honest,), tmp_path / name, backend="sequential").manifest["results_hash"])
    # without a tilt both halves of importance sampling are plain, and still another set of points
    assert len(found) == len(DESIGNS)


def test_another_seed_gives_another_hash(small, honest, gamed, expected, tmp_path):
    """The hash sees the numbers: another seed gives another one."""
    run = run_study(replace(small, seed=1), (honest, gamed), tmp_path, backend="sequential", chunk=2048)
    assert run.manifest["results_hash"] != expected[0]


def plain_run(code, path):
    """What a fresh process without the compiler saves in `path`."""
    env = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(SOURCES)}
    done = subprocess.run([sys.executable, "-c", code, str(path)], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return np.load(path)


def test_compiled_and_plain_draws_agree(dudley, tmp_path):
    """Without the compiler every design draws the same futures to 1e-12, the uniforms among them to the last bit."""
    code = PLAIN_DRAWS.replace("DESIGNS", repr(DESIGNS)).replace("TILT", repr(TILT)).replace("RULES", repr(RULES))
    plain = plain_run(code, tmp_path / "draws.npz")
    study = replace(dudley.study, contract=replace(dudley.study.contract, years=2), law=replace(dudley.study.law, degrees=4))
    for name, design in DESIGNS.items():
        own = replace(study, design=design, tilts={"ruled": TILT} if name == "importance" else {})
        for part, values in vars(draw(own, RULED, 0, 12, variates=True)).items():
            np.testing.assert_allclose(plain[f"{name} {part}"], values, rtol=1e-12, atol=1e-13, err_msg=f"{name} {part}")
        if name not in ("stratified", "importance"):
            np.testing.assert_array_equal(plain[f"{name} noise"][:, 7:10], own_noise(own)[:, 7:10], err_msg=name)


def own_noise(study):
    """Yearly noise of the first futures of the ruled scenario."""
    return draw(study, RULED, 0, 12).noise


def test_compiled_and_plain_python_agree(dudley, honest, gamed, tmp_path):
    """Without the compiler, 24 futures under two strategies come out the same to 1e-12, and end for the same reasons."""
    levels = [(s.name, s.levels) for s in (honest, gamed)]
    plain = plain_run(PLAIN.replace("LEVELS", repr(levels)), tmp_path / "plain.npz")
    compiled = dict(zip(("out", "yearly", "nature"), dudley.chunk(honest, gamed, n=24), strict=True))
    for name, values in compiled.items():
        # relative to the largest figure of the same row: a small surplus is the difference of two large sums
        scale = np.maximum(np.abs(values).max(axis=-1, keepdims=True), 1e-300)
        worst = (np.abs(plain[name] - values) / scale).max()
        assert worst <= 1e-12, f"{name}: {worst}"
    np.testing.assert_array_equal(plain["out"][:, -2:], compiled["out"][:, -2:])


def test_nobody_reads_what_the_year_has_not_written(honest, gamed, tmp_path):
    """Rows that are not set to 0 between years are never read before they are written, whatever levers act."""
    every = tuple(Strategy(f"all {share}", {**honest.levels, **dict.fromkeys(GAMING, share)}) for share in (0.1, (0.3, 0.0, 0.2)))
    levels = [(s.name, s.levels) for s in (gamed, *every, honest)]
    plain = plain_run(PLAIN.replace("LEVELS", repr(levels)), tmp_path / "plain.npz")
    poisoned = plain_run(POISONED.replace("LEVELS", repr(levels)), tmp_path / "poisoned.npz")
    for name in ("out", "yearly", "nature"):
        np.testing.assert_array_equal(poisoned[name], plain[name])
        assert np.isfinite(plain[name]).all()
