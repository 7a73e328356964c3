"""Sections on money: what they say, that each number is the cell it names, and what they say where a run lacks a table."""

import re
import shutil

import pytest
from invented_money import add_tables, bridge_rows
from pages import says

from stresstest.errors import DataError
from stresstest.report import driver_tables, rendering
from stresstest.report.book import Book
from stresstest.report.document import Fold, Grid, Text, Under, words_of
from stresstest.report.money_words import input_words
from stresstest.report.parts import drivers, finance, hurdles, others
from stresstest.report.tracing import plain

pytestmark = pytest.mark.unit
PARTS = {"hurdles": hurdles, "finance": finance, "drivers": drivers, "others": others}


@pytest.fixture(scope="module")
def full(tmp_path_factory, reported_run):
    """The invented run with every table of these sections."""
    return add_tables(shutil.copytree(reported_run, tmp_path_factory.mktemp("money") / "run"))


@pytest.fixture(scope="module")
def real(recorded_report):
    """A real run with its analyses."""
    return recorded_report


def _text(section):
    return plain("\n".join(text for block in section.blocks for text in words_of(block)))


def _tables(blocks):
    """Every table below, by name."""
    found = {}
    for block in blocks:
        if isinstance(block, Grid):
            found[block.table.name] = block.table
        elif isinstance(block, Under | Fold):
            found |= _tables(block.blocks)
    return found


def _rows(table):
    return {plain(row[0]): [plain(cell) for cell in row[1:]] for row in table.rows}


@pytest.mark.parametrize("name", PARTS)
def test_every_cited_number_is_a_rounding_of_its_cell(full, real, name):
    """On the invented and on the real run each number says what its row holds."""
    for folder in (full, real):
        book = Book.of(folder)
        section = PARTS[name].section(book)
        assert section is not None
        assert len(book.say.entries) > 20
        assert [one for one in book.say.entries if not says(one.printed, "" if one.value is None else one.value)] == []


@pytest.mark.parametrize("name", PARTS)
def test_no_digit_of_a_money_column_is_uncited(full, name):
    """Figures in number columns of every table are cited; only "1 in 20" and years may stand free."""
    tables = _tables(PARTS[name].section(Book.of(full)).blocks)
    assert tables
    for table in tables.values():
        for row in table.rows:
            for cell in row[len(row) - table.figures :]:
                free = re.sub("\ue000[^\ue002]*\ue002", "", cell)
                assert not re.search(r"\d", re.sub(r"1 in \d+|\d{4}/\d\d", "", free)), (table.name, cell)


@pytest.mark.parametrize("name", PARTS)
def test_an_older_run_says_what_to_do(fake_run, name):
    """Without the newer tables and without analyses each section stands, and names the command or the way."""
    section = PARTS[name].section(Book.of(fake_run))
    assert "study again" in _text(section) or "stresstest advise" in _text(section)


def test_every_hurdle_has_its_verdicts(full):
    """Limit, likelihood word, both verdicts, low points with their years, and the chance with its interval."""
    book = Book.of(full)
    rows = _rows(_tables(hurdles.section(book).blocks)["hurdles"])
    first = rows["Provider: surplus to date stays above what the owners bear −£23.0m"]
    assert first == [
        "likely", "**missed**", "**missed**", "−£4.04m", "−£23.0m (2025/26)", "−£23.0m (2019/20)", "−£23.0m",
        "55.3% (55.1% to 55.5%)", "57.3%",
    ]  # fmt: skip
    quality = rows["Residents: mean true progress on the outcomes is at least 0.25"]
    assert quality[:3] == ["highly unlikely", "met", "**missed**"]
    hospital = next(cells for head, cells in rows.items() if head.startswith("Hospital"))
    assert hospital[3:6] == ["–", "–", "£4.84m (end)"]


def test_the_first_sentence_names_the_likeliest_miss(full):
    """The party, what comes about, and how often."""
    said = plain(hurdles.section(Book.of(full)).blocks[0].words)
    assert said.startswith("Nearest to failing is the provider: losses end the contract in 55.3%")
    assert "A scenario is not a forecast" in _text(hurdles.section(Book.of(full)))


def test_another_party_may_come_first(full, tmp_path):
    """The sentence is made from the rows."""
    folder = shutil.copytree(full, tmp_path / "run")
    path = folder / "summary" / "hurdles.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",0.1875,", ",0.9875,"), encoding="utf-8")
    assert "Nearest to failing is the residents: quality below its floor in 98.8%" in _text(hurdles.section(Book.of(folder)))


def test_the_papers_go_beside_the_report(full):
    """Joined rows are kept as papers; each of their rows has every column."""
    book = Book.of(full)
    for part in PARTS.values():
        part.section(book)
    assert {"hurdle_table", "bridge_table"} <= set(book.papers)
    joined = book.papers["hurdle_table"].rows
    assert len(joined) == 4 * len(book.source.scenarios)
    assert joined[0]["adverse_meets"] == "no"
    assert joined[0]["gamed_fails_probability"] == pytest.approx(0.57286)
    assert joined[0].line == 2


