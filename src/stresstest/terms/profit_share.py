"""Profit share: a share of a profit, after deficits of earlier years have been made good.

Clause. Once a year an account is drawn up: income, less an allowance for expenses, less cost. A deficit is carried
forward for some years and set against later profits. The payer pays the payee its share of what remains, up to a cap.

    result = income · (1 − expenses) − cost
    carried_in = Σ deficits of the `carry_years` years before this one that are not made good yet
    deficits are made good out of a positive result, oldest first;  profit = max(0, result − carried_in)
    amount = min(share · profit, cap · max(0, income)), without the minimum where cap is 1e18
    carried_out = Σ deficits that the next year may still use, this year's max(0, −result) among them

A deficit of year y can be set against results of the years y + 1 to y + carry_years and has gone after that.
`carry_years` is cut to whole years. With 0 nothing is carried; with 99 (any number above 10) a deficit waits until it
is made good. The number of the year that looks back decides. An income below 0 is taken as it is. A result of exactly 0
makes nothing good and leaves no deficit. The cap does not carry over: what it cuts off is gone. There is no deficit
before the first year.

Shown: result, carried_in, profit, carried_out (with this year's carry_years).

Worked number: deficit 300,000, then a result of 200,000 and one of 250,000; with 2 years of carry the second profit is 0
and the third 150,000. Source of the shape: profit commission with deficit carried forward, for a number of years or to
extinction (Chartered Insurance Institute, M97 Reinsurance, 2018/19, chapter 4).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._jit import rule
from ._term import NOT_USED, POUNDS, QUANTITY, SHARE, Field, Shown, TermKind, row_slots, show

MOST_YEARS, ENDLESS = 10, 99.0
OLDER = MOST_YEARS + 1  # the age under which all deficits of more than MOST_YEARS years are kept
FIELDS = (
    Field("income", QUANTITY, "income of the account", default="income"),
    Field("cost", QUANTITY, "cost or losses of the account", default="reported_cost"),
    Field("expenses", SHARE, "allowance for expenses, as a share of income", 0.0, 1.0, default=0.0),
    Field("share", SHARE, "share of the profit that is paid", 0.0, 1.0),
    Field("carry_years", "whole years", "years that a deficit is carried forward; 99: until made good", 0.0, ENDLESS,
          default=0.0),
    Field("cap", "share of income", "most that is paid; 1e18: no cap", 0.0, NOT_USED, default=NOT_USED),
)  # fmt: skip
INCOME, COST, EXPENSES, SHARE_PAID, CARRY, CAP = row_slots(FIELDS)


@rule
def commission(profit: float, share: float, cap: float, income: float) -> float:
    """The share of a profit, up to the cap."""
    paid = share * profit
    return paid if cap >= NOT_USED else min(paid, cap * max(income, 0.0))


@rule
def carried(memory: np.ndarray, i: int, years: float) -> float:
    """Deficits not made good of the last `years` years; memory[age − 1] holds those of `age` years ago."""
    total = 0.0
    for age in range(1, OLDER + 1):
        if age <= years:
            total += memory[age - 1, i]
    return total


@rule
def after_deficits(memory: np.ndarray, i: int, years: float, result: float) -> float:
    """What remains of a result once the deficits of the last `years` years are made good, oldest first."""
    left = max(result, 0.0)
    for age in range(OLDER, 0, -1):
        if age <= years:
            used = min(memory[age - 1, i], left)
            memory[age - 1, i] -= used
            left -= used
    return left


@rule
def grow_older(memory: np.ndarray, i: int, deficit: float) -> None:
    """A year passes: every deficit is one year older, and this year's takes its place in front."""
    memory[OLDER - 1, i] += memory[OLDER - 2, i]
    for age in range(OLDER - 1, 1, -1):
        memory[age - 1, i] = memory[age - 2, i]
    memory[0, i] = deficit


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Share of the year's profit; remembers the deficits by age."""
    income = d[int(row[INCOME]), i]
    result = income * (1.0 - row[EXPENSES]) - d[int(row[COST]), i]
    show(row, d, i, 0, result)
    show(row, d, i, 1, carried(memory, i, row[CARRY]))
    profit = after_deficits(memory, i, row[CARRY], result)
    grow_older(memory, i, max(-result, 0.0))
    show(row, d, i, 2, profit)
    show(row, d, i, 3, carried(memory, i, row[CARRY]))
    return commission(profit, row[SHARE_PAID], row[CAP], income)


def check(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Findings as (key, sentence): years between 10 and 99, and a cap written as a percentage."""
    found: list[tuple[str, str]] = []
    years, cap = values["carry_years"], values["cap"]
    if MOST_YEARS < years < ENDLESS:
        found.append(("carry_years", f"{years:g} years are more than {MOST_YEARS}; 99 stands for “until made good”"))
    if 1.0 < cap < NOT_USED:
        found.append(("cap", f"the cap of {cap:g} is more than the whole income; it is a share of income"))
    return found


KIND = TermKind(
    name="profit_share",
    title="Profit share with deficits carried forward",
    fields=FIELDS,
    arm=arm,
    payer="provider",
    payee="commissioner",
    memory=OLDER,
    check=check,
    shows=(
        Shown("result", POUNDS, "income less expenses less cost"),
        Shown("carried_in", POUNDS, "earlier deficits that count against this year's result"),
        Shown("profit", POUNDS, "what remains to be shared"),
        Shown("carried_out", POUNDS, "deficits that the next year may still use"),
    ),
)
