"""Reading a run back while it is still being simulated, so that its hash and checks are known soon after its last future.

Chunks finish in any order; within a scenario their parts are read in the order of their futures, which is that of the hash. What
waits for its turn is a chunk's list of files, never its numbers: memory is one row group, however far ahead the simulation is.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from .census import Census

Marker = dict[str, Any]
#: Threads that take the digests of columns side by side, at most.
MOST_THREADS = 8


class Follower:
    """Reads the parts of finished chunks into a census, in a thread of its own or, with no `threads`, at once.

    Arguments: `folder` of the run; its `manifest`; `order` (scenario, first future) of every chunk that has rows, in order;
    `threads` for the digests of columns.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any], order: Iterable[tuple[str, int]], threads: int = 1) -> None:
        self.folder = folder
        self._pool = ThreadPoolExecutor(min(threads, MOST_THREADS), thread_name_prefix="digest") if threads > 1 else None
        self.census = Census(manifest, self._pool.map if self._pool else map)
        self._order: dict[str, deque[int]] = {}
        for scenario, first in order:
            self._order.setdefault(scenario, deque()).append(first)
        self._waiting: dict[tuple[str, int], list[str]] = {}
        self._queue: SimpleQueue[Marker | None] = SimpleQueue()
        self._error: BaseException | None = None
        self._stopped = False
        self._thread = threading.Thread(target=self._follow, daemon=True, name="follower") if threads else None
        if self._thread is not None:
            self._thread.start()

    def add(self, marker: Marker) -> None:
        """Hand over a finished chunk. Errors: what reading an earlier one has met, DataError for a table that cannot be read."""
        self._require_well()
        if not marker["files"]:
            return
        if self._thread is None:
            self._take(marker)
        else:
            self._queue.put(marker)

    def finish(self) -> Census:
        """Read what is left and return the census. Errors: as `add`."""
        self._end()
        self._require_well()
        return self.census

    def stop(self) -> None:
        """Read no more and end the threads; of no more use after that, nor is the census."""
        self._stopped = True
        self._end()
        if self._pool is not None:
            self._pool.shutdown()

    def _end(self) -> None:
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()

    def _require_well(self) -> None:
        if self._error is not None:
            raise self._error
        self.census.require_read()

    def _follow(self) -> None:
        try:
            while (marker := self._queue.get()) is not None:
                self._take(marker)
        except BaseException as error:  # raised where it is waited for
            self._error = error

    def _take(self, marker: Marker) -> None:
        """Read a chunk, and those that waited for it."""
        scenario = marker["scenario"]
        self._waiting[scenario, marker["first"]] = sorted(marker["files"])
        order = self._order[scenario]
        while order and (files := self._waiting.pop((scenario, order[0]), None)) is not None:
            order.popleft()
            for name in files:
                if self._stopped:
                    return
                self.census.read_part(name.split("/")[1], self.folder / name)
