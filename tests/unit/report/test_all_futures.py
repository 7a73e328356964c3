"""The section on all futures of a run that kept only some: what it says, what it cites, and when it is not there."""

from __future__ import annotations

import json
import math
import re

import pytest
from test_part_risks import blocks_of, grid, text_of, write, wrong_cells

from stresstest.errors import DataError
from stresstest.report.book import Book
from stresstest.report.document import Fold, Picture, words_of
from stresstest.report.papers.all_futures import COLUMNS, FILE, errors_apart
from stresstest.report.parts import ORDER, all_futures
from stresstest.report.tracing import MARKED, TableRow, plain

pytestmark = pytest.mark.unit
LIVED, RATIO = 2_000_000, 20
LEVELS = {"p0.01": -3.72, "p0.1": -3.09, "p1": -2.326, "p5": -1.645, "p50": 0.0, "p75": 0.674, "p90": 1.282, "p95": 1.645,
          "p99": 2.326, "p99.9": 3.09, "p99.99": 3.72}  # fmt: skip
#: Figures of the invented run, which is the same in every test: read once.
READ: dict[tuple[str, ...], tuple[float, float]] = {}
#: Digits that are definitions.
DEFINED = re.compile(r"\b1 in [\d,]+|\b95%|\b0\.4%")


def line(scenario, strategy, party, metric, statistic, value, error=None, **more):
    """A row of summary/condensed.csv."""
    wide = statistic.startswith("p") and statistic[1:2].isdigit()
    ends = {"low": value - 2.0 * error, "high": value + 2.0 * error} if error is not None else {"low": "", "high": ""}
    unit = "probability" if statistic == "probability" else "GBP"
    return {
        "scenario": scenario, "strategy": strategy, "party": party, "metric": metric, "year": "", "statistic": statistic,
        "value": value, "error": "" if error is None else error, **ends, "unit": unit,
        "bin_low": value - 1e3 if wide else "", "bin_high": value + 1e3 if wide else "", "future": "", "futures": LIVED,
        "method": "invented", **more,
    }  # fmt: skip


def lines(summary, scenario, apart=()):
    """Condensed rows that say what the summary says, with errors as small as twenty times the futures make them."""
    rows, errors = [], RATIO**0.5
    for strategy in ("honest", "gamed", "gamed - honest"):
        for party, metric in (("provider", "surplus_npv"), ("commissioner", "exposure_npv"), ("public", "exposure_npv")):
            known = {s: summary(scenario, strategy, party, metric, s) for s in ("mean", "sd", "p5", "p50", "p95", "p99")}
            for statistic, (value, error) in known.items():
                moved = 9.0 * error if (strategy, metric, statistic) in apart else 0.0
                rows.append(line(scenario, strategy, party, metric, statistic, value + moved, error / errors))
            middle, spread = known["p50"][0], known["sd"][0]
            rows += [line(scenario, strategy, party, metric, name, middle + z * spread, spread / 100)
                     for name, z in LEVELS.items() if name not in known]  # fmt: skip
            rows += [line(scenario, strategy, party, metric, name, middle + z * spread, future=number)
                     for name, z, number in (("lowest", -5.0, 1234567), ("highest", 5.0, 7654321))]  # fmt: skip
        if " - " not in strategy:
            told = {metric: summary(scenario, strategy, "contract", metric, "probability")[0]
                    for metric in ("exit", "exit_losses", "exit_cause:opening price")}  # fmt: skip
            told |= {"exit_cause:shock": 0.00002, "missed:commissioner_limit": 0.3, "missed:council_limit": 0.0,
                     "missed:any": 0.9}  # fmt: skip
            for metric, chance in told.items():
                more = {"low": 0.0, "high": 0.0000019} if chance == 0.0 else {}
                error = (chance * (1.0 - chance) / LIVED) ** 0.5
                rows.append(line(scenario, strategy, "contract", metric, "probability", chance, error, **more))
    return rows


