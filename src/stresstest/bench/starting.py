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
CHANGES = tuple(word for change in SMALL for word in ("--set", change))


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


class FirstLine(Command):
    """A command that is stopped as soon as it tells a line that begins with `told` on stderr."""

    def __init__(self, told: str, *words: str) -> None:
        super().__init__(*words)
        self.told = told

    def __call__(self) -> None:
        """Run it up to that line. Errors: BackendError where the line does not come."""
        began = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, *self.words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment()
        ) as process:
            heard = any(line.startswith(self.told) for line in process.stderr or ())
            self.walls.append(time.perf_counter() - began)
            process.kill()
        if not heard:
            raise BackendError(
                "A command that is to be timed did not say what it should.", key=" ".join(self.words),
                value=f"exit code {process.returncode}", expected=f"a line that begins with {self.told}",
            )  # fmt: skip


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
        yield command("run", "dudley", *CHANGES, "--quiet", "--out", folder)


@contextmanager
def small_look() -> Iterator[Command]:
    """The same up to its first figures."""
    with tempfile.TemporaryDirectory() as folder:
        yield FirstLine("first look", "-m", "stresstest", "run", "dudley", *CHANGES, "--out", folder)
