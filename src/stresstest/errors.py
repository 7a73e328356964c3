"""The one family of errors, each with a place, a remedy and an exit code.

Every error that a user can cause names the file, the key, the value found, what was expected and, where there is
one, the nearest right answer. The command line prints `str(error)` and exits with `error.exit_code`.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

_UNSET = object()


LONGEST = 300


def _shown(value: Any) -> str:
    """The value as it is written, cut where it is long; what cannot be written is named by its kind."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        return f"a {type(value).__name__} too large to print"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


class StressTestError(Exception):
    """Base of all our errors.

    Arguments: `message` one sentence; `file` the file at fault; `key` the dotted key or column in it; `value` what was
    found there; `expected` what would be right; `nearest` the most similar right answer.
    """

    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        file: object = None,
        key: str | None = None,
        value: Any = _UNSET,
        expected: str | None = None,
        nearest: str | None = None,
    ) -> None:
        self.message, self.file, self.key = message, file, key
        self.value = None if value is _UNSET else value
        self.expected, self.nearest = expected, nearest
        lines = [message]
        if file is not None:
            lines.append(f"  file:     {file}")
        if key is not None:
            lines.append(f"  key:      {key}")
        if value is not _UNSET and value is not None:
            lines.append(f"  value:    {_shown(value)}")
        if expected is not None:
            lines.append(f"  expected: {expected}")
        if nearest is not None:
            lines.append(f"  did you mean: {nearest}")
        super().__init__("\n".join(lines))


class ConfigError(StressTestError):
    """A configuration file or a command-line option is wrong (exit code 2)."""

    exit_code = 2


class ContractError(ConfigError):
    """A contract cannot be compiled (exit code 2)."""


class DataError(StressTestError):
    """A data table is missing, altered or holds a bad number (exit code 3)."""

    exit_code = 3


class ReproductionError(StressTestError):
    """A recomputed result differs from the stored one (exit code 4)."""

    exit_code = 4


class BackendError(StressTestError):
    """A worker or back-end failed (exit code 5)."""

    exit_code = 5


class RunError(StressTestError):
    """The simulation produced a number that cannot be right (exit code 1)."""


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The member of `words` most like `word`, or None when nothing is close."""
    found = get_close_matches(str(word), [str(w) for w in words], n=1, cutoff=0.5)
    return found[0] if found else None
