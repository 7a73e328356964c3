"""The schema names every column once, and the writer and the reader keep to it."""

from __future__ import annotations

import json

import fake_study as fake
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from stresstest import layout as L
from stresstest.errors import RunError
from stresstest.results import schema, store
from stresstest.results.hashing import table_hash

pytestmark = pytest.mark.unit
LABELS = store.Labels("run-1", "calibrated", "dudley", "deal", ("honest", "gamed"), fake.LABELS)
INPUTS = fake.FakeStudy().kernel_inputs(fake.Scenario("calibrated", 10), fake.STRATEGIES)


def write(folder, first=0, n=300, spoil=None):
    """One chunk of the fake study in `folder`; `spoil` may change the arrays first."""
    arrays = fake.fake_chunk(INPUTS, first, n, True)
    if spoil is not None:
        spoil(*arrays)
    store.make_folders(folder, ["calibrated"])
    return store.write_chunk(folder, LABELS, first, *arrays)


def test_every_number_of_the_kernel_has_a_column():
    """Nothing that the kernel hands back is lost, and no column is named that it does not fill."""
    keys = {"place", "contract", "strategy", "scenario", "future", "weight", "group", "year"}
    assert set(schema.names("futures")) - keys == {*L.NATURE, "cell", "course"}
    assert {*L.TAGS} <= set(schema.names("futures"))
    assert set(schema.names("outcomes")) - keys == {*L.OUTCOMES[:-2], "exit_year", "exit_cause"}
    assert set(schema.names("years")) - keys == set(L.YEARLY)


def test_every_column_is_described_once():
    """No table names a column twice, and every number has a unit and a meaning."""
    rows = schema.describe()
    assert len({(row["table"], row["name"]) for row in rows}) == len(rows)
    assert all(row["description"] and (row["unit"] or row["type"] == "string") for row in rows)


def test_a_part_carries_units_version_run_and_licence(tmp_path):
    """The Parquet file can be understood without any other file."""
    write(tmp_path)
    found = pq.read_schema(tmp_path / store.part_path("outcomes", "calibrated", 0))
    assert found.metadata[b"run_id"] == b"run-1"
    assert {b"stresstest.schema_version", b"licence"} <= set(found.metadata)
    field = found.field("health_qaly_npv")
    assert field.metadata[b"unit"] == b"QALY, present value"
    assert not field.nullable


def test_floats_have_no_dictionary_and_words_have_one(tmp_path):
    """The settings that make writing fast are really in the file."""
    write(tmp_path)
    group = pq.read_metadata(tmp_path / store.part_path("outcomes", "calibrated", 0)).row_group(0)
    by_name = {group.column(k).path_in_schema: group.column(k) for k in range(group.num_columns)}
    assert "RLE_DICTIONARY" not in by_name["provider_surplus_npv_gbp"].encodings
    assert "RLE_DICTIONARY" in by_name["exit_cause"].encodings


def test_values_and_endings_come_back(tmp_path):
    """What pandas reads from the folder is what the kernel handed over, with endings in words."""
    write(tmp_path)
    out, yearly, nature = fake.fake_chunk(INPUTS, 0, 300, True)
    read = pd.read_parquet(tmp_path / "tables" / "outcomes")
    assert list(read.columns) == schema.names("outcomes")
    gamed = read[read.strategy == "gamed"]
    assert np.array_equal(gamed.provider_surplus_npv_gbp, out[1, 0])
    words = ["" if k < 0 else fake.LABELS[int(k)] for k in out[1, L.OUT["exit_year_index"]]]
    assert gamed.exit_year.tolist() == words
    assert gamed.exit_cause.tolist() == [L.EXIT_CAUSES[int(k)] for k in out[1, L.OUT["exit_cause_code"]]]
    years = pd.read_parquet(tmp_path / "tables" / "years")
    third = years[(years.strategy == "honest") & (years.year == fake.LABELS[2])]
    assert np.array_equal(third.income_gbp, yearly[0, 0, 2])
    assert third.running.tolist() == [bool(x) for x in yearly[0, L.YEAR["running"], 2]]
    futures = pd.read_parquet(tmp_path / "tables" / "futures")
    assert np.array_equal(futures.opening_gap, nature[L.NATURE.index("opening_gap")])


def test_tags_come_back_in_every_table(tmp_path):
    """Weight and group stand beside every row of futures, outcomes and years; cell and course beside futures."""
    write(tmp_path)
    _, _, nature = fake.fake_chunk(INPUTS, 0, 300, True)
    weight, *whole = nature[len(L.NATURE) :]
    group = whole[0]
    read = {name: pd.read_parquet(tmp_path / "tables" / name) for name in schema.SIMULATED}
    futures = read["futures"]
    assert np.array_equal(futures.weight, weight)
    for name, values in zip(L.TAGS[1:], whole, strict=True):
        assert futures[name].dtype == np.int64
        assert np.array_equal(futures[name], values)
    for table in ("outcomes", "years"):
        assert np.array_equal(read[table].weight, weight[read[table].future])
        assert np.array_equal(read[table].group, group[read[table].future])


