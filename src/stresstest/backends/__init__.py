"""How pieces of work are worked through: one after the other, or side by side in threads, processes or a Dask cluster.

A back-end knows nothing of futures. It takes a function that can be pickled by name and a list of argument tuples, and hands back
(number of the task, what the function returned) as tasks finish, in any order. Functions return small facts and write large
things themselves, so that nothing large travels.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import ConfigError, nearest

Facts = dict[str, Any]
Work = Callable[..., Facts]
Tasks = Sequence[tuple[Any, ...]]
Found = Generator[tuple[int, Facts], None, None]

NAMES = ("threading", "sequential", "loky", "dask")


@dataclass(frozen=True)
class Pool:
    """Who does the work: back-end, how many jobs side by side, and for Dask the scheduler's address ("" starts one here)."""

    backend: str = "threading"
    jobs: int = 1
    scheduler: str = ""

    @property
    def shares_memory(self) -> bool:
        """Whether the workers live in this process."""
        return self.backend in ("threading", "sequential")


def require_backend(name: str) -> None:
    """Errors: ConfigError for a back-end that there is not, with the nearest name."""
    if name not in NAMES:
        raise ConfigError("There is no such back-end.", key="--backend", value=name, expected=", ".join(NAMES),
                          nearest=nearest(name, NAMES))  # fmt: skip


def work_through(pool: Pool, work: Work, tasks: Tasks, warm: Callable[[], Any] | None = None) -> Found:
    """Do every task; yield (its number, its facts) as tasks finish. `warm` compiles once here before processes begin.

    Errors: BackendError when workers are lost for good; whatever `work` raises.
    """
    require_backend(pool.backend)
    if warm is not None and tasks and not pool.shares_memory:
        warm()
    if pool.backend == "sequential":
        from .here import sequential as chosen
    elif pool.backend == "threading":
        from .here import threading as chosen
    elif pool.backend == "loky":
        from .processes import loky as chosen
    else:
        from .cluster import dask as chosen
    return chosen(pool, work, tasks)
