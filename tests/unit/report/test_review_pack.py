"""The review pack: whole, the same each time, checked against its own list, and silent about the machine."""

import csv
import getpass
import hashlib
import io
import json
import os
import shutil
import socket
import tempfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from stresstest.errors import ConfigError, DataError
from stresstest.report.formats import dependencies, pack
from stresstest.report.formats.pack import verify_pack, write_pack
from stresstest.results.papers_digest import papers_digest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def run(recorded_report, tmp_path_factory):
    """A real run's folder with its report, of this module's own."""
    return shutil.copytree(recorded_report, tmp_path_factory.mktemp("packed") / "run")


@pytest.fixture(scope="module")
def packed(run):
    """Its review pack."""
    return write_pack(run)


def changed(source, target, change):
    """A copy of a pack whose members went through change(name, data); None leaves one out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return target


def wrong(path):
    """Details of the checks of a pack that fail."""
    return [check.detail for check in verify_pack(path) if not check.ok]


def test_the_pack_has_all_that_a_reviewer_needs(packed):
    """Report, papers of the run, summary, analyses, libraries and sources are in the pack; its list names every file."""
    with zipfile.ZipFile(packed) as archive:
        names = set(archive.namelist())
        listed = list(csv.DictReader(io.StringIO(archive.read("CONTENTS.csv").decode())))
    assert {"report/index.html", "report/trace.csv", "manifest.json", "checks.json", "config.effective.toml", "run.log",
            "datapackage.json", "summary/summary.csv", "advice/risks/advice.json", "advice/risks/register.csv",
            "dependencies.csv", "sbom.cdx.json", "source.csv", "README.txt", "report/contents.csv"} <= names  # fmt: skip
    assert {row["path"] for row in listed} == names - {"CONTENTS.csv"}
    assert packed.name == "run_review-pack.zip"
    assert not [name for name in names if name.endswith(".parquet")]


def test_codes_of_sources_can_be_looked_up(packed, run):
    """The register of evidence is in the pack, has each kind of code, and the page says where it is."""
    with zipfile.ZipFile(packed) as archive:
        text = archive.read("evidence.md").decode()
    assert text == (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    assert all(code in text for code in ("| D-", "| J-", "| E"))
    assert "evidence.md in the review pack" in (run / "report" / "index.html").read_text(encoding="utf-8")


def test_the_contents_of_the_report_are_its_files(run):
    """contents.csv lists every other file of the report with its sha256."""
    with (run / "report" / "contents.csv").open(encoding="utf-8", newline="") as stream:
        listed = {row["path"]: row["sha256"] for row in csv.DictReader(stream)}
    found = {path.relative_to(run / "report").as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
             for path in (run / "report").rglob("*") if path.is_file()}  # fmt: skip
    found.pop("contents.csv")
    assert listed == found


def test_the_digest_of_papers_sees_every_table(run, tmp_path):
    """A cell changed in a table of the analyses or of the report changes the digest; who signed does not."""
    copy = shutil.copytree(run, tmp_path / "run")
    before = papers_digest(copy)
    assert len(before) == 64
    assert papers_digest(tmp_path) == ""
    path = copy / "report" / "tables" / "decisions.csv"
    rows = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | {"signed_by": "A. Name"} for row in rows)
    assert papers_digest(copy) == before
    for name in ("advice/risks/register.csv", "report/tables/risks.csv", "report/tables/decisions.csv"):
        old = (copy / name).read_bytes()
        (copy / name).write_bytes(old.replace(b"a", b"e", 1))
        assert papers_digest(copy) != before, name
        (copy / name).write_bytes(old)
    (copy / "report" / "tables" / "new.csv").write_text("a\n1\n", encoding="utf-8")
    assert papers_digest(copy) != before


def test_two_packs_of_one_run_are_equal(run, packed, tmp_path):
    """The same run and report give the same bytes, whatever the time and the target's name."""
    assert write_pack(run, tmp_path / "again.zip").read_bytes() == packed.read_bytes()


def test_a_whole_pack_verifies(packed):
    """Every check of an untouched pack holds, those against the run's manifest too."""
    checks = verify_pack(packed)
    assert all(check.ok for check in checks)
    assert len(checks) == 7
    assert any("does not show who made the pack" in check.detail for check in checks)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda name, data: None if name == "run.log" else data, "run.log is missing"),
        (lambda name, data: data + b" " if name == "report/index.html" else data, "report/index.html was changed"),
        (lambda name, data: data[:-1] if name == "summary/summary.csv" else data, "summary/summary.csv was changed"),
    ],
)  # fmt: skip
def test_a_pack_that_was_touched_is_found_out(packed, tmp_path, change, words):
    """A file left out, lengthened or cut is named."""
    assert words in wrong(changed(packed, tmp_path / "touched.zip", change))


