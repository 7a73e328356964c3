"""Measurements in a fresh process of their own: nothing that this process has loaded, compiled or laid out in memory tells."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from ..errors import BackendError

PACKAGE = Path(__file__).resolve().parents[1]
SECONDS = 900


def environment() -> dict[str, str]:
    """This process's environment, with this package's folder first on Python's path."""
    path = [str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path)}


def ask(what: str, *arguments: object, before: tuple[str, ...] = (), more: dict[str, str] | None = None) -> Any:
    """What a fresh process answers: "rules" (part of a name, visits), "count" (part of a name) or "compiled".

    `before` is the command that runs Python, and `more` joins the environment. Errors: BackendError.
    """
    command = [*before, sys.executable, "-m", "stresstest.bench.child", what, *map(str, arguments)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=SECONDS, env={**environment(), **(more or {})}
        )
        return json.loads(done.stdout.strip().splitlines()[-1])
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or ["no message"])[-1]
        raise BackendError("A measurement in a process of its own failed.", key=what, value=last,
                           expected="the same command to work: " + " ".join(command[1:])) from error  # fmt: skip
    except (subprocess.TimeoutExpired, ValueError, IndexError) as error:
        raise BackendError("A measurement in a process of its own gave no answer.", key=what,
                           expected=f"an answer within {SECONDS} s") from error  # fmt: skip
