"""The results hash sees every value and nothing of how rows were split."""

from __future__ import annotations

import fake_study as fake
import numpy as np
import pytest

from stresstest import layout as L
from stresstest.errors import DataError
from stresstest.results import store
from stresstest.results.hashing import part_files, results_hash, table_hash

pytestmark = pytest.mark.unit
INPUTS = fake.FakeStudy().kernel_inputs(fake.Scenario("calibrated", 10), fake.STRATEGIES)


def written(folder, sizes, change=None, scenario="calibrated", run="run-1"):
    """A folder with one chunk per size; `change` = (array, place) adds the least amount there."""
    labels = store.Labels(run, scenario, "dudley", "deal", ("honest", "gamed"), fake.LABELS)
    whole = fake.fake_chunk(INPUTS, 0, sum(sizes), True)
    if change is not None:
        values, where = whole[change[0]], change[1]
        values[where] = np.nextafter(values[where], np.inf)
    folder.mkdir()
    store.make_folders(folder, [scenario])
    first = 0
    for size in sizes:
        cut = [np.ascontiguousarray(values[..., first : first + size]) for values in whole]
        store.write_chunk(folder, labels, first, *cut)
        first += size
    return folder


def test_the_hash_does_not_see_chunks_row_groups_or_the_run(tmp_path, monkeypatch):
    """One part, many odd parts and tiny row groups give one hash."""
    one = results_hash(written(tmp_path / "one", [700]))
    assert results_hash(written(tmp_path / "many", [1, 256, 300, 143])) == one
    monkeypatch.setattr(store, "ROW_GROUP", 97)
    assert results_hash(written(tmp_path / "groups", [350, 350], run="run-2")) == one


@pytest.mark.parametrize("change", [
    (0, (1, 3, 650)), (0, (0, L.OUT["health_qaly_npv"], 0)), (1, (1, 2, 3, 699)), (2, (17, 5)),
])  # fmt: skip
def test_the_hash_sees_the_least_change(tmp_path, change):
    """One value, changed in its last bit, gives another hash."""
    assert results_hash(written(tmp_path / "a", [700])) != results_hash(written(tmp_path / "b", [700], change))


def test_the_hash_sees_names_and_order(tmp_path):
    """Equal numbers under another scenario's name, or cut short, are other results."""
    whole = results_hash(written(tmp_path / "a", [300]))[0]
    assert results_hash(written(tmp_path / "b", [300], scenario="other"))[0] != whole
    assert results_hash(written(tmp_path / "c", [299]))[0] != whole


def test_words_are_hashed_by_value(tmp_path):
    """Two tables whose letters are the same end to end, but cut differently into cells, differ."""
    for folder, words in (("a", ("ab", "c")), ("b", ("a", "bc"))):
        store.write_summary(tmp_path / folder, [{"metric": word, "value": 1.0} for word in words], "run-1")
    assert table_hash(tmp_path / "a", "summary") != table_hash(tmp_path / "b", "summary")


def test_a_part_that_is_not_whole_is_named(tmp_path):
    """A truncated file is an error of data that names the file."""
    folder = written(tmp_path / "a", [300])
    path = part_files(folder, "outcomes")[0]
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match=path.name):
        results_hash(folder)
