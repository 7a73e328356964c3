"""Work where workers do not see the disk of the run: their files travel by an object storage.

    <exchange>/<run folder>/<name of the task>/<path in the run folder>      the files of one task
    <exchange>/<run folder>/<name of the task>.json                          its receipt, written last: facts, sizes, sha256

A worker works in a scratch folder of its own, sends what it finds there and removes it. The parent takes a task in by its
receipt: every file is fetched beside its place, its size and sha256 are compared, and it is renamed; JSON files (markers) come
last, and then the objects are deleted. A task that is done twice leaves the same objects. What a killed run left there is taken
in when the run goes on; half an upload has no receipt and is done again.

The task's first argument is a dataclass with a field `folder`, the run folder; facts can be written as JSON.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from ..errors import BackendError
from . import Facts, Found, Pool, Site, Tasks, Work
from .storage import Storage

RECEIPT, TRIES = ".json", 2


def place_of(exchange: str, folder: str) -> str:
    """The URL below which the files of a run travel."""
    return f"{exchange.rstrip('/')}/{Path(folder).name.lstrip('.')}"


def name_of(work: Work, task: tuple[Any, ...]) -> str:
    """A name that the same task has in every process of one run, and no other task has."""
    return hashlib.sha256(pickle.dumps((work, task), protocol=4)).hexdigest()[:32]


def _folders(folder: Path) -> tuple[str, ...]:
    """The folders below `folder`, which a scratch folder gets too."""
    return tuple(sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_dir()))


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


# ── at the worker ──────────────────────────────────────────────────────────────────────────────────────────────────
def put(url: str, name: str, folder: Path, facts: Facts) -> Facts:
    """Send every file below `folder` and then the receipt, in which markers stand last; return the receipt."""
    storage, sent = Storage(url), {}
    there = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    for path in sorted(there, key=lambda path: (path.endswith(".json"), path)):
        storage.send(folder / path, f"{name}/{path}")
        sent[path] = {"bytes": (folder / path).stat().st_size, "sha256": _sha256(folder / path)}
    receipt = {"facts": facts, "sent": sent}
    storage.write(f"{name}{RECEIPT}", json.dumps(receipt, allow_nan=False).encode())
    return receipt


def work_elsewhere(url: str, name: str, folders: tuple[str, ...], work: Work, task: tuple[Any, ...]) -> Facts:
    """Do a task in a scratch folder, send its files to the URL, and return the receipt."""
    job, *rest = task
    with tempfile.TemporaryDirectory(prefix="stresstest-") as scratch:
        for folder in folders:
            (Path(scratch) / folder).mkdir(parents=True, exist_ok=True)
        return put(url, name, Path(scratch), work(replace(job, folder=scratch), *rest))


# ── at the parent ──────────────────────────────────────────────────────────────────────────────────────────────────
def take(url: str, name: str, folder: Path, receipt: Facts) -> Facts | None:
    """Fetch the files of a receipt into `folder` and delete the objects; return the facts, or None when a file is not whole.

    Errors: BackendError for a path that leads out of the folder, or from the storage; OSError from the disk.
    """
    storage = Storage(url)
    for path, sent in receipt["sent"].items():
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            raise BackendError("A receipt names a file outside the run folder.", key="--exchange", value=path)
        target = folder / path
        draft = target.with_name(f".{target.name}.{os.getpid()}.draft")
        try:
            storage.fetch(f"{name}/{path}", draft)
            if draft.stat().st_size != sent["bytes"] or _sha256(draft) != sent["sha256"]:
                return None
            with draft.open("rb+") as stream:
                os.fsync(stream.fileno())
            os.replace(draft, target)
        finally:
            draft.unlink(missing_ok=True)
    storage.remove([*(f"{name}/{path}" for path in receipt["sent"]), f"{name}{RECEIPT}"])
    return dict(receipt["facts"])


def _left_over(url: str, name: str, folder: Path) -> Facts | None:
    """The facts of a task whose files an earlier run has left in the exchange, taken in; None when they are not whole."""
    try:
        receipt = json.loads(Storage(url).read(f"{name}{RECEIPT}"))
        return take(url, name, folder, receipt)
    except (ValueError, KeyError, TypeError, AttributeError, BackendError):
        return None


def _taken(url: str, name: str, folder: Path, receipt: Facts) -> Facts:
    """As `take`, tried twice. Errors: BackendError when the files do not arrive whole."""
    for _ in range(TRIES):
        if (facts := take(url, name, folder, receipt)) is not None:
            return facts
    raise BackendError("A file did not come through the exchange whole. Finished chunks are kept: run again with --resume.",
                       key="--exchange", value=f"{url}/{name}", expected="the size and sha256 of its receipt")  # fmt: skip


def exchanged(pool: Pool, work: Work, tasks: Tasks, site: Site, do: Callable[..., Found]) -> Found:
    """Take in what an earlier run left, let the back-end `do` the rest elsewhere, and take in each task as it finishes.

    The storage is tried first. What lies below the run's own URL is deleted once all tasks are done.
    """
    folder = Path(site.folder)
    url = place_of(pool.exchange, site.folder)
    storage = Storage(url)
    storage.write("trial", b"")
    storage.remove(["trial"])
    there, left, names = set(storage.keys()), [], [name_of(work, task) for task in tasks]
    for number, name in enumerate(names):
        facts = _left_over(url, name, folder) if f"{name}{RECEIPT}" in there else None
        if facts is None:
            left.append(number)
        else:
            yield number, facts
    folders = _folders(folder)
    elsewhere = [(url, names[number], folders, work, tasks[number]) for number in left]
    with closing(do(pool, work_elsewhere, elsewhere, site)) as found:
        for k, receipt in found:
            yield left[k], _taken(url, names[left[k]], folder, receipt)
    storage.clear()
