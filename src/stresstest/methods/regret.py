"""Criteria for a choice among options that live the same futures, each on money and on health at once.

    regret      the best of all options in a future less this one in the same future (Savage 1951): never below nothing
    expected    the mean                                        tail      the mean of the worst 5% of futures
    middle      the median future                               worst     the worst future (Wald 1950)
    regret_mean, regret_p95, regret_worst   mean, 95th percentile and largest regret
    hurdles     the share of futures in which every hurdle holds (satisficing: Simon 1956)

An option is *on the frontier* of a criterion where no other is at least as good on money and on health and better on one. Ranks
are by money and by health, never by one alone: of two that are equal on the one, the better on the other stands first, and of
two that are equal on both the one that is no worse in any future; what is still equal shares a rank. So an option that another
one dominates is never first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Name, words, and whether the figure is a regret.
CRITERIA: tuple[tuple[str, str, bool], ...] = (
    ("expected", "mean over the futures", False),
    ("middle", "middle future", False),
    ("tail", "mean of the worst 1 in 20", False),
    ("worst", "worst future of those drawn", False),
    ("regret_mean", "mean regret", True),
    ("regret_p95", "regret that 1 future in 20 exceeds", True),
    ("regret_worst", "largest regret of those drawn", True),
)
TAIL = 0.05


def regret(values: np.ndarray) -> np.ndarray:
    """The best of the options in each future less each option, float64[options, n]; larger values are better."""
    return np.asarray(values.max(axis=0) - values)


def weighted_quantile(values: np.ndarray, weights: np.ndarray, p: float) -> float:
    """The smallest value up to which the futures weigh p of the whole."""
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weights[order])
    target = p * total[-1] - 1e-9 * total[-1] / values.size
    return float(values[order][min(int(np.searchsorted(total, target)), values.size - 1)])


def lower_tail(values: np.ndarray, weights: np.ndarray, share: float = TAIL) -> float:
    """Mean of the lowest `share` of the weight, the value on its edge counted in part."""
    edge = weighted_quantile(values, weights, share)
    below = np.minimum(values - edge, 0.0)
    return edge + float(weights @ below) / (share * float(weights.sum()))


def figures(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """float64[criteria, options] of values[options, n], larger better; a regret is given as a loss, so that larger is better."""
    lost = regret(values)
    total = float(weights.sum())
    columns = [
        (
            float(weights @ own) / total, weighted_quantile(own, weights, 0.5), lower_tail(own, weights), float(own.min()),
            -float(weights @ short) / total, -weighted_quantile(short, weights, 0.95), -float(short.max()),
        )
        for own, short in zip(values, lost, strict=True)
    ]  # fmt: skip
    return np.array(columns).T


def gap_errors(by_batch: np.ndarray) -> np.ndarray:
    """Standard errors of the gap to the best option, float64[criteria, options], from figures[batches, criteria, options].

    The spread of the gap over batches of futures, over their root (sectioning: Asmussen and Glynn 2007, section III.5). What
    the options share cancels inside a batch. NaN for one batch.
    """
    count = by_batch.shape[0]
    if count < 2:
        return np.full(by_batch.shape[1:], np.nan)
    best = by_batch.mean(axis=0).argmax(axis=1)
    chosen = np.take_along_axis(by_batch, np.broadcast_to(best[None, :, None], (count, best.size, 1)), axis=2)
    return np.asarray((chosen - by_batch).std(axis=0, ddof=1) / np.sqrt(count))


@dataclass(frozen=True)
class Standing:
    """Where options stand on one criterion: rank by money, rank by health (1 first, equal ones share); on the frontier or not."""

    money: tuple[int, ...]
    health: tuple[int, ...]
    frontier: tuple[bool, ...]


def standing(money: np.ndarray, health: np.ndarray, everywhere: np.ndarray | None = None) -> Standing:
    """Ranks and frontier of options by money[options] and health[options], larger better.

    `everywhere` bool[options, options]: whether the option of the row is no worse than that of the column in any future, on
    money and on health, and better in one.
    """
    count = money.size
    always = np.zeros((count, count), dtype=bool) if everywhere is None else everywhere
    ranks = []
    for first, second in ((money, health), (health, money)):
        same = first[:, None] == first
        ahead = (first[:, None] > first) | (same & (second[:, None] > second))
        ahead = (ahead | always) & ~always.T  # what is no worse in any future stands ahead, whatever rounding says
        ranks.append(tuple(int(k) for k in 1 + ahead.sum(axis=0)))
    beaten = (dominated(money, health) | always).any(axis=0)
    return Standing(ranks[0], ranks[1], tuple(not one for one in beaten.tolist()))


def dominated(money: np.ndarray, health: np.ndarray) -> np.ndarray:
    """bool[options, options]: whether that of the row is at least as good as that of the column on both and better on one."""
    no_worse = (money[:, None] >= money) & (health[:, None] >= health)
    return np.asarray(no_worse & ((money[:, None] > money) | (health[:, None] > health)))


def everywhere(
    money: np.ndarray, health: np.ndarray, known: tuple[np.ndarray, np.ndarray] | None = None
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(never worse, once better): bool[options, options] each, over money[options, n] and health[options, n] and pieces `known`.

    The option of the row dominates that of the column future by future where both hold.
    """
    count = money.shape[0]
    never, once = known or (np.ones((count, count), dtype=bool), np.zeros((count, count), dtype=bool))
    never, once = never.copy(), once.copy()
    for a in range(count):
        for b in range(count):
            if a != b and never[a, b]:
                never[a, b] = bool((money[a] >= money[b]).all() and (health[a] >= health[b]).all())
                once[a, b] |= bool((money[a] > money[b]).any() or (health[a] > health[b]).any())
    return never, once
