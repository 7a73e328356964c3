"""What workers answer, which answers make one unfit, and how a cluster's signs of life are judged."""

from __future__ import annotations

import asyncio
import pickle
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest

from stresstest._jit import SOURCE_DIGEST
from stresstest.backends import Pool, preflight, require_backend, shift, watch, work_through
from stresstest.errors import BackendError, ConfigError

pytestmark = pytest.mark.unit


def test_this_process_is_fit():
    """What this process answers has its versions and digest, and nothing is wrong with it."""
    own = preflight.own_answer()
    assert own["digest"] == SOURCE_DIGEST
    assert preflight.wrong_with(preflight.own_answer(), own) is None


@pytest.mark.parametrize(("changed", "words"), [
    ({"python": "3.10.1"}, "has Python 3.10.1"), ({"missing": "ImportError: numba"}, "lacks the stresstest package"),
    ({"numba": "0.1"}, "has numba 0.1 and not"), ({"numpy": "1.0"}, "has numpy 1.0 and not"),
    ({"stresstest": "9.9"}, "has stresstest 9.9 and not"), ({"digest": "0" * 64}, "has other sources"),
    ({"unseen": "FileNotFoundError: gone"}, "cannot use the run's folder"),
])  # fmt: skip
def test_every_difference_makes_a_worker_unfit(changed, words):
    """Each difference is told in words, with the worker's address and a remedy, as exit code 5."""
    own = preflight.own_answer()
    wrong = preflight.wrong_with({**own, **changed}, own)
    assert wrong is not None
    error = preflight.unfit("tcp://10.0.0.7:4000", wrong)
    assert words in str(error)
    assert "tcp://10.0.0.7:4000" in str(error)
    assert error.expected
    assert error.exit_code == 5


def test_the_question_carries_its_own_code():
    """A process without the package can read the question, and answers that the package is missing."""
    cloudpickle = pytest.importorskip("cloudpickle")
    for function, arguments, word in (
        (preflight.question(), ("", "", ""), "missing"), (preflight.envelope(), (0, "", "", "", b""), "lacks"),
    ):  # fmt: skip
        sent = cloudpickle.dumps((function, arguments))
        script = (
            "import pickle, sys, types\n"
            "class Hidden:\n"
            "    def find_spec(self, name, path=None, target=None):\n"
            "        if name.split('.')[0] == 'stresstest': raise ImportError('hidden ' + name)\n"
            "sys.meta_path.insert(0, Hidden())\n"
            "fake = types.ModuleType('distributed'); fake.get_worker = lambda: types.SimpleNamespace(address='tcp://x')\n"
            "sys.modules['distributed'] = fake\n"
            f"function, arguments = pickle.loads({sent!r})\n"
            "print(function(*arguments))\n"
        )
        told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
        assert word in told
        assert "hidden" in told


def test_a_token_must_be_seen_and_the_folder_writable(tmp_path):
    """The token lies in the folder as long as the context lasts; without it, or without a folder, a worker is unfit."""
    with preflight.token_at(str(tmp_path)) as token:
        assert "unseen" not in preflight.look(str(tmp_path), token)
        assert [path.name for path in tmp_path.iterdir()] == [token]
        assert token.startswith(".")
        assert token.endswith(".draft")
        assert "FileNotFoundError" in preflight.look(str(tmp_path / "elsewhere"), token)["unseen"]
    assert list(tmp_path.iterdir()) == []
    assert "FileNotFoundError" in preflight.look(str(tmp_path), token)["unseen"]
    assert set(preflight.look("", token)) == {"processor"}


def test_a_worker_asks_itself_before_its_first_task(tmp_path):
    """Other sources or an unseen folder come back as a reason and not as work."""
    content = pickle.dumps((dict, ((("a", 1),),)))
    assert preflight.do_task(4, SOURCE_DIGEST, "", "", content) == (4, {"a": 1})
    number, reason = preflight.do_task(4, "0" * 64, "", "", content)
    assert number == -5
    assert "other sources" in reason
    number, reason = preflight.do_task(0, SOURCE_DIGEST, str(tmp_path), ".none.draft", content)
    assert number == -1
    assert "cannot use the run's folder" in reason


def test_what_is_odd_but_bearable_is_remarked():
    """Several kinds of processor, and workers with several threads, are told and not refused."""
    own = {"processor": "znver3"}
    assert preflight.remarks({"a": {"processor": "znver3"}}, own, {"a": 1}) == []
    told = preflight.remarks({"a": {"processor": "skylake"}}, own, {"a": 8})
    assert "skylake, znver3" in told[0]
    assert "8 threads" in told[1]


