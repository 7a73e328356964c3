"""What is asked of every worker of a cluster before it works, and what a worker asks itself before its first task.

What is sent carries its own code (it is pickled by value), so that a worker or scheduler without this package answers in words
instead of failing to read the question. The answers are compared with this process: version and digest of the sources, numpy and
numba to the last digit, for other versions may give other bits.
"""

from __future__ import annotations

import os
import pickle
import platform
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .._jit import SOURCE_DIGEST
from ..errors import BackendError
from ..results.provenance import processor

SAME = "the same version of stresstest, numpy, numba and Python on every worker: use one image or environment"
SHARED = "a folder that every worker sees under this path (shared storage), or --exchange with the URL of an object storage"

Answer = dict[str, Any]


# ── asked before the work ──────────────────────────────────────────────────────────────────────────────────────────
def question() -> Callable[..., Answer]:
    """The function that workers are sent: what they have, and what is missing, as text and numbers."""

    def answer(digest: str, place: str, token: str) -> dict[str, Any]:
        import os
        import platform

        told: dict[str, Any] = {"host": platform.node(), "pid": os.getpid(), "python": platform.python_version()}
        try:
            from importlib.metadata import version

            told |= {"numba": version("numba"), "numpy": version("numpy")}
            import stresstest
            from stresstest._jit import SOURCE_DIGEST
        except Exception as error:  # whatever an unfit machine raises is the answer
            return {**told, "missing": f"{type(error).__name__}: {error}"}
        told |= {"stresstest": stresstest.__version__, "digest": SOURCE_DIGEST}
        if digest == SOURCE_DIGEST:
            from stresstest.backends.preflight import look

            told |= look(place, token)
        return told

    return answer


def own_answer() -> Answer:
    """What this process would answer."""
    return dict(question()(SOURCE_DIGEST, "", ""))


def look(place: str, token: str) -> Answer:
    """Whether this process reads the token that the run left at `place` (a folder or URL) and may write beside it.

    Returns the kind of processor that is compiled for, and {"unseen": the reason} where something is amiss.
    """
    told = {"processor": os.environ.get("NUMBA_CPU_NAME") or processor()}
    try:
        if "://" in place:
            from .storage import try_url

            try_url(place, token)
        elif place:
            _try_folder(Path(place), token)
    except Exception as error:  # a storage may raise anything; the reason travels as text
        told["unseen"] = f"{type(error).__name__}: {error}"
    return told


@contextmanager
def token_at(place: str) -> Iterator[str]:
    """The name of a small file that lies at `place` (a folder or URL) as long as the context lasts."""
    token = f".token-{platform.node()}-{os.getpid()}.draft"
    if not place:
        yield token
    elif "://" in place:
        from .storage import Storage

        storage = Storage(place)
        storage.write(token, b"seen")
        try:
            yield token
        finally:
            storage.remove([token])
    else:
        path = Path(place) / token
        path.write_bytes(b"seen")
        try:
            yield token
        finally:
            path.unlink(missing_ok=True)


def _try_folder(folder: Path, token: str) -> None:
    """Read the token and write a file of this process beside it. Errors: OSError."""
    (folder / token).read_bytes()
    own = folder / f".{platform.node()}-{os.getpid()}-{token.lstrip('.')}"
    own.write_bytes(b"")
    own.unlink()


def wrong_with(answer: Mapping[str, Any], own: Mapping[str, Any]) -> tuple[str, str] | None:
    """(what is wrong, what was expected) with a worker that answered so; None when it is fit for the work."""
    if answer["python"] != own["python"]:
        return f"has Python {answer['python']} and not {own['python']}", SAME
    if "missing" in answer:
        return f"lacks the stresstest package or one that it needs ({answer['missing']})", SAME
    for name in ("stresstest", "numba", "numpy"):
        if answer[name] != own[name]:
            return f"has {name} {answer[name]} and not {own[name]}", SAME
    if answer["digest"] != own["digest"]:
        return f"has other sources of stresstest {own['stresstest']} ({answer['digest'][:12]}, not {own['digest'][:12]})", SAME
    if "unseen" in answer:
        return f"cannot use the run's folder ({answer['unseen']})", SHARED
    return None


def unfit(address: str, wrong: tuple[str, str]) -> BackendError:
    """The error that names a worker and what is wrong with it."""
    return BackendError(f"The Dask worker {address} {wrong[0]}.", key="--backend", value="dask", expected=wrong[1])


def remarks(answers: Mapping[str, Answer], own: Answer, threads: Mapping[str, int]) -> list[str]:
    """What a user should know of a cluster that is fit for the work."""
    told = []
    processors = sorted({str(answer["processor"]) for answer in answers.values()} | {str(own["processor"])})
    if len(processors) > 1:
        told.append(f"Processors of several kinds ({', '.join(processors)}): results may agree to rounding only. "
                    "NUMBA_CPU_NAME=generic on every machine makes the compiled code the same.")  # fmt: skip
    most = max(threads.values())
    if most > 1:
        told.append(f"Workers have up to {most} threads. One thread each is better: chunks in flight share a worker's memory.")
    return told


# ── asked again before a worker's first task, for workers that came later ──────────────────────────────────────────
_fit: set[tuple[str, str, str]] = set()


def envelope() -> Callable[..., tuple[int, Any]]:
    """The function that Dask is given for each task: it opens `content`, or says why it cannot."""

    def do(number: int, digest: str, place: str, token: str, content: bytes) -> tuple[int, Any]:
        from distributed import get_worker

        try:
            from stresstest.backends.preflight import do_task
        except Exception as error:
            reason = f"lacks the stresstest package or one that it needs ({type(error).__name__}: {error})"
            return -1 - number, f"{get_worker().address} {reason}"
        number, facts = do_task(number, digest, place, token, content)
        return number, facts if number >= 0 else f"{get_worker().address} {facts}"

    return do


def do_task(number: int, digest: str, place: str, token: str, content: bytes) -> tuple[int, Any]:
    """(number, facts) of a pickled (work, task); (−1 − number, reason) from a worker that is unfit."""
    if digest != SOURCE_DIGEST:
        return -1 - number, f"has other sources of stresstest ({SOURCE_DIGEST[:12]}, not {digest[:12]})"
    if (digest, place, token) not in _fit:
        told = look(place, token)
        if "unseen" in told:
            return -1 - number, f"cannot use the run's folder ({told['unseen']})"
        _fit.add((digest, place, token))
    work, task = pickle.loads(content)
    return number, work(*task)
