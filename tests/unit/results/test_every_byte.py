"""Verification finds one flipped byte in any file of a run, and files that were added, removed, cut, swapped or linked."""

from __future__ import annotations

import json
import os
import shutil

import fake_study as fake
import numpy as np
import pytest

from stresstest import runner
from stresstest.errors import DataError
from stresstest.futures.resampling import key_of, uniforms
from stresstest.results import manifest as papers
from stresstest.results.store import write_finding, write_gaming, write_summary

pytestmark = pytest.mark.unit

POSITIONS = 4
FIGURE = {"scenario": "calibrated", "strategy": "honest", "party": "provider", "metric": "surplus_npv", "year": "",
          "statistic": "mean", "value": 1.0, "unit": "GBP", "method": "independent"}  # fmt: skip


def extra(folder, study):
    """Gaming, summary and a finding, as a real run has them."""
    write_gaming(folder, [{"lever": "upcoding", "futures_searched": 10, "futures_verified": 10}], "run")
    write_summary(folder, [FIGURE], "run")
    write_finding(folder, "swings", [{"axis": "economy", "low": -1.0, "high": 2.0}])
    return ()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small finished run with every kind of file."""
    scenarios = (fake.Scenario("calibrated", 500), fake.Scenario("official-future", 90, 5.0))
    study = fake.FakeStudy(scenarios=scenarios, years_futures=60)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "simulate_chunk", fake.fake_chunk)
        return runner.run_study(study, fake.STRATEGIES, tmp_path_factory.mktemp("made"), chunk=256, jobs=1, extra=extra).folder


@pytest.fixture
def folder(made, tmp_path):
    """A copy of that run."""
    return shutil.copytree(made, tmp_path / made.name)


def is_found(folder):
    """Whether verification fails, by a check or by an error that names what is wrong."""
    try:
        return not all(check.ok for check in papers.verify_run(folder))
    except DataError:
        return True


def part(folder, number=0):
    """A part of the outcomes."""
    return sorted((folder / "tables" / "outcomes" / "calibrated").glob("*.parquet"))[number]


def test_the_run_itself_passes(folder):
    """Nothing fails before anything is touched, and every file of the folder is held by the manifest."""
    assert not is_found(folder)
    manifest = papers.load_manifest(folder)
    held = {*manifest["files"], *manifest["papers"], "manifest.json"}
    assert held == {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_one_flipped_byte_is_found_in_every_file(folder):
    """In each file, at its first and last byte and some between, a byte with one or all bits turned is found."""
    missed = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        content = path.read_bytes()
        between = uniforms(key_of(path.name), 1, POSITIONS - 2)[0] * len(content)
        for k, position in enumerate({0, len(content) - 1, *map(int, between)}):
            changed = bytearray(content)
            changed[position] ^= 0xFF if k % 2 else 1 << (position % 8)
            path.write_bytes(bytes(changed))
            if not is_found(folder):
                missed.append((path.name, position))
        path.write_bytes(content)
    assert missed == []
    assert not is_found(folder)


def test_a_flipped_byte_anywhere_in_the_manifest_is_found(folder):
    """The manifest holds itself: any byte of it, its line ends and its own digest included."""
    path = folder / "manifest.json"
    content = path.read_bytes()
    written = papers.read_manifest(folder)
    for position in np.linspace(0, len(content) - 1, 200).astype(int):
        for turned in (1, 2, 0x2A):
            changed = bytearray(content)
            changed[position] ^= turned
            path.write_bytes(bytes(changed))
            try:
                found = papers.read_manifest(folder)
            except DataError:
                continue
            assert found != written or not papers.check_manifest(folder, found).ok
            if papers.migrate.is_known(found.get("manifest_version")):
                assert not papers.check_manifest(folder, found).ok


def test_a_manifest_without_its_digest_is_found(folder):
    """Taking the digest out is a change as well; a changed digest is none that fits."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(papers.json_text({key: value for key, value in manifest.items() if key != "manifest_digest"}))
    assert [check.detail for check in papers.verify_run(folder)] == ["its manifest_digest is missing"]


@pytest.mark.parametrize("change", [
    lambda folder: (folder / "tables/outcomes/calibrated/part-000000999999.parquet").write_bytes(part(folder).read_bytes()),
    lambda folder: (folder / "tables/outcomes/calibrated/.part-0.parquet").write_bytes(part(folder).read_bytes()),
    lambda folder: (folder / "summary/extra.csv").write_text("a,b\n"),
    lambda folder: part(folder).unlink(),
    lambda folder: (folder / "checks.json").unlink(),
    lambda folder: (folder / "run.log").write_text((folder / "run.log").read_text() + "{}\n"),
    lambda folder: os.truncate(part(folder), part(folder).stat().st_size - 1),
    lambda folder: os.truncate(part(folder), 0),
    lambda folder: (folder / "summary").rename(folder / "sum"),
], ids=["added", "hidden", "summary", "removed", "checks", "log", "cut", "empty", "renamed"])  # fmt: skip
def test_files_that_come_go_or_shrink_are_found(folder, change):
    """A part more, a part less, one byte short, a paper gone or grown."""
    change(folder)
    assert is_found(folder)


def test_two_swapped_parts_are_found(folder):
    """The same bytes under each other's names."""
    one, two = part(folder, 0), part(folder, 1)
    content = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(content)
    assert is_found(folder)


@pytest.mark.parametrize("name", ["tables/outcomes/calibrated", "manifest.json", "summary/summary.csv", "tables"])
def test_a_link_in_place_of_a_file_or_folder_is_found(folder, tmp_path, name):
    """A link can lead anywhere tomorrow, even where it leads to the same bytes today."""
    away = tmp_path / "away"
    (folder / name).rename(away)
    (folder / name).symlink_to(away)
    assert is_found(folder)


def test_a_listed_name_outside_the_folder_is_refused(folder):
    """A manifest, digest and all, that lists a file outside its folder is not followed."""
    manifest = papers.load_manifest(folder)
    (folder.parent / "outside.txt").write_text("x")
    facts = papers.facts_of(folder.parent / "outside.txt")
    papers.write_manifest(folder, {**manifest, "files": {**manifest["files"], "../outside.txt": facts}})
    assert is_found(folder)


@pytest.mark.parametrize("files", [{"a": 1}, {"a": {}}, [], "x", {"": {"sha256": "0"}}])
def test_a_manifest_that_lists_nonsense_is_no_traceback(folder, files):
    """Facts that are none fail the check of files."""
    papers.write_manifest(folder, {**papers.load_manifest(folder), "files": files})
    assert is_found(folder)


@pytest.mark.parametrize(
    ("name", "inside"),
    [("tables/a.parquet", True), ("../a", False), ("/etc/passwd", False), ("a/../b", False), ("C:/a", False), ("a\\b", False),
     ("", False), ("a//b", False), ("./a", False), ("summary/x y.csv", True)],
)  # fmt: skip
def test_only_plain_names_lie_inside(name, inside):
    """A path below the folder, without a way out of it."""
    assert papers.is_inside(name) is inside
