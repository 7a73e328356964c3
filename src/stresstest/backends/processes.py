"""Work in processes of this machine, by joblib's loky.

loky gives up when one process is killed: the missing tasks are tried twice more, with half the workers. Never with one: joblib
would then work in this process, and whatever killed the worker would kill the run. Arrays are sent and not shared: a shared one
is read-only in the worker, which the kernel would be compiled anew for. A worker whose parent is gone ends itself.
"""

from __future__ import annotations

import os
import threading
import time
import warnings
from typing import Any

from ..errors import BackendError
from . import Facts, Found, Pool, Site, Tasks, Work

RETRIES, TASK_SECONDS, ORPHAN_SECONDS = 2, 3600.0, 1.0


def numbered(number: int, work: Work, task: tuple[object, ...]) -> tuple[int, Facts]:
    """A task's number and facts, from a worker that knows both."""
    return number, work(*task)


def end_with(parent: int) -> None:
    """Begin a thread that ends this process once `parent` is no longer its parent."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(ORPHAN_SECONDS)
        os._exit(1)

    if hasattr(os, "fork"):  # elsewhere a process keeps the number of a parent that is gone
        threading.Thread(target=watch, daemon=True, name="parent").start()


def _end_workers() -> None:
    """End the processes that joblib would keep for the next call."""
    from joblib.externals.loky import reusable_executor

    if reusable_executor._executor is not None:
        reusable_executor._executor.shutdown(wait=True, kill_workers=True)


def _close(results: Any) -> None:
    """Call off what joblib has handed out; that something is called off needs no warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        results.close()


def _lost(killed: bool) -> BackendError:
    """Why no more is tried, in words."""
    if not killed:
        message = f"A worker process has finished nothing for {TASK_SECONDS:,.0f} seconds."
    else:
        message = (f"A worker process was killed {RETRIES + 1} times. Too little memory is the usual reason: use fewer jobs or "
                   "smaller chunks.")  # fmt: skip
    return BackendError(f"{message} Finished chunks are kept: run again with --resume.", key="--backend", value="loky")


def loky(pool: Pool, work: Work, tasks: Tasks, site: Site) -> Found:
    """Processes side by side. Errors: BackendError when workers are killed again and again, or hang."""
    from multiprocessing import TimeoutError as Late

    from joblib import Parallel, delayed, parallel_config
    from joblib.externals.loky.process_executor import BrokenProcessPool

    left, done = dict(enumerate(tasks)), False
    try:
        for attempt in range(RETRIES + 1):
            jobs = min(pool.jobs, max(2, pool.jobs >> attempt))
            try:
                with parallel_config(backend="loky", n_jobs=jobs, inner_max_num_threads=1, initializer=end_with,
                                     initargs=(os.getpid(),)):  # fmt: skip
                    results = Parallel(batch_size=1, return_as="generator_unordered", max_nbytes=None, timeout=TASK_SECONDS)(
                        delayed(numbered)(number, work, task) for number, task in list(left.items())
                    )
                    try:
                        for number, facts in results:
                            del left[number]
                            yield number, facts
                    finally:
                        _close(results)
                done = True
                return
            except BrokenProcessPool as error:
                if attempt == RETRIES:
                    raise _lost(killed=True) from error
            except Late as error:
                raise _lost(killed=False) from error
    finally:
        if not done:
            _end_workers()
