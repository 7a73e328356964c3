"""Runs in storage elsewhere: put there and fetched with every byte checked, in pieces, and never over something else."""

from __future__ import annotations

import builtins
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from socket import socket

import fake_study as fake
import pytest

from stresstest import runner, storage_verbs
from stresstest.errors import BackendError, ConfigError, DataError
from stresstest.results import remote
from stresstest.results.manifest import load_manifest, verify_run, write_manifest
from stresstest.results.store import sha256_of

fsspec = pytest.importorskip("fsspec", reason="storage elsewhere is reached through fsspec")

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small finished run."""
    study = fake.FakeStudy(scenarios=(fake.Scenario("calibrated", 500), fake.Scenario("slow", 90, 5.0)), years_futures=60)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "simulate_chunk", fake.fake_chunk)
        return runner.run_study(study, fake.STRATEGIES, tmp_path_factory.mktemp("made"), chunk=256, jobs=1).folder


@pytest.fixture
def folder(made, tmp_path):
    """A copy of that run."""
    return shutil.copytree(made, tmp_path / "here" / made.name)


def server(folder):
    """A server that speaks S3, on this machine: its process and address; the test is skipped where there is none."""
    pytest.importorskip("s3fs", reason="S3 is reached through s3fs")
    pytest.importorskip("moto.server", reason="the server that stands in for S3 is moto's")
    with closing(socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = "import sys; from moto.server import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", start, "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{address}/moto-api/", timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    return process, address


@pytest.fixture(params=["memory", "file", "s3"])
def url(request, tmp_path, monkeypatch):
    """A place for one run in each kind of storage."""
    if request.param == "memory":
        system = fsspec.filesystem("memory")
        system.store.clear()
        system.pseudo_dirs[:] = [""]
        yield "memory://bucket/runs/one"
    elif request.param == "file":
        yield f"file://{tmp_path}/elsewhere/one"
    else:
        process, address = server(tmp_path)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        monkeypatch.setitem(fsspec.config.conf, "s3", {"endpoint_url": address})
        urllib.request.urlopen(urllib.request.Request(f"{address}/bucket", method="PUT"), timeout=5).close()
        yield "s3://bucket/runs/one"
        process.terminate()
        process.wait(10)


def tree(folder):
    """sha256 of every file below a folder, by name."""
    return {path.relative_to(folder).as_posix(): sha256_of(path) for path in folder.rglob("*") if path.is_file()}


def spy(monkeypatch, method):
    """Names of the files that `method` of the file system is asked for."""
    seen, before = [], getattr(remote, method)

    def noted(place, folder, name, *rest):
        seen.append(name)
        return before(place, folder, name, *rest)

    monkeypatch.setattr(remote, method, noted)
    return seen


def test_there_and_back(folder, url, tmp_path):
    """What is published and fetched is the same run, byte for byte, and verifies."""
    (folder / "assurance.toml").write_text("[roles]\n")
    remote.publish(folder, url)
    back = remote.fetch(url, tmp_path / "there")
    assert tree(back) == tree(folder)
    assert all(check.ok for check in verify_run(back))
    assert remote.place_of(url).read(remote.CLAIM) is None


def test_publishing_goes_on_where_it_stopped(folder, url, tmp_path, monkeypatch):
    """Stopped in the middle there is no run to fetch; the same call puts only what is missing."""
    before, count = remote._put, iter(range(100))

    def break_off(*given):
        if next(count) == 4:
            raise ConnectionResetError("the line went dead")
        return before(*given)

    with monkeypatch.context() as patch:
        patch.setattr(remote, "_put", break_off)
        with pytest.raises(BackendError, match="the same command goes on"):
            remote.publish(folder, url)
    with pytest.raises(DataError, match="not whole yet"):
        remote.fetch(url, tmp_path / "there")
    said = []
    remote.publish(folder, url, said.append)
    files = len(tree(folder))
    assert said == [f"{files} files are at {remote.shown(url)}, {files - 1 - 4} of them put there now"]
    assert tree(remote.fetch(url, tmp_path / "there")) == tree(folder)
    remote.publish(folder, url, said.append)
    assert said[-1].endswith(", 0 of them put there now")


def test_fetching_goes_on_where_it_stopped(folder, url, tmp_path, monkeypatch):
    """Stopped in the middle nothing has the run's name; the same call fetches only what is missing, and once more nothing."""
    remote.publish(folder, url)
    before, count, out = remote._get, iter(range(100)), tmp_path / "there"

    def break_off(*given):
        if next(count) == 3:
            raise TimeoutError("no answer")
        return before(*given)

    with monkeypatch.context() as patch:
        patch.setattr(remote, "_get", break_off)
        with pytest.raises(BackendError, match="no answer"):
            remote.fetch(url, out)
    assert not (out / folder.name).exists()
    seen = spy(monkeypatch, "_get")
    assert tree(remote.fetch(url, out)) == tree(folder)
    assert len(seen) == len(tree(folder)) - 1 - 3
    assert remote.fetch(url, out) == out / folder.name
    assert len(seen) == len(tree(folder)) - 1 - 3