def test_a_file_that_was_added_is_found_out(packed, tmp_path):
    """A file beyond the list is named."""
    path = shutil.copy(packed, tmp_path / "more.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("report/extra.html", "x")
    assert wrong(path) == ["report/extra.html was added"]


def test_a_list_written_to_fit_does_not_hide_another_table(packed, tmp_path):
    """Who changes a table and the list together is found out by the run's manifest."""
    fake = b"scenario,value\ncalibrated,1\n"

    def change(name, data):
        if name == "summary/summary.csv":
            return fake
        if name == "CONTENTS.csv":
            rows = list(csv.reader(io.StringIO(data.decode())))
            rows = [[r[0], len(fake), hashlib.sha256(fake).hexdigest()] if r[0] == "summary/summary.csv" else r for r in rows]
            return "".join(",".join(map(str, row)) + "\n" for row in rows).encode()
        return data

    assert wrong(changed(packed, tmp_path / "fitted.zip", change)) == ["summary/summary.csv is not the run's own"]


def rewritten(source, target, name, change):
    """A copy of a pack in which one member is changed, and its list of contents with it."""
    with zipfile.ZipFile(source) as archive:
        fresh = change(archive.read(name))

    def put(member, data):
        if member == name:
            return fresh
        if member != "CONTENTS.csv":
            return data
        rows = list(csv.reader(io.StringIO(data.decode())))
        size = [name, len(fresh or b""), hashlib.sha256(fresh or b"").hexdigest()]
        rows = [size if row[0] == name else row for row in rows if fresh is not None or row[0] != name]
        return "".join(",".join(map(str, row)) + "\n" for row in rows).encode()

    return changed(source, target, put)


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("manifest.json", lambda data: data.replace(b'"results_hash": "', b'"results_hash": "0'), "expected"),
        ("checks.json", lambda data: data.replace(b"true", b"false", 1), "1 failed"),
        ("checks.json", lambda _data: None, "checks.json is missing"),
        ("summary/hurdles.csv", lambda _data: None, "summary/hurdles.csv of the run is not in the pack"),
    ],
)  # fmt: skip
def test_a_pack_that_was_rewritten_disagrees_with_its_manifest(packed, tmp_path, name, change, words):
    """Results hash, checks and small tables are held to the manifest, whatever the list of contents says."""
    assert any(words in detail for detail in wrong(rewritten(packed, tmp_path / "rewritten.zip", name, change)))


def test_a_signature_for_other_results_is_found_out(packed, tmp_path):
    """A record of assurance that was signed for another run does not pass."""
    path = tmp_path / "signed.zip"
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("assurance.toml", '[[signatures]]\nrole = "approver"\nname = "A"\nresults_hash = "00"\n')
    assert "approver signed other results" in wrong(path)


def test_a_run_that_names_a_place_is_not_packed(run, tmp_path):
    """A study whose contract is a file somewhere on a machine is refused, with the key that says so."""
    for text in ("/srv/secret/contract.toml", "C:\\\\secret\\\\contract.toml"):
        copy = shutil.copytree(run, tmp_path / f"run{text.find(chr(58))}")
        path = copy / "config.effective.toml"
        path.write_text(path.read_text(encoding="utf-8") + f'\n[where]\ncontract = "{text}"\n', encoding="utf-8")
        with pytest.raises(DataError, match=r"where\.contract"):
            write_pack(copy, tmp_path / "out.zip")
    assert not (tmp_path / "out.zip").exists()


def test_damaged_bytes_are_found_out(packed, tmp_path):
    """A byte turned over within a member is found, and told as a failed check."""
    data = bytearray(packed.read_bytes())
    with zipfile.ZipFile(packed) as archive:
        place = archive.getinfo("summary/summary.csv").header_offset + 2000
    data[place] ^= 0xFF
    path = tmp_path / "damaged.zip"
    path.write_bytes(data)
    assert len(wrong(path)) >= 1


def test_what_is_no_pack_is_refused(tmp_path):
    """A text, a missing file and a zip of something else are no packs."""
    for name, data in (("a.zip", b"words"), ("b.zip", None), ("c.zip", "zip")):
        path = tmp_path / name
        if data == "zip":
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("x", "y")
        elif data:
            path.write_bytes(data)
        with pytest.raises(DataError, match="no review pack"):
            verify_pack(path)


