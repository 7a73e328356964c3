"""Gain/loss share: provider and commissioner share what acute care outside the budget costs less or more than expected.

Clause. Each year the recorded acute spend A is set against the expected spend E. Within the dead band nothing is paid.
Beyond it the provider receives a share of a gain, or bears a share of a loss, either of the part beyond the band (net)
or of the whole (first pound). Either may be shared in tiers, and a gain may be scaled by the year's quality score. What
the provider receives or bears is capped at a share of the annual payment P, at a sum, or at both. Settlement is by the
year, or on the running total.

    d = E − A;  |d| ≤ δ·E: 0;  x = d ∓ δ·E (net) or d (first pound)
    gain: share_gain · x, or Σ tiers;  × quality score where quality-scaled;  loss: share_loss · x, or −Σ loss tiers of −x
    payment = clip(amount, −min(loss_cap · P, loss_cap_money), min(gain_cap · P, gain_cap_money))
    cumulative: the same on Σ d, Σ E and Σ P, less what was paid before

A tier is (from, to, share) of a gain or a loss beyond the band as a share of E: Σ share · max(0, min(x, to·E) −
from·E). Tiers of gains and of losses are given apart; where a side has tiers, its single share is not used. A gap that
just fills the band pays nothing. Quality scales gains and never losses. A cap of 1e18, as a share or as a sum, is not
used; as shares the caps are 1, the whole payment, where nothing is said; a payment below 0 counts as 0. Under
cumulative settlement the sums run over the years in force, every cap (also one in money) holds for the running total,
with the numbers and the quality score of the current year; the figures shown are those of the running total too.

Worked numbers E5 and E9. Purpose: NHS England 2016; the percentages of Dudley's own share were not published and are
judgements.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from .._lanes import pick
from ..futures.marginals import clip
from ._term import NOT_USED, POUNDS, QUANTITY, SHARE, Field, Shown, TermKind, row_slots, show

BANDS = ("net", "first_pound")
SETTLEMENTS = ("annual", "cumulative")
MAX_TIERS = 5
TIER = (
    Field("from", SHARE, "start of the tier as a share of the expected spend", 0.0, 10.0),
    Field("to", SHARE, "end of the tier as a share of the expected spend", 0.0, 10.0),
    Field("share", SHARE, "provider's share within the tier", 0.0, 1.0),
)
FIELDS = (
    Field("share_gain", SHARE, "provider's share of a gain", 0.0, 1.0),
    Field("share_loss", SHARE, "provider's share of a loss", 0.0, 1.0),
    Field("dead_band", SHARE, "band around the expected spend within which nothing is paid", 0.0, 0.5, 0.0),
    Field("band", "choice", "count the part beyond the band, or the whole", choices=BANDS, default="net"),
    Field("quality_scaled", "0 or 1", "1: gains are multiplied by the quality score", 0.0, 1.0, 0.0),
    Field(
        "gain_cap", SHARE, "most that the provider receives, as a share of the annual payment, up to 1; 1e18 = not used",
        0.0, NOT_USED, 1.0,
    ),
    Field(
        "loss_cap", SHARE, "most that the provider bears, as a share of the annual payment, up to 1; 1e18 = not used",
        0.0, NOT_USED, 1.0,
    ),
    Field("settlement", "choice", "year by year, or on the running total", choices=SETTLEMENTS, default="annual"),
    Field("gain_cap_money", POUNDS, "most that the provider receives; 1e18 = not used", 0.0, NOT_USED, NOT_USED),
    Field("loss_cap_money", POUNDS, "most that the provider bears; 1e18 = not used", 0.0, NOT_USED, NOT_USED),
    Field("expected", QUANTITY, "spend that is expected", default="acute_expected"),
    Field("actual", QUANTITY, "spend that is set against the expected", default="acute_actual"),
    Field("payment", QUANTITY, "what the caps are shares of", default="annual_payment"),
    Field("score", QUANTITY, "quality score that scales a gain", default="score"),
    Field("tiers", "rows", "tiers of the gain, instead of share_gain", default=[], columns=TIER, most=MAX_TIERS),
    Field("loss_tiers", "rows", "tiers of the loss, instead of share_loss", default=[], columns=TIER, most=MAX_TIERS),
)  # fmt: skip
(
    GAIN, LOSS, BAND, FIRST_POUND, QUALITY, GAIN_CAP, LOSS_CAP, CUMULATIVE, GAIN_CAP_MONEY, LOSS_CAP_MONEY, EXPECTED, ACTUAL,
    PAYMENT, SCORE, TIERS, FIRST_TIER, LOSS_TIERS, FIRST_LOSS_TIER,
) = row_slots(FIELDS)  # fmt: skip
M_GAP, M_EXPECTED, M_PAYMENT, M_PAID = range(4)
SHOWS = (
    Shown("gap", POUNDS, "expected less actual spend"),
    Shown("beyond_band", POUNDS, "part of the gap that counts"),
    Shown("before_caps", POUNDS, "what the provider would receive (+) or bear (−) without caps"),
)


@rule
def beyond_band(gap: float, expected: float, band: float, first_pound: float) -> float:
    """The part of the gap that counts: nothing within the band, the excess or the whole beyond it."""
    width = band * expected
    counted = gap if first_pound == 1.0 else pick(gap > 0.0, gap - width, gap + width)
    return pick(abs(gap) <= width, 0.0, counted)


@rule
def in_tiers(x: float, expected: float, row: np.ndarray, count: int, first: int) -> float:
    """Σ share · max(0, min(x, to·E) − from·E) over `count` tiers (from, to, share) that start at row[first]."""
    total = 0.0
    for k in range(count):
        low, high = row[first + 3 * k] * expected, row[first + 3 * k + 1] * expected
        total += row[first + 3 * k + 2] * max(0.0, min(x, high) - low)
    return total


@rule
def tiered_gain(gain: float, expected: float, row: np.ndarray) -> float:
    """Share of a gain in tiers (from, to, share), from and to as shares of the expected spend."""
    return in_tiers(gain, expected, row, int(row[TIERS]), FIRST_TIER)


@rule
def tiered_loss(loss: float, expected: float, row: np.ndarray) -> float:
    """Share of a loss (a positive sum) in the tiers of losses, as tiered_gain."""
    return in_tiers(loss, expected, row, int(row[LOSS_TIERS]), FIRST_LOSS_TIER)


@rule
def shared_amount(gap: float, expected: float, quality: float, row: np.ndarray) -> float:
    """What the provider receives (+) or bears (−) before the caps."""
    x = beyond_band(gap, expected, row[BAND], row[FIRST_POUND])
    borne = -tiered_loss(-x, expected, row) if row[LOSS_TIERS] > 0.0 else row[LOSS] * x
    amount = tiered_gain(x, expected, row) if row[TIERS] > 0.0 else row[GAIN] * x
    return pick(x <= 0.0, borne, amount * quality if row[QUALITY] == 1.0 else amount)


@rule
def limit(share: float, money: float, payment: float) -> float:
    """The lower of a share of the payment and a sum (£); a share of NOT_USED is no limit, a payment below 0 counts as 0."""
    return min(share * max(0.0, payment), money) if share < NOT_USED else money


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Gain/loss share of the year."""
    expected, payment = d[int(row[EXPECTED]), i], d[int(row[PAYMENT]), i]
    gap = expected - d[int(row[ACTUAL]), i]
    if row[CUMULATIVE] == 1.0:
        memory[M_GAP, i] += gap
        memory[M_EXPECTED, i] += expected
        memory[M_PAYMENT, i] += payment
        gap, expected, payment = memory[M_GAP, i], memory[M_EXPECTED, i], memory[M_PAYMENT, i]
    due = shared_amount(gap, expected, d[int(row[SCORE]), i], row)
    show(row, d, i, 0, gap)
    show(row, d, i, 1, beyond_band(gap, expected, row[BAND], row[FIRST_POUND]))
    show(row, d, i, 2, due)
    borne = limit(row[LOSS_CAP], row[LOSS_CAP_MONEY], payment)
    due = clip(due, -borne, limit(row[GAIN_CAP], row[GAIN_CAP_MONEY], payment))
    amount = due - memory[M_PAID, i]
    if row[CUMULATIVE] == 1.0:
        memory[M_PAID, i] = due
    return amount


