"""The verbs report and review-pack as a user meets them: every format, and every way in which they can be refused."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from stresstest.cli import main
from stresstest.report import page
from stresstest.report.book import Book
from stresstest.report.formats.pack import verify_pack
from stresstest.report.parts import sections_of
from stresstest.report.parts.front import front

pytestmark = pytest.mark.integration

RECORDED = Path(__file__).resolve().parents[1] / "unit" / "report" / "recorded_run.zip"


def unpack(folder: Path) -> Path:
    """The recorded run, without a report."""
    with zipfile.ZipFile(RECORDED) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of the test's own."""
    return unpack(tmp_path / "run")


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with page, workbook and slide; charts are left out, which take most of the time."""
    folder = unpack(tmp_path_factory.mktemp("reported") / "run")

    def without_charts(book: Book) -> str:
        front(book)
        sections_of(book)
        book.charts.clear()
        return "a page"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page, "render", without_charts)
        assert main(["report", str(folder), "--format", "xlsx,slide"]) == 0
    return folder


def left(folder: Path) -> list[str]:
    """Names of what stands in a run folder beside its own files."""
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(("report", ".")))


def old_report(run: Path) -> bytes:
    """Put an earlier report into a run; return the bytes of its page."""
    (run / "report").mkdir()
    (run / "report" / "index.html").write_bytes(b"an earlier report")
    return b"an earlier report"


def quick(monkeypatch: pytest.MonkeyPatch, text: str = "a page") -> None:
    """Let the page be a few words, so that only the writing is tried."""
    monkeypatch.setattr(page, "render", lambda _book: text)


# ── what is made ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_formats_stand_beside_the_page(reported):
    """Workbook and slide are in report/ with the page, its figures, tables and trace; nothing else is left behind."""
    names = {path.name for path in (reported / "report").iterdir()}
    assert names == {"index.html", "figures", "tables", "trace.csv", "contents.csv", "results.xlsx", "summary.svg", "summary.png"}
    assert left(reported) == ["report"]


def test_paths_are_printed_and_an_older_workbook_goes(run, capsys, monkeypatch):
    """Paths stand on a line each; a report made anew without its workbook has none: what stands together was made together."""
    quick(monkeypatch)
    assert main(["report", str(run), "--format", "xlsx"]) == 0
    assert capsys.readouterr().out.splitlines() == [str(run / "report" / "index.html"), str(run / "report" / "results.xlsx")]
    assert main(["report", str(run)]) == 0
    assert not (run / "report" / "results.xlsx").exists()


def test_the_review_pack_verifies_and_can_be_made_again(reported, tmp_path, capsys, monkeypatch):
    """review-pack prints the path of a zip that verifies; a target that is something else is refused and left."""
    quick(monkeypatch)
    copy = shutil.copytree(reported, tmp_path / "run")
    target = tmp_path / "pack.zip"
    assert main(["review-pack", str(copy), "--out", str(target), "--format", "html"]) == 0
    assert capsys.readouterr().out.strip() == str(target)
    assert all(check.ok for check in verify_pack(target))
    assert main(["review-pack", str(copy), "--out", str(target), "--format", "html"]) == 0
    target.write_text("something else", encoding="utf-8")
    assert main(["review-pack", str(copy), "--out", str(target), "--format", "html"]) == 2
    assert target.read_text(encoding="utf-8") == "something else"


def test_a_run_without_analyses_is_reported(run):
    """Without its analyses, or with one of their tables gone, a run still has its report, which says what is missing."""
    shutil.rmtree(run / "advice" / "sensitivity")
    shutil.rmtree(run / "advice" / "playbook")
    (run / "advice" / "risks" / "bearers.csv").unlink()
    assert main(["report", str(run)]) == 0
    assert "stresstest advise" in (run / "report" / "index.html").read_text(encoding="utf-8")


# ── what is refused ────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("verb", "more"), [("report", []), ("review-pack", [])])
def test_an_unknown_format_names_the_nearest(run, capsys, verb, more):
    """A slip in a format is answered with the format meant, before any work."""
    assert main([verb, str(run), "--format", "html,xslx", *more]) == 2
    said = capsys.readouterr().err
    assert "xslx" in said
    assert "xlsx" in said
    assert left(run) == []


@pytest.mark.parametrize("version", [0, 3, "1"])
def test_a_run_of_another_version_says_how_to_get_it_back(run, capsys, version):
    """A manifest of another version names the version that made it and the command that runs the study again."""
    path = run / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) | {"manifest_version": version}
    manifest["provenance"]["stresstest"] = "0.7.0"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    for verb in ("report", "review-pack"):
        assert main([verb, str(run)]) == 3
        said = capsys.readouterr().err
        for word in ("another version", "0.7.0", "stresstest run dudley", f"--seed {manifest['seed']}", "manifest_version"):
            assert word in said
        assert "Traceback" not in said
    assert left(run) == []


@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("summary/summary.parquet", b"PAR1 not really"),
        ("summary/swings.csv", b"key,title\n\xff\xfe,x\n"),
        ("summary/exceedance.csv", b"strategy,threshold_gbp,probability,error\nhonest,many,0.1,0.1\n"),
        ("checks.json", b"{"),
        ("advice/risks/advice.json", b"{"),
        ("advice/risks/register.csv", b"number,id\n\xff\xfe,x\n"),
    ],
)
def test_a_damaged_file_is_named_and_the_earlier_report_stands(run, capsys, file, data):
    """A file that cannot be read stops the report with its name and exit code 3; the earlier report is as it was."""
    before = old_report(run)
    (run / file).write_bytes(data)
    assert main(["report", str(run)]) == 3
    said = capsys.readouterr().err
    assert Path(file).name.split(".")[0] in said
    assert "Traceback" not in said
    assert (run / "report" / "index.html").read_bytes() == before
    assert left(run) == ["report"]


def test_a_missing_summary_is_named(run, capsys):
    """A run without its summary cannot be reported, and the message says which file is missing."""
    shutil.rmtree(run / "summary")
    assert main(["report", str(run)]) == 3
    assert "summary" in capsys.readouterr().err


def test_a_pdf_that_cannot_be_made_is_refused_before_the_work(run, capsys, monkeypatch):
    """Without an engine for PDF nothing is written and the message names what to install."""
    from stresstest.report.formats import pdf

    before = old_report(run)
    monkeypatch.setattr(pdf, "engine", lambda: "")
    assert main(["report", str(run), "--format", "pdf"]) == 2
    assert "stresstest[pdf]" in capsys.readouterr().err
    assert (run / "report" / "index.html").read_bytes() == before


# ── what happens when the machine gives way ────────────────────────────────────────────────────────────────────────
def test_a_disk_that_refuses_leaves_the_earlier_report(run, capsys, monkeypatch):
    """When a file cannot be written the exit code is 5, the earlier report stands, and no half of a new one is left."""
    before = old_report(run)
    quick(monkeypatch)

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(page, "write_gaming", full)
    assert main(["report", str(run)]) == 5
    said = capsys.readouterr().err
    assert "No space left" in said
    assert "untouched" in said
    assert (run / "report" / "index.html").read_bytes() == before
    assert left(run) == ["report"]


def test_a_disk_that_is_full(tmp_path, capsys, monkeypatch):
    """On a disk without room for the new report the earlier one stands whole. Needs a user who may mount."""
    place = tmp_path / "small"
    place.mkdir()
    size = sum(one.file_size for one in zipfile.ZipFile(RECORDED).infolist()) * 3 // 2 + 2_000_000
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this user may not mount")
    try:
        run = unpack(place / "run")
        before = old_report(run)
        quick(monkeypatch, "x" * 2 * size)
        assert main(["report", str(run), "--format", "xlsx"]) == 5
        assert "No space left" in capsys.readouterr().err
        assert (run / "report" / "index.html").read_bytes() == before
        assert left(run) == ["report"]
    finally:
        subprocess.run(["umount", str(place)], check=True)


HANGS = """
import sys, time
from pathlib import Path
from stresstest.report import page
from stresstest.cli import main

def hang(*_arguments):
    Path(sys.argv[2]).touch()
    time.sleep(600)

page.render = lambda _book: "a new page"
page.write_gaming = hang
main(["report", sys.argv[1]])
"""


@pytest.mark.skipif(os.name == "nt", reason="no such signal")
def test_a_render_that_is_killed_leaves_the_earlier_report(run, tmp_path, monkeypatch):
    """Killed half-way without a chance to tidy up, the earlier report stands; the next report clears what is left."""
    before = old_report(run)
    mark = tmp_path / "writing"
    package = str(Path(page.__file__).resolve().parents[2])
    process = subprocess.Popen([sys.executable, "-c", HANGS, str(run), str(mark)], env={**os.environ, "PYTHONPATH": package})
    try:
        patience = time.monotonic() + 60
        while not mark.exists() and time.monotonic() < patience and process.poll() is None:
            time.sleep(0.02)
        assert mark.exists()
        assert (run / f".report.{process.pid}.new").is_dir()
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (run / "report" / "index.html").read_bytes() == before
    quick(monkeypatch)
    assert main(["report", str(run)]) == 0
    assert left(run) == ["report"]
    assert (run / "report" / "index.html").read_text(encoding="utf-8") == "a page"
