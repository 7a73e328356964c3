"""The page of a national study: its sections, what it says where tables are missing, and that every number is a cell's."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from national_rows_made import STRATEGIES, clauses_rows, contagion_tables, facts, tables, whereabouts

from stresstest.advice.national import TABLES
from stresstest.report import national_clauses, national_contagion, national_years
from stresstest.report.leaflet import Leaflet, placed, render_sections
from stresstest.report.national import national_leaflet
from stresstest.report.national_body import called_message
from stresstest.report.tracing import plain

pytestmark = pytest.mark.unit
BASE = ("places", "joint_summary", "joint", "totals", "diversified")
DATA = re.compile(r'<data(?: class="whole")? value="([^"]*)" title="([^,"]+), line (\d+), ([^"]+)">([^<]*)</data>')


def page_of(count: int, every: bool = True, where: bool = False, **more: Any) -> Leaflet:
    """A page over so many invented places, with or without the tables beyond the first five."""
    made = tables(count) | (contagion_tables(count) | {"clauses": clauses_rows()} if every else {})
    kept = made if every else {name: made[name] for name in BASE}
    return national_leaflet(kept | more, facts(count), whereabouts(count) if where else None)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Leaflet, Path]:
    """The page of 309 places with every table and a map, written."""
    page = page_of(309, where=True)
    folder = tmp_path_factory.mktemp("national") / "page"
    page.write(folder)
    return page, folder


def test_sections_stand_in_their_order(whole: tuple[Leaflet, Path]) -> None:
    """Failing together, the body, the map, the worst places, contagion, clauses, limits, making."""
    names = [section.name for section in whole[0].sections]
    assert names == ["joint", "body", "map", "places", "contagion", "clauses", "limits", "made"]
    assert len(whole[0].answer) == 5


def test_the_page_is_small_and_whole(whole: tuple[Leaflet, Path]) -> None:
    """309 places fit in 3 MB; no mark and no missing number is left in the page; each table is there as CSV and Parquet."""
    page, folder = whole
    text = (folder / "index.html").read_text(encoding="utf-8")
    assert len(text.encode()) < 3_000_000
    assert not [mark for mark in ("\ue000", ">nan<", "None", "£nan") if mark in text]
    for name, rows in page.tables.items():
        assert not rows or ((folder / f"{name}.csv").exists() and (folder / f"{name}.parquet").exists()), name


def test_every_number_is_the_cell_that_it_names(whole: tuple[Leaflet, Path]) -> None:
    """Each <data> element holds the value of the file, line and column in its title."""
    folder = whole[1]
    lines: dict[str, list[dict[str, str]]] = {}
    cited = DATA.findall((folder / "index.html").read_text(encoding="utf-8"))
    assert len(cited) > 500
    for value, file, line, column, _ in cited:
        if file not in lines:
            lines[file] = list(csv.DictReader((folder / file).open(encoding="utf-8")))
        cell = lines[file][int(line) - 2][column]
        assert cell == value or float(cell) == pytest.approx(float(value)), (file, line, column)


def test_chart_words_keep_their_length(whole: tuple[Leaflet, Path]) -> None:
    """Titles have at most fifteen words, alternatives at most 300 letters, and names fit files."""
    for chart in whole[0].charts.values():
        assert len(plain(chart.title).split()) <= 15, chart.title
        assert len(chart.alt) <= 300
        assert re.fullmatch(r"[a-z0-9_]+", chart.name)


@pytest.mark.parametrize("count", [2, 14])
def test_few_places_are_told_of_too(count: int) -> None:
    """Two places and fourteen: rendered, with tiles in order and every place in the table."""
    page = page_of(count, where=True)
    text = render_sections(page)
    assert "national_tiles" in page.charts
    assert not [name for name in page.charts if name.startswith("national_map")]
    assert all(f"Place {k:03d}" in text for k in range(count))


def test_missing_tables_are_told_of_with_the_command() -> None:
    """Runs that were only added up: each section says what is missing and what makes it, and none fails."""
    totals = [row for row in tables(14)["totals"] if row["measure"] in ("commissioner exposure", "health")]
    page = page_of(14, every=False, totals=totals)
    text = render_sections(page)
    for name in ("years", "call", "economy", "contagion", "clauses"):
        assert not [chart for chart in page.charts if chart.startswith(f"national_{name}")]
    assert text.count("makes it.") >= 5
    assert "stresstest national-report" in text
    assert "stresstest national FILE" in text
    assert "no clause was tried" in page.as_text()
    assert "one place's failure touches no other" in plain(text).replace("&#39;", "'")


def test_the_command_may_be_another() -> None:
    """What makes a table is what the facts say."""
    made = {name: rows for name, rows in tables(3).items() if name in BASE}
    page = national_leaflet(made, facts(3) | {"commands": {"clauses": "stresstest national one.toml"}})
    assert "stresstest national one.toml" in render_sections(page)


def test_an_empty_table_is_a_missing_one() -> None:
    """No two places share a provider: the tables of contagion are there without rows."""
    page = page_of(3, contagion=[], contagion_joint=[], caught_places=[], infectious_groups=[], hospitals=[])
    assert "no two places share" in render_sections(page)


def test_the_page_reads_columns_that_are_made() -> None:
    """Every column of the invented tables is one that the national tables are described to have, and so are those asked for."""
    made = tables(3) | contagion_tables(3) | {"clauses": clauses_rows()}
    for name, rows in made.items():
        assert set(rows[0]) <= set(TABLES[name][1]), name
    for module in (national_years, national_contagion, national_clauses):
        assert set(module.COLUMNS) <= set(TABLES[module.TABLE][1])


def test_the_dictionary_has_every_column(whole: tuple[Leaflet, Path]) -> None:
    """Unit and meaning of every column of every table, the map's among them."""
    page = whole[0]
    known = {(row["table"], row["column"]) for row in page.rows("dictionary") if row["meaning"]}
    for name, rows in page.tables.items():
        if rows and name != "dictionary":
            assert not [column for column in rows[0] if (name, column) not in known], name


