"""Runs as a user has them: back-ends, chunks, interruptions, and what is left on disk."""

from __future__ import annotations

import errno
import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import stresstest
from stresstest import chunks, runner
from stresstest.errors import BackendError, ConfigError, RunError
from stresstest.progress import Progress
from stresstest.results import folder as folders
from stresstest.results import store
from stresstest.results.invariants import Check
from stresstest.results.manifest import verify_run

HELPERS = Path(__file__).resolve().parents[1] / "unit" / "results"
SOURCES = Path(stresstest.__file__).resolve().parents[1]
sys.path.insert(0, str(HELPERS))
import fake_study as fake  # noqa: E402  (a helper beside the unit tests; worker processes import it by name)

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def fake_kernel(monkeypatch):
    """Every run of this file simulates by the fake kernel."""
    monkeypatch.setattr(runner, "simulate_chunk", fake.fake_chunk)


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """The results hash of the fake study in one chunk and one thread."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "simulate_chunk", fake.fake_chunk)
        run = runner.run_study(fake.FakeStudy(), fake.STRATEGIES, tmp_path_factory.mktemp("one"),
                               backend="sequential", chunk=50_000)  # fmt: skip
    return run.manifest["results_hash"]


def run(folder, **options):
    """One run of the fake study."""
    return runner.run_study(fake.FakeStudy(), fake.STRATEGIES, folder, **options)


def partials(folder):
    """Hidden folders of unfinished runs."""
    return sorted(p for p in folder.iterdir() if p.name.startswith(folders.PARTIAL))


def named(folder):
    """Folders with the name of a finished run."""
    return sorted(p for p in folder.iterdir() if not p.name.startswith("."))


@pytest.mark.parametrize(("backend", "jobs", "chunk"), [
    ("threading", 1, 1000), ("threading", 2, 333), ("threading", 2, None), ("sequential", None, 777), ("loky", 2, 500),
])  # fmt: skip
def test_chunks_threads_and_processes_leave_no_trace(tmp_path, expected, backend, jobs, chunk):
    """Every way of working through the futures gives one results hash, and the run verifies."""
    done = run(tmp_path, backend=backend, jobs=jobs, chunk=chunk)
    assert done.manifest["results_hash"] == expected
    assert done.exit_code == 0
    assert named(tmp_path) == [done.folder]
    assert partials(tmp_path) == []
    assert all(check.ok for check in verify_run(done.folder))
    assert not (done.folder / store.CHUNKS).exists()


@pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="the dask extra is not installed")
def test_dask_gives_the_same_hash(tmp_path, expected):
    """A local Dask cluster of two processes gives the same results."""
    assert run(tmp_path, backend="dask", jobs=2, chunk=500).manifest["results_hash"] == expected


def test_without_dask_the_extra_is_named(tmp_path, monkeypatch):
    """A missing Dask is answered with the command that installs it."""
    monkeypatch.setitem(sys.modules, "dask.distributed", None)
    with pytest.raises(BackendError, match=r"pip install 'stresstest\[dask\]'") as stopped:
        run(tmp_path, backend="dask", jobs=2)
    assert stopped.value.exit_code == 5


def interrupted(folder, monkeypatch, after=2, chunk=500):
    """A run that a keyboard interrupt stops after some chunks; returns its partial folder."""
    seen = []

    def stop(self, units):
        seen.append(units)
        if len(seen) == after:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "advance", stop)
        with pytest.raises(KeyboardInterrupt):
            run(folder, chunk=chunk, jobs=1)
    (partial,) = partials(folder)
    assert named(folder) == []
    return partial


def test_an_interrupted_run_goes_on(tmp_path, expected, monkeypatch):
    """What was finished is kept, the rest is done, the name is the first run's, and nothing is left over."""
    partial = interrupted(tmp_path, monkeypatch)
    assert not [t.name for t in threading.enumerate() if t.name.startswith(("chunk", "follower", "digest"))]
    kept = {path: path.stat().st_mtime_ns for path in (partial / store.CHUNKS).glob("*.json")}
    assert len(kept) >= 2
    done = run(tmp_path, resume=True, jobs=2)
    assert done.manifest["results_hash"] == expected
    assert done.folder.name == partial.name.removeprefix(folders.PARTIAL)
    assert done.manifest["chunk"] == 500
    log = [json.loads(line) for line in (done.folder / "run.log").read_text().splitlines()]
    assert [line["chunks_kept"] for line in log if line["event"] == "simulate"] == [0, len(kept)]
    assert partials(tmp_path) == []


