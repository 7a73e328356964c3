"""A national study from file to page: shared futures, places that do not disturb each other, clauses, resume, own registers."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from stresstest import national_verbs
from stresstest.batch_verbs import run_file
from stresstest.cli import main
from stresstest.config.folders import config_folder
from stresstest.config.national import read_national
from stresstest.report import national as national_page

pytestmark = pytest.mark.integration
CONFIGS = config_folder(Path(__file__).resolve().parent)
FILE = """schema_version = 1
title = "A small nation"
study = "dudley"
futures = 300
changes = ["scenarios=['calibrated']"{more}]
variants = "national"
strategies = ["honest", "gamed"]
[grid]
place = [{places}]
variant = [{variants}]
[national]
provider = "region"
[[strategy]]
name = "honest"
levels = {{ effort = 0.5 }}
[[strategy]]
name = "gamed"
levels = {{ effort = 0.5, cost_shifting = 0.02 }}
"""


def study(folder, *places, variants=("as it is",), more=""):
    """A national file in a folder."""
    quoted = [", ".join(f'"{name}"' for name in names) for names in (places, variants)]
    path = folder / "nation.toml"
    path.write_text(FILE.format(places=quoted[0], variants=quoted[1], more=more), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    """The shipped configuration is found from the working folder."""
    monkeypatch.chdir(CONFIGS.parent)


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """Three places under two wordings."""
    folder = tmp_path_factory.mktemp("three")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(CONFIGS.parent)
        path = study(folder, "Dudley", "Stockport", "Rutland", variants=("as it is", "rescue"))
        assert main(["national", str(path), "--out", str(folder / "out"), "--quiet"]) == 0
    (found,) = (folder / "out").iterdir()
    return found


def outcomes(folder, case, table="outcomes"):
    """A case's table, sorted by strategy and future."""
    frame = pq.read_table(folder / "cases" / case / "tables" / table).to_pandas()
    return frame.sort_values([key for key in ("strategy", "future") if key in frame]).reset_index(drop=True)


