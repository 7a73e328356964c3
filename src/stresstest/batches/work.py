"""One case, done: kept where it is there already, gone on with where it is half done, run where it is not there.

What comes back is small: status, hashes, seconds and the rows of the batch's table. Large things stay in the run folder.

    cases/<name>/      the finished run
    working/<name>/    where it is made; a run that is finished here is moved to its place
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .._jit import SOURCE_DIGEST
from ..backends import Facts, Pool
from ..errors import BackendError, StressTestError
from ..progress import Progress
from ..results.folder import PARTIAL, disk_error
from ..results.invariants import Check
from ..results.manifest import DIGEST, check_files, digest_of, intensities, load_manifest, plain
from ..strategy import Strategy
from ..study import Study
from .case import Case

CASES, WORKING = "cases", "working"
KEPT, RAN, FAILED = "there already", "run now", "failed"
ALONE = Pool("sequential", 1)
#: Futures and strategies in a chunk of a case that one worker runs by itself: less than a second's work, little memory.
WHOLE_CHUNK = 65_536
#: From a finished run folder, and that of the first case where there is one, to rows of figures by scenario and strategy.
Figures = Callable[[Path, "Path | None"], list[dict[str, Any]]]
#: From a study and its strategies to the study as it can be run (tilts, couplings).
Prepare = Callable[[Study, Sequence[Strategy]], Study]
#: From a run's folder before it is whole, its study and its strategies to checks, after writing the summary that a report needs.
Findings = Callable[[Path, Study, Sequence[Strategy]], Iterable[Check]]


@dataclass(frozen=True)
class CaseJob:
    """What a worker needs for a case; it can be pickled. `folder` is the batch's; `reference` the name of its first case.

    `pool` is who simulates inside the case. `digest` is that of the batch's sources.
    """

    folder: str
    case: Case
    pool: Pool = ALONE
    reference: str = ""
    figures: Figures | None = None
    prepare: Prepare | None = None
    findings: Findings | None = None
    digest: str = SOURCE_DIGEST


def work_case(job: CaseJob, progress: Progress | None = None) -> Facts:
    """Do a case; return its facts. A case that cannot be run is a fact too, with its reason.

    Errors: BackendError where the disk refuses, workers are lost, or this worker's sources are not the batch's.
    """
    if job.digest != SOURCE_DIGEST:
        raise BackendError("A worker has another version of the stresstest sources than the batch that started it.",
                           value=SOURCE_DIGEST[:12], expected=job.digest[:12])  # fmt: skip
    try:
        status, folder = _run_or_keep(job, progress)
        reference = Path(job.folder, CASES, job.reference) if job.reference else None
        rows = job.figures(folder, reference if reference and reference.is_dir() else None) if job.figures else []
    except BackendError:
        raise
    except OSError as error:
        raise disk_error(error) from error
    except StressTestError as error:
        for old in (CASES, WORKING):  # what an earlier attempt left is of another study
            shutil.rmtree(Path(job.folder, old, job.case.name), ignore_errors=True)
        return {"case": job.case.name, "status": FAILED, "reason": words_of(error), "figures": []}
    return {"case": job.case.name, "status": status, "reason": "", "figures": rows, **_facts(load_manifest(folder))}


def words_of(error: StressTestError) -> str:
    """An error in one line: what is wrong, where, and what would be right."""
    parts = (error.message, error.key, f"found {error.value}" if error.value is not None else "",
             f"expected {error.expected}" if error.expected else "")  # fmt: skip
    return "; ".join(part for part in parts if part)


def _facts(manifest: dict[str, Any]) -> dict[str, Any]:
    timings = manifest.get("timings") or {}
    return {
        "run_id": manifest["run_id"], "inputs_hash": manifest["inputs_hash"], "results_hash": manifest["results_hash"],
        "futures": sum(manifest["futures"].values()), "seconds": round(sum(
            timings.get(name, 0.0) for name in ("until results", "extra", "hash and check")), 3),
        "work": round(timings.get("simulate", 0.0) + timings.get("write", 0.0) + timings.get("hash and check", 0.0), 3),
        "checks_failed": list((manifest.get("checks") or {}).get("failed", ())),
    }  # fmt: skip


def is_whole(folder: Path) -> bool:
    """Whether a run folder is complete and each of its files is as it was written."""
    with suppress(StressTestError, OSError, KeyError, TypeError, AttributeError):
        manifest = load_manifest(folder)
        held = manifest.get(DIGEST) in (None, digest_of(manifest))
        return bool(manifest["status"] == "complete" and held and check_files(folder, manifest).ok)
    return False


def _same(folder: Path, study: Study, job: CaseJob) -> bool:
    """Whether a finished run is that of this study (inputs, data, sources, futures, seed) under the case's strategies."""
    if not is_whole(folder):
        return False
    manifest, strategies = load_manifest(folder), job.case.strategies
    if job.findings is not None and not any(name.startswith("summary/") for name in manifest["files"]):
        return False
    return bool(
        manifest["inputs_hash"] == study.inputs_hash
        and manifest.get("source_digest") == SOURCE_DIGEST
        and list(manifest["strategies"].items()) == list(plain(intensities(strategies, study.years)).items())
    )


def _run_or_keep(job: CaseJob, progress: Progress | None) -> tuple[str, Path]:
    study, name = job.case.study.load(), job.case.name
    place, working = Path(job.folder, CASES, name), Path(job.folder, WORKING, name)
    with _held(working):
        for found in (place, *sorted(working.glob("[!.]*"))):
            if found.is_dir() and _same(found, study, job):
                return KEPT, _move(found, place)
        return RAN, _move(_run(job, study, working, progress), place)


@contextmanager
def _held(working: Path) -> Iterator[None]:
    """Hold a case: a worker that outlived its killed batch may still be at it, and is waited for."""
    working.mkdir(exist_ok=True)  # its parents are there, or the batch is over
    with (working.parent / f".{working.name}.lock").open("a", encoding="utf-8") as stream:
        try:
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX)
        except ImportError:
            pass  # no such locks on this system: two workers at one case write the same bytes
        yield


def _run(job: CaseJob, study: Study, working: Path, progress: Progress | None) -> Path:
    """Run the case in its working folder, going on with what is there of it."""
    from ..runner import run_study

    strategies = job.case.strategies
    half_done = any(working.glob(f"{PARTIAL}*"))
    whole = job.pool.backend == ALONE.backend and not half_done
    study = job.prepare(study, strategies) if job.prepare is not None else study

    def extra(folder: Path, last: Study) -> Iterable[Check]:
        """The case's findings, while its run is not yet whole."""
        return job.findings(folder, last, strategies) if job.findings is not None else ()

    run = run_study(
        study, strategies, working, jobs=job.pool.jobs, backend=job.pool.backend, scheduler=job.pool.scheduler,
        chunk=max(1024, WHOLE_CHUNK // len(strategies)) if whole else None, progress=progress, resume=half_done,
        extra=extra if job.findings is not None else None,
    )  # fmt: skip
    return run.folder


def _move(found: Path, place: Path) -> Path:
    """Put a finished run in its place, where something else of this name may stand, and clear what it was made in."""
    if found != place:
        if place.exists():
            shutil.rmtree(place)
        place.parent.mkdir(exist_ok=True)
        os.rename(found, place)
    shutil.rmtree(place.parent.parent / WORKING / place.name, ignore_errors=True)
    return place


def alone(job: CaseJob) -> CaseJob:
    """The same case, to be run by one worker by itself."""
    return replace(job, pool=ALONE)
