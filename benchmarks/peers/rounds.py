"""Rounds of the comparison: everything in turns in one process, in processor time, with this project's kernel beside each.

Processor time does not run while a neighbour has the processor. What still differs from minute to minute is how much a core does
in a second; a ratio of two samples that follow each other hardly knows of that, and the median of the rounds still less.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

import layers as Y
import numpy as np
import with_oasis as O
from model import Subject, apart

from stresstest.bench.timing import summary
from stresstest.errors import DataError

#: More standard errors than this between two tools' mean outcomes: they do not run the same model.
FARTHEST = 6.0
#: Relative difference that two totals of payments may have.
SAME_TOTAL = 1e-6
#: Cases that warm a tool up, and futures of the kernel for each sample.
WARM, FUTURES = 16, 65_536
#: Events of the small stream, samples of each event, futures of the simulation with layers.
SMALL, SAMPLES, LAYER_FUTURES = 20, 1_000, 32_768

Figures = dict[str, Any]
Work = Callable[[int], Any]


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds of this process, and what came of it."""
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def against(theirs: list[float], ours: list[float]) -> Figures:
    """Their time over ours as median, interval and quartiles; `candidate` theirs, `baseline` ours (µs or ns of one go)."""
    return asdict(summary([a / b for a, b in zip(theirs, ours, strict=True)], theirs, ours))


# ── the same model ──────────────────────────────────────────────────────────────────────────────────────────────────────
def works(subject: Subject, peers: dict[str, ModuleType]) -> dict[str, tuple[Work, Callable[[Any], np.ndarray] | None]]:
    """What is run, by name: a function of the number of cases, and how its outcomes are read (None: it has none)."""
    found: dict[str, tuple[Work, Any]] = {"plain Python loop, no framework": (subject.plain_loop, lambda out: out)}
    for name, tool in peers.items():
        for way in tool.WAYS:
            found[f"{name}, {way}"] = (
                lambda cases, tool=tool, way=way: tool.run(subject, cases, way),
                lambda out, tool=tool: tool.outcomes(out, subject.outcomes),
            )
        found[f"{name} alone, a model that does nothing"] = (tool.alone, None)
    return found


def compare_models(peers: dict[str, ModuleType], rounds: int, cases: int, say: Callable[[str], None]) -> Figures:
    """Microseconds of a case by tool, over those of a future of the kernel just before. Raises DataError for another model."""
    subject = Subject()
    own = subject.kernel(FUTURES)
    running = works(subject, peers)
    far = {}
    for name, (work, read) in running.items():
        say(f"warming {name}")
        found = work(cases if read else WARM)
        if read:
            far[name] = apart(own, read(found))
            if far[name] > FARTHEST:
                raise DataError(
                    f"{name} does not run the same model", key="standard errors", value=round(far[name], 1),
                    expected=f"mean outcomes within {FARTHEST} of the kernel's",
                )  # fmt: skip
    theirs: dict[str, list[float]] = {name: [] for name in running}
    ours: dict[str, list[float]] = {name: [] for name in running}
    for k in range(rounds):
        say(f"models, round {k + 1} of {rounds}")
        for name, (work, _) in running.items():
            ours[name].append(seconds(lambda: subject.kernel(FUTURES))[0] / FUTURES * 1e6)
            theirs[name].append(seconds(lambda work=work: work(cases))[0] / cases * 1e6)
    return {
        "normals": subject.normals, "uniforms": subject.uniforms, "outcomes": len(subject.outcomes),
        "years": subject.setting.years, "cases": cases, "futures": FUTURES, "standard_errors_apart": far,
        "tools": {name: against(theirs[name], ours[name]) for name in running},
    }  # fmt: skip


