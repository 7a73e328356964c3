"""The verb `gaming` as a user runs it: pages of text, tables in a folder, kind errors, and nothing half-written."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from stresstest.cli import main

pytestmark = pytest.mark.integration

PLANTED = Path(__file__).resolve().parents[1] / "gaming" / "planted"
HOLED, CLEAN, FIXED = (str(PLANTED / f"{name}.toml") for name in ("pooled-care", "pooled-care-clean", "fixed-fee"))
SMALL = ("--set", "search.screen=8", "--set", "search.screen_futures=16", "--quiet")


def test_a_contract_with_a_hole_is_told_and_its_twin_is_not(capsys, tmp_path):
    """The hole with its law, clauses, size and repair; the tables stand in the new folder; the twin has nothing to tell."""
    out = tmp_path / "found"
    assert main(["gaming", HOLED, "--out", str(out), "--quiet"]) == 0
    told = capsys.readouterr()
    assert "UNNAMED" in told.out
    assert "joint cost" in told.out
    assert "repair:" in told.out
    rows = list(csv.DictReader((out / "loopholes.csv").open(encoding="utf-8")))
    assert rows[0]["kind"] == "unnamed"
    assert float(rows[0]["gain_mean_gbp"]) > 0.0
    assert {path.name for path in out.iterdir()} >= {"loopholes.csv", "loopholes.parquet", "static.csv", "run.json"}
    assert main(["gaming", CLEAN, "--quiet"]) == 0
    assert "UNNAMED" not in capsys.readouterr().out


def test_a_fixed_fee_has_an_empty_catalogue(capsys):
    """Nothing that the provider reports moves the pay: nothing is found."""
    assert main(["gaming", FIXED, "--quiet"]) == 0
    assert "nothing was found" in capsys.readouterr().out
    assert main(["gaming", FIXED, "--json", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_the_wording_alone_needs_no_futures(capsys):
    """Kinks and jumps of Dudley's contract stand where its clauses put them: the step of an indicator, the edge of a band."""
    assert main(["gaming", "dudley", "--static", "--json", "--quiet"]) == 0
    seen = json.loads(capsys.readouterr().out)
    share = [s for s in seen if s["clause"] == "gain_loss_share" and s["kind"] == "kink"]
    assert len(share) == 4
    expected = 109_660_000 * 1.019**7 * (1 - 0.03)
    assert sorted(s["at"] for s in share)[1] == pytest.approx(0.98 * expected, rel=1e-6)
    assert sorted(s["at"] for s in share)[2] == pytest.approx(1.02 * expected, rel=1e-6)
    assert {s["kind"] for s in seen} >= {"jump", "kink", "dead zone", "annual reset", "unbacked"}


def test_own_years_instead_of_made_up_ones(capsys, tmp_path):
    """A table of honest years is used where it is given; one without a whole case is refused."""
    table = tmp_path / "years.csv"
    lines = ["case,year,health_cost,social_cost,joint_cost,pool_certified"]
    lines += [f"a,{y},31000000,18000000,3000000,52000000" for y in range(1, 6)]
    table.write_text("\n".join(lines) + "\n")
    assert main(["gaming", HOLED, "--input", str(table), "--quiet"]) == 0
    assert "joint cost" in capsys.readouterr().out
    table.write_text("\n".join(lines[:3]) + "\n")
    assert main(["gaming", HOLED, "--input", str(table), "--quiet"]) == 3
    assert "all years of the contract" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["gaming", "dudly"], 2, "dudley"),
        (["gaming", HOLED, "--against", "x.json"], 2, "archive is replayed on a study"),
        (["gaming", "dudley", "--input", "x.csv"], 2, "draws its own years"),
        (["gaming", "dudley", "--against", "nowhere.json"], 3, "nowhere.json"),
        (["gaming", "dudley", "--set", "provider.levers.cost_shifting.movable_share=1.7"], 2, "movable_share"),
    ],
)
def test_bad_input_is_told_kindly(capsys, arguments, code, words):
    """What was given, what was expected, and the right exit code; no traceback."""
    assert main([*arguments, "--quiet"]) == code
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('words = "w"\nanswers = ["cost_shiftin"]\nchanges = ["gain_loss_share.dead_band=0"]', "cost_shifting"),
        ('words = "w"\nanswers = ["cost_shifting"]\nchanges = ["gain_los_share.dead_band=0"]', "gain_loss_share"),
        ('words = "w"\nanswers = ["cost_shifting"]\nchanges = ["gain_loss_share.dead_bnd=0"]', "dead_band"),
        ('words = "w"\nanswers = ["cost_shifting"]\nchanges = ["gain_loss_share.dead_band=7"]', "0 to 0.5"),
        ('words = "w"\nanswers = ["cost_shifting"]\nchanges = ["dead band of nothing"]', "CLAUSE.ENTRY=VALUE"),
    ],
)
def test_an_own_fix_that_cannot_be_made_is_refused_before_anything_runs(capsys, tmp_path, text, words):
    """A lever, clause, entry or value that does not exist: named, with the nearest right one; no folder is left behind."""
    fixes, out = tmp_path / "fixes.toml", tmp_path / "out"
    fixes.write_text(f"schema_version = 1\n[[fix]]\n{text}\n")
    assert main(["gaming", "dudley", "--fixes", str(fixes), "--out", str(out), "--quiet"]) == 2
    assert words in capsys.readouterr().err
    assert not out.exists()
    assert list(tmp_path.iterdir()) == [fixes]


def test_a_folder_that_is_not_empty_is_left_alone(capsys, tmp_path):
    """Nothing is overwritten."""
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["gaming", HOLED, "--out", str(tmp_path), "--quiet"]) == 2
    assert "not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
