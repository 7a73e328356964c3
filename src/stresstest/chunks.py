"""One chunk of futures: what a worker needs for it, and how it is simulated, written and marked as done.

Workers write their own part files and return the chunk's marker, so that nothing large travels.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ._jit import SOURCE_DIGEST
from .errors import BackendError
from .results import store

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Chunk:
    """Futures first … first + futures − 1 of a scenario; `with_years` when they get rows in the yearly table."""

    scenario: str
    first: int
    futures: int
    with_years: bool


@dataclass(frozen=True)
class Job:
    """What a worker needs for the chunks of one scenario; it can be pickled. `digest` is that of the run's sources."""

    folder: str
    labels: store.Labels
    inputs: Any
    simulate: Callable[[Any, int, int, bool], Arrays]
    digest: str = SOURCE_DIGEST


def work_chunk(job: Job, chunk: Chunk) -> dict[str, Any]:
    """Simulate a chunk and write its parts; return its marker and the seconds that both took.

    Errors: BackendError when the sources were changed between the start of the run and that of this worker.
    """
    if job.digest != SOURCE_DIGEST:
        raise BackendError("A worker has another version of the stresstest sources than the run that started it.",
                           value=SOURCE_DIGEST[:12], expected=job.digest[:12])  # fmt: skip
    began = time.perf_counter()
    out, yearly, nature = job.simulate(job.inputs, chunk.first, chunk.futures, chunk.with_years)
    simulated = time.perf_counter()
    marker = store.write_chunk(Path(job.folder), job.labels, chunk.first, out, yearly, nature)
    return {**marker, "simulate": simulated - began, "write": time.perf_counter() - simulated}
