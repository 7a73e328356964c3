"""What is left of a gain that may be found out: cases TV01, TV02 and TV14.

    net of detection   gain · (1 − π(1 + m)Λ) − cost − π·F
    deterred from      π* = (gain − cost) / ((1 + m)·Λ·gain + F)
    audit              π = 1 − (1 − s·q)^n;  any of three: π = 1 − (1 − π_a)(1 − π_w)(1 − π_b)

π chance of being found out, m fine as a multiple of the gain, F fixed penalty, Λ years of gain recovered; q share of
records that are false, s share of those that a look at the record shows, n records looked at. A step needs few false
records, and a small audit misses them. Evidence: E25, E26, E45.
"""

from __future__ import annotations

import numpy as np

from ..layout import LEVER_SLOTS
from ._lever import (
    ROW_ENFORCED,
    ROW_FALSE,
    ROW_FINE,
    ROW_FIXED,
    ROW_LOOK_BACK,
    ROW_RECORDS,
    amount_recovered,
    found_chance,
)


def net_of_detection(
    gain: float, cost: float, detection: float, fine: float, fixed: float = 0.0, look_back: float = 1.0
) -> float:
    """Expected gain after what is recovered with its fine, the fixed penalty and the cost of the act."""
    row = _row(fine=fine, fixed=fixed, look_back=look_back)
    return gain - detection * float(amount_recovered(gain, int(look_back), row)) - cost


def _row(fine: float = 0.0, fixed: float = 0.0, look_back: float = 1.0, records: float = 0.0, false: float = 0.0) -> np.ndarray:
    """A lever's row of numbers, as the kernel reads it; whatever is found out has consequences."""
    row = np.zeros(LEVER_SLOTS)
    row[ROW_FINE], row[ROW_FIXED], row[ROW_LOOK_BACK], row[ROW_ENFORCED] = fine, fixed, look_back, 1.0
    row[ROW_RECORDS], row[ROW_FALSE] = records, false
    return row


def deterring_detection(gain: float, cost: float, fine: float, fixed: float = 0.0, look_back: float = 1.0) -> float:
    """The chance of being found out at which the act just stops paying (may exceed 1: nothing deters it)."""
    return (gain - cost) / ((1.0 + fine) * look_back * gain + fixed)


def audit_detection(false_share: float, records: int, sensitivity: float = 1.0) -> float:
    """Chance that a sample of `records` finds at least one false record."""
    return float(found_chance(1.0, _row(records=float(records), false=sensitivity * false_share)))


def net_of_audit(gain: float, fine: float, false_share: float, records: int, sensitivity: float = 1.0) -> float:
    """Expected gain of false records that a sample may find: case TV14."""
    return net_of_detection(gain, 0.0, audit_detection(false_share, records, sensitivity), fine)


def combined_detection(audit: float, whistle: float, outlier: float) -> float:
    """Chance that an audit, a whistle-blower or an outlier test finds the act."""
    return 1.0 - (1.0 - audit) * (1.0 - whistle) * (1.0 - outlier)
