"""Figures of drafts that live the same futures: each its own, paired differences, dominance, and what is better at once.

A column's unit stands in its name: _gbp pounds in present value, _qaly QALYs in present value, _score progress on the outcomes
(0 the baseline, 1 the contract's targets), _probability shares of futures.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Any

import numpy as np

from ..measures.estimates import Wanted, estimate
from ..measures.moments import Estimate
from ..measures.probabilities import probabilities
from ..measures.tallies import REPLICATES
from ..methods.dominance import Curves, Dominance, batch_length, thresholds
from ..methods.paired import SAME, Paired, covariance, negated, paired, switching
from .compare_shared import Drafts, same_draft
from .compare_store import Table

Row = dict[str, Any]


@dataclass(frozen=True)
class Metric:
    """What drafts are compared by: its name, column of table outcomes, unit, whether more is worse, and in words."""

    name: str
    column: str
    unit: str
    high_is_bad: bool
    words: str

    @property
    def sign(self) -> float:
        """What the values are multiplied by so that more is better."""
        return -1.0 if self.high_is_bad else 1.0


METRICS = (
    Metric("provider surplus", "provider_surplus_npv_gbp", "gbp", False, "the provider earns"),
    Metric("commissioner exposure", "commissioner_exposure_npv_gbp", "gbp", True, "the commissioner bears beyond the budget"),
    Metric("public exposure", "public_exposure_npv_gbp", "gbp", True, "public bodies bear together"),
    Metric("hospital exposure", "hospital_exposure_npv_gbp", "gbp", True, "the hospital bears"),
    Metric("council exposure", "council_exposure_npv_gbp", "gbp", True, "the council bears"),
    Metric("health", "health_qaly_npv", "qaly", False, "residents gain in health"),
    Metric("true score", "mean_true_score", "score", False, "true progress on the outcomes"),
)  # fmt: skip
MONEY, HEALTH = "public_exposure_npv_gbp", "health_qaly_npv"
COLUMNS = tuple(metric.column for metric in METRICS)
TABLES = {"gbp": "money", "qaly": "health", "score": "scores"}
#: Most drafts of which every pair is set against each other; of more, each against the reference alone.
ALL_PAIRS = 6
BATCHES = 64


def pairs(drafts: Drafts) -> list[tuple[int, int]]:
    """Unordered pairs (a, b), the earlier name first: all of them, or with many drafts those with the reference."""
    order = sorted(range(len(drafts.names)), key=lambda k: drafts.names[k])
    found = list(combinations(order, 2))
    return found if len(order) <= ALL_PAIRS else [pair for pair in found if drafts.reference in pair]


def both_ways(drafts: Drafts) -> list[tuple[int, int, int, int]]:
    """(draft, against, first, second) for every pair either way; (first, second) is the pair of `pairs`."""
    known = set(pairs(drafts))
    order = sorted(range(len(drafts.names)), key=lambda k: drafts.names[k])
    return [(x, y, *((x, y) if (x, y) in known else (y, x))) for x, y in permutations(order, 2) if {(x, y), (y, x)} & known]


def pair_of(table: Table, column: str, strategy: str, a: int, b: int) -> Paired:
    """The paired difference of two drafts; nothing at all where they are one draft."""
    return SAME if same_draft(table.drafts, a, b, strategy) else paired(table.apart(column, a, b))


def shown(name: str, unit: str, e: Estimate) -> Row:
    """An estimate as cells: NAME_unit, NAME_error_unit, NAME_low_unit, NAME_high_unit."""
    cells = (("", e.value), ("_error", e.error), ("_low", e.low), ("_high", e.high))
    return {f"{name}{part}_{unit}": value for part, value in cells}


def metric_rows(table: Table, strategy: str, metric: Metric) -> Iterator[Row]:
    """Each draft against each other one in the same futures: means, difference, its spread, and how often it is worse."""
    drafts = table.drafts
    own = [estimate(table.of(metric.column, k).held(), [Wanted("mean")])[0] for k in range(len(drafts.names))]
    known = {pair: pair_of(table, metric.column, strategy, *pair) for pair in pairs(drafts)}
    for x, y, a, b in both_ways(drafts):
        found = known[a, b] if (x, y) == (a, b) else known[a, b].reversed
        worse, better = (found.above, found.below) if metric.high_is_bad else (found.below, found.above)
        yield {
            "strategy": strategy, "metric": metric.name, "draft": drafts.names[x], "against": drafts.names[y],
            **shown("mean", metric.unit, own[x]), f"against_mean_{metric.unit}": own[y].value,
            **shown("difference", metric.unit, found.mean), **shown("median_difference", metric.unit, found.median),
            f"difference_p10_{metric.unit}": found.low, f"difference_p90_{metric.unit}": found.high,
            **chance("worse", worse), **chance("better", better), **chance("same", found.same),
            "reads": reading(found.mean, metric.high_is_bad),
        }  # fmt: skip


def chance(name: str, e: Estimate) -> Row:
    """A probability as cells."""
    return {
        f"{name}_probability": e.value, f"{name}_probability_error": e.error, f"{name}_probability_low": e.low,
        f"{name}_probability_high": e.high,
    }  # fmt: skip


def reading(difference: Estimate, high_is_bad: bool) -> str:
    """better, worse, the same or not settled: where the 95% interval of the mean difference lies."""
    if difference.value == 0.0 and difference.error == 0.0:
        return "the same"
    if difference.low > 0.0 or difference.high < 0.0:
        return "worse" if (difference.value > 0.0) == high_is_bad else "better"
    return "not settled"


def failure_rows(table: Table, strategy: str, name: str, words: str) -> Iterator[Row]:
    """A failure's chance under each draft against each other one, the paired difference, and who fails alone."""
    drafts = table.drafts
    own = [probabilities(table.of(name, k).held(), [lambda x: x > 0.5])[0] for k in range(len(drafts.names))]
    known = {pair: pair_of(table, name, strategy, *pair) for pair in pairs(drafts)}
    for x, y, a, b in both_ways(drafts):
        found = known[a, b] if (x, y) == (a, b) else known[a, b].reversed
        d = found.mean
        yield {
            "strategy": strategy, "failure": name, "words": words, "draft": drafts.names[x], "against": drafts.names[y],
            **chance("fails", own[x]), "against_fails_probability": own[y].value,
            "difference_probability": d.value, "difference_probability_error": d.error, "difference_probability_low": d.low,
            "difference_probability_high": d.high, "only_draft_fails_probability": found.above.value,
            "only_draft_fails_probability_error": found.above.error, "only_against_fails_probability": found.below.value,
            "only_against_fails_probability_error": found.below.error, "reads": reading(d, True),
        }  # fmt: skip


