"""The verb sign, from the command line to the record: names, signatures, refusals, and a run that still verifies."""

from __future__ import annotations

import hashlib
import json
import shutil
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from stresstest.cli import main
from stresstest.config.assurance import read_assurance

pytestmark = pytest.mark.integration
RECORDED = Path(__file__).resolve().parents[1] / "unit" / "report" / "recorded_run.zip"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A real run's folder, without its big tables."""
    with zipfile.ZipFile(RECORDED) as archive:
        archive.extractall(tmp_path / "run")
    return tmp_path / "run"


def sign(run: Path, role: str, name: str, *more: str) -> int:
    """The verb with a role and a name."""
    return main(["sign", str(run), "--role", role, "--name", name, *more])


def refused(run: Path, capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """What the verb says when it refuses; the record is as it was."""
    path = run / "assurance.toml"
    before = path.read_bytes() if path.exists() else None
    code = sign(run, *argv)
    said = capsys.readouterr()
    assert code in (2, 3)
    assert said.out == ""
    assert (path.read_bytes() if path.exists() else None) == before
    assert not [one for one in run.iterdir() if one.name.endswith(".draft")]
    return said.err


def test_from_draft_to_approved(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name, then three signatures in order; each prints path, state and what comes next; the record says the same."""
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    steps = [
        (("commissioner", "Cy", "--organisation", "A council"), "draft", "the analyst signs"),
        (("analyst", "Ann"), "draft", "the analyst (Ann) signs"),
        (("analyst", "ann", "--statement", "checked  against\nthe method book"), "analyst-checked",
         "the assurer, who must not be the analyst"),
        (("assurer", "Bo", "--statement", "assured"), "assured", "the approver signs"),
        (("approver", "Di", "--statement", "approved"), "approved", "nothing: it is approved"),
    ]  # fmt: skip
    for argv, state, following in steps:
        assert sign(run, *argv) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[0] == str(run / "assurance.toml")
        assert f"state: {state}" in lines
        assert any(line.startswith(f"next: {following}") for line in lines)
        assert read_assurance(run, manifest).state == state
    record = tomllib.loads((run / "assurance.toml").read_text(encoding="utf-8"))
    assert [one["results_hash"] for one in record["signatures"]] == [manifest["results_hash"]] * 3
    assert record["signatures"][0]["statement"] == "checked against the method book"
    assert record["roles"]["commissioner"] == {"name": "Cy", "organisation": "A council"}


def test_a_run_begins_with_its_study_s_record(run: Path) -> None:
    """Question, decisions and owners of configs/assurance/dudley.toml are carried into the run's own."""
    assert sign(run, "analyst", "Ann") == 0
    record = tomllib.loads((run / "assurance.toml").read_text(encoding="utf-8"))
    assert record["question"].startswith("Before Dudley's")
    assert len(record["decisions"]) >= 8
    assert record["owners"]["place"]


@pytest.mark.parametrize("name", ["Ann Lee", "ann-lee", "ANN  LEE", "Ánn Lee"])
def test_one_person_is_not_analyst_and_assurer(run: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    """Whatever the spelling, with a signature or with a name alone."""
    assert sign(run, "analyst", "Ann Lee", "--statement", "checked") == 0
    capsys.readouterr()
    for more in ((), ("--statement", "assured")):
        assert "the analyst and the assurer must be different people" in refused(run, capsys, "assurer", name, *more)


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("assurer", "Bo", "--statement", "x"), "the analyst signs before the assurer"),
        (("assessor", "Bo"), "did you mean: assurer"),
        (("analyst", " . "), "a role needs a name"),
        (("analyst", "Ann", "--date", "2026-11-23"), "--statement beside it"),
        (("analyst", "Ann", "--statement", "x", "--date", "yesterday"), "YYYY-MM-DD"),
        (("analyst", "Ann", "--statement", "x", "--date", "2026-11-01"), "before the run was made"),
        (("analyst", "Ann", "--statement", "x", "--date", "2999-01-01"), "still to come"),
    ],
)  # fmt: skip
def test_what_is_refused(run: Path, capsys: pytest.CaptureFixture[str], argv: tuple[str, ...], says: str) -> None:
    """Out of order, no such role, nobody, a date without a signature, no date, too early, too late: nothing is written."""
    assert says in refused(run, capsys, *argv)


