"""What two runs' papers say of each other: entries, code, assumptions, changelog; older forms of them included."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stresstest.errors import DataError
from stresstest.measures.difference import BEYOND, BOUND, INDEPENDENT, PAIRED, SAME, UNKNOWN, WITHIN, change_cells
from stresstest.results import difference as D

pytestmark = pytest.mark.unit
NAN = float("nan")


def record(configuration: dict[str, Any] | None = None, **manifest: Any) -> D.Record:
    """A run's papers, invented."""
    return D.Record(Path("nowhere"), {"run_id": "r", "status": "complete", **manifest}, configuration or {}, [])


def made(version: str, digest: str = "a", **more: Any) -> D.Record:
    """A run of a version."""
    return record(source_digest=digest, provenance={"stresstest": version, "libraries": {"numpy": "2.4"}, **more})


def number(value: float, source: str = "s") -> dict[str, Any]:
    """A number as an effective configuration has it."""
    return {"value": value, "unit": "share", "source": source, "quality": "judgement"}


def test_entries_are_added_removed_and_changed() -> None:
    """Each entry stands by its key, rows of lists by their names, with value, unit and source before and after."""
    a = record({"contract": {"terms": [{"kind": "gate", "x": number(1.0)}, {"kind": "old", "y": number(2.0)}]}})
    b = record({"contract": {"terms": [{"kind": "new", "z": number(3.0)}, {"kind": "gate", "x": number(1.5, "t")}]}})
    rows = {row["key"]: row for row in D.input_rows(a, b)}
    changed = rows["contract.terms[gate].x"]
    assert (changed["what"], changed["value_before"], changed["value_after"]) == ("changed", "1", "1.5")
    assert (changed["source_before"], changed["source_after"], changed["unit_after"]) == ("s", "t", "share")
    assert rows["contract.terms[old].y"]["what"] == "removed"
    assert rows["contract.terms[new].z"]["what"] == "added"
    assert {row["bears"] for row in rows.values()} == {D.NUMBERS}
    assert D.input_rows(a, a) == []


@pytest.mark.parametrize(("part", "before", "after", "bears"), [
    ("study", {"seed": 1}, {"seed": 2}, D.SAMPLING),
    ("study", {"design": {"kind": "random"}}, {"design": {"kind": "sobol"}}, D.SAMPLING),
    ("scenarios", {"official": {"futures": 10}}, {"official": {"futures": 20}}, D.SAMPLING),
    ("study", {"title": "a"}, {"title": "b"}, D.WORDS),
    ("place", {"x": number(1.0, "s")}, {"x": number(1.0, "t")}, D.WORDS),
    ("place", {"x": number(1.0)}, {"x": number(1.0000001)}, D.NUMBERS),
    ("study", {"seeds": 1}, {"seeds": 2}, D.NUMBERS),
])  # fmt: skip
def test_entries_bear_on_numbers_sampling_or_words(part: str, before: Any, after: Any, bears: str) -> None:
    """Seeds and numbers of futures are sampling, titles and sources words, the rest numbers."""
    (row,) = D.input_rows(record({part: before}), record({part: after}))
    assert row["bears"] == bears


def test_a_design_by_name_is_compared_with_a_table() -> None:
    """"sobol" is what { kind = "sobol" } with the defaults is: from random to sobol one entry changed."""
    before, after = record({"study": {"design": {"kind": "random", "replicates": 16, "antithetic": 0}}}), record(
        {"study": {"design": "sobol"}})  # fmt: skip
    (row,) = D.input_rows(before, after)
    assert (row["key"], row["what"], row["value_before"], row["value_after"]) == (
        "study.design.kind", D.CHANGED, "random", "sobol")  # fmt: skip


def test_data_tables_are_inputs() -> None:
    """Another checksum of a data table is a changed input that bears on numbers."""
    (row,) = D.input_rows(record(data_hashes={"ages": "a" * 64}), record(data_hashes={"ages": "b" * 64}))
    assert (row["key"], row["bears"]) == ("data.ages", D.NUMBERS)


def test_code_is_compared_item_by_item() -> None:
    """Version, digest and libraries each have a row; a manifest without any is compared with one that has them."""
    rows = {row["name"]: row for row in D.code_rows(made("0.1.0"), made("0.2.0", "b"))}
    assert {name for name, row in rows.items() if row["same"] == "no"} == {"version", "digest of the sources"}
    older = {row["name"]: row for row in D.code_rows(record(), made("0.2.0"))}
    assert (older["numpy"]["before"], older["numpy"]["after"]) == ("", "2.4")


LOG = """# Changelog
## [Unreleased]
### Changed numbers
- U one
  goes on.
- U two
### Added
- not a number
## [0.3.0] - 2027-02-01
### Changed numbers
- C
## [0.2.0] - 2027-01-01
### Changed numbers
- B
## [0.1.0] - 2026-11-21
### Changed numbers
- A
"""


