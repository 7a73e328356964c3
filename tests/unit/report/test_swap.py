"""Folders that take their place in one step, and tables that no spreadsheet takes for formulas."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from stresstest.report import swap
from stresstest.report.papers import TEXT, Column, paper
from stresstest.report.swap import made_beside, take_place, tidy

pytestmark = pytest.mark.unit


def make(place, words):
    """Put a folder with one file into a place."""
    with made_beside(place) as fresh:
        fresh.mkdir()
        (fresh / "a").write_text(words, encoding="utf-8")


def test_a_folder_takes_its_place_and_nothing_is_left(tmp_path):
    """A new folder replaces the old one; nothing stands beside it."""
    place = tmp_path / "report"
    for words in ("first", "second"):
        make(place, words)
        assert (place / "a").read_text(encoding="utf-8") == words
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_a_failure_leaves_the_old_folder(tmp_path):
    """What fails half-way leaves the earlier folder and nothing else."""
    place = tmp_path / "report"
    make(place, "first")

    def fail(fresh):
        fresh.mkdir()
        raise ValueError("half-way")

    with pytest.raises(ValueError, match="half"), made_beside(place) as fresh:
        fail(fresh)
    assert (place / "a").read_text(encoding="utf-8") == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_many_at_once_all_succeed(tmp_path):
    """Makers that take the same place at the same time do not fail, and one of them stands whole."""
    place = tmp_path / "report"

    def take(number):
        for turn in range(20):
            new, old = tmp_path / f"{number}.{turn}.new", tmp_path / f"{number}.{turn}.old"
            new.mkdir()
            (new / "a").write_text(f"{number}", encoding="utf-8")
            take_place(new, place, old)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(take, range(4)))
    assert (place / "a").read_text(encoding="utf-8") in "0123"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


@pytest.mark.skipif(os.name == "nt", reason="processes cannot be asked after")
def test_what_dead_processes_left_is_cleared(tmp_path, monkeypatch):
    """Leftovers of a process that is no more go, those of a living one stay, and a report that had made way comes back."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    dead, mine, other = f".report.{done.pid}", f".report.{os.getpid()}.new", ".report.notes.new"
    for name in (f"{dead}.new", f"{dead}.old", mine, other):
        (tmp_path / name).mkdir()
    (tmp_path / f"{dead}.old" / "a").write_text("earlier", encoding="utf-8")
    tidy(tmp_path / "report")
    assert {path.name for path in tmp_path.iterdir()} == {"report", mine, other}
    assert (tmp_path / "report" / "a").read_text(encoding="utf-8") == "earlier"
    monkeypatch.setattr(swap, "_alive", lambda _process: False)
    tidy(tmp_path / "report")
    assert {path.name for path in tmp_path.iterdir()} == {"report", other}


def test_no_cell_of_a_table_is_taken_for_a_formula(tmp_path: Path) -> None:
    """Texts that begin like a formula stand behind an apostrophe, in the file and in the row that is cited; numbers do not."""
    texts = ["=1+1", "+44", "-0.5", "-x", "@sum", "−3", "plain", "-3%"]
    one = paper("odd", "Odd", [Column("a", "A", TEXT, "texts")], [{"a": text} for text in texts])
    assert [row["a"] for row in one.rows] == ["'=1+1", "+44", "-0.5", "'-x", "'@sum", "−3", "plain", "-3%"]
    assert one.csv().splitlines()[1:] == [row["a"] for row in one.rows]
