"""The verb changes: from options to an exit code."""

from __future__ import annotations

from pathlib import Path

from .errors import ConfigError


def changes(earlier: Path, folder: Path, out: Path | None, as_json: bool) -> int:
    """Say what changed between two runs."""
    raise ConfigError("not made yet", key="changes")
