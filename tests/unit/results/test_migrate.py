"""Manifests of earlier versions: brought up to date in memory, never on disk; later ones are refused."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import fake_study as fake
import pytest

from stresstest import runner
from stresstest.errors import DataError
from stresstest.results import migrate
from stresstest.results.manifest import DIGEST, MANIFEST_VERSION, PAPERS, json_text, load_manifest, verify_run
from stresstest.results.store import sha256_of

pytestmark = pytest.mark.unit

RECORDED = Path(__file__).resolve().parents[1] / "report" / "recorded_run.zip"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A finished run of the fake study, of the latest version."""
    monkeypatch.setattr(runner, "simulate_chunk", fake.fake_chunk)
    return runner.run_study(fake.FakeStudy(), fake.STRATEGIES, tmp_path, chunk=1024, jobs=1).folder


def as_version_1(folder):
    """The run as version 1 wrote it: without the keys and digests that came later."""
    path = folder / "manifest.json"
    later = {"condensed", "keep", "events", DIGEST, PAPERS}
    manifest = {key: value for key, value in json.loads(path.read_text()).items() if key not in later}
    path.write_text(json_text({**manifest, "manifest_version": 1}))
    return path


@pytest.fixture
def recorded(tmp_path):
    """The recorded run of version 1, unpacked as it is."""
    with zipfile.ZipFile(RECORDED) as archive:
        archive.extractall(tmp_path / "recorded")
    return next((tmp_path / "recorded").rglob("manifest.json")).parent


def test_the_latest_version_follows_the_migrations():
    """Each migration leads to the next version without a gap, and the last to the one that is written."""
    assert list(migrate.MIGRATIONS) == list(range(1, migrate.LATEST))
    assert MANIFEST_VERSION == migrate.LATEST == 2


def test_a_run_of_version_1_is_read_and_left_alone(folder):
    """It gets the keys that it had no word for; the file keeps its bytes."""
    path = as_version_1(folder)
    before = sha256_of(path)
    manifest = load_manifest(folder)
    assert (manifest["manifest_version"], manifest["condensed"], manifest["keep"]) == (2, {}, 1.0)
    assert sha256_of(path) == before


def test_a_run_of_version_1_keeps_verifying(folder):
    """Its hash is the one that it was given, and every check holds."""
    as_version_1(folder)
    assert [check.name for check in verify_run(folder) if not check.ok] == []


@pytest.mark.parametrize("left", ["condensed", "keep", "events", DIGEST, PAPERS])
def test_a_run_taken_down_to_version_1_is_found(folder, left):
    """A manifest of version 1 with one key that version 2 began to write is none: the key is named."""
    path = folder / "manifest.json"
    whole = json.loads(path.read_text())
    as_version_1(folder)
    path.write_text(json_text({**json.loads(path.read_text()), left: whole[left]}))
    (check,) = verify_run(folder)
    assert not check.ok
    assert f"has {left}," in check.detail


@pytest.mark.parametrize("table", ["bins", "moments", "ends"])
def test_tables_of_version_2_show_it_too(folder, table):
    """A folder with a table of condensed futures was not written by version 1, whatever its manifest leaves out."""
    as_version_1(folder)
    (folder / "tables" / table).mkdir()
    (check,) = verify_run(folder)
    assert not check.ok
    assert f"tables/{table}" in check.detail


def test_the_recorded_run_is_read_as_ever(recorded):
    """A run that an earlier version really wrote is understood, and its manifest and summary are as they were written."""
    before = json.loads((recorded / "manifest.json").read_text())
    assert before["manifest_version"] == 1
    manifest = load_manifest(recorded)
    assert {key: manifest[key] for key in before if key != "manifest_version"} == {
        key: value for key, value in before.items() if key != "manifest_version"
    }
    held = [name for name in manifest["files"] if name.startswith("summary/") and (recorded / name).is_file()]
    assert held
    assert all(sha256_of(recorded / name) == manifest["files"][name]["sha256"] for name in held)


def test_the_latest_version_may_leave_keys_out():
    """A manifest of this version without the later keys gets them too."""
    assert migrate.migrated({"manifest_version": 2}) == {"manifest_version": 2, "condensed": {}, "keep": 1.0}


def test_what_a_manifest_says_wins_over_a_migration():
    """A key that is there already is not written over, and the given manifest is not changed."""
    old = {"manifest_version": 1, "keep": 0.01}
    assert migrate.migrated(old)["keep"] == 0.01
    assert old == {"manifest_version": 1, "keep": 0.01}


@pytest.mark.parametrize("version", [0, 3, 99, -1, True, "2", 1.5, None, [1]])
def test_other_versions_are_refused_with_the_way_back(folder, version):
    """Later, earlier than the first, and what is no version at all: refused as data, with the command and the release."""
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"manifest_version": version}))
    with pytest.raises(DataError) as caught:
        load_manifest(folder)
    assert caught.value.exit_code == 3
    assert "run the study again" in caught.value.expected
    assert "which made it" in caught.value.expected


def test_a_chain_of_migrations_is_applied_in_order(monkeypatch):
    """Two steps from version 1 are two functions, one after the other."""
    steps = {1: lambda m: {**m, "trail": "a"}, 2: lambda m: {**m, "trail": m["trail"] + "b"}}
    monkeypatch.setattr(migrate, "MIGRATIONS", steps)
    monkeypatch.setattr(migrate, "LATEST", 3)
    found = migrate.migrated({"manifest_version": 1})
    assert (found["manifest_version"], found["trail"]) == (3, "ab")
