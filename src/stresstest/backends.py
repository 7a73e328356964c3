"""How chunks are worked through: one after the other, or side by side in threads, processes or a Dask cluster.

Every back-end takes the same tasks, hands back the marker of each chunk as it finishes, in any order, and returns
nothing large: workers write their own part files.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ._jit import SOURCE_DIGEST
from .errors import BackendError
from .results import store

RETRIES = 2
DASK_SECONDS, CHUNK_SECONDS = 60, 3600

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Chunk:
    """Futures first … first + futures − 1 of a scenario; `with_years` when they get rows in the yearly table."""

    scenario: str
    first: int
    futures: int
    with_years: bool


@dataclass(frozen=True)
class Job:
    """What a worker needs for the chunks of one scenario; it can be pickled. `digest` is that of the run's sources."""

    folder: str
    labels: store.Labels
    inputs: Any
    simulate: Callable[[Any, int, int, bool], Arrays]
    digest: str = SOURCE_DIGEST


def work_chunk(job: Job, chunk: Chunk) -> dict[str, Any]:
    """Simulate a chunk and write its parts; return its marker and the seconds that both took.

    Errors: BackendError when the sources were changed between the start of the run and that of this worker.
    """
    if job.digest != SOURCE_DIGEST:
        raise BackendError("A worker has another version of the stresstest sources than the run that started it.",
                           value=SOURCE_DIGEST[:12], expected=job.digest[:12])  # fmt: skip
    began = time.perf_counter()
    out, yearly, nature = job.simulate(job.inputs, chunk.first, chunk.futures, chunk.with_years)
    simulated = time.perf_counter()
    marker = store.write_chunk(Path(job.folder), job.labels, chunk.first, out, yearly, nature)
    return {**marker, "simulate": simulated - began, "write": time.perf_counter() - simulated}


Tasks = list[tuple[Job, Chunk]]
Markers = Generator[dict[str, Any], None, None]


def _sequential(tasks: Tasks, jobs: int) -> Markers:
    for job, chunk in tasks:
        yield work_chunk(job, chunk)


def _threading(tasks: Tasks, jobs: int) -> Markers:
    """Threads side by side: the kernel holds no interpreter lock."""
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="chunk")
    try:
        for future in as_completed([pool.submit(work_chunk, *task) for task in tasks]):
            yield future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _warm(tasks: Tasks) -> None:
    """Compile once here, so that the workers find the compiled kernel on disk instead of all compiling it at once."""
    if tasks:
        job = tasks[0][0]
        job.simulate(job.inputs, 0, 1, True)


def _loky(tasks: Tasks, jobs: int) -> Markers:
    """Processes. loky gives up when one is killed: the missing chunks are tried twice more, with half the workers.

    Never with one: joblib would then work in this process, and whatever killed the worker would kill the run. Arrays are
    sent and not shared: a shared one is read-only in the worker, which the kernel would be compiled anew for.
    """
    from joblib import Parallel, delayed, parallel_config
    from joblib.externals.loky.process_executor import BrokenProcessPool

    _warm(tasks)
    left = {(chunk.scenario, chunk.first): (job, chunk) for job, chunk in tasks}
    for attempt in range(RETRIES + 1):
        try:
            with parallel_config(backend="loky", n_jobs=min(jobs, max(2, jobs >> attempt)), inner_max_num_threads=1):
                results = Parallel(batch_size=1, return_as="generator_unordered", max_nbytes=None)(
                    delayed(work_chunk)(*task) for task in list(left.values())
                )
                for marker in results:
                    del left[marker["scenario"], marker["first"]]
                    yield marker
            return
        except BrokenProcessPool as error:
            if attempt == RETRIES:
                raise BackendError(
                    f"A worker process was killed {RETRIES + 1} times. Too little memory is the usual reason: use "
                    "fewer jobs or smaller chunks. Finished chunks are kept: run again with --resume.",
                    key="--backend", value="loky",
                ) from error  # fmt: skip


def _same_code() -> str:
    """What a worker answers before the work begins: the digest of the sources that it has."""
    return SOURCE_DIGEST


def _ask_workers(client: Any) -> None:
    """Refuse a cluster whose workers lack this package or have another version, or that has one worker only."""
    from concurrent.futures import TimeoutError as Late

    workers = list(client.ncores())
    if sum(client.ncores().values()) < 2:
        raise BackendError("A Dask cluster needs two workers or more: with one, the work is not handed out at all.",
                           key="--jobs", value=len(workers), expected="2 or more")  # fmt: skip
    asked = [client.submit(_same_code, workers=[worker], pure=False) for worker in workers]
    try:
        digests = {future.result(timeout=DASK_SECONDS) for future in asked}
    except (Late, TimeoutError, RuntimeError, ImportError, AttributeError) as error:
        raise BackendError("A Dask worker does not answer, or lacks the stresstest package.", key="--backend",
                           value="dask", expected="the same version installed on every worker") from error  # fmt: skip
    if digests != {SOURCE_DIGEST}:
        raise BackendError("A Dask worker has another version of the stresstest package.", key="--backend",
                           value="dask", expected="the same version installed on every worker")  # fmt: skip


def _dask(tasks: Tasks, jobs: int) -> Markers:
    """joblib on a local Dask cluster of single-threaded processes; Dask itself repeats what a lost worker was doing."""
    try:
        from dask.distributed import Client, LocalCluster
        from distributed.scheduler import KilledWorker
    except ImportError as error:
        raise BackendError("The dask back-end needs two more packages: pip install 'stresstest[dask]'",
                           key="--backend", value="dask") from error  # fmt: skip
    from joblib import Parallel, delayed, parallel_config

    _warm(tasks)
    with (
        LocalCluster(n_workers=jobs, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster,
        Client(cluster) as client,
    ):
        _ask_workers(client)
        try:
            with parallel_config(backend="dask", client=client, wait_for_workers_timeout=DASK_SECONDS, retries=RETRIES):
                work = Parallel(n_jobs=jobs, batch_size=1, return_as="generator_unordered", timeout=CHUNK_SECONDS)
                yield from work(delayed(work_chunk)(*task) for task in tasks)
        except (KilledWorker, TimeoutError) as error:
            raise BackendError("A Dask worker was lost again and again. Finished chunks are kept: run again with "
                               "--resume.", key="--backend", value="dask") from error  # fmt: skip


#: Name → generator of markers over (tasks, jobs).
BACKENDS: dict[str, Callable[[Tasks, int], Markers]] = {
    "threading": _threading, "sequential": _sequential, "loky": _loky, "dask": _dask,
}  # fmt: skip