@pytest.mark.parametrize("damage", ["delete", "truncate", "marker"])
def test_a_damaged_chunk_is_done_again(tmp_path, expected, monkeypatch, damage):
    """A part that is gone or cut short, or a marker that cannot be read, costs one chunk and not the hash."""
    partial = interrupted(tmp_path, monkeypatch, after=3)
    part = partial / store.part_path("outcomes", "calibrated", 0)
    if damage == "delete":
        part.unlink()
    elif damage == "truncate":
        part.write_bytes(part.read_bytes()[:-100])
    else:
        (partial / store.marker_path("calibrated", 0)).write_text("{")
    done = run(tmp_path, resume=True)
    assert done.manifest["results_hash"] == expected
    assert all(check.ok for check in verify_run(done.folder))


def test_resume_keeps_to_its_own(tmp_path, expected, monkeypatch):
    """An unfinished run with another chunk size, other inputs, or in the hands of another process is left alone."""
    partial = interrupted(tmp_path, monkeypatch)
    lock = folders.hold(partial)
    first = run(tmp_path, resume=True)
    lock.close()
    second = run(tmp_path, resume=True, chunk=400)
    other = fake.FakeStudy(inputs_hash="cd" * 32)
    runner.run_study(other, fake.STRATEGIES, tmp_path, resume=True)
    runner.run_study(fake.FakeStudy(), (fake.HONEST,), tmp_path, resume=True)
    assert partials(tmp_path) == [partial]
    assert first.manifest["results_hash"] == second.manifest["results_hash"] == expected


