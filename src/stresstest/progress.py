"""How far a job is, in plain words on stderr: rate, share done and time to go, from the pieces that are finished.

On a terminal one line is rewritten; elsewhere a line is printed at most every ten seconds. No colour is used, so that
NO_COLOR is always honoured.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TextIO

TERMINAL_SECONDS, PLAIN_SECONDS = 0.2, 10.0


class Progress:
    """Counts finished pieces of a job.

    Arguments: `quiet` says nothing at all; `stream` where to write, stderr when not given; `unit` what is counted.
    """

    def __init__(self, quiet: bool = False, stream: TextIO | None = None, unit: str = "futures") -> None:
        self._stream, self._quiet, self._unit = stream or sys.stderr, quiet, unit
        terminal = getattr(self._stream, "isatty", lambda: False)()
        self._rewrites = terminal and os.environ.get("TERM") != "dumb"
        self._total = self._done = self._before = 0
        self._began = self._said = time.monotonic()
        self._shown = 0

    def start(self, total: int, already: int = 0) -> None:
        """Begin a job of `total` units, of which `already` were finished by an earlier run."""
        self._total, self._done, self._before = total, already, already
        self._began = self._said = time.monotonic()

    def advance(self, units: int) -> None:
        """Count `units` more as finished."""
        self._done += units
        pause = TERMINAL_SECONDS if self._rewrites else PLAIN_SECONDS
        if time.monotonic() - self._said >= pause:
            self._said = time.monotonic()
            self._show(self.sentence())

    def note(self, text: str) -> None:
        """Print a line of its own."""
        if not self._quiet:
            self._clear()
            print(text, file=self._stream, flush=True)

    def finish(self) -> None:
        """Print the final count."""
        seconds = time.monotonic() - self._began
        self.note(f"{self._done:,} {self._unit} in {_duration(seconds)} ({self._rate():,.0f} a second)")

    def stop(self) -> None:
        """Leave the terminal tidy when the job ends early."""
        self._clear()

    def sentence(self) -> str:
        """12,000 of 200,000 futures, 6%, 85,000 a second, 2 s to go."""
        rate = self._rate()
        text = f"{self._done:,} of {self._total:,} {self._unit}, {100 * self._done // max(1, self._total)}%"
        if rate <= 0.0:
            return text
        return f"{text}, {rate:,.0f} a second, {_duration((self._total - self._done) / rate)} to go"

    def _rate(self) -> float:
        """Units finished per second since the start; what an earlier run did is not counted."""
        return (self._done - self._before) / max(1e-9, time.monotonic() - self._began)

    def _show(self, text: str) -> None:
        if self._quiet:
            return
        if self._rewrites:
            print("\r" + text.ljust(self._shown), end="", file=self._stream, flush=True)
            self._shown = len(text)
        else:
            print(text, file=self._stream, flush=True)

    def _clear(self) -> None:
        if self._rewrites and self._shown and not self._quiet:
            print("\r" + " " * self._shown + "\r", end="", file=self._stream, flush=True)
        self._shown = 0


def _duration(seconds: float) -> str:
    """4 s, 2 min 5 s, 1 h 10 min."""
    whole = int(seconds + 0.5)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
