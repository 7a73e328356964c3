"""Workers that do not see the disk of the run: their files travel by a storage, and what is left there is taken in later."""

from __future__ import annotations

import importlib.util
import json
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
for place in (HERE, HERE.parent / "unit" / "results"):
    if str(place) not in sys.path:
        sys.path.insert(0, str(place))
import backend_work as bw  # noqa: E402  (helpers beside the tests; worker processes import them by name)
import fake_study as fake  # noqa: E402

from stresstest import chunks, runner  # noqa: E402
from stresstest.backends import Pool, exchange, work_through  # noqa: E402
from stresstest.backends.storage import Storage  # noqa: E402
from stresstest.errors import BackendError, ConfigError  # noqa: E402
from stresstest.results import store  # noqa: E402

fsspec = pytest.importorskip("fsspec", reason="the dask extra is not installed")
pytestmark = pytest.mark.integration
MISSING = [name for name in ("s3fs", "moto", "flask") if importlib.util.find_spec(name) is None]
NO_DASK = importlib.util.find_spec("distributed") is None


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    """Worker processes that a test starts import the helpers by name."""
    monkeypatch.setenv("PYTHONPATH", bw.environment()["PYTHONPATH"])


@pytest.fixture
def memory():
    """A storage in this process's memory, empty before and after."""
    url = "memory://exchange/runs"
    Storage(url).clear()
    yield url
    Storage(url).clear()


def tasks(folder, count=8):
    """One task for each piece."""
    return [(bw.Job(str(folder)), k) for k in range(count)]


def worked(pool, folder, work=bw.write_piece, count=8):
    """Numbers of the pieces that came back."""
    with closing(work_through(pool, work, tasks(folder, count), folder=folder)) as found:
        return sorted(number for number, facts in found if facts["number"] == number)


@pytest.mark.parametrize(("backend", "url"), [
    ("threading", "memory://exchange/runs"), ("loky", "file://{}/exchange"),
    pytest.param("dask", "file://{}/exchange", marks=pytest.mark.skipif(NO_DASK, reason="the dask extra is not installed")),
])  # fmt: skip
def test_files_come_through_a_storage(tmp_path, monkeypatch, backend, url):
    """Every piece and marker arrives whole, workers never write to the run's folder, and the storage is empty in the end."""
    url, folder = url.format(tmp_path), bw.make_folder(tmp_path / ".partial-run")
    seen = []
    put = exchange.put
    monkeypatch.setattr(exchange, "put", lambda url, name, where, facts: seen.append(where) or put(url, name, where, facts))
    assert worked(Pool(backend, 2, exchange=url), folder) == list(range(8))
    assert bw.whole(folder, 8)
    assert Storage(url).keys() == []
    assert all(where != folder and not where.exists() for where in seen)
    assert len(seen) == (8 if backend == "threading" else 0)


def test_what_a_killed_run_left_is_taken_in(tmp_path, memory, monkeypatch):
    """Tasks with a receipt in the storage are not done again; half an upload and a spoilt one are."""
    folder = bw.make_folder(tmp_path / ".partial-run")
    url = exchange.place_of(memory, str(folder))
    every = tasks(folder)
    names = [exchange.name_of(bw.write_piece, task) for task in every]
    for k in (0, 1, 2):
        exchange.work_elsewhere(url, names[k], ("chunks", "tables"), bw.write_piece, every[k])
    storage = Storage(url)
    storage.remove([f"{names[1]}.json"])
    storage.write(f"{names[2]}/tables/piece-2.bin", b"\0" * len(bw.content_of(2)))
    doing = []
    elsewhere = exchange.work_elsewhere

    def watched(url, name, *rest):
        doing.append(names.index(name))
        return elsewhere(url, name, *rest)

    monkeypatch.setattr(exchange, "work_elsewhere", watched)
    assert worked(Pool("sequential", exchange=memory), folder) == list(range(8))
    assert doing == list(range(1, 8))
    assert bw.whole(folder, 8)
    assert storage.keys() == []


def test_an_upload_that_is_not_whole_is_never_taken(tmp_path, memory):
    """One flipped byte, or one byte less, leaves the folder as it was."""
    folder = bw.make_folder(tmp_path / "run")
    url = exchange.place_of(memory, str(folder))
    storage = Storage(url)
    for content in (b"\1" + bw.content_of(3)[1:], bw.content_of(3)[:-1]):
        receipt = exchange.work_elsewhere(url, "name", ("chunks", "tables"), bw.write_piece, tasks(folder)[3])
        storage.write("name/tables/piece-3.bin", content)
        assert exchange.take(url, "name", folder, receipt) is None
        assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_storage_that_spoils_files_ends_the_run(tmp_path, memory, monkeypatch):
    """When a file does not arrive whole twice the run stops with exit code 5 and the task's name."""
    folder, send = bw.make_folder(tmp_path / "run"), Storage.send

    def spoilt(self, path, key):
        if key.endswith("piece-3.bin"):
            path.write_bytes(path.read_bytes()[:-1])
        send(self, path, key)
        if key.endswith("piece-3.bin"):
            path.write_bytes(bw.content_of(3))

    monkeypatch.setattr(Storage, "send", spoilt)
    with pytest.raises(BackendError, match="did not come through the exchange whole") as told:
        worked(Pool("sequential", exchange=memory), folder)
    assert told.value.exit_code == 5


