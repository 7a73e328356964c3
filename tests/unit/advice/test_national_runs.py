"""Runs of several places in one economy: totals future by future, shared axes, and runs that do not go together."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stresstest.advice.national import gathered, mend, national
from stresstest.advice.reading import outcomes
from stresstest.advice.source import Source
from stresstest.cli import main
from stresstest.errors import ConfigError
from stresstest.measures.failures import failures

pytestmark = pytest.mark.integration
PLACES = ("Stockport", "Tameside")
COLUMNS = ("commissioner_exposure_npv_gbp", "health_qaly_npv", "mean_true_score", "exit_cause_code")


@pytest.fixture(scope="module")
def folders(small_folder: Path, make_run: Any, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Dudley's run and those of two other places, in one economy."""
    out = tmp_path_factory.mktemp("places")
    return [small_folder, *(make_run(out, (f"place={place}",)) for place in PLACES)]


@pytest.fixture(scope="module")
def tables(folders: list[Path]) -> dict[str, list[dict[str, Any]]]:
    """The tables of the three places."""
    return national(gathered([Source.of(folder) for folder in folders]))


def columns(folder: Path, strategy: str = "honest") -> dict[str, np.ndarray]:
    """Columns of a run's futures."""
    parts = list(outcomes(Source.of(folder), COLUMNS, None, strategy))
    return {name: np.concatenate([part[name] for part in parts]) for name in COLUMNS}


def row_of(rows: list[dict[str, Any]], **wanted: Any) -> dict[str, Any]:
    """The first row with these values, under the honest provider."""
    return next(row for row in rows if row["strategy"] == "honest" and all(row[k] == v for k, v in wanted.items()))


def test_totals_are_sums_by_future(folders: list[Path], tables: Any) -> None:
    """Mean and percentile of a total are those of the summed column; counts of failures those of the summed events."""
    known = [columns(folder) for folder in folders]
    total = np.sum([one[COLUMNS[0]] for one in known], axis=0)
    assert row_of(tables["totals"], measure="commissioner exposure", statistic="mean")["value"] == pytest.approx(total.mean())
    ranked = np.sort(total)[int(np.ceil(0.95 * total.size)) - 1]
    assert row_of(tables["totals"], measure="commissioner exposure", statistic="p95")["value"] == pytest.approx(ranked)
    fails = np.sum([one["exit_cause_code"] >= 2 for one in known], axis=0)
    for j in range(4):
        found = row_of(tables["joint"], failure="walks_away", places_failing=j)
        assert found["probability"] == pytest.approx(float((fails == j).mean()))
    floors = []
    for folder, one in zip(folders, known, strict=True):
        floor = next(f for f in failures(Source.of(folder).study) if f.name == "quality_floor")
        floors.append(floor.failing(one))
    told = row_of(tables["joint_summary"], failure="quality_floor")
    assert told["mean_places"] == pytest.approx(float(np.sum(floors, axis=0).mean()))


def test_spread_is_what_numpy_says(folders: list[Path], tables: Any) -> None:
    """Standard deviations and the correlation agree with the covariance matrix of the places."""
    x = np.array([columns(folder)[COLUMNS[0]] for folder in folders])
    found, cov = row_of(tables["diversified"], measure="commissioner exposure"), np.cov(x, bias=True)
    sds = np.sqrt(np.diag(cov))
    assert found["sd"] == pytest.approx(np.sqrt(cov.sum()))
    assert found["independent_sd"] == pytest.approx(np.sqrt((sds**2).sum()))
    assert found["correlation"] == pytest.approx((cov.sum() - (sds**2).sum()) / (sds.sum() ** 2 - (sds**2).sum()))
    assert 0.0 < found["correlation"] < 1.0
    assert found["correlation"] > 2 * found["correlation_error"]


def test_places_fail_together_more_than_chance_has_it(tables: Any) -> None:
    """Shared national draws: the number of failing places spreads wider than that of independent ones."""
    assert row_of(tables["joint_summary"], failure="walks_away")["times_independent"] > 1.03


