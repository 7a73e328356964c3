"""When failure can be seen coming: the first year-end from which it is at least 9 in 10 likely on what was known then.

At each year-end t a logistic line is fitted to half of the futures (even numbers; whole groups where futures hang together, such
as mirrored pairs and replicates of a design) and judged on the other half:

    known at t   surplus and exposure of the year and so far, reserve, cost and payment against the agreed budget, acute care
                 against the expected, reported score of the year and so far, whether the provider still serves; each
                 standardised, held within ±4, and squared
    seen         p_s ≥ 0.9 at every year-end s from t until the failure; t is then the year from which it was plain
    warning      years from there to the failure, 0 where it is seen only as it happens

When it fails: walking away in the last year of service; the commissioner's limit in the year from which discounted exposure so
far stays beyond it; every other failure is a figure of the whole term, known at its end. A future whose contract has ended by
losses or by policy is settled as to walking away and needs no line. The judged half also says whether 9 in 10 was right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .. import layout as L
from ..analysis.evaluate import simulate_with_nature, simulate_years
from .failures import Failure, present
from .reverse_check import Share, share_of
from .reverse_lab import WEIGHT
from .source import Source, columns_of
from .watching import dependent

FUTURES, PART = 16_384, 2048
LIKELY = 0.9
FEWEST = 60
HELD = 4.0
GROUP = len(L.NATURE) + L.TAG_GROUP
EXIT_YEAR, EXIT_CAUSE = L.OUT["exit_year_index"], L.OUT["exit_cause_code"]


@dataclass(frozen=True)
class Histories:
    """Real futures year by year: yearly[YEARLY, T, n], out[OUTCOMES, n] and weight[n]; groups int64[n] of futures that hang
    together, None where all are independent of each other."""

    yearly: np.ndarray
    out: np.ndarray
    weight: np.ndarray
    groups: np.ndarray | None = None

    @property
    def n(self) -> int:
        """Number of futures."""
        return int(self.weight.size)

    @property
    def learns(self) -> np.ndarray:
        """Futures (or whole groups of them) that lines are fitted to, every other one in their order, bool[n]."""
        if self.groups is None:
            return np.arange(self.n) % 2 == 0
        return np.asarray(np.unique(self.groups, return_inverse=True)[1] % 2 == 0)


def histories_of(source: Source, jobs: int = 2, most: int = FUTURES) -> Histories:
    """The first futures of the run, lived again year by year."""
    from concurrent.futures import ThreadPoolExecutor

    n, inputs = min(source.futures, most), source.inputs()

    def part(first: int) -> tuple[np.ndarray, ...]:
        size = min(PART, n + 1 - first)
        out, nature = simulate_with_nature(inputs, first, size)
        return simulate_years(inputs, first, size, 0)[0], out[0], nature[WEIGHT], nature[GROUP]

    with ThreadPoolExecutor(max(1, jobs)) as pool:
        parts = list(pool.map(part, range(1, n + 1, PART)))
    yearly, out, weight, group = (np.concatenate([one[k] for one in parts], axis=-1) for k in range(4))
    return Histories(yearly, out, weight, dependent(source, group.astype(np.int64)))


def known_by(histories: Histories, discount: np.ndarray) -> np.ndarray:
    """What is known at each year-end, float64[T, known, n], before it is standardised."""
    y = {name: histories.yearly[k] for name, k in L.YEAR.items()}
    agreed = y["agreed_budget_gbp"]
    so_far = np.cumsum(agreed, axis=0)
    years = np.arange(1, agreed.shape[0] + 1)[:, None]
    exposure = np.cumsum(y["commissioner_exposure_gbp"] * discount[:, None], axis=0)
    return np.stack(
        [
            y["surplus_gbp"] / agreed, y["cumulative_surplus_gbp"] / so_far, y["reserve_gbp"] / agreed,
            y["commissioner_exposure_gbp"] / agreed, exposure / so_far, y["cost_gbp"] / agreed, y["annual_payment_gbp"] / agreed,
            y["acute_actual_gbp"] / y["acute_expected_gbp"],
            np.cumsum(y["acute_actual_gbp"] - y["acute_expected_gbp"], axis=0) / so_far,
            y["reported_score"], np.cumsum(y["reported_score"], axis=0) / years, y["running"],
            np.cumsum(y["running"], axis=0) / years,
        ],
        axis=1,
    )  # fmt: skip


def failure_years(source: Source, failure: Failure, histories: Histories) -> np.ndarray:
    """The year (from 0) in which each future fails, int64[n]; −1 where it does not."""
    fails = failure.failing(columns_of(histories.out))
    years = source.study.years
    when = np.full(histories.n, years - 1)
    if failure.name == "walks_away":
        when = histories.out[EXIT_YEAR].astype(np.int64)
    elif failure.name == "commissioner_limit":
        limit = source.study.hurdles["commissioner_limit"].value * present(source.study, 0)
        exposure = histories.yearly[L.YEAR["commissioner_exposure_gbp"]] * discounts(source)[:, None]
        beyond = np.cumsum(exposure, axis=0) > limit
        for_good = np.flip(np.logical_and.accumulate(np.flip(beyond, axis=0), axis=0), axis=0)
        when = np.where(for_good.any(axis=0), np.argmax(for_good, axis=0), years - 1)
    return np.where(fails, when, -1)


def discounts(source: Source) -> np.ndarray:
    """Discount factors float64[T]."""
    rate = source.study.place.parameters["health.money_discount"].value
    return np.asarray((1.0 + rate) ** -np.arange(source.study.years))


@dataclass(frozen=True)
class Seen:
    """When one failure can be seen coming, on the judged half.

    `first` int64[failing]: the year from which it was plain (the year of failure where it was seen only then); `when` the
    years of failure; `weight` of those futures; `by_year` float64[T, 2]: share of failing futures for which it is plain by
    the end of each year, with its error; `right` the share of warnings that came true, over all years; `warned` the
    futures-and-years that were warned of.
    """

    first: np.ndarray
    when: np.ndarray
    weight: np.ndarray
    by_year: np.ndarray
    right: Share

    @property
    def median_warning(self) -> float:
        """Weighted median of the years between warning and failure."""
        return weighted_median(self.when - self.first, self.weight)

    @property
    def unseen(self) -> Share:
        """Share of failures that are seen only as they happen."""
        return share_of((self.first == self.when).astype(float), self.weight)


def weighted_median(values: np.ndarray, weight: np.ndarray) -> float:
    """The smallest value that half of the weight does not exceed."""
    order = np.argsort(values, kind="stable")
    at = int(np.searchsorted(np.cumsum(weight[order]), 0.5 * weight.sum()))
    return float(values[order[min(at, values.size - 1)]])


def seen_coming(source: Source, failure: Failure, histories: Histories, known: np.ndarray) -> Seen | None:
    """When a failure can be seen coming; None where either half has too few futures that fail, or that do not."""
    when = failure_years(source, failure, histories)
    fails, learns = when >= 0, histories.learns
    if min((fails & learns).sum(), (~fails & learns).sum(), (fails & ~learns).sum()) < FEWEST:
        return None
    judged = ~learns
    chances = np.stack([
        _chances(known[t], fails, learns, histories.weight, _settled(failure, histories, t)) for t in range(source.study.years)
    ])[:, judged]  # fmt: skip
    return _judge(chances, when[judged], histories.weight[judged])


def _settled(failure: Failure, histories: Histories, t: int) -> np.ndarray:
    """What is settled by the end of year t: 1 failed, 0 cannot fail any more, NaN open."""
    if failure.name != "walks_away":
        return np.full(histories.n, math.nan)
    ended = (histories.out[EXIT_YEAR] >= 0) & (histories.out[EXIT_YEAR] <= t)
    return np.where(ended, np.where(histories.out[EXIT_CAUSE] >= L.EXIT_FIRST_ADVERSE, 1.0, 0.0), math.nan)


def _chances(
    known: np.ndarray, fails: np.ndarray, learns: np.ndarray, weight: np.ndarray, settled: np.ndarray
) -> np.ndarray:
    """Chance of failure of every future on what is known, float64[n], from a line fitted to the learning half."""
    from sklearn.linear_model import LogisticRegression

    open_now = np.isnan(settled)
    found, fit = np.where(open_now, 0.0, settled), open_now & learns
    if not open_now.any():
        return found
    if fit.sum() == 0 or fails[fit].all() or not fails[fit].any():
        found[open_now] = float(fails[fit].mean()) if fit.any() else 0.0
        return found
    middle, spread = known[:, fit].mean(axis=1), known[:, fit].std(axis=1)
    kept = spread > 1e-12
    x = np.clip((known[kept] - middle[kept, None]) / spread[kept, None], -HELD, HELD)
    table = np.concatenate([x, x**2]).T
    line = LogisticRegression(C=1.0, solver="newton-cholesky", max_iter=100, random_state=0)
    line.fit(table[fit], fails[fit], sample_weight=weight[fit])
    found[open_now] = line.predict_proba(table[open_now])[:, 1]
    return found


def _judge(chances: np.ndarray, when: np.ndarray, weight: np.ndarray) -> Seen:
    """Warnings that stay, for futures that fail; and how often a first warning came true."""
    years, fails = chances.shape[0], when >= 0
    likely = chances >= LIKELY
    first = when[fails].copy()
    for i, future in enumerate(np.flatnonzero(fails)):
        t = int(when[future])
        while t > 0 and likely[t - 1, future]:
            t -= 1
        first[i] = t
    own = weight[fails]
    by_year = np.array([_pair_of(share_of((first <= t).astype(float), own)) for t in range(years)])
    warned = likely.any(axis=0)
    right = share_of(fails[warned].astype(float), weight[warned]) if warned.any() else Share(math.nan, math.nan, 0)
    return Seen(first, when[fails], own, by_year, right)


def _pair_of(share: Share) -> Sequence[float]:
    return share.value, share.error
