"""The verbs report and review-pack: from options to an exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .errors import BackendError, DataError

VERSION = "manifest_version"


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

    require_known_version(folder)
    try:
        return build_report(folder, checkpoint, assurance, names)
    except OSError as error:
        raise _refused(error, Path(folder)) from error


def _refused(error: OSError, place: Path) -> BackendError:
    """The disk is full or refuses: what stood there before still stands."""
    return BackendError("This could not be written; what stood there before is untouched. Make room and try again.",
                        file=place, value=error.strerror or str(error))  # fmt: skip


def _beside(folder: Path, names: tuple[str, ...]) -> list[Path]:
    """Files of the formats beside the page, those that were made."""
    files = {"xlsx": ("results.xlsx",), "pdf": ("report.pdf",), "slide": ("summary.svg", "summary.png")}
    return [folder / file for name in names for file in files.get(name, ()) if (folder / file).is_file()]


def require_known_version(folder: Path) -> None:
    """Refuse a run whose papers are of another version, and say how to get it back. A folder that is no run passes on.

    Errors: DataError naming the version that made it, the command that runs it again, and the release that reads it.
    """
    from .results.manifest import MANIFEST, MANIFEST_VERSION

    path = Path(folder) / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        version = manifest[VERSION]
    except (OSError, ValueError, KeyError, TypeError):
        return  # the reader of runs says what is wrong
    if version != MANIFEST_VERSION:
        raise DataError("This run was made by another version of the program, which laid out its tables in another way.",
                        file=path, key=VERSION, value=version, expected=_way_back(manifest, MANIFEST_VERSION))  # fmt: skip


def _way_back(manifest: dict[str, Any], known: int) -> str:
    provenance, study = manifest.get("provenance"), manifest.get("study")
    made = provenance.get("stresstest") if isinstance(provenance, dict) else None
    name = study.get("name") if isinstance(study, dict) else None
    futures = manifest.get("futures")
    first = next(iter(futures.values()), None) if isinstance(futures, dict) else None
    again = f"stresstest run {name or 'STUDY'}" + (f" --futures {first}" if first else "")
    again += f" --seed {manifest['seed']}" if "seed" in manifest else ""
    reader = f"or report it with stresstest {made}, which made it" if made else "or report it with the version that made it"
    return f"{known}: run the study again ({again}), {reader}"
