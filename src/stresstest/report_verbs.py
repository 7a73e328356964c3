"""The verbs report and review-pack: from options to an exit code."""

from __future__ import annotations

from pathlib import Path

from .errors import ConfigError, nearest


def report(folder: Path, formats: str, checkpoint: str = "", assurance: Path | None = None) -> int:
    """Write the report of a finished run; print its path."""
    from .report import build_report

    for name in formats.split(","):
        if name != "html":
            raise ConfigError("this format is not made yet", key="--format", value=name, expected="html",
                              nearest=nearest(name, ["html"]))  # fmt: skip
    print(build_report(folder, checkpoint, assurance))
    return 0


def review_pack(folder: Path, out: Path | None, checkpoint: str = "") -> int:
    """Write the review pack of a run."""
    raise ConfigError("not made yet", key="review-pack")
