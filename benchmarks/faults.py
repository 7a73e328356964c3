"""Does a run survive what can happen to it? Every fault on every back-end, and the results hash of an unbroken run each time.

    python benchmarks/faults.py                         all faults, 50 interrupts for each back-end (about 15 minutes)
    python benchmarks/faults.py --interrupts 5 --only threading,loky

A small study (Dudley, honest and gamed) is run once from end to end. Then a run is begun for each back-end and fault, hit while
it works, and gone on with (--resume) until it ends. Afterwards: the same hash, every future once and every other check of
`verify`, nothing left over beside the run's folder, and no process of it alive. A full disk is a tmpfs that is made larger
afterwards; that needs the right to mount, and is left out without it.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

# Worker processes inherit this path, on which coverage.py beside this file would hide the library that numba asks for.
sys.path[:] = [path for path in sys.path if Path(path or ".").resolve() != Path(__file__).resolve().parent]

MARK = "STRESSTEST_FAULTS"
CHANGES = ("years_futures=500", "scenarios=['calibrated']")
CHUNK, GOLDEN = 4096, 0.6180339887498949
EXPECTED_CODES = {0, 5, 130, -signal.SIGKILL, -signal.SIGINT, 1}


# ── one run, in a process of its own ───────────────────────────────────────────────────────────────────────────────
def drive(out: Path, backend: str, futures: int, scheduler: str) -> int:
    """Run the study, going on with what is there; the exit code that the command line would give."""
    from stresstest.errors import StressTestError
    from stresstest.runner import run_study
    from stresstest.strategy import Strategy
    from stresstest.verbs import load

    honest = {"effort": 0.5, "efficiency": 0.5}
    strategies = (Strategy("honest", honest), Strategy("gamed", {**honest, "cost_shifting": 1.0}))
    try:
        run = run_study(load("dudley", [f"futures={futures}", *CHANGES]), strategies, out, jobs=2, backend=backend,
                        scheduler=scheduler, chunk=CHUNK, resume=True)  # fmt: skip
    except KeyboardInterrupt:
        return 130
    except StressTestError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return run.exit_code


class Trial:
    """One folder for runs, and the processes that work in it."""

    def __init__(self, out: Path, backend: str, options: argparse.Namespace) -> None:
        self.out, self.backend, self.options = out, backend, options
        self.name = f"{os.getpid()}-{out.name}"
        self.scheduler, self.codes = "", []
        self.process: subprocess.Popen | None = None
        out.mkdir(parents=True, exist_ok=True)

    def begin(self) -> None:
        """Start the run, or go on with it."""
        command = [sys.executable, __file__, "--drive", str(self.out), "--backend", self.backend, "--scheduler",
                   self.scheduler, "--futures", str(self.options.futures)]  # fmt: skip
        log = (self.options.work / "errors.log").open("a")
        self.process = subprocess.Popen(command, env={**os.environ, MARK: self.name}, stderr=log, stdout=log,
                                        start_new_session=True)  # fmt: skip

    def end(self, seconds: float = 600.0) -> int:
        """Wait for the end of the process; its exit code."""
        assert self.process is not None
        code = self.process.wait(timeout=seconds)
        self.codes.append(code)
        return code

    def finish(self) -> None:
        """Go on until the run is whole."""
        for _ in range(5):
            self.begin()
            if self.end() == 0:
                return
        raise RuntimeError(f"{self.backend}: the run does not end: {self.codes}")

    def works(self, chunks: int = 1) -> bool:
        """Wait until some chunks are done; False when the run ended before."""
        assert self.process is not None
        while len(list(self.out.glob(".partial-*/chunks/*.json"))) < chunks:
            if self.process.poll() is not None:
                return False
            time.sleep(0.005)
        return True

    def alive(self) -> list[int]:
        """Processes that carry the trial's mark."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if f"{MARK}={self.name}\0".encode() in (folder / "environ").read_bytes() and _state(folder) != b"Z":
                    found.append(int(folder.name))
        return found

    def workers(self) -> list[int]:
        """Processes that do the work of a back-end with processes."""
        found = []
        for pid in set(self.alive()) - {self.process.pid if self.process else 0}:
            with suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes()
                if b"resource_tracker" not in words and (b"loky" in words or b"spawn_main" in words):
                    found.append(pid)
        return found

    def partial(self) -> Path:
        """The unfinished run's folder."""
        (found,) = self.out.glob(".partial-*")
        return found


