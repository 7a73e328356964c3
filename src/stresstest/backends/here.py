"""Work in this process: one task after the other, or several in threads (the kernel holds no interpreter lock)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed

from . import Found, Pool, Site, Tasks, Work


def sequential(pool: Pool, work: Work, tasks: Tasks, site: Site) -> Found:
    """One task after the other."""
    for number, task in enumerate(tasks):
        yield number, work(*task)


def threading(pool: Pool, work: Work, tasks: Tasks, site: Site) -> Found:
    """Threads side by side. What waits is called off when one task fails or the caller stops."""
    threads = ThreadPoolExecutor(pool.jobs, thread_name_prefix="chunk")
    try:
        waiting = {threads.submit(work, *task): number for number, task in enumerate(tasks)}
        for done in as_completed(waiting):
            yield waiting[done], done.result()
    finally:
        threads.shutdown(wait=True, cancel_futures=True)