def test_another_run_is_not_written_over(folder, url):
    """A place with another run, whole or half, or with anything else, is refused and left alone."""
    remote.publish(folder, url)
    manifest = load_manifest(folder)
    write_manifest(folder, {**manifest, "run_id": "another"})
    with pytest.raises(ConfigError, match="another run in that place"):
        remote.publish(folder, url)
    place = remote.place_of(url)
    place.system.rm_file(place.path("manifest.json"))
    place.system.pipe_file(place.path(remote.CLAIM), json.dumps({"run_id": "third"}).encode())
    with pytest.raises(ConfigError, match="half published"):
        remote.publish(folder, url)
    place.system.rm_file(place.path(remote.CLAIM))
    with pytest.raises(ConfigError, match="something else in that place"):
        remote.publish(folder, url)


def test_a_changed_byte_there_is_found(folder, url, tmp_path):
    """A file that was altered in the storage is not fetched as the run's; publishing puts the right one there again."""
    remote.publish(folder, url)
    place, name = remote.place_of(url), "tables/outcomes/calibrated/part-000000000000.parquet"
    content = bytearray(place.read(name))
    content[len(content) // 2] ^= 1
    place.system.pipe_file(place.path(name), bytes(content))
    with pytest.raises(DataError, match="not as the manifest has it"):
        remote.fetch(url, tmp_path / "there")
    assert not (tmp_path / "there" / folder.name).exists()
    remote.publish(folder, url)
    assert tree(remote.fetch(url, tmp_path / "there")) == tree(folder)


def test_a_file_that_is_gone_there_is_named(folder, url, tmp_path):
    """A missing part is data that is wrong, and the message names it."""
    remote.publish(folder, url)
    place = remote.place_of(url)
    place.system.rm_file(place.path("checks.json"))
    with pytest.raises(DataError) as caught:
        remote.fetch(url, tmp_path / "there")
    assert "not there" in caught.value.message
    assert str(caught.value.file).endswith("checks.json")


def test_a_storage_that_forgets_is_found_out(folder, tmp_path, monkeypatch):
    """What is put is looked at again: a storage that keeps other bytes is a failed back-end."""
    url = f"file://{tmp_path}/elsewhere/one"
    system = type(remote.place_of(url).system)
    monkeypatch.setattr(system, "put_file", lambda self, one, two, **_: self.pipe_file(two, b"x" * os.path.getsize(one)))
    with pytest.raises(BackendError, match="does not hold what it was given"):
        remote.publish(folder, url)


def test_only_a_whole_run_is_published(folder, tmp_path):
    """A changed part, a changed manifest and an unfinished run stay here."""
    url = f"file://{tmp_path}/elsewhere/one"
    manifest = load_manifest(folder)
    path = folder / "tables/outcomes/calibrated/part-000000000000.parquet"
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    with pytest.raises(DataError, match="not as it was written"):
        remote.publish(folder, url)
    path.write_bytes(content)
    (folder / "manifest.json").write_text((folder / "manifest.json").read_text().replace("A fake", "A real"))
    with pytest.raises(DataError, match="manifest is not as it was written"):
        remote.publish(folder, url)
    write_manifest(folder, {**manifest, "status": "failed"})
    with pytest.raises(DataError, match="not complete"):
        remote.publish(folder, url)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("changes", [
    {"run_id": "../../away"}, {"run_id": 7}, {"status": "running"}, {"files": {"../away.txt": {"bytes": 1, "sha256": "0"}}},
    {"files": {"/etc/away": {"bytes": 1, "sha256": "0"}}}, {"manifest_version": 99},
], ids=["name", "number", "unfinished", "upwards", "absolute", "version"])  # fmt: skip
def test_a_manifest_there_is_not_trusted(folder, tmp_path, changes):
    """A name that leads out of the folder, an unfinished run, another version: refused before a file is fetched."""
    url = f"file://{tmp_path}/elsewhere/one"
    remote.publish(folder, url)
    write_manifest(tmp_path / "elsewhere" / "one", {**load_manifest(folder), **changes})
    with pytest.raises(DataError):
        remote.fetch(url, tmp_path / "there")
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith("away")]


