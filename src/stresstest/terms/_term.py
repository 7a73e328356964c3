"""What every clause has: fields with units and bounds, a packing into one row of numbers, and one arm for the kernel.

A clause is a file that ends with `KIND = TermKind(...)`. Its arm is `arm(row, d, memory, i) → amount`: the money that the
payer owes the payee this year in future i, positive from payer to payee. A clause that moves no money (`moves=False`) is a
*figure*: its arm returns a number that later clauses can read. An arm reads the record (`d[RECORD_…]`), what an audit
would find (`d[AUDIT_…]`), what earlier clauses paid (`d[PAID_…]`), and quantities by number (`d[int(row[OF]), i]`, where OF
is the slot of a field of unit "quantity"); never the world.

`row[0]` is the year, `row[1]` the number of years, `row[ROW_SHOW]` is for `show` below; the clause's own numbers follow from
`row[2]` in the order of its fields (see `row_slots`). `memory[slot, i]` is what the clause carries from year to year and is 0
at the start. Clauses apply in the order in which the contract lists them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .._jit import rule
from ..layout import PARTIES, ROW_SHOW, ROW_SLOTS
from ._formula import program

ROW_YEAR, ROW_YEARS, ROW_OWN = 0, 1, 2
SHARE, POUNDS, RATE, QUANTITY = "share", "GBP", "per year", "quantity"
NOT_USED = 1e18  # a limit that no sum reaches: "no limit"


@dataclass(frozen=True)
class Field:
    """One entry of a clause in a contract file.

    `unit` "choice" takes one of `choices`; "quantity" the name of a quantity; "formula" a sum over quantities; "rows" a list
    of at most `most` tables with `columns`; "indicator" the name of an indicator. Every other unit is a number, which may
    vary by year (a list; the last value holds) unless it is `fixed`, and may be the name of a quantity instead, which then
    gives the number of each year and future. `default` None means that the entry must be given.
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
    most: int = 0

    @property
    def is_number(self) -> bool:
        """Whether the entry is a plain number with bounds."""
        return self.unit not in ("choice", "quantity", "formula", "rows", "indicator")

    @property
    def width(self) -> int:
        """How many numbers of a row the entry takes."""
        if self.unit == "rows":
            return 1 + self.most * len(self.columns)
        return 1 + 2 * self.most if self.unit == "formula" else 1


@dataclass(frozen=True)
class Shown:
    """A figure that a clause works out on its way, which tables show and later clauses may read as id.name."""

    name: str
    unit: str
    doc: str


@dataclass(frozen=True)
class PackContext:
    """What packing may look up: the year, the number of years, indicators, exceptions, and quantities by name."""

    year: int
    years: int
    indicators: dict[str, int] = field(default_factory=dict)
    exception_effects: dict[str, float] = field(default_factory=dict)
    quantities: dict[str, int] = field(default_factory=dict)


def _nothing(values: dict[str, Any]) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class TermKind:
    """A clause as the engine knows it: see the module's text. `exposure` names the cause it is counted under.

    `reads(values)` names the standard quantities that the arm reads besides its fields, `writes` those that it sets;
    `unread(values)` names fields of unit "quantity" that these values leave unread, so that nobody has to give them.
    `memory` slots are carried from year to year, unless they are `scratch`. `once` allows one clause of this kind.
    `pack` is needed only where the row is not the fields in order.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    arm: Any
    exposure: int = 2
    pack: Callable[[dict[str, Any], PackContext], list[float]] | None = None
    payer: str = "commissioner"
    payee: str = "provider"
    memory: int = 0
    scratch: bool = False
    check: Callable[[dict[str, Any]], list[tuple[str, str]]] = lambda values: []
    reads: Callable[[dict[str, Any]], tuple[str, ...]] = _nothing
    unread: Callable[[dict[str, Any]], tuple[str, ...]] = _nothing
    writes: tuple[str, ...] = ()
    shows: tuple[Shown, ...] = ()
    moves: bool = True
    once: bool = False

    def row(self, values: dict[str, Any], context: PackContext) -> list[float]:
        """The clause's row for one year: year, years, own numbers, zeros up to ROW_SLOTS; nothing is shown (−1)."""
        own = self.pack(values, context) if self.pack else pack_fields(self.fields, values, context)
        if len(own) > ROW_SHOW - ROW_OWN:
            raise ValueError(f"{self.name} packs {len(own)} numbers, a row holds {ROW_SHOW - ROW_OWN}")
        row = [float(context.year), float(context.years), *own] + [0.0] * (ROW_SLOTS - ROW_OWN - len(own))
        row[ROW_SHOW] = -1.0
        return row

    @property
    def remembers(self) -> bool:
        """Whether the clause carries anything from one year to the next."""
        return self.memory > 0 and not self.scratch

    def slot(self, name: str) -> int:
        """The row slot of a number or choice field, where a table or a quantity may give it anew in each future."""
        at = ROW_OWN
        for entry in self.fields:
            if entry.name == name:
                return at
            at += entry.width
        raise KeyError(name)


def row_slots(fields: tuple[Field, ...]) -> tuple[int, ...]:
    """Row slots of the fields in order: one for each field; for rows and formulas two (how many, and where they start)."""
    slots, at = [], ROW_OWN
    for entry in fields:
        slots += [at, at + 1] if entry.unit in ("rows", "formula") else [at]
        at += entry.width
    return tuple(slots)


def pack_fields(fields: tuple[Field, ...], values: dict[str, Any], context: PackContext) -> list[float]:
    """The fields in order as numbers: see `row_slots`. A number that a quantity gives is NaN here and set in the kernel."""
    numbers: list[float] = []
    for entry in fields:
        value = values[entry.name]
        if entry.unit == "rows":
            body = [n for row in value for n in pack_fields(entry.columns, row, context)]
            room = max(entry.width - 1, len(body))
            numbers += [float(len(value)), *body] + [0.0] * (room - len(body))
        elif entry.unit == "formula":
            steps = program(value, context.quantities)
            numbers += [len(steps) / 2.0, *steps] + [0.0] * (entry.width - 1 - len(steps))
        else:
            numbers.append(_packed(entry, value, context))
    return numbers


def _packed(entry: Field, value: Any, context: PackContext) -> float:
    if entry.unit == "choice":
        return choice(entry.choices, value)
    if entry.unit == "quantity":
        return float(context.quantities[value])
    if entry.unit == "indicator":
        return float(context.indicators[value])
    return float(value)


@rule
def show(row: np.ndarray, d: np.ndarray, i: int, number: int, value: float) -> None:
    """Write figure `number` of the clause's `shows` where somebody reads it; elsewhere do nothing."""
    at = int(row[ROW_SHOW])
    if at >= 0:
        d[at + number, i] = value


def choice(options: tuple[str, ...], value: Any) -> float:
    """The option's number, in the order in which the clause lists its options; NaN where a table gives it."""
    if isinstance(value, float) and math.isnan(value):
        return value
    return float(options.index(value))


def party(name: str) -> int:
    """The standard party's number."""
    return PARTIES.index(name)
