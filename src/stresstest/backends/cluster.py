"""Work on a Dask cluster: one that is started here, or one whose scheduler's address is given.

Tasks are handed to Dask's own client and not through joblib. joblib's connector (1.6.0, joblib/_dask.py) waits for ever when a
worker lacks the package. When the scheduler is lost it raises CancelledError or, as often, works on without a word in the
client's own process. It stores every argument above 1 kB on one worker, so that a run dies with that worker, and forgets what was
handed out instead of calling it off. Here a task carries its arguments with it (some 65 kB), no more are in flight than keep the
workers busy, and the cluster is watched meanwhile. Dask itself repeats what a lost worker was doing, and gives up when four
workers in a row are lost on one task.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from ..errors import BackendError
from . import Found, Pool, Site, Tasks, Work
from .exchange import place_of
from .muster import check_workers, compile_everywhere, gather_workers, too_small
from .preflight import token_at
from .shift import Shift
from .watch import Watch, bounded

#: Seconds to reach a scheduler, and to close.
REACH, CLOSE = 20.0, 10.0


# ── the cluster ────────────────────────────────────────────────────────────────────────────────────────────────────
@contextmanager
def _own_cluster(jobs: int) -> Iterator[Any]:
    """A cluster of single-threaded processes of this machine, without a limit of memory for each."""
    from dask.distributed import LocalCluster

    with tempfile.TemporaryDirectory(prefix="stresstest-dask-", ignore_cleanup_errors=True) as scratch:
        try:
            cluster = LocalCluster(
                n_workers=jobs, threads_per_worker=1, memory_limit=0, local_directory=scratch, silence_logs=50,
                dashboard_address="127.0.0.1:0", scheduler_kwargs={"dashboard": False},  # any free port, and no pages on it
            )  # fmt: skip
        except (RuntimeError, OSError) as error:
            raise BackendError(f"Dask's workers do not start here: {error}", key="--backend", value="dask",
                               expected="a script begins its work below: if __name__ == \"__main__\":") from error  # fmt: skip
        try:
            yield cluster
        finally:
            bounded(partial(cluster.close, timeout=CLOSE))


@contextmanager
def connected(pool: Pool) -> Iterator[Any]:
    """A client of the pool's cluster. Errors: BackendError without Dask, without an answer, or for a cluster of one."""
    try:
        from dask.distributed import Client
        from distributed.utils import silence_logging_cmgr
    except ImportError as error:
        raise BackendError("The dask back-end needs two more packages: pip install 'stresstest[dask]'",
                           key="--backend", value="dask") from error  # fmt: skip
    if not pool.scheduler and pool.jobs < 2:
        raise too_small(pool.jobs, "--jobs")
    with ExitStack() as stack:
        stack.enter_context(silence_logging_cmgr(50))
        place = pool.scheduler or stack.enter_context(_own_cluster(pool.jobs))
        try:
            client = Client(place, timeout=REACH, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise BackendError("The Dask scheduler does not answer.", key="--scheduler", value=pool.scheduler,
                               expected="an address such as tcp://host:8786, reachable from here") from error  # fmt: skip
        stack.callback(bounded, partial(client.close, timeout=CLOSE / 2))
        yield client


def dask(pool: Pool, work: Work, tasks: Tasks, site: Site) -> Found:
    """Every task on the cluster, once all its workers were asked. Errors: BackendError; whatever the work raises."""
    place = place_of(pool.exchange, site.folder) if pool.exchange else site.folder
    with connected(pool) as client, token_at(place) as token:
        watch = Watch(client)
        gather_workers(client, watch)
        check_workers(client, watch, place, token, site.note)
        if pool.scheduler:
            compile_everywhere(client, watch, site)
        yield from Shift(client, watch, work, tasks, place, token).results()