def test_a_place_without_a_run_is_named(tmp_path):
    """Nothing there, or something else there: data that is missing, with what is there."""
    with pytest.raises(DataError, match="no run in that place"):
        remote.fetch(f"file://{tmp_path}/nothing", tmp_path / "there")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "photo.jpg").write_text("x")
    with pytest.raises(DataError, match=r"there are photo\.jpg"):
        remote.fetch(f"file://{tmp_path}/other", tmp_path / "there")


def test_a_folder_of_that_name_is_left_alone(folder, tmp_path):
    """Another thing of the run's name below the folder for runs is not written over."""
    url = f"file://{tmp_path}/elsewhere/one"
    remote.publish(folder, url)
    taken = tmp_path / "there" / folder.name
    taken.mkdir(parents=True)
    (taken / "mine.txt").write_text("x")
    with pytest.raises(ConfigError, match="something else of that name"):
        remote.fetch(url, tmp_path / "there")
    assert (taken / "mine.txt").read_text() == "x"


@pytest.mark.parametrize("harm", [
    lambda path: path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:]),
    lambda path: path.unlink(), lambda path: os.truncate(path, 0),
], ids=["flipped", "lost", "emptied"])  # fmt: skip
def test_a_damaged_copy_is_mended(folder, tmp_path, harm):
    """A local copy with a file that is not as it was written gets that file again, and nothing else."""
    url, said = f"file://{tmp_path}/elsewhere/one", []
    remote.publish(folder, url)
    copy = remote.fetch(url, tmp_path / "there")
    harm(next((copy / "tables").rglob("*.parquet")))
    assert remote.fetch(url, tmp_path / "there", said.append) == copy
    assert said[-1].endswith(" 1 of them fetched now")
    assert tree(copy) == tree(folder)
    assert all(check.ok for check in verify_run(copy))


def test_a_damaged_copy_of_a_damaged_run_is_refused(folder, tmp_path):
    """Where the file is damaged in both places the copy is not given back as fetched."""
    url = f"file://{tmp_path}/elsewhere/one"
    remote.publish(folder, url)
    copy = remote.fetch(url, tmp_path / "there")
    name = next((copy / "tables").rglob("*.parquet")).relative_to(copy)
    for one in (copy, tmp_path / "elsewhere" / "one"):
        (one / name).write_bytes(b"x")
    with pytest.raises(DataError, match="not as the manifest has it"):
        remote.fetch(url, tmp_path / "there")


def test_a_copy_with_a_file_too_many_is_refused(folder, tmp_path):
    """A part that nobody published is named and left alone; a report beside the run is none of fetch's business."""
    url = f"file://{tmp_path}/elsewhere/one"
    remote.publish(folder, url)
    copy = remote.fetch(url, tmp_path / "there")
    (copy / "report").mkdir()
    (copy / "report" / "index.html").write_text("x")
    assert remote.fetch(url, tmp_path / "there") == copy
    extra = copy / "tables" / "extra.csv"
    extra.write_text("a,b\n")
    with pytest.raises(ConfigError, match=r"extra\.csv was added"):
        remote.fetch(url, tmp_path / "there")
    assert extra.is_file()