class FakeClient:
    """A client whose scheduler answers with `workers`, or not at all."""

    def __init__(self):
        self.status, self.workers, self.answers = "running", {}, True
        loop = asyncio.new_event_loop()
        self.loop = SimpleNamespace(asyncio_loop=loop)
        self.scheduler = SimpleNamespace(identity=self.identity)
        threading.Thread(target=loop.run_forever, daemon=True).start()

    async def identity(self, n_workers):
        """The scheduler's account of itself."""
        if not self.answers:
            await asyncio.sleep(3600.0)
        return {"workers": self.workers}


def looked(client, seconds, change=lambda: None):
    """A watch that looks at a client for some seconds."""
    own, limit = watch.Watch(client), time.monotonic() + seconds
    while time.monotonic() < limit:
        change()
        own.look()
        time.sleep(0.01)
    return own


@pytest.fixture
def client(monkeypatch):
    """A client with a watch that is a hundred times as impatient."""
    for name, value in (("LOOK", 0.02), ("SCHEDULER_LOST", 0.5), ("WORKERS_LOST", 0.5), ("HANGS", 0.5)):
        monkeypatch.setattr(watch, name, value)
    made = FakeClient()
    yield made
    time.sleep(0.1)  # what was asked last has its answer
    made.loop.asyncio_loop.call_soon_threadsafe(made.loop.asyncio_loop.stop)


def worker(seen=1.0, status="running"):
    """What a scheduler says of a worker."""
    return {"nthreads": 1, "status": status, "host": "h", "last_seen": seen}


def test_a_cluster_that_lives_is_let_be(client):
    """Workers whose last sign of life moves, by whatever clock, are counted and nothing is raised."""

    def beat():
        client.workers = {"tcp://a": worker(time.monotonic() - 9999.0), "tcp://b": worker(time.monotonic(), "paused")}

    assert looked(client, 1.2, beat).workers == {"tcp://a": 1}


@pytest.mark.parametrize(("change", "words"), [
    (lambda c: setattr(c, "status", "closed"), "scheduler is lost"),
    (lambda c: setattr(c, "answers", False), "scheduler is lost"),
    (lambda c: setattr(c, "workers", {}), "No Dask worker is left"),
    (lambda c: setattr(c, "workers", {"tcp://a": worker(1.0)}), "tcp://a hangs"),
    (lambda c: setattr(c, "workers", {"tcp://a": worker(time.monotonic(), "paused")}), "paused for want of memory"),
])  # fmt: skip
def test_a_cluster_that_dies_is_told(client, change, words):
    """Each way of dying has its sentence, with --resume as the way on."""
    with pytest.raises(BackendError, match=words) as told:
        looked(client, 5.0, lambda: change(client))
    assert "--resume" in str(told.value)


def test_work_that_never_ends_is_told(client, monkeypatch):
    """Workers that live and finish nothing end the wait after a limit."""
    monkeypatch.setattr(watch, "TASK_SECONDS", 0.3)
    with pytest.raises(BackendError, match="finished nothing"):
        looked(client, 5.0, lambda: setattr(client, "workers", {"tcp://a": worker(time.monotonic())}))


def test_closing_never_takes_long(monkeypatch):
    """What hangs or fails while a cluster is closed holds nobody up."""
    monkeypatch.setattr(watch, "CLOSE", 0.2)
    began = time.monotonic()
    watch.bounded(lambda: time.sleep(30.0))
    watch.bounded(lambda: 1 / 0)
    assert time.monotonic() - began < 5.0


def test_a_task_is_named_by_its_last_argument():
    """Messages name a chunk and not the arrays of its job, and stay short."""
    assert shift._short(("a job of many arrays", 17)) == "17"
    assert len(shift._short(("x" * 1000,))) < 130


def test_pools_that_make_no_sense_are_refused():
    """An unknown back-end, or a scheduler for one that has none, is a mistake of usage."""
    with pytest.raises(ConfigError, match="loky"):
        require_backend("lokey")
    with pytest.raises(ConfigError, match="--scheduler"):
        next(work_through(Pool("threading", 2, "tcp://host:8786"), dict, [()]))


def test_no_tasks_need_no_workers():
    """An empty list of tasks starts nothing and compiles nothing."""
    assert list(work_through(Pool("dask", 2), dict, [], (pytest.fail, ("compiled",)))) == []
