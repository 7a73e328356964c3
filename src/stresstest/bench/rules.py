"""What every rule costs, in yardsticks: a clause, a lever or a step of the machine over one block against fixed arithmetic.

The whole kernel hides a rule: a clause that becomes a fifth slower moves it by a hundredth. So each rule has a probe of its own
(blocks.py, probes.py). A probe is visited many times in turns with all others; a visit sets the block back, runs the probe once
to have it in the core's own memory, and then takes the shortest of a few samples of some twenty microseconds. The cost is the
shortest over all visits: other programs can only lengthen a sample, and some sample has always the processor to itself. What the
call and the loop around the rule take is taken off, and what is left is divided by the yardstick's own shortest time in the same
process.

Some hundredths remain that differ from process to process. So a measurement is made in several fresh processes (children.py), and
the guard knows how far they lie apart.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from .blocks import MOST_REPEATS, Probe, all_probes
from .timing import without_collection

#: Nanoseconds that a sample should take, samples of a visit, and visits.
SAMPLE_NS, SAMPLES, VISITS = 20_000, 3, 120
#: Repeats of the yardstick in the unit of cost, and in a sample.
UNIT, YARD_REPEATS = 10, 600


def sample(probe: Probe, repeats: int, samples: int = SAMPLES) -> int:
    """Nanoseconds of the shortest of a few runs after one to warm up."""
    clock, run = time.perf_counter_ns, probe.run
    probe.restore()
    run(repeats)
    shortest = 1 << 62
    for _ in range(samples):
        began = clock()
        run(repeats)
        shortest = min(shortest, clock() - began)
    return shortest


def repeats_of(probe: Probe) -> int:
    """A power of two, so that a sample takes about SAMPLE_NS."""
    call, one = sample(probe, 0), sample(probe, 1)
    repeats = 1
    while repeats < MOST_REPEATS and repeats * max(one - call, 1) < SAMPLE_NS:
        repeats *= 2
    return repeats


def shortest_times(probes: Sequence[Probe], visits: int) -> tuple[dict[str, float], dict[str, float]]:
    """(nanoseconds of one life by probe, nanoseconds of the call alone), the shortest over all visits."""
    repeats = {p.name: repeats_of(p) if p.alone else MOST_REPEATS for p in probes}
    repeats[probes[0].name] = YARD_REPEATS
    runs, calls = ({p.name: float("inf") for p in probes} for _ in range(2))
    with without_collection():
        for _ in range(visits):
            for probe in probes:
                name = probe.name
                runs[name] = min(runs[name], sample(probe, repeats[name]))
                if not probe.alone:
                    calls[name] = min(calls[name], sample(probe, 0, 1))
    return {p.name: (runs[p.name] - calls[p.alone or p.name]) / repeats[p.name] for p in probes}, calls


def costs(probes: Sequence[Probe], visits: int = VISITS) -> dict[str, float]:
    """Cost of each rule for one block and one contract; the first probe is the yardstick."""
    life, _ = shortest_times(probes, visits)
    unit = UNIT * life[probes[0].name]
    return {p.name: (life[p.name] - life[p.alone]) / unit for p in probes if p.alone}


def measured(only: str = "", visits: int = VISITS) -> dict[str, float]:
    """What one process finds: cost by rule."""
    return {name: round(cost, 5) for name, cost in sorted(costs(all_probes(only), visits).items())}