def test_nothing_of_the_machine_is_in_it(run, packed):
    """No text of the pack, those within the workbook too, names the run's place, home, temporary folder, host or user's home."""
    names = {str(run), str(run.parent), str(Path.home()) + os.sep, tempfile.gettempdir() + os.sep, str(ROOT)}
    host = socket.gethostname()
    names |= {host} if len(host) > 5 else set()
    names |= {f"/home/{getpass.getuser()}"}
    with zipfile.ZipFile(packed) as archive:
        for name in archive.namelist():
            if not name.endswith((".png",)):
                data = archive.read(name)
                for word in names:
                    assert word.encode() not in data, f"{name} names {word}"


def test_a_file_that_names_the_machine_stops_the_pack(run, tmp_path):
    """A file with the run's own place in it is not sent out; nothing is written."""
    copy = shutil.copytree(run, tmp_path / "leaky")
    (copy / "report" / "note.txt").write_text(f"see {copy.parent}{os.sep}leaky", encoding="utf-8")
    with pytest.raises(DataError, match="a folder of this machine"):
        write_pack(copy, tmp_path / "out.zip")
    assert not (tmp_path / "out.zip").exists()
    assert not list(tmp_path.glob("*.partial"))


def test_something_else_of_that_name_is_left_as_it_is(run, tmp_path):
    """A target that is no pack, no zip, or in no folder is refused and untouched; an earlier pack is replaced."""
    taken = tmp_path / "letter.zip"
    taken.write_bytes(b"a letter")
    with pytest.raises(ConfigError, match="something else"):
        write_pack(run, taken)
    assert taken.read_bytes() == b"a letter"
    with pytest.raises(ConfigError, match=r"\.zip"):
        write_pack(run, tmp_path / "pack.tar")
    with pytest.raises(ConfigError, match="no such folder"):
        write_pack(run, tmp_path / "none" / "pack.zip")
    target = write_pack(run, tmp_path / "pack.zip")
    before = target.read_bytes()
    assert write_pack(run, target).read_bytes() == before


def test_a_disk_that_refuses_leaves_the_earlier_pack(run, tmp_path, monkeypatch):
    """When the disk is full half-way, the earlier pack stands and nothing else is left."""
    target = write_pack(run, tmp_path / "pack.zip")
    before = target.read_bytes()

    def full(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pack.zipfile.ZipFile, "writestr", full)
    with pytest.raises(OSError, match="No space"):
        write_pack(run, target)
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["pack.zip"]


def test_an_unfinished_run_has_no_pack(run, tmp_path):
    """A run that is not complete is refused."""
    copy = shutil.copytree(run, tmp_path / "run")
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    (copy / "manifest.json").write_text(json.dumps(manifest | {"status": "running"}), encoding="utf-8")
    with pytest.raises(DataError, match="not complete"):
        write_pack(copy)


def test_libraries_are_those_of_the_project_with_licences(packed):
    """Every declared dependency is listed with version and licence, and the bill of materials names the same."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {one.split(">")[0].lower() for one in project["dependencies"]}
    assert {name.lower() for name in dependencies.DIRECT} == declared
    with zipfile.ZipFile(packed) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("dependencies.csv").decode())))
        bill = json.loads(archive.read("sbom.cdx.json"))
        manifest = json.loads(archive.read("manifest.json"))
    names = {dependencies._same(row["name"]) for row in rows}
    assert {dependencies._same(name) for name in declared} <= names
    assert "pyparsing" in names, "libraries of libraries are listed too"
    assert all(row["version"] and row["licence"] for row in rows)
    assert {(c["name"], c["version"]) for c in bill["components"]} == {(row["name"], row["version"]) for row in rows}
    assert bill["metadata"]["timestamp"] == manifest["created"]
    of_run = manifest["provenance"]["libraries"]
    assert {row["name"]: row["version_of_run"] for row in rows if row["version_of_run"]}.items() <= of_run.items()


@pytest.mark.parametrize(
    ("about", "licence"),
    [
        ({"License-Expression": "MIT"}, "MIT"), ({"License": "BSD"}, "BSD"), ({"License": "x" * 200}, "not stated"),
        ({"License": "line one\nline two", "Classifier": ["License :: OSI Approved :: MIT License"]}, "MIT License"),
    ],
)  # fmt: skip
def test_licences_are_read_as_libraries_give_them(about, licence):
    """An expression, a short name or a classifier names a licence; a whole text does not."""
    class About(dict):
        def get_all(self, name):
            return self.get(name)

    assert dependencies.licence_of(About(about)) == licence
