"""The page: accessible, self-contained, traceable, and whole or not there."""

import json
import re
import shutil
from html.parser import HTMLParser
from itertools import pairwise

import pyarrow.parquet as pq
import pytest

from stresstest.errors import DataError
from stresstest.report import build_report, sections
from stresstest.report import words as W
from stresstest.report.answers import answers
from stresstest.report.source import Source

pytestmark = pytest.mark.unit
NEEDED = {
    **{n: f"summary/{n}.csv" for n in (
        "exceedance", "history", "null_test", "swings", "strategies", "assumptions", "starting", "convergence",
        "variance_split", "dependence", "correlations", "assumption_switches",
    )},
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
        "A changed input is not a forecast.", "future 0", "so it is not an expectation", "nothing is recovered from it",
        "What dependence alone is worth", "The seven assumptions", "How sure are these figures", "Two futures, told",
        "yearly payment and price variation", "a sole bidder wins back", "not worth it here", "£367m", "1.3% a year",
        "no chance stops it", "Chance-payout rate", "51.2%",
    ):  # fmt: skip
        assert words in text, words


def test_numbers_in_the_answers_stand_in_the_tables(reported_run):
    """Every amount and percentage in the three answers is a cell of the summary or of the gaming table, rounded."""
    known = set()
    for row in pq.read_table(reported_run / "summary" / "summary.parquet").to_pylist():
        value, error = row["value"], row["error"]
        known |= {W.pounds(value), W.pounds(value, error), W.pounds(abs(value), error)}
        known |= {W.spare(error), W.percent(value)}
        known |= {say for end in ("low", "high") for say in (W.percent(row[end]), W.pounds(row[end], error))}
    for row in pq.read_table(next((reported_run / "tables" / "gaming").glob("*"))).to_pylist():
        for name, value in row.items():
            if isinstance(value, float):
                known |= {W.pounds(value), W.spare(abs(value))}
                error = row.get(name.replace("gain_mean_gbp", "gain_error_gbp").replace("residual_gain", "residual"))
                known |= {W.pounds(value, error if name.endswith("gain_mean_gbp") else None)}
        known |= set(re.findall(r"[\d.]+%", row["fix"]))
    for row in Source(reported_run).rows("swings"):
        known |= {W.percent(row["exit_losses_changed"], 0)}
    for row in Source(reported_run).rows("starting"):
        known |= {W.percent(row["value"])}
    found = [
        number
        for answer in answers(Source(reported_run))
        for sentence in (answer.lead, *answer.support)
        for number in re.findall(r"−?£[\d.,]*\d(?:bn|m|k)?|−?[\d.]+%", sentence)
    ]
    assert len(found) > 20
    for number in found:
        if number not in ("80%", "90%", "95%"):
            assert number in known, number


def test_the_answers(reported_run):
    """Failure, cost and gaming lead with the figures of the invented run."""
    failure, cost, gaming = answers(Source(reported_run))
    assert failure.lead.startswith("About 8 in 10: losses end the contract before its term in 75.0% of futures")
    assert failure.lead.endswith("under an honest provider (74.7% to 75.3% at 95% confidence).")
    assert failure.support[0].startswith("All this is given that the contract starts in full scope.")
    assert "losses have ended at least 1 in 10 contracts by 2021/22 and at least half by 2025/26" in failure.support[1]
    assert "Of what: opening price (41.0%)" in failure.support[1]
    assert "policy" not in failure.support[1].split("A break")[0]
    assert "A break in national policy, no fault of the provider, ends a further 3.1%." in failure.support[1]
    assert failure.support[3] == "Under a provider that games, losses end 72.1% and policy 3.0%."
    assert "deficit support" not in cost.support[1]
    assert "£44.0m in the middle future" in cost.lead
    assert "(80% interval −£26.5m to £115m" in cost.lead
    assert gaming.lead.startswith("Improvement payment: by exception reporting (grey) the provider gains £6.31m")
    assert any("Cap exceptions at 5% of each register. The gain then falls to £1.26m" in s for s in gaming.support)


def test_what_the_failure_figure_rests_on(reported_run):
    """The two judged inputs that move it most are named with both values; changes within noise are not."""
    source = Source(reported_run)
    said = answers(source)[0].support[2]
    assert said == (
        "This rests on judgements: with “gap between cost and price at signature, median” at 0.035 instead of 0.07 it "
        "is 43%; with “NHS funding, mean real growth a year” at 0.03 instead of 0.02 it is 59%."
    )
    source._read["swings"] = [row for row in source.rows("swings") if row["key"] == "place.pay.persistence"]
    assert "by more than noise" in answers(source)[0].support[2]
    source._read["swings"] = []
    assert not any("judge" in text for text in answers(source)[0].support)


def test_a_run_without_swings_says_so(fake_run):
    """An empty table of swings is no error, and the page says that nothing was changed."""
    path = fake_run / "summary" / "swings.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    text = build_report(fake_run).read_text(encoding="utf-8")
    assert "No input was changed alone in this run." in text
    assert "A changed input is not a forecast." not in text


