"""Threads write while others compute: never more computing than jobs, never more under way than two a job, errors as they are."""

from __future__ import annotations

import threading
import time
from contextlib import closing

import pytest

from stresstest.backends import Pool, work_through
from stresstest.backends.here import THREADS_PER_JOB, computing

pytestmark = pytest.mark.unit


class Workshop:
    """Counts who computes and who is under way; `write` is what is done after computing."""

    def __init__(self, write=lambda number: None):
        self.lock, self.now, self.most = threading.Lock(), {"computing": 0, "under way": 0}, {"computing": 0, "under way": 0}
        self.computed, self.write = [], write

    def _enter(self, what, change):
        with self.lock:
            self.now[what] += change
            self.most[what] = max(self.most[what], self.now[what])

    def work(self, number):
        """Compute a little, then write."""
        self._enter("under way", 1)
        try:
            with computing():
                self._enter("computing", 1)
                time.sleep(0.002)
                self.computed.append(number)
                self._enter("computing", -1)
            self.write(number)
        finally:
            self._enter("under way", -1)
        return {"number": number}


def through(shop, count, jobs, **options):
    """The numbers that come back."""
    tasks = [(k,) for k in range(count)]
    with closing(work_through(Pool("threading", jobs), shop.work, tasks, **options)) as found:
        return sorted(facts["number"] for _, facts in found)


def stray():
    """Threads of a pool that are still there."""
    return [t.name for t in threading.enumerate() if t.name.startswith("chunk")]


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_no_more_compute_than_jobs_and_no_more_are_under_way_than_two_a_job(jobs):
    """Memory is bounded by the jobs, however slow the writing and however many tasks."""
    shop = Workshop(lambda number: time.sleep(0.004))
    assert through(shop, 40, jobs, overlaps=True) == list(range(40))
    assert shop.most["computing"] <= jobs
    assert jobs < shop.most["under way"] <= THREADS_PER_JOB * jobs
    assert stray() == []


def test_one_writes_while_another_computes():
    """With one job, the first task's writing waits for the second's computing, and is not kept waiting."""
    second = threading.Event()
    shop = Workshop()

    def write(number):
        if number == 0:
            assert second.wait(10.0), "nothing was computed beside the writing"
        if number == 1:
            second.set()

    shop.write = write
    assert through(shop, 2, 1, overlaps=True) == [0, 1]


def test_work_that_does_not_overlap_has_as_many_threads_as_jobs():
    """Without `overlaps` nothing more is under way than there are jobs, and computing() asks nothing."""
    shop = Workshop(lambda number: time.sleep(0.004))
    assert through(shop, 20, 2) == list(range(20))
    assert shop.most["under way"] <= 2


def test_an_error_in_writing_is_raised_as_it_is_and_calls_off_the_rest():
    """The first failure reaches the caller; what had not begun to compute is not computed."""

    def write(number):
        if number == 2:
            raise OSError(28, "No space left on device")
        time.sleep(0.01)

    shop = Workshop(write)
    with pytest.raises(OSError, match="No space left"):
        through(shop, 200, 2, overlaps=True)
    assert len(shop.computed) < 40
    assert stray() == []


def test_closing_in_the_midst_leaves_no_thread():
    """Who stops taking results ends the threads, and no further task computes."""
    shop = Workshop(lambda number: time.sleep(0.005))
    found = work_through(Pool("threading", 2), shop.work, [(k,) for k in range(500)], overlaps=True)
    next(found)
    found.close()
    computed = len(shop.computed)
    assert stray() == []
    time.sleep(0.05)
    assert len(shop.computed) == computed < 50


def test_computing_outside_a_pool_asks_nothing():
    """A process or a plain call has no slots to wait for: it goes on at once, also within itself and beside a pool at work."""
    shop, reached = Workshop(lambda number: time.sleep(0.005)), []
    found = work_through(Pool("threading", 1), shop.work, [(k,) for k in range(20)], overlaps=True)
    next(found)

    def plainly() -> None:
        with computing():
            reached.append("outer")
            with computing():
                reached.append("inner")

    aside = threading.Thread(target=plainly, daemon=True)
    aside.start()
    aside.join(10.0)
    found.close()
    assert reached == ["outer", "inner"]
