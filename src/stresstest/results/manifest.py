"""The papers of a run folder: manifest.json, checks.json, datapackage.json, config.effective.toml and run.log.

`manifest.json` says what went in, what made it, what came out and whether it is whole: status is running, failed or
complete. No path of the machine is written: the folder can be sent to anyone.

Every file that a run leaves is held by a checksum: tables, summaries and configuration under `files`, the other papers under
`papers`, and the manifest itself by `manifest_digest`, the digest of everything else in it, and by its exact form. What is added
to the folder afterwards (report, advice, a record of who signed) has digests of its own in that record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from .. import __version__
from ..errors import DataError, StressTestError, nearest
from . import migrate, schema
from .census import Census
from .invariants import Check
from .provenance import now
from .store import sha256_of, write_json, write_text

MANIFEST, CHECKS, PACKAGE, CONFIG, LOG = (
    "manifest.json", "checks.json", "datapackage.json", "config.effective.toml", "run.log",
)  # fmt: skip
MANIFEST_VERSION = migrate.LATEST
DIGEST, PAPERS = "manifest_digest", "papers"
STATUSES = ("running", "failed", "complete")
_NEEDED = (
    "manifest_version", "status", "run_id", "inputs_hash", "futures", "strategies", "years_futures", "year_labels",
)  # fmt: skip
_FRICTIONLESS = {schema.TEXT: "string", schema.REAL: "number", schema.WHOLE: "integer", schema.FLAG: "boolean"}


def plain(value: Any) -> Any:
    """A value as JSON has it: arrays and tuples as lists, numpy numbers as numbers, keys as text."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def intensities(strategies: Sequence[Any], years: int) -> dict[str, dict[str, list[float]]]:
    """Lever intensities of each strategy by year; a level holds in every year, the last of a list from then on."""
    found: dict[str, dict[str, list[float]]] = {}
    for strategy in strategies:
        found[strategy.name] = {}
        for lever, level in strategy.intensities.items():
            by_year = [float(x) for x in np.atleast_1d(np.asarray(level, dtype=float))]
            found[strategy.name][lever] = [by_year[min(t, len(by_year) - 1)] for t in range(years)]
    return found


def timestamp(when: datetime) -> str:
    """2026-11-21T20:45:01Z."""
    return f"{when:%Y-%m-%dT%H:%M:%SZ}"


def log(folder: Path, event: str, **facts: Any) -> None:
    """Add one line of JSON to run.log."""
    line = json.dumps({"time": timestamp(now()), "event": event, **plain(facts)}, ensure_ascii=False)
    with (folder / LOG).open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(line + "\n")


def json_text(value: Any) -> str:
    """A value as `write_json` writes it."""
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def digest_of(manifest: dict[str, Any]) -> str:
    """sha256 over everything that a manifest says, its own digest left out."""
    held = {key: value for key, value in manifest.items() if key != DIGEST}
    return hashlib.sha256(json.dumps(held, sort_keys=True, ensure_ascii=False, allow_nan=False).encode()).hexdigest()


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write manifest.json whole; that of a complete run with the facts of its other papers and a digest of itself."""
    manifest = {key: value for key, value in plain(manifest).items() if key != DIGEST}
    if manifest.get("status") == "complete":
        manifest[PAPERS] = {name: facts_of(folder / name) for name in (CHECKS, PACKAGE, LOG) if (folder / name).is_file()}
        manifest[DIGEST] = digest_of(manifest)
    write_json(folder / MANIFEST, manifest)


def facts_of(path: Path) -> dict[str, Any]:
    """Bytes and sha256 of a file."""
    return {"bytes": path.stat().st_size, "sha256": sha256_of(path)}


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run folder as it stands in the file, of any version.

    Errors: DataError when there is no such folder, no manifest in it, or one that cannot be read.
    """
    folder = Path(folder)
    path = folder / MANIFEST
    if not folder.is_dir():
        near = [p.name for p in folder.parent.glob("*") if p.is_dir()] if folder.parent.is_dir() else []
        raise DataError("There is no such run folder.", file=folder, nearest=nearest(folder.name, near))
    if not path.is_file():
        raise DataError("The folder is not a run: it has no manifest.", file=folder, expected=MANIFEST)
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError, RecursionError) as error:
        raise DataError("The manifest cannot be read.", file=path, value=str(error)) from error
    if not isinstance(manifest, dict):
        raise DataError("The manifest is not one: it holds no keys.", file=path, expected="an object of JSON")
    return manifest


