"""Which row of numbers each name of a contract stands for: standard quantities, inputs, clauses, figures, balances.

In the kernel a quantity is a row of d. The first rows are the drivers; a contract adds its own behind them:

    d[DRIVERS] | constants | inputs | balances of parties | amounts and figures of clauses

Only what somebody reads gets a row, unless `everything` is asked for (a settlement shows it all).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from . import layout as L
from .errors import ContractError, nearest
from .place import Quantity
from .terms import BALANCES, BY_NAME, INDICATOR_PREFIX, LAST, ONE, Field, TermKind
from .terms._formula import names as formula_names


@dataclass(frozen=True)
class Reference:
    """A number of a clause that a quantity gives, in each year and future."""

    name: str


@dataclass(frozen=True)
class Input:
    """A quantity that a settlement's table gives. `default` None: its column must be there.

    In a study it is what it `follows`, or `value` by year. `reported_by` is who supplies the number: "provider", "others"
    (a third party whose figure the provider can move and not write) or "independent"; "" where the contract is silent.
    """

    name: str
    unit: str
    doc: str
    low: float
    high: float
    default: float | None = None
    follows: str = ""
    value: Quantity | None = None
    reported_by: str = ""


@dataclass(frozen=True)
class Term:
    """One clause of a contract, in force in the years `start` to `end` (from 0, both included).

    `values` holds a Quantity, a Reference, a name or choice (str) or a list of rows for each field. The amount is multiplied
    by the quantity `scaled_by`, where there is one. What it remembers starts anew every `resets_every` years (0: never).
    """

    id: str
    kind: TermKind
    payer: str
    payee: str
    values: dict[str, Any]
    scaled_by: str = ""
    start: int = 0
    end: int = L.MAX_SETTLED_YEARS
    note: str = ""
    resets_every: int = 0

    @cached_property
    def settled_from(self) -> int:
        """The year (from 0) from which on no value changes any more."""
        return max((_last_change(value) for value in self.values.values()), default=0)

    @cached_property
    def _by_year(self) -> dict[int, dict[str, Any]]:
        """Plain values of the years that were asked for: the search for gaming asks many thousand times."""
        return {}

    def at(self, year: int) -> dict[str, Any]:
        """The clause's plain values in a year counted from 0, to be read only; NaN where a quantity gives the number."""
        year = min(year, self.settled_from)
        if year not in self._by_year:
            self._by_year[year] = {name: _plain(value, year) for name, value in self.values.items()}
        return dict(self._by_year[year])

    def unread(self, years: int) -> set[str]:
        """The fields that name a quantity which the clause reads in none of the contract's years."""
        by_year = [set(self.kind.unread(self.at(year))) for year in range(min(years, self.settled_from + 1))]
        return set.intersection(*by_year) if by_year else set()


def _last_change(value: Any) -> int:
    """The last year (from 0) in which a value, or one in its rows, may differ from the year before."""
    if isinstance(value, Quantity):
        return len(value.values) - 1
    if isinstance(value, (list, tuple)):
        return max((_last_change(entry) for row in value for entry in row.values()), default=0)
    return 0


def _plain(value: Any, year: int) -> Any:
    if isinstance(value, Quantity):
        return value.at(year)
    if isinstance(value, Reference):
        return float("nan")
    if isinstance(value, (list, tuple)):
        return [{key: _plain(entry, year) for key, entry in row.items()} for row in value]
    return value


