"""Gain/loss share: provider and commissioner share what acute care outside the budget costs less or more than expected.

Clause. Each year the recorded acute spend A is set against the expected spend E. Within the dead band nothing is paid.
Beyond it the provider receives a share of a gain, or bears a share of a loss, either of the part beyond the band (net)
or of the whole (first pound). A gain may be shared in tiers, and scaled by the year's quality score. What the provider
receives or bears is capped at a share of the annual payment. Settlement is by the year, or on the running total.

    d = E − A;  |d| ≤ δ·E: 0;  x = d ∓ δ·E (net) or d (first pound)
    gain: share_gain · x, or Σ tiers;  × quality score where quality-scaled;  loss: share_loss · x
    payment = clip(amount, −loss_cap · P, gain_cap · P)
    cumulative: the same on Σ d, Σ E and Σ P, less what was paid before

A tier is (from, to, share) of the gain as a share of E. Worked numbers E5 and E9. Purpose: NHS England 2016; the
percentages of Dudley's own share were not published and are judgements.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from ..futures.marginals import clip
from ._term import SHARE, Field, PackContext, TermKind, choice

BANDS = ("net", "first_pound")
SETTLEMENTS = ("annual", "cumulative")
(GAIN, LOSS, BAND, FIRST_POUND, QUALITY, GAIN_CAP, LOSS_CAP, CUMULATIVE, TIERS) = range(2, 11)
FIRST_TIER = 11
MAX_TIERS = 5
M_GAP, M_EXPECTED, M_PAYMENT, M_PAID = range(4)


@rule
def beyond_band(gap: float, expected: float, band: float, first_pound: float) -> float:
    """The part of the gap that counts: nothing within the band, the excess or the whole beyond it."""
    width = band * expected
    if abs(gap) <= width:
        return 0.0
    if first_pound == 1.0:
        return gap
    return gap - width if gap > 0.0 else gap + width


@rule
def tiered_gain(gain: float, expected: float, row: np.ndarray) -> float:
    """Share of a gain in tiers (from, to, share), from and to as shares of the expected spend."""
    total = 0.0
    for k in range(int(row[TIERS])):
        low, high = row[FIRST_TIER + 3 * k] * expected, row[FIRST_TIER + 3 * k + 1] * expected
        total += row[FIRST_TIER + 3 * k + 2] * max(0.0, min(gain, high) - low)
    return total


@rule
def shared_amount(gap: float, expected: float, quality: float, row: np.ndarray) -> float:
    """What the provider receives (+) or bears (−) before the caps."""
    x = beyond_band(gap, expected, row[BAND], row[FIRST_POUND])
    if x <= 0.0:
        return row[LOSS] * x
    amount = tiered_gain(x, expected, row) if row[TIERS] > 0.0 else row[GAIN] * x
    return amount * quality if row[QUALITY] == 1.0 else amount


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Gain/loss share of the year."""
    expected, payment = d[L.RECORD_ACUTE_EXPECTED, i], d[L.PAID_ANNUAL, i]
    gap = expected - d[L.RECORD_ACUTE, i]
    if row[CUMULATIVE] == 1.0:
        memory[M_GAP, i] += gap
        memory[M_EXPECTED, i] += expected
        memory[M_PAYMENT, i] += payment
        gap, expected, payment = memory[M_GAP, i], memory[M_EXPECTED, i], memory[M_PAYMENT, i]
    due = shared_amount(gap, expected, d[L.PAID_SCORE, i], row)
    due = clip(due, -row[LOSS_CAP] * payment, row[GAIN_CAP] * payment)
    amount = due - memory[M_PAID, i]
    if row[CUMULATIVE] == 1.0:
        memory[M_PAID, i] = due
    return amount


def pack(values: dict[str, Any], context: PackContext) -> list[float]:
    """Row numbers in the order of the slots above, then (from, to, share) for each tier."""
    numbers = [
        values["share_gain"], values["share_loss"], values["dead_band"], choice(BANDS, values["band"]),
        values["quality_scaled"], values["gain_cap"], values["loss_cap"], choice(SETTLEMENTS, values["settlement"]),
        len(values["tiers"]),
    ]  # fmt: skip
    for tier in values["tiers"]:
        numbers += [tier["from"], tier["to"], tier["share"]]
    return numbers


def check(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Findings as (key, sentence): tiers must follow one another without gap or overlap."""
    found: list[tuple[str, str]] = []
    tiers = values["tiers"]
    if len(tiers) > MAX_TIERS:
        found.append(("tiers", f"there are {len(tiers)} tiers; at most {MAX_TIERS} are allowed"))
    for k, tier in enumerate(tiers):
        if tier["to"] <= tier["from"]:
            found.append(
                (f"tiers.{k + 1}", f"tier {k + 1} ends at {tier['to']:g}, not above its start {tier['from']:g}")
            )
        if k and tier["from"] < tiers[k - 1]["to"]:
            found.append(
                (f"tiers.{k + 1}", f"tiers {k} and {k + 1} overlap between {tier['from']:g} and {tiers[k - 1]['to']:g}")
            )
        if k and tier["from"] > tiers[k - 1]["to"]:
            found.append((f"tiers.{k + 1}", f"there is a gap between tier {k} and tier {k + 1}"))
    return found


def needs_for(values: dict[str, Any]) -> tuple[str, ...]:
    """A gain that is scaled by quality needs the clause that scores it."""
    return ("improvement_payment",) if values["quality_scaled"] == 1.0 else ()


KIND = TermKind(
    name="gain_loss_share",
    title="Gain/loss share",
    fields=(
        Field("share_gain", SHARE, "provider's share of a gain", 0.0, 1.0),
        Field("share_loss", SHARE, "provider's share of a loss", 0.0, 1.0),
        Field("dead_band", SHARE, "band around the expected spend within which nothing is paid", 0.0, 0.5, 0.0),
        Field("band", "choice", "count the part beyond the band, or the whole", choices=BANDS, default="net"),
        Field("quality_scaled", "0 or 1", "1: gains are multiplied by the quality score", 0.0, 1.0, 0.0),
        Field("gain_cap", SHARE, "most that the provider receives, as a share of the annual payment", 0.0, 1.0, 1.0),
        Field("loss_cap", SHARE, "most that the provider bears, as a share of the annual payment", 0.0, 1.0, 1.0),
        Field("settlement", "choice", "year by year, or on the running total", choices=SETTLEMENTS, default="annual"),
        Field(
            "tiers", "rows", "tiers of the gain, instead of share_gain", default=[],
            columns=(
                Field("from", SHARE, "start of the tier as a share of the expected spend", 0.0, 10.0),
                Field("to", SHARE, "end of the tier as a share of the expected spend", 0.0, 10.0),
                Field("share", SHARE, "provider's share within the tier", 0.0, 1.0),
            ),
        ),
    ),
    pack=pack,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    memory=4,
    check=check,
    needs=("annual_payment",),
    needs_for=needs_for,
)  # fmt: skip
