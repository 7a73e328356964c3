"""Retention: part of each payment is held back, and released later as far as it has been earned.

Clause. A share of what the provider received under `of` is held back each year. After `after_years` years it is released,
multiplied by what `release` says it has earned; in the last year all that is still held is released, this year's
included. What is not released is lost to the provider.

    held_back_t = rate · max(0, of_t)
    due_t = what is still held from year t − after_years and earlier;  last year: all that is still held, held_back_t included
    after_years = 0: due_t = 0 before the last year
    released_t = min(1, max(0, release_t)) · due_t
    amount_t = released_t − held_back_t;     held_t = held_{t−1} + held_back_t − due_t,  held before the first year = 0

What has become due leaves the fund whether it is paid or lost. A negative `of` holds nothing back. `rate`, `release`
and `after_years` are those of the year; `after_years` is a whole number from 0 to 10, and a quantity that gives it is
cut to whole years and held between those ends. The last year is the clause's last year in force, which is the
contract's where nothing else is said; years count from its first. No interest is paid. The figures are shown in every
year: `held_back`, `released` (what is paid out) and `held` (at the end of the year). Source of the shape: retention
under building contracts (NEC4 option X16) and outcome payments withheld until a later measurement (recalled).
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from .._jit import rule
from ._term import POUNDS, QUANTITY, ROW_YEAR, ROW_YEARS, SHARE, Field, Shown, TermKind, row_slots, show

FIELDS = (
    Field("of", QUANTITY, "what the provider received in the year"),
    Field("rate", SHARE, "share of it that is held back", 0.0, 1.0),
    Field("release", QUANTITY, "share, 0 to 1, that is paid of what becomes due", default="one"),
    Field(
        "after_years", "whole years", "years until what is held becomes due; 0: in the last year only", 0.0, 10.0, 0.0
    ),
)
(OF, RATE, RELEASE, AFTER_YEARS) = row_slots(FIELDS)
YEARS = 11  # the year t is kept in slot t modulo 11
M_OLDER = YEARS  # what is held from years that lie further back


@rule
def paid_of_due(due: float, release: float) -> float:
    """What is paid of what becomes due; `release` is held between 0 and 1."""
    return min(1.0, max(0.0, release)) * due


@rule
def take_due(memory: np.ndarray, i: int, year: int, after: int) -> float:
    """Take out what is held from year − after and earlier, and say how much it was (£)."""
    due = memory[M_OLDER, i]
    memory[M_OLDER, i] = 0.0
    for k in range(after, YEARS):
        due += memory[(year - k) % YEARS, i]
        memory[(year - k) % YEARS, i] = 0.0
    return due


@rule
def total_held(memory: np.ndarray, i: int) -> float:
    """What is held from all years (£)."""
    total = 0.0
    for k in range(YEARS + 1):
        total += memory[k, i]
    return total


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """What is released less what is held back; remembers what is held by year."""
    year = int(row[ROW_YEAR])
    after = int(max(0.0, min(row[AFTER_YEARS], YEARS - 1.0)))
    held_back = row[RATE] * max(0.0, d[int(row[OF]), i])
    memory[M_OLDER, i] += memory[year % YEARS, i]
    memory[year % YEARS, i] = held_back
    due = 0.0
    if year >= int(row[ROW_YEARS]) - 1:
        due = take_due(memory, i, year, 0)
    elif after > 0:
        due = take_due(memory, i, year, after)
    released = paid_of_due(due, d[int(row[RELEASE]), i])
    show(row, d, i, 0, held_back)
    show(row, d, i, 1, released)
    show(row, d, i, 2, total_held(memory, i))
    return released - held_back


KIND = TermKind(
    name="retention",
    title="Held back and released",
    fields=FIELDS,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    memory=YEARS + 1,
    shows=(
        Shown("held_back", POUNDS, "held back from this year's payment"),
        Shown("released", POUNDS, "paid out this year of what was held"),
        Shown("held", POUNDS, "still held at the end of the year"),
    ),
)
