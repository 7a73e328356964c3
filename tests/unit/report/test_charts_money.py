"""Charts of money: heat map, deficits, bridge and tornado show their rows, in words that follow, dark enough to be read."""

import csv
import io
import re
import shutil

import numpy as np
import pytest
from invented_money import add_tables, bridge_rows

from stresstest.report import charts_drivers, charts_money, draw_more
from stresstest.report import palette as P
from stresstest.report.book import Book
from stresstest.report.papers.bridge import bridge_paper
from stresstest.report.papers.hurdles import hurdle_paper
from stresstest.report.tracing import plain

pytestmark = pytest.mark.unit
NAMES = ("hurdles_by_scenario", "deficits_by_year", "bridge", "exposure_fan", "inputs_tornado", "effects_map")


@pytest.fixture(scope="module")
def folder(tmp_path_factory, reported_run):
    """The invented run with every table of these charts."""
    return add_tables(shutil.copytree(reported_run, tmp_path_factory.mktemp("charts") / "run"))


@pytest.fixture(scope="module")
def drawn(folder, recorded_report):
    """Every chart by name: those of the run's own tables on invented rows, those of analyses on a real run."""
    book, real = Book.of(folder), Book.of(recorded_report)
    advice = real.advice("sensitivity")
    found = [
        charts_money.hurdle_map(book, hurdle_paper(book).rows), charts_money.deficits(book, book.source.rows("hurdles_by_year")),
        charts_money.bridge(book, bridge_paper(book).rows), charts_money.exposure_fan(real),
        charts_drivers.tornado(real, advice.rows("inputs")), charts_drivers.effects_map(real, advice),
    ]  # fmt: skip
    return {chart.name: chart for chart in found}


def test_these_are_the_charts(drawn):
    """Six charts, each under its own name."""
    assert tuple(drawn) == NAMES


def _axes(chart):
    """The axes that hold a chart: its own, and those set into it."""
    axes = chart.figure().axes
    return [one for ax in axes for one in (ax, *ax.child_axes)]


def _shown(chart):
    """Every number that stands on the axes: coordinates of lines, ends of bars, and figures written in cells."""
    found = []
    for ax in _axes(chart):
        found += [np.asarray(line.get_data(), dtype=float).ravel() for line in ax.lines]
        for bar in ax.patches:
            found.append([bar.get_x(), bar.get_x() + bar.get_width(), bar.get_width()])
    return np.concatenate([np.asarray(one, dtype=float) for one in found])


def _cells(chart):
    """Texts written on the axes."""
    return {text.get_text() for ax in _axes(chart) for text in ax.texts}


@pytest.mark.parametrize("name", NAMES)
def test_words_of_a_chart(drawn, name):
    """The message in 15 words at most with a figure, the text alternative in 300 characters at most, and the place."""
    chart = drawn[name]
    assert 4 <= len(plain(chart.title).split()) <= 15
    assert re.search(r"\d", plain(chart.title))
    assert 40 <= len(plain(chart.alt)) <= 300
    assert plain(chart.title) in plain(chart.alt)
    assert "2018/19 to 2032/33" in plain(chart.subtitle)
    assert chart.caption


@pytest.mark.parametrize("name", NAMES)
def test_the_csv_holds_what_is_plotted(drawn, name):
    """Each number of the CSV is a coordinate of the drawing or, in a heat map, a figure in a cell."""
    chart = drawn[name]
    rows = list(csv.DictReader(io.StringIO(chart.csv())))
    places, cells = _shown(chart), _cells(chart)
    for column in chart.columns:
        for row in rows:
            if column.kind == "text" or row[column.name] == "":
                continue
            value = float(row[column.name])
            written = f"{100.0 * value:.1f}%".replace("-0.0%", "0.0%") in cells
            assert written or np.isclose(places, value, rtol=1e-9, atol=1e-9).any(), (column.name, value)


@pytest.mark.parametrize("name", NAMES)
def test_every_text_can_be_read(drawn, name):
    """Ten points or more, and 4.5:1 against the white page or, in a cell, against the cell."""
    chart = drawn[name]
    import matplotlib.text

    figure = chart.figure()
    cells = {(round(p.get_x() + 0.5), round(p.get_y() + 0.5)): p for ax in figure.axes for p in ax.patches}
    for text in figure.findobj(matplotlib.text.Text):
        if text.get_text():
            assert text.get_fontsize() >= 10.0
            at = tuple(round(float(x)) for x in text.get_position()) if "map" in name or "scenario" in name else None
            behind = P.PAPER
            if at in cells and text.get_ha() == "center" and text in figure.axes[0].texts:
                behind = _hex(cells[at].get_facecolor())
            assert P.contrast(text.get_color(), behind) >= 4.5, text.get_text()


