"""The cache on disk can never serve an old rule, and does serve the one that has not changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import stresstest

pytestmark = pytest.mark.kernel

PACKAGE = Path(stresstest.__file__).resolve().parent
# A kernel of its own file, so that only the folder's name can tell that the rule in the other file has changed.
PROBE = '''"""One small kernel that calls a rule of another file."""

import numpy as np

from ._jit import CACHE_FOLDER, kernel
from .terms.gain_loss_share import shared_amount


@kernel
def probe(gap, row):
    """Share of a gap."""
    return shared_amount(gap, 100.0, 1.0, row)


def main():
    """Print what the rule gives, the cache's folder, and whether the compiled kernel was found there."""
    row = np.zeros(48)
    row[2] = row[3] = 0.5
    value = probe(8.0, row)
    print(value, CACHE_FOLDER.name, sum(probe.stats.cache_hits.values()), sum(probe.stats.cache_misses.values()))
'''
RULE = "terms/gain_loss_share.py"
OLD, NEW = "else row[GAIN] * x", "else 2.0 * row[GAIN] * x"


@pytest.fixture
def copied(tmp_path):
    """A copy of the package with the probe in it, and a cache folder of its own."""
    shutil.copytree(PACKAGE, tmp_path / "stresstest", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "stresstest" / "probe.py").write_text(PROBE, encoding="utf-8")
    return tmp_path


def run(folder, digest=""):
    """(value, cache folder, hits, misses) of one fresh process."""
    env = {
        **os.environ,
        "PYTHONPATH": str(folder),
        "NUMBA_CACHE_DIR": str(folder / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    code = f"{digest}\nfrom stresstest.probe import main; main()"
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    value, name, hits, misses = done.stdout.split()
    return float(value), name, int(hits), int(misses)


def indexes(folder):
    """Index and code files of the cache."""
    return sorted((p.relative_to(folder), p.stat().st_mtime_ns) for p in (folder / "cache").rglob("*.nb[ic]"))


def edit(folder):
    """Double the share in the rule's file, and keep its length of lines otherwise."""
    path = folder / "stresstest" / RULE
    text = path.read_text(encoding="utf-8")
    assert text.count(OLD) == 1
    path.write_text(text.replace(OLD, NEW), encoding="utf-8")


def test_an_edited_rule_is_compiled_again(copied):
    """After the edit the kernel in the other file gives the new rule's result, from another folder."""
    before = run(copied)
    assert before[0] == 4.0
    assert before[3] == 1
    edit(copied)
    after = run(copied)
    assert after[0] == 8.0
    assert after[1] != before[1]
    assert after[2] == 0


def test_unchanged_sources_find_their_kernel(copied):
    """The second run of the same sources reads the compiled kernel and writes nothing."""
    first = run(copied)
    held = indexes(copied)
    assert held
    second = run(copied)
    assert second == (first[0], first[1], 1, 0)
    assert indexes(copied) == held


def test_the_danger_is_real(copied):
    """Without the digest in the folder's name the old rule would be served: the reason for _jit's cache folder."""
    jit = copied / "stresstest" / "_jit.py"
    text = jit.read_text(encoding="utf-8")
    assert text.count('f"src-{RULES_DIGEST[:24]}"') == 1
    jit.write_text(text.replace('f"src-{RULES_DIGEST[:24]}"', '"src-fixed"'), encoding="utf-8")
    assert run(copied)[0] == 4.0
    edit(copied)
    assert run(copied)[0] == 4.0


def test_old_folders_are_forgotten_and_recent_ones_kept(copied):
    """A digest folder untouched for a fortnight is removed, one of yesterday is kept."""
    import time

    cache = copied / "cache"
    for name, days in (("src-old", 20), ("src-recent", 1), ("other", 20)):
        (cache / name).mkdir(parents=True)
        then = time.time() - days * 24 * 3600
        os.utime(cache / name, (then, then))
    run(copied)
    left = {path.name for path in cache.iterdir()}
    assert "src-old" not in left
    assert {"src-recent", "other"} < left


def test_without_a_folder_nothing_old_is_served(copied):
    """Where the cache cannot be written, code beside the source is neither read nor made: it is compiled anew, and said so."""
    beside = copied / "stresstest" / "__pycache__"
    code = "from stresstest.probe import main; main()"

    def alone():
        (copied / "file").write_text("no folder")
        env = {**os.environ, "PYTHONPATH": str(copied), "NUMBA_CACHE_DIR": str(copied / "file"), "PYTHONDONTWRITEBYTECODE": "1",
               "XDG_CACHE_HOME": str(copied / "file" / "cache"), "TMPDIR": str(copied / "temporary")}  # fmt: skip
        (copied / "temporary").mkdir(exist_ok=True)
        return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, cwd=copied)

    first = alone()
    assert first.returncode == 0, first.stderr
    assert "cannot be kept" in first.stderr
    assert first.stdout.split()[0] == "4.0"
    edit(copied)
    assert alone().stdout.split()[0] == "8.0"
    assert not list(beside.glob("*.nb*"))
    assert not list((copied / "temporary").iterdir())
