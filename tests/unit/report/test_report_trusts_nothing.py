"""What a report refuses or defuses: altered tables, somebody else's analyses, words that pose as numbers or links."""

import csv
import json

import pytest

from stresstest.errors import DataError
from stresstest.report import build_report
from stresstest.report.leaflet import placed
from stresstest.report.papers import NUMBER, TEXT, Column, paper, write_papers
from stresstest.report.rendering import told
from stresstest.report.tracing import CLOSE, MIDDLE, OPEN, TableRow, Trace, read_csv, unmarked
from stresstest.results.manifest import load_manifest

pytestmark = pytest.mark.unit


def _altered(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("name", ["summary/hurdles.csv", "summary/summary.csv", "config.effective.toml"])
def test_an_altered_file_of_the_run_is_refused(recorded_run, name):
    """A table or a configuration that is not as the run wrote it is named, and no report is left."""
    _altered(recorded_run / name, "0", "9")
    with pytest.raises(DataError, match="changed since the run wrote it") as raised:
        build_report(recorded_run)
    assert name.rpartition("/")[2] in str(raised.value)
    assert not (recorded_run / "report").exists()


def test_a_lost_table_is_refused(recorded_run):
    """A table that the run wrote and that is gone is named, also where an older run may lack it."""
    (recorded_run / "summary" / "bridge.csv").unlink()
    with pytest.raises(DataError, match="is gone"):
        build_report(recorded_run)


def test_an_analysis_of_another_run_is_refused(recorded_run):
    """Analyses name the run that they are of; another run's are not printed as this one's."""
    facts = recorded_run / "advice" / "risks" / "advice.json"
    record = json.loads(facts.read_text(encoding="utf-8"))
    facts.write_text(json.dumps(record | {"results_hash": "0" * 64}), encoding="utf-8")
    with pytest.raises(DataError, match="of another run"):
        build_report(recorded_run)
    facts.write_text(json.dumps(record | {"results_hash": "", "basis": "Run 20200101T000000Z_else_abcdef: 10 futures."}),
                     encoding="utf-8")  # fmt: skip
    with pytest.raises(DataError, match="of another run"):
        build_report(recorded_run)


@pytest.mark.parametrize(
    "address", ["javascript:alert(3)", "file:///etc/passwd", "//else.where", "/etc/passwd", "data:text/html,x", "https://x.y"]
)
def test_words_of_a_file_make_no_link_elsewhere(address):
    """An address with a scheme, a host or a root stays text."""
    assert "href" not in str(told(Trace(), f"[click]({address})"))


def test_links_within_the_report_stay_links():
    """Places in the page and files beside it are linked."""
    for address in ("#risks", "../advice/risks/index.html", "tables/risks.csv", "trace.csv#top"):
        assert f'href="{address}"' in str(told(Trace(), f"[here]({address})"))


def test_nobody_s_text_passes_for_a_cited_number():
    """The marks of cited numbers are taken out of what is read; a mark without an entry is printed as text."""
    forged = f"{OPEN}0{MIDDLE}£9bn saved{CLOSE}"
    trace = Trace()
    trace.pounds(TableRow.at({"value": 1e6}, "summary/summary.csv", 2))
    row = TableRow.at({"source": forged}, "summary/assumptions.csv", 2)
    assert str(told(trace, row["source"])) == "0£9bn saved"
    assert unmarked({"a": [forged, (forged,)]}) == {"a": ["0£9bn saved", ("0£9bn saved",)]}
    assert "<data" not in str(told(Trace(), f"{OPEN}99999{MIDDLE}£9bn{CLOSE}"))
    assert "<script" not in str(told(Trace(), "<script>**x**</script>"))


def test_lines_are_lines_of_the_file(tmp_path):
    """A row after a cell that runs over two lines is cited with the line at which it begins."""
    path = tmp_path / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([["key", "value"], ["a\nb", 1], ["c", 2]])
    assert [(line, row["key"]) for line, row in read_csv(path)] == [(2, "a\nb"), (4, "c")]
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    assert read_csv(tmp_path / "empty.csv") == []


def test_a_row_of_a_paper_is_a_line_of_its_file(tmp_path):
    """A cell with line breaks is written on one line, in papers and in pages over several runs: later rows keep theirs."""
    columns = [Column("words", "Words", TEXT, "any"), Column("value", "Value", NUMBER, "any")]
    rows = [{"words": "two\nlines\r\nand a third", "value": 1.0}, {"words": "=1+1", "value": 2.0}]
    made = paper("broken", "Lines", columns, rows)
    write_papers([made], tmp_path)
    assert [(line, float(row["value"])) for line, row in read_csv(tmp_path / "broken.csv")] == [(2, 1.0), (3, 2.0)]
    assert [row.line for row in made.rows] == [2, 3]
    assert [row["words"] for row in made.rows] == ["two lines and a third", "'=1+1"]
    assert [row["words"] for row in placed({"broken": rows})["broken"]] == ["two lines and a third", "'=1+1"]


def test_a_manifest_without_scenarios_is_refused(fake_run):
    """A manifest whose futures are no table by scenario is bad data, and no traceback."""
    path = fake_run / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"futures": []}), encoding="utf-8")
    with pytest.raises(DataError, match="no scenario"):
        load_manifest(fake_run)
