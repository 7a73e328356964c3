"""Charts: what is drawn, what is written beside it, and what is said about it."""

import csv
import io
import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from stresstest.errors import DataError
from stresstest.report import draw
from stresstest.report import palette as P
from stresstest.report.figures import charts, exit_causes, exposure_exceedance, surplus_fan
from stresstest.report.source import Source
from stresstest.report.tracing import TableRow

pytestmark = pytest.mark.unit
NAMES = (
    "surplus_fan", "exposure_exceedance", "surplus_by_scenario", "exits_by_year", "exit_causes", "exposure_by_cause",
)  # fmt: skip


@pytest.fixture(scope="module")
def drawn(reported_run):
    """All charts of the invented run by name."""
    return {chart.name: chart for chart in charts(Source(reported_run))}


def numbers_of(chart):
    """The numeric cells of the chart's CSV file, row by row."""
    rows = list(csv.DictReader(io.StringIO(chart.csv())))
    return {c.name: np.array([float(row[c.name]) for row in rows]) for c in chart.columns if c.kind != "text"}


def plotted(chart):
    """Every coordinate that the chart's lines and bars have on its axes."""
    ax = chart.figure().axes[0]
    values = [np.asarray(line.get_data(), dtype=float).ravel() for line in ax.lines]
    return np.concatenate([*values, [bar.get_width() for bar in ax.patches]])


def test_the_charts_are_those_of_the_page(drawn):
    """Six charts, in the order of the page."""
    assert tuple(drawn) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_words_of_a_chart(drawn, name):
    """The title says the message in 15 words at most, and the text alternative in 300 characters at most."""
    chart = drawn[name]
    assert 4 <= len(chart.title.split()) <= 15
    assert re.search(r"\d", chart.title)
    assert 40 <= len(chart.alt) <= 300
    assert chart.title in chart.alt
    assert "2018/19" in chart.subtitle
    assert chart.caption


@pytest.mark.parametrize("name", NAMES)
def test_the_csv_holds_what_is_plotted(drawn, name):
    """Each number in the CSV file is a coordinate of the drawing."""
    on_axes = plotted(drawn[name])
    for column, values in numbers_of(drawn[name]).items():
        for value in values:
            assert np.isclose(on_axes, value, rtol=1e-12, atol=1e-12).any(), (column, value)


@pytest.mark.parametrize("name", NAMES)
def test_the_table_is_the_csv_rounded(drawn, name):
    """The page's table holds the CSV's numbers, rounded to one decimal."""
    chart = drawn[name]
    cells = list(csv.reader(io.StringIO(chart.csv())))[1:]
    step = -(-len(cells) // len(chart.table))
    for shown, full in zip(chart.table, cells[::step], strict=True):
        for column, text, value in zip(chart.columns, shown, full, strict=True):
            if column.kind == "text":
                assert text == value
            else:
                scale = 100.0 if column.kind == "%" else 1.0
                assert abs(float(text.replace("−", "-").rstrip("%").replace(",", "")) - scale * float(value)) <= 0.0501


@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_small(drawn, name):
    """Every piece of text is 10 points or more, in Arial or a fallback, in the text colour or one as dark."""
    import matplotlib.text

    for text in drawn[name].figure().findobj(matplotlib.text.Text):
        assert text.get_fontsize() >= 10.0
        if text.get_text():
            colour = text.get_color()
            assert P.contrast(colour, P.PAPER) >= 4.5


def test_inline_drawings_can_share_a_page(drawn):
    """Ids are the chart's own, references find them, and nothing is asked for from elsewhere."""
    ids = []
    for chart in drawn.values():
        svg = chart.inline()
        own = re.findall(r'\bid="([^"]+)"', svg)
        wanted = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', svg)
        assert {a or b for a, b in wanted} <= set(own)
        assert 'role="img"' in svg
        assert svg.startswith("<svg")
        assert not re.search(r'(href|src)="(?!#)', svg)
        ids += own
    assert len(ids) == len(set(ids))


def test_an_svg_is_the_same_every_time(drawn):
    """Drawing twice gives the same file, so that a report can be compared."""
    assert drawn["surplus_fan"].svg(titled=True) == drawn["surplus_fan"].svg(titled=True)


def test_words_follow_the_numbers(reported_run):
    """Another median gives another title and another text alternative."""
    source = Source(reported_run)
    before = surplus_fan(source)
    key = ("calibrated", "honest", "provider", "cumulative_surplus", "2032/33", "p50")
    own = source._figures[key]
    row = TableRow.at({**own.row, "value": 7.4e6}, own.row.file, own.row.line)
    source._figures[key] = replace(own, value=7.4e6, row=row)
    after = surplus_fan(source)
    assert after.title == "In half of futures the honest provider ends at £7.4m or more"
    assert before.title != after.title
    assert after.title in after.alt


def test_exits_keep_losses_and_policy_apart(drawn):
    """Three labelled lines: losses and policy of the honest provider, losses of the gamed one."""
    import matplotlib.text

    chart = drawn["exits_by_year"]
    assert [column.name for column in chart.columns] == ["year", "honest_losses", "gamed_losses", "honest_policy"]
    assert chart.rows[-1]["honest_losses"] == pytest.approx(0.75)
    assert chart.rows[-1]["honest_policy"] == pytest.approx(0.031)
    written = {text.get_text() for text in chart.figure().findobj(matplotlib.text.Text)}
    assert {"losses, honest", "losses, gamed", "policy, honest"} <= written
    assert chart.title == "With an honest provider, losses have ended at least half of contracts by 2025/26"


def test_dollars_and_brackets_are_only_text(reported_run):
    """A reason with signs that a drawing library or a page could take for commands comes out as it is."""
    source = Source(reported_run)
    key = ("calibrated", "honest", "contract", "exit_cause:a $^{2}$ & <b>", "", "probability")
    source._figures[key] = source.causes("honest")[0][1]
    assert "a $^{2}$ &amp; &lt;b&gt;" in exit_causes(source).inline()


def test_a_strategy_without_a_curve_is_named(fake_run):
    """An exceedance table of one strategy only is refused."""
    path = fake_run / "summary" / "exceedance.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if not line.startswith("gamed")), encoding="utf-8")
    with pytest.raises(DataError, match="gamed"):
        exposure_exceedance(Source(fake_run))


def test_labels_move_apart():
    """Labels keep their order, end at least a gap apart, and stay where they were if they did not touch."""
    placed = draw.spread([1.0, 1.01, 0.99, 5.0], 0.5)
    ordered = sorted(placed)
    assert placed[2] < placed[0] < placed[1]
    assert all(b - a >= 0.5 - 1e-6 for a, b in pairwise(ordered))
    assert draw.spread([0.0, 3.0], 0.5) == [0.0, 3.0]
