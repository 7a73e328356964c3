"""The page: accessible, self-contained, traceable, and whole or not there."""

import json
import re
import shutil
from html.parser import HTMLParser
from itertools import pairwise

import pyarrow.parquet as pq
import pytest

from stresstest.errors import DataError
from stresstest.report import build_report
from stresstest.report import words as W
from stresstest.report.answers import answers
from stresstest.report.source import Source

pytestmark = pytest.mark.unit
NEEDED = {
    **{n: f"summary/{n}.csv" for n in ("exceedance", "history", "null_test", "strategies", "assumptions")},
    "summary": "summary/summary.parquet", "gaming": "tables/gaming", "checks": "checks.json",
}  # fmt: skip
VOID = {"meta", "link", "br", "img", "hr", "input", "path", "use", "rect", "circle"}


class Page(HTMLParser):
    """Tags with their attributes, and the text of the headings."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note a tag that opens."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """Note a tag that closes itself."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        """The tag that closes is the one that opened last."""
        assert self.open.pop() == tag

    def all(self, tag):
        """Attributes of every such tag."""
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def text(reported_run):
    """The page's source."""
    return (reported_run / "report" / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(text):
    """The page, parsed; every element is closed."""
    parsed = Page(text)
    assert parsed.open == []
    return parsed


def test_structure(page, text):
    """Language, one h1, headings in order, a skip link to what is there, headed cells, unique ids."""
    assert page.all("html")[0]["lang"] == "en-GB"
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert page.all("a")[0]["href"] == "#main"
    assert "main" in ids
    assert all(cell.get("scope") in ("col", "row") for cell in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))
    assert "UNASSURED DRAFT" in text


def test_nothing_comes_from_elsewhere(page):
    """No script, no style sheet, no image, and no address of another site."""
    for forbidden in ("script", "link", "img", "iframe", "object"):
        assert page.all(forbidden) == []
    for _, attrs in page.tags:
        for name in ("href", "src", "xlink:href"):
            assert not str(attrs.get(name, "")).startswith(("http", "//", "data:", "javascript"))


def test_links_lead_somewhere(page, reported_run):
    """Every link to a figure's files finds its file."""
    figures = [a["href"] for a in page.all("a") if a["href"].startswith("figures/")]
    assert len(figures) == 3 * len(page.all("figure")) + 1
    for href in figures:
        assert (reported_run / "report" / href).stat().st_size > 0


def test_every_chart_is_told_and_tabled(page):
    """Each figure has a text alternative of 300 characters at most, a caption, and a table of its numbers."""
    alternatives = [a["aria-label"] for a in page.all("svg")]
    assert len(alternatives) == len(page.all("figure")) == len(page.all("figcaption")) == 6
    assert all(0 < len(alternative) <= 300 for alternative in alternatives)
    tables = {a["id"] for a in page.all("table")}
    for figure in page.all("figure"):
        assert figure["id"].replace("figure-", "numbers-") in tables


def test_words_from_files_are_escaped(text):
    """A source with angle brackets is printed, not obeyed."""
    assert "not &lt;published&gt;" in text
    assert "<published>" not in text


def test_what_the_page_says(text):
    """Price basis, scenario sentence, levels outside the record, judgements, limits and commands are on the page."""
    for words in (
        "Money is real, 2016/17 prices", "A scenario is not a forecast.", "0.0%: outside", "2.0%: inside",
        "2 of the 3 levels", "1 of the 2 inputs are judgements", "calibration, not validation",
        "conditional on the contract starting", "python3 run.py verify reports/runs/20261121T204501Z_dudley_3f9a1c",
        "£367m", "1.3% a year", "no chance stops it", "Chance-payout rate", "51.2%",
    ):  # fmt: skip
        assert words in text, words


def test_numbers_in_the_answers_stand_in_the_tables(reported_run):
    """Every amount and percentage in the three answers is a cell of the summary or of the gaming table, rounded."""
    known = set()
    for row in pq.read_table(reported_run / "summary" / "summary.parquet").to_pylist():
        value, error = row["value"], row["error"]
        known |= {W.pounds(value), W.pounds(value, error), W.pounds(abs(value), error)}
        known |= {W.spare(error), W.percent(value)}
    for row in pq.read_table(next((reported_run / "tables" / "gaming").glob("*"))).to_pylist():
        for name, value in row.items():
            if isinstance(value, float):
                known |= {W.pounds(value), W.spare(abs(value))}
                error = row.get(name.replace("mean_gbp", "error_gbp")) if "mean_gbp" in name else None
                known |= {W.pounds(value, error)}
    found = [
        number
        for answer in answers(Source(reported_run))
        for sentence in (answer.lead, *answer.support)
        if not sentence.startswith(("Change the wording", "No wording tried", "Change first"))
        for number in re.findall(r"−?£[\d.,]*\d(?:bn|m|k)?|−?[\d.]+%", sentence)
    ]
    assert len(found) > 20
    for number in found:
        if number not in ("80%", "90%"):
            assert number in known, number


def test_the_answers(reported_run):
    """Failure, cost and gaming lead with the figures of the invented run."""
    failure, cost, gaming = answers(Source(reported_run))
    assert failure.lead.startswith("About 8 in 10: under an honest provider")
    assert "78.1%" in failure.lead
    assert "at least 1 in 10 contracts have ended by 2021/22 and at least half by 2025/26" in failure.support[0]
    assert failure.support[1].startswith("Of what: opening price (41.0%)")
    assert "policy" not in failure.support[1].split("A break")[0]
    assert "£44.0m in the middle future" in cost.lead
    assert "(80% interval −£26.5m to £115m" in cost.lead
    assert gaming.lead.startswith("Improvement payment: by exception reporting (grey) the provider gains £6.31m")
    assert any("Cap exceptions at 5% of each register. The gain then falls to £1.26m" in s for s in gaming.support)


def test_no_lever_pays(reported_run):
    """Where no lever gains anything, the answer says so."""
    source = Source(reported_run)
    source._read["gaming"] = [r for r in source.rows("gaming") if r["lever"] == "year_end_timing"]
    assert answers(source)[2].lead == "None: no single lever gains a provider anything on average."


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


def test_a_failed_check_is_on_the_first_screen(fake_run):
    """A failed check is named above the answers."""
    failed = [{"check": "the books balance", "ok": False, "detail": "off by £3"}]
    (fake_run / "checks.json").write_text(json.dumps(failed), encoding="utf-8")
    text = build_report(fake_run).read_text(encoding="utf-8")
    assert text.index("A check of the model failed") < text.index("answer-failure")
    assert "FAILED" in text


def test_a_missing_figure_is_named(reported_run):
    """A figure that the summary lacks is named, with the nearest that it has."""
    with pytest.raises(DataError, match="surplus_npw") as error:
        Source(reported_run).figure("provider", "surplus_npw", "p50")
    assert "surplus_npv" in str(error.value)
