"""One handle, one target: looked for on a grid of the run's own futures, narrowed on more of them, checked on fresh ones.

    coarse    a grid of GRID points on the first COARSE futures shows every crossing
    fine      the crossing nearest to today's value, narrowed on up to FINE futures, three errors around it
    told      at the value found: what it costs in the same futures, and the risk on futures that nothing was chosen on, with the
              honest strategy as it was and with the honest response found again (analysis/response.py)

What a handle costs is a paired difference from the contract as it is. A higher opening price moves the agreed budget with it, so
the commissioner's cost is exposure and agreed budget together, and its limit stays that of the budget first agreed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..analysis.evaluate import Arena
from ..analysis.response import refine
from ..errors import ContractError
from ..futures.plan import SEARCH_FIRST
from ..levers import HONEST
from ..methods.roots import EVERYWHERE, FOUND, Certainty, Crossing, Reading, Remembered, Scan, certainty, scan
from ..strategy import Strategy
from ..study import Study
from .breakeven_goals import Goal
from .breakeven_handles import CAPITAL, Handle
from .breakeven_sample import Sample, fresh_sample, own_sample, ratio
from .failures import present
from .source import Source, columns_of

GRID, COARSE, FINE, FRESH, REFINED = 13, 4096, 16_384, 16_384, 1000
NEEDED, SPARE, MET, OUT_OF_REACH, NO_EFFECT = "needed", "to spare", "met throughout", "out of reach", "no effect"
BUDGETED = ("commissioner_exposure_npv_gbp", "public_exposure_npv_gbp")
COSTS = (
    ("commissioner", "commissioner_exposure_npv_gbp", "gbp"), ("public", "public_exposure_npv_gbp", "gbp"),
    ("provider_surplus", "provider_surplus_npv_gbp", "gbp"), ("health", "health_qaly_npv", "qaly"),
)  # fmt: skip


@dataclass
class Problem:
    """A run, the targets, and the futures on which they are sought; remembers every contract that was lived."""

    source: Source
    goals: tuple[Goal, ...]
    jobs: int
    sample: Sample
    base: dict[str, np.ndarray]
    budget: float
    _lived: dict[tuple[str, float, int], dict[str, np.ndarray]] = field(default_factory=dict)

    @staticmethod
    def of(source: Source, goals: tuple[Goal, ...], jobs: int = 2) -> Problem:
        """The problem on the run's own first futures. Errors: DataError where they are too few."""
        sample, out = own_sample(source, min(FINE, source.futures), jobs)
        return Problem(source, goals, jobs, sample, columns_of(out), present(source.study, 0))

    def columns(self, study: Study, out: np.ndarray) -> dict[str, np.ndarray]:
        """Outcomes by name; exposure with what was added to the agreed budget."""
        more = present(study, 0) - self.budget
        return {name: x + more if name in BUDGETED else x for name, x in columns_of(out).items()}

    def scores(self, handle: Handle, x: float, n: int) -> dict[str, np.ndarray]:
        """What the targets and costs need of a handle's value, on the first n futures."""
        key = (handle.name, x, n)
        if key not in self._lived:
            study = handle.change(self.source.study, x)
            found = self.columns(study, self.source.live(n, study, jobs=self.jobs)[0])
            kept = {one.name: one.score(found) for one in self.goals}
            whole = n == self.sample.n
            self._lived[key] = kept | {column: found[column] for _, column, _ in COSTS} if whole else kept
        return self._lived[key]

    def curve(self, handle: Handle, goal: Goal, n: int) -> Remembered:
        """sign · mean score of the target against the handle's value, on the first n futures."""
        sample = self.sample.first(min(n, self.sample.n))

        def reading(x: float) -> Reading:
            score = self.scores(handle, x, sample.n)[goal.name]
            found = sample.share(score) if goal.chance else sample.mean(score)
            return Reading(goal.sign * found.value, found.error, goal.sign * sample.parts(score))

        return Remembered(reading)

    def forget(self) -> None:
        """Drop what was lived for a handle that is done with."""
        self._lived.clear()


@dataclass(frozen=True)
class Solution:
    """What was found for a handle and a target: status, the coarse scan, the crossing and how sure it is, and figures."""

    handle: Handle
    goal: Goal
    status: str
    seen: Scan | None
    grid: list[tuple[float, Reading]]
    crossing: Crossing | None = None
    sure: Certainty | None = None
    told: dict[str, Any] = field(default_factory=dict)
    why: str = ""

    @property
    def value(self) -> float | None:
        """The value found, if any."""
        return self.crossing.value if self.crossing else None


def status_of(seen: Scan, met_now: bool) -> str:
    """What a scan means, given whether the target is met today."""
    if seen.status == FOUND:
        return SPARE if met_now else NEEDED
    if seen.flat:
        return NO_EFFECT
    return MET if seen.status == EVERYWHERE else OUT_OF_REACH


def met_now(problem: Problem, goal: Goal) -> bool:
    """Whether the contract meets the target as it is, on all the futures at hand."""
    return goal.sign * problem.sample.mean(goal.score(problem.base)).value <= goal.sign * goal.bound


