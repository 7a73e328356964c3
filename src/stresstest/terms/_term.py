"""What every clause has: fields with units and bounds, a packing into one row of numbers, and one arm for the kernel.

A clause is a file that ends with `KIND = TermKind(...)`. Its arm is `arm(row, d, memory, i) → amount`: the money that the
payer owes the payee this year in future i, positive from payer to payee. It reads the record (`d[RECORD_…]`), what an
audit would find (`d[AUDIT_…]`) and what earlier clauses paid (`d[PAID_…]`), never the world. `row[0]` is the year,
`row[1]` the number of years, the clause's own numbers follow from `row[2]`. `memory[slot, i]` is what the clause carries
from year to year and is 0 at the start. Clauses apply in the order in which the contract lists them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..layout import PARTIES, ROW_SLOTS

ROW_YEAR, ROW_YEARS, ROW_OWN = 0, 1, 2
SHARE, POUNDS, RATE = "share", "GBP", "per year"


@dataclass(frozen=True)
class Field:
    """One entry of a clause in a contract file.

    `unit` "choice" takes one of `choices`, "rows" a list of tables with `columns`; every other unit is a number, which
    may vary by year (a list; the last value holds) unless it is `fixed`. `default` None means that the entry must be
    given.
    """

    name: str
    unit: str
    doc: str
    low: float = float("-inf")
    high: float = float("inf")
    default: Any = None
    choices: tuple[str, ...] = ()
    columns: tuple[Field, ...] = ()
    fixed: bool = False


@dataclass(frozen=True)
class PackContext:
    """What packing may look up: the year, the number of years, the place's indicators and how exceptions move them."""

    year: int
    years: int
    indicators: dict[str, int] = field(default_factory=dict)
    exception_effects: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class TermKind:
    """A clause as the engine knows it: see the module's text. `exposure` names the cause it is counted under.

    `needs` holds the kinds of which one must stand earlier in the contract, because the arm reads what it pays or scores;
    `needs_for(values)` holds those that only some values need. `once` allows one clause of this kind in a contract.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    pack: Callable[[dict[str, Any], PackContext], list[float]]
    arm: Any
    exposure: int
    payer: str = "commissioner"
    payee: str = "provider"
    memory: int = 0
    check: Callable[[dict[str, Any]], list[tuple[str, str]]] = lambda values: []
    needs: tuple[str, ...] = ()
    needs_for: Callable[[dict[str, Any]], tuple[str, ...]] = lambda values: ()
    once: bool = False

    def row(self, values: dict[str, Any], context: PackContext) -> list[float]:
        """The clause's row for one year: year, years, own numbers, zeros up to ROW_SLOTS."""
        own = self.pack(values, context)
        if len(own) > ROW_SLOTS - ROW_OWN:
            raise ValueError(f"{self.name} packs {len(own)} numbers, a row holds {ROW_SLOTS - ROW_OWN}")
        return [float(context.year), float(context.years), *own] + [0.0] * (ROW_SLOTS - ROW_OWN - len(own))


def choice(options: tuple[str, ...], value: str) -> float:
    """The option's number, in the order in which the clause lists its options."""
    return float(options.index(value))


def party(name: str) -> int:
    """The party's number."""
    return PARTIES.index(name)
