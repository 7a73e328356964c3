"""The seven assumptions on the page: two tables from end to end, sentences, and what each assumption says."""

import pytest
from markupsafe import escape

from stresstest.assumptions import ASSUMPTIONS
from stresstest.report import switches
from stresstest.report.source import Source

pytestmark = pytest.mark.unit


def test_from_all_held_to_all_released(reported_run):
    """Values in the first and the last row, changes with 95% margins between them, parts after their assumption."""
    table = switches.switches(Source(reported_run))
    assert [row[0] for row in table.rows] == [
        "All held: the plan comes true", "Only a released: workforce", "Only g released: incentives",
        "Of g, gaming by itself", "The changes added up", "What they do only together",
        "All released but b, c, d, e and f, which the study holds, and the provider games",
    ]  # fmt: skip
    assert table.rows[0][1:] == ["0.0%", "0.0%", "£307m", "−£302m", "−£283m"]
    assert table.rows[1][1:4] == ["+32.0 ± 6.3", "+33.0 ± 6.5", "−£198m ± £39m"]
    assert table.rows[-1][1:] == ["20.2%", "64.9%", "£156m", "£404m", "£2.10bn"]
    assert all(len(row) == len(table.headings) for row in table.rows)


def test_a_change_of_nothing_has_no_sign(reported_run):
    """An assumption that does nothing to the chance of failure is "0.0", not "+0.0"."""
    row = switches.switches(Source(reported_run)).rows[2]
    assert row[1] == "0.0 ± 0.0"


def test_the_other_way_round(reported_run):
    """From all released, with each assumption held alone; sums that run towards all released say so."""
    table = switches.held_alone(Source(reported_run))
    assert [row[0] for row in table.rows] == [
        "All released but b, c, d, e and f, which the study holds, and the provider games", "Only a held: workforce",
        "The changes added up (towards all released)",
        "What they do only together (towards all released)", "All held: the plan comes true",
    ]  # fmt: skip


def test_an_honest_provider_is_not_said_to_game(reported_run):
    """Where incentives stay held, nobody games in the last row."""
    source = Source(reported_run)
    for row in source.rows("assumption_switches"):
        row["strategy"] = "honest"
    assert switches.switches(source).rows[-1][0] == "All released but b, c, d, e and f, which the study holds"


def test_sentences_are_those_of_the_analysis(reported_run):
    """Both ends with the honest provider beside them, what does not add up, and one assumption after another."""
    told = switches.told(Source(reported_run))
    assert told["ends"][0] == (
        "With every assumption held, losses end the contract in 0.0% of futures; with all but b, c, d, e and f released (the "
        "study itself holds them), in 20.2%. With all released and a provider that does not game, it is 75.0%."
    )
    assert told["ends"][1].startswith("The parts do not add up")
    assert [text[:14] for text in told["single"]] == ["If only a (wor", "If only g (inc", "Of g by itself"]


def test_one_free_assumption_adds_up_to_itself(reported_run):
    """With no interaction in the table there is no sentence and no row about it."""
    source = Source(reported_run)
    rows = source.rows("assumption_switches")
    source._read["assumption_switches"] = [r for r in rows if not r["setting"].startswith(("sum", "interaction"))]
    assert len(switches.told(source)["ends"]) == 1
    assert len(switches.told(source)["single"]) == 3
    last = [row[0] for row in switches.switches(source).rows][-2:]
    assert last == ["Of g, gaming by itself", "All released but b, c, d, e and f, which the study holds, and the provider games"]


def test_the_page_says_what_each_assumption_is(reported_run):
    """All seven with what held and released mean."""
    page = (reported_run / "report" / "index.html").read_text(encoding="utf-8")
    for one in ASSUMPTIONS:
        assert f"<dt>{one.letter}, {one.name}: " in page
        assert f"Held: {escape(one.when_held)}. Released: {escape(one.when_released)}." in page
