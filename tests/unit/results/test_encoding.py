"""How a column is encoded follows from its numbers, changes none of them, and takes no more room than lz4 throughout."""

from __future__ import annotations

import io

import fake_study as fake
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stresstest import layout as L
from stresstest.results import encoding, schema, store
from stresstest.results.encoding import DICTIONARY, DIFFERENCES, LZ4, PLAIN

pytestmark = pytest.mark.unit
ROWS = 4000
LABELS = store.Labels("run-1", "calibrated", "dudley", "deal", ("honest", "gamed"), fake.LABELS)
SPREAD = fake.spread(np.arange(ROWS), 1)
SORTS = {
    "constant": (np.full(ROWS, 1.0), LZ4),
    "counts": (np.floor(6.0 * SPREAD), DICTIONARY),
    "capped": (np.maximum(0.0, SPREAD - 0.7), LZ4),
    "different": (SPREAD, PLAIN),
    "numbers": (np.arange(ROWS), DIFFERENCES),
    "group": (np.zeros(ROWS, dtype=np.int64), LZ4),
    "flags": (SPREAD > 0.5, LZ4),
}


def chunk_of(n=ROWS):
    """Outcomes, yearly table and nature with a column of each sort among them."""
    inputs = fake.FakeStudy().kernel_inputs(fake.Scenario("calibrated", 10), fake.STRATEGIES)
    out, yearly, nature = fake.fake_chunk(inputs, 0, n, True)
    out[:, L.OUT["gaming_cost_npv_gbp"]] = [np.zeros(n), -0.0 * np.ones(n)]
    out[1, L.OUT["lowest_reserve_gbp"]] = np.where(SPREAD[:n] < 0.8, 0.0, 5e-324)
    nature[L.NATURE.index("crisis_years")] = np.floor(6.0 * SPREAD[:n])
    return out, yearly, nature


@pytest.mark.parametrize("sort", SORTS)
def test_the_kind_follows_from_the_numbers(sort):
    """One value, few, some that come again, all different; whole numbers and yes or no."""
    values, kind = SORTS[sort]
    assert encoding.kind_for(pa.chunked_array([values])) == kind
    assert encoding.kind_for(pa.chunked_array([values[:1500], values[1500:]])) == kind


def test_an_empty_column_has_a_kind():
    """A table without rows is written too."""
    assert encoding.kind_for(pa.chunked_array([np.zeros(0)])) in (LZ4, PLAIN, DICTIONARY)


def test_every_number_comes_back_to_the_last_bit(tmp_path):
    """Whatever its encoding, a column reads as it was written: −0.0 and the smallest number too."""
    out, yearly, nature = chunk_of()
    store.make_folders(tmp_path, ["calibrated"])
    store.write_chunk(tmp_path, LABELS, 0, out, yearly, nature)
    read = pq.read_table(tmp_path / store.part_path("outcomes", "calibrated", 0))
    for k, name in enumerate(L.OUTCOMES[:-2]):
        assert read[name].to_numpy().tobytes() == out[:, k].tobytes()
    read = pq.read_table(tmp_path / store.part_path("futures", "calibrated", 0))
    for k, name in enumerate(L.NATURE):
        assert read[name].to_numpy().tobytes() == nature[k].tobytes()
    assert read["future"].to_pylist() == list(range(ROWS))
    assert read["cell"].to_numpy().tolist() == nature[len(L.NATURE) + L.TAG_CELL].tolist()


def test_the_file_has_the_encodings(tmp_path):
    """Counts have a dictionary, numbers of futures are differences, different ones are not compressed."""
    store.make_folders(tmp_path, ["calibrated"])
    store.write_chunk(tmp_path, LABELS, 0, *chunk_of())
    group = pq.read_metadata(tmp_path / store.part_path("futures", "calibrated", 0)).row_group(0)
    found = {group.column(k).path_in_schema: group.column(k) for k in range(group.num_columns)}
    assert "RLE_DICTIONARY" in found["crisis_years"].encodings
    assert "DELTA_BINARY_PACKED" in found["future"].encodings
    assert found["opening_gap"].compression == "UNCOMPRESSED"
    assert "LZ4" in found["weight"].compression


@pytest.mark.parametrize("table", schema.SIMULATED)
def test_no_more_room_than_lz4_throughout(tmp_path, table):
    """The chosen encodings take at most 2% more bytes than lz4 in every column, and the same numbers the same bytes."""
    store.make_folders(tmp_path, ["calibrated"])
    first = store.write_chunk(tmp_path, LABELS, 0, *chunk_of())["files"]
    again = store.write_chunk(tmp_path, LABELS, 0, *chunk_of())["files"]
    assert first == again
    name = store.part_path(table, "calibrated", 0)
    throughout = io.BytesIO()
    pq.write_table(pq.read_table(tmp_path / name, partitioning=None), throughout, compression="lz4",
                   use_dictionary=schema.names(table, schema.TEXT), write_batch_size=store.WRITE_BATCH)  # fmt: skip
    assert first[name]["bytes"] <= 1.02 * throughout.getbuffer().nbytes


def test_a_part_that_is_not_written_whole_is_told(tmp_path, monkeypatch):
    """When the disk holds fewer bytes than were written, the part does not get its name."""
    monkeypatch.setattr(store.os, "fstat", lambda number: type("Facts", (), {"st_size": 3}))
    with pytest.raises(store.RunError, match="not written whole"):
        store.write_bytes(tmp_path / "part", b"four")
    assert list(tmp_path.iterdir()) == []
