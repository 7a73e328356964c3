"""Handing tasks to a Dask cluster and taking in what is done, while the cluster is looked after."""

from __future__ import annotations

import pickle
import queue
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from .._jit import SOURCE_DIGEST
from . import Found, Tasks, Work
from .preflight import SAME, envelope
from .watch import LOOK, Watch, bounded, lost

#: Tasks in flight for each slot.
AHEAD = 3


def packed(work: Callable[..., Any], task: tuple[Any, ...]) -> bytes:
    """A function and its arguments as bytes, which the scheduler hands on unopened."""
    import cloudpickle

    return bytes(cloudpickle.dumps((work, task), protocol=pickle.HIGHEST_PROTOCOL))


def _short(task: tuple[Any, ...]) -> str:
    """What tells one task from another: its last argument."""
    text = repr(task[-1]) if task else "()"
    return text if len(text) <= 120 else f"{text[:120]}…"


class Shift:
    """One list of tasks on one cluster: keeps every worker busy and hands back what is done, looking after the cluster.

    Arguments: `place` and `token` are what workers that come later must see before their first task.
    """

    def __init__(self, client: Any, watch: Watch, work: Work, tasks: Tasks, place: str, token: str) -> None:
        self._client, self._watch, self._work, self._tasks = client, watch, work, tasks
        self._common = (SOURCE_DIGEST, place, token)
        self._numbers: dict[Any, int] = {}
        self._next = 0
        self._done: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def results(self) -> Found:
        """(number, facts) of every task. Errors: BackendError when the cluster is lost; whatever the work raises."""
        try:
            while self._fill() or self._numbers:
                ready = self._ready()
                self._watch.look()
                if not ready:
                    continue
                found = self._watch.wait(self._client.gather(ready, asynchronous=True))
                self._watch.progressed = time.monotonic()
                for future in ready:
                    del self._numbers[future]
                for number, facts in found:
                    if number < 0:
                        raise lost(f"A Dask worker came later and is not fit for the work: {facts}.", expected=SAME)
                    yield number, facts
        finally:
            self._call_off()

    def _fill(self) -> bool:
        """Hand out tasks until enough are in flight; whether any was."""
        wanted, before = max(2, AHEAD * sum(self._watch.workers.values())), self._next
        while self._next < len(self._tasks) and len(self._numbers) < wanted:
            content = packed(self._work, self._tasks[self._next])
            future = self._client.submit(envelope(), self._next, *self._common, content, pure=False)
            self._numbers[future] = self._next
            self._next += 1
            future.add_done_callback(self._done.put)
        return self._next > before

    def _ready(self) -> list[Any]:
        """Finished tasks whose results are there; waits LOOK seconds for a first one. Errors: as for `results`."""
        batch = []
        with suppress(queue.Empty):
            batch.append(self._done.get(timeout=LOOK))
            while True:
                batch.append(self._done.get_nowait())
        ready = []
        for future in batch:
            if future.status == "finished":
                ready.append(future)
            elif future.status == "error":
                self._fail(future)
            elif future.status == "cancelled":
                raise lost("The Dask scheduler is lost, or has called off the work.")
            else:  # its worker died after it had finished: Dask does it again
                self._done.put(future)
                time.sleep(LOOK / 20)
        return ready

    def _fail(self, future: Any) -> None:
        """Raise what a task raised; in words, where its workers died of it."""
        from distributed.scheduler import KilledWorker

        try:
            self._watch.wait(self._client.gather([future], asynchronous=True))
        except KilledWorker as error:
            task = _short(self._tasks[self._numbers[future]])
            raise lost(f"Every Dask worker that began one task was lost, {error.last_worker.address} last. Too little memory is "
                       "the usual reason: use smaller chunks.", task) from error  # fmt: skip

    def _call_off(self) -> None:
        """Call off what is in flight, as far as the cluster still listens."""
        left, self._numbers = list(self._numbers), {}
        if left and self._client.status == "running":
            bounded(partial(self._client.cancel, left, force=True))