@pytest.fixture
def kept_run(fake_run):
    """Makes the run with invented numbers one that kept a twentieth of its futures; `apart` figures stand nine errors off."""
    def make(apart=(), drop=()):
        path = fake_run / "manifest.json"
        record = json.loads(path.read_text(encoding="utf-8"))
        record.setdefault("files", {})
        record |= {"condensed": dict.fromkeys(record["futures"], LIVED), "keep": 1.0 / RATIO}
        path.write_text(json.dumps(record), encoding="utf-8")
        source = Book.of(fake_run).source

        def figure(scenario, strategy, party, metric, statistic):
            key = (scenario, strategy, party, metric, statistic)
            if key not in READ:
                found = source.figure(party, metric, statistic, strategy=strategy, scenario=scenario)
                READ[key] = found.value, found.error
            return READ[key]

        rows = [row for name in source.scenarios for row in lines(figure, name, apart)]
        for twin in (FILE, FILE.replace(".csv", ".parquet")):
            record["files"].pop(twin, None)
        if "table" not in drop:
            (fake_run / FILE).parent.mkdir(exist_ok=True)
            for column in drop:
                rows = [{key: value for key, value in row.items() if key != column} for row in rows]
            (fake_run / FILE).unlink(missing_ok=True)
            write(fake_run / FILE, rows)
        return fake_run

    return make


def test_a_run_that_kept_everything_has_no_such_section(fake_run):
    """Nothing is said where every future was kept; the section stands after outcomes."""
    assert all_futures.section(Book.of(fake_run)) is None
    assert ORDER[ORDER.index("outcomes") + 1] == "all_futures"


def test_every_figure_is_a_cell(kept_run):
    """Each cited number is a rounding of the cell that it names, and no other digits stand there but definitions."""
    book = Book.of(kept_run())
    section = all_futures.section(book)
    assert len(book.say.entries) > 200
    assert wrong_cells(book) == []
    loose = [found for block in section.blocks for text in words_of(block)
             for found in re.findall(r"\S*\d\S*", DEFINED.sub(" ", MARKED.sub("", text)))]  # fmt: skip
    assert loose == []


def test_it_says_how_many_were_lived_and_kept(kept_run):
    """Both numbers stand in the first sentence, whole."""
    run = kept_run()
    text = text_of(all_futures.section(Book.of(run)))
    kept = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["futures"]["calibrated"]
    assert f"lived **2,000,000 futures** of the calibrated law and kept the first **{kept:,}** in full" in text
    assert "Every other section, page one too, reads the kept ones" in text


def test_money_goes_down_to_the_rarest_level_told(kept_run):
    """Bad sides: low for surplus, high for exposure; 1 in 10,000 is there, 1 in 100,000 is not."""
    section = all_futures.section(Book.of(kept_run()))
    heads = {party: [row[0] for row in grid(section, f"all-{party}").rows] for party in ("provider", "commissioner", "public")}
    assert heads["provider"][:3] == ["Mean", "Standard deviation", "Median"]
    assert heads["provider"][-1] == "1 in 10,000 is less than"
    assert heads["commissioner"][-1] == "1 in 10,000 is more than"
    assert heads["public"] == heads["commissioner"]
    exposure = grid(section, "all-commissioner").rows[-1]
    assert plain(exposure[1]).startswith("£249m (")  # 44 + 3.72 · 55


def test_chances_however_small_are_told(kept_run):
    """2 in 100,000 are not 0.0%, and what never happened has an upper end; causes stand from the commonest on."""
    rows = {row[0]: plain(row[1]) for row in grid(all_futures.section(Book.of(kept_run())), "all-chances").rows}
    assert rows["Ends by shock"].startswith("0.0020% (0.0014% to")
    assert rows["Hurdle missed: council limit"] == "none (at most 0.0002%)"
    assert list(rows)[2:4] == ["Ends by opening price", "Ends by shock"]
    assert rows["Any hurdle is missed, or losses end it"].startswith("90.0")


@pytest.mark.parametrize(("share", "told"), [(0.5, 1), (0.001, 1), (0.0001, 2), (0.00002, 3), (0.0, 1), (1e-12, 7)])
def test_decimals_show_the_first_figure(share, told):
    """Percentages have as many decimals as it takes, one at least and seven at most."""
    assert all_futures.decimals(share) == told


