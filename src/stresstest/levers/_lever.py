"""What every lever has: bounds, grade, evidence, one function that bends, one that says what an audit would claim back.

A lever bends the *world* (what is done, what it costs, what comes of it) or the *record* (what the contract is told). It
never touches money. Terms read only the record; solvency and health read only the world.

    bend(x, t, row, goal, edge, d, s, p, i)   change the block's future i in year t at intensity x
    overpaid(x, t, row, goal, edge, d, s, p, i)  write to d what is recovered if the lever is found out this year

`row` holds years, detection chance, fine, then the lever's own fields; `goal[k]` is the reported value at which indicator
k pays in full this year (NaN where nothing is paid on it); `edge` holds the kinks of the gain/loss share (see EDGES).
A provider that has left bends nothing: levers multiply by s[S_RUNNING, i], which is 1 in service and 0 after.
Intensity 0 is the identity, bit for bit: the kernel does not call a lever at 0.

Phases: "decide" before the year's care, "world" after it, "record" when it is reported.
Grades: honest; lawful within the rules; grey; false reporting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._jit import Array, rule
from ..layout import LEVER_SLOTS
from ..terms import Field

PHASES = ("decide", "world", "record")
GRADES = ("honest", "lawful", "grey", "false")
ROW_YEARS, ROW_DETECTION, ROW_FINE, ROW_OWN = 0, 1, 2, 3
EDGES = ("dead_band_gbp", "gain_cap_gap_gbp", "loss_cap_gap_gbp", "active")
EDGE_BAND, EDGE_GAIN, EDGE_LOSS, EDGE_ACTIVE = range(4)


@rule
def nothing_overpaid(
    x: float, t: int, row: Array, goal: Array, edge: Array, d: Array, s: Array, p: Array, i: int
) -> None:
    """Nothing is claimed back: the act is lawful, or it is only put right for the future."""
    return


@dataclass(frozen=True)
class Fix:
    """A change of wording that answers a lever: in words, and as changes of (clause, field, new value)."""

    words: str
    changes: tuple[tuple[str, str, Any], ...]


@dataclass(frozen=True)
class LeverKind:
    """A lever as the engine knows it; see the module's text for mechanism, pay-off, harm and evidence.

    `code` is its number in the catalogue (L02 …; H1–H3 honest). `highest` bounds the intensity. `detection` and `fine`
    are defaults that a provider file may replace; `clauses` the clauses that make it pay; `sentence` what is done, in plain
    English; `harmed` who bears it; `sign` the early warning; `recovers` whether an audit claims money back.
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

    def row(self, years: int, values: dict[str, float]) -> list[float]:
        """The lever's row of numbers: years, detection, fine, own fields, zeros up to LEVER_SLOTS."""
        own = [values["detection"], values["fine"]] + [values[f.name] for f in self.fields]
        return [float(years), *own] + [0.0] * (LEVER_SLOTS - 1 - len(own))
