"""The folder of a run while it is being written: hidden, locked, resumable; named only when it is whole."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, TextIO

from ..errors import BackendError, ConfigError, StressTestError
from . import manifest as papers
from . import store
from .provenance import now, run_id

PARTIAL, LOCK = ".partial-", ".lock"


def require_writable(folder: Path) -> None:
    """Make the folder for runs and try it. Errors: ConfigError before any work is done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial = folder / f".trial-{os.getpid()}"
        trial.write_bytes(b"")
        trial.unlink()
    except OSError as error:
        raise ConfigError("Results cannot be written there.", file=folder, key="--out", value=error.strerror,
                          expected="a folder that can be written to") from error  # fmt: skip


@dataclass(frozen=True)
class Partial:
    """A run folder that is being written: its path, its manifest so far, and the lock that this process holds on it."""

    path: Path
    manifest: dict[str, Any]
    lock: TextIO


def hold(path: Path) -> TextIO | None:
    """Lock a partial folder; None when another process is writing it. The lock goes when the process ends."""
    stream = (path / LOCK).open("a", encoding="utf-8")
    try:
        import fcntl

        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        pass  # no such locks on this system: two runs that resume one folder write the same bytes
    except OSError:
        stream.close()
        return None
    return stream


def find_partial(folder: Path, identity: dict[str, Any], chunk: int | None) -> Partial | None:
    """The newest unfinished run of the same study, and chunk size if one is asked for, that nobody is writing."""
    for path in sorted(folder.glob(f"{PARTIAL}*"), reverse=True):
        try:
            found = papers.load_manifest(path)
        except StressTestError:
            continue
        same = all(found.get(key) == value for key, value in papers.plain(identity).items())
        if same and chunk in (None, found.get("chunk")) and (lock := hold(path)) is not None:
            return Partial(path, found, lock)
    return None


def fresh(folder: Path, wanted: str) -> Path:
    """Make a hidden folder for a run called `wanted`, or wanted-2 and so on where there is one already."""
    for number in count(1):
        name = wanted if number == 1 else f"{wanted}-{number}"
        path = folder / f"{PARTIAL}{name}"
        with suppress(FileExistsError):
            if not (folder / name).exists():
                path.mkdir()
                return path
    raise AssertionError


def new_partial(folder: Path, name: str, manifest: dict[str, Any], config: str) -> Partial:
    """A fresh hidden folder for a run of study `name`; its manifest says that the run is under way.

    Arguments: `manifest` without run_id and created; `config` the effective configuration as TOML. Errors: OSError.
    """
    when = now()
    path = fresh(folder, run_id(name, manifest["inputs_hash"], when))
    lock = hold(path)
    if lock is None:
        raise BlockingIOError("another process took the folder")
    manifest = {**manifest, "run_id": path.name.removeprefix(PARTIAL), "created": papers.timestamp(when)}
    prepare(path, manifest, config)
    return Partial(path, manifest, lock)


def prepare(path: Path, manifest: dict[str, Any], config: str) -> None:
    """Make the folders of a run, write its first papers, and remove what a killed run left half-written or derived."""
    store.make_folders(path, list(manifest["futures"]))
    for derived in ("tables/gaming", "summary"):
        shutil.rmtree(path / derived, ignore_errors=True)
    for draft in path.rglob(".*.draft"):
        draft.unlink(missing_ok=True)
    papers.write_config(path, config)
    papers.write_manifest(path, manifest)


def give_name(partial: Partial) -> Path:
    """Rename the folder, after which the run is whole; markers and lock are of no more use."""
    final = partial.path.with_name(partial.path.name.removeprefix(PARTIAL))
    try:
        os.rename(partial.path, final)  # while the lock is held, so that nobody goes on with a run that is whole
    except PermissionError:  # a system that renames no folder with an open file
        partial.lock.close()
        os.rename(partial.path, final)
    partial.lock.close()
    shutil.rmtree(final / store.CHUNKS, ignore_errors=True)
    (final / LOCK).unlink(missing_ok=True)
    return final


def note_failure(partial: Partial | None, reason: str) -> None:
    """Say in the partial folder that the run failed, if there is one and the disk still allows."""
    if partial is not None and partial.path.is_dir():
        with suppress(OSError):
            papers.log(partial.path, "failed", reason=reason)
            papers.write_manifest(partial.path, {**partial.manifest, "status": "failed", "reason": reason})


def disk_error(error: OSError) -> BackendError:
    """The disk is full or refuses: nothing has the run's final name, and finished chunks are kept."""
    return BackendError(
        "The results could not be written. Finished chunks are kept: make room and run again with --resume.",
        value=error.strerror or str(error),
    )
