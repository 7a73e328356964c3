"""Mitigations tried: the same futures lived again under each, and what changes, in all of them and inside a region.

Changes are paired, future by future, so that their errors are those of the difference. The commissioner's cost is the change of
its exposure over the term plus what it spends outside the clauses. A failure avoided costs mean change of cost ÷ mean fall of
the chance; its interval is by the delta method, and it is given only where the fall is above two standard errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..analysis.evaluate import Arena, simulate_with_nature
from ..analysis.response import refine
from ..config.playbooks import Mitigation
from ..futures.plan import SEARCH_FIRST
from ..layout import NATURE, OUTCOMES, TAG_GROUP, TAG_WEIGHT
from ..levers import GAMING, HONEST
from ..measures.intervals import NORMAL
from ..methods.box import Box
from ..methods.cases import Cases
from ..methods.thresholds import Rate, rate, spread
from ..strategy import Strategy
from ..study import Study
from .drafts import constant_levels
from .failures import Failure
from .mitigations import Laid, lay
from .source import Source, columns_of, live
from .watching import dependent

MOST = 8_192
#: Futures on which the provider's answer is found again.
ANSWERED = 1024
MONEY = ("commissioner_exposure_npv_gbp", "public_exposure_npv_gbp", "provider_surplus_npv_gbp")
HEALTH = "health_qaly_npv"
BESIDE = MONEY[:2]


@dataclass(frozen=True)
class Futures:
    """Futures of a run that are lived again: `first` … first + n − 1, with what nature decided, weights and groups."""

    source: Source
    failing: tuple[Failure, ...]
    first: int
    nature: Cases
    base: Trial

    @property
    def weight(self) -> np.ndarray:
        """Weight of each future."""
        return self.nature.weight

    @property
    def groups(self) -> np.ndarray | None:
        """Which futures hang together; None where none do."""
        return self.nature.groups

    def inside(self, box: Box | None) -> np.ndarray:
        """Futures inside a region, bool[n]; all of them for None."""
        return np.ones(self.nature.n, dtype=bool) if box is None else box.inside(self.nature)


@dataclass(frozen=True)
class Trial:
    """What came of futures under some mitigations (none: do nothing): failures bool[n] by name, and money and health,
    float64[n]."""

    ids: tuple[str, ...]
    failed: dict[str, np.ndarray]
    results: dict[str, np.ndarray]
    answered: bool = False


def _trial(
    ids: tuple[str, ...], out: np.ndarray, failing: Sequence[Failure], beside: float, answered: bool = False
) -> Trial:
    columns = columns_of(out)
    columns.update({name: columns[name] + beside for name in BESIDE})
    return Trial(
        ids,
        {one.name: one.failing(columns) for one in failing},
        {name: columns[name] for name in (*MONEY, HEALTH)},
        answered,
    )


def futures_of(source: Source, failing: Sequence[Failure], first: int, n: int) -> Futures:
    """Futures first … first + n − 1 of a run, as they are without any mitigation."""
    out, nature = simulate_with_nature(source.inputs(), first, n)
    tags = nature[len(NATURE) :]
    cases = Cases.of(dict(zip(NATURE, nature, strict=False)), {}, tags[TAG_WEIGHT])
    cases = replace(cases, groups=dependent(source, tags[TAG_GROUP].astype(np.int64)))
    return Futures(source, tuple(failing), first, cases, _trial((), out[0], failing, 0.0))


def attempt(
    futures: Futures, mitigations: Sequence[Mitigation], jobs: int, start: int = 0, strategy: Strategy | None = None
) -> Trial:  # fmt: skip
    """The same futures under mitigations, in force from year `start`, with the run's strategy or another. Raises NotLaidError."""
    laid: Laid = lay(futures.source.study, mitigations, start)
    own = None if strategy is None else (strategy,)
    out = live(futures.source.inputs(laid.study, own), futures.first, futures.nature.n, jobs)[0, : len(OUTCOMES)]
    return _trial(tuple(one.id for one in mitigations), out, futures.failing, laid.beside, strategy is not None)


def answer(source: Source, study: Study, jobs: int) -> Strategy | None:
    """The provider's own answer to a changed contract, found near what it does; None where it changes from year to year.

    Honest levers and those gaming levers that it uses already are found again; it takes up no new way to game.
    """
    levels = constant_levels(source.strategy)
    if levels is None:
        return None
    own = HONEST + tuple(name for name in GAMING if levels.get(name, 0.0) > 0.0)
    arena = Arena(study, source.scenario, SEARCH_FIRST, ANSWERED, jobs)
    return Strategy(source.strategy.name, dict(refine(arena, levels, own, {})))


@dataclass(frozen=True)
class Mean:
    """A mean with its standard error."""

    value: float
    error: float


def mean_of(values: np.ndarray, futures: Futures, among: np.ndarray) -> Mean:
    """Weighted mean of values[n] among some futures, with its error."""
    return weighted_mean(values, futures.weight, futures.groups, among)


def weighted_mean(values: np.ndarray, weight: np.ndarray, groups: np.ndarray | None, among: np.ndarray) -> Mean:
    """Mean of values[n] weighed by weight[n] among some futures (bool[n]), with its error by groups (int64[n]) if any."""
    share = weight * among / float(weight @ among)
    value = float(share @ values)
    return Mean(value, spread(share * (values - value), groups))


@dataclass(frozen=True)
class Effect:
    """What some mitigations do to one failure among some futures: the chance before and after, the paired change, and means of
    the change of money (£ by column) and health (QALY); `cost` (value, low, high) of a failure avoided, £, None where none
    surely is."""

    before: Rate
    after: Rate
    change: Mean
    money: dict[str, Mean]
    health: Mean
    cost: tuple[float, float, float] | None

    @property
    def helps(self) -> bool:
        """Whether the chance falls by more than two standard errors."""
        return self.change.value + NORMAL * self.change.error < 0.0

    @property
    def harms(self) -> bool:
        """Whether it rises by more than two standard errors."""
        return self.change.value - NORMAL * self.change.error > 0.0


def effect(futures: Futures, trial: Trial, failure: str, among: np.ndarray | None = None) -> Effect:
    """The effect of a trial on a failure among some of the futures (bool[n], default all)."""
    some = np.ones(futures.nature.n, dtype=bool) if among is None else among
    old, new = futures.base.failed[failure], trial.failed[failure]
    moved = {name: mean_of(trial.results[name] - futures.base.results[name], futures, some) for name in MONEY}
    fall = mean_of(new.astype(float) - old, futures, some)
    found = Effect(
        rate(old, futures.weight, futures.groups, some), rate(new, futures.weight, futures.groups, some), fall, moved,
        mean_of(trial.results[HEALTH] - futures.base.results[HEALTH], futures, some), None,
    )  # fmt: skip
    if not found.helps:
        return found
    cost = trial.results[MONEY[0]] - futures.base.results[MONEY[0]]
    return replace(found, cost=_cost(futures, some, cost, old.astype(float) - new))


def _cost(futures: Futures, among: np.ndarray, cost: np.ndarray, avoided: np.ndarray) -> tuple[float, float, float]:
    """(cost of a failure avoided, low, high), £."""
    share = futures.weight * among / float(futures.weight @ among)
    mean = float(share @ avoided)
    ratio = float(share @ cost) / mean
    error = spread(share * (cost - ratio * avoided) / mean, futures.groups)
    return ratio, ratio - NORMAL * error, ratio + NORMAL * error
