"""One chunk of futures: how futures are cut into chunks, and how one is simulated, written and marked as done.

Workers write their own part files and return the chunk's marker, so that nothing large travels. A run that keeps only some
futures sums up all of them (results/condense.py): chunks then lie within stretches, each of which is joined when it is whole.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from . import layout as L
from ._jit import SOURCE_DIGEST
from .backends.here import computing
from .errors import BackendError
from .results import condense, condensed, store

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray]

#: Memory that all chunks in flight may take together, and how often each number of a job is held: a job has two chunks in
#: hand, and each may be there as array and as file, where both are being written.
CHUNK_BYTES, COPIES = 200_000_000, 4
#: Futures and strategies in a chunk: what is done once a chunk, some 5 ms, stays below a tenth of writing it.
LARGEST_CHUNK, SMALLEST_CHUNK, CHUNKS_PER_JOB = 65_536, 4_096, 4
YEAR_ROWS = 200_000


@dataclass(frozen=True)
class Chunk:
    """Futures first … first + futures − 1 of a scenario; `with_years` when they get rows in the yearly table, `kept` when they
    get rows at all; `stretch` the first future and the number of futures of the stretch that they lie in.
    """

    scenario: str
    first: int
    futures: int
    with_years: bool
    kept: bool = True
    stretch: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Job:
    """What a worker needs for the chunks of one scenario; it can be pickled. `digest` is that of the run's sources.

    `condenses`: all futures are summed up; `events` are the hurdles to be counted then.
    """

    folder: str
    labels: store.Labels
    inputs: Any
    simulate: Callable[[Any, int, int, bool], Arrays]
    digest: str = SOURCE_DIGEST
    condenses: bool = False
    events: tuple[condense.Event, ...] = ()


# ── cutting ────────────────────────────────────────────────────────────────────────────────────────────────────────
def default_chunk(rows: int, strategies: int, jobs: int) -> int:
    """Futures in a chunk: a few chunks for each job, within memory, less than a second's work, in whole blocks.

    A future takes 8 bytes for each outcome, strategy and column of nature, COPIES times over.
    """
    each = 8 * COPIES * ((len(L.OUTCOMES) + 6) * strategies + len(L.NATURE) + len(L.TAGS))
    within = min(LARGEST_CHUNK // strategies, CHUNK_BYTES // (each * jobs))
    fair = max(SMALLEST_CHUNK, -(-rows // (CHUNKS_PER_JOB * jobs)))
    return max(L.BLOCK, min(within, fair) // L.BLOCK * L.BLOCK)


def kept_futures(futures: int, keep: float) -> int:
    """How many of the first futures are kept in full."""
    return futures if keep >= 1.0 else min(futures, max(1, math.ceil(keep * futures - 1e-9)))


def plan_chunks(study: Any, strategies: int, chunk: int, keep: float = 1.0) -> list[Chunk]:
    """Every chunk of the study in order. Futures with yearly rows have chunks of their own, of at most YEAR_ROWS."""
    yearly_chunk = min(chunk, max(L.BLOCK, YEAR_ROWS // (strategies * study.years) // L.BLOCK * L.BLOCK))
    if keep < 1.0:
        chunk, yearly_chunk = (-(-size // condense.CELL) * condense.CELL for size in (chunk, yearly_chunk))
    plan: list[Chunk] = []
    for scenario in study.scenarios:
        rows = kept_futures(scenario.futures, keep) + 1
        with_years = min(rows, study.years_futures + 1)
        regions = ((0, with_years, yearly_chunk, True, True), (with_years, rows, chunk, False, True),
                   (rows, scenario.futures + 1, chunk, False, False))  # fmt: skip
        for start, stop, size, yearly, kept in regions:
            for begin, end in _stretches(start, stop):
                plan += [Chunk(scenario.name, first, min(size, end - first), yearly, kept, (begin, end - begin))
                         for first in range(begin, end, size)]  # fmt: skip
    return plan


def _stretches(start: int, stop: int) -> Iterator[tuple[int, int]]:
    for first in range(start, stop, condense.STRETCH):
        yield first, min(first + condense.STRETCH, stop)


# ── doing ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def work_chunk(job: Job, chunk: Chunk) -> dict[str, Any]:
    """Simulate a chunk and write its parts, as others simulate; return its marker and the seconds that both took.

    Errors: BackendError when the sources were changed between the start of the run and that of this worker; RunError for a
    number that is not finite.
    """
    if job.digest != SOURCE_DIGEST:
        raise BackendError("A worker has another version of the stresstest sources than the run that started it.",
                           value=SOURCE_DIGEST[:12], expected=job.digest[:12])  # fmt: skip
    folder = Path(job.folder)
    with computing():
        began = time.perf_counter()
        out, yearly, nature = job.simulate(job.inputs, chunk.first, chunk.futures, chunk.with_years)
        simulated = time.perf_counter()
    piece = None
    if job.condenses and has_drawn(chunk):
        store.require_finite(job.labels, chunk.first, out, yearly, nature)
        found = condense.condense(chunk.first, out, nature, len(job.labels.year_labels), job.events)
        piece = condensed.write_piece(folder, chunk.scenario, chunk.first, found)
    marker = store.write_chunk(folder, job.labels, chunk.first, out, yearly, nature, kept=chunk.kept, piece=piece)
    return {**marker, "simulate": simulated - began, "write": time.perf_counter() - simulated}


def has_drawn(chunk: Chunk) -> bool:
    """Whether a chunk has more than the central future, which is in no sum."""
    return chunk.first + chunk.futures > 1


def done_before(folder: Path, chunk: Chunk, folding: Folding) -> dict[str, Any] | None:
    """The marker of a chunk that needs no more work; None for one that is to be done."""
    condenses = folding.condenses and has_drawn(chunk)
    folded = condenses and folding.is_folded(chunk)
    if folded and not chunk.kept:
        return {"scenario": chunk.scenario, "first": chunk.first, "futures": chunk.futures, "files": {}, "piece": None}
    marker = store.read_marker(folder, chunk.scenario, chunk.first, chunk.futures, chunk.with_years, chunk.kept)
    if marker is None or not condenses:
        return marker
    if folded:
        return {**marker, "piece": None}
    return marker if condensed.is_there(folder, marker.get("piece")) else None


class Folding:
    """Joins each stretch of condensed futures when the last of its chunks is done."""

    def __init__(self, folder: Path, plan: Sequence[Chunk]) -> None:
        self.folder, self.condenses = folder, bool(plan)
        plan = [chunk for chunk in plan if has_drawn(chunk)]
        self.folded: dict[tuple[str, tuple[int, int]], bool] = {}
        self.waiting: dict[tuple[str, tuple[int, int]], dict[int, dict[str, Any] | None]] = {}
        for chunk in plan:
            self.waiting.setdefault((chunk.scenario, chunk.stretch), {})[chunk.first] = None
        self.stretches = {(chunk.scenario, chunk.first): chunk.stretch for chunk in plan}
        self.markers = {(chunk.scenario, chunk.first) for chunk in plan if not chunk.kept}

    @property
    def firsts(self) -> dict[str, list[int]]:
        """The first future of every stretch, by scenario."""
        found: dict[str, list[int]] = {}
        for scenario, (first, _) in dict.fromkeys((s, stretch) for (s, _), stretch in self.stretches.items()):
            found.setdefault(scenario, []).append(first)
        return found

    def is_folded(self, chunk: Chunk) -> bool:
        """Whether the stretch of a chunk was joined before, which is looked up once."""
        key = chunk.scenario, chunk.stretch
        if key not in self.folded:
            self.folded[key] = condensed.is_folded(self.folder, chunk.scenario, *chunk.stretch)
        return self.folded[key]

    def add(self, marker: dict[str, Any]) -> None:
        """Take in the marker of a finished chunk. Errors: OSError when the disk refuses."""
        scenario, first = marker["scenario"], marker["first"]
        if marker["piece"] is None:
            return
        key = scenario, self.stretches[scenario, first]
        own = self.waiting[key]
        own[first] = marker["piece"]
        pieces = [facts for facts in own.values() if facts is not None]
        if len(pieces) == len(own):
            condensed.fold(self.folder, scenario, *key[1], pieces)
            for other in own:
                if (scenario, other) in self.markers:
                    (self.folder / store.marker_path(scenario, other)).unlink(missing_ok=True)
            del self.waiting[key]
