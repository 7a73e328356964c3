"""One block of futures for every probe, laid out in memory the same way in every process, and the list of probes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import layout as L
from ..levers import LEVERS
from ..strategy import Strategy
from .made_up import rows_of_clauses, spread_numbers

STUDY = "dudley"
PAGE, LINE = 4096, 64
#: Most lives in one run of a probe.
MOST_REPEATS = 256
Run = Callable[[int], None]


@dataclass(frozen=True)
class Probe:
    """One rule over one block: `restore` sets the block back; `run(repeats)` lives the contract so often under the rule alone;
    `alone` names the probe that does all but the rule ("": this one)."""

    name: str
    restore: Callable[[], None]
    run: Run
    alone: str


class Arena:
    """A stretch of memory in which arrays lie one behind the other: what stands where does not differ between processes.

    Where arrays begin within a page decides whether a load must wait for a store that it has nothing to do with.
    """

    def __init__(self, size: int = 1 << 23) -> None:
        room = np.empty(size + PAGE, dtype=np.uint8)
        begin = -room.ctypes.data % PAGE
        self._room, self._used = room[begin : begin + size], 0

    def place(self, values: np.ndarray) -> np.ndarray:
        """A copy of an array at the next cache line."""
        part = self._room[self._used : self._used + values.nbytes]
        self._used += -(-values.nbytes // LINE) * LINE
        copy: np.ndarray = part.view(values.dtype).reshape(values.shape)
        copy[...] = values
        return copy

    def place_all(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Every array of a tuple, and of tuples in it."""
        return tuple(
            self.place(v) if isinstance(v, np.ndarray) else self.place_all(v) if isinstance(v, tuple) else v for v in values
        )

    def zeros(self, *shape: int) -> np.ndarray:
        """float64 zeros."""
        return self.place(np.zeros(shape))


