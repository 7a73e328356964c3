"""What the contract's two ends pay: a dear base year, a bid under cost, and leaving once losses reach their cap.

Cases TV07 (L14), TV11 (L15) and TV12 (L17). Prices are those of the annual payment, shared savings those of the gain/loss
share, and deficits are borne by the loss cap, whose figure says when the provider may leave.

    base year   Σ paid on z · weight, discounted, years k = 1 … H after it, less the provider's own part of z
    low bid     q · (Σ with what is asked for) + (1 − q) · (Σ up to then − cost of leaving);  q* where that is 0
    leaving     mean over all paths of results, until the cap is used up; the fee is due before the last year only

Evidence: E13, E14 (base years), E35 to E37 (bids), E38, E39 (leaving).
"""

from __future__ import annotations

import math
from itertools import product

import numpy as np

from .._jit import Array
from ..terms import annual_payment, loss_cap
from ..terms._term import NOT_USED
from .payoff_clause import run_clause
from .payoff_share import shared_amounts

MAX_WALKS = 100_000


# ── L14 baseline ───────────────────────────────────────────────────────────────────────────────────────────────────
def present_value(amounts: Array, discount: float) -> float:
    """Worth in the base year of amounts (float64[years]) paid one, two, … years later."""
    return float(sum(amount * (1.0 + discount) ** -(k + 1) for k, amount in enumerate(amounts)))


def annuity(years: int, discount: float) -> float:
    """Worth of a pound in each of the years after the base year."""
    return present_value(np.ones(years), discount)


def shared_baseline_gain(
    inflated: float, own_cost: float, weight: float, share: float, years: int, discount: float
) -> float:
    """Gain of base-year spend raised by `inflated` where the benchmark follows it by `weight` and savings are shared.

    Case TV07. The provider bears `own_cost` of what is spent; afterwards spend is what it would have been.
    """
    return present_value(shared_amounts([weight * inflated] * years, share, share)[:, 0], discount) - own_cost


def paid_baseline_gain(
    inflated: float, own_cost: float, weight: float, years: int, discount: float, price: float = 100.0
) -> float:
    """The same where the annual payment itself follows the base year, under full capitation: case TV07."""
    paid = [
        run_clause(annual_payment.KIND, {"opening_price": price + raised, "form": "fixed"}, [{}] * years)[0][:, 0]
        for raised in (0.0, weight * inflated)
    ]
    return present_value(paid[1] - paid[0], discount) - own_cost


# ── L15 low bid ────────────────────────────────────────────────────────────────────────────────────────────────────
def low_bid_worth(
    under: float, loss_years: int, raised: float, years: int, chance: float, leaving: float, cost: float = 100.0
) -> float:
    """Worth of a bid `under` the yearly cost, raised after `loss_years` with this chance, else left at a cost: TV11.

    The rise is a change of scope of the annual payment, which can come from the second year on (`loss_years` is at least
    1) and stays to the end of the term. Nothing is discounted.
    """
    terms = {"opening_price": cost - under, "form": "fixed", "scope_change": [0.0] * loss_years + [raised, 0.0]}
    results = run_clause(annual_payment.KIND, terms, [{}] * years)[0][:, 0] - cost
    return float(chance * results.sum() + (1.0 - chance) * (results[:loss_years].sum() - leaving))


def break_even_chance(
    under: float, loss_years: int, raised: float, years: int, leaving: float, cost: float = 100.0
) -> float:
    """The chance q* from which a low bid pays: 0 where it always does, infinite where it never does: case TV11."""
    refused, granted = (low_bid_worth(under, loss_years, raised, years, q, leaving, cost) for q in (0.0, 1.0))
    if refused >= 0.0:
        return 0.0
    return -refused / (granted - refused) if granted > 0.0 else math.inf


# ── L17 walking away ───────────────────────────────────────────────────────────────────────────────────────────────
def walk_away_worth(gain: float, loss: float, years: int, cap: float, fee: float) -> float:
    """Mean result of a contract that gains or loses by the toss of a coin each year and ends at the cap (£): TV12.

    The provider bears losses up to `cap` over the term (1e18: none). In the year in which the cap is used up the contract
    ends, with the fee unless it is the last. Raises ValueError beyond 100,000 paths.
    """
    if 2**years > MAX_WALKS:
        raise ValueError(f"{years} years have more than {MAX_WALKS} paths")
    paths = np.array(list(product((gain, -loss), repeat=years))).T
    accounts = [{"income": np.maximum(year, 0.0), "reported_cost": np.maximum(-year, 0.0)} for year in paths]
    borne, shown = run_clause(loss_cap.KIND, {"cap": cap}, accounts)
    leaves = shown["right_to_leave"] == 1.0
    serves = np.vstack([np.ones(paths.shape[1], dtype=bool), ~np.logical_or.accumulate(leaves)[:-1]])
    fees = fee * (leaves & serves & (np.arange(years) < years - 1)[:, None])
    return float((serves * (np.maximum(paths, 0.0) - borne) - fees).sum(axis=0).mean())


def walk_away_option(gain: float, loss: float, years: int, cap: float, fee: float) -> float:
    """What the right to leave at the cap is worth: the mean result with it less the one without: case TV12."""
    return walk_away_worth(gain, loss, years, cap, fee) - walk_away_worth(gain, loss, years, NOT_USED, fee)
