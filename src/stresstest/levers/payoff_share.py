"""What shares of gains, losses, surpluses and dear patients pay: noise, cost shifted out, hidden profit, selection.

Cases TV06 (L18), TV09 (L10), TV13 (L16) and TV15 (L01). Every share is paid by the engine's own clause: gain/loss share,
profit share, and shares of layers for the stop-loss.

    noise         savings that are noise alone, sd s: E = (share of gains − share of losses) · s / √(2π) without band or cap
    shifting      saved inside − share of acute cost − share of council cost; deterred by Δ_in / (Δ_acute + Δ_council)
    hidden profit what is billed beyond the fair price, up to a price band, leaves the surplus that is shared
    selection     persons · (cost − stop-loss − predicted cost) − cost of moving them

Money is in pounds, or in any unit used throughout. Evidence: E12, E16, E17, E29, E30, E31, E40.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from .._jit import Array
from ..terms import gain_loss_share, layered_share, profit_share
from ..terms._term import NOT_USED
from .payoff_clause import run_clause

#: How many standard deviations of noise are added up, and points in each piece between two kinks.
NOISE_REACH, NOISE_POINTS = 10.0, 60


def shared_amounts(
    savings: Sequence[Any], share_gain: float, share_loss: float, deductible: float = 0.0, cap: float = NOT_USED,
    settlement: str = "annual", expected: float = 100.0,
) -> Array:  # fmt: skip
    """What the gain/loss share pays on the savings of each year: float64[years, futures], + to the provider.

    A year's saving is a number or one for each future. `deductible` is the dead band and `cap` the most that a year pays
    either way, both in the unit of the savings; under cumulative settlement the cap is times the years so far.
    """
    limit = cap / expected if cap < NOT_USED else NOT_USED
    terms = {"share_gain": share_gain, "share_loss": share_loss, "dead_band": deductible / expected}
    terms |= {"gain_cap": limit, "loss_cap": limit}
    years = [
        {"acute_expected": expected, "acute_actual": expected - np.asarray(saving), "annual_payment": expected}
        for saving in savings
    ]
    return run_clause(gain_loss_share.KIND, {**terms, "settlement": settlement}, years)[0]


def settled_share(
    savings: Sequence[float], share: float, cap: float, settlement: str, expected: float = 100.0
) -> float:
    """Sum over years of an even gain/loss share on these savings; ±cap pounds a year (annual or cumulative)."""
    return float(shared_amounts(savings, share, share, cap=cap, settlement=settlement, expected=expected).sum())


# ── L18 noise ──────────────────────────────────────────────────────────────────────────────────────────────────────
def coin_share(swing: float, share_gain: float, share_loss: float, deductible: float = 0.0) -> float:
    """Expected payment where savings are `swing` or −`swing` by the toss of a coin: case TV06."""
    return float(shared_amounts([[swing, -swing]], share_gain, share_loss, deductible).mean())


def noise_share(noise_sd: float, share_gain: float, share_loss: float, deductible: float = 0.0) -> float:
    """Expected payment where savings are normal noise of this sd about 0, added up between the clause's kinks: TV06."""
    reach = NOISE_REACH * noise_sd
    kinks = sorted({-reach, -min(deductible, reach), min(deductible, reach), reach, 0.0})
    points, weights = np.polynomial.legendre.leggauss(NOISE_POINTS)
    total = 0.0
    for low, high in pairwise(kinks):
        savings = 0.5 * (high + low) + 0.5 * (high - low) * points
        density = np.exp(-0.5 * (savings / noise_sd) ** 2) / (np.sqrt(2.0 * np.pi) * noise_sd)
        paid = shared_amounts([savings], share_gain, share_loss, deductible)[0]
        total += float(np.sum(paid * density * weights) * 0.5 * (high - low))
    return total


# ── L10 cost shifting ──────────────────────────────────────────────────────────────────────────────────────────────
def borne_share(loss: float, share: float) -> float:
    """The provider's share of a loss on the basket outside its budget, by the gain/loss share."""
    return 0.0 - float(shared_amounts([-loss], share, share)[0, 0])


def shifting_gain(inside: float, acute: float, council: float, acute_share: float, council_share: float) -> float:
    """Cost saved inside less the provider's shares of what falls outside: case TV09."""
    return inside - borne_share(acute, acute_share) - borne_share(council, council_share)


def shifting_harm(acute: float, council: float, qalys: float, value_of_qaly: float) -> float:
    """What others pay, and health lost at its value."""
    return acute + council + qalys * value_of_qaly


def deadweight(harm: float, gain: float) -> float:
    """Harm beyond what the provider gains: what is lost and not merely moved."""
    return harm - gain


def deterring_share(inside: float, acute: float, council: float) -> float:
    """Share of the whole basket at which shifting just stops paying: Δ_in / (Δ_acute + Δ_council)."""
    return inside / (acute + council)


# ── L16 related parties ────────────────────────────────────────────────────────────────────────────────────────────
def owners_result(surplus: float, share: float, billed: float, fair: float, band: float = NOT_USED) -> float:
    """What the owners keep where their own firm bills `billed` for what is worth `fair`: case TV13.

    `surplus` is the true one, at the fair price. Bills count up to fair · (1 + band) in the account whose profit is
    shared; beyond that they are the owners' own affair, for the firm is theirs.
    """
    counted = min(billed, fair * (1.0 + band))
    account = {"income": surplus + fair, "reported_cost": counted}
    paid_over = run_clause(profit_share.KIND, {"share": share}, [account])[0][0, 0]
    return surplus - float(paid_over)


# ── L01 risk selection ─────────────────────────────────────────────────────────────────────────────────────────────
def selection_gain(
    persons: float, cost: float, predicted: float, effort: float, stop_loss: float = NOT_USED, coinsurance: float = 1.0
) -> float:
    """Gain of moving `persons` away who cost more than the payment predicts (£): case TV15.

    Above the stop-loss the provider bears the coinsurance of a person's cost and the commissioner the rest.
    """
    layer = {"attachment": stop_loss, "limit": NOT_USED, "share": 1.0 - coinsurance}
    relief = run_clause(layered_share.KIND, {"of": "person", "layers": [layer]}, [{"person": cost}])[0][0, 0]
    return persons * (cost - float(relief) - predicted) - effort
