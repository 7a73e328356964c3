"""The section of loopholes: health and equality beside money, how each is seen, what stops it and what is left."""

import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_part_risks import blocks_of, grid, loose_digits, text_of, wrong_cells

from stresstest.gaming import services
from stresstest.report.book import Book
from stresstest.report.document import Picture, Under
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
    assert "Tried alone, and by itself a provider does best to leave it: holding back" in text_of(section)
    assert "none tried" in [row[2] for row in grid(section, "fixes").rows]


def test_no_chance_stops_only_what_pays(fake_run):
    """A lever that gains and has no break-even cannot be stopped by audit; one that loses has a dash."""
    rows = {row[0]: row for row in grid(loopholes.section(Book.of(fake_run)), "fixes").rows}
    shown = {name: plain(row[4]) for name, row in rows.items()}
    assert shown["All levers together"] == "–"
    assert "no chance stops it" in shown.values()
    assert shown["Cost moved across the year-end"] == "–"
    assert "37.0%" in shown.values()


def test_trade_offs_are_of_one_sample(recorded_run):
    """Sentence, table and the chart's title take the frontier's own fresh futures; the table holds its drafts and no other."""
    book = Book.of(recorded_run)
    section, advice = loopholes.section(book), book.advice("tradeoffs")
    now, rows = advice.rows("points")[0], advice.rows("frontier")
    assert now["dominated"] == "yes"
    assert [plain(row[0]) for row in grid(section, "frontier").rows] == [row["draft"] for row in rows]
    better = next(row for row in rows if row["draft"] == now["beaten_by"])
    chart, more = book.charts["tradeoff_frontier"], f"{better['health_change_qaly']:,.0f}"
    assert f"health by {more} QALYs" in plain(chart.title)
    assert f"and health by {more} ± " in text_of(section)
    assert f"{now['adds_qaly']:,.0f}" not in plain(chart.title) + text_of(section)
    assert len(chart.rows) == len(advice.rows("points"))
    assert len(plain(chart.title).split()) <= 15


def test_a_lever_worth_nothing_alone_may_be_in_the_best_play(recorded_run):
    """A lever that pays nothing alone but that the gamed strategy uses is named, and no other."""
    book = Book.of(recorded_run)
    text = text_of(loopholes.section(book))
    rows = [row for row in book.papers["loopholes"].rows if row["place"] is not None and row["used"] == "no"]
    within = [row["title"] for row in rows if row["in_best"] == "yes"]
    played = {row["lever"] for row in book.source.rows("strategies") if row["strategy"] == "gamed"}
    assert {row["lever"] for row in rows} & played == {"low_bid"}
    assert len(within) == 1
    assert "Worth nothing alone, but part of the best play together: a low bid, then asking for more." in text


def test_two_samples_are_reconciled(recorded_run):
    """The mean of the verification futures stands with the paired mean and median of the run's own futures."""
    book = Book.of(recorded_run)
    text, source = text_of(loopholes.section(book)), book.source
    mean, median = (source.value("provider", "surplus_npv", s, strategy="gamed - honest") / 1e6 for s in ("mean", "p50"))
    assert f"the same play gains £{mean:.0f}m on average and £{median:.0f}m in the median" in text


def test_punishment_stands_beside_detection(recorded_run):
    """Where only part of what is found out is punished, the cell says so; where nothing can be claimed, so does the other."""
    rows = {row[0]: [plain(cell) for cell in row] for row in grid(loopholes.section(Book.of(recorded_run)), "fixes").rows}
    assert rows["Profit moved to related parties"][3] == "20.0%; 50% of it punished"
    assert rows["Ghost patients on the list"][3] == "30.0%"
    assert rows["An inflated base year"][4] == loopholes.NOT_CLAIMED


def test_the_gamed_levels_are_printed(recorded_run):
    """Every lever of the gamed strategy stands in a table that is printed, with its level."""
    book = Book.of(recorded_run)
    section = loopholes.section(book)
    (under,) = [b for b in section.blocks if isinstance(b, Under) and b.title.startswith("What the honest and the gamed")]
    cells = [row for row in under.blocks[0].table.rows if row[0] == "gamed"]
    told = [(row[1], one) for row in cells for one in plain(row[2]).split("; ")]
    assert sorted(told) == sorted((row["grade"], f"{row['title']} {row['intensity']}")
                                  for row in book.source.rows("strategies") if row["strategy"] == "gamed")  # fmt: skip


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
