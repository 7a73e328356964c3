"""Compiling: decorators, the rule switch, and a disk cache that can never serve an old rule.

numba's own cache notices changes only in the file of the cached function, so a kernel that calls a rule from another
file would go on using the old rule after an edit (numba issue 1833). The cache folder is therefore named by a digest of
every source file that a compiled function can reach (RULES) and of the versions that compile it: another source, another
folder. What is compiled stands in those folders and nowhere else, and they import nothing from outside them; a test checks
both (tests/test_architecture.py). SOURCE_DIGEST, which a run is known by, covers the whole package.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llvmlite
import numba
import numpy as np

from ._link import linked_kernel, linked_rule

Array = np.ndarray

_PACKAGE = Path(__file__).resolve().parent
_KEEP_SECONDS = 14 * 24 * 3600


#: Folders and files that hold compiled functions, and all that these import.
RULES = (
    "futures", "sampling", "drivers", "terms", "levers", "kernel", "_jit.py", "_link.py", "_lanes.py", "_lane_types.py",
    "_lane_views.py", "_single.py", "errors.py", "units.py", "layout.py", "__init__.py",
)  # fmt: skip


def source_digest(folder: Path = _PACKAGE, parts: tuple[str, ...] = ()) -> str:
    """sha256 over name and bytes of every .py file below `folder` (of these parts, where given) and the compiler's versions."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        if parts and path.relative_to(folder).parts[0] not in parts:
            continue
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for version in (numba.__version__, llvmlite.__version__, platform.python_version()):
        digest.update(version.encode() + b"\0")
    return digest.hexdigest()


def _cache_base() -> Path:
    """Where compiled kernels live: NUMBA_CACHE_DIR, else the user's cache folder, else a temporary folder."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    bases = ([Path(chosen)] if chosen else []) + [Path(home) / "stresstest" / "numba"]
    return next((base for base in bases if _takes_files(base)), bases[0])


def _takes_files(folder: Path) -> bool:
    """Whether files can be made in `folder`, which is made where it is missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _cache_folder(folder: Path) -> Path:
    """The folder that is wanted. Where nothing can be kept in it, a fresh one that goes with the process, and a word on it.

    numba would else look for compiled code beside the source, where that of an older rule may lie.
    """
    if _takes_files(folder):
        return folder
    own = Path(tempfile.mkdtemp(prefix="stresstest-numba-"))
    atexit.register(shutil.rmtree, own, ignore_errors=True)
    print(f"compiled code cannot be kept in {folder}: this command compiles for itself (half a minute)", file=sys.stderr)
    return own


def _forget_old(base: Path, current: str) -> None:
    """Remove the digest folders that nothing has touched for a fortnight."""
    for folder in base.glob("src-*"):
        try:
            if folder.name != current and time.time() - folder.stat().st_mtime > _KEEP_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue


SOURCE_DIGEST = source_digest()
RULES_DIGEST = source_digest(parts=RULES)
CACHE_WANTED = _cache_base() / f"src-{RULES_DIGEST[:24]}"
CACHE_FOLDER = _cache_folder(CACHE_WANTED)
numba.config.CACHE_DIR = str(CACHE_FOLDER)
try:
    os.utime(CACHE_FOLDER)
    _forget_old(CACHE_FOLDER.parent, CACHE_FOLDER.name)
except OSError:
    # What cannot be tidied up stays.
    pass

COMPILED = not bool(numba.config.DISABLE_JIT)


def rule(function: Callable[..., Any]) -> Any:
    """Compile a small pure function that kernels call.

    Never `fastmath`: the compiler may not suppose that there is no NaN. min, max and pick do what Python does with one: a
    comparison with a NaN is false, so that where a NaN must show, the rule must be written so that it does (see `clip`).
    """
    return linked_rule(function)


def kernel(function: Callable[..., Any]) -> Any:
    """Compile an entry point: cached on disk, and free of the interpreter lock so that threads run side by side."""
    return linked_kernel(function)


def _named(function: Callable[..., Any], name: str) -> Any:
    """Compile a link of a switch under a name of its own.

    numba tells functions of one name apart only by a counter of the process. Kernels cached by two processes would then
    share symbols, and whichever was loaded first would answer for both (numba issue 10486): a wrong number, silently.
    """
    if name in _NAMES:
        raise ValueError(f"two switches are named {name}")
    _NAMES.add(name)
    function.__name__ = function.__qualname__ = name
    return rule(function)


_NAMES: set[str] = set()


def switch_amount(arms: tuple[Any, ...], name: str) -> Any:
    """One function that runs arm number `kind` over n groups of futures: out[i] = arm(row, record, memory, i).

    The choice is made once per block and not once per future, so a register of rules costs as little as one rule.
    `name` must be this switch's own.
    """

    def run_of(arm: Any) -> Any:
        def run(kind: int, row: Array, d: Array, memory: Array, out: Array, n: int) -> None:
            for i in range(n):
                out[i] = arm(row, d, memory, i)

        return run

    return _switch([run_of(arm) for arm in arms], name, "kind, row, d, memory, out, n")


def switch_action(arms: tuple[Any, ...], name: str) -> Any:
    """One function that runs lever number `kind` over a block: arm(x, t, row, goal, edge, d, s, p, i) for each future.

    `name` must be this switch's own.
    """

    def run_of(arm: Any) -> Any:
        def run(
            kind: int, x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, n: int
        ) -> None:
            for i in range(n):
                arm(x, t, row, goal, edge, d, s, p, i)

        return run

    return _switch([run_of(arm) for arm in arms], name, "kind, x, t, row, goal, edge, d, s, p, n")


def _switch(runs: list[Any], name: str, arguments: str) -> Any:
    """One function that hands `arguments` to run number `kind`.

    It is one flat list of cases, written out here: nested links would be compiled anew at every level above them.
    """
    links = {f"{name}_{k}": _named(run, f"{name}_{k}") for k, run in enumerate(runs)}
    cases = "".join(f"    if kind == {k}:\n        {link}({arguments})\n" for k, link in enumerate(links))
    space: dict[str, Any] = dict(links)
    exec(f"def {name}({arguments}):\n{cases}", space)
    return _named(space[name], name)
