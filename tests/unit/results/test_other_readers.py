"""Other programs read the tables as they are: pandas, pyarrow, Polars and DuckDB, and the recipes of the page on reading."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import fake_study as fake
import numpy as np
import pandas as pd
import pyarrow.dataset as ds
import pytest

from stresstest import layout as L
from stresstest import runner
from stresstest.results import schema

pytestmark = pytest.mark.unit

PAGE = Path(__file__).resolve().parents[3] / "docs" / "howto" / "read-results.md"
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
GLOB = "tables/{}/**/*.parquet"
SUMMED = {
    table: [column.name for column in schema.COLUMNS[table] if column.kind in (schema.REAL, schema.WHOLE)]
    for table in schema.SIMULATED
}


def uneven_chunk(inputs, first, n, with_years):
    """As the fake chunk, but what gaming costs the public differs from future to future."""
    out, yearly, nature = fake.fake_chunk(inputs, first, n, with_years)
    out[-1, L.OUT["public_exposure_npv_gbp"]] += 1e7 * (fake.spread(np.arange(first, first + n), 99) - 0.3)
    return out, yearly, nature


def make(out, **changes):
    """A finished run of the fake study in several parts and scenarios."""
    scenarios = (fake.Scenario("calibrated", 2500), fake.Scenario("official-future", 700, 5.0))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "simulate_chunk", uneven_chunk)
        study = fake.FakeStudy(**{"scenarios": scenarios, **changes})
        return runner.run_study(study, fake.STRATEGIES, out, chunk=1024, jobs=1).folder


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run with two scenarios, two strategies and several parts of each table."""
    return make(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """A batch of two places: cases/<name>/ are runs."""
    folder = tmp_path_factory.mktemp("batch")
    for name, shift in (("dudley", 0.0), ("stockport", 3.0)):
        scenarios = (fake.Scenario("calibrated", 600, shift),)
        made = make(folder / "made", place=SimpleNamespace(name=name), scenarios=scenarios)
        (folder / "cases").mkdir(exist_ok=True)
        made.rename(folder / "cases" / name)
    return folder


def pandas_rows(run, table):
    """A table by pandas."""
    return pd.read_parquet(run / "tables" / table)


def pyarrow_rows(run, table):
    """A table by pyarrow.dataset."""
    return ds.dataset(run / "tables" / table).to_table().to_pandas()


def polars_rows(run, table):
    """A table by Polars, through its own reader of Parquet."""
    polars = pytest.importorskip("polars", reason="Polars is not installed")
    read = polars.scan_parquet(str(run / GLOB.format(table))).collect()
    assert sum(read.null_count().row(0)) == 0
    return pd.DataFrame({name: read[name].to_list() for name in read.columns})


def duckdb_rows(run, table):
    """A table by DuckDB."""
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    return pd.DataFrame(duckdb.sql(f"SELECT * FROM '{run / GLOB.format(table)}'").fetchnumpy())


READERS = {"pandas": pandas_rows, "pyarrow": pyarrow_rows, "polars": polars_rows, "duckdb": duckdb_rows}


def own_rows(run, table):
    """A table part by part through the project's own reading of files, words as text."""
    from stresstest.results.hashing import part_files, row_groups

    return pd.concat([group.to_pandas() for path in part_files(run, table) for group in row_groups(path)], ignore_index=True)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("table", schema.SIMULATED)
def test_every_reader_reads_the_same(run, table, reader):
    """The same rows, the same words, the same sum in every column of numbers, and no empty cell."""
    wanted, found = own_rows(run, table), READERS[reader](run, table)
    assert list(found.columns) == schema.names(table)
    assert len(found) == len(wanted)
    assert not found.isna().any().any()
    keys = schema.names(table, schema.TEXT)
    for name in keys:
        assert found[name].astype(str).value_counts().to_dict() == wanted[name].astype(str).value_counts().to_dict()
    order = [name for name in ("strategy", "scenario", "year", "future") if name in found]
    for frame in (wanted, found):
        frame[keys] = frame[keys].astype(str)
    wanted, found = (frame.sort_values(order, ignore_index=True) for frame in (wanted, found))
    assert all(np.array_equal(wanted[name].to_numpy(), found[name].to_numpy()) for name in SUMMED[table])


def snippets(language, *words):
    """The page's blocks in a language that hold all these words."""
    found = [text for kind, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")) if kind == language]
    return [text for text in found if all(word in text for word in words)]


def asked(run, batch, *words):
    """What DuckDB answers to the one SQL block of the page with these words."""
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    (text,) = snippets("sql", *words)
    return pd.DataFrame(duckdb.sql(text.replace("RUN/", f"{run}/").replace("BATCH/", f"{batch}/")).fetchnumpy())


def drawn(run, **only):
    """Outcomes without the central future, of the given scenario and strategy."""
    rows = own_rows(run, "outcomes")
    rows = rows[rows.future > 0].astype(dict.fromkeys(schema.names("outcomes", schema.TEXT), str))
    for name, value in only.items():
        rows = rows[rows[name] == value]
    return rows


def test_every_sql_block_of_the_page_is_tried_here():
    """A block that is added to the page needs a test of its own."""
    assert len(snippets("sql")) == 5


def test_exits_by_year_and_cause(run, batch):
    """The page's question has the answer that counting by hand has."""
    found, rows = asked(run, batch, "exit_year, exit_cause"), drawn(run, scenario="calibrated", strategy="honest")
    wanted = rows.groupby(["exit_year", "exit_cause"]).weight.sum() / rows.weight.sum()
    assert found.set_index(["exit_year", "exit_cause"]).share.to_dict() == pytest.approx(wanted.to_dict())
    assert found.share.sum() == pytest.approx(1.0)


def test_exceedance(run, batch):
    """Shares of futures above each amount, falling."""
    found, rows = asked(run, batch, "above_gbp"), drawn(run, scenario="calibrated", strategy="honest")
    wanted = [(rows.commissioner_exposure_npv_gbp > above).mean() for above in (0, 1e8, 2e8, 5e8)]
    assert found.probability.tolist() == pytest.approx(wanted)


def test_paired_difference(run, batch):
    """The mean of the differences within futures, and their error, not that of two separate samples."""
    found, rows = asked(run, batch, "WITH pairs"), drawn(run, scenario="calibrated")
    sides = rows.pivot_table(index="future", columns="strategy", values="public_exposure_npv_gbp", observed=True)
    difference = sides["gamed"] - sides["honest"]
    assert found.mean_gbp[0] == pytest.approx(difference.mean())
    assert found.error_gbp[0] == pytest.approx(difference.std() / np.sqrt(len(difference)))
    assert found.share_in_which_it_costs[0] == pytest.approx((difference > 0).mean())


def test_by_scenario(run, batch):
    """Every scenario and strategy, four parties."""
    found, rows = asked(run, batch, "GROUP BY scenario, strategy"), drawn(run)
    wanted = rows.groupby(["scenario", "strategy"]).hospital_exposure_npv_gbp.mean()
    assert found.set_index(["scenario", "strategy"]).hospital_gbp.to_dict() == pytest.approx(wanted.to_dict())


def test_by_place_over_a_batch(run, batch):
    """The runs of a batch read as one table, with the place as a column."""
    found = asked(run, batch, "BATCH/cases/*")
    assert set(found.place) == {"dudley", "stockport"}
    for place in ("dudley", "stockport"):
        rows = drawn(batch / "cases" / place, scenario="calibrated", strategy="gamed")
        one = found[(found.place == place) & (found.strategy == "gamed")]
        assert one.ends_early.item() == pytest.approx((rows.exit_cause != "none").mean())
        assert one.commissioner_gbp.item() == pytest.approx(rows.commissioner_exposure_npv_gbp.mean())


def test_the_page_runs_in_polars(run, capsys):
    """The Polars lines of the page give the weighted mean of each strategy."""
    pytest.importorskip("polars", reason="Polars is not installed")
    (text,) = snippets("python", "import polars")
    names: dict = {}
    exec(text.replace("RUN/", f"{run}/"), names)
    wanted = drawn(run, scenario="calibrated").groupby("strategy").commissioner_exposure_npv_gbp.mean()
    assert dict(names["table"].iter_rows()) == pytest.approx(wanted.to_dict())


def test_the_page_runs_in_pyarrow(run, capsys):
    """The pyarrow lines of the page count every future once, over scenarios whose parts have dictionaries of their own."""
    (text,) = snippets("python", "import pyarrow.dataset")
    names: dict = {}
    exec(text.replace("RUN/", f"{run}/"), names)
    found = names["table"].to_pandas().astype({"scenario": str})
    assert found.groupby("scenario").weight_sum.sum().to_dict() == {"calibrated": 5000.0, "official-future": 1400.0}
