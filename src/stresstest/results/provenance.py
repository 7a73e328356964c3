"""Where a run comes from: its name, and the code, libraries and machine that made it. Never a path of the machine."""

from __future__ import annotations

import copy
import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from .. import __version__
from .._jit import SOURCE_DIGEST

LIBRARIES = ("numpy", "numba", "llvmlite", "pandas", "pyarrow", "scipy", "joblib", "dask", "distributed")
_PACKAGE = Path(__file__).resolve().parents[1]


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def run_id(name: str, inputs_hash: str, when: datetime) -> str:
    """Date first, then the study, then six hex digits of the inputs hash: 20261121T204501Z_dudley_3f9a1c."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower() or "study"
    return f"{when:%Y%m%dT%H%M%SZ}_{plain}_{inputs_hash[:6]}"


def version_of(library: str) -> str | None:
    """The installed version of a library, or None."""
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return None


def git_state(folder: Path = _PACKAGE) -> dict[str, Any] | None:
    """Commit and dirty flag when `folder` is src/stresstest of a git checkout; None otherwise, or without git."""
    top = _git(folder, "rev-parse", "--show-toplevel")
    if top is None or (Path(top) / "src" / "stresstest").resolve() != folder:
        return None
    changes = _git(folder, "status", "--porcelain")
    return {"commit": _git(folder, "rev-parse", "--verify", "HEAD"), "dirty": changes is None or changes != ""}


def _git(folder: Path, *arguments: str) -> str | None:
    """What git says, or None when it cannot say it."""
    command = ["git", "-C", str(folder), *arguments]
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True, env=environment)
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return done.stdout.strip()


def processor() -> str:
    """The processor's name: results are equal bit for bit on one kind of processor, and nearly so on others."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def usable_processors() -> int:
    """Number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def _made_with() -> dict[str, Any]:
    """What stays the same while a process lives, so that a batch asks git and the package index once."""
    libraries = {name: version for name in LIBRARIES if (version := version_of(name)) is not None}
    return {
        "stresstest": __version__,
        "source_digest": SOURCE_DIGEST,
        "git": git_state(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": f"{platform.system()} {platform.machine()}",
        "processor": processor(),
        "processors": usable_processors(),
        "libraries": libraries,
    }


def provenance() -> dict[str, Any]:
    """Code, libraries and machine, for the manifest."""
    return copy.deepcopy(_made_with())