# ── distributions ──────────────────────────────────────────────────────────────────────────────────────────────────
def curves_of(table: Table, metric: Metric) -> Curves:
    """Distribution functions of every draft's metric; thresholds from the first stretch of futures."""
    first = table.values(metric.column, 0, min(table.n, 65_536), metric.sign)
    length = batch_length(table.n, BATCHES)
    grouped = table.design.units == REPLICATES
    curves = Curves(len(table.drafts.names), thresholds(first), table.design.replicates if grouped else -(-table.n // length))
    for start, stop in table.stretches(65_536):
        weights, groups = table.tags(start, stop)
        batch = groups if grouped else np.arange(start, stop) // length
        curves.add(table.values(metric.column, start, stop, metric.sign), weights, batch)
    return curves


def dominance_rows(table: Table, strategy: str, metric: Metric) -> Iterator[Row]:
    """First and second order, each draft against each other one. `at` and second-order figures are in the metric's unit."""
    drafts, curves = table.drafts, curves_of(table, metric)
    known = {(pair, order): curves.compare(*pair, order) for pair in pairs(drafts) for order in (1, 2)}
    for x, y, a, b in both_ways(drafts):
        for order in (1, 2):
            found = known[(a, b), order] if (x, y) == (a, b) else known[(a, b), order].mirrored
            yield {
                "strategy": strategy, "metric": metric.name, "draft": drafts.names[x], "against": drafts.names[y], "order": order,
                "verdict": found.verdict, **violations(found, metric),
            }  # fmt: skip


def violations(found: Dominance, metric: Metric) -> Row:
    """The largest violations either way, by order: shares of futures, or the metric's unit; and the clearest, in errors."""
    cells: Row = {}
    for name, value, error, at, clear, most in (
        ("violation", found.violation, found.error, found.at, found.clear, found.chance),
        ("reverse_violation", found.reverse, found.reverse_error, found.reverse_at, found.reverse_clear, found.reverse_chance),
    ):
        for order, unit in ((1, "probability"), (2, "amount")):
            mine = order == found.order
            cells |= {f"{name}_{unit}": value if mine else None, f"{name}_{unit}_error": error if mine else None}
        cells |= {f"{name}_clearest_in_errors": clear, f"{name}_by_chance_in_errors": most if math.isfinite(most) else None}
        cells[f"{name}_at"] = 0.0 + metric.sign * at if value > 0.0 else None
    return cells | {"unit": metric.unit}


# ── money and health at once ───────────────────────────────────────────────────────────────────────────────────────
BOTH, TRADE, LOSES, ALIKE = 1.0, 2.0, 3.0, 0.0


def together_rows(table: Table, strategy: str) -> Iterator[Row]:
    """By pair: in what share of futures a draft is no worse on money and on health and better on one; and the switching value."""
    drafts = table.drafts
    for x, y, a, b in both_ways(drafts):
        if (x, y) != (a, b):
            continue
        if same_draft(drafts, a, b, strategy):
            money = health = SAME.mean
            shares, shared = [SAME.above] * 3 + [SAME.same], 0.0
        else:
            money = estimate(table.apart(MONEY, a, b).held(), [Wanted("mean")])[0]
            health = estimate(table.apart(HEALTH, a, b).held(), [Wanted("mean")])[0]
            shares, shared = _shares(table, a, b), _covariance(table, a, b, money, health)
        for name, other, m, h, s in (
            (x, y, money, health, shares),
            (y, x, negated(money), negated(health), [shares[1], shares[0], *shares[2:]]),
        ):
            flip = switching(m, h, shared)
            yield {
                "strategy": strategy, "draft": drafts.names[name], "against": drafts.names[other],
                **shown("costs_more", "gbp", m), **shown("health_more", "qaly", h), **chance("better_on_both", s[0]),
                **chance("worse_on_both", s[1]), **chance("trade", s[2]), **chance("same", s[3]),
                "holds": flip.holds, "switching_gbp_per_qaly": flip.value, "switching_low_gbp_per_qaly": flip.low,
                "switching_high_gbp_per_qaly": flip.high, "settled": "yes" if flip.settled else "no",
            }  # fmt: skip


def _shares(table: Table, a: int, b: int) -> list[Estimate]:
    """Shares of futures in which a is better at once, worse at once, better on one and worse on the other, the same on both."""

    def kind(start: int, stop: int) -> np.ndarray:
        money = table.one(MONEY, b, start, stop) - table.one(MONEY, a, start, stop)
        health = table.one(HEALTH, a, start, stop) - table.one(HEALTH, b, start, stop)
        good, bad = (money > 0.0) | (health > 0.0), (money < 0.0) | (health < 0.0)
        return np.where(good & bad, TRADE, np.where(good, BOTH, np.where(bad, LOSES, ALIKE)))

    column = table.column(kind).held()
    return probabilities(column, [lambda x, k=k: x == k for k in (BOTH, LOSES, TRADE, ALIKE)])  # type: ignore[misc]


def _covariance(table: Table, a: int, b: int, money: Estimate, health: Estimate) -> float:
    """Covariance of the mean differences in money and in health, each over its own error so that neither drowns the other."""
    m, h = money.error or 1.0, health.error or 1.0

    def scaled(name: str, by: float) -> Callable[[int, int], np.ndarray]:
        return lambda start, stop: (table.one(name, a, start, stop) - table.one(name, b, start, stop)) / by

    one, two = scaled(MONEY, m), scaled(HEALTH, h)
    columns = [table.column(get) for get in (one, two, lambda start, stop: one(start, stop) + two(start, stop))]
    return covariance(*columns) * m * h