def _hex(colour):
    from matplotlib.colors import to_hex

    return to_hex(colour).upper()


def test_cells_are_told_apart_without_colour():
    """Every shade has an outline of 3:1 against white, and the ink on it reaches 4.5:1."""
    assert P.contrast(P.MUTED, P.PAPER) >= 3.0
    for _, colour in draw_more.SHADES:
        assert P.contrast(draw_more.ink(colour), colour) >= 4.5


def test_shades_grow_darker_with_the_chance():
    """A higher chance never has a lighter shade; thresholds belong to the darker one."""
    lights = [P.luminance(draw_more.shade(x)) for x in np.linspace(0.0, 1.0, 101)]
    assert lights == sorted(lights, reverse=True)
    assert draw_more.shade(0.5) == P.BANDS[2]
    assert draw_more.shade(0.4999) == P.BANDS[1]
    assert draw_more.shade(-0.001) == P.PAPER


def test_a_bridge_ends_where_it_should():
    """Each change begins where the last one ended; the last level is reached to the rounding."""
    steps = draw_more.bridge_steps(["start", "a", "b", "low"], [2.0, 3.0, -7.0, -2.0], [""] * 4)
    assert [(s.start, s.end) for s in steps] == [(0.0, 2.0), (2.0, 5.0), (5.0, -2.0), (0.0, -2.0)]
    assert [s.level for s in steps] == [True, False, False, True]


def test_the_bridge_has_a_panel_a_contract(folder, drawn, fake_run):
    """Two panels on like axes; a run without fixes has one."""
    two = [ax for ax in _axes(drawn["bridge"]) if ax.get_xlabel()]
    assert len(two) == 2
    assert two[0].get_xlim() == two[1].get_xlim()
    add_tables(fake_run, bridge=bridge_rows(("as it is",)))
    book = Book.of(fake_run)
    one = charts_money.bridge(book, bridge_paper(book).rows)
    assert len([ax for ax in _axes(one) if ax.get_xlabel()]) == 1
    assert "with every fix" not in plain(one.title)


def test_the_tornado_writes_values_at_its_ends(drawn):
    """Twelve inputs at most, longest swing first, both values at the bars and the base line labelled."""
    chart = drawn["inputs_tornado"]
    assert 2 <= len(chart.rows) <= charts_drivers.MOST_INPUTS
    swings = [abs(row["at_high"] - row["at_low"]) for row in chart.rows]
    assert swings == sorted(swings, reverse=True)
    cells = _cells(chart)
    assert {row["low"] for row in chart.rows} | {row["high"] for row in chart.rows} <= cells
    assert any(text.startswith("as it is: ") for text in cells)


def test_a_run_without_the_analysis_has_its_own_tornado(folder):
    """The run's changed inputs, each one way only; the other end stands on the base line."""
    book = Book.of(folder)
    chart = charts_drivers.swing_tornado(book, book.source.rows("swings"))
    first = chart.rows[0]
    assert first["at_low"] == pytest.approx(0.4312)
    assert first["at_high"] == first["base"] == pytest.approx(0.75)
    assert first["high"] == ""
    assert "75.0% to 43.1%" in plain(chart.title)


def test_titles_follow_the_numbers(folder, fake_run):
    """Another highest chance gives another title and another text alternative."""
    add_tables(fake_run)
    path = fake_run / "summary" / "hurdles.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",0.1875,", ",0.9875,"), encoding="utf-8")
    book = Book.of(fake_run)
    chart = charts_money.hurdle_map(book, hurdle_paper(book).rows)
    assert plain(chart.title) == "Quality below its floor: 98.8% in Calibrated law, the highest of all"
    assert "98.8%" in plain(chart.alt)


def test_long_names_of_inputs_are_cut(drawn):
    """A title stays within fifteen words whatever the input is called."""
    name = "a very long name of an input that goes on and on until nobody listens any more"
    assert len(charts_drivers._fitted(f"{name}: losses end it in 1% to 2%", name, ("1%", "2%")).split()) <= 15


@pytest.mark.parametrize("name", NAMES)
def test_an_svg_is_the_same_every_time(drawn, name):
    """Drawing twice gives the same file."""
    assert drawn[name].svg() == drawn[name].svg()
