"""Quality-scaled share: a global budget whose quality score first earns a bonus, and later sets the share itself.

Clause. The year's recorded spend A is set against the budget E. In phase one the provider receives or bears a fixed
share of the difference, and on top of it a bonus, up to a share of the budget, in line with the quality score. In
phase two the bonus goes and the score sets the share: better quality means a larger share of a gain and a smaller
share of a loss.

    phase one   share · (E − A) + bonus · q · E
    phase two   σ = low + span · q;  gain: σ · (E − A);  loss: (1 − σ) · (E − A)

The score q runs from 0 to 1, so a score of 3 on a scale to 5 is 0.6. Worked number E7 (Massachusetts Alternative
Quality Contract; the straight line stands for its five gates, and shares of 20% to 80% are recalled). Source: NEJM
2011; Health Affairs 2012.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from ._term import SHARE, Field, PackContext, TermKind, choice

PHASES = ("one", "two")
(PHASE, FIXED_SHARE, BONUS, LOW, SPAN) = range(2, 7)


@rule
def phase_one(gap: float, budget: float, quality: float, share: float, bonus: float) -> float:
    """Fixed share of the gap, and the bonus on quality."""
    return share * gap + bonus * quality * budget


@rule
def phase_two(gap: float, quality: float, low: float, span: float) -> float:
    """Share of a gain that rises with quality, share of a loss that falls with it."""
    share = low + span * quality
    return share * gap if gap > 0.0 else (1.0 - share) * gap


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Share and bonus of the year in the phase agreed."""
    budget, quality = d[L.RECORD_ACUTE_EXPECTED, i], d[L.PAID_SCORE, i]
    gap = budget - d[L.RECORD_ACUTE, i]
    if row[PHASE] == 0.0:
        return phase_one(gap, budget, quality, row[FIXED_SHARE], row[BONUS])
    return phase_two(gap, quality, row[LOW], row[SPAN])


def pack(values: dict[str, Any], context: PackContext) -> list[float]:
    """Row numbers in the order of the slots above."""
    return [choice(PHASES, values["phase"]), values["share"], values["bonus"], values["low"], values["span"]]


def check(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Findings as (key, sentence): a share above the whole would pay the provider for a loss."""
    if values["low"] + values["span"] > 1.0 + 1e-12:
        return [("span", f"at full quality the share is {values['low'] + values['span']:g}, more than the whole")]
    return []


KIND = TermKind(
    name="quality_scaled_share",
    title="Quality-scaled share",
    fields=(
        Field("phase", "choice", "one: fixed share and bonus; two: quality sets the share", choices=PHASES),
        Field("share", SHARE, "provider's share of gain and loss (phase one)", 0.0, 1.0, 0.0),
        Field("bonus", SHARE, "bonus at full quality, as a share of the budget (phase one)", 0.0, 1.0, 0.0),
        Field("low", SHARE, "share of a gain at no quality (phase two)", 0.0, 1.0, 0.0),
        Field("span", SHARE, "what full quality adds to that share (phase two)", 0.0, 1.0, 0.0),
    ),
    pack=pack,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    check=check,
    needs=("improvement_payment",),
)