def _state(folder: Path) -> bytes:
    return (folder / "stat").read_bytes().rpartition(b") ")[2][:1]


# ── the faults ─────────────────────────────────────────────────────────────────────────────────────────────────────
def kill_worker(trial: Trial) -> None:
    """kill -9 of one worker; the run itself goes on."""
    trial.begin()
    assert trial.works()
    os.kill(trial.workers()[0], signal.SIGKILL)
    if trial.end() != 0:
        trial.finish()


def kill_parent(trial: Trial) -> None:
    """kill -9 of the process that runs the study."""
    trial.begin()
    assert trial.works(2)
    assert trial.process is not None
    trial.process.kill()
    trial.end()
    limit = time.monotonic() + 15.0
    while trial.alive() and time.monotonic() < limit:
        time.sleep(0.1)
    trial.stray = len(trial.alive())
    trial.finish()


def interrupts(trial: Trial) -> None:
    """SIGINT to the whole group of processes, at moments spread over a run, as often as asked."""
    trial.begin()
    began = time.monotonic()
    assert trial.end() == 0
    length, stopped, k = time.monotonic() - began, 0, 0
    while stopped < trial.options.interrupts:
        k += 1
        if not list(trial.out.glob(".partial-*")):
            _remove_runs(trial.out)
        fresh, began = not list(trial.out.glob(".partial-*")), time.monotonic()
        trial.begin()
        with suppress(subprocess.TimeoutExpired):
            trial.process.wait(timeout=k * GOLDEN % 1.0 * length)
        if trial.process.poll() is None:
            os.killpg(trial.process.pid, signal.SIGINT)
            stopped += trial.end(60.0) != 0
        elif trial.end() == 0 and fresh:
            length = time.monotonic() - began  # the machine is less busy than it was
    _remove_runs(trial.out)
    trial.finish()


def _remove_runs(out: Path) -> None:
    """Remove finished runs, so that one is left in the end."""
    import shutil

    for path in out.glob("2*"):
        shutil.rmtree(path)


def _after_kill(trial: Trial, damage) -> None:
    trial.begin()
    assert trial.works(3)
    trial.process.kill()
    trial.end()
    damage(trial.partial())
    trial.finish()


