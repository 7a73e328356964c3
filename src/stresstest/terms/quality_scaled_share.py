"""Quality-scaled share: a global budget whose quality score first earns a bonus, and later sets the share itself.

Clause. The year's recorded spend A is set against the budget E. In phase one the provider receives or bears a fixed
share of the difference, and on top of it a bonus, up to a share of the budget, in line with the quality score. In
phase two the bonus goes and the score sets the share: better quality means a larger share of a gain and a smaller
share of a loss.

    phase one   share · (E − A) + bonus · q · E
    phase two   σ = low + span · q;  gain (E > A): σ · (E − A);  else: (1 − σ) · (E − A)

The score q runs from 0 to 1, so a score of 3 on a scale to 5 is 0.6; it is not held to those bounds. The figure
share_applied is the share in phase one, and in phase two σ for a gain, else 1 − σ.

Worked number E7 (Massachusetts Alternative Quality Contract; the straight line stands for its five gates, and shares of
20% to 80% are recalled). Source: NEJM 2011; Health Affairs 2012.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from .._lanes import pick
from ._term import POUNDS, QUANTITY, SHARE, Field, Shown, TermKind, row_slots, show

PHASES = ("one", "two")
FIELDS = (
    Field("phase", "choice", "one: fixed share and bonus; two: quality sets the share", choices=PHASES),
    Field("share", SHARE, "provider's share of gain and loss (phase one)", 0.0, 1.0, 0.0),
    Field("bonus", SHARE, "bonus at full quality, as a share of the budget (phase one)", 0.0, 1.0, 0.0),
    Field("low", SHARE, "share of a gain at no quality (phase two)", 0.0, 1.0, 0.0),
    Field("span", SHARE, "what full quality adds to that share (phase two)", 0.0, 1.0, 0.0),
    Field("budget", QUANTITY, "budget that the year's spend is set against", default="acute_expected"),
    Field("spend", QUANTITY, "spend that is set against the budget", default="acute_actual"),
    Field("quality", QUANTITY, "quality score, 0 to 1", default="score"),
)
(PHASE, FIXED_SHARE, BONUS, LOW, SPAN, BUDGET, SPEND, QUALITY) = row_slots(FIELDS)
SHOWS = (
    Shown("gap", POUNDS, "budget less spend"),
    Shown("share_applied", SHARE, "provider's share of that gap"),
)


@rule
def phase_one(gap: float, budget: float, quality: float, share: float, bonus: float) -> float:
    """Fixed share of the gap, and the bonus on quality."""
    return share * gap + bonus * quality * budget


@rule
def share_of_phase_two(gap: float, quality: float, low: float, span: float) -> float:
    """The provider's share of this gap: it rises with quality for a gain, and falls with it for a loss."""
    share = low + span * quality
    return pick(gap > 0.0, share, 1.0 - share)


@rule
def phase_two(gap: float, quality: float, low: float, span: float) -> float:
    """Share of a gain that rises with quality, share of a loss that falls with it."""
    return share_of_phase_two(gap, quality, low, span) * gap


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Share and bonus of the year in the phase agreed."""
    budget, quality = d[int(row[BUDGET]), i], d[int(row[QUALITY]), i]
    gap = budget - d[int(row[SPEND]), i]
    show(row, d, i, 0, gap)
    if row[PHASE] == 0.0:
        show(row, d, i, 1, row[FIXED_SHARE])
        return phase_one(gap, budget, quality, row[FIXED_SHARE], row[BONUS])
    show(row, d, i, 1, share_of_phase_two(gap, quality, row[LOW], row[SPAN]))
    return phase_two(gap, quality, row[LOW], row[SPAN])


def check(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Findings as (key, sentence): a share above the whole would pay the provider for a loss."""
    if values["low"] + values["span"] > 1.0 + 1e-12:
        return [("span", f"at full quality the share is {values['low'] + values['span']:g}, more than the whole")]
    return []


def unread(values: dict[str, Any]) -> tuple[str, ...]:
    """The quality score, in a phase one without a bonus."""
    return ("quality",) if values["phase"] == PHASES[0] and values["bonus"] == 0.0 else ()


KIND = TermKind(
    name="quality_scaled_share",
    title="Quality-scaled share",
    fields=FIELDS,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    check=check,
    unread=unread,
    shows=SHOWS,
)
