"""Before the first year: the sentence on the first screen, the figures with the start counted in, and the table."""

import pytest

from stresstest.report import starting
from stresstest.report.source import Source
from stresstest.report.tracing import Trace, plain

pytestmark = pytest.mark.unit


def test_the_answer_says_what_it_is_given(fake_run):
    """Never, in part, as planned, and the rest."""
    assert plain(starting.starting_sentence(Source(fake_run), Trace())) == (
        "All this is given that the contract starts in full scope. In 43.4% of futures it never starts; in 17.0% only a "
        "fragment is ever moved; in 7.1% most of it is moved and it runs its term; in the rest it ends early."
    )


def test_headline_figures_with_the_start_counted_in(fake_run):
    """Each figure stands beside the one that is given a full start."""
    said = plain(starting.counted_in(Source(fake_run), Trace()))
    assert "losses end 42.0% of contracts (75.1% given a full start)" in said
    assert "mean surplus is −£11.0m (−£31.0m) and mean net exposure £17m (£46m)" in said


def test_every_figure_is_tabled_in_its_unit(fake_run):
    """Shares in per cent, years in years, money in pounds, each with its error."""
    table = starting.starting(Source(fake_run), Trace())
    rows = {row[0]: [plain(cell) for cell in row[1:]] for row in table.rows}
    assert len(rows) == 11
    assert rows["The contract never starts"] == ["43.4%", "0.2 points"]
    assert rows["Delay of the start beyond the plan, on average"] == ["0.99 years", "0.004"]
    assert rows["Net exposure with realised scope counted in"] == ["£17m", "£1.0m"]


def test_figures_are_those_of_the_analysis():
    """The names that the sentences use are written by the analysis."""
    from pathlib import Path

    from stresstest.analysis import starting as analysis

    text = Path(analysis.__file__).read_text(encoding="utf-8")
    for name in ("never_starts", "fragment", "as_planned", "losses_all", "surplus_all", "exposure_all"):
        assert f'("{name}",' in text
