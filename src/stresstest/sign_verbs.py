"""The verb sign: from options to an exit code."""

from __future__ import annotations

from pathlib import Path

from .errors import ConfigError


def sign(folder: Path, role: str, name: str, organisation: str, statement: str, date: str) -> int:
    """Record a role or a signature in a run's assurance record."""
    raise ConfigError("not made yet", key="sign")