def _check_tiers(name: str, tiers: list[dict[str, Any]]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if len(tiers) > MAX_TIERS:
        found.append((name, f"there are {len(tiers)} tiers; at most {MAX_TIERS} are allowed"))
    for k, tier in enumerate(tiers):
        if tier["to"] <= tier["from"]:
            ends = f"tier {k + 1} ends at {tier['to']:g}, not above its start {tier['from']:g}"
            found.append((f"{name}.{k + 1}", ends))
        if k and tier["from"] < tiers[k - 1]["to"]:
            shared = f"tiers {k} and {k + 1} overlap between {tier['from']:g} and {tiers[k - 1]['to']:g}"
            found.append((f"{name}.{k + 1}", shared))
        if k and tier["from"] > tiers[k - 1]["to"]:
            found.append((f"{name}.{k + 1}", f"there is a gap between tier {k} and tier {k + 1}"))
    return found


def check(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Findings as (key, sentence): tiers that follow one another without gap or overlap, and caps that are shares."""
    found = _check_tiers("tiers", values["tiers"]) + _check_tiers("loss_tiers", values["loss_tiers"])
    for name in ("gain_cap", "loss_cap"):
        if 1.0 < values[name] < NOT_USED:
            found.append(
                (name, f"the cap is {values[name]:g} times the payment; it is a share up to 1, or 1e18 for none")
            )
    return found


def unread(values: dict[str, Any]) -> tuple[str, ...]:
    """The score where nothing is scaled by it; the payment where neither cap is a share of it."""
    scaled = values["quality_scaled"]
    unused = () if scaled == 1.0 or scaled != scaled else ("score",)
    if values["gain_cap"] >= NOT_USED and values["loss_cap"] >= NOT_USED:
        return (*unused, "payment")
    return unused


KIND = TermKind(
    name="gain_loss_share",
    title="Gain/loss share",
    fields=FIELDS,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    memory=4,
    check=check,
    unread=unread,
    shows=SHOWS,
)
