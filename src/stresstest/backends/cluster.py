"""Work on a Dask cluster, by joblib: one that is started here, or one whose scheduler's address is given."""

from __future__ import annotations

from typing import Any

from .._jit import SOURCE_DIGEST
from ..errors import BackendError
from . import Found, Pool, Tasks, Work
from .processes import RETRIES, numbered

DASK_SECONDS, TASK_SECONDS = 60, 3600


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


def dask(pool: Pool, work: Work, tasks: Tasks) -> Found:
    """joblib on a local Dask cluster of single-threaded processes; Dask itself repeats what a lost worker was doing."""
    try:
        from dask.distributed import Client, LocalCluster
        from distributed.scheduler import KilledWorker
    except ImportError as error:
        raise BackendError("The dask back-end needs two more packages: pip install 'stresstest[dask]'",
                           key="--backend", value="dask") from error  # fmt: skip
    from joblib import Parallel, delayed, parallel_config

    with (
        LocalCluster(n_workers=pool.jobs, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster,
        Client(cluster) as client,
    ):
        _ask_workers(client)
        try:
            with parallel_config(backend="dask", client=client, wait_for_workers_timeout=DASK_SECONDS, retries=RETRIES):
                results = Parallel(n_jobs=pool.jobs, batch_size=1, return_as="generator_unordered", timeout=TASK_SECONDS)
                yield from results(delayed(numbered)(number, work, task) for number, task in enumerate(tasks))
        except (KilledWorker, TimeoutError) as error:
            raise BackendError("A Dask worker was lost again and again. Finished chunks are kept: run again with "
                               "--resume.", key="--backend", value="dask") from error  # fmt: skip
