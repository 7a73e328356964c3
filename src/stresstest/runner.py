"""From a study to a run folder: chunks of futures, simulated by one of four back-ends, kept as they finish.

The folder is written as a hidden sibling `.partial-<run id>` and renamed when it is whole. A chunk is finished when its
marker is there, so that a run that was interrupted, killed or ran out of disk goes on where it stopped (`resume`).
A future's numbers depend on its own number alone; chunks, threads and processes leave no trace in the results hash. Threads write
one chunk while they simulate the next, and what is written is read back, hashed and checked meanwhile.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from . import layout as L
from ._jit import SOURCE_DIGEST
from .backends import Pool, require_backend, work_through
from .chunks import Arrays, Chunk, Folding, Job, default_chunk, done_before, kept_futures, plan_chunks, work_chunk
from .errors import ConfigError, StressTestError
from .progress import Progress
from .results import folder as folders
from .results import manifest as papers
from .results import schema, store
from .results.census import Census
from .results.condense import Event
from .results.condensed import write_tables
from .results.following import Follower
from .results.invariants import Check
from .results.provenance import now, provenance, usable_processors

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")

Extra = Callable[[Path, Any], Iterable[Check]]
#: From the unfinished folder and the study to the same study with more futures, or None where there are enough.
Grow = Callable[[Path, Any], Any]


@dataclass(frozen=True)
class Run:
    """A finished run: its folder, manifest and checks."""

    folder: Path
    manifest: dict[str, Any]
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether every check holds."""
        return all(check.ok for check in self.checks)

    @property
    def exit_code(self) -> int:
        """0, or 1 when a check failed."""
        return 0 if self.ok else 1


# ── one chunk ──────────────────────────────────────────────────────────────────────────────────────────────────────
def simulate_chunk(inputs: Any, first: int, n: int, with_years: bool) -> Arrays:
    """Run the kernel for n futures: out[S, OUTCOMES, n], yearly[S, YEARLY, T, n] or [S, 0, T, 0], nature[NATURE + TAGS, n].

    The arrays begin as NaN, so that a number that the kernel does not fill cannot pass for a result.
    """
    from .kernel.project import project

    strategies, years = len(inputs.strategies), inputs.years
    out = np.full((strategies, len(L.OUTCOMES), n), np.nan)
    yearly = np.full((strategies, len(L.YEARLY), years, n) if with_years else (strategies, 0, years, 0), np.nan)
    nature = np.full((len(L.NATURE) + len(L.TAGS), n), np.nan)
    project(
        first, n, years, inputs.dimensions, inputs.design, inputs.law, inputs.world, inputs.deal, inputs.strategies,
        inputs.lever_rows, inputs.lever_keys, inputs.goals, inputs.edges, out, yearly, nature,
    )  # fmt: skip
    return out, yearly, nature


def _identity(study: Any, strategies: Sequence[Any], keep: float, events: tuple[Event, ...]) -> dict[str, Any]:
    """What must be equal for one run to go on with the chunks of another."""
    return {
        "inputs_hash": study.inputs_hash,
        "source_digest": SOURCE_DIGEST,
        "seed": study.seed,
        "design": {**study.design.record(), **study.preparation()},
        "futures": {scenario.name: kept_futures(scenario.futures, keep) for scenario in study.scenarios},
        "condensed": {scenario.name: scenario.futures for scenario in study.scenarios} if keep < 1.0 else {},
        "keep": keep,
        "events": [[e.name, e.column, e.above, e.limit] for e in events] if keep < 1.0 else [],
        "years_futures": study.years_futures,
        "varying_weights": study.varying_weights,
        "year_labels": list(study.year_labels),
        "strategies": papers.intensities(strategies, study.years),
    }