def test_shares_of_the_worst_futures_add_up(tables: Any) -> None:
    """What places carry of the nation's worst 1 in 20 adds to all of it, and to the total's mean beyond its percentile."""
    rows = [row for row in tables["places"] if row["strategy"] == "honest"]
    assert sum(row["share_of_worst"] for row in rows) == pytest.approx(1.0)
    worst = row_of(tables["totals"], measure="commissioner exposure", statistic="cte95")["value"]
    assert sum(row["worst_1_in_20_gbp"] for row in rows) == pytest.approx(worst, rel=0.01)
    assert {"health_qaly", "true_score", "quality_floor_probability", "walks_away_probability"} <= set(rows[0])


def test_runs_that_share_no_economy_are_refused(folders: list[Path], make_run: Any, tmp_path: Path) -> None:
    """The same place twice, one place, another seed or version: refused, with the command that mends it."""
    first, other = Source.of(folders[0]), Source.of(folders[1])
    with pytest.raises(ConfigError, match="given twice"):
        gathered([first, Source.of(folders[0])])
    with pytest.raises(ConfigError, match="no nation"):
        gathered([first])
    odd = Source.of(make_run(tmp_path, ("place=Stockport", "seed=7"), 300))
    with pytest.raises(ConfigError) as refused:
        gathered([first, odd])
    told = f"stresstest run dudley --set place={odd.study.place.name} --futures {first.futures} --seed 2018"
    assert told in str(refused.value)
    assert told == mend(first, odd)
    other.manifest["source_digest"] = "0"
    with pytest.raises(ConfigError, match="version"):
        gathered([first, other])


def test_other_axes_are_refused(folders: list[Path], tmp_path: Path) -> None:
    """A run whose manifest agrees and whose axes do not is found out."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    copy = tmp_path / "odd"
    shutil.copytree(folders[1], copy)
    part = next((copy / "tables" / "futures" / "calibrated").glob("*.parquet"))
    table = pq.read_table(part)
    k = table.column_names.index("economy_mean")
    moved = pa.array(table.column(k).to_numpy() + 1e-9)
    pq.write_table(table.set_column(k, table.schema.field(k), moved), part)
    with pytest.raises(ConfigError, match="axes differ"):
        gathered([Source.of(folders[0]), Source.of(copy)])


def test_the_page_stands_in_its_folder(folders: list[Path], tmp_path: Path, capsys: Any) -> None:
    """From the command line: answer, page, tables, a tile for each place; JSON for machines; a strange folder is left alone."""
    out = tmp_path / "national"
    assert main(["national-report", *map(str, folders), "--out", str(out), "--quiet", "--json"]) == 0
    said, told = capsys.readouterr()
    record = json.loads(said)
    assert "providers walk away" in record["answer"][0]
    assert "QALYs" in " ".join(record["answer"])
    assert len(record["tables"]["places"]) == 6
    assert told.strip() == str(out / "index.html")
    page = (out / "index.html").read_text(encoding="utf-8")
    assert not [word for word in ("\ue000", "WARNING") if word in page]
    assert "nan" not in page.lower().split()
    tiles = list(csv.DictReader((out / "figures" / "national_tiles.csv").open(encoding="utf-8")))
    assert len(tiles) == 3
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.txt").write_text("a", encoding="utf-8")
    assert main(["national-report", *map(str, folders), "--out", str(tmp_path / "mine")]) == 2
    capsys.readouterr()


def test_nets_are_warned_of(folders: list[Path], make_run: Any, tmp_path: Path, capsys: Any) -> None:
    """Runs of a net are added up with a warning at the top of the notes: their local draws are not independent."""
    nets = [make_run(tmp_path, (f"place={place}", "design.kind=sobol", "design.replicates=4"), 256) for place in PLACES]
    assert main(["national-report", *map(str, nets), "--out", str(tmp_path / "out"), "--quiet"]) == 0
    assert "WARNING: runs of a net" in capsys.readouterr().out