def test_nothing_is_mended_through_a_link(folder, tmp_path):
    """A folder of the copy that is a link to another place is refused: what lies there is left as it is."""
    url = f"file://{tmp_path}/elsewhere/one"
    remote.publish(folder, url)
    copy = remote.fetch(url, tmp_path / "there")
    (copy / "tables").rename(tmp_path / "mine")
    (copy / "tables").symlink_to(tmp_path / "mine")
    changed = next((tmp_path / "mine").rglob("*.parquet"))
    changed.write_bytes(b"x")
    with pytest.raises(ConfigError, match="link to another place"):
        remote.fetch(url, tmp_path / "there")
    assert changed.read_bytes() == b"x"


def test_no_room_is_said_before_a_file_is_fetched(folder, tmp_path, monkeypatch):
    """A run that does not fit is refused with both sizes."""
    url = f"file://{tmp_path}/elsewhere/one"
    remote.publish(folder, url)
    monkeypatch.setattr("stresstest.results.volume.room_in", lambda place: 1000)
    with pytest.raises(ConfigError, match="are free"):
        remote.fetch(url, tmp_path / "there")


@pytest.mark.parametrize(("url", "words"), [
    ("no-url", "This is no URL"), ("nosuch://bucket/run", "No storage is known"), ("memory://", "the whole of the storage"),
])  # fmt: skip
def test_a_url_that_is_none_is_explained(url, words, folder):
    """Each is a wrong option, with what a URL looks like."""
    with pytest.raises(ConfigError, match=words):
        remote.publish(folder, url)


@pytest.mark.parametrize(
    ("missing", "words"), [("fsspec", r"pip install 'stresstest\[remote\]'"), ("gcsfs", "pip install gcsfs")]
)
def test_a_missing_package_is_named(missing, words, monkeypatch, folder):
    """The message has the line that installs it."""
    before = builtins.__import__

    def refuse(name, *rest):
        if name.split(".")[0] == missing:
            raise ImportError(f"no {name}")
        return before(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ConfigError, match=words):
        remote.publish(folder, "gs://bucket/run")


@pytest.mark.parametrize(("error", "kind", "words"), [
    (PermissionError("Forbidden"), ConfigError, "Access to the storage is refused"),
    (FileNotFoundError("The specified bucket does not exist"), ConfigError, "no such storage"),
    (RuntimeError("Unable to locate credentials"), ConfigError, "asks for credentials"),
    (OSError("slow down"), BackendError, "could not be copied"),
])  # fmt: skip
def test_what_a_storage_refuses_is_one_sentence(folder, monkeypatch, tmp_path, error, kind, words):
    """Refused access, a missing bucket, no credentials, and any other failure."""

    def refuse(self, name):
        raise error

    monkeypatch.setattr(remote.Place, "read", refuse)
    with pytest.raises(kind, match=words):
        remote.publish(folder, f"file://{tmp_path}/elsewhere/one")


def test_a_password_in_a_url_is_never_shown():
    """Neither user, nor password, nor a signed query."""
    assert remote.shown("sftp://me:secret@host:22/runs/one?sig=abc") == "sftp://host:22/runs/one"


def test_the_verbs_print_where_it_is(folder, tmp_path, capsys):
    """The place and the results hash, then the folder; what to do next on stderr."""
    url = f"file://{tmp_path}/elsewhere/one"
    assert storage_verbs.publish(folder, url) == 0
    out = capsys.readouterr()
    assert out.out.splitlines() == [url, f"results hash {load_manifest(folder)['results_hash']}"]
    assert f"stresstest fetch {url}" in out.err
    assert storage_verbs.fetch(url, tmp_path / "there", quiet=True) == 0
    out = capsys.readouterr()
    assert out.out.strip() == str(tmp_path / "there" / folder.name)
    assert out.err == ""
