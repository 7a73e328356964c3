"""A review pack held to its own list of contents and to the manifest of its run."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tomllib
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...errors import DataError
from ...results.hashing import HASHED
from ...results.invariants import Check

CONTENTS, MANIFEST = "CONTENTS.csv", "manifest.json"
LISTED = ("path", "bytes", "sha256")
PIECE = 1 << 20
#: Endings of the run's own files that a pack must have: its configuration and the small tables.
NEEDED = (".csv", ".toml")


def is_pack(path: Path) -> bool:
    """Whether a file is a review pack: a zip with a list of contents and a manifest."""
    if not Path(path).is_file() or not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return {CONTENTS, MANIFEST} <= set(archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return False


def verify_pack(path: Path) -> list[Check]:
    """Check every file of a review pack against CONTENTS.csv, those of the run against its manifest, and the manifest in itself.

    A pack that was made up whole, manifest and all, agrees with itself: who made it is shown by a results hash had from the
    maker, or by running it again. Returns one (check, ok, detail) each. Errors: DataError when the file is no review pack.
    """
    path = Path(path)
    if not is_pack(path):
        raise DataError("This is no review pack.", file=path, expected=f"a zip with {CONTENTS} and {MANIFEST}")
    with zipfile.ZipFile(path) as archive:
        listed = _listed(archive, path)
        found = {name: _facts(archive, name) for name in archive.namelist() if name != CONTENTS}
        manifest = _manifest(archive, path)
        checks, signed = _read(archive, "checks.json", json.loads), _read(archive, "assurance.toml", tomllib.loads)
    return [
        _names(listed, archive.namelist()), _same(listed, found), _of_run(manifest, found), _hash(manifest),
        _checked(manifest, checks), _signed(manifest, signed),
        Check("the run is complete", manifest.get("status") == "complete", f"status {manifest.get('status')}"),
    ]  # fmt: skip


def _listed(archive: zipfile.ZipFile, path: Path) -> dict[str, tuple[int, str]]:
    try:
        text = archive.read(CONTENTS).decode("utf-8")
        return {row["path"]: (int(row["bytes"]), row["sha256"]) for row in csv.DictReader(io.StringIO(text))}
    except (KeyError, ValueError, TypeError, csv.Error, zipfile.BadZipFile) as error:
        raise DataError("The list of contents cannot be read.", file=path, key=CONTENTS, value=str(error)) from error


def _manifest(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(archive.read(MANIFEST).decode("utf-8")))
    except (ValueError, TypeError, zipfile.BadZipFile) as error:
        raise DataError("The manifest cannot be read.", file=path, key=MANIFEST, value=str(error)) from error


def _facts(archive: zipfile.ZipFile, name: str) -> tuple[int, str]:
    """Bytes and sha256 of a member; nothing of it where it cannot be unpacked."""
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(name) as stream:
            while piece := stream.read(PIECE):
                digest.update(piece)
                size += len(piece)
    except (OSError, ValueError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        return size, f"cannot be unpacked ({type(error).__name__})"
    return size, digest.hexdigest()


def _names(listed: dict[str, tuple[int, str]], names: list[str]) -> Check:
    title = "the pack holds the files on its list and no others"
    twice = [name for name, count in Counter(names).items() if count > 1]
    missing, added = sorted(set(listed) - set(names)), sorted(set(names) - set(listed) - {CONTENTS})
    astray = [name for name in names if name.startswith(("/", "\\")) or ".." in name.split("/") or ":" in name]
    wrong = ((twice, "is there twice"), (missing, "is missing"), (added, "was added"), (astray, "has a strange name"))
    for found, words in wrong:
        if found:
            return Check(title, False, f"{found[0]} {words}")
    return Check(title, True, f"{len(listed)} files")


def _same(listed: dict[str, tuple[int, str]], found: dict[str, tuple[int, str]]) -> Check:
    title = "every file of the pack is as it was written"
    for name, facts in found.items():
        if name in listed and facts != listed[name]:
            return Check(title, False, f"{name} was changed" if len(facts[1]) == 64 else f"{name} {facts[1]}")
    return Check(title, True, f"{sum(size for size, _ in found.values()):,} bytes")


def _of_run(manifest: dict[str, Any], found: dict[str, tuple[int, str]]) -> Check:
    title = "tables and inputs are those of the run's manifest"
    files = manifest.get("files") or {}
    known = [name for name in files if name in found]
    for name in known:
        if files[name].get("sha256") != found[name][1]:
            return Check(title, False, f"{name} is not the run's own")
    missing = [name for name in files if name.endswith(NEEDED) and not name.startswith("tables/") and name not in found]
    if missing:
        return Check(title, False, f"{missing[0]} of the run is not in the pack")
    extra = [name for name in found if name.startswith("summary/") and name not in files]
    if extra or not known:
        return Check(title, False, f"{extra[0]} is not the run's own" if extra else "the manifest lists no file of the pack")
    return Check(title, True, f"{len(known)} of the {len(files)} files that the manifest lists")


def _read(archive: zipfile.ZipFile, name: str, read: Callable[[str], Any]) -> Any:
    """A member as data; None where it is not there, and its error where it cannot be read."""
    try:
        return read(archive.read(name).decode("utf-8"))
    except KeyError:
        return None
    except (ValueError, zipfile.BadZipFile, zlib.error) as error:
        return error


def _hash(manifest: dict[str, Any]) -> Check:
    """Whether the results hash is what the manifest's own digests of the tables come to."""
    title, tables = "the results hash follows from the digests of the tables", manifest.get("table_hashes") or {}
    digest = hashlib.sha256()
    for table in HASHED:
        if table in tables:
            digest.update(json.dumps([table, tables[table]], ensure_ascii=False).encode() + b"\n")
    ok = bool(tables) and digest.hexdigest() == manifest.get("results_hash")
    words = "; it agrees with the manifest, which does not show who made the pack" if ok else f", expected {digest.hexdigest()}"
    return Check(title, ok, f"{manifest.get('results_hash')}{words}")


def _checked(manifest: dict[str, Any], checks: Any) -> Check:
    """Whether the run's checks are those that its manifest counts."""
    title, told = "the checks are those that the manifest counts", manifest.get("checks") or {}
    if not isinstance(checks, list) or not all(isinstance(one, dict) for one in checks):
        return Check(title, False, "checks.json is missing or cannot be read")
    failed = sorted(str(one.get("name", one.get("check"))) for one in checks if one.get("ok") is not True)
    ok = told.get("passed") == len(checks) - len(failed) and sorted(told.get("failed") or []) == failed
    return Check(title, ok, f"{len(checks) - len(failed)} passed, {len(failed)} failed; the manifest says {told.get('passed')}")


def _signed(manifest: dict[str, Any], signed: Any) -> Check:
    """Whether every signature is for this run's results."""
    title = "signatures are for these results"
    if signed is None:
        return Check(title, True, "nobody has signed")
    found = signed.get("signatures", []) if isinstance(signed, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        return Check(title, False, "assurance.toml cannot be read")
    other = [one for one in found if one.get("results_hash") != manifest.get("results_hash")]
    return Check(title, not other, f"{other[0].get('role')} signed other results" if other else f"{len(found)} signatures")
