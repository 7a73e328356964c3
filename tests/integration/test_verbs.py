"""The verbs on one small run, from the command line to the exit code."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from stresstest.cli import main

pytestmark = pytest.mark.integration

SMALL = [
    "--futures", "300", "--quiet", "--set", "scenario_futures=40", "--set", "years_futures=100", "--set", "search.screen=8",
    "--set", "search.screen_futures=16", "--set", "search.polish=1", "--set", "search.polish_futures=16",
    "--set", "search.verify_futures=32",
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished small run with its report."""
    out = tmp_path_factory.mktemp("runs")
    assert main(["run", "dudley", "--report", "--out", str(out), *SMALL]) == 0
    (run,) = [path for path in out.iterdir() if not path.name.startswith(".")]
    return run


def test_the_run_folder_holds_everything(folder):
    """Manifest, configuration, tables, summary and a page that fetches nothing."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["status"] == "complete"
    assert not manifest["checks"]["failed"]
    for name in ("futures", "outcomes", "years", "gaming"):
        assert list((folder / "tables" / name).rglob("*.parquet")), name
    for name in ("summary", "exceedance", "history", "null_test", "strategies", "assumptions", "swings", "hurdles",
                 "hurdles_by_year", "exit_costs", "bridge", "savings", "stories"):  # fmt: skip
        assert (folder / "summary" / f"{name}.csv").is_file(), name
    page = (folder / "report" / "index.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert 'src="http' not in page


@pytest.mark.parametrize("strategy", ["honest", "gamed"])
@pytest.mark.parametrize("scenario", ["calibrated", "corporate-rules"])
def test_explain_adds_up_to_the_penny(folder, capsys, strategy, scenario):
    """Every year's lines less its cost are its surplus, and the statement equals what the run wrote down."""
    for future in ("0", "7", "31"):
        argv = ["explain", str(folder), "--future", future, "--strategy", strategy, "--scenario", scenario, "--json"]
        assert main(argv) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["closes"]
        for year in told["years"]:
            lines = sum(map(Decimal, year["transfers_gbp"].values()), Decimal(0))
            assert lines - Decimal(year["cost_gbp"]) == Decimal(year["surplus_gbp"])
        assert sum((Decimal(y["surplus_gbp"]) for y in told["years"]), Decimal(0)) == Decimal(told["surplus_gbp"])


def test_verify_passes_and_finds_a_changed_byte(folder, capsys, tmp_path):
    """A run as written verifies; one with a flipped byte in a table does not, with exit code 4."""
    assert main(["verify", str(folder)]) == 0
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)
    part = next((copy / "tables" / "outcomes").rglob("*.parquet"))
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 1
    part.write_bytes(bytes(data))
    assert main(["verify", str(copy)]) == 4
    assert "FAIL" in capsys.readouterr().out


def test_reproduce_agrees_and_disagrees(folder, capsys, tmp_path):
    """The run comes out again from its own configuration; a manifest with another hash is found out, with exit code 4."""
    assert main(["reproduce", str(folder), "--quiet", "--jobs", "1", "--chunk", "64"]) == 0
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)
    path = copy / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["results_hash"] = "0" * 64
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert main(["reproduce", str(copy), "--quiet"]) == 4
    assert "results_hash" in capsys.readouterr().err


def test_a_failed_check_gives_exit_code_1(capsys, tmp_path):
    """A contract that pays idleness finishes, says which check failed, and ends with exit code 1."""
    argv = ["run", "dudley", "--out", str(tmp_path), *SMALL, "--set", "contract.improvement_payment.style='additional'"]
    assert main(argv) == 1
    assert "check failed: null test: all clauses together" in capsys.readouterr().err
