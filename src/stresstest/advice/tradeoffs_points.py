"""Drafts spread over what can be turned, each with the honest provider's answer to it, scored on the same fresh futures.

Drafts: the contract as it is, points of an unscrambled Sobol' net over the ranges (Sobol' 1967), and each parameter alone at a
few values. To each the honest provider answers anew: sweeps from the response that it is known to have, on futures of their own.
A lever goes back to where it was unless leaving it moved serves the provider better by more than two paired standard errors:
where its aim is flat, a new level would be chance and not an answer. What is reported comes from fresh futures on which nothing
was chosen, the same for every draft, so that differences are paired.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from .. import layout as L
from ..analysis.evaluate import Arena, simulate_with_nature
from ..analysis.response import refine
from ..futures.design import RANDOM_DESIGN
from ..futures.plan import SEARCH_FIRST, VERIFY_FIRST
from ..levers import HONEST
from ..methods.thresholds import spread
from ..strategy import Strategy
from ..study import Study
from .drafts import constant_levels
from .source import Source
from .tradeoffs_parameters import Parameter, parameters_of, turned, value_of

SEARCHED, SCORED = 512, 4096
SPREAD = 64
#: Values of each parameter alone, as shares of its range.
ALONE = (0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0)
#: Paired standard errors by which a changed level must serve the provider better.
CONVINCED = 2.0
AS_IT_IS, NET, ONE = "as it is", "spread", "alone"
#: What is kept of every future: exposure, health, score, surplus, whether the provider walks away; exposure when it games.
KEPT = ("exposure", "health", "score", "surplus", "leaves", "gamed")
EXPOSURE, HEALTH, SCORE, SURPLUS, LEAVES, GAMED = range(6)
_COLUMNS = ("commissioner_exposure_npv_gbp", "health_qaly_npv", "mean_true_score", "provider_surplus_npv_gbp")


@dataclass(frozen=True)
class Draft:
    """A draft to be tried: its kind, the values that are turned, and which parameter alone ("" for several)."""

    kind: str
    values: dict[str, float]
    alone: str = ""


@dataclass(frozen=True)
class Points:
    """Drafts and what came of them: kept float64[drafts, KEPT, futures]; the response to each; parameters and present values;
    `weight` float64[futures] of the futures by the scenario's consistency factors, None where all weigh the same."""

    drafts: tuple[Draft, ...]
    kept: np.ndarray
    responses: tuple[dict[str, float], ...]
    parameters: tuple[Parameter, ...]
    now: dict[str, float]
    gaming: bool
    weight: np.ndarray | None = None

    @property
    def means(self) -> np.ndarray:
        """float64[drafts, KEPT]."""
        return mean(self.kept, self.weight)

    def error(self, a: int, b: int, what: int) -> float:
        """Standard error of the mean difference of two drafts."""
        return mean_error(self.kept[a, what] - self.kept[b, what], self.weight)


class Weighing(Arena):
    """An arena whose futures weigh what the scenario's consistency factors say; `weight` None where all weigh the same."""

    def __init__(self, source: Source, study: Study, n: int, jobs: int, weight: np.ndarray | None) -> None:
        super().__init__(study, source.scenario, SEARCH_FIRST, n, jobs)
        self.weight = weight

    def mean_aim(self, strategies: list[Strategy], batch: int = 64) -> np.ndarray:
        """Weighted mean aim of each strategy over the futures, float64[strategies]."""
        if self.weight is None:
            return super().mean_aim(strategies, batch)
        starts = range(0, len(strategies), batch)
        return np.concatenate([mean(self.aim(self.outcomes(strategies[k : k + batch])), self.weight) for k in starts])


def weight_of(source: Source, first: int, n: int) -> np.ndarray | None:
    """Weights of n pseudo-random futures from number `first`, float64[n], mean about 1; None without consistency factors.

    They are nature's, so that they are the same under every contract and strategy.
    """
    if not source.scenario.consistency:
        return None
    inputs = source.study.kernel_inputs(source.scenario, (source.strategy,), RANDOM_DESIGN)
    return np.asarray(simulate_with_nature(inputs, first, n)[1][len(L.NATURE) + L.TAG_WEIGHT])


def fresh(
    source: Source, found: Points, chosen: Sequence[int], jobs: int = 2
) -> tuple[np.ndarray, np.ndarray | None]:  # fmt: skip
    """(float64[chosen, KEPT, futures], their weights): chosen drafts on further futures, on which nothing was chosen."""
    size = found.kept.shape[2]
    gamed = next((one for one in source.strategies if one.games), None)

    def work(k: int) -> np.ndarray:
        study = source.study.with_contract(turned(source.study.contract, found.drafts[k].values, found.parameters))
        return lived(source, study, found.responses[k], gamed, VERIFY_FIRST + size, size)

    with ThreadPoolExecutor(max(1, jobs)) as pool:
        return np.array(list(pool.map(work, chosen))), weight_of(source, VERIFY_FIRST + size, size)


