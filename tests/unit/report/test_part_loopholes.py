"""The section of loopholes: health and equality beside money, how each is seen, what stops it and what is left."""

import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_part_risks import blocks_of, grid, loose_digits, text_of, wrong_cells

from stresstest.gaming import services
from stresstest.report.book import Book
from stresstest.report.document import Picture
from stresstest.report.papers.loopholes import UNKNOWN, loophole_paper
from stresstest.report.parts import loopholes
from stresstest.report.tracing import plain

pytestmark = pytest.mark.unit


def change(folder, changes):
    """Write the gaming table again: `changes` by lever; a new column is empty elsewhere."""
    (path,) = (folder / "tables" / "gaming").glob("*.parquet")
    rows = pq.read_table(path).to_pylist()
    names = list(dict.fromkeys([*rows[0], *(key for more in changes.values() for key in more)]))
    rows = [dict.fromkeys(names) | row | changes.get(row["lever"], {}) for row in rows]
    pq.write_table(pa.Table.from_pylist(rows), path)


def order(folder):
    """Levers in the order of the paper, all together left out."""
    return [row["lever"] for row in loophole_paper(Book.of(folder)).rows if row["place"] is not None]


def test_money_alone_does_not_rank(fake_run):
    """The lever that costs most health stands before one that only costs more money; an unused one stands last."""
    change(fake_run, {
        "cost_shifting": {"harm_public_mean_gbp": -1e6, "harm_qaly_mean": 900.0},
        "exception_reporting": {"harm_public_mean_gbp": 5e6, "harm_qaly_mean": 1.0},
        "year_end_timing": {"harm_public_mean_gbp": 4e6, "harm_qaly_mean": 0.0},
    })  # fmt: skip
    assert order(fake_run) == ["exception_reporting", "cost_shifting", "year_end_timing", "ratchet_holding_back"]
    change(fake_run, {"cost_shifting": {"harm_qaly_mean": 0.5}})
    assert order(fake_run)[:2] == ["exception_reporting", "year_end_timing"]
    text = text_of(loopholes.section(Book.of(fake_run)))
    assert "Not ranked on money alone." in text


def test_expected_harm_ranks_where_it_is_known(fake_run):
    """With a range of expected harm the levers stand by its high end, and the range has a column."""
    change(fake_run, {
        "year_end_timing": {"expected_harm_low_gbp": 1e6, "expected_harm_high_gbp": 9e6},
        "cost_shifting": {"expected_harm_low_gbp": 1e5, "expected_harm_high_gbp": 2e6},
    })  # fmt: skip
    assert order(fake_run)[:2] == ["year_end_timing", "cost_shifting"]
    table = grid(loopholes.section(Book.of(fake_run)), "gaming")
    assert table.headings[-1] == "Expected harm, range"
    assert plain(table.rows[1][-1]) == "£1.00m to £9.00m"


def test_every_lever_has_health_and_equality(recorded_run):
    """No row stands without health lost and an equality effect with its size; the whole play has none modelled."""
    book = Book.of(recorded_run)
    table = grid(loopholes.section(book), "gaming")
    health, equality = table.headings.index("Health lost, QALYs"), table.headings.index("Equality effect")
    assert table.rows[0][equality] == UNKNOWN
    assert all("on the most deprived 27%" in plain(row[equality]) for row in table.rows[1:])
    assert all(any(c.isdigit() for c in plain(row[health])) for row in table.rows)


def test_the_direction_is_the_patterns_own(fake_run):
    """A steep pattern falls much harder on the deprived, and its share is the reader's own."""
    rows = {row["lever"]: row for row in loophole_paper(Book.of(fake_run)).rows}
    harm = services.harms()["exception_reporting"]
    assert rows["exception_reporting"]["equality"] == "falls much harder on the deprived"
    assert rows["exception_reporting"]["deprived_share"] == max(harm.by_band.values())
    assert rows["year_end_timing"]["equality"] == "falls evenly"
    assert rows["year_end_timing"]["deprived_share"] == pytest.approx(rows["year_end_timing"]["deprived_people_share"])


