"""Reading a run back while it is written: any order in, one hash out, and nothing held that waits for its turn."""

from __future__ import annotations

import itertools
import threading

import fake_study as fake
import numpy as np
import pyarrow as pa
import pytest

from stresstest.errors import DataError
from stresstest.results import schema, store
from stresstest.results.census import Census, check_tables
from stresstest.results.following import Follower
from stresstest.results.hashing import results_hash

pytestmark = pytest.mark.unit
SIZES = (300, 256, 145)
FIRSTS = (0, 300, 556)
INPUTS = fake.FakeStudy().kernel_inputs(fake.Scenario("calibrated", 10), fake.STRATEGIES)
MANIFEST = {
    "futures": {"calibrated": 700}, "strategies": {"honest": {}, "gamed": {}}, "years_futures": 700,
    "year_labels": list(fake.LABELS), "condensed": {},
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with three chunks, and their markers."""
    folder = tmp_path_factory.mktemp("made")
    labels = store.Labels("run-1", "calibrated", "dudley", "deal", ("honest", "gamed"), fake.LABELS)
    whole = fake.fake_chunk(INPUTS, 0, sum(SIZES), True)
    store.make_folders(folder, ["calibrated"])
    cut = [[np.ascontiguousarray(v[..., a : a + n]) for v in whole] for a, n in zip(FIRSTS, SIZES, strict=True)]
    return folder, [store.write_chunk(folder, labels, first, *part) for first, part in zip(FIRSTS, cut, strict=True)]


def follower(folder, threads=1, **changes):
    """A follower of the folder's three chunks."""
    return Follower(folder, {**MANIFEST, **changes}, [("calibrated", first) for first in FIRSTS], threads)


def follow(following, markers):
    """Hand over the markers and wait for the census."""
    for marker in markers:
        following.add(marker)
    return following.finish()


def names():
    """Threads that a follower begins."""
    return [t.name for t in threading.enumerate() if t.name.startswith(("follower", "digest"))]


@pytest.mark.parametrize("threads", [0, 1, 3])
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_any_order_gives_one_hash_and_the_same_checks(made, order, threads):
    """However chunks finish and however many threads there are, the census is that of the finished folder."""
    folder, markers = made
    following = follower(folder, threads)
    for k in order:
        following.add(markers[k])
    census = following.finish()
    assert census.results_hash() == results_hash(folder)
    assert census.checks() == check_tables(folder, MANIFEST)
    assert all(check.ok for check in census.checks())
    following.stop()
    assert names() == []


def test_what_waits_for_its_turn_is_not_read(made):
    """Chunks that come before the first one cost no memory: none of their numbers is held."""
    folder, markers = made
    following, before = follower(folder, 0), pa.total_allocated_bytes()
    following.add(markers[2])
    following.add(markers[1])
    assert pa.total_allocated_bytes() == before
    assert "700 futures" not in str(following.census.checks()[0].detail)
    assert following.census.results_hash()[1] == {}
    following.add(markers[0])
    assert following.finish().results_hash() == results_hash(folder)


def test_a_future_that_is_missing_is_found(made):
    """A census held against more futures than were written says so."""
    folder, markers = made
    following = follower(folder, futures={"calibrated": 701})
    for marker in markers:
        following.add(marker)
    wrong = {check.name: check.detail for check in following.finish().checks() if not check.ok}
    assert wrong["every future is there once"] == "futures: calibrated: 701 futures, expected 702"
    following.stop()


@pytest.mark.parametrize("threads", [0, 1])
def test_a_part_that_cannot_be_read_stops_the_run(made, tmp_path, threads):
    """A truncated part is raised where chunks are handed over, with the file's name, and leaves no thread."""
    folder, markers = made
    store.make_folders(tmp_path, ["calibrated"])
    for marker in markers:
        for name in marker["files"]:
            content = (folder / name).read_bytes()
            (tmp_path / name).write_bytes(content[:-20] if "outcomes" in name else content)
    following = follower(tmp_path, threads)
    try:
        with pytest.raises(DataError, match=r"part-000000000000\.parquet"):
            follow(following, markers)
    finally:
        following.stop()
    assert names() == []


def test_an_error_of_the_thread_is_raised_where_it_is_waited_for(made, monkeypatch):
    """Whatever goes wrong beside the work is not lost."""
    folder, markers = made

    def refuse(*arguments):
        raise MemoryError("no room for a row group")

    monkeypatch.setattr(Census, "read_part", refuse)
    following = follower(folder)
    with pytest.raises(MemoryError, match="row group"):
        follow(following, markers)
    following.stop()
    assert names() == []


def test_stopping_reads_no_more(made, monkeypatch):
    """After a stop the parts that wait are left unread, and the thread is gone at once."""
    folder, markers = made
    seen, going, go = [], threading.Event(), threading.Event()

    def slow(self, table, path):
        seen.append(path)
        going.set()
        go.wait(10.0)

    monkeypatch.setattr(Census, "read_part", slow)
    following = follower(folder)
    for marker in markers:
        following.add(marker)
    assert going.wait(10.0)
    threading.Timer(0.05, go.set).start()
    following.stop()
    assert len(seen) < sum(len(marker["files"]) for marker in markers)
    assert names() == []


def test_a_census_of_a_run_without_parts_is_empty(tmp_path):
    """No table, no digest; the checks say what is missing."""
    census = Census(MANIFEST).read(tmp_path, schema.TABLES)
    assert census.results_hash()[1] == {}
    assert not census.checks()[0].ok
