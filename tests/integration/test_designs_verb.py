"""Runs in every design, from the command line to tables whose weights and errors hold; a run to a wanted precision; places."""

from __future__ import annotations

import csv
import json

import pyarrow.parquet as pq
import pytest

from stresstest.cli import main
from stresstest.layout import DESIGNS

pytestmark = pytest.mark.integration

SMALL = [
    "--quiet", "--set", "scenario_futures=64", "--set", "years_futures=100", "--set", "search.screen=8",
    "--set", "search.screen_futures=16", "--set", "search.polish=1", "--set", "search.polish_futures=16",
    "--set", "search.verify_futures=32", "--set", 'scenarios=["calibrated", "plausible"]',
]  # fmt: skip


def run(tmp_path, *options):
    """The folder of a small run that must end well."""
    assert main(["run", "dudley", "--out", str(tmp_path), *SMALL, *options]) == 0
    (folder,) = [path for path in tmp_path.iterdir() if not path.name.startswith(".")]
    return folder


def summary(folder, metric, statistic):
    """The honest provider's row of the summary."""
    with (folder / "summary" / "summary.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["scenario"] == "calibrated" and row["strategy"] == "honest"]
    (found,) = [row for row in rows if (row["metric"], row["statistic"], row["year"]) == (metric, statistic, "")]
    return found


@pytest.mark.parametrize("design", DESIGNS)
def test_every_design_runs_verifies_and_reproduces(tmp_path, capsys, design):
    """Checks hold, the run reproduces in other chunks, weights stand in the tables, and errors say by what method."""
    folder = run(tmp_path, "--design", design, "--futures", "640")
    assert main(["verify", str(folder)]) == 0
    assert main(["reproduce", str(folder), "--quiet", "--backend", "sequential", "--chunk", "256"]) == 0
    capsys.readouterr()
    table = pq.read_table(folder / "tables" / "futures" / "calibrated").to_pandas()
    drawn = table[table["future"] > 0]
    assert abs(drawn["weight"].mean() - 1.0) < 0.2
    assert (drawn["weight"].nunique() > 1) == (design in ("stratified", "importance"))
    row = summary(folder, "surplus_npv", "mean")
    assert float(row["low"]) < float(row["value"]) < float(row["high"])
    methods = {"random": "independent futures", "stratified": "by cell"}
    assert row["method"] == methods.get(design, "16 replicates, t")
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["design"]["kind"] == design


def test_the_worst_dependence_reproduces(tmp_path, capsys):
    """A run whose first scenario is the worst case finds its coupling again, and its report is about that scenario."""
    worst = ["--set", 'scenarios=["worst-dependence", "calibrated"]', "--futures", "640", "--report"]
    folder = run(tmp_path, *worst)
    assert main(["reproduce", str(folder), "--quiet"]) == 0
    assert "reproduced" in capsys.readouterr().out
    assert "scenario Worst Dependence" in (folder / "report" / "index.html").read_text(encoding="utf-8")


def test_a_run_to_a_wanted_precision(tmp_path):
    """Futures are added until the interval is narrow enough, and the check says that it is."""
    folder = run(tmp_path, "--design", "sobol", "--until", "p_exit±0.02")
    row = summary(folder, "exit", "probability")
    assert max(float(row["high"]) - float(row["value"]), float(row["value"]) - float(row["low"])) <= 0.02
    checks = json.loads((folder / "checks.json").read_text(encoding="utf-8"))
    (found,) = [check for check in checks if "precision" in check.get("check", check.get("name", ""))]
    assert found["ok"]


def test_the_register_is_listed(capsys):
    """Places by part of a name; an unknown one gets the nearest."""
    assert main(["places", "stockport"]) == 0
    assert "E08000007" in capsys.readouterr().out
    assert main(["places", "stokport"]) == 2
    assert "Stockport" in capsys.readouterr().err