# ── layer terms ─────────────────────────────────────────────────────────────────────────────────────────────────────────
class Contest:
    """One programme on one set of losses, in both programs. `rows`: losses of the large stream; `parts`: where fmpy spent."""

    def __init__(self, programme: str, events: int, folder: Path, base: Any) -> None:
        self.programme, self.base = programme, base
        self.losses, small = Y.losses(events, SAMPLES), Y.losses(SMALL, SAMPLES)
        self.rows = self.losses.size
        self.module = O.Module(programme, folder, folder / "cache")
        self.module.give("small", small)
        self.module.give("large", self.losses)
        self.contract, self.tables = Y.contract(programme, folder), Y.tables(self.losses)
        self.simulated = Y.simulated(programme)
        self.nanoseconds: dict[str, list[float]] = {name: [] for name in ("fmpy", "settle", "compiled", "simulation")}
        self.start: list[float] = []
        self.parts: dict[str, list[float]] = {"terms": [], "writing": [], "whole": []}

    def settle(self) -> tuple[np.ndarray, float, float]:
        """Totals, processor seconds of the settlement, and of its compiled part."""
        return Y.settle(self.programme, self.contract, self.tables)

    def check(self) -> float:
        """Largest relative difference of a total between the two programs. Raises DataError where it is no rounding."""
        ours = self.settle()[0]
        self.module.run("large")
        sums = (self.module.totals(), Y.by_hand(self.programme, self.losses))
        worst = max(float(np.abs(ours / other - 1.0).max()) for other in sums)
        if not Y.moved(self.base, self.simulated):
            raise DataError("the clauses move no outcome", key=self.programme, expected="payments that the provider gets")
        if worst > SAME_TOTAL:
            raise DataError("the totals differ", key=self.programme, value=worst, expected=f"at most {SAME_TOTAL}")
        return worst

    def round(self) -> None:
        """One sample of each: nanoseconds of a row."""
        self.start.append(self.module.run("small")[0])
        spent = self.module.parts()
        for name, value in spent.items():
            self.parts[name].append(value / self.rows * 1e9)
        _, whole, compiled = self.settle()
        without = Y.simulation_seconds(self.base, LAYER_FUTURES)
        extra = Y.simulation_seconds(self.simulated, LAYER_FUTURES) - without
        lived = LAYER_FUTURES * self.base.years * Y.LOCATIONS
        for name, value, rows in (
            ("fmpy", spent["whole"], self.rows), ("settle", whole, self.rows), ("compiled", compiled, self.rows),
            ("simulation", extra, lived),
        ):  # fmt: skip
            self.nanoseconds[name].append(value / rows * 1e9)

    def figures(self) -> Figures:
        """Medians, ratios of oasislmf's time to ours, and where its time goes."""
        theirs = self.nanoseconds["fmpy"]
        parts = {name: float(np.median(values)) for name, values in self.parts.items()}
        ratios = {name: against(theirs, self.nanoseconds[name]) for name in ("settle", "compiled", "simulation")}
        return {"rows": self.rows, "start_seconds": float(np.median(self.start)), "parts_nanoseconds": parts, "ratios": ratios}


def compare_layers(folder: Path, rounds: int, events: int, say: Callable[[str], None]) -> Figures:
    """Nanoseconds of a row in oasislmf's financial module and here, for both programmes; the cold compile of `fmpy` apart."""
    base = Y.simulated(None)
    contests, found = {}, {}
    cold: dict[str, float] = {}
    for programme in Y.PROGRAMMES:
        say(f"layers: {programme}, compiling")
        contests[programme] = one = Contest(programme, events, folder, base)
        processor, wall = one.module.compile()
        cold = cold or {"processor_seconds": processor, "wall_seconds": wall}
        found[programme] = {"totals_apart": one.check()}
        for inputs in (base, one.simulated):
            Y.simulation_seconds(inputs, LAYER_FUTURES)
    for k in range(rounds):
        say(f"layers, round {k + 1} of {rounds}")
        for one in contests.values():
            one.round()
    for programme, one in contests.items():
        found[programme].update(one.figures())
    return {"cold": cold, "programmes": found}
