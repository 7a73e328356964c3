"""`stresstest warm`: what it compiles, what it says, and that nothing is left to compile."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import stresstest
from stresstest import warm_verbs
from stresstest._jit import CACHE_FOLDER, COMPILED
from stresstest.cli import main
from stresstest.errors import ConfigError

pytestmark = pytest.mark.integration

PACKAGE = Path(stresstest.__file__).resolve().parent
# A study simulated, drawn and resampled, in a process of its own; it prints what it had to compile.
LATER = """
from stresstest import warm_verbs
for kernel, _, work in warm_verbs.kernels(True):
    work()
    made = warm_verbs._counts(kernel)[1]
    if made:
        print(kernel.py_func.__name__, made)
"""
compiled = pytest.mark.skipif(not COMPILED, reason="nothing is compiled in plain Python")


def _kept() -> dict[str, int]:
    """Size of each file in the cache."""
    return {str(path): path.stat().st_size for path in CACHE_FOLDER.rglob("*.nb*")}


def _process(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent), **settings}
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, env=environment, check=False)


def _nodes(kind: type, text: str) -> list[Any]:
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, kind)]


def _called_kernels() -> set[str]:
    """Names of the functions marked as kernels that some module of the package calls; benchmarks have their own."""
    paths = [path for path in PACKAGE.rglob("*.py") if "bench" not in path.parts and path.stem != "warm_verbs"]
    texts = [(path.stem, path.read_text(encoding="utf-8")) for path in paths]
    marked = {
        (stem, node.name) for stem, text in texts if "@kernel" in text for node in _nodes(ast.FunctionDef, text)
        if any(getattr(one, "id", "") == "kernel" for one in node.decorator_list)
    }  # fmt: skip
    called = set()
    for stem, text in texts:
        near = {(home, name) for home, name in marked if f"{name}(" in text}
        if near:
            froms = {(str(n.module).rpartition(".")[2], one.name) for n in _nodes(ast.ImportFrom, text) for one in n.names}
            calls = {getattr(node.func, "id", "") for node in _nodes(ast.Call, text)}
            called |= {name for home, name in near if name in calls and (home == stem or (home, name) in froms)}
    return called


def test_every_kernel_that_is_called_is_warmed():
    """No kernel of the package is left for a later run to compile, so a new one must be added to the list."""
    warmed = {kernel.py_func.__name__ if COMPILED else kernel.__name__ for kernel, _, _ in warm_verbs.kernels(True)}
    assert len(warmed) >= 7
    called = _called_kernels()
    assert {"project", "settle_cases", "uniforms"} <= called <= warmed


def test_designs_that_must_be_asked_for_are_left_to_all():
    """Without --all only the kernels of the default design are compiled."""
    assert {needed for _, needed, _ in warm_verbs.kernels(True)} - {needed for _, needed, _ in warm_verbs.kernels(False)} == {
        "--design sobol", "--design lhs",
    }  # fmt: skip


@compiled
def test_nothing_is_compiled_afterwards(capsys):
    """Each kernel is named with what needs it; a later process finds all of them and leaves the cache as it is."""
    assert main(["warm", "--all"]) == 0
    told = capsys.readouterr().out
    for kernel, needed, _ in warm_verbs.kernels(True):
        assert any(line.startswith(kernel.py_func.__name__) and line.endswith(needed) for line in told.splitlines())
    assert told.splitlines()[-1].endswith(str(CACHE_FOLDER))
    before = _kept()
    assert before
    later = _process("-c", LATER)
    assert (later.returncode, later.stdout) == (0, ""), later.stderr
    assert _kept() == before


@compiled
def test_a_second_time_everything_is_found(capsys):
    """In a process that finds a full cache, warm says "found" of every kernel and compiles none."""
    main(["warm", "--all"])
    capsys.readouterr()
    again = _process("-m", "stresstest", "warm", "--all")
    assert again.returncode == 0
    assert again.stdout.count(" found ") == len(list(warm_verbs.kernels(True)))
    assert "compiled" not in again.stdout


def test_a_folder_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    """Where compiled kernels cannot be kept, the message names the folder and says how to choose another."""
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(ConfigError, match=r"cannot be kept.*(?s:.*)NUMBA_CACHE_DIR=\$HOME/kernels") as caught:
        warm_verbs._require_writable(tmp_path / "file" / "src-1")
    assert str(tmp_path / "file" / "src-1") in str(caught.value)


def test_a_chosen_folder_that_is_not_used_is_refused(tmp_path, capsys, monkeypatch):
    """A NUMBA_CACHE_DIR that cannot be written is told, and not silently replaced by another folder: exit code 2."""
    chosen = tmp_path / "file"
    chosen.write_text("no folder")
    done = _process("-m", "stresstest", "warm", NUMBA_CACHE_DIR=str(chosen), NUMBA_DISABLE_JIT="0")
    assert done.returncode == 2
    assert str(chosen) in done.stderr
    assert "cannot be written" in done.stderr


def test_plain_python_has_nothing_to_compile():
    """With NUMBA_DISABLE_JIT warm says so and ends well."""
    done = _process("-m", "stresstest", "warm", NUMBA_DISABLE_JIT="1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("nothing to compile")


def test_help_teaches(capsys):
    """The help says what the verb is for and what --all adds."""
    with pytest.raises(SystemExit):
        main(["warm", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "compile every kernel now" in told
    assert "sobol and lhs" in told
