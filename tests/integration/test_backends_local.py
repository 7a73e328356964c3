"""Threads and processes of this machine: order, interrupts, parents that are gone, and one hash from all of them."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
for place in (HERE, HERE.parent / "unit" / "results"):
    if str(place) not in sys.path:
        sys.path.insert(0, str(place))
import backend_work as bw  # noqa: E402  (helpers beside the tests; worker processes import them by name)
import fake_study as fake  # noqa: E402

from stresstest import runner  # noqa: E402
from stresstest.backends import Pool, processes, work_through  # noqa: E402
from stresstest.errors import BackendError  # noqa: E402

pytestmark = pytest.mark.integration
needs_dask = pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="the dask extra is not installed")


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    """Worker processes that a test starts import the helpers by name; runs simulate by the fake kernel."""
    monkeypatch.setenv("PYTHONPATH", bw.environment()["PYTHONPATH"])
    monkeypatch.setattr(runner, "simulate_chunk", fake.fake_chunk)


def fake_run(folder, **options):
    """One run of the fake study."""
    return runner.run_study(fake.FakeStudy(), fake.STRATEGIES, folder, **options).manifest["results_hash"]


@pytest.mark.parametrize("backend", ["sequential", "threading", "loky", pytest.param("dask", marks=needs_dask)])
def test_the_order_of_chunks_leaves_no_trace(tmp_path, monkeypatch, backend):
    """Chunks that are handed out in another order give the same results hash, whoever works on them."""
    expected = fake_run(tmp_path / "in order", backend="sequential", chunk=500)
    plan = runner.plan_chunks

    def shuffled(*arguments):
        chunks = plan(*arguments)
        return sorted(chunks, key=lambda chunk: hash((chunk.first * 2654435761) % 1009))

    monkeypatch.setattr(runner, "plan_chunks", shuffled)
    assert shuffled(fake.FakeStudy(), 2, 500) != plan(fake.FakeStudy(), 2, 500)
    assert fake_run(tmp_path / "shuffled", backend=backend, jobs=2, chunk=500) == expected


def test_a_task_done_twice_leaves_one_right_piece(tmp_path):
    """Two workers that do one task at the same moment leave whole files, as clusters repeat what they believe lost."""
    folder = bw.make_folder(tmp_path / "run")
    tasks = [(bw.Job(str(folder)), k % 5) for k in range(40)]
    with closing(work_through(Pool("loky", 4), bw.write_piece, tasks, folder=folder)) as found:
        assert len(list(found)) == 40
    assert bw.whole(folder, 5)


@pytest.mark.parametrize("backend", ["threading", "loky", pytest.param("dask", marks=needs_dask)])
def test_a_caller_that_stops_leaves_no_process(tmp_path, backend):
    """After the generator is closed in the midst of the work no worker runs, and nothing more is written."""
    folder, before = bw.make_folder(tmp_path / "run"), bw.workers()
    tasks = [(bw.Job(str(folder), 0.05), k) for k in range(200)]
    found = work_through(Pool(backend, 2), bw.write_piece, tasks, folder=folder)
    next(found)
    began = time.monotonic()
    found.close()
    assert time.monotonic() - began < 10.0
    bw.until(lambda: bw.workers() <= before, 5.0)
    there = len(list((folder / "chunks").iterdir()))
    time.sleep(0.3)
    assert len(list((folder / "chunks").iterdir())) == there < 200


def started(folder: Path, backend: str) -> subprocess.Popen:
    """A process that works through 400 slow tasks, in a group of its own, once it has done the first."""
    script = (
        "import signal; import backend_work as bw; from stresstest.backends import Pool, work_through\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # which a background shell lets us ignore\n"
        "if __name__ == '__main__':\n"
        f"    tasks = [(bw.Job({str(folder)!r}, 0.1), k) for k in range(400)]\n"
        f"    for found in work_through(Pool({backend!r}, 2), bw.write_piece, tasks, folder={str(folder)!r}): pass\n"
    )
    path = folder.with_suffix(".py")
    path.write_text(script)
    process = subprocess.Popen([sys.executable, str(path)], env=bw.environment(), start_new_session=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    bw.until(lambda: any((folder / "chunks").iterdir()))
    return process


def group(process: subprocess.Popen) -> set[int]:
    """Processes of the group that do work."""
    found = set()
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words, state = (path / "cmdline").read_bytes(), (path / "stat").read_text().rpartition(") ")[2].split()
            if int(state[3]) == process.pid and state[0] != "Z" and b"resource_tracker" not in words:
                found.add(int(path.name))
        except (OSError, ValueError, IndexError):
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found through /proc")
@pytest.mark.parametrize("backend", ["loky", pytest.param("dask", marks=needs_dask)])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_their_parent(tmp_path, backend, how):
    """kill -9 of the parent, or Ctrl-C for all of its group, leaves no process that works on."""
    process = started(bw.make_folder(tmp_path / "run"), backend)
    try:
        assert len(group(process)) >= 3
        if how == signal.SIGINT:
            os.killpg(process.pid, how)
        else:
            os.kill(process.pid, how)
        assert process.wait(timeout=20.0) != 0
        bw.until(lambda: not group(process), 10.0)
    finally:
        for pid in group(process):
            os.kill(pid, signal.SIGKILL)


def test_a_process_that_hangs_is_told(tmp_path, monkeypatch):
    """A task that never ends stops the run after a limit, and its worker is ended."""
    monkeypatch.setattr(processes, "TASK_SECONDS", 2.0)
    before, folder = bw.workers(), bw.make_folder(tmp_path / "run")
    with pytest.raises(BackendError, match="finished nothing for 2 seconds") as told:
        list(work_through(Pool("loky", 2), bw.write_piece, [(bw.Job(str(folder), 600.0), 1)] * 2, folder=folder))
    assert told.value.exit_code == 5
    bw.until(lambda: bw.workers() <= before, 5.0)
