"""Before the work: whether a Dask cluster has workers enough, whether each is fit, and the kernel compiled on each machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from .._jit import SOURCE_DIGEST
from ..errors import BackendError
from . import Site
from .preflight import SAME, envelope, own_answer, question, remarks, unfit, wrong_with
from .shift import packed
from .watch import LOOK, Watch

#: Seconds to wait for a first and for a second worker, for all their answers, and for the kernel.
FIRST, SECOND, ANSWER, COMPILE = 50.0, 15.0, 40.0, 900.0
#: Short tasks that make a cluster that grows on demand start its workers.
NAPS = 40


def too_small(slots: int, key: str) -> BackendError:
    """The error for a cluster that does nothing side by side."""
    return BackendError("A Dask cluster needs two workers or more: one alone does nothing side by side.", key=key, value=slots,
                        expected="2 or more workers, or --backend sequential")  # fmt: skip


def gather_workers(client: Any, watch: Watch) -> None:
    """Wait until two tasks can be done side by side. Errors: BackendError when no worker comes, or one only."""
    naps: list[Any] = []
    began = time.monotonic()
    while (slots := sum(watch.workers.values())) < 2:
        if slots and time.monotonic() - began > SECOND:
            raise too_small(slots, "--scheduler")
        if time.monotonic() - began > FIRST:
            raise BackendError("The Dask cluster has no worker.", key="--scheduler", value=client.scheduler.address,
                               expected="two workers or more: dask worker ADDRESS --nworkers 2 --nthreads 1")  # fmt: skip
        if not naps and time.monotonic() - began > 2 * LOOK:
            naps = [client.submit(time.sleep, 0.1, pure=False) for _ in range(NAPS)]
        watch.peopled()
        watch.look()
        time.sleep(LOOK / 10)


async def _answer(client: Any, address: str, arguments: tuple[str, str, str], python: str) -> dict[str, Any]:
    """What one worker answers. Its Python comes first: code that is pickled by value is not sent to another one."""
    versions = await client.scheduler.broadcast(msg={"op": "versions", "packages": []}, workers=[address])
    found = ".".join(str(versions[address]["host"]["python"]).split(".")[:3])
    if found != python:
        return {"python": found}
    told = await client.run(question(), *arguments, workers=[address], on_error="return", asynchronous=True)
    answer = told[address]
    return answer if isinstance(answer, dict) else {"python": found, "missing": f"{type(answer).__name__}: {answer}"}


def check_workers(client: Any, watch: Watch, place: str, token: str, note: Callable[[str], None]) -> None:
    """Ask every worker at once. Errors: BackendError that names the first worker that is unfit or does not answer."""
    own, limit = own_answer(), time.monotonic() + ANSWER
    asked = {address: watch.begin(_answer(client, address, (SOURCE_DIGEST, place, token), own["python"]))
             for address in sorted(watch.workers)}  # fmt: skip
    answers = {}
    for address, question_ in asked.items():
        while not question_.done() and time.monotonic() < limit:
            watch.look()
            time.sleep(LOOK / 20)
        if not question_.done():
            raise unfit(address, (f"has not answered for {ANSWER:.0f} seconds", "a worker that runs; end it and try again"))
        if question_.exception() is not None:
            if address not in watch.workers:
                continue  # it left meanwhile
            raise unfit(address, (f"cannot be asked ({question_.exception()})", SAME))
        answers[address] = question_.result()
        if (wrong := wrong_with(answers[address], own)) is not None:
            raise unfit(address, wrong)
    for remark in remarks(answers, own, {address: watch.workers.get(address, 1) for address in answers} or {"": 1}):
        note(remark)


def compile_everywhere(client: Any, watch: Watch, site: Site) -> None:
    """Compile on one machine, then on all others at once: whether or not they share their cache, none is compiled in a race."""
    if site.warm is None:
        return
    one_each = list({watch.hosts[address]: address for address in sorted(watch.workers)}.values())
    content = packed(*site.warm)
    for addresses in (one_each[:1], one_each[1:]):
        calls = {k: client.submit(envelope(), 0, SOURCE_DIGEST, "", "", content, workers=[k], pure=False) for k in addresses}
        limit = time.monotonic() + COMPILE
        for address, call in calls.items():
            while not call.done() and address in watch.workers and time.monotonic() < limit:
                watch.look()
                time.sleep(LOOK / 20)
            if call.status == "error":
                raise unfit(address, (f"cannot compile the kernel ({call.exception(timeout=ANSWER)})", SAME))
    watch.progressed = time.monotonic()
