"""How far outside experience: the record, the levels beside it, and a page for each named scenario."""

import pytest

from stresstest.report import words as W
from stresstest.report.book import Book
from stresstest.report.document import Fold, Grid
from stresstest.report.papers.plausibility import NO_RECORD, plausibility, record_of
from stresstest.report.parts import scenarios
from stresstest.report.source import Source
from stresstest.report.tracing import plain

pytestmark = pytest.mark.unit


@pytest.fixture
def book(recorded_run):
    """The book of a real run."""
    return Book.of(recorded_run)


@pytest.fixture
def bare(fake_run):
    """The book of an invented run."""
    return Book.of(fake_run)


def _plain(table):
    return [[plain(cell) for cell in row] for row in table.rows]


def test_levels_outside_the_record_are_named(bare):
    """Growth of 0% and 4% lies outside; 2% lies inside and is not named."""
    assert plain(scenarios.outside(bare)).startswith("Outside the record lie these levels: real GDP growth 0.0% and 4.0%.")
    for row in bare.source.rows("history"):
        row |= {f"seed_{level}_inside": "inside" for level in scenarios.LEVELS}
    assert scenarios.outside(bare) == "All levels that can be set beside a record lie inside it."


def test_the_table_of_the_record(bare):
    """Record, futures, single years and levels of each quantity, a dash where there is none."""
    rows = _plain(scenarios.history(bare))
    assert rows[0] == [
        "Real GDP growth", "1949 to 2023; invented", "0.6% to 3.7% (mean 2.5%)", "0.6% to 2.8% (mean 1.7%)", "−9.7% to 7.6%",
        "0.0%: outside", "2.0%: inside", "4.0%: outside",
    ]  # fmt: skip
    assert rows[1][4:] == [W.NONE] * 4


def test_single_years_only_where_the_run_has_them(bare):
    """The column and its sentence come with the newer columns of the history table, and go without them."""
    assert plain(scenarios.windows(bare)).endswith("Single years have gone further: real GDP growth −9.7% to 7.6%.")
    bare.source._read["history"] = [
        type(row).at({k: v for k, v in row.items() if not k.startswith("historical_single")}, row.file, row.line)
        for row in bare.source.rows("history")
    ]
    assert "Single years" not in scenarios.history(bare).headings
    assert "Single years" not in scenarios.windows(bare)


def test_a_scenario_is_set_beside_the_record_of_its_axis(book):
    """An axis is matched to the record by its three levels; what was never recorded says so."""
    source = book.source
    assert "GDP growth" in record_of(source, "economy")["quantity"]
    assert "vacancy" in record_of(source, "workforce")["quantity"]
    assert record_of(source, "technology") is None
    rows = {(row["scenario"], row["axis"]): row for row in plausibility(source).rows}
    worst = rows["corporate-rules", "workforce"]
    assert (worst["level"], worst["value"], worst["inside"]) == ("low", 0.15, "outside")
    assert rows["official-future", "economy"]["inside"] == "inside"
    assert rows["state-supreme", "technology"]["inside"] == NO_RECORD
    assert len(rows) == 4 * 6


def test_every_named_scenario_has_its_page(book):
    """What it names, its measures beside the calibrated law, hurdles, and a future of it that can be explained."""
    section = scenarios.section(book)
    pages = {block.title: block for block in section.blocks if isinstance(block, Fold) and block.title.startswith("Scenario:")}
    assert list(pages) == [f"Scenario: {W.scenario_title(name)}" for name in book.source.scenarios[1:]]
    for page, name in zip(pages.values(), book.source.scenarios[1:], strict=True):
        assert page.printed
        told = " ".join(block.words for block in page.blocks if not isinstance(block, Grid))
        assert "A scenario is not a forecast." in told
        assert "It names responsibility" in told
        assert f"--scenario {name} --future" in told


def test_measures_stand_beside_those_of_the_first_scenario(book):
    """Two columns of figures from the summary, and the chances that hurdles are missed, quality among them."""
    rows = {row[0]: row[1:] for row in _plain(scenarios.measures(book, "state-supreme", "State Supreme"))}
    names = ("calibrated", "state-supreme")
    both = [book.source.figure("contract", "exit_losses", "probability", scenario=name) for name in names]
    assert rows["Losses end the contract"] == [W.percent(figure.value) for figure in both]
    assert "Quality below its floor, chance" in rows
    assert "Health gained, median, gamed" in rows
    assert not any("The same" in name for name in rows)


def test_an_older_run_says_what_it_does_not_keep(bare):
    """Without scenarios in its configuration, hurdles or stories of its own, each page says so and stays."""
    section = scenarios.section(bare)
    page = next(block for block in section.blocks if isinstance(block, Fold))
    words = [block.words for block in page.blocks if not isinstance(block, Grid)]
    assert "does not keep what the scenario says" in words[0]
    assert "run the study again" in words[-1]
    assert not any(block.table.name == "plausibility" for block in section.blocks if isinstance(block, Grid))


def test_a_run_of_one_scenario_has_no_pages(fake_run):
    """With nothing but the calibrated law there is the record and no scenario."""
    book = Book.of(fake_run)
    book.source.manifest["futures"] = {"calibrated": 100_000}
    folds = [block for block in scenarios.section(book).blocks if isinstance(block, Fold)]
    assert [fold.title for fold in folds] == ["Futures of the calibrated law, told"]
    assert "surplus_by_scenario" not in book.charts or folds


def test_futures_are_told_and_cited(bare):
    """The futures of the first scenario are told whole, each tied to its cell."""
    told = next(b for b in scenarios.section(bare).blocks if isinstance(b, Fold) and b.title.startswith("Futures of"))
    pairs = told.blocks[1].pairs
    assert [plain(title).partition(":")[0] for title, _ in pairs] == ["Future 1163", "Future 66"]
    assert [plain(text) for _, text in pairs] == [row["text"] for row in Source(bare.source.folder).rows("stories")]
