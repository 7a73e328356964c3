"""Records: what is written is read again, stays small and in order, and what is none is refused."""

from __future__ import annotations

import json

import pytest

from stresstest.bench import record as R
from stresstest.bench.history import records, rows
from stresstest.bench.timing import Ratio
from stresstest.bench.words import judgement_lines, laid_out, listing, record_lines
from stresstest.errors import ConfigError, DataError

pytestmark = pytest.mark.unit
KEY = "kernel_vs_sfc64_normals"


def made(median: float = 0.5, date: str = "2026-11-22T10:00:00Z") -> R.Record:
    """A small record."""
    return R.Record(
        {KEY: Ratio(median, 0.4, 0.6, 0.45, 0.55, 9, 1e-3, 2e-3)},
        {"clause: payment": {"cost": 1.0, "least": 0.9, "most": 1.1}},
        {"clause: payment": 2_652}, {"kernel.project.project": 1}, [], {"check": 0.5}, {"normals": 399, "draws": 474},
        {"quick": True},
        {"processor": "one", "processors": 2, "load": 1.0, "load_before": 0.5}, date, {"rules": "ab", "package": "cd"},
    )  # fmt: skip


def test_what_is_written_is_read_again(tmp_path):
    """Every part of a record survives the file."""
    R.write(tmp_path / "a.json", made())
    assert R.as_json(R.read(tmp_path / "a.json")) == R.as_json(made())


def test_the_file_is_small_plain_and_sorted(tmp_path):
    """Ratios stand at the top level under their keys, keys are sorted, and figures have four digits."""
    R.write(tmp_path / "a.json", made(0.123456789))
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    found = json.loads(text)
    assert found[KEY] == 0.1235
    assert text == json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    assert set(found) == {*R.OWN, KEY}


@pytest.mark.parametrize("text", ["no json", "[]", '{"a": 1}', '{"bench_version": 99}', '{"bench_version": 1}'])
def test_what_is_no_record_is_refused(tmp_path, text):
    """A file that is no record ends in an error that names it."""
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        R.read(tmp_path / "a.json")
    assert "a.json" in str(caught.value)


def test_missing_files_and_folders_are_named(tmp_path):
    """Neither a record nor a folder of records that is not there, nor a place that cannot be written, passes."""
    with pytest.raises(ConfigError):
        R.read(tmp_path / "none.json")
    with pytest.raises(ConfigError):
        records(tmp_path / "none")
    with pytest.raises(ConfigError):
        R.write(tmp_path / "none" / "a.json", made())


def test_history_is_by_date(tmp_path):
    """Records are ordered by date, and the whole change of a ratio stands at the end."""
    R.write(tmp_path / "later.json", made(0.25, "2026-11-23T10:00:00Z"))
    R.write(tmp_path / "zz-first.json", made(0.5))
    table = rows(records(tmp_path))
    assert table[0] == ["", "zz-first", "later", "change"]
    assert table[1] == [KEY, "0.5", "0.25", "−50%"]
    assert rows(records(tmp_path), "clause")[1][0] == "clause: payment"


def test_three_processes_make_a_cost():
    """A rule's cost is the median over the processes, with the least and the most."""
    assert R.rules_of([{"a": 1.0}, {"a": 3.0}, {"a": 1.5}]) == {"a": {"cost": 1.5, "least": 1.0, "most": 3.0}}


def test_tables_teach():
    """What is printed names what was measured against what, how sure it is, and what is better."""
    text = "\n".join(record_lines(made()))
    for word in (KEY, "SFC64", "interval", "lower", "399 of them normals", "clause: payment", "load 0.5 before"):
        assert word in text
    assert any("clause: …" in line for line in listing())
    assert laid_out([["a", "bb"], ["ccc", "d"]]) == ["a    bb", "ccc   d"]
    assert judgement_lines([], ["numba"])[0].endswith("times are shown and not judged.")


def test_generations_of_one_name_are_told_apart(tmp_path):
    """A processor's family and model are of the record: hosts sell several under one name."""
    told = tmp_path / "cpuinfo"
    told.write_text("model name\t: AMD EPYC\ncpu family\t: 25\nmodel\t\t: 17\nstepping\t: 1\n\nmodel\t: 9\n", encoding="utf-8")
    assert R.generation(told) == "cpu family 25, model 17, stepping 1"
    assert R.generation(tmp_path / "none")
    assert R.environment()["generation"] == R.generation()
