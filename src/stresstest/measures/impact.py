"""How much an input matters, and what that makes of its quality: the rules by which the register of assumptions rates.

    impact    of what moving an input does to the chance that losses end the contract, and to the commissioner's mean net
              exposure as a share of a year's payment. A change within two standard errors counts as none.
    risk      from quality and impact by the table RISK; an input that was not moved has no impact and is not rated

The thresholds are judgements.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

EXCELLENT, GOOD, POOR = "excellent", "good", "poor"
LOW, MEDIUM, HIGH = "low", "medium", "high"
NOT_VARIED, NOT_RATED = "not varied", "not rated"
#: Risk by quality and impact.
RISK = {
    (EXCELLENT, LOW): LOW, (EXCELLENT, MEDIUM): LOW, (EXCELLENT, HIGH): MEDIUM,
    (GOOD, LOW): LOW, (GOOD, MEDIUM): MEDIUM, (GOOD, HIGH): HIGH,
    (POOR, LOW): MEDIUM, (POOR, MEDIUM): HIGH, (POOR, HIGH): HIGH,
}  # fmt: skip
#: From which change on an impact is medium or high: of the chance that losses end it, and of exposure over a year's payment.
MEDIUM_FROM, HIGH_FROM = (0.02, 0.05), (0.10, 0.25)
#: Standard errors within which a change is told from none.
APART = 2.0


def single_change(row: Mapping[str, Any]) -> dict[str, float]:
    """What the one change of a row of the table `swings` does: to the chance (a share) and to mean net exposure (£)."""
    return {
        "losses_change": row["exit_losses_changed"] - row["exit_losses_base"],
        "losses_change_error": row["exit_losses_error"],
        "exposure_change_gbp": row["exposure_changed_gbp"] - row["exposure_base_gbp"],
        "exposure_change_error_gbp": row["exposure_error_gbp"],
    }


def impact_of(losses: tuple[float, float], money: tuple[float, float], year: float) -> str:
    """low, medium or high by the larger of two changes.

    Arguments: `losses` change of the chance and its standard error (shares); `money` change of exposure and its error (£);
    `year` a year's payment (£), NaN where the contract has none: exposure then does not count.
    """
    chance = _clear(*losses)
    share = _clear(*money) / year if year > 0.0 else 0.0
    for word, (least, least_share) in ((HIGH, HIGH_FROM), (MEDIUM, MEDIUM_FROM)):
        if chance >= least or share >= least_share:
            return word
    return LOW


def _clear(change: float, error: float) -> float:
    """The size of a change, 0 where noise may have made it; an unknown error counts as none."""
    return abs(change) if abs(change) > APART * (error if error == error else 0.0) else 0.0


def risk_of(quality: str, impact: str) -> str:
    """low, medium or high; "not rated" for an input without an impact."""
    return RISK.get((quality, impact), NOT_RATED)
