"""The patient rule induction method (PRIM) for scenario discovery: which few limits on which few factors hold most failures?

1. Peel and paste over all factors (`prim_peel`), from all cases or from that half of one factor's range from which a trial gets
   clearly further (an end that fails as often as the other one is never peeled from the whole). Take the box with the largest
   share of failing cases inside less share of the others inside (Youden's index), which weighs coverage and density alike.
2. Do the same in ten random halves. A bound counts as stable where at least half of them limit the same end of that factor.
3. Drop bounds that are not stable, then one by one, the cheapest first, those that luck would explain (quasi-p above 5%), that
   add less than a point of density, or that add less than 0.002 to Youden's index.
4. Peel and paste again over the factors that are left, drop as in step 3, and move each bound to where the index is largest.
5. Take away the cases inside and look again, up to four times (covering): a further box must be denser than all cases are.

Beside each box stands its core: of the boxes on the way that hold a quarter of the failing cases the densest, without the bounds
that luck would explain or that add less than a point of density.

What is found is to be judged on other cases (`prim_checks.judge`). Of 400 tables without signal (400 rows and 6 factors, or
1,000 rows and 10 correlated ones) one gave a box by steps 1 to 4, and none gave one that the other half bore out.

Sources: Friedman and Fisher (1999), Statistics and Computing 9:123; Bryant and Lempert (2010), Technological Forecasting and
Social Change 77:34. The rules of choice in 1, 3 and 5 are judgements.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import ConfigError
from ..futures import resampling
from .box import Box
from .cases import Cases
from .prim_checks import binomial_p, effective
from .prim_peel import BINS, START, Grid, Step, moved, paste, peel

#: Boxes for one result at most, and half samples that a bound must come back in.
MOST_BOXES = 4
RESAMPLES = 10
STABLE = 0.5
SIGNIFICANT = 0.05
#: Least that a bound must add to density, and to Youden's index.
POINT = 0.01
POINT_YOUDEN = 0.002
#: Share of the failing cases that the core holds at least.
CORE = 0.25
#: Cases on which a start is chosen, and what it must add to Youden's index.
START_CASES, START_GAIN = 10_000, 0.05
#: Failing (and other) cases below which nothing is searched for.
FEWEST = 20
#: Least share of weight that a box may hold, unless failures are rarer.
LEAST = 0.05

Bound = tuple[int, str]


@dataclass(frozen=True)
class Kept:
    """A bound of the box that was found, judged where it was found: quasi-p, share of half samples with it, and the density and
    coverage of the box without it."""

    factor: str
    side: str
    value: float
    quasi_p: float
    stable_share: float
    density_without: float
    coverage_without: float


@dataclass(frozen=True)
class Found:
    """A box, its bounds, its step, the boxes on the way over all factors and then over those of the box, with their limits; and
    the core with its step."""

    box: Box
    kept: tuple[Kept, ...]
    step: Step
    searched: tuple[tuple[Step, Box], ...]
    refined: tuple[tuple[Step, Box], ...]
    core: Box
    core_step: Step


def require_both(cases: Cases, result: str) -> None:
    """Refuse a result that is not 0 and 1, or that is the same for every case. Errors: ConfigError with the remedy."""
    values = cases.result(result)
    if not np.isin(values, (0.0, 1.0)).all():
        raise ConfigError("a failure is 1 where it happens and 0 where it does not", key=result,
                          value=float(values[~np.isin(values, (0.0, 1.0))][0]), expected="a column of 0 and 1")  # fmt: skip
    failing = float(cases.weight @ values)
    if failing <= 0.0:
        raise ConfigError("nothing fails: there is no region to look for", key=result, value=0,
                          expected="some cases of 1: more futures, or a nearer limit")  # fmt: skip
    if failing >= float(cases.weight.sum()):
        raise ConfigError("everything fails: there is no region to look for", key=result, value=cases.n,
                          expected="some cases of 0: a limit further out")  # fmt: skip


def least_share(cases: Cases, result: str) -> float:
    """Least share of weight that a box may hold: 5%, half of the failing share where that is less, and 20 cases."""
    base = float(cases.weight @ cases.result(result) / cases.weight.sum())
    return max(min(LEAST, base / 2.0), FEWEST / max(effective(cases.weight), FEWEST))


def enough(cases: Cases, result: str) -> bool:
    """Whether at least 20 cases fail and 20 do not."""
    failing = cases.result(result) > 0.5
    return min(effective(cases.weight[failing]), effective(cases.weight[~failing])) >= FEWEST


def trajectory(grid: Grid, least: float, start: Step | None = None) -> list[Step]:
    """Every box of one peeling, and of the pasting after it."""
    steps = peel(grid, least, start=start)
    return steps + list(paste(grid, steps[-1]))


def start_of(grid: Grid, least: float) -> Step:
    """Where to begin: all cases, or the lower or upper half of the factor from which peeling gets clearly further.

    Peeling from all cases never takes off an end that fails as often as the other one does. Tried on few cases with little
    patience.
    """
    draws = resampling.uniforms(resampling.key_of("discover start"), 1, grid.weight.size)[0]
    few = grid.rows(draws < START_CASES / grid.weight.size)
    whole, sums = few.whole(), few.sums(np.arange(few.weight.size))[1]
    starts = [whole]
    for k in range(len(grid.bins)):
        middle = int(np.searchsorted(np.cumsum(sums[k]), 0.5 * whole.total))
        if 0 < middle < grid.bins[k] - 1:
            for side, end in (("low", middle), ("high", middle)):
                starts.append(few.step(*moved(whole, k, side, end), START))
    worth = [best(peel(few, least, 0.1, start)).youden for start in starts]
    chosen = int(np.argmax(worth))
    return starts[chosen] if worth[chosen] > worth[0] + START_GAIN else whole


def best(steps: list[Step]) -> Step:
    """The box with the largest Youden index, the earliest of equals."""
    return max(steps, key=lambda step: step.youden)


def bounds_of(grid: Grid, step: Step) -> list[Bound]:
    """Every bound of a step: (factor, side)."""
    low = [(k, "low") for k in range(len(grid.bins)) if step.first[k] > 0]
    return low + [(k, "high") for k, count in enumerate(grid.bins) if step.last[k] < count - 1]


def loosened(grid: Grid, step: Step) -> dict[Bound, tuple[float, float, float]]:
    """For every bound, the box without it: (density, coverage, Youden index). One pass over the cases."""
    bounds = bounds_of(grid, step)
    broken, which = np.zeros(grid.weight.size, dtype=np.int16), np.zeros(grid.weight.size, dtype=np.int16)
    for number, (k, side) in enumerate(bounds):
        column = grid.flat[:, k] - k * BINS
        beyond = column < step.first[k] if side == "low" else column > step.last[k]
        broken += beyond
        which[beyond] = number
    rows = np.flatnonzero(broken == 1)
    more = [np.bincount(which[rows], w[rows], max(len(bounds), 1)) for w in (grid.weight, grid.hits)]
    found = {}
    for number, bound in enumerate(bounds):
        wider = step._replace(mass=step.mass + float(more[0][number]), hits=step.hits + float(more[1][number]))
        found[bound] = (wider.density, wider.coverage, wider.youden)
    return found


def freed(grid: Grid, step: Step, gone: list[Bound]) -> Step:
    """The step without these bounds."""
    first, last = list(step.first), list(step.last)
    for k, side in gone:
        if side == "low":
            first[k] = 0
        else:
            last[k] = grid.bins[k] - 1
    return grid.step(tuple(first), tuple(last), "chosen")


def simplified(grid: Grid, step: Step, whole: bool = True) -> Step:
    """The step without the bounds that add too little, dropped one by one, the cheapest first; unless `whole`, Youden's index
    is not asked."""
    while True:
        size = round(effective(grid.weight[grid.within(step.first, step.last)]))
        cheapest: tuple[float, Bound] | None = None
        for bound, (density, _, youden) in loosened(grid, step).items():
            cost = step.density - density
            idle = cost < min(POINT, step.density / 10.0) or (whole and step.youden - youden < POINT_YOUDEN)
            if (idle or binomial_p(step.density, density, size) > SIGNIFICANT) and (cheapest is None or cost < cheapest[0]):
                cheapest = (cost, bound)
        if cheapest is None:
            return step
        step = freed(grid, step, [cheapest[1]])


def stability(grid: Grid, least: float, rounds: int = RESAMPLES, start: Step | None = None) -> dict[Bound, float]:
    """How often each bound is found in random halves of the cases (halves of the groups, where cases hang together)."""
    groups = grid.cases.groups
    number = np.arange(grid.weight.size) if groups is None else groups
    seen: dict[Bound, float] = {}
    for k in range(rounds):
        draws = resampling.uniforms(resampling.key_of(f"discover half {k}"), 1, int(number.max()) + 1)[0]
        half = grid.rows(draws[number] < 0.5)
        if half.hits.sum() <= 0.0 or half.hits.sum() >= half.weight.sum():
            continue
        for bound in bounds_of(half, simplified(half, best(peel(half, least, start=start)))):
            seen[bound] = seen.get(bound, 0.0) + 1.0
    return {bound: count / rounds for bound, count in seen.items()}


def search(cases: Cases, result: str, rounds: int = RESAMPLES) -> Found:
    """One box, by steps 1 to 4 of the module; without limits where nothing stands up.

    Errors: ConfigError where nothing or everything fails.
    """
    require_both(cases, result)
    varying = [k for k, levels in enumerate(cases.levels) if levels.size > 1]
    grid = Grid.of(cases.only([cases.names[k] for k in varying]), result)
    least = least_share(cases, result)
    start = start_of(grid, least)
    wide = trajectory(grid, least, start)
    seen = stability(grid, least, rounds, start)
    chosen = simplified(grid, best(wide))
    chosen = simplified(grid, freed(grid, chosen, [one for one in bounds_of(grid, chosen) if seen.get(one, 0.0) < STABLE]))
    factors = sorted({k for k, _ in bounds_of(grid, chosen)})
    small = grid.columns(factors)
    inner = small.step(tuple(start.first[k] for k in factors), tuple(start.last[k] for k in factors), START)
    narrow = trajectory(small, least, inner)
    again = refined(small, best(narrow), {(factors.index(k), side): s for (k, side), s in seen.items() if k in factors})
    core = simplified(grid, max((one for one in wide if one.coverage >= CORE), key=lambda one: one.density), whole=False)
    return Found(small.box(again), kept(small, again, factors, seen), again, tuple((one, grid.box(one)) for one in wide),
                 tuple((one, small.box(one)) for one in narrow), grid.box(core), core)  # fmt: skip


def refined(grid: Grid, step: Step, seen: dict[Bound, float]) -> Step:
    """A step over few factors: unstable bounds taken away, the others moved to where Youden's index is largest."""
    step = freed(grid, step, [one for one in bounds_of(grid, step) if seen.get(one, 0.0) < STABLE])
    return simplified(grid, tuned(grid, simplified(grid, step)))


