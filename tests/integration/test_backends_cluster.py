"""Dask clusters that lose workers or their scheduler, hang, are too small or have other sources; and what is left behind."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

HERE = str(Path(__file__).resolve().parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)
import backend_work as bw  # noqa: E402  (a helper beside the tests; worker processes import it by name)

from stresstest.backends import Pool, muster, watch, work_through  # noqa: E402
from stresstest.errors import BackendError, ConfigError  # noqa: E402

distributed = pytest.importorskip("distributed", reason="the dask extra is not installed")
pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    """Worker processes that a test starts import the helpers by name."""
    monkeypatch.setenv("PYTHONPATH", bw.environment()["PYTHONPATH"])


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A cluster of two workers that no test of this file harms."""
    with bw.cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


def done(pool, folder, work=bw.write_piece, count=12, act=None, notes=None, **options):
    """Numbers of the pieces that came back; `act` is called after three of them."""
    job, numbers = bw.Job(str(bw.make_folder(folder)), **options), []
    tasks = [(job, k) for k in range(count)]
    with closing(work_through(pool, work, tasks, folder=folder, note=(notes or []).append)) as found:
        for number, facts in found:
            assert facts["number"] == number
            numbers.append(number)
            if act is not None and len(numbers) == 3:
                act()
    return numbers


def stopped(pool, folder, match, seconds=60.0, **options):
    """The BackendError that ends the work within some seconds, with exit code 5."""
    began = time.monotonic()
    with pytest.raises(BackendError, match=match) as told:
        done(pool, folder, **options)
    assert time.monotonic() - began < seconds
    assert told.value.exit_code == 5
    return str(told.value)


def test_a_running_cluster_does_every_task_once(shared, tmp_path):
    """Every piece comes back once and is whole, the kernel is compiled at the workers, and the token is gone."""
    folder, pool = tmp_path / "run", Pool("dask", 2, shared.address)
    job = bw.Job(str(bw.make_folder(folder)), mark=str(tmp_path))
    tasks = [(job, k) for k in range(30)]
    found = work_through(pool, bw.write_piece, tasks, (bw.leave_mark, (str(tmp_path),)), folder=folder)
    assert sorted(number for number, _ in found) == list(range(30))
    assert bw.whole(folder, 30)
    (mark,) = tmp_path.glob("compiled-by-*")
    assert int(mark.name.rpartition("-")[2]) in {worker.pid for worker in shared.workers}


def test_what_work_raises_comes_back_as_it_is(shared, tmp_path):
    """An error of the work is no fault of the cluster, and what was handed out is called off."""
    with pytest.raises(ArithmeticError, match="piece 3 does not add up"):
        done(Pool("dask", 2, shared.address), tmp_path / "run", bw.refuse, count=200, pause=0.05)
    time.sleep(0.5)
    before = len(list((tmp_path / "run" / "chunks").iterdir()))
    time.sleep(0.5)
    assert len(list((tmp_path / "run" / "chunks").iterdir())) == before < 200


def test_a_caller_that_stops_leaves_no_work_behind(shared, tmp_path):
    """Closing the generator calls off what waits within seconds."""
    folder = bw.make_folder(tmp_path / "run")
    tasks = [(bw.Job(str(folder), 0.05), k) for k in range(200)]
    found = work_through(Pool("dask", 2, shared.address), bw.write_piece, tasks, folder=folder)
    next(found)
    began = time.monotonic()
    found.close()
    assert time.monotonic() - began < 10.0
    time.sleep(0.5)
    before = len(list((folder / "chunks").iterdir()))
    time.sleep(0.5)
    assert len(list((folder / "chunks").iterdir())) == before < 200


def test_workers_must_see_the_folder(shared, tmp_path, monkeypatch):
    """A token that workers do not find is answered with shared storage or an exchange as the remedy."""
    monkeypatch.setattr("stresstest.backends.cluster.token_at", lambda place: _nothing())
    text = stopped(Pool("dask", 2, shared.address), tmp_path / "run", "cannot use the run's folder")
    assert "tcp://" in text
    assert "shared storage" in text
    assert "--exchange" in text


class _nothing:  # noqa: N801  (stands in for a context manager)
    def __enter__(self):
        return ".no-such-token.draft"

    def __exit__(self, *arguments):
        return None


def test_a_lost_worker_costs_nothing(tmp_path):
    """A worker killed at its task is made up for, a worker that joins gets work, and every piece is whole."""
    with bw.cluster(tmp_path / "cluster") as started:
        mark = str(tmp_path / "died")
        numbers = done(Pool("dask", 2, started.address), tmp_path / "run", bw.die_once, count=20, mark=mark, pause=0.02,
                       act=started.add)  # fmt: skip
    assert sorted(numbers) == list(range(20))
    assert bw.whole(tmp_path / "run", 20)
    assert Path(mark).exists()


