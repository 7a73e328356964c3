"""L13 Under-investment in prevention as the end nears.

Mechanism. Prevention costs now and pays later; what it pays after the last year belongs to somebody else. World: spending
on prevention stops in the years whose return within the term would be less than the spending.

    returns within the term: r · min(lasting, max(0, T − t − lag)) for a pound in year t (t from 0)
    prevention ← prevention · (1 − x) in the years where that is below 1

Harm: the returns foregone after the end. Detection: a visible spending line, no breach. Fix: a floor under prevention
spending, what is not spent being paid back (prevention_floor). Evidence: E41, E42.
"""

from __future__ import annotations

from .. import layout as L
from .._jit import Array, rule
from ..drivers.demand import LAG, LASTING, RETURN
from ._lever import ROW_YEARS, Fix, LeverKind


@rule
def returns_within_term(t: int, years: int, lag: float, lasting: float, yearly_return: float) -> float:
    """What a pound of prevention in year t saves before the contract ends (year t counts from 0)."""
    return yearly_return * min(lasting, max(0.0, years - t - lag))


@rule
def bend(x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int) -> None:
    """Stop prevention where it no longer pays within the term."""
    if returns_within_term(t, int(row[ROW_YEARS]), p[LAG], p[LASTING], p[RETURN]) < 1.0:
        d[L.CHOICE_PREVENTION, i] *= 1.0 - x


KIND = LeverKind(
    "L13", "prevention_run_off", "No prevention as the end nears", "lawful", "decide", "world", 1.0, bend,
    clauses=("prevention_floor",),
    fixes=(Fix("pay back what prevention falls short of 1% of the agreed budget", (("prevention_floor", "floor", 0.01),)),),
    harmed="residents after the contract's end",
    sign="prevention spending falls before the last years",
    sentence="Stop prevention in the last years, whose returns fall to whoever comes next.",
    evidence="E41, E42",
)  # fmt: skip