# ── the run ────────────────────────────────────────────────────────────────────────────────────────────────────────
def check_options(study: Any, jobs: int | None, backend: str, chunk: int | None) -> int:
    """The number of jobs. Errors: ConfigError for options that make no sense."""
    require_backend(backend)
    jobs = usable_processors() if jobs is None else jobs
    for key, value in (("--jobs", jobs), ("--chunk", chunk)):
        if value is not None and value < 1:
            raise ConfigError("The number must be 1 or more.", key=key, value=value, expected="1 or more")
    for scenario in study.scenarios:
        if not _PLAIN_NAME.fullmatch(scenario.name):
            raise ConfigError("A scenario's name is the name of a folder.", key="scenarios.name", value=scenario.name,
                              expected="letters, digits and hyphens")  # fmt: skip
    return 1 if backend == "sequential" else jobs


def require_keep(study: Any, keep: float, grow: Any) -> None:
    """Errors: ConfigError for a share that makes no sense, or with which this study cannot be run."""
    if not 0.0 < keep <= 1.0:
        raise ConfigError("This is no share of the futures.", key="--keep", value=keep, expected="above 0% and up to 100%")
    if keep < 1.0 and grow is not None:
        raise ConfigError("Futures are added until an interval is narrow, which is read off kept futures.", key="--keep",
                          value=keep, expected="--until without --keep")  # fmt: skip
    if keep < 1.0 and study.design.kind != "random":
        raise ConfigError("Errors of summed-up futures are those of independent ones.", key="--keep", value=keep,
                          expected=f"--design random, not {study.design.kind}")  # fmt: skip


def _manifest(study: Any, identity: dict[str, Any], chunk: int) -> dict[str, Any]:
    """The manifest of a run that is about to begin."""
    return {
        "manifest_version": papers.MANIFEST_VERSION,
        "status": "running",
        "study": {"name": study.name, "title": study.title, "place": study.place.name, "contract": study.contract.name},
        **identity,
        "data_hashes": study.data_hashes,
        "chunk": chunk,
        "provenance": provenance(),
    }


def _jobs_by_scenario(
    study: Any, strategies: Sequence[Any], partial: folders.Partial, events: tuple[Event, ...]
) -> dict[str, Job]:
    """What a worker needs, for each scenario."""
    names, run = tuple(strategy.name for strategy in strategies), partial.manifest["run_id"]
    folder, condenses = str(partial.path.resolve()), bool(partial.manifest["condensed"])
    jobs = {}
    for scenario in study.scenarios:
        labels = store.Labels(run, scenario.name, study.place.name, study.contract.name, names, study.year_labels)
        inputs = study.kernel_inputs(scenario, tuple(strategies))
        jobs[scenario.name] = Job(folder, labels, inputs, simulate_chunk, condenses=condenses, events=events)
    return jobs


def warm(tasks: Sequence[tuple[Job, Chunk]]) -> None:
    """Compile once here, so that worker processes find the compiled kernel on disk instead of all compiling it at once."""
    job = tasks[0][0]
    job.simulate(job.inputs, 0, 1, True)


def _plan(study: Any, manifest: dict[str, Any]) -> list[Chunk]:
    """The chunks of a run with this manifest."""
    return plan_chunks(study, len(manifest["strategies"]), manifest["chunk"], manifest["keep"])


def _follower(study: Any, partial: folders.Partial, pool: Pool) -> Follower:
    """What reads the run back as it is written: beside the work, but for the back-end that does one thing after the other."""
    order = sorted((chunk.scenario, chunk.first) for chunk in _plan(study, partial.manifest) if chunk.kept)
    return Follower(partial.path, partial.manifest, order, 0 if pool.backend == "sequential" else pool.jobs)


