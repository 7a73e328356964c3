"""Regret, hurdles and criteria of drafts: money and health always side by side, no draft first that another one dominates.

Money is what all public bodies bear, so that cost moved from the commissioner to the hospital or the council is no gain.
Hurdles are those of the reference draft's study, in pounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..measures.estimates import Wanted, estimate
from ..measures.moments import Estimate, moments
from ..measures.probabilities import probabilities
from ..measures.stream import Column
from ..measures.tallies import REPLICATES
from ..methods.dominance import batch_length
from ..methods.regret import CRITERIA, Standing, everywhere, figures, gap_errors, regret, standing
from .compare_shared import Drafts
from .compare_store import Table
from .compare_tables import HEALTH, METRICS, MONEY, Metric, chance, shown
from .failures import Failure, present

Row = dict[str, Any]
BATCH = 65_536
LEAST_BATCHES = 32
#: Metrics of which regret is told.
REGRETTED = ("provider surplus", "commissioner exposure", "public exposure", "health")
LEVELS = (0.5, 0.75, 0.9, 0.95)
#: Hurdles that bear on health; the others bear on money.
OF_HEALTH = ("quality_floor",)
RANKED = tuple(name for name, _, _ in CRITERIA)


def by_name(drafts: Drafts) -> list[int]:
    """Numbers of the drafts in the order of their names."""
    return sorted(range(len(drafts.names)), key=lambda k: drafts.names[k])


def short_column(table: Table, metric: Metric, draft: int) -> Column:
    """A draft's regret in every future: the best of all drafts less its own."""
    return table.column(lambda start, stop: regret(table.values(metric.column, start, stop, metric.sign))[draft])


def alone_column(table: Table, metric: Metric, draft: int) -> Column:
    """1 in futures in which a draft is the best and no other is level with it, else 0."""

    def alone(start: int, stop: int) -> np.ndarray:
        lost = regret(table.values(metric.column, start, stop, metric.sign))
        return ((lost[draft] == 0.0) & ((lost == 0.0).sum(axis=0) == 1)).astype(np.float64)

    return table.column(alone)


def regret_rows(table: Table, strategy: str, metric: Metric) -> Iterator[Row]:
    """Regret of each draft against the best of all drafts in the same future; of money also as a share of its agreed budget."""
    unit = metric.unit
    for k in by_name(table.drafts):
        column = short_column(table, metric, k).held()
        mean, *levels = estimate(column, [Wanted("mean"), *(Wanted("quantile", p) for p in LEVELS)])
        best = probabilities(column, [lambda x: x == 0.0])[0]
        alone = probabilities(alone_column(table, metric, k).held(), [lambda x: x == 1.0])[0]
        most = moments(column).high
        row = {
            "strategy": strategy, "metric": metric.name, "draft": table.drafts.names[k], **shown("mean", unit, mean),
            **{key: x for p, e in zip(LEVELS, levels, strict=True) for key, x in shown(f"p{100 * p:g}", unit, e).items()},
            f"largest_{unit}": most, **chance("best", best), **chance("best_alone", alone),
        }  # fmt: skip
        if unit == "gbp":
            budget = present(table.drafts.sources[k].study, 0)
            row |= {"mean_share": mean.value / budget, "mean_share_error": mean.error / budget,
                    "p95_share": levels[-1].value / budget, "largest_share": most / budget}  # fmt: skip
        yield row


def holds(table: Table, draft: int, failing: Sequence[Failure]) -> Estimate:
    """The share of futures in which none of the failures happens."""

    def broken(start: int, stop: int) -> np.ndarray:
        return sum((table.one(one.name, draft, start, stop) for one in failing), np.zeros(stop - start))

    return probabilities(table.column(broken).held(), [lambda x: x < 0.5])[0]


def hurdle_rows(table: Table, strategy: str, failing: Sequence[Failure]) -> Iterator[Row]:
    """The share of futures in which every hurdle holds, all of money, all of health, and each."""
    money, health = of_money(failing), of_health(failing)
    kinds = [("all", tuple(failing)), ("all of money", money), ("all of health", health), *((f.name, (f,)) for f in failing)]
    for name, chosen in kinds:
        for k in by_name(table.drafts):
            words = chosen[0].words if len(chosen) == 1 and name == chosen[0].name else f"none of {len(chosen)} failures happens"
            broken = words if name.startswith("all") else f"not: {words}"
            yield {
                "strategy": strategy, "hurdle": name, "words": broken, "draft": table.drafts.names[k],
                **chance("holds", holds(table, k, chosen)),
            }  # fmt: skip


def of_money(failing: Sequence[Failure]) -> tuple[Failure, ...]:
    """Failures of somebody's money."""
    return tuple(one for one in failing if one.name not in OF_HEALTH)


def of_health(failing: Sequence[Failure]) -> tuple[Failure, ...]:
    """Failures of residents' health."""
    return tuple(one for one in failing if one.name in OF_HEALTH)


# ── criteria ───────────────────────────────────────────────────────────────────────────────────────────────────────
def dominators(table: Table) -> np.ndarray:
    """bool[drafts, drafts]: whether one is no worse than another in every future, on money and on health, and better in one."""
    known = None
    for start, stop in table.stretches():
        known = everywhere(table.values(MONEY, start, stop, -1.0), table.values(HEALTH, start, stop), known)
    assert known is not None
    return np.asarray(known[0] & known[1])


