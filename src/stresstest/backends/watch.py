"""Whether a Dask cluster still lives: asked again and again from outside, so that nothing waits for the dead.

Dask's own patience is longer than a user's: five minutes for a worker that hangs, for ever for one that does not come. Nothing
here blocks: questions run on the client's own loop and are looked at about once a second.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from ..errors import BackendError

#: Seconds: between two looks, until the scheduler counts as lost, all workers count as lost, a worker counts as hanging.
LOOK, SCHEDULER_LOST, WORKERS_LOST, HANGS = 1.0, 20.0, 30.0, 40.0
#: Seconds without any finished task, after which work itself counts as hanging.
TASK_SECONDS = 3600.0
#: Seconds that closing or calling off may take.
CLOSE = 10.0
KEPT = "Finished chunks are kept: run again with --resume."


def lost(message: str, value: object = None, expected: str | None = None) -> BackendError:
    """The error for a cluster that cannot be worked with any longer."""
    return BackendError(f"{message} {KEPT}", key="--backend", value="dask" if value is None else value, expected=expected)


def bounded(action: Callable[[], Any]) -> None:
    """Do something that may hang or fail in a thread of its own, and wait CLOSE seconds at most."""

    def quietly() -> None:
        with suppress(Exception):
            action()

    thread = threading.Thread(target=quietly, daemon=True, name="close")
    thread.start()
    thread.join(CLOSE)


class Watch:
    """Looks after one client's cluster. `workers` are the addresses of those that run, with their number of threads."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._question: Future[Any] | None = None
        now = time.monotonic()
        self._answered = self._peopled = self.progressed = now
        self._asked = 0.0
        self._alive: dict[str, tuple[float, float]] = {}
        self.workers: dict[str, int] = {}
        self.hosts: dict[str, str] = {}

    def begin(self, coroutine: Coroutine[Any, Any, Any]) -> Future[Any]:
        """Run a coroutine on the client's loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._client.loop.asyncio_loop)

    def wait(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """What a coroutine returns, while the cluster is looked after. Errors: BackendError when it is lost meanwhile."""
        from distributed.comm.core import CommClosedError

        asked = self.begin(coroutine)
        try:
            while True:
                try:
                    return asked.result(timeout=LOOK)
                except CommClosedError as error:  # in the midst of an answer
                    raise lost("The Dask scheduler is lost or does not answer.", self._client_address()) from error
                except TimeoutError:
                    if asked.done():
                        raise
                    self.look()
        finally:
            asked.cancel()

    def look(self) -> None:
        """Ask the scheduler about its workers and judge the last answer. Errors: BackendError when the cluster is lost."""
        now = time.monotonic()
        self._hear(now)
        if self._client.status in ("closed", "closing") or now - self._answered > SCHEDULER_LOST:
            raise lost("The Dask scheduler is lost or does not answer.", self._client_address())
        if now - self._peopled > WORKERS_LOST:
            raise lost("No Dask worker is left that runs: all are lost, or paused for want of memory.")
        for address, (_, since) in self._alive.items():
            if now - since > HANGS:
                raise lost(f"The Dask worker {address} hangs: no sign of life for {HANGS:.0f} seconds.", address,
                           "end that worker; the others go on")  # fmt: skip
        if now - self.progressed > TASK_SECONDS:
            raise lost(f"The Dask workers have finished nothing for {TASK_SECONDS:,.0f} seconds.")

    def peopled(self) -> None:
        """Give a cluster that has no worker yet its full patience again."""
        self._peopled = time.monotonic()

    def _client_address(self) -> str:
        """The scheduler's address, as far as it is known."""
        started = getattr(self._client, "_start_arg", None)
        return str(started if isinstance(started, str) else getattr(started, "scheduler_address", "dask"))

    def _hear(self, now: float) -> None:
        """Take in an answer that has come; ask anew when none is awaited."""
        if self._question is not None and self._question.done():
            question, self._question = self._question, None
            if not question.cancelled() and question.exception() is None:
                self._answered = now
                self._take(question.result()["workers"], now)
        if self._question is None and now - self._asked >= LOOK and self._client.scheduler is not None:
            self._asked, self._question = now, self.begin(self._identity())

    async def _identity(self) -> dict[str, Any]:
        """The scheduler's account of itself, with every worker."""
        return dict(await self._client.scheduler.identity(n_workers=-1))

    def _take(self, workers: dict[str, dict[str, Any]], now: float) -> None:
        """Note who runs, and since when each has shown no new sign of life (by the scheduler's clock: it need not be ours)."""
        self.workers = {k: int(worker["nthreads"]) for k, worker in workers.items() if worker.get("status") == "running"}
        self.hosts = {k: str(worker["host"]) for k, worker in workers.items()}
        if self.workers:
            self._peopled = now
        before = self._alive
        self._alive = {}
        for address, worker in workers.items():
            seen, since = before.get(address, (0.0, now))
            self._alive[address] = (worker["last_seen"], since if seen == worker["last_seen"] else now)
