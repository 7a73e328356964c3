"""What the assurance process asks: every question has an answer, or says by which command one is made."""

import pytest

from stresstest.report import words as W
from stresstest.report.book import Book
from stresstest.report.document import CHECKPOINTS, Grid, words_of
from stresstest.report.papers.questions import minutes_paper
from stresstest.report.parts import questions, sections_of
from stresstest.report.replies import JUDGED, NOT_MADE, SETTLED, bearers, breaking, budget, holds, others, savings
from stresstest.report.replies_more import care, gaming, governance, leaving, repricing, tax
from stresstest.report.tracing import plain

pytestmark = pytest.mark.unit
NUMBERS = [f"IS{k}" for k in range(1, 12)]


@pytest.fixture
def book(recorded_run):
    """The book of a real run with its analyses."""
    return Book.of(recorded_run)


@pytest.fixture
def bare(fake_run):
    """The book of an invented run without analyses and without the newer tables."""
    return Book.of(fake_run)


def _grids(section):
    return {block.table.name: block.table for block in section.blocks if isinstance(block, Grid)}


def test_all_eleven_are_asked_in_order(book):
    """IS1 to IS11, each with words, a confidence and a link to a section."""
    section = questions.section(book)
    assert list(section.questions) == NUMBERS
    rows = _grids(section)["questions"].rows
    assert [row[0].partition(":")[0] for row in rows] == NUMBERS
    assert all(row[1] and row[2] and row[3].startswith("[") for row in rows)


def test_a_run_with_analyses_leaves_no_question_unanswered(book):
    """With every analysis and table there, nothing is "not made"."""
    assert [row[0] for row in _grids(questions.section(book))["questions"].rows if row[2] == NOT_MADE] == []


@pytest.mark.parametrize(("ask", "remedy"), [
    (bearers, "stresstest advise RUN"), (breaking, "stresstest advise RUN"), (savings, "run the study again"),
])  # fmt: skip
def test_what_was_not_made_is_named_with_its_remedy(bare, ask, remedy):
    """Without its table a question says so, and how the table is made."""
    found = ask(bare)
    assert found.confidence == NOT_MADE
    assert remedy in found.short


@pytest.mark.parametrize("ask", [budget, others, repricing, tax, leaving, gaming, governance, care])
def test_the_others_answer_from_the_summary_alone(bare, ask):
    """An older run without analyses still has an answer, without an empty place in a sentence."""
    found = ask(bare)
    assert len(found.short) > 40
    assert "  " not in f"{found.short} {found.more}"
    assert " ." not in plain(found.short)


def test_the_budget_is_settled_only_where_no_judged_input_turns_it(bare):
    """Mean exposure of £21m, £30m, £41m and £46m stays above nothing; with one at −£1m it rests on judgement."""
    assert holds(bare, "exposure_changed_gbp", 0.0)
    assert budget(bare).confidence == f"{SETTLED} for the commissioner; {JUDGED} for the provider"
    bare.source.rows("swings")[0]["exposure_changed_gbp"] = -1e6
    assert budget(bare).confidence == JUDGED


def test_a_budget_that_is_enough_is_said_to_be(bare):
    """Where the middle future pays nothing beyond the budget the verdict turns."""
    assert budget(bare).short.startswith("No for the commissioner")
    figure = bare.source.figure("commissioner", "exposure_npv", "p50")
    key = next(k for k, v in bare.source._figures.items() if v is figure)
    bare.source._figures[key] = type(figure)(-1e6, figure.error, figure.unit, row=figure.row)
    assert budget(bare).short.startswith("Yes for the commissioner")


def test_who_cannot_carry_a_risk_is_the_one_with_the_largest_load(book):
    """The risk named is that with the largest cost in proportion to what its bearer can carry."""
    rows = [r for r in book.advice("risks").rows("bearers") if r["view"] == "as the contract is"]
    worst = max(rows, key=lambda r: r["bears_load"])
    assert f"Heaviest by itself is “{worst['title']}”, for the {worst['bears_most']}" in bearers(book).more


def test_whether_parties_can_bear_it_follows_their_hurdles(book):
    """The verdict is that of provider's and commissioner's hurdles, measured on what these limit, and not of a risk's cost."""
    rows = {r["party"]: r for r in book.source.rows("hurdles") if r["strategy"] == "honest" and r["scenario"] == book.source.main}
    told = plain(bearers(book).short)
    assert told.startswith("Not in every future")
    for party in ("provider", "commissioner"):
        assert f"in {W.percent(rows[party]['fails_probability'])} of futures" in told
    for row in book.source.rows("hurdles"):
        row["fails_probability"] = 0.01
    assert bearers(book).short.startswith("In nearly every future")


def test_what_breaks_it_follows_the_sign_of_the_distance(book):
    """A failure that needs no shock is told so; with a distance above nothing it takes a shock."""
    rows = book.advice("reverse").rows("reverse_points")
    row = next(r for r in rows if r["failure"] == "walks_away")
    row["distance"] = -0.03
    assert breaking(book).short.startswith("Nothing has to go wrong")
    row["distance"] = 0.8
    assert breaking(book).short.startswith("A joint shock")