def _simulate(
    study: Any, strategies: Sequence[Any], partial: folders.Partial, pool: Pool, progress: Progress,
    events: tuple[Event, ...], follower: Follower | None = None,
) -> tuple[dict[str, Any], dict[str, float]]:  # fmt: skip
    """Do the chunks that are not yet done; return the facts of every part file, and seconds. The follower reads what is done."""
    by_scenario, (path, manifest) = _jobs_by_scenario(study, strategies, partial, events), (partial.path, partial.manifest)
    tasks, files, seconds = [], {}, {"simulate": 0.0, "write": 0.0}
    plan = _plan(study, manifest)
    folding = Folding(path, plan if manifest["condensed"] else ())

    def take(marker: dict[str, Any]) -> None:
        files.update(marker["files"])
        folding.add(marker)
        if follower is not None:
            follower.add(marker)

    for chunk in plan:
        marker = done_before(path, chunk, folding)
        if marker is None:
            tasks.append((by_scenario[chunk.scenario], chunk))
        else:
            take(marker)
    total, left = sum(c.futures for c in plan), sum(c.futures for _, c in tasks)
    papers.log(path, "simulate", backend=manifest["backend"], jobs=manifest["jobs"], chunks=len(tasks),
               chunks_kept=len(plan) - len(tasks))  # fmt: skip
    progress.start(total, total - left)
    with closing(work_through(pool, work_chunk, tasks, (warm, (tasks[:1],)), folder=path, note=progress.note,
                              overlaps=True)) as found:  # fmt: skip
        for _, marker in found:
            take(marker)
            seconds = {key: value + marker[key] for key, value in seconds.items()}
            papers.log(path, "chunk", **{k: marker[k] for k in ("scenario", "first", "futures", "simulate", "write")})
            progress.advance(marker["futures"])
    progress.finish()
    return files, seconds


def _complete(
    study: Any, partial: folders.Partial, files: dict[str, Any], extra: Extra | None, timings: dict[str, float],
    events: tuple[Event, ...], follower: Follower | None,
) -> Run:  # fmt: skip
    """Add what `extra` computes, hash, check, and write the papers; then give the folder its name."""
    path, began = partial.path, time.perf_counter()
    if partial.manifest["condensed"]:
        stretches, expected = Folding(path, _plan(study, partial.manifest)).firsts, partial.manifest["condensed"]
        write_tables(path, stretches, expected, list(partial.manifest["strategies"]), study.year_labels, events,
                     partial.manifest["run_id"])  # fmt: skip
        timings["condensed"], began = time.perf_counter() - began, time.perf_counter()
    more = list(extra(path, study) or ()) if extra is not None else []
    timings["extra"] = time.perf_counter() - began
    began = time.perf_counter()
    census = follower.finish() if follower is not None else Census(partial.manifest).read(path, schema.SIMULATED)
    census.read(path, [table for table in schema.TABLES if table not in schema.SIMULATED])
    whole, tables = census.results_hash()
    checks = [*census.checks(), *(Check(*check) for check in more)]
    timings["hash and check"] = time.perf_counter() - began
    papers.write_checks(path, checks)
    manifest = {
        **partial.manifest,
        "status": "complete",
        "results_hash": whole,
        "table_hashes": tables,
        "finished": papers.timestamp(now()),
        "timings": {key: round(value, 3) for key, value in timings.items()},
        "checks": {"passed": sum(c.ok for c in checks), "failed": [c.name for c in checks if not c.ok]},
        "files": papers.file_facts(path, files),
    }
    papers.write_datapackage(path, manifest)
    papers.log(path, "complete", results_hash=whole)
    papers.write_manifest(path, manifest)
    return Run(folders.give_name(partial), papers.plain(manifest), tuple(checks))


