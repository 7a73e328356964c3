"""The cover and page 1: what they say, that every state of assurance shows, and that the summary fits its page."""

import re
import shutil
import subprocess
from dataclasses import replace

import pytest
from pages import read_page

from stresstest.config.assurance import Assurance, Role, Signature
from stresstest.report import summary as summaries
from stresstest.report import words as W
from stresstest.report.book import Book
from stresstest.report.document import CHECKPOINTS
from stresstest.report.figures import surplus_fan
from stresstest.report.papers.headline import headline
from stresstest.report.parts.front import BANNERS, day, facts, foot, front
from stresstest.report.rendering import render
from stresstest.report.source import Source
from stresstest.report.tracing import plain

pytestmark = pytest.mark.unit
#: Words of page 1 that a sheet of A4 takes at 10 points beside chart and tiles; the recorded run needs about 380.
MOST_WORDS = 520
CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), "")


@pytest.fixture
def book(recorded_run):
    """The book of a real run with its analyses."""
    return Book.of(recorded_run)


@pytest.fixture
def bare(fake_run):
    """The book of an invented run without analyses and without hurdles."""
    return Book.of(fake_run)


def _words(page):
    told = [page.answer, *page.risks, *page.clauses, *page.unsaid]
    tiles = [text for one in page.tiles for text in (one.name, one.figure, one.interval, one.odds, one.note)]
    return plain(" ".join([*told, *tiles]))


def test_the_answer_is_two_sentences_with_a_likelihood_word(bare):
    """75.0% is "likely"; the exposure has its 80% interval; gaming adds the median of the paired difference."""
    assert plain(summaries.answer(bare)) == (
        "It is likely that losses end this contract before its term, once it starts in full (75.0% of futures). In the middle "
        "future the commissioner pays £44.0m (80% interval −£26.5m to £115m) beyond the agreed budget, and gaming the clauses "
        "adds £9.00m to the provider’s surplus."
    )


def test_five_tiles_each_with_an_interval_and_odds(book):
    """Failure, cost, surplus, health and gaming: an estimate, an interval, and a likelihood word."""
    tiles = summaries.tiles(book)
    assert len(tiles) == 5
    for tile in tiles:
        assert re.search(r"\d", plain(tile.figure)), tile.name
        assert "80% interval" in tile.interval or "if one input moves" in tile.interval, tile.name
        assert re.search(r"chance|likely|possibility|certain", plain(tile.odds), re.I), tile.name


def test_risks_are_the_register_s_first_three(book):
    """The order is the register's; each names who bears it, its chance, money and health."""
    title, told = summaries.risks(book)
    rows = book.advice("risks").rows("register")
    assert title == "Three biggest risks, against the plan come true"
    assert [text.split("**")[1] for text in told] == [row["title"] for row in rows[:3]]
    assert all("borne by the" in text and "health lost" in text and "£" in text for text in told)


def test_without_a_register_the_largest_swings_stand_in(bare):
    """Inputs that move failure by more than noise, at most three; the fourth moves it by 0.4 points of 0.8 and is not named."""
    title, told = summaries.risks(bare)
    assert title == "Three inputs that move failure most, on a sample of their own"
    assert len(told) == 3
    assert "at 0.035 instead of 0.07: losses end the contract in 43.1% instead of 75.0%" in plain(told[0])
    bare.source._read["swings"] = [row for row in bare.source.rows("swings") if row["key"] == "place.pay.persistence"]
    assert summaries.risks(bare)[1] == ["No judged input that was changed moves failure by more than noise."]


def test_clauses_are_the_playbook_s_first_and_the_largest_answered_levers(book, bare):
    """With a playbook its first answer to failure leads; without, the levers whose change takes half of the gain away or more."""
    assert summaries.clauses(book)[1][0].startswith("**Against failure**")
    assert len(summaries.clauses(book)[1]) == 3
    told = summaries.clauses(bare)[1]
    assert [text.split("**")[1] for text in told] == ["Improvement payment", "Annual payment and gain loss share"]
    assert "gain £6.31m, left £1.26m (means). The lever costs residents 40.0 QALYs." in plain(told[0])