def test_a_killed_process_can_be_resumed(tmp_path, expected):
    """After kill -9 nothing has a final name, and the resumed run has the hash of an unbroken one."""
    script = (
        "import fake_study as fake; from stresstest import runner; runner.simulate_chunk = fake.fake_chunk\n"
        f"runner.run_study(fake.FakeStudy(pause=0.3), fake.STRATEGIES, {str(tmp_path)!r}, chunk=256, jobs=1)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCES), str(HELPERS)])}
    process = subprocess.Popen([sys.executable, "-c", script], env=environment)
    limit = time.monotonic() + 60.0
    while not list(tmp_path.glob(f"{folders.PARTIAL}*/{store.CHUNKS}/*.json")) and time.monotonic() < limit:
        assert process.poll() is None, "the run ended before it could be killed"
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert named(tmp_path) == []
    (partial,) = partials(tmp_path)
    done = run(tmp_path, resume=True)
    assert done.folder.name == partial.name.removeprefix(folders.PARTIAL)
    assert done.manifest["results_hash"] == expected


def test_a_lost_worker_is_replaced(tmp_path, expected, monkeypatch):
    """When a process of loky is killed, the missing chunks are tried again and the hash is the same."""
    monkeypatch.setattr(runner, "simulate_chunk", fake.dying_chunk)
    study = fake.FakeStudy(mark=str(tmp_path / "died"))
    done = runner.run_study(study, fake.STRATEGIES, tmp_path / "runs", backend="loky", jobs=2, chunk=500)
    assert (tmp_path / "died").exists()
    assert done.manifest["results_hash"] == expected


def test_a_worker_that_always_dies_ends_the_run(tmp_path, monkeypatch):
    """After two more tries the run stops with exit code 5, keeps what is finished and says how to go on."""
    monkeypatch.setattr(runner, "simulate_chunk", fake.doomed_chunk)
    with pytest.raises(BackendError, match="--resume") as stopped:
        run(tmp_path, backend="loky", jobs=2, chunk=500)
    assert stopped.value.exit_code == 5
    assert named(tmp_path) == []
    assert len(partials(tmp_path)) == 1


def test_a_worker_with_other_sources_is_refused(tmp_path):
    """Sources that were edited between the start of a run and that of a worker do not end up in one results hash."""
    labels = store.Labels("run", "calibrated", "dudley", "deal", ("honest", "gamed"), fake.LABELS)
    job = chunks.Job(str(tmp_path), labels, None, fake.fake_chunk, digest="0" * 64)
    with pytest.raises(BackendError, match="another version"):
        chunks.work_chunk(job, chunks.Chunk("calibrated", 0, 1, False))


@pytest.mark.parametrize("backend", ["threading", "loky"])
def test_a_number_that_is_not_finite_stops_the_run(tmp_path, backend):
    """The message names the future and the column, exit code 1, and no folder has a final name."""
    with pytest.raises(RunError, match="Future 1234 ") as stopped:
        runner.run_study(fake.FakeStudy(bad=1234), fake.STRATEGIES, tmp_path, backend=backend, jobs=2, chunk=500)
    assert "public_exposure_npv_gbp" in str(stopped.value)
    assert stopped.value.exit_code == 1
    assert named(tmp_path) == []
    (partial,) = partials(tmp_path)
    assert json.loads((partial / "manifest.json").read_text())["status"] == "failed"


def test_a_full_disk_can_be_resumed(tmp_path, expected, monkeypatch):
    """Without room for a part the run stops with a plain sentence; with room again it goes on."""
    write, calls = store.write_table, []

    def full(*arguments):
        calls.append(arguments)
        if len(calls) > 5:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(store, "write_table", full)
        with pytest.raises(BackendError, match="No space left on device"):
            run(tmp_path, chunk=500, jobs=1)
    assert named(tmp_path) == []
    assert run(tmp_path, resume=True).manifest["results_hash"] == expected


def test_a_folder_that_cannot_be_written_is_refused_first(tmp_path, monkeypatch):
    """An --out below a file is a mistake of usage, found before any future is simulated."""
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(runner, "work_chunk", lambda *task: pytest.fail("work was begun"))
    with pytest.raises(ConfigError, match="--out") as stopped:
        run(tmp_path / "file" / "runs")
    assert stopped.value.exit_code == 2


@pytest.mark.parametrize(("options", "word"), [
    ({"backend": "lokey"}, "loky"), ({"jobs": 0}, "--jobs"), ({"chunk": 0}, "chunk"),
])  # fmt: skip
def test_options_that_make_no_sense_are_refused(tmp_path, options, word):
    """Unknown back-ends are answered with the nearest, numbers below 1 are named."""
    with pytest.raises(ConfigError, match=word):
        run(tmp_path, **options)


def test_what_is_added_to_a_run_belongs_to_it(tmp_path, expected):
    """The extra step sees the tables, its files are hashed, and its failed check sets the exit code."""

    def extra(folder, study):
        assert study.name == "Fake study"
        counts = {"futures_searched": 1, "futures_verified": 1}
        store.write_gaming(folder, [{"lever": "upcoding", **counts}], "run")
        store.write_summary(folder, [{"metric": "surplus", "value": 1.0}], "run")
        return [Check("the null test", False, "a provider that changes nothing earns £1")]

    done = run(tmp_path, extra=extra)
    assert done.exit_code == 1
    assert done.manifest["checks"]["failed"] == ["the null test"]
    assert {"tables/gaming/part-000000000000.parquet", "summary/summary.csv"} <= set(done.manifest["files"])
    assert {"gaming", "summary"} <= set(done.manifest["table_hashes"])
    assert done.manifest["results_hash"] != expected
    assert all(check.ok for check in verify_run(done.folder))


def test_chunks_cover_every_future_once():
    """The plan has no gap and no overlap, and only the first futures have yearly rows."""
    study = fake.FakeStudy()
    plan = runner.plan_chunks(study, 2, 256)
    for scenario in study.scenarios:
        mine = [chunk for chunk in plan if chunk.scenario == scenario.name]
        assert [k for c in mine for k in range(c.first, c.first + c.futures)] == list(range(scenario.futures + 1))
        yearly = sum(chunk.futures for chunk in mine if chunk.with_years)
        assert yearly == min(study.years_futures, scenario.futures) + 1


def test_a_chunk_does_not_grow_with_the_number_of_futures():
    """Memory depends on strategies and jobs, not on how many futures are asked for."""
    assert runner.default_chunk(10**7, 2, 2) == runner.default_chunk(10**9, 2, 2)
    assert runner.default_chunk(10**9, 20, 2) < runner.default_chunk(10**9, 2, 2)
    assert runner.default_chunk(10, 1, 1) >= 256
