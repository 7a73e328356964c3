"""What the ratios are measured on: Dudley's shipped contract, the calibrated law, and numpy's generator beside it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

# The yardstick of all sampling is numpy's own generator, so it stands here and nowhere else: no result is drawn from it.
from numpy.random import SFC64, Generator  # noqa: TID251

from .. import layout as L
from ..levers import GAMING, LEVER_NUMBER, LEVERS
from ..strategy import Strategy
from ..study import KernelInputs, Study
from .timing import LEAST_SAMPLE, Work

STUDY = "dudley"
HONEST = {"effort": 1.0, "efficiency": 1.0}
#: Futures of one go of the kernel; futures that numpy, and plain Python, live in one go.
FUTURES, TWIN_FUTURES, LOOP_FUTURES = 4096, 4096, 4
COUNTERFACTUALS, SEARCHED = 8, 1024


@dataclass
class Setting:
    """How much is measured: pairs of samples (few of what is long), least seconds of a sample; `seconds` takes what is noted.

    What is expensive to make is made once.
    """

    rounds: int = 15
    least: float = LEAST_SAMPLE
    few_rounds: int = 7
    seconds: dict[str, float] = field(default_factory=dict)

    @cached_property
    def study(self) -> Study:
        """Dudley's shipped study."""
        from ..config.load import load_study

        return load_study(STUDY, ())

    @cached_property
    def honest(self) -> KernelInputs:
        """Its kernel inputs under honest work."""
        return self.study.kernel_inputs(self.study.scenarios[0], (Strategy("honest", HONEST),))

    @cached_property
    def gamed(self) -> KernelInputs:
        """Honest work, and on top of it each of eight levers by itself at half of its highest intensity."""
        levers = GAMING[:COUNTERFACTUALS]
        top = {name: LEVERS[LEVER_NUMBER[name]].highest for name in levers}
        strategies = [Strategy("honest", HONEST)] + [Strategy(name, {**HONEST, name: 0.5 * top[name]}) for name in levers]
        return replace(self.honest, strategies=np.array([one.table(self.study.years) for one in strategies]))

    @property
    def normals(self) -> int:
        """Standard normals that one future draws."""
        return drawn(self.honest, normal_only=True)

    @property
    def normals_of_plan(self) -> int:
        """Standard normals of the plan, those that nobody reads included."""
        _, slots, _, normal, _ = self.honest.design[4]
        return int(slots[normal].sum())

    @property
    def draws(self) -> int:
        """Numbers that one future draws: normals, and uniforms for events."""
        return drawn(self.honest, normal_only=False)


def drawn(inputs: KernelInputs, normal_only: bool) -> int:
    """How many numbers a future draws from the streams that somebody reads."""
    _, slots, _, normal, read = inputs.design[4]
    wanted = normal & read if normal_only else read
    return int(slots[wanted].sum())


def kernel(inputs: KernelInputs, futures: int = FUTURES) -> Work:
    """Draw and live `futures` futures: a whole row of outcomes for each strategy, into arrays that are there already."""
    from ..kernel.project import project

    count = len(inputs.strategies)
    out, yearly = np.zeros((count, len(L.OUTCOMES), futures)), np.zeros((count, 0, inputs.years, 0))
    nature = np.zeros((len(L.NATURE) + len(L.TAGS), futures))

    def run() -> None:
        project(
            1, futures, inputs.years, inputs.dimensions, inputs.design, inputs.law, inputs.world, inputs.deal, inputs.strategies,
            inputs.lever_rows, inputs.lever_keys, inputs.goals, inputs.edges, out, yearly, nature,
        )  # fmt: skip

    return run


def normals(count: int, futures: int = FUTURES) -> Work:
    """`count` standard normals for each of `futures` futures from SFC64, a block of futures at a time into one small array.

    Drawn so, numpy is at its best: nothing is allocated, and what is drawn stays in a core's own memory.
    """
    generator, room = Generator(SFC64(1)), np.empty((count, L.BLOCK))
    blocks = futures // L.BLOCK

    def run() -> None:
        for _ in range(blocks):
            generator.standard_normal(out=room)

    return run


def sampler(inputs: KernelInputs, futures: int = FUTURES) -> Work:
    """Draw `futures` futures block by block, axes included, and do nothing with them."""
    from .probes import run_sampler

    return lambda: run_sampler(1, futures, inputs.years, inputs.dimensions, inputs.design, inputs.law)


def twin(inputs: KernelInputs, futures: int = TWIN_FUTURES) -> Work:
    """The same model in numpy, vectorised over futures, draws included."""
    from .twin import simulate_drawn

    return lambda: simulate_drawn(inputs, futures, 1)


def loop(inputs: KernelInputs, futures: int = LOOP_FUTURES) -> Work:
    """The same model as a plain Python loop over futures, draws included."""
    from .loop import simulate_drawn

    return lambda: simulate_drawn(inputs, futures, 1)


def in_threads(parts: list[Work]) -> Work:
    """All parts at once, each in a thread that is there already."""
    pool = ThreadPoolExecutor(len(parts))

    def run() -> None:
        for done in [pool.submit(part) for part in parts]:
            done.result()

    return run


def yardsticks(threads: int, repeats: int = 400_000) -> Work:
    """The yardstick of rules.py, once in each of so many threads."""
    from .made_up import spread_numbers
    from .probes import yardstick

    def part() -> Work:
        x, y = spread_numbers(L.BLOCK), spread_numbers(2, L.BLOCK)[1].copy()
        return lambda: yardstick(x, y, repeats)

    return in_threads([part() for _ in range(threads)])


def search(study: Study) -> tuple[Work, int, int]:
    """(a search for the best levels of three levers on one thread, how many strategies it tries, futures of each)."""
    from ..analysis.evaluate import Arena
    from ..analysis.response import refine
    from ..futures.plan import SEARCH_FIRST

    arena, levers = Arena(study, study.scenarios[0], SEARCH_FIRST, SEARCHED, 1), ("effort", "efficiency", "prevention")

    def run() -> None:
        refine(arena, {"effort": 0.5}, levers, {})

    run()
    return run, arena.evaluations // SEARCHED, SEARCHED


def layered(rows: int) -> tuple[Work, Work]:
    """Settlement of one layer of excess of loss, and the same sums in numpy: rows of losses from nothing to beyond the layer."""
    from ..config.contracts import load_contract
    from ..config.folders import config_folder
    from ..settlement.engine import Given, settle

    tower = load_contract("reinsurance-tower", config_folder())
    layer = next(term for term in tower.terms if term.id == "upper_layer")
    contract = replace(tower, terms=(replace(layer, values={**layer.values, "of": "largest_event"}),))
    losses = np.linspace(0.0, 600_000.0, rows)
    given = Given(np.arange(rows), np.zeros(rows, dtype=np.int64), {"largest_event": losses})
    start, room, share = (layer.at(0)["layers"][0][name] for name in ("attachment", "limit", "share"))

    def plain() -> tuple[np.ndarray, ...]:
        inside = share * np.maximum(np.minimum(losses, start + room) - start, 0.0)
        return inside, 1.0 * inside, -inside, np.full(rows, 1e18)

    return lambda: settle(contract, given), plain
