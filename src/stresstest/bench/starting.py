"""Start-up: whole commands as a user types them, in processes of their own, beside a Python that does nothing.

They are measured in their processor time, which other programs hardly change; the wall clock's seconds are noted beside it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import BackendError
from .children import environment
from .timing import quantile

SMALL = ("futures=200", "years_futures=50")


def clock() -> float:
    """Processor seconds of all processes that this one has started and that have ended; the wall clock's where nobody counts."""
    try:
        from resource import RUSAGE_CHILDREN, getrusage
    except ImportError:  # Windows
        return time.perf_counter()
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Command:
    """A command to be timed: `python WORDS`. `walls` are the seconds of each time that it ran."""

    def __init__(self, *words: str) -> None:
        self.words, self.walls = words, [0.0][:0]

    def __call__(self) -> None:
        """Run it. Errors: BackendError when it fails."""
        began = time.perf_counter()
        done = subprocess.run([sys.executable, *self.words], capture_output=True, text=True, env=environment(), check=False)
        self.walls.append(time.perf_counter() - began)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise BackendError("A command that is to be timed failed.", key=" ".join(self.words), value=last,
                               expected="exit code 0")  # fmt: skip

    @property
    def seconds(self) -> float:
        """Median seconds by the wall clock, without the first two times, which warm up."""
        return round(quantile(self.walls[2:] or self.walls, 0.5), 3)


def empty() -> Command:
    """`python -c pass`."""
    return Command("-c", "pass")


def command(*words: str) -> Command:
    """`python -m stresstest …`."""
    return Command("-m", "stresstest", *words)


@contextmanager
def small_run() -> Iterator[Command]:
    """`stresstest run dudley` with few futures, into a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        changes = [word for change in SMALL for word in ("--set", change)]
        yield command("run", "dudley", *changes, "--quiet", "--out", folder)
