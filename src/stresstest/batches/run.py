"""A batch: many cases, one folder, one hash.

The folder is written as a hidden sibling `.partial-<batch id>` and renamed when every case was tried. The first case is run
alone, with the whole pool inside it: it compiles, shows how long a case takes, and is what others are set against. Then, where
cases are small and many, whole cases are handed out, each to one worker; otherwise case follows case with the pool inside.
Either way leaves the same results.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..backends import Facts, Pool, work_through
from ..errors import StressTestError
from ..progress import Progress
from ..results import folder as folders
from ..results.provenance import now, run_id
from .case import Case, require_cases
from .record import BATCH, Ledger, describe, load_batch
from .work import CASES, FAILED, KEPT, WORKING, CaseJob, Figures, Findings, Prepare, alone, work_case

#: Whole cases are handed out where there are at least so many for each job, and none takes longer than this by one worker.
CASES_PER_JOB, SMALL_SECONDS = 2, 20.0
Say = Callable[[str], None]


@dataclass(frozen=True)
class Batch:
    """A finished batch: its folder, its record, the run folder of each case, and why others have none."""

    folder: Path
    manifest: dict[str, Any]
    runs: dict[str, Path]
    failed: dict[str, str]

    @property
    def exit_code(self) -> int:
        """0, or 1 when a case failed or a check of a case did."""
        return 1 if self.failed or any(case.get("checks_failed") for case in self.manifest["cases"]) else 0


class _Inside(Progress):
    """Progress of one case, told as progress of the batch."""

    def __init__(self, outer: Progress) -> None:
        super().__init__(quiet=True)
        self.outer, self.told = outer, 0

    def start(self, total: int, already: int = 0) -> None:
        """Begin: what was done before counts as done."""
        self.advance(already)

    def advance(self, units: int) -> None:
        """Count futures of the case as futures of the batch."""
        self.told += units
        self.outer.advance(units)


@dataclass
class _Course:
    """A batch under way."""

    path: Path
    pool: Pool
    ledger: Ledger
    progress: Progress
    jobs: dict[str, CaseJob]
    by_futures: bool

    def size(self, name: str) -> int:
        """What a case counts for in the progress line."""
        return self.jobs[name].case.futures if self.by_futures else 1

    def take(self, facts: Facts, told: int = 0) -> None:
        """Take in a finished case, of which `told` units were counted already."""
        self.ledger.add(facts)
        self.progress.advance(self.size(facts["case"]) - told)
        if facts["status"] == FAILED:
            self.progress.note(f"{facts['case']} failed: {facts['reason']}")

    def inside(self, name: str) -> Facts:
        """Run one case with the whole pool inside it."""
        inner = _Inside(self.progress) if self.by_futures else None
        facts = work_case(self.jobs[name], inner)
        self.take(facts, inner.told if inner is not None else 0)
        return facts

    def forget_reference(self) -> None:
        """Set no case against the first one, which failed."""
        self.jobs = {name: replace(job, reference="") for name, job in self.jobs.items()}
        self.ledger.record = {**self.ledger.record, "reference": ""}

    def side_by_side(self, names: Sequence[str]) -> None:
        """Hand out whole cases, each to one worker."""
        tasks = [(alone(self.jobs[name]),) for name in names]
        with closing(work_through(self.pool, work_case, tasks, folder=self.path, note=self.progress.note)) as found:
            for _, facts in found:
                self.take(facts)


def run_batch(
    title: str, kind: str, cases: Sequence[Case], out: Path, pool: Pool, *, resume: bool = False, say: Say = lambda _: None,
    progress: Progress | None = None, figures: Figures | None = None, prepare: Prepare | None = None,
    findings: Findings | None = None, about: dict[str, Any] | None = None,
) -> Batch:  # fmt: skip
    """Run every case and leave a batch folder below `out`.

    Arguments: `kind` says what made the batch; `resume` goes on with the newest unfinished batch of this title whose cases are
    all asked for again; `figures` reads rows off a finished run (and the first case's) for the table; `prepare` finds tilts and
    couplings of a study; `findings` writes what a report needs; all must be functions that can be found by name. `about` is kept
    in the record.

    A case that fails is written down with its reason and the others go on. Errors: ConfigError before any work; BackendError when
    workers are lost or the disk refuses. KeyboardInterrupt leaves what is finished.
    """
    require_cases(cases)
    folders.require_writable(out)
    record, progress = describe(title, kind, cases, about), progress or Progress(quiet=True)
    try:
        path, lock = _open(out, record, resume, say)
    except OSError as error:
        raise folders.disk_error(error) from error
    try:
        jobs = {
            case.name: CaseJob(str(path.resolve()), case, pool, "" if k == 0 else cases[0].name, figures, prepare, findings)
            for k, case in enumerate(cases)
        }  # fmt: skip
        course = _Course(path, pool, Ledger(path, record), progress, jobs, all(case.futures > 0 for case in cases))
        _go_through(course)
        course.ledger.finish()
        shutil.rmtree(path / WORKING, ignore_errors=True)
        folder = folders.give_name(folders.Partial(path, record, lock))
        return _finished(folder)
    except OSError as error:
        raise folders.disk_error(error) from error
    finally:
        progress.stop()
        lock.close()


def _finished(folder: Path) -> Batch:
    record = load_batch(folder)
    failed = {case["name"]: case["reason"] for case in record["cases"] if case["status"] == FAILED}
    runs = {case["name"]: folder / CASES / case["name"] for case in record["cases"] if case["name"] not in failed}
    return Batch(folder, record, runs, failed)


def _open(out: Path, record: dict[str, Any], resume: bool, say: Say) -> tuple[Path, Any]:
    """The folder to write to, locked: the newest unfinished one that fits with `resume`, otherwise a fresh one."""
    if resume:
        wanted = {case["name"] for case in record["cases"]}
        for path in sorted(out.glob(f"{folders.PARTIAL}*/{BATCH}"), reverse=True):
            with suppress(StressTestError):
                found = load_batch(path.parent)
                same = found["kind"] == record["kind"] and found["title"] == record["title"]
                fits = same and {case["name"] for case in found["cases"]} <= wanted
                if fits and (lock := folders.hold(path.parent)) is not None:
                    say(f"going on with {path.parent.name.removeprefix(folders.PARTIAL)}")
                    return path.parent, lock
        say("there is no unfinished batch of this title whose cases are all asked for again: starting afresh")
    path = folders.fresh(out, run_id(record["title"], record["source_digest"], now()))
    lock = folders.hold(path)
    if lock is None:
        raise BlockingIOError("another process took the folder")
    return path, lock


def _go_through(course: _Course) -> None:
    """Run every case; whatever stops this, record and table say what is finished."""
    for name in (CASES, WORKING):
        (course.path / name).mkdir(exist_ok=True)
    try:
        course.ledger.write()
        _run_cases(course)
    except BaseException as error:
        reason = error.message if isinstance(error, StressTestError) else type(error).__name__
        with suppress(OSError):
            course.ledger.write(status="stopped", reason=reason)
        raise


def _run_cases(course: _Course) -> None:
    names = list(course.jobs)
    there = [name for name in names if (course.path / CASES / name).is_dir()]
    course.progress.start(sum(map(course.size, names)), sum(map(course.size, there)))
    for name in there:  # they count as done already: what is found stale is told again by its own run
        course.progress.advance(-course.size(name))
    first, *rest = names
    shown = course.inside(first)
    if shown["status"] == FAILED:
        course.forget_reference()
    kept = [name for name in rest if name in there]
    if len(kept) >= CASES_PER_JOB * course.pool.jobs:
        course.side_by_side(kept)
        rest = [name for name in rest if name not in there]
    while rest and (shown["status"] == FAILED or not _small(course, shown, rest)):
        name, *rest = rest
        facts = course.inside(name)
        shown = facts if facts["status"] != KEPT or shown["status"] == FAILED else shown
    if rest:
        course.side_by_side(rest)
    course.progress.finish()


def _small(course: _Course, shown: Facts, left: Sequence[str]) -> bool:
    """Whether the cases that are left are many and small enough to be handed out whole."""
    jobs = course.pool.jobs
    if jobs < 2 or course.pool.backend == "sequential" or len(left) < CASES_PER_JOB * jobs:
        return False
    largest = max(map(course.size, left))
    return bool(shown["work"] * largest / max(1, course.size(shown["case"])) < SMALL_SECONDS)