def test_a_lever_that_no_wording_answers_is_no_clause_to_change(bare):
    """A change that leaves nine tenths of the gain is not offered."""
    rows = bare.source.rows("gaming")
    for row in rows:
        row["residual_gain_mean_gbp"] = 0.9 * (row["gain_mean_gbp"] or 0.0)
    assert summaries.clauses(bare)[1] == ["No change of wording was found that answers a lever."]


def test_the_cover_says_that_the_agreed_budget_grows(book):
    """With growth in the plan the price base names it; in a plan held flat it does not."""
    assert "the agreed budget grows" in dict(facts(book))["Price base"]
    book.source.configuration["contract"]["plan"]["funding_growth"] = 0.0
    assert "grows" not in dict(facts(book))["Price base"]


@pytest.mark.parametrize("checkpoint", CHECKPOINTS)
def test_what_can_be_decided_names_the_price_that_would_be_enough(recorded_run, checkpoint):
    """Go on, change, stop, in the words of the checkpoint; the price and what it costs are those of the break-even analysis."""
    book = Book.of(recorded_run, checkpoint)
    told = summaries.choices(book)
    row = next(r for r in book.advice("breakeven").rows("solutions") if r["handle"] == "opening_price")
    assert [text.split("**")[1].rstrip(":") for text in told] == list(summaries.CHOICES[checkpoint])
    assert W.pounds(row["value"], row["value_error"]) in plain(told[1])
    assert W.pounds(row["commissioner_change_gbp"], row["commissioner_change_error_gbp"]) in plain(told[1])
    row["status"] = "out of reach"
    assert "price" not in summaries.choices(book)[1]


def test_hindsight_is_owned_where_the_record_goes_beyond_the_start(book):
    """A record that ends before the first year of the contract leaves no hindsight."""
    assert "hindsight" in " ".join(summaries.unsaid(book))
    for row in book.source.rows("history"):
        row["period"] = "1949 to 2010"
    assert "hindsight" not in " ".join(summaries.unsaid(book))


def test_a_lever_that_does_health_good_is_said_to(bare):
    """Health lost of less than nothing is called a gain that the change of wording may forgo; it is never "costs"."""
    row = bare.source.levers[0]
    row["harm_qaly_mean"] = -368.4
    told = plain(next(text for text in summaries.clauses(bare)[1] if "a gain" in text))
    assert told.endswith("Health lost: −368 QALYs, a gain that the change may forgo.")
    assert "costs residents" not in told


def test_what_cannot_be_said_counts_the_judgements(bare):
    """The count of judgements is the register's; the contract never starts in 43.4% of futures."""
    told = plain(" ".join(summaries.unsaid(bare)))
    counted = {row["name"]: row["count"] for row in bare.papers["register_counts"].rows}
    assert f"{counted['judged']} of the {counted['inputs']} inputs" in told
    assert counted["judged"] >= 1
    assert "In 43.4% of futures it never starts" in told


def test_the_headline_paper_holds_what_the_summary_holds(bare):
    """Each row of the paper is the cell that its line names."""
    found = headline(bare.source)
    row = next(one for one in found.rows if one["name"] == "exposure")
    figure = bare.source.figure("commissioner", "exposure_npv", "p50")
    assert (row["estimate"], row["line"]) == (figure.value, figure.row.line)
    assert row["interval_low"] == bare.source.value("commissioner", "exposure_npv", "p10")
    assert {column.name for column in found.columns} == set(row)


@pytest.mark.parametrize("checkpoint", CHECKPOINTS)
def test_each_checkpoint_has_its_question(recorded_run, checkpoint):
    """The cover asks what is decided at that checkpoint, and names it, unless the record asks a question of its own."""
    book = Book.of(recorded_run, checkpoint)
    book.assurance = replace(book.assurance, question="")
    found = front(book)
    assert checkpoint in found["stage"]
    assert found["question"] == summaries.QUESTIONS[checkpoint]
    assert checkpoint in found["summary"].heading


@pytest.mark.parametrize("state", BANNERS)
def test_the_banner_stands_until_the_report_is_approved(bare, state):
    """UNASSURED until somebody other than the analyst has signed; no banner once approved."""
    order = ("analyst", "assurer", "approver")
    signed = order[: ("draft", "analyst-checked", "assured", "approved").index(state)]
    bare.assurance = Assurance(signatures=tuple(Signature(role, "A. Name", "2026-11-22", "77aa") for role in signed))
    page = render(bare, sections=[])
    banner = BANNERS[state][0]
    assert ("UNASSURED" in page) == (state in ("draft", "analyst-checked"))
    assert ('class="draft"' in page) == (state != "approved") == ("@top-left" in page)
    assert not banner or page.count(banner) >= 2


