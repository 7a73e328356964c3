"""What every lever has: bounds, grade, evidence, one function that bends, one that says what an audit would claim back.

A lever bends the *world* (what is done, what it costs, what comes of it) or the *record* (what the contract is told). It
never touches money. Terms read only the record; solvency and health read only the world.

    bend(x, t, row, goal, edge, d, s, p, i)   change the block's future i in year t at intensity x
    overpaid(x, t, row, goal, edge, d, s, p, i)  write to d what is recovered if the lever is found out this year

In the kernel i is a group of futures (_lanes.py): d[…, i] and s[…, i] differ between its futures, so a lever chooses with
pick() and never branches on them; x, t, `row`, `goal`, `edge` and p are the same for all.

`row` holds years, how the lever is found out (see FOUND_OUT), then the lever's own fields; `goal[k]` is the reported value
at which indicator k pays in full this year (NaN where nothing is paid on it); `edge` holds the kinks of the gain/loss share
(see EDGES).
A provider that has left bends nothing: levers multiply by s[S_RUNNING, i], which is 1 in service and 0 after.
Intensity 0 is the identity, bit for bit: the kernel does not call a lever at 0.

Found out. The chance in a year at intensity x, with n audited records of which each is false with chance q · x:

    chance     enforcement · (1 − (1 − detection) · (1 − q · x)^n);  enforcement · detection where nothing is audited
    recovered  (1 + fine) · claim · min(look_back, years served) + fixed_penalty

Phases: "decide" before the year's care, "world" after it, "record" when it is reported.
Grades: honest; lawful within the rules; grey; false reporting.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .._jit import Array, rule
from ..layout import LEVER_SLOTS
from ..terms import Field

PHASES = ("decide", "world", "record")
GRADES = ("honest", "lawful", "grey", "false")
ROW_YEARS, ROW_DETECTION, ROW_FINE, ROW_FIXED, ROW_LOOK_BACK, ROW_ENFORCED, ROW_RECORDS, ROW_FALSE, ROW_OWN = range(9)
#: How a lever whose gain is claimed back is found out, and what follows; those without a default must be given.
FOUND_OUT = (
    Field("detection", "chance a year", "chance of being found out, audits of records aside", 0.0, 1.0),
    Field("fine", "share", "fine as a share of what was overpaid", 0.0, 10.0),
    Field("fixed_penalty", "GBP", "penalty whatever was overpaid, such as a remedial plan or a bond", 0.0, 1e9, 0.0),
    Field(
        "look_back", "whole years", "years of the gain that are claimed back, the year itself included", 1.0, 30.0, 1.0
    ),
    Field("enforcement", "share", "chance that what is found out has consequences", 0.0, 1.0, 1.0),
    Field("audit_records", "whole records", "records that an audit looks at in a year", 0.0, 1e6, 0.0),
    Field(
        "false_share_per_unit",
        "share per unit",
        "share of records that are false at an intensity of 1",
        0.0,
        100.0,
        0.0,
    ),
)
EDGES = ("dead_band_gbp", "gain_cap_gap_gbp", "loss_cap_gap_gbp", "active")
EDGE_BAND, EDGE_GAIN, EDGE_LOSS, EDGE_ACTIVE = range(4)


@rule
def nothing_overpaid(
    x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int
) -> None:
    """Nothing is claimed back: the act is lawful, or it is only put right for the future."""
    return


@rule
def found_chance(x: float, row: Array) -> float:
    """Chance of being found out and punished in a year at intensity x."""
    if row[ROW_RECORDS] == 0.0:
        return row[ROW_ENFORCED] * row[ROW_DETECTION]
    missed = max(0.0, 1.0 - row[ROW_FALSE] * x) ** row[ROW_RECORDS]
    return row[ROW_ENFORCED] * (1.0 - (1.0 - row[ROW_DETECTION]) * missed)


@rule
def amount_recovered(claim: float, t: int, row: Array) -> float:
    """What a provider that is found out in year t (from 0) pays on a claim for the year (£)."""
    return (1.0 + row[ROW_FINE]) * claim * min(row[ROW_LOOK_BACK], t + 1.0) + row[ROW_FIXED]


@dataclass(frozen=True)
class Fix:
    """A change of wording that answers a lever.

    `changes` are (clause kind or "ending", field, new value); `added` clauses to add behind the others, as tables with id,
    kind, payer, payee and fields; `detection` chances of being found out that the commissioner buys, and `audits` records that
    it has looked at in a year, by lever. With none of the four the answer lies outside the contract, and the words say where.
    """

    words: str
    changes: tuple[tuple[str, str, Any], ...] = ()
    added: tuple[dict[str, Any], ...] = ()
    detection: dict[str, float] = field(default_factory=dict)
    audits: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class LeverKind:
    """A lever as the engine knows it; see the module's text for mechanism, pay-off, harm and evidence.

    `code` is its number in the catalogue (L02 …; H1–H3 honest). `highest` bounds the intensity. `detection` and `fine`
    are defaults that a provider file may replace; `clauses` the clauses that make it pay; `sentence` what is done, in plain
    English; `harmed` who bears it; `sign` the early warning; `recovers` whether an audit claims money back; `moves` the rows of
    the year (layout.DRIVERS) that it adds to and that are 0 without it.
    """

    code: str
    name: str
    title: str
    grade: str
    phase: str
    bends: str
    highest: float
    bend: Any
    overpaid: Any = nothing_overpaid
    fields: tuple[Field, ...] = ()
    clauses: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()
    sentence: str = ""
    harmed: str = ""
    sign: str = ""
    evidence: str = ""
    recovers: bool = False
    moves: tuple[str, ...] = ()

    def row(self, years: int, values: dict[str, float]) -> list[float]:
        """The lever's row of numbers: years, FOUND_OUT (its defaults where not given), own fields, zeros up to LEVER_SLOTS."""
        audit = [values.get(f.name, f.default) for f in FOUND_OUT]
        own = [*audit, *(values[f.name] for f in self.fields)]
        return [float(years), *own] + [0.0] * (LEVER_SLOTS - 1 - len(own))