def load_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run folder in the latest version's words; nothing is written.

    Errors: DataError when there is no such folder, no manifest in it, one of a version that is not known, or one that cannot be
    read or lacks a key.
    """
    return _understood(read_manifest(folder), Path(folder) / MANIFEST)


def _understood(manifest: dict[str, Any], path: Path) -> dict[str, Any]:
    """The manifest with every migration applied. Errors: DataError as `load_manifest`."""
    if not migrate.is_known(manifest.get(migrate.VERSION, MANIFEST_VERSION)):
        raise DataError("This run was made by another version of the program, which laid out its tables in another way.",
                        file=path, key=migrate.VERSION, value=manifest[migrate.VERSION],
                        expected=_way_back(manifest))  # fmt: skip
    for key in _NEEDED:
        if key not in manifest:
            raise DataError("The manifest lacks a key.", file=path, key=key)
    if not isinstance(manifest["futures"], dict) or not manifest["futures"]:
        raise DataError("The manifest names no scenario.", file=path, key="futures", value=manifest["futures"],
                        expected="futures by scenario")  # fmt: skip
    return migrate.migrated(manifest)


def _way_back(manifest: dict[str, Any]) -> str:
    """How to get at a run of another version: the command that runs it again, or the release that reads it."""
    provenance, study = manifest.get("provenance"), manifest.get("study")
    made = provenance.get("stresstest") if isinstance(provenance, dict) else None
    name = study.get("name") if isinstance(study, dict) else None
    futures = manifest.get("futures")
    first = next(iter(futures.values()), None) if isinstance(futures, dict) else None
    again = f"stresstest run {name or 'STUDY'}" + (f" --futures {first}" if first else "")
    again += f" --seed {manifest['seed']}" if "seed" in manifest else ""
    reader = f"or read it with stresstest {made}, which made it" if made else "or read it with the version that made it"
    return f"{MANIFEST_VERSION}: run the study again ({again}), {reader}"


def counted(manifest: Mapping[str, Any], scenario: str) -> str:
    """How many futures of a scenario can be read: "2,000", or "2,000 kept of 20,000 lived" where the rest was summed up.

    Errors: KeyError for a scenario that the run does not have.
    """
    lived = (manifest.get("condensed") or {}).get(scenario)
    return f"{manifest['futures'][scenario]:,}" + (f" kept of {lived:,} lived" if lived else "")


def write_config(folder: Path, text: str) -> None:
    """Write config.effective.toml whole."""
    write_text(folder / CONFIG, text)


def write_checks(folder: Path, checks: Sequence[Check]) -> None:
    """Write checks.json whole: one object per check."""
    write_json(folder / CHECKS, [plain(check._asdict()) for check in checks])


def _resource(folder: Path, table: str, files: dict[str, Any]) -> dict[str, Any] | None:
    start = "summary/summary.parquet" if table == "summary" else f"tables/{table}/"
    paths = [name for name in files if name.startswith(start)]
    if not paths:
        return None
    fields = [
        {"name": c.name, "type": _FRICTIONLESS[c.kind], "description": c.description, "unit": c.unit,
         "constraints": {"required": not c.nullable and c.kind != schema.TEXT}}
        for c in schema.COLUMNS[table]
    ]  # fmt: skip
    return {
        "name": table, "path": paths, "format": "parquet", "mediatype": "application/vnd.apache.parquet",
        "schema": {"fields": fields},
    }  # fmt: skip


def write_datapackage(folder: Path, manifest: dict[str, Any]) -> None:
    """Write datapackage.json (Data Package version 2): every table with its files, columns and units."""
    found = [_resource(folder, table, manifest["files"]) for table in schema.TABLES]
    write_json(folder / PACKAGE, {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": manifest["run_id"].lower(), "title": manifest["study"]["title"], "version": __version__,
        "created": manifest["created"],
        "licenses": [{"name": schema.LICENCE, "title": schema.LICENCE_TITLE, "path": schema.LICENCE_PATH}],
        "resources": [resource for resource in found if resource],
    })  # fmt: skip


def file_facts(folder: Path, known: dict[str, Any]) -> dict[str, Any]:
    """Bytes and sha256 of every table, summary and configuration file; `known` facts of part files are not redone."""
    paths = sorted(p for d in ("tables", "summary") for p in (folder / d).rglob("*") if p.is_file())
    facts = {}
    for path in [folder / CONFIG, *(p for p in paths if not p.name.startswith("."))]:
        name = path.relative_to(folder).as_posix()
        facts[name] = known.get(name) or facts_of(path)
    return facts


# ── verification ───────────────────────────────────────────────────────────────────────────────────────────────────
def check_manifest(folder: Path, manifest: dict[str, Any]) -> Check:
    """Whether the manifest, as it stands in its file, is the one that was written."""
    name = "the manifest is as it was written"
    if (folder / MANIFEST).is_symlink():
        return Check(name, False, f"{MANIFEST} is a link to another file")
    complete, version = manifest.get("status") == "complete", manifest.get(migrate.VERSION)
    tables = {path.name for path in (folder / "tables").glob("*")}
    if complete and migrate.is_known(version) and (sign := migrate.too_new(manifest, tables)):
        return Check(name, False, f"it says that it is of version {version}, and has {sign}, which only later versions write")
    if DIGEST not in manifest and complete and version == MANIFEST_VERSION:
        return Check(name, False, f"its {DIGEST} is missing")
    if DIGEST not in manifest:
        return Check(name, True, "it keeps no digest of itself, as runs of earlier versions and unfinished ones do not")
    try:
        same_form = (folder / MANIFEST).read_bytes() == json_text(manifest).encode()
        same = digest_of(manifest) == manifest[DIGEST]
    except ValueError as error:
        return Check(name, False, f"{MANIFEST} was changed: {error}")
    if not same_form:
        return Check(name, False, f"{MANIFEST} was edited: its form is not the one that is written")
    return Check(name, same, manifest[DIGEST] if same else f"{MANIFEST} was changed, or its {DIGEST} was")


def fault_of(folder: Path, name: str, facts: Any) -> str:
    """What is wrong with a file of a run folder: missing, a link, changed; "" when it is as its facts say."""
    path, digest = folder / name, facts.get("sha256") if isinstance(facts, dict) else None
    if not digest or not is_inside(name):
        return f"{name} is listed in a way that cannot be read"
    if any(one.is_symlink() for one in (path, *path.parents[: len(PurePosixPath(name).parts) - 1])):
        return f"{name} is a link to another place"
    if not path.is_file():
        return f"{name} is missing"
    return "" if sha256_of(path) == digest else f"{name} was changed"


def is_inside(name: str) -> bool:
    """Whether a listed name is a plain path below the folder: relative, with forward slashes, and never upwards."""
    parts = name.split("/")
    return bool(name) and "\\" not in name and ":" not in parts[0] and not {"", ".", ".."} & set(parts)


def check_files(folder: Path, manifest: dict[str, Any]) -> Check:
    """Whether every listed file is there with its checksum, and no other one that a reader would take for the run's own."""
    name = "every file is as it was written"
    files, beside = manifest.get("files") or {}, manifest.get(PAPERS) or {}
    if not isinstance(files, dict) or not isinstance(beside, dict) or not files:
        return Check(name, False, "the manifest lists no files")
    listed = {**files, **beside}
    if fault := next((fault for path, facts in listed.items() if (fault := fault_of(folder, path, facts))), ""):
        return Check(name, False, fault)
    extra = [found for found in _found(folder) if found not in files]
    return Check(name, not extra, f"{extra[0]} was added" if extra else f"{len(listed)} files")


