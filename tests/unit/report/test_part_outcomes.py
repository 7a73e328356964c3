"""The section of outcomes, health and equality: what the run says of them, and what it does not model."""

import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_part_risks import blocks_of, grid, loose_digits, read, text_of, unlisted, write, wrong_cells

from stresstest.gaming import services
from stresstest.report.book import Book
from stresstest.report.document import Fold, Grid
from stresstest.report.parts import outcomes
from stresstest.report.tracing import plain

pytestmark = pytest.mark.unit


def hurdle(strategy, chance, path="median"):
    """A row of the table of hurdles, for quality."""
    return {
        "scenario": "calibrated", "strategy": strategy, "hurdle": "quality_floor", "party": "residents",
        "words": "mean true progress stays below 0.25", "unit": "score", "better": "above", "limit": 0.25,
        "limit_source": "judgement: a quarter of the way", "judged": "over the whole term", "path": path, "start": 0.1,
        "low_point": 0.1, "low_point_year": "2018/19", "end": 0.4, "meets": "yes", "fails_probability": chance,
        "fails_probability_error": 0.001, "fails_probability_low": chance - 0.002, "fails_probability_high": chance + 0.002,
    }  # fmt: skip


def test_every_figure_is_a_cell(recorded_run):
    """Each cited number is a rounding of the cell it names, and no other digits stand in the section."""
    book = Book.of(recorded_run)
    section = outcomes.section(book)
    assert len(book.say.entries) > 200
    assert wrong_cells(book) == []
    assert loose_digits(section) == []


def test_charts_hold_the_summary(recorded_run):
    """Scores and health on the charts are the summary's own, for honest and gamed."""
    book = Book.of(recorded_run)
    outcomes.section(book)
    scores, health, source = book.charts["outcomes_scores"], book.charts["outcomes_health"], book.source
    last = source.years[-1]
    assert scores.rows[-1]["true, gamed"] == source.value("contract", "true_score", "mean", strategy="gamed", year=last)
    assert scores.rows[0]["reported, honest"] == source.value("contract", "reported_score", "mean", year=source.years[0])
    assert len(health.rows) == 2 * len(source.scenarios)
    assert health.rows[1]["p90"] == source.value("residents", "health_qaly_npv", "p90", strategy="gamed")
    for chart in (scores, health):
        assert len(plain(chart.title).split()) <= 15
        assert len(plain(chart.alt)) <= 300


def test_a_run_without_scores_says_so(fake_run):
    """A run whose summary has no scores by year says how to get them, and still tells of health."""
    (fake_run / "summary" / "hurdles.csv").unlink(missing_ok=True)
    path = fake_run / "summary" / "summary.parquet"
    rows = [row for row in pq.read_table(path).to_pylist() if not row["metric"].endswith("_score")]
    pq.write_table(pa.Table.from_pylist(rows), path)
    section = outcomes.section(Book.of(fake_run))
    text = text_of(section)
    assert "The score by year has not been worked out for this run: `stresstest run STUDY` makes it." in text
    assert "How often quality stays below its floor has not been worked out" in text
    assert len(grid(section, "health").rows) == 15
    assert "5,300 QALYs" in text


def test_the_floor_is_the_hurdles_own(recorded_run):
    """With hurdles the chance of missing the floor stands by scenario and provider, with its word."""
    told = [hurdle("honest", 0.19), hurdle("honest", 0.19, "1 in 10"), hurdle("gamed", 0.6)]
    write(recorded_run / "summary" / "hurdles.csv", told)
    rows = grid(outcomes.section(Book.of(recorded_run)), "floor").rows
    assert [plain(cell) for cell in rows[0]] == [
        "Calibrated law", "19.0% (18.8% to 19.2%), highly unlikely", "60.0% (59.8% to 60.2%), likely",
    ]  # fmt: skip
    assert rows[1][1:] == ["–", "–"]


def test_single_years_stand_beside_the_mean(recorded_run):
    """The chance that progress is below the floor in single years, late ones among them, stands beside that of the whole term."""
    book = Book.of(recorded_run)
    rows = [r for r in book.source.rows("hurdles_by_year")
            if (r["measure"], r["scenario"], r["strategy"]) == (outcomes.BELOW, book.source.main, "honest")]  # fmt: skip
    text = text_of(outcomes.section(book))
    for row in (rows[0], rows[1], rows[-1]):
        assert f"{100 * row['probability']:.1f}% of futures in {row['year']}" in text


def test_without_hurdles_the_floor_is_the_analyses(recorded_run):
    """An older run takes the share of futures below the floor from the reverse analysis; without that, it says so."""
    point = next(r for r in read(recorded_run / "advice/reverse/reverse_points.csv") if r["failure"] == "quality_floor")
    unlisted(recorded_run / "summary" / "hurdles.csv").unlink(missing_ok=True)
    text = text_of(outcomes.section(Book.of(recorded_run)))
    assert f"{point['words']} in {100 * float(point['failing_share']):.1f}% of futures" in text
    shutil.rmtree(recorded_run / "advice" / "reverse")
    assert "How often quality stays below its floor has not been" in text_of(outcomes.section(Book.of(recorded_run)))


def test_equality_is_the_judgements_own(recorded_run):
    """Only levers that cost health have a row, most first; shares add to one; what is not modelled is said."""
    book = Book.of(recorded_run)
    section = outcomes.section(book)
    rows = book.papers["equality"].rows
    shares = [name for name in rows[0] if name.endswith("_share")]
    assert len(shares) == 5
    assert all(sum(row[name] for name in shares) == pytest.approx(1.0) for row in rows)
    lost = [row["harm_qaly_mean"] for row in rows[1:]]
    assert lost == sorted(lost, reverse=True)
    assert min(lost) > 0.0
    known = services.harms()
    assert all(row["source"] == known[row["lever"]].source for row in rows[1:])
    assert text_of(section).count("Not modelled:") >= 2


def test_without_judgements_equality_is_not_modelled(recorded_run, tmp_path, monkeypatch):
    """Where the tables of harm cannot be found the section says that it is not modelled, and does not fail."""
    monkeypatch.setattr(services, "gaming_folder", lambda: tmp_path / "nowhere")
    book = Book.of(recorded_run)
    assert "How harm falls by deprivation is not modelled" in text_of(outcomes.section(book))
    assert "equality" not in book.papers


def test_long_tables_are_folded(recorded_run):
    """Health by scenario and scores by year are folded away and not printed."""
    section = outcomes.section(Book.of(recorded_run))
    folds = [b for b in blocks_of(section.blocks) if isinstance(b, Fold)]
    assert {b.table.name for fold in folds for b in fold.blocks if isinstance(b, Grid)} == {"health", "scores"}
    assert not any(fold.printed for fold in folds)