def test_extremes_name_their_future_and_how_to_see_it(kept_run):
    """Number as it is typed, without commas, and the command."""
    section = all_futures.section(Book.of(kept_run()))
    rows = grid(section, "all-extremes").rows
    assert {plain(row[3]) for row in rows} == {"1234567", "7654321"}
    assert len(rows) == 12
    assert "`stresstest explain RUN --future N --strategy STRATEGY`" in text_of(section)


def test_kept_futures_that_agree(kept_run):
    """The same figures in both agree, and each line of the paper is whole."""
    book = Book.of(kept_run())
    section = all_futures.section(book)
    assert "**They agree.**" in text_of(section)
    sheet = book.papers["all_futures"]
    assert all(set(row) == {column.name for column in COLUMNS} for row in sheet.rows)
    assert {row["scenario"] for row in sheet.rows} == set(book.source.scenarios)
    assert not [row for row in sheet.rows if row["agrees"] == "no"]


def test_kept_futures_that_stand_apart_are_named(kept_run):
    """A mean nine errors of the kept away is said first, with the remedy."""
    text = text_of(all_futures.section(Book.of(kept_run({("honest", "surplus_npv", "mean")}))))
    assert "**Not everywhere.** Three standard errors or more apart: provider’s surplus, mean, honest." in text
    assert "read this section and not the others" in text


def test_errors_apart_are_those_of_a_part():
    """10,000 of a million: the error of the difference is √99 that of all; none within a bin, none without an error."""
    row = TableRow(value=100.0, error=0.2, futures=1_000_000.0, bin_low=float("nan"), bin_high=float("nan"))
    assert errors_apart(103.0, 10_000, row) == pytest.approx(3.0 / (0.2 * 99**0.5))
    assert math.isnan(errors_apart(103.0, 10_000, TableRow(row, bin_low=98.0, bin_high=102.0)))
    assert errors_apart(105.0, 10_000, TableRow(row, bin_low=98.0, bin_high=102.0)) == pytest.approx(5.0 / (0.2 * 99**0.5))
    assert math.isnan(errors_apart(100.0, 10_000, TableRow(row, error=0.0)))
    assert math.isnan(errors_apart(103.0, 1_000_000, row))  # all were kept


def test_the_chart_holds_the_rows(kept_run):
    """Levels of all futures from the middle to the rarest, and kept ones as far as thirty of them lie beyond."""
    book = Book.of(kept_run())
    section = all_futures.section(book)
    assert [b.chart for b in blocks_of(section.blocks) if isinstance(b, Picture)] == ["all_futures_tail"]
    chart = book.charts["all_futures_tail"]
    every = [row["percent"] for row in chart.rows if row["futures"] == "all"]
    kept = [row["percent"] for row in chart.rows if row["futures"] == "kept"]
    assert every == [50.0, 25.0, 10.0, 5.0, 1.0, 0.1, 0.01]
    assert min(kept) >= 100.0 * 30.0 / book.source.manifest["futures"]["calibrated"]
    assert max(kept) <= 50.0
    assert plain(chart.title) == "1 in 10,000 futures costs the commissioner over £249m"
    assert len(plain(chart.alt)) <= 300
    assert "1 in 10,000" in chart.svg()


def test_every_scenario_has_its_line(kept_run):
    """Folded away, honest and gamed of each."""
    section = all_futures.section(Book.of(kept_run()))
    assert [b.title for b in section.blocks if isinstance(b, Fold)] == ["Every scenario"]
    assert len(grid(section, "all-scenarios").rows) == 10


def test_without_its_table_the_section_says_so(kept_run):
    """A run that condensed but has no such table gets one sentence with the command."""
    text = text_of(all_futures.section(Book.of(kept_run(drop=("table",)))))
    assert "What all futures together say has not been worked out" in text
    assert "--keep SHARE" in text


def test_a_damaged_table_is_refused(kept_run):
    """A column that is missing is named as a fault of the table."""
    with pytest.raises(DataError, match="lacks a column"):
        all_futures.section(Book.of(kept_run(drop=("bin_low",))))


def test_a_changed_table_is_refused(kept_run):
    """A table that is not as its manifest says is not read."""
    run = kept_run()
    path = run / "manifest.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record["files"][FILE] = {"bytes": 1, "sha256": "0" * 64}
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(DataError, match="changed since the run wrote it"):
        all_futures.section(Book.of(run))