def test_money_stands_beside_health(full):
    """Every party in one line, honest beside gamed, with what gaming changes."""
    rows = _rows(_tables(finance.section(Book.of(full)).blocks)["sides"])
    assert list(rows) == [
        "Provider surplus", "Commissioner exposure, net", "Public exposure (commissioner, hospital, council)",
        "Health gained, QALYs",
    ]  # fmt: skip
    assert rows["Provider surplus"][0] == "−£31.0m (−£102m to £39.5m)"
    assert rows["Health gained, QALYs"][0].startswith("5,300 (")
    full_rows = _tables(finance.section(Book.of(full)).blocks)["outcomes"].rows
    assert len(full_rows) == 15
    assert [row[1] for row in full_rows[:3]] == ["honest", "gamed", "gamed less honest, same futures"]


def test_the_bridge_shows_both_contracts(full):
    """Steps as it is and with every fix, signs with the figures; what is not explained is left out of the page."""
    rows = _rows(_tables(finance.section(Book.of(full)).blocks)["bridge"])
    assert rows["Opening price"][2:4] == ["−£18.7m (£100k)", "−£9.6m (£100k)"]
    assert rows["Plan"][2].startswith("+£26.2m")
    assert rows["Level reached"][2] == "−£7.3m (£100k) in 2019/20"
    assert [rows[name][0] for name in ("Start", "Plan", "Level reached")] == ["start", "change", "level"]
    assert "Not explained" not in rows


def test_one_contract_alone_is_a_bridge_too(fake_run):
    """A run without fixes has one panel and dashes."""
    add_tables(fake_run, bridge=bridge_rows(("as it is",)))
    rows = _rows(_tables(finance.section(Book.of(fake_run)).blocks)["bridge"])
    assert rows["Plan"][2:] == ["+£26.2m (£100k)", "– (–)", "–"]


def test_both_contracts_are_told_to_one_year(real):
    """On a real run the steps lead to one year under both, and what the fixes change is the paired difference."""
    book = Book.of(real)
    said = _text(finance.section(book))
    assert "every fix of wording together changes the mean in 2019/20 by +£2.80m (standard error £45k)" in said
    own = [r for r in book.source.rows("bridge") if r["contract"] == "with every fix" and r["scenario"] == "calibrated"]
    low = next(row for row in own if row["kind"] == "level")
    assert low["to_year"] == "2019/20"
    assert sum(r["difference_gbp"] for r in own if r["kind"] == "change") == pytest.approx(low["difference_gbp"], abs=0.01)