class Clauses(Protocol):
    """What of a contract the wiring looks at."""

    @property
    def years(self) -> int:
        """Contract years."""

    @property
    def terms(self) -> tuple[Term, ...]:
        """Clauses in order."""

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Declared inputs."""

    @property
    def party_names(self) -> tuple[str, ...]:
        """All parties."""


@dataclass(frozen=True)
class Wiring:
    """`rows` by name; `constants` float64[T, C], the rows behind the drivers; `balances` (first, last) rows of d.

    `kept` int64[K, 2]: (row, row that holds its value of the year before).
    """

    rows: dict[str, int]
    constants: np.ndarray
    balances: tuple[int, int]
    kept: np.ndarray
    size: int


def of_last_year(name: str) -> str:
    """NAME where a name is last.NAME, else ""."""
    head, _, rest = name.partition(".")
    return rest if head == LAST else ""


def _in_field(entry: Field, value: Any) -> Iterator[str]:
    if isinstance(value, Reference):
        yield value.name
    elif entry.unit == "quantity":
        yield value
    elif entry.unit == "formula":
        yield from formula_names(value)
    elif entry.unit == "rows":
        for row in value:
            for column in entry.columns:
                yield from _in_field(column, row[column.name])
    elif entry.unit == "indicator":
        yield f"{INDICATOR_PREFIX}.{value}"


def reads(term: Term, years: int, named_only: bool = False) -> list[tuple[str, str]]:
    """(field, quantity) for everything that a clause reads in any year, in the order of its fields.

    `named_only` adds what it names and, as it stands, does not read.
    """
    unread = set() if named_only else term.unread(years)
    found = [
        (entry.name, name)
        for entry in term.kind.fields
        if entry.name not in unread
        for name in _in_field(entry, term.values[entry.name])
    ]
    found += [("", name) for year in range(min(years, term.settled_from + 1)) for name in term.kind.reads(term.at(year))]
    if term.scaled_by:
        found.append(("scaled_by", term.scaled_by))
    return list(dict.fromkeys(found))


def known_before(contract: Clauses, number: int) -> list[str]:
    """The names that clause `number` may read: standard ones, inputs, what earlier clauses say, balances."""
    names = [*BY_NAME, ONE, *(entry.name for entry in contract.inputs)]
    for term in contract.terms[:number]:
        names += [term.id, *(f"{term.id}.{shown.name}" for shown in term.kind.shows)]
    return names + [f"{balance}.{name}" for balance in BALANCES for name in contract.party_names]


def check_names(contract: Clauses, number: int) -> None:
    """Raise ContractError (key: the field) where clause `number` reads a name that nothing before it has."""
    term = contract.terms[number]
    known = known_before(contract, number)
    later = [other.id for other in contract.terms[number:]]
    whole = known_before(contract, len(contract.terms))
    for name, quantity in reads(term, contract.years, named_only=True):
        indicator = name == "indicators" and quantity.startswith(f"{INDICATOR_PREFIX}.")
        if quantity in known or of_last_year(quantity) in whole or indicator:
            continue
        if any(quantity == other or quantity.startswith(f"{other}.") for other in later):
            message = f"{quantity} stands later in the contract; a clause reads only what stands before it"
            raise ContractError(message, key=name, value=quantity, expected=f"{quantity} above {term.id}")
        raise ContractError(
            "no such quantity", key=name, value=quantity, expected="a standard quantity, an input or an earlier clause",
            nearest=nearest(quantity, known),
        )  # fmt: skip


def settlement_inputs(contract: Clauses) -> dict[str, str]:
    """Quantities that a settlement's table has to give, in order of first use, with the id of the clause that reads them."""
    written: set[str] = set()
    needed: dict[str, str] = {}
    own = {entry.name for entry in contract.inputs}
    set_by_clauses = {name for term in contract.terms for name in term.kind.writes}
    for term in contract.terms:
        for _, read in reads(term, contract.years):
            name = of_last_year(read) or read
            if name != read and name in set_by_clauses:
                continue
            standard = BY_NAME.get(name)
            given = name in own or name.startswith(f"{INDICATOR_PREFIX}.") or (standard and name not in written)
            if given and name != "income" and name not in needed:
                needed[name] = term.id
        written |= set(term.kind.writes)
    return needed


def missing_in_study(contract: Clauses) -> tuple[str, str, str] | None:
    """(clause, field, quantity) of the first number that no simulation supplies, or None."""
    written: set[str] = {"income"}
    silent = {entry.name for entry in contract.inputs if not entry.follows and entry.value is None}
    set_by_clauses = {name for term in contract.terms for name in term.kind.writes}
    for term in contract.terms:
        for field, read in reads(term, contract.years):
            name = of_last_year(read) or read
            if name != read and name in set_by_clauses:
                continue
            standard = BY_NAME.get(name)
            if (standard is not None and standard.paid and name not in written) or name in silent:
                return term.id, field, name
        written |= set(term.kind.writes)
    return None


def _used(contract: Clauses) -> set[str]:
    names = {name for term in contract.terms for _, name in reads(term, contract.years)} | {ONE}
    return names | {of_last_year(name) for name in names if of_last_year(name)}


def wire(contract: Clauses, tabled: Iterable[str] | None = None, overrides: Iterable[str] = ()) -> Wiring:
    """Rows for a study (`tabled` None: inputs follow quantities or are constants) or for a table's columns.

    `overrides` are columns CLAUSE.FIELD of a table: each gets a row, and everything is shown.
    """
    everything = tabled is not None
    used = _used(contract)
    rows: dict[str, int] = {quantity.name: quantity.driver for quantity in BY_NAME.values()}
    at = len(L.DRIVERS)
    rows[ONE], at = at, at + 1
    constants = [np.ones(contract.years)]
    for entry in contract.inputs:
        if everything or entry.name not in used:
            continue
        if entry.follows:
            rows[entry.name] = rows[entry.follows]
        else:
            rows[entry.name], at = at, at + 1
            constants.append(np.array([entry.value.at(t) for t in range(contract.years)]))  # type: ignore[union-attr]
    for name in [*(entry.name for entry in contract.inputs if everything), *overrides]:
        rows[name], at = at, at + 1
    first_balance = at
    for balance in BALANCES:
        for name in contract.party_names:
            label = f"{balance}.{name}"
            if label == "net.provider":
                rows[label] = L.PAID_INCOME
            elif everything or label in used:
                rows[label], at = at, at + 1
    last_balance = at
    for term in contract.terms:
        if term.id not in rows and (everything or term.id in used):
            rows[term.id], at = at, at + 1
        labels = [f"{term.id}.{shown.name}" for shown in term.kind.shows]
        if everything or used.intersection(labels):
            for label in labels:
                rows[label], at = at, at + 1
    kept = []
    for name in sorted(name for name in used if of_last_year(name)):
        rows[name], at = at, at + 1
        kept.append((rows[of_last_year(name)], rows[name]))
    pairs = np.array(kept, dtype=np.int64).reshape(-1, 2)
    return Wiring(rows, np.array(constants).T.copy(), (first_balance, last_balance), pairs, at - len(L.DRIVERS))