def _found(folder: Path) -> list[str]:
    """Files of tables/ and summary/ that some reader would take for the run's own: hidden ones only where they are Parquet."""
    paths = sorted(path for part in ("tables", "summary") for path in (folder / part).rglob("*"))
    return [
        path.relative_to(folder).as_posix() for path in paths
        if (path.is_symlink() or path.is_file()) and (not path.name.startswith(".") or path.suffix == ".parquet")
    ]  # fmt: skip


def _check_hash(census: Census, manifest: dict[str, Any]) -> Check:
    name = "the results hash is as it was"
    try:
        found, _ = census.results_hash()
    except StressTestError as error:
        return Check(name, False, str(error).replace("\n", ";"))
    if found != manifest.get("results_hash"):
        return Check(name, False, f"{found}, expected {manifest.get('results_hash')}")
    return Check(name, True, found)


def verify_run(folder: Path) -> list[Check]:
    """Recompute everything that a run folder can be held to: manifest, status, file checksums, results hash, invariants.

    Returns one (check, ok, detail) each; where the manifest was changed, that alone, as the rest is held against it.
    Errors: DataError when the folder is not a run.
    """
    folder = Path(folder)
    written = read_manifest(folder)
    manifest, whole = _understood(written, folder / MANIFEST), check_manifest(folder, written)
    if not whole.ok:
        return [whole]
    status = manifest["status"]
    checks = [Check("the run is complete", status == "complete", f"status {status}"), whole, check_files(folder, manifest)]
    census = Census(manifest).read(folder)
    return [*checks, _check_hash(census, manifest), *census.checks()]
