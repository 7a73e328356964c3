"""The seven assumptions: tables from end to end, sentences, contributions that add up, and what each assumption says."""

import pytest

from stresstest.assumptions import ASSUMPTIONS
from stresstest.report import switches
from stresstest.report import words as W
from stresstest.report.book import Book
from stresstest.report.document import Grid, Picture, Terms, words_of
from stresstest.report.parts import assumptions
from stresstest.report.tracing import plain

pytestmark = pytest.mark.unit


@pytest.fixture
def bare(fake_run):
    """The book of an invented run without analyses."""
    return Book.of(fake_run)


@pytest.fixture
def book(recorded_run):
    """The book of a real run with its analyses."""
    return Book.of(recorded_run)


def _plain(table):
    return [[plain(cell) for cell in row] for row in table.rows]


def test_from_all_held_to_all_released(bare):
    """Values in the first and the last row, changes with standard errors between them, parts after their assumption."""
    rows = _plain(switches.switches(bare))
    assert [row[0] for row in rows] == [
        "All held: the plan comes true", "Only a released: workforce", "Only g released: incentives",
        "Of g, gaming by itself", "The changes added up", "What they do only together",
        "All released but b, c, d, e and f, which the study holds, and the provider games",
    ]  # fmt: skip
    assert rows[0][1:] == ["0.0%", "0.0%", "£307m", "−£302m", "−£283m"]
    assert rows[1][1:4] == ["+32.0 points (3.2 points)", "+33.0 points (3.3 points)", "−£198m (£20m)"]
    assert rows[-1][1:] == ["20.2%", "64.9%", "£156m", "£404m", "£2.10bn"]
    assert all(len(row) == len(switches.switches(bare).headings) for row in rows)


def test_a_change_of_nothing_has_no_sign(bare):
    """An assumption that does nothing to the chance of failure is "0.0 points", not "+0.0 points"."""
    assert _plain(switches.switches(bare))[2][1] == "0.0 points (0.0 points)"


def test_the_other_way_round(bare):
    """From all released, with each assumption held alone; sums that run towards all released say so."""
    assert [row[0] for row in _plain(switches.held_alone(bare))] == [
        "All released but b, c, d, e and f, which the study holds, and the provider games", "Only a held: workforce",
        "The changes added up (towards all released)",
        "What they do only together (towards all released)", "All held: the plan comes true",
    ]  # fmt: skip


def test_an_honest_provider_is_not_said_to_game(bare):
    """Where incentives stay held, nobody games in the last row."""
    for row in bare.source.rows("assumption_switches"):
        row["strategy"] = "honest"
    assert switches.switches(bare).rows[-1][0] == "All released but b, c, d, e and f, which the study holds"


def test_sentences_say_both_ends_and_what_does_not_add_up(bare):
    """Both ends with the honest provider beside them, then what the assumptions do only together."""
    ends, together = (plain(text) for text in switches.told(bare))
    assert ends == (
        "With every assumption held, losses end the contract in 0.0% of futures; with all but b, c, d, e and f released (the "
        "study itself holds them), in 20.2%. With all released and a provider that does not game, it is 75.0%."
    )
    assert together.endswith("what they do only together is −32.0 points of failure and −£151m of mean exposure.")


def test_one_free_assumption_adds_up_to_itself(bare):
    """With no interaction in the table there is no sentence and no row about it."""
    rows = bare.source.rows("assumption_switches")
    bare.source._read["assumption_switches"] = [r for r in rows if not r["setting"].startswith(("sum", "interaction"))]
    assert len(switches.told(bare)) == 1
    last = [row[0] for row in switches.switches(bare).rows][-2:]
    assert last == ["Of g, gaming by itself", "All released but b, c, d, e and f, which the study holds, and the provider games"]


@pytest.mark.parametrize(("share", "said"), [
    (0.323486, "32.3 points"), (-0.17238, "−17.2 points"), (0.0, "0.0 points"), (0.00000610, "0.00061 points"),
    (-0.0001, "−0.01 points"), (None, W.NONE),
])  # fmt: skip
def test_shares_in_points(share, said):
    """One decimal, or two figures where that would be nothing."""
    assert switches.points(share) == said


def test_contributions_add_up_to_the_change(book):
    """The bars of the chart are the table's contributions, and their sum is the change from all held to all released."""
    section = assumptions.section(book)
    assert Picture(assumptions.CHART) in section.blocks
    rows = book.advice("sensitivity").rows("assumptions")
    change = next(row for row in rows if row["kind"] == "change")["walks_away_probability"]
    chart = book.charts[assumptions.CHART]
    assert len(chart.rows) == 7
    assert sum(row["share"] for row in chart.rows) == pytest.approx(change, abs=1e-6)
    assert len(plain(chart.title).split()) <= 15
    table = next(b.table for b in section.blocks if isinstance(b, Grid) and b.table.name == "contributions")
    assert [row[0] for row in table.rows[-2:]] == ["All held", "All released"]
    assert table.rows[0][0][0] == chart.rows[0]["assumption"][0]


def test_without_the_analysis_the_command_is_named(bare):
    """A run without sensitivity has its switches, no chart, and the command that makes the contributions."""
    section = assumptions.section(bare)
    assert not any(isinstance(block, Picture) for block in section.blocks)
    assert any("stresstest advise RUN" in text for block in section.blocks for text in words_of(block))


def test_the_page_says_what_each_assumption_is(bare):
    """All seven with what held and released mean."""
    fold = assumptions.section(bare).blocks[-1]
    (terms,) = fold.blocks
    assert isinstance(terms, Terms)
    assert [name for name, _ in terms.pairs] == [f"{one.letter}, {one.name}: {one.words}" for one in ASSUMPTIONS]
    assert all("Held: " in text and "Released: " in text for _, text in terms.pairs)
