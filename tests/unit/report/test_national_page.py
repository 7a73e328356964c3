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
from stresstest.report import national_clauses, national_contagion, national_joint, national_years
from stresstest.report.leaflet import Leaflet, placed, render_sections
from stresstest.report.national import national_leaflet
from stresstest.report.national_body import called_message, with_error
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
    """Both strategies, failing together, the body, the map, the worst places, contagion, clauses, limits, making."""
    names = [section.name for section in whole[0].sections]
    assert names == ["strategies", "joint", "body", "map", "places", "contagion", "clauses", "limits", "made"]
    assert len(whole[0].answer) == 7


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
    """The last sentence holds each verdict as it is, the largest change first, without changes within error."""
    page = page_of(3)
    said = plain(page.answer[-1])
    least = "a trade: cheaper on average, heavier in the worst, and evens out less as more places sign"
    assert said.startswith(
        "As a clause in every place: **cap** helps (−£30.0m on average, −£60.0m in the worst 1 in 20); **early exit** hurts "
        "(+£20.0m on average, +£40.0m in the worst 1 in 20, £9.00k for each QALY gained); **notice** is " + least
    )
    assert "1 changes nothing beyond error. Changes count from the agreed budgets" in said
    assert "index" not in said
    chart = page.charts["national_clauses_honest"]
    assert chart.title == "Cap helps when every place has it"
    assert [row["clause"] for row in chart.rows] == ["cap: helps", "early exit: hurts", "notice: a trade", "index: within error"]
    plotted = chart.rows[0]
    assert plotted["mean"] == pytest.approx(-30.0)
    assert plotted["mean_low"] == pytest.approx(-30.0 - 1.96 * 0.1)
    assert plotted["worst_high"] == pytest.approx(-60.0 + 1.96 * 0.2)


def test_the_title_of_clauses_is_the_best_verdict() -> None:
    """A trade where none helps; that no clause helps where there is no trade either."""
    rows = [row for row in clauses_rows() if row["verdict"] != "helps"]
    title = page_of(3, clauses=rows).charts["national_clauses_honest"].title
    assert title == "Notice trades the mean against the worst futures"
    rows = [row for row in rows if row["verdict"] in ("base", "hurts")]
    assert page_of(3, clauses=rows).charts["national_clauses_honest"].title.startswith("No clause")


def test_a_tail_within_error_is_not_named() -> None:
    """Of a clause whose worst 1 in 20 changes within two errors only the mean is told; of many, three each way are named."""
    rows = [row | {"exposure_worst_1_in_20_gbp_change": 3e5} for row in clauses_rows() if row["verdict"] in ("base", "helps")]
    assert "**cap** helps (−£30.0m on average)." in plain(page_of(3, clauses=rows).answer[-1])
    base, cap = rows[:2]
    many = [cap | {"variant": f"cap {k}", "exposure_mean_gbp_change": -1e7 * (k + 1)} for k in range(5)]
    said = plain(page_of(3, clauses=[base, *many]).answer[-1])
    assert [name in said for name in ("cap 4", "cap 3", "cap 2", "cap 1", "cap 0")] == [True, True, True, False, False]
    assert "2 more change what is borne by less" in said


def test_nothing_is_said_to_fail_at_once(whole: tuple[Leaflet, Path]) -> None:
    """Failures are counted by the end of the term: neither page nor chart nor file of facts says "at once"."""
    few = render_sections(page_of(3))
    for text in (few, (whole[1] / "index.html").read_text(encoding="utf-8"), whole[0].as_text()):
        assert "at once" not in text.lower()
        assert "by the end of the term" in text


def test_half_of_the_places_are_told_of_or_all() -> None:
    """14 places: seven or more, and the year by which two thirds have gone; three places: all of them."""
    many, few = plain(page_of(14).answer[0]), plain(page_of(3).answer[0])
    assert "half of them or more (7) are gone by the end of the term" in many
    assert "two thirds of those that do have gone by 2019/20" in many
    assert "all of them are gone by the end of the term" in few


def test_both_strategies_stand_beside_each_other() -> None:
    """Failures, quality, money and health of each in one table outside folds, and a sentence of the second in the answer."""
    page = page_of(14)
    (grid,) = (section for section in page.sections if section.name == "strategies")
    rows = {row[0]: [plain(cell) for cell in row[1:]] for row in grid.blocks[0].table.rows}  # type: ignore[union-attr]
    assert rows["Providers that walk away, mean places"] == ["6.6", "9.2"]
    assert rows["Contracts ended early by any cause, mean places"] == ["8.40", "8.40"]
    assert {"Call on the national body, mean", "QALYs gained, mean"} <= set(rows)
    assert plain(page.answer[3]).startswith("With the gamed provider 9.2 walk away on average, residents gain")
    alone = {name: [row for row in made if row["strategy"] == "honest"] for name, made in tables(5).items()}
    assert "gamed" not in national_leaflet(alone, facts(5)).as_text()