def mean(values: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
    """Means over the last axis of values[…, futures], weighed by weight[futures] if any."""
    return np.asarray(values.mean(axis=-1) if weight is None else values @ weight / weight.sum())


def mean_error(values: np.ndarray, weight: np.ndarray | None = None) -> float:
    """Standard error of a (weighted) mean of independent futures: √(Σ w² (x − mean)² n / (n − 1)) / Σ w; 0 if all are alike."""
    if values.size < 2 or np.ptp(values) == 0.0:
        return 0.0
    if weight is None:
        return float(values.std(ddof=1) / np.sqrt(values.size))
    return spread(weight * (values - mean(values, weight)) / weight.sum())


def spread_over(parameters: Sequence[Parameter], count: int) -> list[dict[str, float]]:
    """`count` points of a Sobol' net over the ranges of the parameters, the corner at every lowest value left out."""
    from scipy.stats import qmc

    size = 1 << max(1, int(count).bit_length())
    unit = qmc.Sobol(len(parameters), scramble=False).random(size)[1 : count + 1]
    return [{p.name: float(p.low + u * (p.high - p.low)) for p, u in zip(parameters, row, strict=True)} for row in unit]


def drafts_of(parameters: Sequence[Parameter], now: dict[str, float], count: int) -> list[Draft]:
    """The contract as it is, the net, and each parameter alone."""
    found = [Draft(AS_IT_IS, {})] + [Draft(NET, values) for values in spread_over(parameters, count)]
    for one in parameters:
        tried = [one.low + share * (one.high - one.low) for share in ALONE]
        found += [Draft(ONE, {one.name: value}, one.name) for value in tried if abs(value - now[one.name]) > 1e-12]
    return found


def known_honest(source: Source) -> dict[str, float]:
    """The run's honest response: the strategy named honest, else the honest part of the source's own, first year's levels."""
    named = next((one for one in source.strategies if one.name == "honest"), source.strategy)
    held = constant_levels(named.honest_part("honest"))
    if held is not None:
        return held
    return {name: float(np.atleast_1d(np.asarray(level))[0]) for name, level in named.levels.items() if name in HONEST}


def answer_to(arena: Arena, start: dict[str, float]) -> dict[str, float]:
    """The honest provider's answer, from a known one; every lever that does not clearly serve it moved is put back."""
    weight = getattr(arena, "weight", None)
    found = refine(arena, start, HONEST, {})
    for name in HONEST:
        back = {**found, name: start.get(name, 0.0)}
        if back[name] == found.get(name, 0.0):
            continue
        aims = arena.aim(arena.outcomes([Strategy("moved", found), Strategy("back", back)]))
        gain = aims[0] - aims[1]
        if mean(gain, weight) <= CONVINCED * mean_error(gain, weight):
            found = {lever: level for lever, level in back.items() if level != 0.0}
    return found


def lived(
    source: Source, study: Study, honest: dict[str, float], gamed: Strategy | None, first: int, futures: int
) -> np.ndarray:  # fmt: skip
    """float64[KEPT, futures]: what came of a draft under its honest answer, and its exposure under the gaming play as it was."""
    plays = [Strategy("honest", honest), *([gamed] if gamed else [])]
    out = Arena(study, source.scenario, first, futures, 1).outcomes(plays)
    leaves = out[0, L.OUT["exit_cause_code"]] >= L.EXIT_FIRST_ADVERSE
    return np.array([*(out[0, L.OUT[name]] for name in _COLUMNS), leaves, out[-1, L.OUT[_COLUMNS[0]]]])


def points(
    source: Source, parameters: Sequence[Parameter] | None = None, jobs: int = 2, say: Callable[[str], None] = lambda _: None,
    count: int = SPREAD, searched: int = SEARCHED, scored: int = SCORED,
) -> Points:  # fmt: skip
    """Every draft with the answer to it, scored. Threads share the drafts; the result does not depend on how many."""
    contract = source.study.contract
    known = parameters_of(contract, parameters)
    now = {one.name: value for one in known if (value := value_of(contract, one)) is not None}
    tried = drafts_of(known, now, count) if known else [Draft(AS_IT_IS, {})]
    gamed = next((one for one in source.strategies if one.games), None)
    say(f"{len(tried)} drafts, each with the honest provider's answer")
    known_weight = weight_of(source, SEARCH_FIRST, searched)
    start = answer_to(Weighing(source, source.study, searched, jobs, known_weight), known_honest(source))
    responses: list[dict[str, float]] = [start] * len(tried)
    kept = np.zeros((len(tried), len(KEPT), scored))

    def work(k: int) -> None:
        study = source.study.with_contract(turned(contract, tried[k].values, known))
        if k > 0:
            responses[k] = answer_to(Weighing(source, study, searched, 1, known_weight), start)
        kept[k] = lived(source, study, responses[k], gamed, VERIFY_FIRST, scored)

    with ThreadPoolExecutor(max(1, jobs)) as pool:
        list(pool.map(work, range(len(tried))))
    weight = weight_of(source, VERIFY_FIRST, scored)
    return Points(tuple(tried), kept, tuple(responses), tuple(known), now, gamed is not None, weight)
