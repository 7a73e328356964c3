"""Work in this process: one task after the other, or several in threads (the kernel holds no interpreter lock).

Writing is hidden behind computing. Work that computes within `computing()` and writes outside of it is done by twice as many
threads as there are jobs, of which no more than `jobs` compute: while one writes, or waits for the disk, another computes. There
is no other queue: no more than two tasks a job are under way, so that memory is bounded, and an error is the task's own.
"""

from __future__ import annotations

import threading as threads
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor, as_completed
from contextlib import contextmanager

from . import Found, Pool, Site, Tasks, Work

#: Threads for each job where work writes beside computing.
THREADS_PER_JOB = 2


class _Slots:
    """Who may compute: at most so many at once, and nobody once the work was called off."""

    def __init__(self, most: int) -> None:
        self.free, self.called_off = threads.Semaphore(most), False


class _Own(threads.local):
    """The slots of the pool that this thread belongs to."""

    slots: _Slots | None = None


_OWN = _Own()


@contextmanager
def computing() -> Iterator[None]:
    """Compute, once no more than the pool's jobs do. Outside a pool that overlaps there is nothing to wait for.

    Errors: CancelledError when the work was called off meanwhile.
    """
    if (slots := _OWN.slots) is None:
        yield
        return
    with slots.free:
        if slots.called_off:
            raise CancelledError
        yield


def sequential(pool: Pool, work: Work, tasks: Tasks, site: Site) -> Found:
    """One task after the other."""
    for number, task in enumerate(tasks):
        yield number, work(*task)


def _join(slots: _Slots | None) -> None:
    _OWN.slots = slots


def threading(pool: Pool, work: Work, tasks: Tasks, site: Site) -> Found:
    """Threads side by side. What waits is called off when one task fails or the caller stops."""
    slots = _Slots(pool.jobs) if site.overlaps else None
    count = pool.jobs * (THREADS_PER_JOB if slots else 1)
    pooled = ThreadPoolExecutor(count, thread_name_prefix="chunk", initializer=_join, initargs=(slots,))
    try:
        waiting = {pooled.submit(work, *task): number for number, task in enumerate(tasks)}
        for done in as_completed(waiting):
            yield waiting[done], done.result()
    finally:
        if slots is not None:
            slots.called_off = True
        pooled.shutdown(wait=True, cancel_futures=True)