def whole(table: Table, name: str, sign: float) -> np.ndarray:
    """float64[criteria, drafts]: every criterion of a column over all futures, larger better; in the order of CRITERIA."""
    found = np.empty((len(CRITERIA), len(table.drafts.names)))
    wanted = [Wanted("mean"), Wanted("quantile", 0.5), Wanted("cte", 0.95, False)]
    for k in range(found.shape[1]):
        own = table.column(lambda start, stop, k=k: sign * table.one(name, k, start, stop)).held()  # type: ignore[misc]
        lost = table.column(lambda start, stop, k=k: regret(table.values(name, start, stop, sign))[k]).held()  # type: ignore[misc]
        values = [e.value for e in estimate(own, wanted)]
        short = [e.value for e in estimate(lost, [Wanted("mean"), Wanted("quantile", 0.95)])]
        found[:, k] = [*values, moments(own).low, *(0.0 - x for x in short), 0.0 - moments(lost).high]
    return found


def errors(table: Table, name: str, sign: float) -> np.ndarray:
    """Standard errors of each draft's gap to the best, float64[criteria, drafts]; NaN for extremes, which have none.

    Batches are the design's replicates where it has them, since only these are independent of each other; else stretches of
    futures.
    """
    parts = [figures(values, weights) for values, weights in batches(table, name, sign)]
    found = gap_errors(np.array(parts)) if parts else np.full((len(CRITERIA), len(table.drafts.names)), np.nan)
    found[[RANKED.index("worst"), RANKED.index("regret_worst")]] = np.nan
    return found


def batches(table: Table, name: str, sign: float) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(values[drafts, n], weights[n]) of each batch of futures: a replicate of the design, or an even stretch of futures."""
    if table.design.units != REPLICATES:
        size = min(BATCH, batch_length(table.n, LEAST_BATCHES))
        for start, stop in table.stretches(size):
            if stop - start == size:
                yield table.values(name, start, stop, sign), table.tags(start, stop)[0]
        return
    for group in range(table.design.replicates):
        parts = []
        for start, stop in table.stretches():
            weights, groups = table.tags(start, stop)
            parts.append((table.values(name, start, stop, sign)[:, groups == group], weights[groups == group]))
        values, weights = np.concatenate([part[0] for part in parts], axis=1), np.concatenate([part[1] for part in parts])
        if weights.sum() > 0.0:
            yield values, weights


def criteria_rows(table: Table, strategy: str, failing: Sequence[Failure]) -> Iterator[Row]:
    """Every criterion for every draft: money and health, the gap to the best with its error, ranks, and the frontier."""
    always = dominators(table)
    money, health = whole(table, MONEY, -1.0), whole(table, HEALTH, 1.0)
    off_money, off_health = errors(table, MONEY, -1.0), errors(table, HEALTH, 1.0)
    for c, (name, words, lost) in enumerate(CRITERIA):
        stand = standing(money[c], health[c], always)
        for k in by_name(table.drafts):
            yield {
                **_head(strategy, name, words, table.drafts, k), "money_gbp": 0.0 - float(money[c, k]),
                "money_gap_gbp": float(money[c].max() - money[c, k]), "money_gap_error_gbp": float(off_money[c, k]),
                "health_qaly": 0.0 - float(health[c, k]) if lost else float(health[c, k]),
                "health_gap_qaly": float(health[c].max() - health[c, k]), "health_gap_error_qaly": float(off_health[c, k]),
                "money_probability": None, "money_probability_error": None, "health_probability": None,
                "health_probability_error": None, **_ranks(stand, always, table.drafts, k),
            }  # fmt: skip
    yield from _hurdle_criterion(table, strategy, failing, always)


def _hurdle_criterion(table: Table, strategy: str, failing: Sequence[Failure], always: np.ndarray) -> Iterator[Row]:
    """Satisficing as a criterion: shares of futures in which the hurdles of money, and of health, all hold."""
    count = range(len(table.drafts.names))
    money, health = ([holds(table, k, chosen) for k in count] for chosen in (of_money(failing), of_health(failing)))
    stand = standing(np.array([e.value for e in money]), np.array([e.value for e in health]), always)
    for k in by_name(table.drafts):
        yield {
            **_head(strategy, "hurdles", "share of futures in which the hurdles hold", table.drafts, k),
            **dict.fromkeys(("money_gbp", "money_gap_gbp", "money_gap_error_gbp"), None),
            **dict.fromkeys(("health_qaly", "health_gap_qaly", "health_gap_error_qaly"), None),
            "money_probability": money[k].value, "money_probability_error": money[k].error,
            "health_probability": health[k].value, "health_probability_error": health[k].error,
            **_ranks(stand, always, table.drafts, k),
        }  # fmt: skip


def _head(strategy: str, name: str, words: str, drafts: Drafts, k: int) -> Row:
    return {"strategy": strategy, "criterion": name, "words": words, "draft": drafts.names[k]}


def _ranks(stand: Standing, always: np.ndarray, drafts: Drafts, k: int) -> Row:
    """Ranks, the frontier, and who is no worse in any future."""
    by = [drafts.names[j] for j in by_name(drafts) if always[j, k]]
    return {
        "money_rank": stand.money[k], "health_rank": stand.health[k], "on_frontier": "yes" if stand.frontier[k] else "no",
        "dominated_in_every_future_by": "; ".join(by),
    }  # fmt: skip


def regretted() -> list[Metric]:
    """The metrics of which regret is told."""
    return [metric for metric in METRICS if metric.name in REGRETTED]