def test_nobody_signs_twice_or_for_another(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A role that is held is refused to others, and a role that is signed is signed."""
    assert sign(run, "analyst", "Ann", "--statement", "checked") == 0
    capsys.readouterr()
    assert "another person's" in refused(run, capsys, "analyst", "Bo", "--statement", "checked")
    assert "has been signed already" in refused(run, capsys, "analyst", "Ann", "--statement", "again")


def _edit(path: Path, change: Any) -> None:
    facts = json.loads(path.read_text(encoding="utf-8"))
    change(facts)
    path.write_text(json.dumps(facts), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda m: m.update(results_hash="77aa" * 16), "does not follow from the digests"),
        (lambda m: m["table_hashes"].update(outcomes="00" * 32), "does not follow from the digests"),
        (lambda m: m.pop("results_hash"), "does not follow from the digests"),
        (lambda m: m.update(status="running"), "Only a complete run can be signed"),
    ],
)  # fmt: skip
def test_a_manifest_that_was_changed_is_not_signed(run: Path, capsys: pytest.CaptureFixture[str], change: Any, says: str) -> None:
    """The results hash must follow from the digests of the tables, and the run must be complete."""
    _edit(run / "manifest.json", change)
    assert says in refused(run, capsys, "analyst", "Ann", "--statement", "x")


@pytest.mark.parametrize("name", ["summary/history.csv", "config.effective.toml"])
@pytest.mark.parametrize("how", ["changed", "missing"])
def test_a_run_that_was_changed_is_not_signed(run: Path, capsys: pytest.CaptureFixture[str], name: str, how: str) -> None:
    """A file that is not as it was written is named."""
    path = run / name
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8") if how == "changed" else path.unlink()
    said = refused(run, capsys, "analyst", "Ann", "--statement", "x")
    assert name in said
    assert f"{'was changed' if how == 'changed' else 'is missing'}" in said


def test_big_tables_may_be_left_out_but_not_in_part(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A copy without them is signed and says so; a table that is there must be whole and unchanged."""
    assert sign(run, "analyst", "Ann") == 0
    assert "tables/outcomes" in capsys.readouterr().out
    files = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["files"]
    part = next(name for name in files if name.startswith("tables/outcomes/"))
    (run / part).parent.mkdir(parents=True)
    (run / part).write_bytes(b"not what was written")
    assert part in refused(run, capsys, "assurer", "Bo")


def test_signatures_for_another_run_stop_verb_and_record(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A record copied from another run is refused with the reason."""
    assert sign(run, "analyst", "Ann", "--statement", "x") == 0
    capsys.readouterr()
    path = run / "assurance.toml"
    own = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["results_hash"]
    path.write_text(path.read_text(encoding="utf-8").replace(own, "77aa" * 16), encoding="utf-8")
    assert "this was signed for another run" in refused(run, capsys, "assurer", "Bo", "--statement", "x")


def test_a_signed_run_verifies_as_before(run: Path) -> None:
    """The record is a new file at the top of the folder: no file of the run changes, and none that verify holds is added."""
    from stresstest.results.manifest import verify_run

    def sums() -> dict[str, str]:
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in run.rglob("*") if path.is_file()}

    before, checked = sums(), [tuple(check) for check in verify_run(run)]
    assert sign(run, "analyst", "Ann", "--statement", "x") == 0
    after = sums()
    assert after.pop(str(run / "assurance.toml"))
    assert after == before
    assert [tuple(check) for check in verify_run(run)] == checked


def test_a_signature_covers_the_tables_as_they_stand(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Results alone where no table was made; else their digest; tables that changed between two signatures are noted."""
    shutil.rmtree(run / "advice", ignore_errors=True)
    assert sign(run, "commissioner", "Cy", "--statement", "asked") == 0
    assert "covers: the results hash alone" in capsys.readouterr().out
    (run / "report" / "tables").mkdir(parents=True)
    (run / "report" / "tables" / "risks.csv").write_text("a\n1\n", encoding="utf-8")
    assert sign(run, "analyst", "Ann", "--statement", "checked") == 0
    assert "and the tables of the analyses and of the report" in capsys.readouterr().out
    (run / "report" / "tables" / "risks.csv").write_text("a\n2\n", encoding="utf-8")
    assert sign(run, "assurer", "Bo", "--statement", "assured") == 0
    assert "not those that were signed before, as analyst" in capsys.readouterr().out
    digests = [one.get("papers_digest", "") for one in tomllib.loads((run / "assurance.toml").read_text())["signatures"]]
    assert digests[0] == ""
    assert len({*digests}) == 3


def test_a_full_disk_is_told(run: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """No bare error of the system: what happened, that nothing changed, and what to do; exit code 5."""
    def full(path: Path, text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("stresstest.results.store.write_text", full)
    assert sign(run, "analyst", "Ann") == 5
    said = capsys.readouterr().err
    assert "No space left on device" in said
    assert "untouched" in said
    assert not (run / "assurance.toml").exists()


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written beside a stranger's files."""
    assert sign(tmp_path, "analyst", "Ann") == 3
    assert "not a run" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
