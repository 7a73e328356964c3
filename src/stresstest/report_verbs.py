"""The verbs report and review-pack: from options to an exit code."""

from __future__ import annotations

import errno
from pathlib import Path

from .errors import BackendError

#: What to do about a refusal of the system, by its number.
REMEDIES = {
    errno.ENOSPC: "Make room and try again", errno.EDQUOT: "Make room and try again",
    errno.EACCES: "Ask for the right to write there", errno.EPERM: "Ask for the right to write there",
    errno.EROFS: "Copy the run to a place that can be written to",
    errno.ENOENT: "A file went while it was needed: let no other command work on the run, and try again",
}  # fmt: skip


def report(folder: Path, formats: str, checkpoint: str = "", assurance: Path | None = None) -> int:
    """Write the report of a finished run in the formats named; print the path of the page, then of each other file."""
    from .report.formats import chosen

    names = chosen(formats)
    page = _build(folder, names, checkpoint, assurance)
    for path in (page, *_beside(page.parent, names)):
        print(path)
    return 0


def review_pack(folder: Path, out: Path | None, checkpoint: str = "", formats: str = "xlsx,slide") -> int:
    """Write the report of a run anew, and all that a reviewer needs of it as one zip, which is read back; print its path.

    A PDF that stands in the report is made anew with it.
    """
    from .report.formats import PDF, chosen
    from .report.formats.pack import require_target, write_pack
    from .report.page import REPORT

    names = chosen(formats)
    target = require_target(Path(folder), out)
    if PDF not in names and (Path(folder) / REPORT / "report.pdf").is_file():
        names = chosen(f"{formats},{PDF}")
    _build(folder, names, checkpoint, None)
    try:
        print(write_pack(folder, target))
    except OSError as error:
        raise _refused(error, target) from error
    return 0


def _build(folder: Path, names: tuple[str, ...], checkpoint: str, assurance: Path | None) -> Path:
    from .report import build_report

    try:
        return build_report(folder, checkpoint, assurance, names)
    except OSError as error:
        raise _refused(error, Path(folder)) from error


def _refused(error: OSError, place: Path) -> BackendError:
    """The disk is full, refuses, or lost a file on the way: what stood there before still stands."""
    remedy = REMEDIES.get(error.errno or 0, "Try again")
    return BackendError(f"This could not be written; what stood there before is untouched. {remedy}.",
                        file=error.filename or place, value=error.strerror or str(error))  # fmt: skip


def _beside(folder: Path, names: tuple[str, ...]) -> list[Path]:
    """Files of the formats beside the page, those that were made."""
    files = {"xlsx": ("results.xlsx",), "pdf": ("report.pdf",), "slide": ("summary.svg", "summary.png")}
    return [folder / file for name in names for file in files.get(name, ()) if (folder / file).is_file()]