@pytest.mark.parametrize("path", ["../outside.bin", "/outside.bin", "tables/../../outside.bin"])
def test_a_receipt_cannot_write_elsewhere(tmp_path, memory, path):
    """A path that leads out of the run's folder is refused."""
    with pytest.raises(BackendError, match="outside the run folder"):
        exchange.take(memory, "name", tmp_path, {"facts": {}, "sent": {path: {"bytes": 1, "sha256": "0"}}})


def test_markers_come_last(tmp_path, memory):
    """A marker is sent and taken after everything else, whatever the names."""
    folder = bw.make_folder(tmp_path / "run")
    receipt = exchange.work_elsewhere(memory, "name", ("chunks", "tables"), bw.write_piece, tasks(folder)[3])
    assert list(receipt["sent"]) == ["tables/piece-3.bin", "chunks/3.json"]
    assert json.loads(Storage(memory).read("name.json")) == receipt


@pytest.mark.parametrize(("url", "error", "match"), [
    ("no-url", ConfigError, "not a URL"), ("nonsense://place", ConfigError, "nonsense"),
    ("file:///proc/no-such/place", BackendError, "The exchange refused"),
])  # fmt: skip
def test_a_storage_that_cannot_be_used_is_told_first(tmp_path, url, error, match):
    """A wrong URL, or a storage that refuses, is found before any work is done."""
    folder = bw.make_folder(tmp_path / "run")
    with pytest.raises(error, match=match) as told:
        worked(Pool("sequential", exchange=url), folder)
    assert "--exchange" in str(told.value)
    assert not list((folder / "chunks").iterdir())


def test_a_missing_package_is_named(monkeypatch):
    """The storage's own package, or fsspec itself, is named with the remedy."""

    def without(url, **options):
        raise ImportError("Install s3fs to access S3")

    with monkeypatch.context() as patch:
        patch.setattr("fsspec.core.url_to_fs", without)
        with pytest.raises(BackendError, match="Install s3fs"):
            Storage("s3://bucket/folder")
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(BackendError, match=r"pip install 'stresstest\[dask\]'"):
        Storage("s3://bucket/folder")


def test_a_task_has_one_name_in_every_process(tmp_path):
    """A task's name is the same in another process, and differs with the chunk and with what the job carries."""
    script = (
        "import sys; import backend_work as bw; from stresstest.backends.exchange import name_of\n"
        "print(name_of(bw.write_piece, (bw.Job('/runs/.partial-x', 0.5), 7)))\n"
    )
    import subprocess

    told = subprocess.run([sys.executable, "-c", script], env=bw.environment(), capture_output=True, text=True, check=True)
    job = bw.Job("/runs/.partial-x", 0.5)
    own = exchange.name_of(bw.write_piece, (job, 7))
    assert told.stdout.strip() == own
    assert len({own, exchange.name_of(bw.write_piece, (job, 8)),
                exchange.name_of(bw.write_piece, (bw.Job("/runs/.partial-x", 0.6), 7))}) == 3  # fmt: skip


def chunk_hash(folder, pool):
    """sha256 of every part of three chunks of the fake study."""
    for name in (store.CHUNKS, *(f"tables/{table}/calibrated" for table in ("futures", "outcomes", "years"))):
        (folder / name).mkdir(parents=True)
    study = fake.FakeStudy()
    labels = store.Labels("run", "calibrated", "dudley", "deal", ("honest", "gamed"), fake.LABELS)
    job = chunks.Job(str(folder), labels, study.kernel_inputs(study.scenarios[0], fake.STRATEGIES), fake.fake_chunk)
    every = [(job, chunks.Chunk("calibrated", first, 200, first == 0)) for first in (0, 200, 400)]
    with closing(work_through(pool, chunks.work_chunk, every, folder=folder)) as found:
        files = {path: facts["sha256"] for _, marker in found for path, facts in marker["files"].items()}
    assert all(store.sha256_of(folder / path) == sha256 for path, sha256 in files.items())
    assert len(list((folder / store.CHUNKS).iterdir())) == 3
    return files


def test_chunks_of_a_study_come_through_unchanged(tmp_path, memory):
    """Parts that travelled are those that were written in place, byte for byte, and their markers are there."""
    direct = chunk_hash(tmp_path / "direct", Pool("sequential"))
    assert chunk_hash(tmp_path / "by-storage", Pool("threading", 2, exchange=memory)) == direct
    assert len(direct) == 7
    assert runner.Pool is Pool


@contextmanager
def s3():
    """A server that speaks S3 on this machine, with one bucket."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        yield "http://{}:{}".format(*server.get_host_and_port())
    finally:
        server.stop()


@pytest.mark.skipif(bool(MISSING) or NO_DASK, reason=f"not installed: {', '.join(MISSING)}")
def test_files_come_through_an_s3_server(tmp_path, monkeypatch):
    """A Dask cluster of two workers sends its pieces to an S3 bucket, from which the run takes them."""
    for name, value in (("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "secret"), ("AWS_DEFAULT_REGION", "us-east-1")):
        monkeypatch.setenv(name, value)
    with s3() as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        fsspec.filesystem("s3", endpoint_url=address).mkdir("bucket")
        folder, url = bw.make_folder(tmp_path / ".partial-run"), "s3://bucket/exchange"
        assert worked(Pool("dask", 2, exchange=url), folder) == list(range(8))
        assert bw.whole(folder, 8)
        assert Storage(url).keys() == []
        with pytest.raises(BackendError, match="The exchange refused"):
            worked(Pool("sequential", exchange="s3://no-such-bucket/exchange"), bw.make_folder(tmp_path / "other"))