def tuned(grid: Grid, step: Step) -> Step:
    """The step with each bound in turn moved, in or out, to where Youden's index is largest, until none moves."""
    failing, others = step.failing, step.total - step.failing
    while True:
        before = step.youden
        for k, side in bounds_of(grid, step):
            rows = grid.within(step.first, step.last, but=k)
            column = grid.flat[rows, k] - k * BINS
            weight, hits = (np.bincount(column, w[rows], BINS) for w in (grid.weight, grid.hits))
            worth = hits / failing - (weight - hits) / others
            first, last = list(step.first), list(step.last)
            if side == "low":
                first[k] = last[k] - int(np.argmax(np.cumsum(worth[: last[k] + 1][::-1])))
            else:
                last[k] = first[k] + int(np.argmax(np.cumsum(worth[first[k] :])))
            step = grid.step(tuple(first), tuple(last), "chosen")
        if step.youden <= before + 1e-9:
            return step


def kept(grid: Grid, step: Step, factors: list[int], seen: dict[Bound, float]) -> tuple[Kept, ...]:
    """The bounds of the final step with what each adds."""
    size = round(effective(grid.weight[grid.within(step.first, step.last)]))
    found = []
    for (k, side), (density, coverage, _) in loosened(grid, step).items():
        limit = grid.limit(step, k)
        value, stable = limit.low if side == "low" else limit.high, seen.get((factors[k], side), 0.0)
        found.append(Kept(limit.factor, side, value, binomial_p(step.density, density, size), stable, density, coverage))
    return tuple(sorted(found, key=lambda one: one.density_without))


def cover(cases: Cases, result: str, most: int = MOST_BOXES, rounds: int = RESAMPLES) -> list[Found]:
    """Up to `most` boxes, each on the cases outside the ones before; every one denser than all cases are.

    Errors: ConfigError where nothing or everything fails.
    """
    require_both(cases, result)
    base = float(cases.weight @ cases.result(result) / cases.weight.sum())
    boxes: list[Found] = []
    left = np.ones(cases.n, dtype=bool)
    while len(boxes) < most:
        rest = cases.rows(left)
        if not enough(rest, result):
            break
        found = search(rest, result, rounds)
        if not found.box.limits or found.step.density <= base:
            break
        boxes.append(found)
        left &= ~found.box.inside(cases)
    return boxes