@pytest.mark.parametrize(("before", "after", "entries"), [
    (made("0.1.0"), made("0.2.0", "b"), ["B"]),
    (made("0.1.0"), made("0.3.0", "b"), ["U one goes on.", "U two", "C", "B"]),
    (made("0.3.0"), made("0.1.0", "b"), ["U one goes on.", "U two", "C", "B"]),
    (made("0.3.0"), made("0.3.0", "b"), ["U one goes on.", "U two"]),
    (made("0.2.0"), made("0.2.0", "b"), []),
    (made("0.3.0"), made("0.3.0"), []),
    (record(), made("0.1.0", "b"), ["A"]),
])  # fmt: skip
def test_the_changelog_s_entries_lie_between_the_versions(before: D.Record, after: D.Record, entries: list[str]) -> None:
    """Entries after the older version and up to the newer one, either way round; unreleased ones only where sources differ."""
    assert [row["entry"] for row in D.changelog_rows(LOG, before, after)] == entries


def test_assumptions_that_changed_are_told_by_what_changed(tmp_path: Path) -> None:
    """Value, quality or source: each is named; a register that lacks a column is read; a run without one gives None."""
    def run(name: str, text: str) -> D.Record:
        (tmp_path / name / "summary").mkdir(parents=True)
        (tmp_path / name / "summary" / "assumptions.csv").write_text(text, encoding="utf-8")
        return D.Record(tmp_path / name, {"run_id": name}, {}, [])

    a = run("a", "key,value,unit,source,quality\nx,1,,s,judgement\ny,2,,s,published\nz,3,,s,derived\n")
    b = run("b", "key,value,unit,source\nx,1,,t\ny,2,,s\nw,4,,s\n")
    rows = {row["key"]: row["what"] for row in D.assumption_rows(a, b) or []}
    assert rows == {"x": "quality, source", "y": "quality", "z": "removed", "w": "added"}
    assert D.assumption_rows(a, record()) is None


def test_papers_of_an_older_form_are_read(tmp_path: Path) -> None:
    """Only what names a run is needed; what is no run, not finished or damaged is refused with its place."""
    with pytest.raises(DataError, match="no such run folder"):
        D.read_record(tmp_path / "nothing")
    with pytest.raises(DataError, match="not a run"):
        D.read_record(tmp_path)
    manifest, config = tmp_path / "manifest.json", tmp_path / "config.effective.toml"
    manifest.write_text(json.dumps({"run_id": "old", "status": "complete"}), encoding="utf-8")
    with pytest.raises(DataError, match="no configuration"):
        D.read_record(tmp_path)
    config.write_text("x = ", encoding="utf-8")
    with pytest.raises(DataError, match="cannot be read"):
        D.read_record(tmp_path)
    config.write_text("[study]\nseed = 1\n", encoding="utf-8")
    found = D.read_record(tmp_path)
    assert (found.run_id, found.digest, found.provenance, found.checks) == ("old", "", {}, [])
    manifest.write_text(json.dumps({"run_id": "old", "status": "failed"}), encoding="utf-8")
    with pytest.raises(DataError, match="not finished"):
        D.read_record(tmp_path)


@pytest.mark.parametrize(("before", "after", "method", "paired", "error", "verdict"), [
    ((10.0, 3.0), (22.0, 4.0), INDEPENDENT, NAN, 5.0, WITHIN),
    ((10.0, 3.0), (25.5, 4.0), INDEPENDENT, NAN, 5.0, BEYOND),
    ((10.0, 3.0), (30.0, 4.0), BOUND, NAN, 7.0, WITHIN),
    ((10.0, 3.0), (31.5, 4.0), BOUND, NAN, 7.0, BEYOND),
    ((10.0, 3.0), (11.0, 4.0), PAIRED, 0.1, 0.1, BEYOND),
    ((10.0, 3.0), (11.0, 4.0), PAIRED, NAN, 7.0, WITHIN),
    ((10.0, 3.0), (10.0 + 1e-10, 3.0), PAIRED, 0.0, 0.0, SAME),
    ((10.0, None), (11.0, 3.0), INDEPENDENT, NAN, None, UNKNOWN),
    ((None, 3.0), (11.0, 3.0), INDEPENDENT, NAN, None, UNKNOWN),
])  # fmt: skip
def test_a_change_is_judged_by_what_the_runs_share(before: Any, after: Any, method: str, paired: float, error: Any,
                                                   verdict: str) -> None:  # fmt: skip
    """Roots of squares for independent runs, sums for shared futures that are not paired, the paired error where there is one."""
    row = change_cells(before, after, method, paired)
    assert row["verdict"] == verdict
    if error is not None:
        assert row["change_error"] == pytest.approx(error)
        assert row["change_high"] - row["change_low"] == pytest.approx(6 * error)
    assert row["method"] == (BOUND if method == PAIRED and paired != paired else method)