def test_the_cover_names_who_has_which_role(bare):
    """A name with its organisation and the day of signing; nobody yet where there is none."""
    bare.assurance = Assurance(roles={"analyst": Role("A. Name", "The unit")},
                               signatures=(Signature("analyst", "A. Name", "2026-11-02", "77aa"),))  # fmt: skip
    found = dict(facts(bare))
    assert found["Analyst"] == "A. Name, The unit (signed 2 November 2026)"
    assert found["Assurer"] == "nobody yet"
    assert found["Assurance"].startswith("UNASSURED")
    assert found["Results hash"] == "77aa0077aa00"
    assert found["Price base"].startswith("real, 2016/17 prices")


def test_the_foot_of_a_page_can_stand_in_a_style_sheet(bare):
    """Run, version and hash, without a character that would end the string."""
    bare.source.manifest["provenance"]["stresstest"] = '1.0"; } body { display: none'
    assert re.fullmatch(r"[\w ,.:+-]+", foot(bare))


def test_a_day_is_written_out():
    """An ISO moment is a day; words that are none stay."""
    assert day("2026-11-22T13:26:36Z") == "22 November 2026"
    assert day("not recorded") == "not recorded"


def test_the_fan_has_its_hurdle_and_says_where_it_has_none(book, bare):
    """Where the run keeps hurdles the dashed line is a column of the chart's numbers, the limit of that row in £m."""
    chart = surplus_fan(book.source, book.say)
    rows = [r for r in book.source.rows("hurdles") if r["party"] == "provider" and r["scenario"] == book.source.main]
    assert {row["hurdle"] for row in chart.rows} == {rows[0]["limit"] / 1e6}
    assert chart.columns[-1].name == "hurdle"
    without = surplus_fan(bare.source)
    assert "hurdle" not in without.rows[0]
    assert "run the study again" in without.caption


def test_charts_keep_their_words_plain_without_a_trace(bare):
    """A chart made without a trace holds no marks of citing; with one its title cites a cell."""
    assert surplus_fan(bare.source).title == plain(surplus_fan(bare.source, bare.say).title)
    assert surplus_fan(bare.source, bare.say).title != surplus_fan(bare.source).title
    assert len(surplus_fan(bare.source).title.split()) <= 15


def test_page_1_is_short_enough_for_its_page(book):
    """A plain limit on its words, whatever prints it."""
    assert len(_words(summaries.summary(book)).split()) <= MOST_WORDS


@pytest.mark.skipif(not CHROMIUM or not shutil.which("pdftotext"), reason="no browser or no pdftotext to print with")
def test_cover_and_summary_take_one_sheet_each(recorded_report, tmp_path):
    """Printed on A4, the cover is page 1, the whole summary page 2, and page 3 begins with the section after it."""
    page, printed = recorded_report / "report" / "index.html", tmp_path / "report.pdf"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={tmp_path}"]
    subprocess.run([CHROMIUM, *options, f"--print-to-pdf={printed}", page.as_uri()], check=True, capture_output=True, timeout=90)

    def sheet(number):
        command = ["pdftotext", "-f", str(number), "-l", str(number), str(printed), "-"]
        return " ".join(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())

    (section,) = read_page(page).find("section", id="summary")
    last = " ".join(section.find("li")[-1].text().split())[-30:]
    assert "Price base" in sheet(1)
    assert sheet(2).startswith("UNASSURED DRAFT Summary for")
    assert last in sheet(2)
    assert "What the assurance process asks" in sheet(3)[:80]


def test_a_failed_check_warns_on_the_cover(fake_run):
    """A failed check is named above the summary."""
    failed = '[{"check": "the_books_balance", "ok": false, "detail": "off by £3"}]'
    (fake_run / "checks.json").write_text(failed, encoding="utf-8")
    page = render(Book.of(fake_run), sections=[])
    assert page.index("A check of the model failed") < page.index('id="summary"')
    assert "the books balance: off by £3" in page
    assert Source(fake_run).checks[0]["ok"] is False