class Block:
    """One block of Dudley's contract, half-way through its term: work space of every probe."""

    def __init__(self) -> None:
        from .._lanes import LANES
        from ..analysis.draws import draw
        from ..analysis.evaluate import simulate_years
        from ..config.load import load_study

        study = load_study(STUDY, ())
        inputs = study.kernel_inputs(study.scenarios[0], (Strategy("honest", {"effort": 1.0, "efficiency": 1.0}),))
        self.inputs, self.years, self.width, self.groups = inputs, study.years, L.BLOCK, L.BLOCK // LANES
        self.arena = arena = Arena()
        self.world, self.deal = arena.place_all(inputs.world), arena.place_all(inputs.deal)
        found, lines = draw(study, study.scenarios[0], 1, L.BLOCK), len(study.line_names)
        self.axes, self.once = arena.place(found.axes), arena.place(found.once)
        self.noise = arena.place(np.moveaxis(found.noise, 1, 0)).transpose(1, 0, 2)  # as it lies in the sampler's cube
        lived = simulate_years(inputs, 1, L.BLOCK, lines, drivers=True)[0]
        self.d_before = lived[len(L.YEARLY) + lines :, self.years // 2].copy()
        self.ledger = arena.place(np.moveaxis(lived[len(L.YEARLY) : len(L.YEARLY) + lines], 0, 1))
        self.d, self.s = arena.place(self.d_before), arena.zeros(len(L.STATES), L.BLOCK)
        self.g = arena.place(np.ones((self.years, len(L.GIVEN), L.BLOCK)))
        self.out, self.x = arena.zeros(len(L.OUTCOMES), L.BLOCK), arena.zeros(len(L.EXPOSURE) + len(L.PUBLIC_SUMS), L.BLOCK)
        self.turns = np.tile(np.arange(self.years), MOST_REPEATS)
        self._begin()

    def _begin(self) -> None:
        """A state that the contract can be in, and the place's years."""
        from .probes import GIVEN_STEPS, MEASURE_STEPS

        self.step(2, MEASURE_STEPS.index("start of the block"), 1)
        self.s[L.S_LIST] = self.d_before[L.WORLD_LIST]
        self.s[L.S_NEED] = self.s[L.S_PAY_PRICE] = self.s[L.S_INFLATION] = self.s[L.S_FUNDING] = 1.0
        for which in range(len(GIVEN_STEPS)):
            self.step(0, which, 1)
        self.s_before = self.s.copy()

    def restore(self) -> None:
        """Set drivers, states and sums back."""
        self.d[...], self.s[...] = self.d_before, self.s_before
        self.out[...] = 0.0

    def step(self, part: int, which: int, repeats: int) -> None:
        """Run a step of the machine."""
        from .probes import run_step

        run_step(
            part, which, self.turns[: repeats * self.years], self.d, self.s, self.g, self.axes, self.noise, self.once,
            self.ledger, self.out, self.x, self.inputs.lever_keys[0], self.world, self.deal, self.groups,
        )  # fmt: skip


def step_probes(block: Block) -> Iterator[Probe]:
    """Steps of the machine."""
    from .probes import GIVEN_STEPS, LIFE_STEPS, MEASURE_STEPS

    def run(part: int, which: int) -> Run:
        return lambda repeats: block.step(part, which, repeats)

    for part, steps in enumerate((GIVEN_STEPS, LIFE_STEPS, MEASURE_STEPS)):
        alone = f"no step of part {part}"
        yield Probe(alone, block.restore, run(part, -1), "")
        for which, name in enumerate(steps):
            yield Probe(f"step: {name}", block.restore, run(part, which), alone)


def clause_probes(block: Block) -> Iterator[Probe]:
    """Every clause of the register, in each of its forms."""
    from .probes import run_clause

    numbers, arena = spread_numbers(len(L.DRIVERS), block.width), block.arena
    d, memory, money = arena.place(numbers), arena.zeros(L.MEMORY_SLOTS, block.width), arena.zeros(block.width)

    def restore() -> None:
        d[...], memory[...] = numbers, 0.0

    def run(kind: int, rows: np.ndarray) -> Run:
        return lambda repeats: run_clause(kind, repeats, rows, d, memory, money, block.groups)

    rows = [(name, kind, arena.place(own)) for name, kind, own in rows_of_clauses(block.years)]
    yield Probe("no clause", restore, run(-1, rows[0][2]), "")
    for name, kind, own in rows:
        yield Probe(f"clause: {name}", restore, run(kind, own), "no clause")


def lever_probes(block: Block) -> Iterator[Probe]:
    """Every lever at half its highest intensity: how it bends, and what an audit makes of it."""
    from .probes import run_lever

    inputs = block.inputs
    lever_rows, goals, edges = (block.arena.place(values) for values in (inputs.lever_rows, inputs.goals, inputs.edges))

    def run(lever: int, recovers: bool, intensity: float) -> Run:
        row, p = lever_rows[max(lever, 0)], block.world[0]
        return lambda repeats: run_lever(
            lever, recovers, repeats, intensity, row, goals, edges, block.d, block.s, p, block.groups
        )  # fmt: skip

    yield Probe("no lever", block.restore, run(-1, False, 0.5), "")
    yield Probe("no audit", block.restore, run(-1, True, 0.5), "")
    for number, kind in enumerate(LEVERS):
        yield Probe(f"lever: {kind.name}", block.restore, run(number, False, 0.5 * kind.highest), "no lever")
        if kind.recovers:
            yield Probe(f"audit: {kind.name}", block.restore, run(number, True, 0.5 * kind.highest), "no audit")


def draw_probes(block: Block) -> Iterator[Probe]:
    """Steps of the sampler for one block."""
    from ..futures.sampler import COUPLED
    from .probes import DRAW_STEPS, run_draw

    inputs, width, arena = block.inputs, block.width, block.arena
    cube, tags = arena.place(np.full((inputs.dimensions, width), 0.5)), arena.zeros(len(L.TAGS), width)
    axes, uniforms = arena.zeros(block.years, len(L.AXES), width), arena.place(spread_numbers(2 * block.years, width) - 0.5)
    parts = [arena.zeros(len(L.AXES), width) for _ in range(3)] + [arena.zeros(block.years, width)]
    scratch = (*parts, np.zeros(9 + COUPLED.size, dtype=np.int64))

    def run(which: int) -> Run:
        return lambda repeats: run_draw(which, repeats, axes, tags, cube, uniforms, scratch, inputs.design, inputs.law)

    def restore() -> None:
        run(0)(1)

    yield Probe("no draw", restore, run(-1), "")
    for which, name in enumerate(DRAW_STEPS):
        yield Probe(f"draw: {name}", restore, run(which), "no draw")


def yard_probe(block: Block) -> Probe:
    """The yardstick over one row of a block."""
    from .probes import yardstick

    start = spread_numbers(block.width)
    x, y = block.arena.place(start), block.arena.place(spread_numbers(2, block.width)[1])

    def restore() -> None:
        x[...] = start

    return Probe("yardstick", restore, lambda repeats: yardstick(x, y, repeats), "")


def all_probes(only: str = "") -> list[Probe]:
    """Every probe whose name holds `only`, with those that do all but a rule, the yardstick first."""
    block = Block()
    families = (step_probes, clause_probes, lever_probes, draw_probes)
    found = [yard_probe(block), *(probe for family in families for probe in family(block))]
    return [probe for probe in found if only in probe.name or not probe.alone]
