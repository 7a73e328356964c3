"""Papers of a run, its verification, and the read-only view of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import fake_study as fake
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from stresstest import layout as L
from stresstest import runner
from stresstest.errors import ConfigError, DataError
from stresstest.results import store
from stresstest.results.ensemble import Ensemble
from stresstest.results.hashing import part_files
from stresstest.results.manifest import intensities, load_manifest, verify_run
from stresstest.results.provenance import git_state, run_id

pytestmark = pytest.mark.unit


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A finished run of the fake study."""
    monkeypatch.setattr(runner, "simulate_chunk", fake.fake_chunk)
    return runner.run_study(fake.FakeStudy(), fake.STRATEGIES, tmp_path, chunk=1024, jobs=1).folder


def failed(folder):
    """Names of the checks that do not hold."""
    return [check.name for check in verify_run(folder) if not check.ok]


def rewrite(folder, table, column, change):
    """Change one column of the first part of a table, as a careless tool would."""
    path = part_files(folder, table)[0]
    read = pq.read_table(path)
    values = read.column(column).to_numpy().copy()
    change(values)
    place = read.schema.get_field_index(column)
    store.pq.write_table(read.set_column(place, read.schema.field(column), [values]), path)


def test_run_id_begins_with_the_date():
    """Date, study and six digits of the inputs hash, safe as a folder's name."""
    when = datetime(2026, 11, 21, 20, 45, 1, tzinfo=UTC)
    assert run_id("Dudley £5.5bn / base", "3f9a1cff", when) == "20261121T204501Z_dudley-5-5bn-base_3f9a1c"


def test_intensities_are_given_for_every_year():
    """A level holds in every year, and the last of a list from then on."""
    found = intensities(fake.STRATEGIES, 4)
    assert found["gamed"] == {"effort": [0.5] * 4, "upcoding": [0.1, 0.2, 0.2, 0.2]}


def test_no_git_is_no_failure(tmp_path):
    """A folder that is not this project's checkout has no git state."""
    assert git_state(tmp_path) is None


def test_a_good_run_passes_every_check(folder):
    """Nothing fails on an untouched run."""
    assert failed(folder) == []


def test_a_flipped_byte_is_found(folder):
    """One changed byte in one part file fails the check of files."""
    path = part_files(folder, "outcomes")[0]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    assert "every file is as it was written" in failed(folder)


def test_a_missing_and_an_added_file_are_found(folder):
    """Files may neither go nor come."""
    path = part_files(folder, "futures")[0]
    copy = path.with_name("part-000000099999.parquet")
    copy.write_bytes(path.read_bytes())
    assert {"every file is as it was written", "every future is there once"} <= set(failed(folder))
    copy.unlink()
    path.unlink()
    assert {"every file is as it was written", "every future is there once"} <= set(failed(folder))


@pytest.mark.parametrize(("table", "column", "change", "check"), [
    ("outcomes", "exposure_shifted_npv_gbp", lambda v: np.put(v, 7, 0.0), "net exposure is the sum of its causes"),
    ("years", "surplus_gbp", lambda v: np.put(v, 7, v[7] + 1.0), "cumulative surplus is the running sum of surplus"),
    ("futures", "weight", lambda v: np.put(v, 7, 2.0), "weights average 1"),
    ("futures", "state_end", lambda v: np.put(v, 7, np.nan), "every number is finite"),
    ("years", "future", lambda v: np.put(v, 7, 6), "every future is there once"),
])  # fmt: skip
def test_a_changed_value_fails_its_invariant(folder, table, column, change, check):
    """Each invariant notices one wrong value of its own, and the results hash notices every one."""
    rewrite(folder, table, column, change)
    assert {check, "the results hash is as it was"} <= set(failed(folder))


@pytest.mark.parametrize(
    ("slope", "varying", "holds"),
    [(0.0, (), True), (1.0, (), False), (1.0, ("calibrated", "official-future"), True), (1.0, ("calibrated",), False),
     (1.2, ("calibrated", "official-future"), False)],
)  # fmt: skip
def test_weights_average_one(tmp_path, monkeypatch, slope, varying, holds):
    """Exactly one where nothing makes them vary; elsewhere within chance, and a mean of 1.1 is more than chance."""

    def weighted(inputs, first, n, with_years):
        out, yearly, nature = fake.fake_chunk(inputs, first, n, with_years)
        if slope:
            nature[len(L.NATURE)] = 0.5 + slope * fake.spread(np.arange(first, first + n), 7)
        return out, yearly, nature

    monkeypatch.setattr(runner, "simulate_chunk", weighted)
    run = runner.run_study(fake.FakeStudy(varying_weights=varying), fake.STRATEGIES, tmp_path, chunk=1024, jobs=1)
    wrong = [check.name for check in run.checks if not check.ok]
    assert wrong == ([] if holds else ["weights average 1"])