def test_a_lost_scheduler_is_told(tmp_path):
    """kill -9 of the scheduler ends the work with a plain sentence; what is finished is kept and another cluster goes on."""
    folder = tmp_path / "run"
    with bw.cluster(tmp_path / "cluster") as started:
        text = stopped(Pool("dask", 2, started.address), folder, "scheduler is lost", count=60, pause=0.05,
                       act=started.scheduler.kill)  # fmt: skip
    assert "--resume" in text
    left = [k for k in range(60) if not (folder / f"chunks/{k}.json").exists()]
    assert 0 < len(left) < 60
    for _ in work_through(Pool("threading", 2), bw.write_piece, [(bw.Job(str(folder)), k) for k in left], folder=folder):
        pass
    for draft in folder.glob("tables/.*.draft"):  # a worker that was killed while it wrote
        draft.unlink()
    assert bw.whole(folder, 60)


def test_lost_workers_are_told(tmp_path, monkeypatch):
    """Without any worker the work ends after a while and does not wait for ever."""
    monkeypatch.setattr(watch, "WORKERS_LOST", 2.0)
    with bw.cluster(tmp_path / "cluster") as started:
        text = stopped(Pool("dask", 2, started.address), tmp_path / "run", "No Dask worker is left", count=60, pause=0.05,
                       act=lambda: [worker.kill() for worker in started.workers])  # fmt: skip
    assert "--resume" in text


def test_a_worker_that_hangs_is_named(tmp_path, monkeypatch):
    """A worker without a sign of life ends the work; the message has its address."""
    monkeypatch.setattr(watch, "HANGS", 4.0)
    with bw.cluster(tmp_path / "cluster") as started:
        text = stopped(Pool("dask", 2, started.address), tmp_path / "run", "hangs", count=300, pause=0.1,
                       act=lambda: started.workers[0].send_signal(signal.SIGSTOP))  # fmt: skip
        assert "tcp://127.0.0.1:" in text


def test_a_worker_without_the_package_is_named(tmp_path):
    """joblib would wait for ever; here the worker's address and the remedy are told, early or late."""
    without = tmp_path / "without" / "stresstest"
    without.mkdir(parents=True)
    (without / "__init__.py").write_text("raise ImportError('no such package')")
    with bw.cluster(tmp_path / "cluster") as started:
        text = stopped(Pool("dask", 2, started.address), tmp_path / "late", "came later", count=300, pause=0.1,
                       act=lambda: started.add(1, without.parent))  # fmt: skip
        assert "no such package" in text
        text = stopped(Pool("dask", 2, started.address), tmp_path / "early", "lacks the stresstest package")
    assert "tcp://127.0.0.1:" in text
    assert "the same version" in text


def test_a_worker_with_other_sources_is_named(tmp_path):
    """One changed line in a worker's copy of the sources is found before any work."""
    other = tmp_path / "other"
    shutil.copytree(bw.SOURCES / "stresstest", other / "stresstest", ignore=shutil.ignore_patterns("__pycache__", "_shipped"))
    with (other / "stresstest" / "units.py").open("a") as stream:
        stream.write("\n# another line\n")
    with bw.cluster(tmp_path / "cluster", 1) as started:
        started.add(1, other)
        text = stopped(Pool("dask", 2, started.address), tmp_path / "run", "has other sources")
    assert "tcp://127.0.0.1:" in text
    assert not list((tmp_path / "run" / "chunks").iterdir())


def test_one_slot_is_refused(tmp_path, monkeypatch):
    """A cluster that does nothing side by side is refused, and so is none at all, or one worker asked for here."""
    monkeypatch.setattr(muster, "SECOND", 1.0)
    with bw.cluster(tmp_path / "cluster", 1) as started:
        assert "--backend sequential" in stopped(Pool("dask", 2, started.address), tmp_path / "run", "two workers or more")
        os.kill(started.workers[0].pid, signal.SIGKILL)
        started.workers[0].wait()
        monkeypatch.setattr(muster, "FIRST", 2.0)
        assert "dask worker" in stopped(Pool("dask", 2, started.address), tmp_path / "none", "no worker")
    assert "--jobs" in stopped(Pool("dask", 1), tmp_path / "own", "two workers or more")


def test_a_scheduler_that_is_not_there(tmp_path, monkeypatch):
    """An address at which nobody listens is told with the key and the form of an address."""
    monkeypatch.setattr("stresstest.backends.cluster.REACH", 1.0)
    assert "tcp://host:8786" in stopped(Pool("dask", 2, "tcp://127.0.0.1:9"), tmp_path / "run", "does not answer")
    with pytest.raises(ConfigError, match="--scheduler"):
        next(work_through(Pool("loky", 2, "tcp://127.0.0.1:9"), bw.write_piece, [(bw.Job(""), 1)]))


def test_a_cluster_of_its_own_is_taken_away(tmp_path):
    """A task that kills its worker every time ends the work by name; neither processes nor scratch folders stay."""
    before, scratch = bw.workers(), set(Path(bw.scratch()).glob("stresstest-dask-*"))
    import dask

    with dask.config.set({"distributed.scheduler.allowed-failures": 1}):
        text = stopped(Pool("dask", 2), tmp_path / "run", "Every Dask worker that began one task was lost", work=bw.die_always)
    assert re.search(r"value:    '\d+'", text)
    assert bw.workers() <= before
    assert set(Path(bw.scratch()).glob("stresstest-dask-*")) <= scratch
