"""What a verb loads before it does anything: start-up is libraries, so each verb loads those alone that it needs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import stresstest

pytestmark = pytest.mark.integration

ROOT = Path(stresstest.__file__).resolve().parents[2]
HEAVY = ("pandas", "pyarrow", "matplotlib", "joblib", "jinja2", "dask", "fsspec", "scipy.linalg", "scipy.stats", "sklearn")
CODE = """
import contextlib, io, sys
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), contextlib.suppress(SystemExit):
    from stresstest.cli import main
    main(sys.argv[2:])
print(*[name for name in sys.argv[1].split(",") if name in sys.modules])
"""


def loaded(heavy: tuple[str, ...], *words: str) -> list[str]:
    """Which of these libraries `stresstest WORDS` loads."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", CODE, ",".join(heavy), *words]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=True)
    return done.stdout.split()


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["--version"]])
def test_help_loads_no_library(words):
    """Help is there before numpy could be loaded."""
    assert loaded((*HEAVY, "numpy", "numba"), *words) == []


@pytest.mark.parametrize("words", [["check", "dudley"], ["check", "dudley-5.5bn"], ["places", "dudley"], ["schema"]])
def test_verbs_that_read_files_load_no_tables_and_no_figures(words):
    """Checking needs neither tables on disk nor pictures nor statistics."""
    assert loaded(HEAVY, *words) == []


def test_the_list_finds_what_is_loaded():
    """The check above can fail: a verb that writes a table is seen to load its library."""
    assert loaded(("numpy",), "check", "dudley") == ["numpy"]
