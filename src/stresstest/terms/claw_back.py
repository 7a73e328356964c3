"""Claw-back: earlier payments are called back when something goes wrong.

Clause. The clause watches what the provider received under `of`, year by year. In a year in which `trigger` is above 0 the
provider repays a share of what it received in this year and in the `look_back` years before, as far as it has not been called
back already.

    received_t = max(0, of_t)                               open_t,t = received_t
    held_t = Σ open_s,t over the years s = t − look_back … t
    trigger_t > 0:  amount_t = −share · held_t,             open_s,t+1 = (1 − share) · open_s,t  for those years s
    otherwise:      amount_t = 0,                           open_s,t+1 = open_s,t

This year's receipt counts before anything is called back. A year in which `of` is negative counts as 0; it is not set against
other years. A trigger of exactly 0 calls nothing; one that is not a number (NaN) makes the amount one too. After a claw-back
of part of a year's receipt the rest stays open to a later one; years beyond the look-back are safe, and so is what was
received before the clause was in force. `share` and `look_back` are those of the year of the claw-back. A look-back is a
whole number of years from 0 (this year only) to 10; a quantity that gives it is cut to whole years and held between those
ends. The figure `held` is shown in every year, as it stands before that year's claw-back. Source of the shape: incentive
payments made in advance and returned where quality or use is missed, as in the payment rules of Comprehensive Primary Care
Plus (CMS; recalled).
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from .._jit import rule
from .._lanes import pick
from ._term import POUNDS, QUANTITY, ROW_YEAR, SHARE, Field, Shown, TermKind, row_slots, show

FIELDS = (
    Field("of", QUANTITY, "what the provider received, year by year"),
    Field("trigger", QUANTITY, "called back in a year in which this is above 0"),
    Field("share", SHARE, "share of what is still held that is called back", 0.0, 1.0, 1.0),
    Field("look_back", "whole years", "years before this one that are called back too", 0.0, 10.0, 0.0),
)
(OF, TRIGGER, SHARE_BACK, LOOK_BACK) = row_slots(FIELDS)
YEARS = 11  # this year and the ten before: the year t is kept in slot t modulo 11


@rule
def called_back(held: float, trigger: float, share: float) -> float:
    """What is called back (£, not negative) of what is held; nothing unless the trigger is above 0; a NaN stays one."""
    return pick(trigger != trigger, trigger, pick(trigger > 0.0, share * held, 0.0))


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """What the provider repays, as a negative amount; remembers what is still open by year."""
    year = int(row[ROW_YEAR])
    back = int(max(0.0, min(row[LOOK_BACK], YEARS - 1.0)))
    memory[year % YEARS, i] = max(0.0, d[int(row[OF]), i])
    held = 0.0
    for k in range(back + 1):
        held += memory[(year - k) % YEARS, i]
    show(row, d, i, 0, held)
    amount = called_back(held, d[int(row[TRIGGER]), i], row[SHARE_BACK])
    stays = pick(amount > 0.0, 1.0 - row[SHARE_BACK], 1.0)
    for k in range(back + 1):
        memory[(year - k) % YEARS, i] *= stays
    return 0.0 - amount


KIND = TermKind(
    name="claw_back",
    title="Claw-back of earlier payments",
    fields=FIELDS,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    memory=YEARS,
    shows=(
        Shown("held", POUNDS, "received within the look-back and not yet called back, before this year's claw-back"),
    ),
)