def test_savings_hang_together_with_the_table(book):
    """As planned, half and none are named with their chances of failure; where they are alike the answer says so."""
    rows = book.source.rows("savings")
    told = plain(savings(book).short)
    assert told.startswith("The result hangs on them")
    for row in rows[:3]:
        assert f"{row['words']} {W.percent(row['exit_losses'])}" in told
    for row in rows:
        row["exit_losses"] = rows[0]["exit_losses"]
    assert savings(book).short.startswith("The result hardly hangs on them")


def test_leaving_costs_what_its_table_says(book):
    """Mean and 1 in 20 of ends by losses, of all years, in the first scenario."""
    rows = book.source.rows("exit_costs")
    row = next(r for r in rows if (r["year"], r["cause"], r["strategy"]) == ("", "losses", "honest"))
    assert W.pounds(row["step_in_mean_gbp"], row["step_in_error_gbp"]) in plain(leaving(book).short)


def test_most_of_the_care_after_an_exit_is_not_its_doing(book):
    """What leaving itself costs is the register's "stepping in costs more"; the rest arises anyway only where it is most."""
    score = next(r for r in book.advice("risks").rows("scores")
                 if (r["risk"], r["party"], r["view"]) == ("dear_step_in", "commissioner", "as the contract is"))  # fmt: skip
    told = plain(leaving(book).short)
    assert f"costs it {W.pounds(score['impact_gbp'], score['impact_error_gbp'])} for each early end" in told
    assert "whoever gave it" in told
    score["impact_gbp"] = 1e9
    assert "whoever gave it" not in leaving(book).short


def test_quality_is_told_over_the_term_and_in_the_last_year(book):
    """The mean of a term hides its last year: the minutes have both, and how gaming changes health, with its middle."""
    last = book.source.years[-1]
    rows = [r for r in book.source.rows("hurdles_by_year") if (r["measure"], r["year"]) == ("quality_below_floor", last)]
    row = next(r for r in rows if (r["strategy"], r["scenario"]) == ("honest", book.source.main))
    told = plain(care(book).short)
    assert f"in {last} by itself it is below in {W.percent(row['probability'])}" in told
    middle = book.source.figure("residents", "health_qaly_npv", "p50", strategy="gamed - honest")
    assert f"{W.number(middle.value, middle.error)} QALYs (80% interval" in told


@pytest.mark.parametrize("checkpoint", CHECKPOINTS)
def test_sections_are_called_by_the_beginning_of_their_headings(recorded_run, checkpoint):
    """Each place that an answer names is a section of the report or the summary, under the words of its heading."""
    book = Book.of(recorded_run, checkpoint)
    titles = {one.name: one.title for one in sections_of(book)}
    for ask in questions.QUESTIONS:
        for name, words in ask(book).sections:
            assert titles.get(name, "Summary").startswith(words), (name, words)


@pytest.mark.parametrize("checkpoint", CHECKPOINTS)
def test_each_checkpoint_reads_its_own_way(recorded_run, checkpoint):
    """The first sentence names the checkpoint and what it looks at; the three differ."""
    lead = questions.section(Book.of(recorded_run, checkpoint)).blocks[0].words
    assert checkpoint in lead
    assert questions.FOR[checkpoint] in lead
    assert len(set(questions.FOR.values())) == len(CHECKPOINTS)


def test_the_scale_is_the_one_that_words_use():
    """Each word of the printed scale is what the middle of its band is called."""
    for word, band in questions.SCALE:
        plain_band = band.replace("%", "").replace(" or less", " to 0").replace(" or more", " to 100")
        ends = [float(part) / 100.0 for part in plain_band.split(" to ")]
        assert W.likelihood(sum(ends) / 2.0) == word, band


def test_the_page_for_the_minutes_leaves_dissent_empty(book):
    """Question, answer, confidence, and an empty cell for dissent in every row; a row for the decision and one for names."""
    table = _grids(questions.section(book))["minutes"]
    assert [row[-1] for row in table.rows] == [""] * len(table.rows)
    assert [row[0] for row in table.rows[-2:]] == ["Decision of the governing body", "Present, and date"]
    assert "What happens to patients?" in [row[0] for row in table.rows]
    assert minutes_paper([budget(book)]).rows[0]["dissent"] == ""


def test_papers_hold_plain_words(book):
    """The table beside the page has no marks of citing and no signs of code."""
    questions.section(book)
    for row in book.papers["questions"].rows:
        text = " ".join(str(value) for value in row.values())
        assert text == plain(text)
        assert "`" not in text
    assert len(book.papers["questions"].rows) == len(NUMBERS)


def test_every_word_is_printed_once(book):
    """No two answers are the same."""
    texts = [row[1] for row in _grids(questions.section(book))["questions"].rows]
    assert len(set(map(plain, texts))) == len(texts)
    assert all(words_of(block) for block in questions.section(book).blocks)