def test_without_the_judgements_equality_is_not_modelled(fake_run, tmp_path, monkeypatch):
    """Where the tables of harm cannot be found every row says not modelled."""
    monkeypatch.setattr(services, "gaming_folder", lambda: tmp_path / "nowhere")
    table = grid(loopholes.section(Book.of(fake_run)), "gaming")
    assert {row[2] for row in table.rows} == {UNKNOWN}


def test_every_figure_is_a_cell(recorded_run):
    """Each cited number is a rounding of the cell it names, and no other digits stand in the section."""
    book = Book.of(recorded_run)
    section = loopholes.section(book)
    assert len(book.say.entries) > 200
    assert wrong_cells(book) == []
    assert loose_digits(section) == []


def test_before_and_after_are_the_tables(recorded_run):
    """The chart holds the gains of at most eight levers as written and after the change, in millions of pounds."""
    book = Book.of(recorded_run)
    section = loopholes.section(book)
    chart, rows = book.charts["loopholes_fixed"], {row["title"]: row for row in book.papers["loopholes"].rows}
    assert 2 <= len(chart.rows) <= 8
    for one in chart.rows:
        assert one["before"] == pytest.approx(rows[one["lever"]]["gain_mean_gbp"] / 1e6)
        assert one["after"] == pytest.approx(rows[one["lever"]]["residual_gain_mean_gbp"] / 1e6)
    most = max((row for row in rows.values() if row["residual_gain_mean_gbp"] and row["place"] is not None),
               key=lambda row: row["residual_gain_mean_gbp"])  # fmt: skip
    assert most["title"].lower() in chart.title.lower()
    assert len(plain(chart.title).split()) <= 15
    assert len(plain(chart.alt)) <= 300
    assert "loopholes_fixed" in [b.chart for b in blocks_of(section.blocks) if isinstance(b, Picture)]


def test_a_lever_without_use_is_named_and_not_ranked(fake_run):
    """A lever that the search left alone stands in the sentence, not in the table; one without a fix says none tried."""
    section = loopholes.section(Book.of(fake_run))
    assert all("olding back" not in row[0] for row in grid(section, "gaming").rows)
    assert "a provider does best to leave alone: holding back" in text_of(section)
    assert "none tried" in [row[2] for row in grid(section, "fixes").rows]


def test_no_chance_stops_only_what_pays(fake_run):
    """A lever that gains and has no break-even cannot be stopped by audit; one that loses has a dash."""
    rows = {row[0]: row for row in grid(loopholes.section(Book.of(fake_run)), "fixes").rows}
    shown = {name: plain(row[4]) for name, row in rows.items()}
    assert shown["All levers together"] == "–"
    assert "no chance stops it" in shown.values()
    assert shown["Cost moved across the year-end"] == "–"
    assert "37.0%" in shown.values()


def test_the_contract_is_set_beside_the_frontier(recorded_run):
    """The frontier's table begins with the contract as it is, and the chart says by how much it is beaten."""
    book = Book.of(recorded_run)
    section = loopholes.section(book)
    table, points = grid(section, "frontier"), book.advice("tradeoffs").rows("points")
    assert plain(table.rows[0][0]) == "as it is"
    assert len(table.rows) == 1 + len(book.advice("tradeoffs").rows("frontier"))
    chart = book.charts["tradeoff_frontier"]
    assert len(chart.rows) == len(points)
    assert ("beaten on both" in chart.title) == (points[0]["dominated"] == "yes")


def test_without_tradeoffs_a_sentence_stands(recorded_run):
    """A run whose trade-offs were not worked out says how to do so, and has the rest."""
    shutil.rmtree(recorded_run / "advice" / "tradeoffs")
    book = Book.of(recorded_run)
    text = text_of(loopholes.section(book))
    assert "The trade-off between money and health has not been worked out for this run: `stresstest advise RUN`" in text
    assert "tradeoff_frontier" not in book.charts


def test_chance_alone_is_told(fake_run):
    """What a provider that changes nothing is paid, and the part of it that is chance, are those of the null test."""
    text = text_of(loopholes.section(Book.of(fake_run)))
    assert "gets −£17.8m a year from all clauses together; £500k of it is chance alone" in text
