"""Work in processes of this machine, by joblib's loky.

loky gives up when one process is killed: the missing tasks are tried twice more, with half the workers. Never with one: joblib
would then work in this process, and whatever killed the worker would kill the run. Arrays are sent and not shared: a shared one is
read-only in the worker, which the kernel would be compiled anew for.
"""

from __future__ import annotations

from ..errors import BackendError
from . import Facts, Found, Pool, Tasks, Work

RETRIES = 2


def numbered(number: int, work: Work, task: tuple[object, ...]) -> tuple[int, Facts]:
    """A task's number and facts, from a worker that knows both."""
    return number, work(*task)


def loky(pool: Pool, work: Work, tasks: Tasks) -> Found:
    """Processes side by side. Errors: BackendError when workers are killed again and again."""
    from joblib import Parallel, delayed, parallel_config
    from joblib.externals.loky.process_executor import BrokenProcessPool

    left = dict(enumerate(tasks))
    for attempt in range(RETRIES + 1):
        jobs = min(pool.jobs, max(2, pool.jobs >> attempt))
        try:
            with parallel_config(backend="loky", n_jobs=jobs, inner_max_num_threads=1):
                results = Parallel(batch_size=1, return_as="generator_unordered", max_nbytes=None)(
                    delayed(numbered)(number, work, task) for number, task in list(left.items())
                )
                for number, facts in results:
                    del left[number]
                    yield number, facts
            return
        except BrokenProcessPool as error:
            if attempt == RETRIES:
                raise BackendError(
                    f"A worker process was killed {RETRIES + 1} times. Too little memory is the usual reason: use "
                    "fewer jobs or smaller chunks. Finished chunks are kept: run again with --resume.",
                    key="--backend", value="loky",
                ) from error  # fmt: skip
