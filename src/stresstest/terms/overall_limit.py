"""Overall limit: a cap and a floor on what several clauses come to together.

Clause. The amounts of the clauses named are added up, each with its weight. Where the total lies above the cap or below
the floor, this clause pays or takes back the difference. A cap or floor is a multiple of a base: of one base, of another,
or of both, and then the tighter of the two holds.

    total = Σ weight_k · amount of clause k
    side(m, b) = m where |m| ≥ 1e18 (no limit), else m · max(0, b)
    cap = min(side(most, base), side(most_other, other_base))
    floor = max(side(least, base), side(least_other, other_base))
    annual       adjustment = min(max(total, floor), cap) − total
    cumulative   the same with sums from the first year on: total, base and other_base are sums of the years so far (with
                 this year's multiples), and what was adjusted before comes off:
                 adjustment = min(max(Σ total, floor), cap) − Σ total − Σ adjustments before
    term         as cumulative, but cap and floor are those of this year's bases alone: one limit for the whole term
    amount = adjustment;  allowed = total + adjustment

Where the floor lies above the cap, the cap holds. A total exactly at a limit is not touched. max(0, ·) applies to the
summed base when sums are settled. A base that is `one` (the default) makes a multiple plain money; in a cumulative
settlement it then grows by the multiple each year. The sums run from the first year in all settlements.

The payer and payee must be those of the limited clauses: a positive amount then tops the total up and a negative one cuts
it. A clause that runs the other way takes the weight −1.

Shown: total (this year's), allowed (this year's, after the adjustment).

Worked number: payments of 120, 60 and 150 against a yearly cap of 100 (base one): the adjustments are −20, 0 and −50 year
by year; settled on sums they are −20, +20 and −30. Source of the shape: caps on gains and losses as shares of benchmark
and of revenue, the lower of which holds (42 CFR 425.605).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._jit import rule
from ._quantities import ONE
from ._term import NOT_USED, POUNDS, QUANTITY, Field, Shown, TermKind, row_slots, show

SETTLEMENTS = ("annual", "cumulative", "term")
CUMULATIVE, TERM = 1.0, 2.0
FIELDS = (
    Field("most", "multiple of base", "cap; 1e18: none", -1e12, NOT_USED, default=NOT_USED),
    Field("least", "multiple of base", "floor; -1e18: none", -NOT_USED, 1e12, default=-NOT_USED),
    Field("base", QUANTITY, "what cap and floor are multiples of; one: they are money", default=ONE),
    Field("most_other", "multiple of other base", "second cap; 1e18: none", -1e12, NOT_USED, default=NOT_USED),
    Field("least_other", "multiple of other base", "second floor; -1e18: none", -NOT_USED, 1e12, default=-NOT_USED),
    Field("other_base", QUANTITY, "what second cap and floor are multiples of; one: they are money", default=ONE),
    Field("settlement", "choice", "annual: year by year; cumulative: on sums; term: sums against one limit",
          default=SETTLEMENTS[0], choices=SETTLEMENTS),
    Field(
        "of", "rows", "clauses that are limited together", most=12,
        columns=(
            Field("clause", QUANTITY, "amount of an earlier clause, by its id"),
            Field("weight", "multiple", "what its amount is multiplied by", -100.0, 100.0, default=1.0),
        ),
    ),
)  # fmt: skip
MOST, LEAST, BASE, MOST_OTHER, LEAST_OTHER, OTHER_BASE, SETTLEMENT, CLAUSES, FIRST_CLAUSE = row_slots(FIELDS)
M_TOTAL, M_BASE, M_OTHER, M_ADJUSTED = range(4)


@rule
def side(multiple: float, base: float) -> float:
    """A cap or floor in money; a multiple of 1e18 or more in size is no limit, whatever the base."""
    return multiple if abs(multiple) >= NOT_USED else multiple * max(base, 0.0)


@rule
def within(total: float, floor: float, cap: float) -> float:
    """The total between floor and cap; where they cross, the cap holds."""
    return min(max(total, floor), cap)


@rule
def limited(row: np.ndarray, total: float, base: float, other: float) -> float:
    """The total after the tighter cap and the tighter floor of the row."""
    cap = min(side(row[MOST], base), side(row[MOST_OTHER], other))
    floor = max(side(row[LEAST], base), side(row[LEAST_OTHER], other))
    return within(total, floor, cap)


@rule
def weighted(row: np.ndarray, d: np.ndarray, i: int) -> float:
    """Σ weight · amount of the limited clauses this year."""
    total = 0.0
    for k in range(int(row[CLAUSES])):
        at = FIRST_CLAUSE + 2 * k
        total += row[at + 1] * d[int(row[at]), i]
    return total


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """What brings the total back between its limits; remembers sums of totals, bases and adjustments."""
    total, base, other = weighted(row, d, i), d[int(row[BASE]), i], d[int(row[OTHER_BASE]), i]
    memory[M_TOTAL, i] += total
    memory[M_BASE, i] += base
    memory[M_OTHER, i] += other
    if row[SETTLEMENT] == CUMULATIVE or row[SETTLEMENT] == TERM:
        if row[SETTLEMENT] == CUMULATIVE:
            base, other = memory[M_BASE, i], memory[M_OTHER, i]
        allowed = limited(row, memory[M_TOTAL, i], base, other)
        amount = allowed - memory[M_TOTAL, i] - memory[M_ADJUSTED, i]
    else:
        amount = limited(row, total, base, other) - total
    memory[M_ADJUSTED, i] += amount
    show(row, d, i, 0, total)
    show(row, d, i, 1, total + amount)
    return amount


def check(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Findings as (key, sentence): nothing limited, no limit, a floor above its cap, a clause named twice."""
    found: list[tuple[str, str]] = []
    names = [row["clause"] for row in values["of"]]
    if not names:
        found.append(("of", "no clause is limited"))
    for k, name in enumerate(names):
        if name in names[:k]:
            found.append((f"of.{k + 1}", f"{name} is counted twice"))
    limits = [values[key] for key in ("most", "least", "most_other", "least_other")]
    if all(abs(limit) >= NOT_USED for limit in limits):
        found.append(("most", "there is neither a cap nor a floor"))
    for low, high in (("least", "most"), ("least_other", "most_other")):
        if values[low] > values[high]:
            found.append((low, f"the floor {values[low]:g} lies above the cap {values[high]:g}"))
    return found


def unread(values: dict[str, Any]) -> tuple[str, ...]:
    """The bases of which no cap and no floor is a multiple."""
    uses = (("base", ("most", "least")), ("other_base", ("most_other", "least_other")))
    return tuple(base for base, keys in uses if all(abs(values[key]) >= NOT_USED for key in keys))


KIND = TermKind(
    name="overall_limit",
    title="Cap and floor on several clauses",
    fields=FIELDS,
    arm=arm,
    memory=4,
    check=check,
    unread=unread,
    shows=(
        Shown("total", POUNDS, "weighted sum of the limited clauses this year"),
        Shown("allowed", POUNDS, "what stands after the limits this year"),
    ),
)
