#!/usr/bin/env python3
"""Start here: ``python3 run.py`` does the main job, ``python3 run.py test`` runs the whole test-suite.

Anything else is handed to the ``stresstest`` program: ``run.py VERB`` is ``stresstest VERB``. If what is needed can
be imported already, nothing is installed; otherwise it all goes into ``.venv`` beside this file, once.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "stresstest-install.stamp"
RESTARTED = "STRESSTEST_RUN_RESTARTED"  # set only for the hand-over to .venv, so that it cannot go round for ever
NEEDED = ("stresstest", "numba", "pandas", "pyarrow", "tomli_w", "xlsxwriter")
NEEDED_TO_TEST = (*NEEDED, "pytest", "hypothesis", "openpyxl", "sphinx", "furo", "myst_parser")

VENV_ADVICE = "If Python's venv or pip is missing (Debian, Ubuntu): sudo apt install python3-venv, then try again."
PIP_ADVICE = """Check the network or the package index and try again. To choose the versions yourself, run
pip install -e '.[test]' in an environment of your own and start run.py with the Python of that environment."""


class StopError(Exception):
    """Nothing more can be done; the message tells the reader in plain words what to do."""


def missing(names: tuple[str, ...]) -> list[str]:
    """Those of ``names`` that this interpreter cannot import (a folder without code in it does not count)."""
    specs = {name: importlib.util.find_spec(name) for name in names}
    return [name for name, spec in specs.items() if spec is None or spec.origin is None]


def stamp() -> str:
    """What a complete install answers to: the Python series, the two dependency files and this folder."""
    parts = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    return hashlib.sha256(repr([sys.version_info[:2], str(ROOT), *parts]).encode()).hexdigest()


def installed() -> bool:
    """True if ``.venv`` holds a finished install of exactly what is asked for now."""
    return VENV_PYTHON.exists() and STAMP.exists() and STAMP.read_text(encoding="utf-8") == stamp()


def step(command: list[str], advice: str) -> None:
    """Run one step of the install quietly; if it fails, stop with its last lines and ``advice``."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        lines = done.stdout.decode(errors="replace").strip().splitlines()[-12:]
        raise StopError("\n".join([*lines, "The install did not finish.", advice]))


def install() -> None:
    """Install the project and its tests into ``.venv``; the stamp comes last, so a killed install is redone."""
    print("Installing into .venv beside run.py: a minute or two, once, from your package index.", file=sys.stderr)
    clear = ["--clear"] if STAMP.exists() else []  # an outdated install of ours; an environment of yours is kept
    step([sys.executable, "-m", "venv", *clear, str(VENV)], VENV_ADVICE)
    pip = [str(VENV_PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    step([*pip, "install", "--quiet", "-e", ".[test]", "-c", "constraints.txt"], PIP_ADVICE)
    STAMP.write_text(stamp(), encoding="utf-8")


def restart(arguments: list[str]) -> int:
    """Start this file again with ``.venv``'s interpreter: as a child on Windows, elsewhere in this one's place."""
    command = [str(VENV_PYTHON), str(ROOT / "run.py"), *arguments]
    os.environ[RESTARTED] = "1"
    if os.name == "nt":
        return subprocess.call(command)
    return os.execv(command[0], command)


def package_folder() -> Path:
    """Where the package comes from that ``import stresstest`` would find."""
    return Path(importlib.util.find_spec("stresstest").origin).resolve().parent


def test(arguments: list[str]) -> int:
    """Run the tests: with arguments just as pytest is told, without any on all processors, the kernels compiled once before."""
    if not arguments and (os.cpu_count() or 1) > 1 and not missing(("xdist",)):
        subprocess.call([sys.executable, "-m", "stresstest", "warm"], cwd=ROOT, stdout=subprocess.DEVNULL)
        arguments = ["-n", "auto", "--dist", "loadfile"]
    return subprocess.call([sys.executable, "-m", "pytest", *arguments], cwd=ROOT)


def work(arguments: list[str]) -> int:
    """Do what was asked for with the running interpreter and return the exit code."""
    if ROOT not in package_folder().parents:
        print(f"Note: this runs the stresstest in {package_folder()}, not the one beside run.py.", file=sys.stderr)
    if arguments[:1] == ["test"]:
        return test(arguments[1:])
    from stresstest.cli import main as program

    return program(arguments)


def main(arguments: list[str], version: tuple[int, ...] = sys.version_info[:3]) -> int:
    """Refuse an old Python, install if need be, do the job; return the exit code."""
    restarted = os.environ.pop(RESTARTED, None)
    try:
        if version < (3, 11):
            raise StopError(f"stresstest needs Python 3.11 or newer; this is {'.'.join(map(str, version))}.")
        absent = missing(NEEDED_TO_TEST if arguments[:1] == ["test"] else NEEDED)
        if not absent:
            return work(arguments)
        if restarted:
            raise StopError(f".venv is incomplete ({', '.join(absent)}): delete that folder and try again.")
        if not installed():
            install()
        return restart(arguments)
    except StopError as stop:
        print(stop, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