def search(problem: Problem, handle: Handle, goal: Goal) -> Solution:
    """The coarse scan, and the crossing nearest to today's value as it shows; a contract that cannot be is told as such."""
    curve, target = problem.curve(handle, goal, COARSE), goal.sign * goal.bound
    room = handle.high - handle.low
    try:
        seen = scan(curve, handle.low, handle.high, target, GRID, room / 256.0, (handle.now,))
    except ContractError as error:
        return Solution(handle, goal, OUT_OF_REACH, None, [], why=error.message)
    grid = curve.between(handle.low, handle.high)
    crossing = seen.nearest(handle.now)
    if crossing is None:
        return Solution(handle, goal, status_of(seen, met_now(problem, goal)), seen, grid)
    near = [(x, r) for x, r in grid if abs(x - crossing.value) <= 1.5 * room / (GRID - 1)]
    sure = certainty(near, crossing.value, target)
    return Solution(handle, goal, status_of(seen, met_now(problem, goal)), seen, grid, crossing, sure)


def solve(problem: Problem, handle: Handle, goal: Goal, finely: bool = True) -> Solution:
    """The value of a handle at which a target is just met; with `finely` on all futures, with costs and checks."""
    coarse = search(problem, handle, goal)
    if not finely or coarse.crossing is None or coarse.sure is None:
        return coarse
    fine = problem.curve(handle, goal, FINE)
    target, room = goal.sign * goal.bound, handle.high - handle.low
    reach = min(0.25 * room, max(3.0 * _finite(coarse.sure.error, room / 12.0), room / 100.0))
    for _ in range(3):
        low, high = max(handle.low, coarse.crossing.value - reach), min(handle.high, coarse.crossing.value + reach)
        found = scan(fine, low, high, target, 3, room / 2048.0)
        crossing = found.nearest(coarse.crossing.value)
        if crossing is not None:
            sure = surely(problem, handle, fine, (low, high), crossing.value, target)
            solved = Solution(handle, goal, coarse.status, coarse.seen, coarse.grid, crossing, sure)
            return Solution(handle, goal, coarse.status, coarse.seen, coarse.grid, crossing, sure, told(problem, solved))
        reach *= 2.0
    return coarse


def surely(
    problem: Problem, handle: Handle, fine: Remembered, bounds: tuple[float, float], root: float, target: float
) -> Certainty:  # fmt: skip
    """How sure a root is; further points are looked at, within the handle's bounds, while the interval is open."""
    low, high = bounds
    reach = high - low
    for _ in range(3):
        sure = certainty(fine.between(low, high), root, target, problem.sample.critical)
        further = [low := max(handle.low, low - reach)] if sure.low is None and low > handle.low else []
        further += [high := min(handle.high, high + reach)] if sure.high is None and high < handle.high else []
        if not further:
            break
        for x in further:
            fine(x)
    return sure


def _finite(value: float, other: float) -> float:
    return value if math.isfinite(value) else other


def told(problem: Problem, solved: Solution) -> dict[str, Any]:
    """What the value found costs, and the risk at it on fresh futures, before and after the provider has answered."""
    goal, handle, sample = solved.goal, solved.handle, problem.sample
    x = solved.crossing.value if solved.crossing else handle.now
    study, now = handle.change(problem.source.study, x), problem.scores(handle, x, sample.n)
    own = goal.score(problem.base)
    found: dict[str, Any] = _chance("as_is", sample, own, goal) | _chance("solved", sample, now[goal.name], goal)
    for name, column, unit in COSTS:
        change = sample.mean(now[column] - problem.base[column])
        found |= {f"{name}_change_{unit}": change.value, f"{name}_change_error_{unit}": change.error}
    public, surplus = (now[column] - problem.base[column] for _, column, _ in COSTS[1:3])
    everybody = sample.mean(public - surplus)
    found |= {"everybody_change_gbp": everybody.value, "everybody_change_error_gbp": everybody.error}
    found |= {"capital_gbp": max(0.0, x - handle.now) if handle.kind == CAPITAL else 0.0}
    per, error = ratio(sample, public, 100.0 * (own - now[goal.name]))
    found |= {"public_per_point_gbp": per, "public_per_point_error_gbp": error} if goal.chance else {}
    return found | again(problem, study, goal)


def again(problem: Problem, study: Study, goal: Goal) -> dict[str, Any]:
    """The risk under a changed contract on fresh futures: with the strategy as it was, and with the honest levels found again."""
    source = problem.source
    found: dict[str, Any] = {}
    for name, strategy in (("fresh", source.strategy), ("answered", answer(source, study, problem.jobs))):
        fresh, out = fresh_sample(study, source.scenario, strategy, min(FRESH, problem.sample.n * 4), problem.jobs)
        found |= _chance(name, fresh, goal.score(problem.columns(study, out)), goal)
    return found


def answer(source: Source, study: Study, jobs: int) -> Strategy:
    """The run's strategy with its honest levels found again under another contract, what it games kept as it is."""
    levels = {name: float(np.mean(level)) for name, level in source.strategy.levels.items() if name in HONEST}
    fixed = {name: float(np.mean(level)) for name, level in source.strategy.levels.items() if name not in HONEST}
    arena = Arena(study, source.scenario, SEARCH_FIRST, min(REFINED, study.search.polish_futures), jobs)
    return Strategy("answered", {**fixed, **refine(arena, levels, HONEST, fixed)})


def _chance(name: str, sample: Sample, score: np.ndarray, goal: Goal) -> dict[str, float]:
    found = sample.share(score) if goal.chance else sample.mean(score)
    word = "probability" if goal.chance else "mean"
    return {f"{name}_{word}": found.value, f"{name}_{word}_error": found.error}