@pytest.mark.parametrize("tag", L.TAGS)
def test_a_tag_that_is_not_finite_stops_the_chunk(tmp_path, tag):
    """A weight, group, cell or course that is no number is named like any other column."""

    def spoil(out, yearly, nature):
        nature[len(L.NATURE) + L.TAGS.index(tag), 11] = np.nan

    with pytest.raises(RunError, match=tag) as stopped:
        write(tmp_path, spoil=spoil)
    assert "Future 11 " in str(stopped.value)


@pytest.mark.parametrize(("array", "where", "words"), [
    (0, (1, 2, 17), ("strategy gamed", L.OUTCOMES[2], "Future 17 ")),
    (1, (0, 3, 2, 5), ("strategy honest", L.YEARLY[3], "Future 5 ", fake.LABELS[2])),
    (2, (4, 9), (L.NATURE[4], "Future 9 ")),
])  # fmt: skip
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_number_that_is_not_finite_stops_the_chunk(tmp_path, array, where, words, bad):
    """The message names scenario, strategy, future and column, and no part and no marker is left."""

    def spoil(*arrays):
        arrays[array][where] = bad

    with pytest.raises(RunError) as stopped:
        write(tmp_path, spoil=spoil)
    assert all(word in str(stopped.value) for word in (*words, "scenario calibrated"))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_an_ending_that_is_none_stops_the_chunk(tmp_path):
    """A cause code outside the list is refused instead of read as the last cause."""

    def spoil(out, yearly, nature):
        out[0, L.OUT["exit_cause_code"], 3] = len(L.EXIT_CAUSES)

    with pytest.raises(RunError, match="Future 3 "):
        write(tmp_path, spoil=spoil)


def test_a_chunk_is_finished_only_while_its_files_are_whole(tmp_path):
    """A truncated part makes its marker worthless; a marker of another size is worthless too."""
    write(tmp_path)
    assert store.read_marker(tmp_path, "calibrated", 0, 300, True) is not None
    part = tmp_path / store.part_path("futures", "calibrated", 0)
    part.write_bytes(part.read_bytes()[:-10])
    assert store.read_marker(tmp_path, "calibrated", 0, 300, True) is None
    assert not (tmp_path / store.marker_path("calibrated", 0)).exists()
    write(tmp_path)
    assert store.read_marker(tmp_path, "calibrated", 0, 299, True) is None


def test_a_failed_write_leaves_nothing(tmp_path, monkeypatch):
    """When the disk refuses half-way, neither the file nor its draft is there."""
    store.make_folders(tmp_path, ["calibrated"])

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write(tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_gaming_and_summary_tables(tmp_path):
    """Small tables take rows as they come: lists are joined, missing amounts stay empty, the CSV says the same."""
    counts = {"futures_searched": 10, "futures_verified": 20}
    store.write_gaming(tmp_path, [{"lever": "upcoding", "creating_terms": ["a", "b"], "gain_mean_gbp": 1.5, **counts},
                                  {"lever": "effort", "gain_mean_gbp": float("nan"), **counts}], "run-1")  # fmt: skip
    read = pd.read_parquet(tmp_path / "tables" / "gaming")
    assert read.creating_terms.tolist() == ["a; b", ""]
    assert read.gain_mean_gbp.isna().tolist() == [False, True]
    store.write_summary(tmp_path, [{"scenario": "calibrated", "metric": "surplus", "value": 0.1 + 0.2}], "run-1")
    both = (pd.read_parquet(tmp_path / "summary" / "summary.parquet"), pd.read_csv(tmp_path / "summary/summary.csv"))
    assert both[0].value.tolist() == both[1].value.tolist() == [0.1 + 0.2]


def test_a_run_without_exploits_has_an_empty_table(tmp_path):
    """No exploit is an answer too: the table is there, has its columns, and can be hashed."""
    store.write_gaming(tmp_path, [], "run-1")
    assert list(pd.read_parquet(tmp_path / "tables" / "gaming").columns) == schema.names("gaming")
    assert table_hash(tmp_path, "gaming") is not None


def test_small_tables_refuse_what_the_schema_does_not_have(tmp_path):
    """A misspelt column is named with its nearest neighbour; a missing count or figure is an error."""
    with pytest.raises(RunError, match="gain_mean_gbp"):
        store.write_gaming(tmp_path, [{"gain_mean": 1.0}], "run-1")
    with pytest.raises(RunError, match="futures_searched"):
        store.write_gaming(tmp_path, [{"lever": "effort"}], "run-1")
    with pytest.raises(RunError, match="value"):
        store.write_summary(tmp_path, [{"metric": "surplus", "value": float("nan")}], "run-1")


def test_json_is_written_whole_and_strict(tmp_path):
    """A number that JSON does not know is refused and leaves the old file as it was."""
    path = tmp_path / "x.json"
    store.write_json(path, {"a": 1})
    with pytest.raises(ValueError, match="JSON"):
        store.write_json(path, {"a": float("nan")})
    assert json.loads(path.read_text()) == {"a": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["x.json"]
