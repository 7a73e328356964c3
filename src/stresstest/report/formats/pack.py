"""The review pack: all that a reviewer needs of a run as one zip, with a list of its files that it can be checked against.

The same run, report and libraries give the same bytes. No folder of the machine, user or environment stands in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from ..._jit import SOURCE_DIGEST
from ...errors import ConfigError, DataError
from ...results.manifest import counted, load_manifest
from ..printed import csv_text
from .dependencies import COLUMNS, bill_of_materials, dependencies
from .pack_check import CONTENTS, LISTED, is_pack, verify_pack

TOP = ("manifest.json", "checks.json", "config.effective.toml", "datapackage.json", "run.log", "assurance.toml")
FOLDERS = ("report", "summary", "advice", "changes")
#: Endings of files that the pack leaves in the run folder: each has its twin as CSV.
LEFT = (".parquet",)
NOT_BEFORE = datetime(1980, 1, 1)
LEVEL = 6
#: A text from here on is words and no path.
LONGEST_PLACE = 1000
PACKAGE = Path(__file__).resolve().parents[2]
#: The register of evidence, which stands in the documentation and not in an installed package.
EVIDENCE = PACKAGE.parents[1] / "docs" / "evidence.md"
README = """Review pack of run {run_id}

What was run     {title}; seed {seed}; {futures}
What came out    results hash {results_hash}
Made by          stresstest {version}, source digest {digest}
Report made by   source digest {own}

report/index.html        the report; the accessible original
report/results.xlsx      the same figures as a workbook
report/summary.svg, .png the summary as one slide
report/trace.csv         every number of the report, its section, and the cell that it is, in its file and in the workbook
report/contents.csv      every file of the report with its bytes and sha256
report/tables/           tables of the report
summary/, advice/        tables of the run and of its analyses
config.effective.toml    every input with unit, source and quality
manifest.json            what went in and came out, with sha256 of every table of the run, those left out of this pack too
checks.json, run.log     checks that the run made of itself, and its log
datapackage.json         columns and units of the run's own tables
assurance.toml           who signed what, where anybody did
evidence.md              what the codes D-…, E… and J-… of sources stand for (where the program has its documentation beside it)
dependencies.csv         libraries with versions and licences; sbom.cdx.json is the same as CycloneDX
source.csv               sha256 of every source file of the program that made the report
CONTENTS.csv             every file of this pack with its bytes and sha256

To check the pack: stresstest verify PACK.zip. It shows that the pack agrees with its own manifest, not who made it: for that,
                   compare the results hash above with one had from the maker, or run it again
To run it again:   unpack it, then stresstest reproduce FOLDER; this compares the results hash