@pytest.mark.parametrize(("second", "together"), [(6.2e6, True), (5.9e6, False)])
def test_noise_does_not_name_one_lever_alone(reported_run, second, together):
    """Gains of £6.31m ± £79k and £6.2m ± £78k tie, and both fixes are named; £5.9m is told apart (2·£109k = £218k)."""
    source = Source(reported_run)
    rows = [dict(row) for row in source.rows("gaming")]
    rival = next(row for row in rows if row["lever"] == "cost_shifting")
    rival |= {"gain_mean_gbp": second, "gain_error_gbp": 77_500.0, "residual_gain_mean_gbp": 0.9 * second,
              "fix": "Begin at the first pound; widen the scope", "fix_term": "a; b", "fix_field": "c; d",
              "fix_value": "0.0; 1.0"}  # fmt: skip
    source._read["gaming"] = rows
    answer = answers(source)[2]
    assert ("gain the provider about the same, £6.31m and £6.20m" in answer.lead) == together
    said = " ".join(answer.support)
    assert ("Begin at the first pound; widen the scope, which leaves £5.58m" in said) == together
    assert "Cap exceptions at 5% of each register" in said
    assert answer.lead.startswith("Improvement payment")
    assert ("no wording tried stops it" in said) == together


def test_a_lever_left_alone_claims_nothing(reported_run):
    """Gain and intensity 0: "not worth it here", and neither a fix nor a residual nor an assumed chance."""
    rows = {row[0]: row for row in sections.gaming(Source(reported_run)).rows}
    own = next(row for title, row in rows.items() if "re-based" in title)
    assert own[3] == "not worth it here"
    assert {*own[1:3], *own[4:]} == {W.NONE}
    paying = next(row for title, row in rows.items() if title.startswith("Exception reporting"))
    assert "3.0%" in paying
    assert "Cap exceptions" in paying[2]


def test_the_table_of_swings(reported_run):
    """Base and changed values, both probabilities, both exposures and the errors of the change, in the run's order."""
    table = sections.swings(Source(reported_run))
    assert [row[1] for row in table.rows][:2] == ["provider.opening.gap_median", "place.funding.growth_mean"]
    assert list(table.rows[0][3:]) == ["0.07 → 0.035", "75.0% → 43.1%", "0.8 points", "£46.2m → £21.0m", "£900k"]
    assert table.rows[1][2] == "derived; invented"
    source = Source(reported_run)
    source._read["swings"] = [row | {"source": "judgement: half a point"} for row in source.rows("swings")]
    assert [row[2] for row in sections.swings(source).rows][:2] == ["judgement; half a point", "derived; judgement: half a point"]


def test_swings_carry_the_units_of_the_register(reported_run):
    """An amount of pounds is said as money and another unit by its name."""
    source = Source(reported_run)
    key = source.rows("swings")[0]["key"]
    for unit, said in (("GBP", "£0 → £0"), ("share", "0.07 → 0.035 share")):
        source._read["assumptions"] = [{"key": key, "unit": unit}]
        assert sections.swings(source).rows[0][3] == said


def test_single_years_only_where_the_run_has_them(reported_run):
    """The column and its sentence come with the new columns of the history table, and go without them."""
    source = Source(reported_run)
    table = sections.history(source)
    assert table.headings[4] == "Single years"
    assert [row[4] for row in table.rows] == ["−9.7% to 7.6%", W.NONE]
    said = sections.windows(source)
    assert said.startswith("Means over windows of 15 years")
    assert said.endswith("Single years have gone further: real GDP growth −9.7% to 7.6%.")
    source._read["history"] = [
        {k: v for k, v in row.items() if not k.startswith("historical_single")} for row in source.rows("history")
    ]
    assert "Single years" not in sections.history(source).headings
    assert "Single years" not in sections.windows(source)


def test_no_length_of_contract_is_taken_for_granted(reported_run):
    """A contract of ten years is compared by windows of ten years."""
    source = Source(reported_run)
    source.manifest["year_labels"] = source.years[:10]
    assert "windows of 10 years" in sections.windows(source)


def test_null_test_shows_all_clauses_and_the_share(reported_run):
    """The last row is all clauses together; the pot is a column only where the run has one."""
    source = Source(reported_run)
    table = sections.null_test(source)
    assert table.rows[-1][0] == "All clauses together"
    assert table.rows[-1][4] == "−4.9%"
    assert "Largest it could move, a year" not in table.headings
    source._read["null_test"] = [row | {"pot_gbp_a_year": 36.7e6} for row in source.rows("null_test")]
    again = sections.null_test(source)
    assert again.headings[-1] == "Largest it could move, a year"
    assert again.rows[0][-1] == "£36.7m"
    assert all(len(row) == len(again.headings) for row in again.rows)


def test_levers_that_noise_does_not_tell_apart_are_all_named(reported_run):
    """Where the second lever's gain lies within two standard errors of the first's, neither is named alone."""
    source = Source(reported_run)
    first, second = (dict(row) for row in source.levers[:2])
    second["gain_mean_gbp"] = first["gain_mean_gbp"] - first["gain_error_gbp"]
    second["gain_error_gbp"] = first["gain_error_gbp"]
    source._read["gaming"] = [first, second]
    assert "gain the provider about the same" in answers(source)[2].lead
    second["gain_mean_gbp"] = first["gain_mean_gbp"] - 10.0 * first["gain_error_gbp"]
    source._read["gaming"] = [first, second]
    assert "about the same" not in answers(source)[2].lead


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