def _open(
    study: Any, strategies: Sequence[Any], folder: Path, jobs: int, backend: str, chunk: int | None, resume: bool,
    progress: Progress, keep: float, events: tuple[Event, ...],
) -> folders.Partial:  # fmt: skip
    """The folder to write to: the newest unfinished one of this study with `resume`, otherwise a fresh one."""
    identity = _identity(study, strategies, keep, events)
    partial = folders.find_partial(folder, identity, chunk) if resume else None
    if partial is None:
        rows = sum(scenario.futures + 1 for scenario in study.scenarios)
        size = chunk or default_chunk(rows, len(strategies), jobs)
        manifest = {**_manifest(study, identity, size), "backend": backend, "jobs": jobs}
        if resume:
            progress.note("There is no unfinished run of this study: starting afresh.")
        return folders.new_partial(folder, study.name, manifest, study.effective_toml())
    progress.note(f"Going on with {partial.manifest['run_id']}.")
    manifest = {**partial.manifest, "status": "running", "backend": backend, "jobs": jobs}
    folders.prepare(partial.path, manifest, study.effective_toml())
    return folders.Partial(partial.path, manifest, partial.lock)


def _enlarge(partial: folders.Partial, study: Any, strategies: Sequence[Any]) -> folders.Partial:
    """The same unfinished run with more futures: what is there is kept, unless the design has no prefix."""
    manifest = {**partial.manifest, **_identity(study, strategies, partial.manifest["keep"], ())}
    if study.design.kind == "lhs":
        store.forget_chunks(partial.path)
    folders.prepare(partial.path, manifest, study.effective_toml())
    papers.log(partial.path, "enlarge", **{name: int(count) for name, count in manifest["futures"].items()})
    return folders.Partial(partial.path, manifest, partial.lock)


def run_study(
    study: Any, strategies: Sequence[Any], folder: Path | str, *, jobs: int | None = None, backend: str = "threading",
    scheduler: str = "", exchange: str = "", chunk: int | None = None, progress: Progress | None = None, resume: bool = False,
    extra: Extra | None = None, grow: Grow | None = None, keep: float = 1.0, events: tuple[Event, ...] = (),
) -> Run:  # fmt: skip
    """Simulate every scenario of a study under every strategy and leave a run folder below `folder`.

    Arguments: `jobs` threads or processes, as many as there are processors when not given; `scheduler` the address of a Dask
    cluster's, `exchange` the URL of a storage by which workers hand over their files where they do not see this folder; `chunk`
    futures in a chunk, chosen from memory when not given; `resume` goes on with the newest unfinished run of the same study;
    `extra` is called with the folder and the study once the tables are there, may write the gaming table and the summary, and
    returns checks; `grow` is asked before that whether there are futures enough, and the futures of a larger study are added
    to those that are there. `keep` below 1: that share of the futures, the first ones, is kept in full; all of them are summed
    up, and how often each of `events` happens is counted.

    Errors: ConfigError before any work for bad options or a folder that cannot be written; RunError for a number that
    is not finite; BackendError when workers are lost or the disk refuses. KeyboardInterrupt leaves what is finished.
    """
    began, folder = time.perf_counter(), Path(folder)
    jobs, progress = check_options(study, jobs, backend, chunk), progress or Progress(quiet=True)
    require_keep(study, keep, grow)
    pool = Pool(backend, jobs, scheduler, exchange)
    folders.require_writable(folder)
    partial: folders.Partial | None = None
    follower: Follower | None = None
    try:
        partial = _open(study, strategies, folder, jobs, backend, chunk, resume, progress, keep, events)
        follower = _follower(study, partial, pool) if grow is None else None  # a study that grows is read once, at the end
        files, timings = _simulate(study, strategies, partial, pool, progress, events, follower)
        while grow is not None and (larger := grow(partial.path, study)) is not None:
            study, partial = larger, _enlarge(partial, larger, strategies)
            files, more = _simulate(study, strategies, partial, pool, progress, events)
            timings = {key: value + more[key] for key, value in timings.items()}
        timings["until results"] = time.perf_counter() - began
        return _complete(study, partial, files, extra, timings, events, follower)
    except OSError as error:
        folders.note_failure(partial, str(error.strerror or error))
        raise folders.disk_error(error) from error
    except StressTestError as error:
        folders.note_failure(partial, error.message)
        raise
    finally:
        progress.stop()
        if follower is not None:
            follower.stop()
        if partial is not None:
            partial.lock.close()
