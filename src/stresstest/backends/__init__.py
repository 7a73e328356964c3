"""How pieces of work are worked through: one after the other, or side by side in threads, processes or a Dask cluster.

A back-end knows nothing of futures. It takes a function that can be pickled by name and a list of argument tuples, and hands back
(number of the task, what the function returned) as tasks finish, in any order. Functions return small facts and write large
things themselves, so that nothing large travels. A task may be done twice, as clusters repeat what a lost worker was doing: work
must leave the same behind when it is repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ConfigError, nearest

Facts = dict[str, Any]
Work = Callable[..., Facts]
Tasks = Sequence[tuple[Any, ...]]
Found = Generator[tuple[int, Facts], None, None]
#: A function that can be pickled by name, and its arguments: called once where something is compiled before the work begins.
Warm = tuple[Callable[..., Any], tuple[Any, ...]]
Note = Callable[[str], None]

NAMES = ("threading", "sequential", "loky", "dask")


@dataclass(frozen=True)
class Pool:
    """Who does the work.

    Arguments: `backend` one of NAMES; `jobs` how many side by side; `scheduler` the address of a Dask cluster ("" starts one
    here); `exchange` the URL of a storage that workers put their files into when they do not see this disk ("" when they do).
    """

    backend: str = "threading"
    jobs: int = 1
    scheduler: str = ""
    exchange: str = ""

    @property
    def shares_memory(self) -> bool:
        """Whether the workers live in this process."""
        return self.backend in ("threading", "sequential")


@dataclass(frozen=True)
class Site:
    """Where the work is done: the folder that workers write to, what to compile first, and who is told what is noteworthy.

    `overlaps`: the work computes within `here.computing()` and may write while other work computes.
    """

    folder: str = ""
    warm: Warm | None = None
    note: Note = lambda text: None
    overlaps: bool = False


def require_backend(name: str) -> None:
    """Errors: ConfigError for a back-end that there is not, with the nearest name."""
    if name not in NAMES:
        raise ConfigError("There is no such back-end.", key="--backend", value=name, expected=", ".join(NAMES),
                          nearest=nearest(name, NAMES))  # fmt: skip


def work_through(
    pool: Pool, work: Work, tasks: Tasks, warm: Warm | None = None, *, folder: Path | str = "", note: Note | None = None,
    overlaps: bool = False,
) -> Found:  # fmt: skip
    """Do every task; yield (its number, its facts) as tasks finish.

    Arguments: `warm` (function, arguments) is called once before processes begin, on each machine of a cluster; `folder` is where
    the work writes, and every worker is asked whether it sees it; `note` is told what a user should know; `overlaps` says that
    the work computes within `here.computing()`, so that threads write beside. Closing the generator calls off what waits and ends
    the workers.

    Errors: ConfigError for a pool that makes no sense; BackendError when workers are unfit or lost; whatever `work` raises.
    """
    require_backend(pool.backend)
    site = Site(str(folder), warm, note or (lambda text: None), overlaps)
    if pool.scheduler and pool.backend != "dask":
        raise ConfigError("A scheduler's address is of use to the dask back-end only.", key="--scheduler", value=pool.scheduler,
                          expected="--backend dask")  # fmt: skip
    if pool.exchange:
        from .exchange import exchanged

        return exchanged(pool, work, tasks, site, _chosen)
    return _chosen(pool, work, tasks, site)


def _chosen(pool: Pool, work: Work, tasks: Tasks, site: Site) -> Found:
    """The back-end's own generator. What processes of this machine need is compiled here before they begin."""
    if not tasks:
        return
    if site.warm is not None and not pool.shares_memory and not pool.scheduler:
        function, arguments = site.warm
        function(*arguments)
    if pool.backend == "sequential":
        from .here import sequential as chosen
    elif pool.backend == "threading":
        from .here import threading as chosen
    elif pool.backend == "loky":
        from .processes import loky as chosen
    else:
        from .cluster import dask as chosen
    yield from chosen(pool, work, tasks, site)
