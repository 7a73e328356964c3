"""The page of a report: complete, escaped, and whole or not there, for a run of today and for one of long ago."""

import json
import re
import shutil

import pytest
from pages import read_page

from stresstest.errors import ConfigError, DataError
from stresstest.report import build_report
from stresstest.report.parts import ORDER
from stresstest.report.source import Source

pytestmark = pytest.mark.unit
NEEDED = {
    **{n: f"summary/{n}.csv" for n in (
        "exceedance", "history", "null_test", "swings", "strategies", "assumptions", "starting", "convergence",
        "variance_split", "dependence", "correlations", "assumption_switches",
    )},
    "summary": "summary/summary.parquet", "gaming": "tables/gaming", "checks": "checks.json",
}  # fmt: skip


@pytest.fixture(scope="module")
def page(reported_run):
    """The page of an invented run without analyses."""
    return read_page(reported_run / "report" / "index.html")


def test_an_older_run_has_every_section(page):
    """A run without analyses and without the newer tables still has each section, and says what it lacks."""
    names = [node.attributes.get("id") for node in page.find("section")]
    assert names[0] == "summary"
    assert [name for name in names[1:] if name in ORDER] == [name for name in ORDER if name in names]
    assert {"questions", "assumptions", "scenarios"} <= set(names)
    assert "stresstest advise RUN" in page.text()


def test_contents_lead_to_every_section(page):
    """The list of contents names each section of the page in its order."""
    (contents,) = page.find("nav")
    places = [link.attributes["href"][1:] for link in contents.find("a")]
    assert places == [node.attributes["id"] for node in page.find("section") if node.attributes["id"] != "summary"]


def test_words_from_files_are_escaped(reported_run):
    """Words with angle brackets are printed, not obeyed."""
    text = (reported_run / "report" / "index.html").read_text(encoding="utf-8")
    assert "Output &lt;fell&gt; by 8.7% in 2030/31." in text
    assert "<fell>" not in text


@pytest.mark.parametrize("table", NEEDED)
def test_a_missing_table_is_named(fake_run, table):
    """Without a table there is no report, no leftover, and an error that names it."""
    path = fake_run / NEEDED[table]
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(DataError, match=table):
        build_report(fake_run)
    assert not (fake_run / "report").exists()
    assert not (fake_run / "report.partial").exists()


def test_a_failure_leaves_the_old_report(fake_run):
    """An older report stays when a new one cannot be made, and is replaced when it can."""
    old = fake_run / "report"
    old.mkdir()
    (old / "index.html").write_text("old", encoding="utf-8")
    history = fake_run / "summary" / "history.csv"
    kept = history.read_bytes()
    history.write_bytes(kept.replace(b"0.0245", b"a quarter"))
    with pytest.raises(DataError, match="table history cannot be read"):
        build_report(fake_run)
    assert (old / "index.html").read_text(encoding="utf-8") == "old"
    history.write_bytes(kept)
    assert build_report(fake_run) == old / "index.html"
    assert "UNASSURED DRAFT" in (old / "index.html").read_text(encoding="utf-8")
    assert sorted(p.name for p in fake_run.iterdir() if p.name.startswith("report")) == ["report"]


def test_an_unfinished_run_is_refused(fake_run):
    """A run that is not complete has no report."""
    path = fake_run / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(manifest | {"status": "failed"}), encoding="utf-8")
    with pytest.raises(DataError, match="complete"):
        build_report(fake_run)


def test_an_unknown_checkpoint_is_refused(fake_run):
    """A checkpoint that there is not is named with those that there are."""
    with pytest.raises(ConfigError, match="CP1, CP2, CP3"):
        build_report(fake_run, "CP9")


def test_a_missing_figure_is_named(reported_run):
    """A figure that the summary lacks is named, with the nearest that it has."""
    with pytest.raises(DataError, match="surplus_npw") as error:
        Source(reported_run).figure("provider", "surplus_npw", "p50")
    assert "surplus_npv" in str(error.value)


def test_no_mark_of_citing_is_left_over(reported_run):
    """The marks that numbers travel between are nowhere in what is written."""
    for path in (reported_run / "report").rglob("*"):
        if path.suffix in (".html", ".csv", ".svg"):
            assert not re.search("[\ue000-\ue002]", path.read_text(encoding="utf-8")), path.name


def test_a_report_reads_the_tables_and_simulates_nothing(fake_run, monkeypatch):
    """A report is made where no future can be simulated."""
    from stresstest.analysis import evaluate

    def refuse(*_, **__):
        raise AssertionError("a report simulates")

    for name in ("simulate_with_nature", "simulate_years"):
        monkeypatch.setattr(evaluate, name, refuse)
    assert build_report(fake_run).is_file()