def test_clauses_are_answered_by_their_verdicts() -> None:
    """The last sentence names each clause with its verdict; the chart's title follows the verdicts."""
    page = page_of(3)
    said = plain(page.answer[-1])
    for name, words in (("cap", "helps"), ("notice", "lowers the mean but moves the risk together"), ("early exit", "hurts")):
        assert re.search(rf"\*\*{name}\*\* \([^)]*\) {words}[;.]", said)
    assert "−£30.0m on average" in said
    assert page.charts["national_clauses_honest"].title == "Cap helps when every place has it"
    plotted = page.charts["national_clauses_honest"].rows[0]
    assert plotted["mean"] == pytest.approx(-30.0)
    assert plotted["mean_low"] == pytest.approx(-30.0 - 1.96 * 0.1)
    assert plotted["worst_high"] == pytest.approx(-60.0 + 1.96 * 0.2)
    rows = [row for row in clauses_rows() if row["verdict"] != "helps"]
    title = page_of(3, clauses=rows).charts["national_clauses_honest"].title
    assert title == "Notice lowers the mean but moves the risk together"
    rows = [row for row in rows if row["verdict"] in ("base", "hurts")]
    assert page_of(3, clauses=rows).charts["national_clauses_honest"].title.startswith("No clause")


@pytest.mark.parametrize(("own", "whole_", "words"), [(10.0, 10.2, "adds few"), (10.0, 21.0, "doubles"), (10.0, 14.0, "adds to")])
def test_contagion_is_said_as_large_as_it_is(own: float, whole_: float, words: str) -> None:
    """Few, some, or as many again."""
    row = {"link": "both", "own_mean_places": own, "with_contagion_mean_places": whole_}
    assert words in national_contagion.message(placed({"a": [row]})["a"])


def test_pooling_is_said_as_large_as_it_is() -> None:
    """A saving that is small, one that goes in the worst futures, and one that stays."""
    assert "saves little" in called_message(100.0, 95.0, 300.0, 290.0)
    assert "little in the worst" in called_message(100.0, 40.0, 300.0, 270.0)
    assert "in bad futures too" in called_message(100.0, 40.0, 300.0, 150.0)


@pytest.mark.parametrize(
    ("beyond", "error", "alone", "words"),
    [(0.001, 0.01, 0.2, "no more often"), (-0.1, 0.01, 0.9, "goes both ways"), (0.1, 0.01, 0.001, "all but ruled out"),
     (0.1, 0.01, 0.2, "more often than chance alone")],
)  # fmt: skip
def test_years_are_said_as_they_are(beyond: float, error: float, alone: float, words: str) -> None:
    """Within error, below independence, ruled out by it, and above it."""
    row = {"level": "at least half of the places", "beyond_independent": beyond, "beyond_independent_error": error,
           "independent_probability": alone}  # fmt: skip
    assert words in national_years.message(placed({"a": [row]})["a"][0])


def test_words_of_strangers_stay_words() -> None:
    """Markup in the name of a place, a region, a clause or a hospital is shown and not run."""
    made = tables(60) | contagion_tables(3) | {"clauses": clauses_rows()}
    bad = "<script>alert(1)</script>"
    for row in made["places"]:
        row["place"] = f"{bad}{row['place']}"
    for row in (*made["clauses"][1:], *made["hospitals"]):
        row |= {name: bad for name in ("variant", "hospital") if name in row}
    where = {code: SimpleNamespace(**(vars(one) | {"region": f"{bad} {one.region}"})) for code, one in whereabouts(60).items()}
    text = render_sections(national_leaflet(made, facts(60), where))
    assert bad not in text
    assert "&lt;script&gt;alert(1)" in text


def test_numbers_of_strategies_stand_apart() -> None:
    """One strategy alone makes a page; of two, the second is folded away below the first."""
    alone = {name: [row for row in rows if row["strategy"] == STRATEGIES[0]] for name, rows in tables(5).items()}
    assert "The same with" not in render_sections(national_leaflet(alone, facts(5)))
    assert "The same with the gamed provider" in render_sections(page_of(5))