def test_places_that_do_not_differ_are_not_ranked(whole: tuple[Leaflet, Path]) -> None:
    """Where chances differ no more than chance: said so, no tile numbered and none named worst; else what goes with it."""
    same = [row | {"p_value": 0.4} for row in tables(60)["places_differ"]]
    page = page_of(60, where=True, places_differ=same)
    said = plain(" ".join(page.answer))
    assert "no place differs from another beyond Monte Carlo error" in said
    assert "likeliest to fail" not in said
    chart = page.charts["national_map_chance_honest"]
    assert chart.title == "No place differs from another beyond Monte Carlo error"
    assert "Numbered" not in chart.caption
    assert "Worst" not in chart.alt
    assert "smaller places (rank correlation with the budget −0.62)" in plain(" ".join(whole[0].answer))
    assert "Numbered, the worst: 1 Place 000" in whole[0].charts["national_map_chance_honest"].caption
    few = page_of(3, places_differ=[row | {"p_value": 0.4} for row in tables(3)["places_differ"]])
    assert few.charts["national_tiles"].title == "No place differs from another beyond Monte Carlo error"


def test_places_are_named_by_their_part_of_the_worst_futures(whole: tuple[Leaflet, Path]) -> None:
    """The place with most of the worst futures for its budget comes first, not the one with the highest chance."""
    assert "Place 308 1.21 times" in plain(" ".join(whole[0].answer))
    (section,) = (one for one in whole[0].sections if one.name == "places")
    assert section.blocks[0].table.rows[0][0] == "Place 308"  # type: ignore[union-attr]


def test_the_scale_is_told() -> None:
    """Budgets, share of them, term, places left out and the title of the study; the limit with its number."""
    more = {"title": "A study", "term": ["2018/19", "2020/21"], "left_out": [("Sark", "too few people")],
            "commissioner_limit": {"value": 0.1, "unit": "share of the agreed budget", "quality": "judgement"},
            "hospital_links": 5, "split_hospital_links": 2}  # fmt: skip
    page = national_leaflet(tables(5) | contagion_tables(5), facts(5) | more)
    text = render_sections(page)
    assert page.title == "A study"
    assert "agreed budgets of £500m together (present value) over 3 years, 2018/19 to 2020/21" in page.basis
    assert "Left out: Sark." in page.basis
    assert "Sark (too few people)" in text
    assert "200.0% of the £500m that they agreed" in plain(page.answer[1])
    assert "(10% of the agreed budget, a judgement) falls on the national body" in plain(page.answer[2])
    assert "would move £100m of that mean to commissioners with room" in plain(page.answer[2])
    assert "2 of the 5 links to a hospital are marked split" in text


def test_rules_without_providers_show_no_both() -> None:
    """Where no place shares a provider, the rows of both links are left out, and empty columns with them."""
    made = contagion_tables(14)
    rows = [row for row in made["contagion"] if row["link"] != "provider"]
    caught = [row | {"provider": "", "hospital": "Trust"} for row in made["caught_places"]]
    page = page_of(14, contagion=rows, caught_places=caught)
    assert [row["rule"] for row in page.charts["national_contagion_honest"].rows] == ["Hospital, 50%"]
    (section,) = (one for one in page.sections if one.name == "contagion")
    assert "One failure sometimes sets off another" in plain(" ".join(page.answer))
    assert "fewer than 4 failures nobody is caught" in plain(" ".join(page.answer))
    text = plain(str(section.blocks))
    assert "'place', 'caught', 'fails by itself', 'hospital'" in text
    assert "extra cost (an upper estimate)" in text


@pytest.mark.parametrize(("own", "whole_", "words"), [(10.0, 10.2, "adds few"), (10.0, 21.0, "doubles"), (10.0, 14.0, "adds to")])
def test_contagion_is_said_as_large_as_it_is(own: float, whole_: float, words: str) -> None:
    """Few, some, or as many again."""
    row = {"link": "both", "own_mean_places": own, "with_contagion_mean_places": whole_}
    assert words in national_contagion.message(placed({"a": [row]})["a"])


def test_pooling_is_said_as_large_as_it_is() -> None:
    """Little that moves, money that moves but little of it in the worst futures, and in these too; none of it is saved."""
    assert "moves little" in called_message(100.0, 95.0, 300.0, 290.0)
    assert "little in the worst" in called_message(100.0, 40.0, 300.0, 270.0)
    assert "in bad futures too" in called_message(100.0, 40.0, 300.0, 150.0)


@pytest.mark.parametrize(
    ("beyond", "error", "alone", "words"),
    [(0.001, 0.01, 0.2, "as often as if"), (-0.6, 0.01, 0.9, "by the end: 30%, and 90% if independent"),
     (0.3, 0.01, 0.001, "by the end: 30.0%, and 0.1% if independent")],
)  # fmt: skip
def test_years_are_said_as_they_are(beyond: float, error: float, alone: float, words: str) -> None:
    """Within error no more often; else both chances, with a decimal where one is small."""
    row = {"level": "at least half of the places", "beyond_independent": beyond, "beyond_independent_error": error,
           "independent_probability": alone, "probability": 0.3}  # fmt: skip
    assert words in national_years.message(placed({"a": [row]})["a"][0])


@pytest.mark.parametrize(("times", "words"), [(None, "about as chance"), (1.2, "somewhat more"), (3.0, "far more")])
def test_the_spread_is_said_as_large_as_it_is(times: float | None, words: str) -> None:
    """About as by chance, somewhat more, far more."""
    assert words in national_joint.message(times)


def test_errors_are_never_shown_as_nothing() -> None:
    """A correlation with a small error has as many decimals as show it."""
    row = placed({"a": [{"correlation": 0.1194, "correlation_error": 0.0021}]})["a"][0]
    assert plain(with_error(Leaflet("k", "t", "q", {}), row, "correlation")) == "0.119 ± 0.002"


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
