"""The verb changes on recorded runs: what it says of one run, of changed inputs, of damaged and older runs."""

from __future__ import annotations

import csv
import json
import shutil

import pyarrow.parquet as pq
import pytest

from stresstest.cli import main
from stresstest.results.store import write_rows

pytestmark = pytest.mark.integration


@pytest.fixture
def twin(recorded_run, tmp_path):
    """A copy of the recorded run under another name and with another results hash."""
    folder = tmp_path / "twin"
    shutil.copytree(recorded_run, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest |= {"run_id": "twin", "results_hash": "f" * 64}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def edit_manifest(folder, **changes):
    """Change entries of a manifest; None takes one out."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8")) | changes
    kept = {key: value for key, value in manifest.items() if value is not None}
    (folder / "manifest.json").write_text(json.dumps(kept), encoding="utf-8")


def edit_config(folder, old, new):
    """Put other text into a run's configuration, which must hold the old one."""
    path = folder / "config.effective.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def edit_summary(folder, factor):
    """Multiply every figure of the summary."""
    rows = pq.read_table(folder / "summary" / "summary.parquet").to_pylist()
    write_rows(folder / "summary", "summary", [row | {"value": factor * row["value"]} for row in rows])


def told(capsys, *argv):
    """What the verb says, having ended well."""
    assert main(["changes", *map(str, argv)]) == 0
    return capsys.readouterr().out


def test_one_run_has_not_changed(recorded_run, capsys):
    """A run beside itself: nothing changed, the page stands in its folder, can be written again, and verify does not mind it."""
    for _ in range(2):
        said = told(capsys, recorded_run, recorded_run)
        assert "Nothing changed: both folders hold the same run." in said
        assert said.splitlines()[-1] == str(recorded_run / "changes" / "index.html")
    assert not [path for path in recorded_run.iterdir() if path.name.startswith(".")]
    rows = list(csv.DictReader((recorded_run / "changes" / "outputs.csv").open(encoding="utf-8")))
    assert {row["verdict"] for row in rows} == {"the same"}


def test_another_form_of_the_manifest_is_never_nothing(recorded_run, twin, capsys):
    """Equal papers but for the manifest's form: that is said, and the verb does not say that nothing changed."""
    own = json.loads((recorded_run / "manifest.json").read_text(encoding="utf-8"))
    edit_manifest(twin, manifest_version=99, run_id=own["run_id"], results_hash=own["results_hash"])
    said = told(capsys, recorded_run, twin)
    assert "Nothing changed" not in said
    assert "different forms (1 before, 99 after)" in said


def test_a_single_input_is_named_and_the_rest_put_down_to_it(recorded_run, twin, tmp_path, capsys):
    """One entry changed: it stands in the first sentence with both values, and nothing else is blamed."""
    edit_config(twin, "[study.hurdles.quality_floor]\nvalue = 0.25", "[study.hurdles.quality_floor]\nvalue = 0.3")
    edit_summary(twin, 1.2)
    said = told(capsys, recorded_run, twin, "--out", tmp_path / "out")
    first = said.splitlines()[1]
    assert "Inputs changed: `study.hurdles.quality_floor` from 0.25 to 0.3; the chance that losses end" in first
    assert "beyond noise" in first
    assert "Nothing else differs: what moved is the doing of `study.hurdles.quality_floor`" in said
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "nan" not in page.lower().split()
    assert not [word for word in ("\ue000", 'src="http', 'href="http') if word in page]


def test_code_and_inputs_together_are_not_told_apart(recorded_run, twin, capsys):
    """Where sources differ too, no single cause is named, and the remedy is said."""
    edit_config(twin, "seed = 2018", "seed = 2019")
    edit_manifest(twin, source_digest="0" * 64, seed=2019)
    edit_summary(twin, 1.0001)
    said = told(capsys, recorded_run, twin)
    assert "sampling changed: `study.seed` from 2018 to 2019; the package's sources changed" in said.lower()
    assert "cannot tell which" in said
    assert "Run the earlier study again" in said
    assert "other seeds" in said


def test_a_machine_reads_it_as_json(recorded_run, twin, capsys):
    """--json prints answer, facts and every table; the page's path goes to stderr."""
    assert main(["changes", str(recorded_run), str(twin), "--json"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert found["facts"]["kinds"] == []
    assert {"overview", "outputs", "inputs", "code", "checks", "gaming"} <= set(found["tables"])
    assert err.strip().endswith("index.html")


def test_older_runs_are_compared_as_far_as_both_go(recorded_run, twin, capsys):
    """Without provenance, hurdles, register or gaming table the rest is compared, and what is not is said."""
    edit_manifest(twin, provenance=None, data_hashes=None, year_labels=None, strategies=None)
    for path in (twin / "summary").glob("hurdles.*"):
        path.unlink()
    (twin / "summary" / "assumptions.csv").unlink()
    shutil.rmtree(twin / "tables")
    said = told(capsys, twin, recorded_run)
    assert "older than the table of hurdles" in said
    assert "no gaming table" in said
    assert "no register of assumptions" in said
    (twin / "summary" / "summary.parquet").unlink()
    assert "a run has no summary, so results are not compared" in told(capsys, twin, recorded_run)


def test_levers_that_appear_vanish_or_move_are_told(recorded_run, twin, tmp_path, capsys):
    """A lever that is no longer used vanished, one whose gain trebles moved; gain and harm stand beside each other."""
    parts = sorted((twin / "tables" / "gaming").glob("*.parquet"))
    rows = pq.read_table(parts[0]).to_pylist()
    used = sorted((row for row in rows if row["intensity"]), key=lambda row: -row["gain_mean_gbp"])
    used[0]["gain_mean_gbp"] *= 3.0
    used[1] |= {"intensity": 0.0, "gain_mean_gbp": 0.0}
    parts[0].unlink()
    write_rows(parts[0].parent, "part-000000000000", rows)
    told(capsys, recorded_run, twin, "--out", tmp_path / "out")
    found = {row["lever"]: row["what"] for row in csv.DictReader((tmp_path / "out" / "gaming.csv").open(encoding="utf-8"))}
    assert (found[used[0]["lever"]], found[used[1]["lever"]]) == ("moved", "vanished")
    assert sum(what in ("moved", "vanished", "appeared") for what in found.values()) == 2


def test_damage_and_wrong_places_are_refused(recorded_run, twin, tmp_path, capsys):
    """A damaged summary is an error of data, no run too, and a folder with other things in it is left alone."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    assert main(["changes", str(recorded_run), str(twin), "--out", str(tmp_path / "mine")]) == 2
    assert (tmp_path / "mine" / "notes.txt").is_file()
    assert main(["changes", str(tmp_path / "mine"), str(twin)]) == 3
    (twin / "summary" / "summary.parquet").write_bytes(b"PAR1 damaged")
    assert main(["changes", str(recorded_run), str(twin)]) == 3
    assert "summary.parquet" in capsys.readouterr().err