The simulated futures themselves (tables/) and the Parquet twins of the tables are not in the pack; the manifest has
their sha256. The test suite of the program was not run to make this pack.
"""


def write_pack(folder: Path, out: Path | None = None) -> Path:
    """Write the review pack of a finished run whose report is made, check it, and return its path.

    Arguments: `out` the zip (default: RUN_review-pack.zip beside the run folder). An earlier pack there is replaced, and only
    by a whole one. Errors: ConfigError for a target that is something else, DataError for a run that is not complete.
    """
    folder = Path(folder)
    manifest = load_manifest(folder)
    if manifest["status"] != "complete":
        raise DataError("The run is not complete, so there is nothing to review.", file=folder / "manifest.json", key="status",
                        value=manifest["status"], expected="complete")  # fmt: skip
    target = require_target(folder, out)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        _write(partial, dict(members(folder, manifest)), manifest)
        wrong = [check for check in verify_pack(partial) if not check.ok]
        if wrong:
            raise DataError("The pack was not written whole.", file=target, key=wrong[0].name, value=wrong[0].detail)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def require_target(folder: Path, out: Path | None) -> Path:
    """Where the pack goes. Errors: ConfigError for a place that is no zip, that is taken, or that has no folder."""
    target = Path(out) if out else folder.resolve().with_name(f"{folder.resolve().name}_review-pack.zip")
    if target.suffix.lower() != ".zip":
        raise ConfigError("A review pack is a zip.", key="--out", value=str(target), expected="a name that ends in .zip")
    if target.exists() and not is_pack(target):
        raise ConfigError("There is something else of that name, which is left as it is.", file=target, key="--out",
                          expected="a new name, or an earlier review pack")  # fmt: skip
    if not target.parent.is_dir():
        raise ConfigError("There is no such folder to write the pack into.", file=target.parent, key="--out",
                          expected="a folder that is there")  # fmt: skip
    return target


def members(folder: Path, manifest: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    """(path in the pack, bytes) of every file but the list of contents. Errors: DataError where one names this machine."""
    own = _machine(folder)
    _require_no_places(folder)
    for name in sorted([*_paths(folder)]):
        data = (folder / name).read_bytes()
        for place in own:
            if place in data:
                raise DataError("A file of the pack would name a folder of this machine.", file=folder / name,
                                value=place.decode(), expected="files without paths of the machine")  # fmt: skip
        yield name, data
    rows = dependencies((manifest.get("provenance") or {}).get("libraries") or {})
    yield "dependencies.csv", csv_text(COLUMNS, ([row[name] for name in COLUMNS] for row in rows)).encode()
    yield "sbom.cdx.json", bill_of_materials(rows, str(manifest.get("created", ""))).encode()
    yield "source.csv", csv_text(LISTED, source_rows()).encode()
    if EVIDENCE.is_file():
        yield EVIDENCE.name, EVIDENCE.read_bytes()
    yield "README.txt", readme(manifest).encode()


def _require_no_places(folder: Path) -> None:
    """Refuse a run whose configuration or manifest names a place of some machine. Errors: DataError."""
    for name, read in (("config.effective.toml", tomllib.loads), ("manifest.json", json.loads)):
        path = folder / name
        entries = _texts(read(path.read_text(encoding="utf-8"))) if path.is_file() else ()
        for key, text in entries:
            if len(text) < LONGEST_PLACE and (PurePosixPath(text).is_absolute() or PureWindowsPath(text).is_absolute()):
                raise DataError("The run names a place of the machine that made it, which the pack would give away.",
                                file=path, key=key, value=text,
                                expected="names and relative paths: move the file to configs/, run the study again")  # fmt: skip


def _texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """(key, text) of every text within a table of tables and lists."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from _texts(one, f"{key}.{name}".lstrip("."))
    elif isinstance(value, list):
        for k, one in enumerate(value):
            yield from _texts(one, f"{key}[{k}]")


def readme(manifest: Mapping[str, Any]) -> str:
    """What the pack is and how to use it."""
    futures = ", ".join(f"{counted(manifest, name)} futures of {name}" for name in manifest["futures"])
    provenance = manifest.get("provenance") or {}
    return README.format(
        run_id=manifest["run_id"], title=(manifest.get("study") or {}).get("title", ""), seed=manifest.get("seed"),
        futures=futures, results_hash=manifest.get("results_hash"), version=provenance.get("stresstest", "unknown"),
        digest=manifest.get("source_digest", "unknown"), own=SOURCE_DIGEST,
    )  # fmt: skip


def source_rows() -> Iterator[list[Any]]:
    """Path, bytes and sha256 of every source file and template of this package."""
    for path in sorted(p for p in PACKAGE.rglob("*") if p.suffix in (".py", ".j2") and "_shipped" not in p.parts):
        data = path.read_bytes()
        yield [path.relative_to(PACKAGE).as_posix(), len(data), hashlib.sha256(data).hexdigest()]


def _paths(folder: Path) -> Iterator[str]:
    """Files of the run folder that go into the pack, with forward slashes; hidden ones stay."""
    yield from (name for name in TOP if (folder / name).is_file())
    for part in FOLDERS:
        for path in (folder / part).rglob("*"):
            place = path.relative_to(folder)
            hidden = any(one.startswith(".") for one in place.parts)
            if path.is_file() and not path.is_symlink() and path.suffix not in LEFT and not hidden:
                yield place.as_posix()


def _machine(folder: Path) -> list[bytes]:
    """What names this machine: the folder of the run and the user's own."""
    home = str(Path.home())
    places = [str(folder.resolve().parent), *([home] if len(Path(home).parts) > 1 else [])]
    return [f"{place}{os.sep}".encode() for place in places if len(Path(place).parts) > 1]


def _write(path: Path, files: dict[str, bytes], manifest: Mapping[str, Any]) -> None:
    rows = ([name, len(data), hashlib.sha256(data).hexdigest()] for name, data in sorted(files.items()))
    listed = csv_text(LISTED, rows).encode()
    when = max(NOT_BEFORE, datetime.fromisoformat(str(manifest.get("created", "1980-01-01T00:00:00Z"))).replace(tzinfo=None))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name, data in sorted((files | {CONTENTS: listed}).items()):
            one = zipfile.ZipInfo(name, when.timetuple()[:6])
            one.compress_type, one.external_attr, one.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(one, data, compresslevel=LEVEL)


__all__ = ["is_pack", "members", "require_target", "verify_pack", "write_pack"]
