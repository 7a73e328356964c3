"""Before the first year: how far the price misses the cost, what a sole bidder wins back, and whether it starts at all.

    data        shift + median · exp(spread · z): what the baseline got wrong, from omissions in data to optimism
    curse       −bid_spread · Φ⁻¹(1 − (1 − u)^(1/n)): of n bidders who each misjudge cost by bid_spread, the lowest wins, and
                has on average misjudged most (winner's curse: Capen, Clapp and Campbell 1971); with one bidder it is as
                likely to be high as low
    omitted     omitted_size with chance omitted_probability: an item left out of the price, such as irrecoverable VAT
    stale       staleness · delay: what costs outgrow the price by between signature and start
    gap         data + curse + omitted + stale: true cost of the scope over its opening price, less 1
    variation   hold_up / n · max(0, gap) · agreed budget of the year: what the commissioner pays after all, because there is
                nobody else to turn to once a bidder is preferred (hold-up: Williamson 1975); the fewer bidders, the more

    delay       min(−delay_mean · ln(1 − u), delay_limit) years from the planned start
    starts      u < (1 − hazard) ^ mobilisation_years
    scope       realised share of the planned scope: `small` with chance small_probability (Dudley's own was 6%); otherwise
                1 less what practices withhold, uptake_share · (1 − uptake), uptake uniform from uptake_low to 1, less
                council_share where the council keeps its money, with chance 1 − council_probability. 0 where it never starts

Whether it starts, when and in what scope is drawn for every future and stands in the table of futures. Outcomes are given
that it starts in full scope: a contract whose pounds are all scaled with its scope pays that share of every figure, so
anything with the realised scope in it is the product of two columns (analysis/starting.py).
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from .._jit import rule
from .._lanes import pick
from ..futures.elementary import exponential, exponential_less_one, logarithm_of_one_more
from ..futures.marginals import normal_quantile
from .parameters import PLAN_AGREED, slot

GAP_SHIFT, GAP_MEDIAN, GAP_SPREAD, BIDDERS, BID_SPREAD, OMITTED_P, OMITTED_SIZE, STALENESS, HOLD_UP = (
    slot(f"place.opening.{k}")
    for k in (
        "gap_shift", "gap_median", "gap_spread", "bidders", "bid_spread", "omitted_probability", "omitted_size",
        "staleness", "hold_up",
    )
)  # fmt: skip
HAZARD, MOBILISATION, DELAY_MEAN, DELAY_LIMIT = (
    slot(f"place.start.{k}") for k in ("hazard", "mobilisation_years", "delay_mean", "delay_limit")
)
SMALL_P, SMALL, UPTAKE_LOW, UPTAKE_SHARE, COUNCIL_P, COUNCIL_SHARE = (
    slot(f"place.start.{k}")
    for k in ("small_probability", "small_scope", "uptake_low", "uptake_share", "council_probability", "council_share")
)


@rule
def data_error(z: float, shift: float, median: float, spread: float) -> float:
    """What the baseline got wrong, as a share of the price: shift + median · exp(spread · z)."""
    return shift + median * exponential(spread * z)


@rule
def winners_curse(u: float, bidders: float, spread: float) -> float:
    """Shortfall of the lowest of n bids below the true cost, each bid off by `spread`: the least of n normals, turned."""
    return -spread * normal_quantile(-exponential_less_one(logarithm_of_one_more(-u) / bidders))


@rule
def delay_of(u: float, p: np.ndarray) -> float:
    """Years from the planned start to the start: exponential, cut off at the limit."""
    return min(-p[DELAY_MEAN] * logarithm_of_one_more(-u), p[DELAY_LIMIT])


@rule
def opening_gap(once: np.ndarray, p: np.ndarray, i: int) -> float:
    """True cost of the scope over its opening price, less 1, of future i."""
    gap = data_error(once[L.ONCE_GAP, i], p[GAP_SHIFT], p[GAP_MEDIAN], p[GAP_SPREAD])
    gap += winners_curse(once[L.ONCE_CURSE, i], p[BIDDERS], p[BID_SPREAD])
    gap += pick(once[L.ONCE_OMITTED, i] < p[OMITTED_P], p[OMITTED_SIZE], 0.0)
    return gap + p[STALENESS] * delay_of(once[L.ONCE_DELAY, i], p)


@rule
def starts_at_all(u: float, p: np.ndarray) -> bool:
    """Whether the contract outlives its mobilisation."""
    return u < (1.0 - p[HAZARD]) ** p[MOBILISATION]


@rule
def realised_scope(once: np.ndarray, p: np.ndarray, i: int) -> float:
    """Share of the planned scope that future i's contract gets to run; 0 where it never starts."""
    uptake = p[UPTAKE_LOW] + (1.0 - p[UPTAKE_LOW]) * once[L.ONCE_UPTAKE, i]
    kept = pick(once[L.ONCE_COUNCIL, i] >= p[COUNCIL_P], p[COUNCIL_SHARE], 0.0)
    most = max(0.0, 1.0 - p[UPTAKE_SHARE] * (1.0 - uptake) - kept)
    started = pick(once[L.ONCE_SCOPE, i] < p[SMALL_P], p[SMALL], most)
    return pick(starts_at_all(once[L.ONCE_START, i], p), started, 0.0)


@rule
def vary_price(
    d: np.ndarray, s: np.ndarray, p: np.ndarray, plan: np.ndarray, ledger: np.ndarray, line: int, t: int, n: int
) -> None:
    """Put on ledger line `line` what a sole bidder wins back of a gap (£), and add it to paid_income."""
    for i in range(n):
        gap = max(0.0, d[L.WORLD_OPENING, i] - 1.0)
        amount = p[HOLD_UP] / p[BIDDERS] * gap * plan[t, PLAN_AGREED] * s[L.S_RUNNING, i]
        ledger[t, line, i] = amount
        d[L.PAID_VARIATION, i] = amount
        d[L.PAID_INCOME, i] += amount