def test_bridges_to_two_years_are_not_compared(fake_run):
    """An older run whose bridges end in two years says that they cannot be compared step by step."""
    rows = bridge_rows()
    for row in rows[len(rows) // 2 :]:
        row["to_year"] = "2018/19"
    add_tables(fake_run, bridge=rows)
    said = _text(finance.section(Book.of(fake_run)))
    assert "cannot be compared" in said
    assert "changes the mean in" not in said


def test_a_path_never_reads_as_met_where_most_futures_miss(full, tmp_path):
    """A hurdle kept to on a path and missed in most futures is not plainly met."""
    folder = shutil.copytree(full, tmp_path / "run")
    path = folder / "summary" / "hurdles.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",0.1875,", ",0.9875,"), encoding="utf-8")
    rows = _rows(_tables(hurdles.section(Book.of(folder)).blocks)["hurdles"])
    quality = next(cells for head, cells in rows.items() if head.startswith("Residents"))
    assert quality[1] == "kept to, but missed in most futures".replace("most futures", "**most futures**")


def test_what_was_never_seen_is_said_in_futures(real):
    """A chance of nothing reads as none in so many futures, without an interval of no width; its word is no likelihood."""
    rows = _rows(_tables(hurdles.section(Book.of(real)).blocks)["hurdles"])
    council = next(cells for head, cells in rows.items() if head.startswith("Council"))
    assert council[0] == "not seen"
    assert council[-2:] == ["none in 100,000 futures"] * 2


def test_late_deficits_are_told_of_the_contracts_that_run(real):
    """Few of all futures are in deficit late because few contracts are left: both shares are said."""
    said = _text(finance.section(Book.of(real)))
    assert "of the 17,708 contracts that still run then 4." in said


def test_most_of_what_leaving_costs_would_arise_anyway(real):
    """The section says so, and sets the register's own risk and a contract that nobody leaves beside it."""
    said = _text(others.section(Book.of(real)))
    assert "Most of it would arise anyway" in said
    assert "costs the commissioner a mean of £23.5m" in said
    assert "change by −£9.1m" in said


def test_a_councils_nothing_is_by_construction(real):
    """An honest provider's zero is explained, and what a gamed one moves stands beside it."""
    said = _text(others.section(Book.of(real)))
    assert "by construction" in said
    assert "a median of £12.1m and a mean of £10.1m" in said


def test_leaving_by_year_and_cause(full):
    """A year in which nobody leaves has no cost."""
    rows = _rows(_tables(others.section(Book.of(full)).blocks)["exit_costs"])
    assert rows["2018/19"] == ["2.0%", "£100m (£1.0m)", "£400m", "2.0%", "£100m (£1.0m)", "£400m"]
    assert rows["2032/33"] == ["0.0%", "–", "–", "0.0%", "–", "–"]
    assert "Whole term" in rows


def test_savings_are_compared_with_the_plan(full):
    """Failure, money and health beside each other; the first row is what the others are compared with."""
    rows = _rows(_tables(others.section(Book.of(full)).blocks)["savings"])
    assert rows["As planned"] == ["50.0% (0.5 points)", "–", "–", "–", "–"]
    assert rows["None of the planned savings"] == [
        "80.0% (0.5 points)", "+30.0 points (0.4 points)", "−£84.0m (£280k)", "+£420m (£1.4m)", "−480 (1.6)",
    ]  # fmt: skip


def test_income_at_risk_shows_the_fault_of_the_source(real):
    """The printed total and the sum of the parts stand beside each other, to the pound."""
    section = others.section(Book.of(real))
    said = _text(section)
    assert "put £81,459,350 a year" in said
    assert "**It prints £80,855,350**" in said
    assert "West Midlands Ambulance (£604,000)" in said
    rows = _rows(_tables(section.blocks)["provider_income"])
    assert rows["West Midlands Ambulance"] == ["£8,405,662", "£604,000", "£0", "£0", "£15,100", "£15,100", "£619,100", "7.4%"]


def test_a_place_without_figures_has_no_such_table(fake_run):
    """The invented run has no code, so no income is shown and nothing fails."""
    assert "provider_income" not in _tables(others.section(Book.of(fake_run)).blocks)


def test_enough_and_not_enough(real):
    """Handles that can be enough stand in the table, with health beside money; the others are named."""
    section = drivers.section(Book.of(real))
    table = _tables(section.blocks)["enough"]
    assert {plain(row[1]) for row in table.rows} <= {"needed", "to spare"}
    assert "Health, QALYs, mean change" in table.headings
    assert "Not enough alone" in _text(section)


def test_switching_values_by_input(real):
    """One line an input, one column a hurdle."""
    table = _tables(drivers.section(Book.of(real)).blocks)["switching"]
    assert len(table.rows) == drivers.MOST_SWITCHES
    assert len(table.headings) == 6


def test_changes_of_the_contract_stand_beside_the_contract(real):
    """As it is first; every change with public money and health."""
    table = _tables(hurdles.section(Book.of(real)).blocks)["hurdle_changes"]
    assert plain(table.rows[0][0]) == "as it is"
    assert len(table.rows) == 1 + hurdles.MOST_CHANGES
    assert all(cell != "–" for row in table.rows[1:] for cell in row)


def test_the_sections_become_a_page(full):
    """All four are drawn, with every chart and table once."""
    book = Book.of(full)
    page = rendering.render(book, [part.section(book) for part in PARTS.values()])
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_a_damaged_table_is_named(full, tmp_path):
    """A table without a column that it must have is refused."""
    folder = shutil.copytree(full, tmp_path / "run")
    path = folder / "summary" / "hurdles.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("fails_probability_low", "odd", 1), encoding="utf-8")
    with pytest.raises(DataError, match="lacks a column"):
        hurdles.section(Book.of(folder))


def test_the_table_of_changed_inputs(full):
    """Base and changed values, both probabilities, both exposures and the errors of the change, in the run's order."""
    book = Book.of(full)
    rows = [[plain(cell) for cell in row] for row in driver_tables.swings(book, book.source.rows("swings")).rows]
    assert [row[1] for row in rows][:2] == ["provider.opening.gap_median", "place.funding.growth_mean"]
    assert rows[0][3:] == ["0.07 → 0.035", "75.0% → 43.1%", "0.8 points", "£46.2m → £21.0m", "£900k"]
    assert rows[1][2] == "derived; invented"


@pytest.mark.parametrize(("unit", "said"), [("GBP", "£0 → £0"), ("share", "0.07 → 0.035 share")])
def test_changed_inputs_carry_the_units_of_the_register(full, unit, said):
    """An amount of pounds is said as money and another unit by its name; the quality is said once."""
    book = Book.of(full)
    row = book.source.rows("swings")[0]
    book.source._read["assumptions"] = [{"key": row["key"], "unit": unit}]
    row["source"] = "judgement: half a point"
    (cells,) = driver_tables.swings(book, [row]).rows
    assert plain(cells[3]) == said
    assert cells[2] == "judgement; half a point"


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [(0.029, "share", "2.9%"), (-0.05, "per year", "−5%"), (18e6, "GBP", "£18.0m"), (0.7, "log sd", "0.7"),
     (1234.0, "days", "1,234"), (0.00002, "log sd", "0.00002")],
)  # fmt: skip
def test_an_input_is_told_in_its_unit(value, unit, said):
    """Shares and rates in per cent, pounds as money, other units plainly; never with an exponent."""
    assert input_words(value, unit) == said


def test_what_is_not_there_is_said_in_words(fake_run):
    """The words are plain text and hold no figure."""
    first = hurdles.section(Book.of(fake_run)).blocks[0]
    assert isinstance(first, Text)
    assert not re.search(r"\d", first.words)
