"""The page of an analysis: everything that it says is in it, escaped; errors and intervals stand with their figures."""

from __future__ import annotations

import json

import pytest

from stresstest.advice.result import Advice, text_table
from stresstest.errors import ConfigError, DataError
from stresstest.report.advice_index import ANALYSES, advice_of_run
from stresstest.report.advice_page import build_advice_page
from stresstest.report.advice_source import AdviceSource
from stresstest.report.advice_tables import cell, ends_of, error_column, heading, kind_of, table_of

pytestmark = pytest.mark.unit

ROWS = [
    {"name": "a <b>", "mean_gbp": 12_345_678.0, "mean_error_gbp": 2e6, "worse_share": 0.25, "worse_share_low": 0.2,
     "worse_share_high": 0.3, "share_error": None},
    {"name": "b", "mean_gbp": -1e6, "mean_error_gbp": 1e5, "worse_share": None, "worse_share_low": None,
     "worse_share_high": None, "share_error": None},
]  # fmt: skip


def advice(verb="own"):
    """A result with one table and words that must be escaped."""
    return Advice(verb, "Is <it> better?", "a draft & another", ["Yes, by −£12m.", "Perhaps."], {"main": ROWS, "empty": []},
                  {"main": "What was found"}, ["One note."], "Run x.", {"best": 1.5})  # fmt: skip


def test_what_is_written_is_read_back(tmp_path):
    """Tables and words survive the folder; a table without rows is left out; an occupied folder is refused."""
    folder = advice().write(tmp_path / "own")
    source = AdviceSource(folder)
    assert source.record["answer"] == ["Yes, by −£12m.", "Perhaps."]
    assert source.record["tables"] == ["main"]
    assert source.rows("main")[0]["mean_gbp"] == 12_345_678.0
    assert source.rows("main")[1]["worse_share"] is None
    assert source.rows("empty") == []
    assert source.facts == {"best": 1.5}
    assert json.loads(advice().as_json())["tables"]["main"][0]["name"] == "a <b>"
    with pytest.raises(ConfigError):
        advice().write(tmp_path / "own")


def test_the_page_says_everything_once_and_escaped(tmp_path):
    """Question, answer, basis, caption, notes and cells are on the page; nothing from a file goes in as markup."""
    page = build_advice_page(advice().write(tmp_path / "own")).read_text(encoding="utf-8")
    said = ("Is &lt;it&gt; better?", "a draft &amp; another", "Perhaps.", "Run x.", "What was found", "One note.", "a &lt;b&gt;")
    for text in said:
        assert text in page
    assert "<it>" not in page
    assert "£12m ± £2.0m" in page
    assert "25.0% (20.0% to 30.0%)" in page


def test_a_folder_that_holds_no_analysis_is_refused(tmp_path):
    """A folder without advice.json, and one whose file is broken, are refused by name."""
    with pytest.raises(DataError):
        AdviceSource(tmp_path)
    (tmp_path / "advice.json").write_text("{", encoding="utf-8")
    with pytest.raises(DataError):
        build_advice_page(tmp_path)


def test_cells_follow_their_names():
    """A column's name says its unit, its error and its interval; a missing figure is a dash."""
    known = list(ROWS[0])
    assert error_column("mean_gbp", known) == "mean_error_gbp"
    assert ends_of("worse_share", known) == ("worse_share_low", "worse_share_high")
    assert [kind_of(name) for name in ("mean_gbp", "worse_share", "health_qaly", "slope")] == ["£", "%", "n", ""]
    assert cell("worse_share", ROWS[1], known) == "–"
    assert heading("health_qaly_mean") == "Health, QALYs"
    assert cell("x_rate", {"x_rate": 0.5, "x_rate_error": 0.012}, ["x_rate", "x_rate_error"]) == "50.0% ± 1.2"
    assert list(table_of("main", "x", ROWS, ("mean_gbp", "name", "none")).headings) == ["Name", "Mean"]
    table = table_of("main", "x", ROWS)
    assert list(table.headings) == ["Name", "Mean", "Worse"]
    assert table.figures == 2


def test_long_tables_say_what_they_leave_out():
    """A page shows the first rows of a long table and says so, and so does the terminal."""
    many = [{"name": str(k), "value": float(k)} for k in range(100)]
    assert "the first 30 of 100 rows" in table_of("m", "All", many).caption
    assert text_table(many)[-1] == "… 86 more rows"


def test_a_report_links_the_analyses_that_are_there(tmp_path):
    """Analyses in a run's folder are listed in the order of their questions; others are left out."""
    for verb in ("risks", "discover"):
        advice(verb).write(tmp_path / "advice" / verb)
    found = advice_of_run(tmp_path)
    assert [one["verb"] for one in found] == ["discover", "risks"]
    assert found[0]["page"] == "../advice/discover/index.html"
    assert found[0]["title"] == ANALYSES["discover"]
