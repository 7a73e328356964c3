"""Work for tests of the back-ends that worker processes import by name, and Dask clusters that are started by hand."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import stresstest

HERE = Path(__file__).resolve().parent
SOURCES = Path(stresstest.__file__).resolve().parents[1]
FAKE = HERE.parent / "unit" / "results"


@dataclass(frozen=True)
class Job:
    """A folder to write to, seconds to rest at each task, and a file whose absence makes a worker die once."""

    folder: str
    pause: float = 0.0
    mark: str = ""


def content_of(number: int) -> bytes:
    """The content of piece `number`."""
    return hashlib.sha256(str(number).encode()).digest() * 50


def write_piece(job: Job, number: int) -> dict:
    """Write a piece below tables/ and then its marker below chunks/; the facts name the piece."""
    time.sleep(job.pause)
    path, content = f"tables/piece-{number}.bin", content_of(number)
    draft = Path(job.folder) / f"tables/.piece-{number}.{os.getpid()}.draft"
    draft.write_bytes(content)
    os.replace(draft, Path(job.folder) / path)
    marker = {"number": number, "files": {path: {"sha256": hashlib.sha256(content).hexdigest()}}}
    (Path(job.folder) / f"chunks/{number}.json").write_text(json.dumps(marker))
    return marker


def die_once(job: Job, number: int) -> dict:
    """As write_piece, but the worker that gets piece 3 is killed as long as the mark is not there."""
    mark = Path(job.mark)
    if number == 3 and not mark.exists():
        mark.write_text("died once")
        os.kill(os.getpid(), signal.SIGKILL)
    return write_piece(job, number)


def die_always(job: Job, number: int) -> dict:
    """As write_piece, but whoever gets piece 3 is killed, every time."""
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return write_piece(job, number)


def refuse(job: Job, number: int) -> dict:
    """As write_piece, but piece 3 raises."""
    if number == 3:
        raise ArithmeticError("piece 3 does not add up")
    return write_piece(job, number)


def make_folder(path: Path) -> Path:
    """A run folder with what write_piece needs."""
    for name in ("tables", "chunks"):
        (path / name).mkdir(parents=True)
    return path


def whole(folder: Path, count: int) -> bool:
    """Whether every piece is there as it should be, with its marker, and nothing else."""
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    wanted = {f"{kind}{k}{end}" for k in range(count) for kind, end in (("tables/piece-", ".bin"), ("chunks/", ".json"))}
    return files == wanted and all((folder / f"tables/piece-{k}.bin").read_bytes() == content_of(k) for k in range(count))


def environment(*first: Path) -> dict[str, str]:
    """Variables for a process that imports the package and these helpers, from `first` if it is there."""
    path = os.pathsep.join(str(folder) for folder in (*first, SOURCES, HERE, FAKE))
    return {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


def until(happens, seconds: float = 30.0) -> None:
    """Wait until something is so."""
    limit = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.02)


class Cluster:
    """A scheduler and workers in processes of their own, without nannies: what is killed stays dead."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.workers = folder, []
        note = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard", "--no-show",
                                     "--scheduler-file", str(note))  # fmt: skip
        until(lambda: note.exists() and note.read_text().strip().endswith("}"))
        self.address = json.loads(note.read_text())["address"]

    def _start(self, *words: str, env: dict[str, str] | None = None) -> subprocess.Popen:
        command = [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]]
        return subprocess.Popen(command, env=env or environment(), cwd=self.folder, stdout=subprocess.DEVNULL,
                                stderr=(self.folder / f"{words[0]}.log").open("a"), start_new_session=True)  # fmt: skip

    def add(self, count: int = 1, *first: Path) -> None:
        """Start workers of one thread; `first` are folders that they import from before all others."""
        for _ in range(count):
            self.workers.append(self._start("worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
                                            "--memory-limit", "0", env=environment(*first)))  # fmt: skip

    def close(self) -> None:
        """End every process."""
        for process in (*self.workers, self.scheduler):
            if process.poll() is None:
                process.kill()
            process.wait()


@contextmanager
def cluster(folder: Path, workers: int = 2):
    """A cluster with some workers, ended with the context."""
    folder.mkdir(parents=True, exist_ok=True)
    started = Cluster(folder)
    try:
        started.add(workers)
        yield started
    finally:
        started.close()


def leave_mark(folder: str) -> None:
    """What is compiled before the work: leaves a file that names the process."""
    (Path(folder) / f"compiled-by-{os.getpid()}").write_text("")


def scratch() -> str:
    """Where temporary folders are made."""
    return tempfile.gettempdir()


def workers() -> set[int]:
    """Processes below this one that run and do work; loky's and Python's trackers of resources stay until the end."""
    import psutil

    found = set()
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE and "resource_tracker" not in " ".join(process.cmdline()):
                found.add(process.pid)
    return found
