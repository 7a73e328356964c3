"""From arrays to arrays: cases and years of given quantities through the clauses of a contract.

The clauses are those of the simulation (kernel/settle.py): one code path settles a future and a table.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from .. import layout as L
from ..contract import Contract
from ..errors import DataError
from ..kernel.table import settle_cases
from ..terms import INDICATOR_PREFIX, STANDARD
from ..wiring import Reference, Wiring, of_last_year, reads, settlement_inputs, wire
from .grouping import grouped


@dataclass(frozen=True)
class Given:
    """A table to settle: `case` int64[R] (a number for each case), `year` int64[R] from 0, `columns` float64[R] by name.

    A column CLAUSE.FIELD gives a number of a clause anew (a choice as its number).
    """

    case: np.ndarray
    year: np.ndarray
    columns: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Settlement:
    """What came out: `amounts` and `figures` float64[R] by name, `net` float64[R] by party (received less paid)."""

    amounts: dict[str, np.ndarray]
    figures: dict[str, np.ndarray]
    net: dict[str, np.ndarray]


def remembering(contract: Contract) -> str:
    """Id of the first clause that carries something from year to year, or ""."""
    for term in contract.terms:
        if term.kind.remembers or any(of_last_year(name) for _, name in reads(term, contract.years)):
            return term.id
    return ""


def indicator_numbers(contract: Contract) -> dict[str, int]:
    """The indicators that the contract names, numbered in the order in which it names them."""
    names = [name for term in contract.terms for _, name in reads(term, contract.years)]
    own = [name.partition(".")[2] for name in names if name.startswith(f"{INDICATOR_PREFIX}.")]
    return {name: k for k, name in enumerate(dict.fromkeys(own))}


@dataclass(frozen=True)
class Machine:
    """What a contract is for the kernel where a table has certain columns: made once for the contract, used for every table.

    `contract` with what the columns give anew; `needed` quantities and their readers; `rows` of d by name; `neutral`
    float64[DRIVERS]; `deal` as the kernel takes it; `figures` handed back and their rows `shown`; `parties` their places
    among those at work; `clause` the first that remembers; `asked` columns that are read.
    """

    contract: Contract
    needed: dict[str, str]
    rows: dict[str, int]
    neutral: np.ndarray
    deal: tuple[np.ndarray, ...]
    figures: list[str]
    shown: np.ndarray
    parties: np.ndarray
    clause: str
    asked: frozenset[str]


#: Machines of contracts that are alive, by the contract's id and the table's columns.
_MACHINES: dict[int, tuple[weakref.ref[Contract], dict[tuple[str, ...], Machine]]] = {}


def machine_of(contract: Contract, columns: tuple[str, ...]) -> Machine:
    """The machine of a contract for a table with these columns; kept while the contract lives, for contracts never change."""
    number = id(contract)
    if number not in _MACHINES:
        _MACHINES[number] = weakref.ref(contract, lambda _: _MACHINES.pop(number, None)), {}
    known = _MACHINES[number][1]
    if columns not in known:
        known[columns] = _machine(contract, columns)
    return known[columns]


def _machine(original: Contract, columns: tuple[str, ...]) -> Machine:
    contract = with_columns(original, columns)
    overrides = [name for name in columns if _is_override(contract, name)]
    wiring, indicators, needed = wire(contract, (), overrides), indicator_numbers(contract), settlement_inputs(contract)
    neutral = np.zeros(len(L.DRIVERS))
    for quantity in STANDARD:
        neutral[quantity.driver] = quantity.neutral
    rows = {**wiring.rows, **{f"{INDICATOR_PREFIX}.{name}": L.RECORD_INDICATOR + k for name, k in indicators.items()}}
    figures, at_work = _figure_names(contract, wiring), contract.parties_at_work
    asked = _asked(contract, columns, needed)
    places = [at_work.index(name) if name in at_work else -1 for name in contract.party_names]
    return Machine(
        contract, needed, rows, neutral, contract.tables(wiring, indicators).deal, figures,
        np.array([wiring.rows[name] for name in figures], dtype=np.int64), np.array(places, dtype=np.int64),
        remembering(contract), asked,
    )  # fmt: skip


def settle(contract: Contract, given: Given) -> Settlement:
    """Settle every case of the table.

    Raises DataError for a column that is missing or has another length, a year outside the contract, and a missing year where
    a clause remembers.
    """
    if given.year.size and not 0 <= int(given.year.min()) <= int(given.year.max()) < contract.years:
        raise DataError("a year lies outside the contract", key="year", value=f"{given.year.min()} to {given.year.max()}",
                        expected=f"0 to {contract.years - 1}")  # fmt: skip
    of = machine_of(contract, tuple(given.columns))
    columns, size = _with_defaults(of.contract, of.needed, of.asked, given), given.case.size
    values = np.empty((len(columns), size))
    for k, (name, column) in enumerate(columns.items()):
        if column.shape != (size,):
            raise DataError(
                "a column has another length than the table", key=name, value=str(column.shape), expected=f"{size} numbers"
            )
        values[k] = column
    places = np.array([of.rows[name] for name in columns], dtype=np.int64)
    out = np.empty((len(of.contract.terms) + len(of.figures) + len(of.contract.parties_at_work), size))
    for start, where in grouped(given.case, given.year, of.clause):
        settle_cases(start, where, values, places, of.neutral, of.deal, of.shown, of.parties, out)
    return _named(of.contract, of.figures, out)


def with_columns(contract: Contract, columns: Iterable[str]) -> Contract:
    """The contract with each entry of a clause that a column CLAUSE.FIELD gives read from that column."""
    names = [name for name in columns if _is_override(contract, name)]
    terms = []
    for term in contract.terms:
        own = {name.rpartition(".")[2]: Reference(name) for name in names if name.rpartition(".")[0] == term.id}
        terms.append(replace(term, values={**term.values, **own}))
    return replace(contract, terms=tuple(terms))


def _is_override(contract: Contract, name: str) -> bool:
    clause, _, field = name.rpartition(".")
    return any(term.id == clause and field in term.values for term in contract.terms)


def _asked(contract: Contract, columns: Iterable[str], needed: Iterable[str]) -> frozenset[str]:
    """Columns that are read where the table has them; the others are carried along."""
    own = [name for name in columns if _is_override(contract, name)]
    inputs, standard = (entry.name for entry in contract.inputs), (q.name for q in STANDARD if not q.paid)
    return frozenset({*needed, "income", *inputs, *standard, *own})


def completed(contract: Contract, given: Given) -> dict[str, np.ndarray]:
    """The columns that the contract reads, float64[R] by name, with those that the table may leave out. Errors: as `settle`."""
    needed = settlement_inputs(contract)
    return _with_defaults(contract, needed, _asked(contract, given.columns, needed), given)


def _with_defaults(
    contract: Contract, needed: Mapping[str, str], asked: frozenset[str], given: Given
) -> dict[str, np.ndarray]:
    """The table's columns, and those that it may leave out: defaults of inputs, quantities that equal another."""
    columns = {name: np.asarray(values, dtype=np.float64) for name, values in given.columns.items() if name in asked}
    for entry in contract.inputs:
        if entry.name not in columns and entry.default is not None:
            columns[entry.name] = np.full(given.case.size, entry.default)
    for quantity in STANDARD:
        if quantity.name not in columns and quantity.same_as in columns:
            columns[quantity.name] = columns[quantity.same_as]
    same = {quantity.name for quantity in STANDARD if quantity.same_as}
    for name, reader in needed.items():
        if name not in columns and name not in same:
            raise DataError("the table lacks a column", key=name, expected=f"{name}, read by the clause {reader}")
    return columns


def _figure_names(contract: Contract, wiring: Wiring) -> list[str]:
    """Figures to hand back: the value of each clause that moves no money, then what each clause shows."""
    names = []
    for term in contract.terms:
        names += [] if term.kind.moves else [term.id]
        names += [f"{term.id}.{figure.name}" for figure in term.kind.shows]
    return [name for name in names if name in wiring.rows]


def _named(contract: Contract, figures: list[str], out: np.ndarray) -> Settlement:
    """Name the rows of `out`: amounts of the clauses, figures, nets of the parties at work."""
    terms, shown = len(contract.terms), len(figures)
    amounts = {term.id: out[k] for k, term in enumerate(contract.terms) if term.kind.moves}
    net = {name: out[terms + shown + k] for k, name in enumerate(contract.parties_at_work)}
    return Settlement(amounts, {name: out[terms + k] for k, name in enumerate(figures)}, net)