def corrupt_part(trial: Trial) -> None:
    """One byte of a finished part is flipped in the unfinished folder."""

    def damage(folder: Path) -> None:
        part = min(folder.glob("tables/outcomes/calibrated/part-*.parquet"))
        content = bytearray(part.read_bytes())
        content[len(content) // 2] ^= 1
        part.write_bytes(content)

    _after_kill(trial, damage)


def remove_marker(trial: Trial) -> None:
    """One marker is removed from the unfinished folder."""
    _after_kill(trial, lambda folder: min(folder.glob("chunks/*.json")).unlink())


def full_disk(trial: Trial) -> None:
    """The disk is full after some chunks, and larger when the run goes on."""
    with mounted(trial.out, "6m"):
        trial.begin()
        assert trial.end() == 5
        subprocess.run(["mount", "-o", "remount,size=200m", str(trial.out)], check=True)
        trial.finish()
        check(trial)


@contextmanager
def mounted(folder: Path, size: str):
    """A small disk at a folder."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def kill_scheduler(trial: Trial) -> None:
    """kill -9 of the scheduler of a cluster that was started by hand; another cluster goes on."""
    with cluster(trial) as processes:
        trial.begin()
        assert trial.works(2)
        processes[0].kill()
        began = time.monotonic()
        assert trial.end(60.0) == 5
        trial.seconds_to_tell = time.monotonic() - began
    with cluster(trial):
        trial.finish()


@contextmanager
def cluster(trial: Trial):
    """A scheduler and two workers of one thread."""
    folder = Path(tempfile.mkdtemp(dir=trial.options.work))
    note, started = folder / "scheduler.json", []

    def start(*words: str) -> None:
        command = [sys.executable, "-m", f"distributed.cli.dask_{words[0]}", *words[1:], "--no-dashboard"]
        started.append(subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    try:
        start("scheduler", "--port", "0", "--host", "127.0.0.1", "--scheduler-file", str(note))
        while not note.exists() or not note.read_text().strip().endswith("}"):
            time.sleep(0.05)
        trial.scheduler = json.loads(note.read_text())["address"]
        for _ in range(2):
            start("worker", trial.scheduler, "--nthreads", "1", "--no-nanny", "--memory-limit", "0")
        yield started
    finally:
        for process in started:
            process.kill()
            process.wait()


FAULTS = {
    "kill -9 a worker": (kill_worker, ("loky", "dask")),
    "kill -9 the parent": (kill_parent, ("sequential", "threading", "loky", "dask")),
    "kill -9 the scheduler": (kill_scheduler, ("dask",)),
    "a byte flipped": (corrupt_part, ("threading", "loky", "dask")),
    "a marker removed": (remove_marker, ("threading", "loky", "dask")),
    "a full disk": (full_disk, ("sequential", "threading", "loky", "dask")),
    "SIGINT at any moment": (interrupts, ("threading", "loky", "dask")),
}


# ── the judgement ──────────────────────────────────────────────────────────────────────────────────────────────────
def check(trial: Trial) -> None:
    """Note hash, checks, leftovers and processes of a finished trial."""
    from stresstest.results.manifest import verify_run

    if hasattr(trial, "found"):
        return
    runs = sorted(path for path in trial.out.iterdir() if not path.name.startswith("."))
    manifest = json.loads((runs[0] / "manifest.json").read_text())
    failed = [check.name for check in verify_run(runs[0]) if not check.ok]
    over = [path.name for path in trial.out.iterdir() if path not in runs] + [p.name for p in runs[0].rglob(".*")]
    limit = time.monotonic() + 15.0
    while trial.alive() and time.monotonic() < limit:
        time.sleep(0.1)
    trial.found = {"runs": len(runs), "hash": manifest["results_hash"], "checks that fail": failed, "left over": over,
                   "processes alive": len(trial.alive()) + getattr(trial, "stray", 0)}  # fmt: skip


def judge(fault: str, backend: str, options: argparse.Namespace, expected: str) -> dict:
    """One fault on one back-end."""
    out = options.work / f"{backend}-{fault.replace(' ', '-')}"
    trial, began = Trial(out, backend, options), time.monotonic()
    try:
        FAULTS[fault][0](trial)
        check(trial)
        found = trial.found
        ok = (found["hash"] == expected and found["runs"] == 1 and not found["checks that fail"] and not found["left over"]
              and not found["processes alive"] and set(trial.codes) <= EXPECTED_CODES)  # fmt: skip
    except (AssertionError, RuntimeError, OSError, subprocess.SubprocessError, IndexError, ValueError) as error:
        found, ok = {"error": f"{type(error).__name__}: {error}"}, False
        if trial.process is not None and trial.process.poll() is None:
            os.killpg(trial.process.pid, signal.SIGKILL)
    codes = {str(code): trial.codes.count(code) for code in sorted(set(trial.codes))}
    row = {"fault": fault, "backend": backend, "ok": ok, "exit codes": codes, **found,
           "seconds": round(time.monotonic() - began, 1)}  # fmt: skip
    if hasattr(trial, "seconds_to_tell"):
        row["seconds to tell"] = round(trial.seconds_to_tell, 1)
    print(f"{fault:24} {backend:11} {'same' if ok else 'NOT THE SAME'}  {row['seconds']:6.1f} s  exit codes {codes}"
          + ("" if ok else f"  {found}"), flush=True)  # fmt: skip
    return row


def main() -> int:
    """Print the table and write it as JSON; exit code 1 when a trial failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("--drive", None), ("--work", None), ("--json", Path("build/faults.json"))):
        parser.add_argument(name, type=Path, default=default)
    for name, default in (("--backend", "sequential"), ("--scheduler", ""), ("--only", ""), ("--faults", "")):
        parser.add_argument(name, default=default)
    for name, default in (("--futures", 40_000), ("--interrupts", 50)):
        parser.add_argument(name, type=int, default=default)
    options = parser.parse_args()
    if options.drive is not None:
        return drive(options.drive, options.backend, options.futures, options.scheduler)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets what it runs in the background ignore it
    options.work = Path(tempfile.mkdtemp(prefix="faults-", dir=options.work))
    whole = Trial(options.work / "unbroken", "sequential", options)
    whole.finish()
    check(whole)
    expected, rows = whole.found["hash"], []
    for fault, (_, backends) in FAULTS.items():
        for backend in backends:
            if fault == "a full disk" and os.geteuid() != 0:
                print(f"{fault:24} {backend:11} left out: only root may mount a small disk", flush=True)
            elif (not options.only or backend in options.only.split(",")) and options.faults in fault:
                rows.append(judge(fault, backend, options, expected))
                options.json.write_text(json.dumps({"expected": expected, "trials": rows}, indent=1) + "\n")
    return 0 if all(row["ok"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