def test_a_cause_without_an_exit_is_found(folder):
    """An exit year for a contract that ran its term fails its check."""
    path = part_files(folder, "outcomes")[0]
    read = pq.read_table(path)
    words = read.column("exit_year").to_pylist()
    words[words.index("")] = fake.LABELS[0]
    place, field = read.schema.get_field_index("exit_year"), read.schema.field("exit_year")
    store.pq.write_table(read.set_column(place, field, store.pa.array(words).cast(field.type)), path)
    assert "a cause is given for every early exit and no other" in failed(folder)


def test_manifest_errors_say_what_is_wrong(folder, tmp_path):
    """No folder, no manifest, broken JSON and a missing key are four plain sentences."""
    with pytest.raises(DataError, match="no such run folder"):
        load_manifest(tmp_path / "nothing")
    with pytest.raises(DataError, match="has no manifest"):
        load_manifest(folder / "tables")
    manifest = folder / "manifest.json"
    content = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({k: v for k, v in content.items() if k != "status"}))
    with pytest.raises(DataError, match="lacks a key"):
        load_manifest(folder)
    manifest.write_text('{"status": ')
    with pytest.raises(DataError, match="cannot be read"):
        load_manifest(folder)


def test_the_data_package_lists_every_table_with_units(folder):
    """Each resource's files exist, and each field has type, unit and description."""
    package = json.loads((folder / "datapackage.json").read_text())
    assert package["$schema"].endswith("/2.0/datapackage.json")
    assert [r["name"] for r in package["resources"]] == ["futures", "outcomes", "years"]
    for resource in package["resources"]:
        assert all((folder / path).is_file() for path in resource["path"])
        assert all({"type", "unit", "description"} <= set(field) for field in resource["schema"]["fields"])


def test_the_folder_holds_no_path_of_this_machine(folder):
    """The run can be sent to anyone: no file names the folder that it was made in."""
    above = str(folder.parent).encode()
    assert [p.name for p in folder.rglob("*") if p.is_file() and above in p.read_bytes()] == []


def test_run_log_is_lines_of_json(folder):
    """Each line of the log is one JSON object with time and event."""
    lines = [json.loads(line) for line in (folder / "run.log").read_text().splitlines()]
    assert lines[0]["event"] == "simulate"
    assert lines[-1]["event"] == "complete"
    assert all("time" in line for line in lines)


def test_an_ensemble_leaves_the_central_case_out(folder):
    """Future 0 is there only when it is asked for; scenarios, strategies and columns narrow the rows."""
    ensemble = Ensemble(folder)
    outcomes = ensemble.outcomes()
    assert len(outcomes) == 2 * (2500 + 700)
    assert outcomes.future.min() == 1
    assert len(ensemble.outcomes(with_central=True)) == 2 * (2501 + 701)
    narrow = ensemble.outcomes(["future", "exit_cause"], scenario="official-future", strategy="gamed")
    assert list(narrow.columns) == ["future", "exit_cause"]
    assert narrow.future.tolist() == list(range(1, 701))
    assert len(ensemble.years(scenario="calibrated", strategy=["honest"])) == 900 * fake.YEARS
    assert len(ensemble.futures()) == 3200


def test_an_ensemble_reads_what_pandas_reads(folder):
    """The labelled view and a plain read of the folder are the same table."""
    plain = pd.read_parquet(folder / "tables" / "outcomes")
    assert Ensemble(folder).outcomes(with_central=True).equals(plain)


def test_an_ensemble_speaks_plainly(folder):
    """Its repr is a sentence, and a wrong name is answered with the right ones."""
    ensemble = Ensemble(folder)
    assert repr(ensemble).endswith("3,200 futures in 2 scenarios under 2 strategies.")
    with pytest.raises(ConfigError, match="gamed"):
        ensemble.outcomes(strategy="gamd")
    with pytest.raises(ConfigError, match="exit_cause"):
        ensemble.outcomes(["exit_cuase"])
    with pytest.raises(DataError, match="no table gaming"):
        ensemble.gaming()
