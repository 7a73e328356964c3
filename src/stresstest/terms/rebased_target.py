"""Rebased target: a target that grows by a rate and is pulled towards what was reported.

Figure. The first year's target is given. Each later target is the one before, grown, and in the years of a rebasing
moved by a share of the distance between last year's report and last year's target.

    target_0 = opening
    target_t = target_{t−1} · (1 + growth_t) + rebase_t · (of_{t−1} − target_{t−1})   where t is a multiple of `every`
    target_t = target_{t−1} · (1 + growth_t)                                          in other years

The clause's years in force count from t = 0. With every = 1 each year from the second on rebases. A rebase of 1 puts
the target at last year's report plus growth on the old target; the report itself is not grown. The report of the year t
is known only afterwards and moves no target before t + 1. `growth` and `rebase` are those of the year t, `opening` that
of the first year in force. `every` is a whole number from 1 to 30; a quantity that gives it is cut to whole years and
held between those ends. Source of the shape: benchmarks reset on past spending, as in the Medicare Shared Savings
Program at each agreement period (42 CFR 425.603; recalled), and the ratchet in targets.
"""

from __future__ import annotations

import numpy as np

from .._jit import rule
from .._lanes import pick
from ._term import NOT_USED, QUANTITY, RATE, ROW_YEAR, SHARE, Field, TermKind, row_slots

FIELDS = (
    Field("opening", "number", "target of the first year", -NOT_USED, NOT_USED),
    Field("growth", RATE, "growth of the target from the year before", -0.9, 1.0, 0.0),
    Field("rebase", SHARE, "share of the distance to last year's report that the target moves", 0.0, 1.0),
    Field("every", "whole years", "years from one rebasing to the next", 1.0, 30.0, 1.0),
    Field("of", QUANTITY, "what is reported in the year"),
)
(OPENING, GROWTH, REBASE, EVERY, OF) = row_slots(FIELDS)
M_TARGET, M_REPORT, M_YEARS = range(3)


@rule
def next_target(target: float, report: float, growth: float, rebase: float) -> float:
    """The target that follows on a target and a report."""
    return target * (1.0 + growth) + rebase * (report - target)


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """The target of the year; remembers it and what is reported."""
    every = int(max(1.0, min(row[EVERY], 30.0)))
    rebase = row[REBASE] if int(row[ROW_YEAR]) % every == 0 else 0.0
    following = next_target(memory[M_TARGET, i], memory[M_REPORT, i], row[GROWTH], rebase)
    target = pick(memory[M_YEARS, i] > 0.0, following, row[OPENING])
    memory[M_TARGET, i] = target
    memory[M_REPORT, i] = d[int(row[OF]), i]
    memory[M_YEARS, i] += 1.0
    return target


KIND = TermKind(name="rebased_target", title="Rebased target", fields=FIELDS, arm=arm, memory=3, moves=False)