def rows(folder, name):
    """A table of the page."""
    with (folder / "national" / f"{name}.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_places_share_one_economy_and_nothing_else(three):
    """Axes and shared shocks are equal in every place; needs and opening gaps are drawn place by place."""
    one, other = (outcomes(three, f"{name}-as-it-is", "futures") for name in ("dudley", "rutland"))
    for column in ("economy_mean", "state_end", "crisis_years", "pandemic_years", "pay_surprise"):
        assert np.array_equal(one[column], other[column]), column
    for column in ("need_surprise", "opening_gap", "productivity_growth"):
        assert abs(np.corrcoef(one[column][1:], other[column][1:])[0, 1]) < 0.25, column
        assert not np.array_equal(one[column], other[column])


def test_another_place_changes_no_number(three, tmp_path):
    """Two places alone come to the same results hashes as among three."""
    read = read_national(study(tmp_path, "Stockport", "Dudley", variants=("as it is",)))
    done = run_file(read.batch, "national", tmp_path / "out", {}, quiet=True)
    few, many = (json.loads((folder / "batch.json").read_text(encoding="utf-8"))["cases"] for folder in (done.folder, three))
    hashes = {case["labels"]["place"]: case["results_hash"] for case in many if case["labels"]["variant"] == "as it is"}
    assert {case["labels"]["place"]: case["results_hash"] for case in few}.items() <= hashes.items()


def test_totals_are_those_of_the_tables(three):
    """Mean failures and mean exposure on the page equal those worked out from the runs' own tables."""
    frames = {name: outcomes(three, f"{name}-as-it-is") for name in ("dudley", "stockport", "rutland")}
    honest = {name: frame[(frame.strategy == "honest") & (frame.future > 0)] for name, frame in frames.items()}
    lost = sum((~f.exit_cause.isin(["none", "policy break"])).to_numpy().astype(int) for f in honest.values())
    summary = next(row for row in rows(three, "joint_summary") if (row["strategy"], row["failure"]) == ("honest", "walks_away"))
    assert float(summary["mean_places"]) == pytest.approx(lost.mean(), rel=1e-12)
    total = sum(f.commissioner_exposure_npv_gbp.to_numpy() for f in honest.values())
    wanted = ("honest", "commissioner exposure", "mean")
    keys = ("strategy", "measure", "statistic")
    mean = next(row for row in rows(three, "totals") if tuple(row[key] for key in keys) == wanted)
    assert float(mean["value"]) == pytest.approx(total.mean(), rel=1e-9)


def test_a_clause_for_all_is_set_against_the_first_wording(three):
    """With rescue written into every contract no contract ends by losses, and the change says so with its error."""
    found = [row for row in rows(three, "clauses") if row["variant"] == "rescue"]
    assert {row["strategy"] for row in found} == {"honest", "gamed"}
    for case in ("dudley-rescue", "rutland-rescue"):
        assert outcomes(three, case).exit_cause.isin(["none", "policy break"]).all()


def test_the_study_verifies_and_is_drawn_again(three, tmp_path, capsys, monkeypatch):
    """`verify` checks every run; `national-report` of the folder adds up to the same tables."""
    assert main(["verify", str(three)]) == 0
    assert "FAIL" not in capsys.readouterr().out
    drawn = []
    monkeypatch.setattr(national_page, "national_leaflet", lambda tables, facts, where: drawn.append((tables, facts, where)))
    monkeypatch.setattr(national_verbs, "tell", lambda page, out, as_json: 0)
    assert main(["national-report", str(three), "--out", str(tmp_path / "again"), "--quiet"]) == 0
    ((tables, _, where),) = drawn
    assert set(where) == {"dudley", "E08000007", "E06000017"}
    for name in ("places", "totals", "joint", "clauses"):
        again = [{key: "" if value != value else str(value) for key, value in row.items()} for row in tables[name]]
        assert again == rows(three, name), name


def test_a_flipped_byte_in_one_case_is_found(three, tmp_path, capsys):
    """One bit of one part of one place, and the study no longer verifies."""
    import shutil

    copy = tmp_path / three.name
    shutil.copytree(three, copy)
    path = next((copy / "cases" / "rutland-rescue" / "tables" / "outcomes").rglob("*.parquet"))
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 4
    path.write_bytes(bytes(body))
    assert main(["verify", str(copy)]) == 4
    assert "rutland-rescue" in capsys.readouterr().out


def test_a_register_of_ones_own_says_who_holds_the_contracts(tmp_path, capsys):
    """The template is a table that passes its own check, and its provider joins the places of a study."""
    assert main(["places", "--template"]) == 0
    header, example = capsys.readouterr().out.splitlines()
    cells = example.split(",")
    table = tmp_path / "own.csv"
    table.write_text("\n".join([header, example, ",".join(["other", "Other", *cells[2:]])]) + "\n", encoding="utf-8")
    assert main(["places", "--own", str(table)]) == 0
    assert capsys.readouterr().out.count("ok  ") == 2
    path = study(tmp_path, "my-stockport", "other", more=f", \"register='{table}'\"")
    path.write_text(path.read_text(encoding="utf-8").replace('provider = "region"', 'provider = "register"'), encoding="utf-8")
    read = read_national(path, 100)
    done = run_file(read.batch, "national", tmp_path / "out", {}, quiet=True)
    found, others = national_verbs.gathered_of(done)
    links = national_verbs.links_of(found, read.own, read.provider, {})
    assert not others
    assert dict(zip(links.places, links.providers, strict=True)) == dict.fromkeys(
        ("my-stockport", "other"), "Stockport Neighbourhood Care")  # fmt: skip


def test_a_plan_says_what_it_takes_and_writes_nothing(tmp_path, capsys):
    """`--plan` names cases, futures, time and bytes; a study that does not fit is refused with the figure and a remedy."""
    path = study(tmp_path, "Dudley", "Stockport")
    assert main(["national", str(path), "--plan", "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "2 cases" in said
    assert "602 futures" in said
    assert not (tmp_path / "out").exists()
    assert main(["national", str(path), "--futures", "9000000000", "--out", str(tmp_path / "out"), "--quiet"]) == 2
    said = capsys.readouterr().err
    assert "TB" in said
    assert "would fit" in said
