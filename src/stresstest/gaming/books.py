"""The books that a contract is settled on: honest years of every quantity that it asks for, and what they pay.

`Books` holds cases (futures lived honestly, rows of a table, or made-up ones) by year. Edits of the books are settled by
the very code that settles a simulation (kernel/settle.py): an exploit counts only when it has been carried out and has paid.
Money is undiscounted here, so that moving it in time gains nothing by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .. import layout as L
from ..contract import Contract
from ..kernel.table import settle_cases
from ..settlement.engine import indicator_numbers
from ..terms import INDICATOR_PREFIX, STANDARD
from ..wiring import settlement_inputs, wire
from .backing import Backing, backing

Columns = dict[str, np.ndarray]
BATCH_ROWS = 400_000


def asked(contract: Contract) -> list[str]:
    """Names of the quantities that the contract's clauses read and no clause sets, in order of first use."""
    return list(settlement_inputs(contract))


def strategic_party(contract: Contract) -> str:
    """The party that plays: the provider where it is at work, else whoever is paid by most clauses and is no public body."""
    at_work = contract.parties_at_work
    for name in ("provider", "operator"):
        if name in at_work:
            return name
    public = {*L.PUBLIC_BODIES, *(party.name for party in contract.parties if party.public)}
    paid = [term.payee for term in contract.terms if term.kind.moves and term.payee not in public]
    return max(at_work, key=paid.count) if at_work else "provider"


@dataclass(frozen=True)
class Paid:
    """What settled books pay. `amounts` float64[terms, edits, cases, years]; `net` float64[edits, cases, years]."""

    amounts: np.ndarray
    net: np.ndarray


@dataclass(frozen=True)
class Books:
    """Honest books: `columns` float64[cases, years] by quantity. `origin` says in words where they come from.

    `served` float64[cases, years]: 1 in the years in which the provider is in service, 0 after; None: in all years.
    """

    contract: Contract
    columns: Columns
    origin: str
    served: np.ndarray | None = None

    @property
    def cases(self) -> int:
        """Number of cases."""
        return int(next(iter(self.columns.values())).shape[0]) if self.columns else 1

    @property
    def years(self) -> int:
        """Number of years."""
        return self.contract.years

    @cached_property
    def party(self) -> str:
        """The party whose money counts."""
        return strategic_party(self.contract)

    @cached_property
    def backings(self) -> dict[str, Backing]:
        """What is known of each quantity, by name."""
        return {name: backing(self.contract, name) for name in self.columns}

    @cached_property
    def movable(self) -> list[str]:
        """Quantities that the provider can change; an input that follows another is changed with it."""
        follows = {entry.name: entry.follows for entry in self.contract.inputs if entry.follows}
        return [n for n in self.columns if self.backings[n].movable and follows.get(n, "") not in self.columns]

    @cached_property
    def _machine(self) -> tuple[tuple[np.ndarray, ...], np.ndarray, np.ndarray, dict[str, int]]:
        wiring = wire(self.contract, ())
        indicators = indicator_numbers(self.contract)
        table = self.contract.tables(wiring, indicators)
        neutral = np.zeros(len(L.DRIVERS))
        for quantity in STANDARD:
            neutral[quantity.driver] = quantity.neutral
        rows = {
            **wiring.rows,
            **{f"{INDICATOR_PREFIX}.{name}": L.RECORD_INDICATOR + k for name, k in indicators.items()},
        }
        return table.deal, neutral, np.array([rows[name] for name in self.columns], dtype=np.int64), wiring.rows

    @cached_property
    def signs(self) -> np.ndarray:
        """+1, −1 or 0 for each clause: what its amount does to the provider."""
        return np.array([
            float(term.payee == self.party) - float(term.payer == self.party) if term.kind.moves else 0.0
            for term in self.contract.terms
        ])  # fmt: skip

    def pay(self, edits: Sequence[Columns]) -> Paid:
        """Settle the books once for each edit (columns that differ from the honest ones; an empty edit is honest)."""
        per = max(1, BATCH_ROWS // max(1, self.cases * self.years))
        parts = [self._pay(edits[k : k + per]) for k in range(0, len(edits), per)]
        return Paid(np.concatenate([p.amounts for p in parts], axis=1), np.concatenate([p.net for p in parts]))

    def figures(self, edits: Sequence[Columns], clause: str) -> np.ndarray:
        """float64[edits, cases, years]: the value of a clause that moves no money, after each edit."""
        row = self._machine[3][clause]
        return np.asarray(self._settled(edits, np.array([row], dtype=np.int64))[-1])

    def _pay(self, edits: Sequence[Columns]) -> Paid:
        amounts = self._settled(edits, np.zeros(0, dtype=np.int64))
        return Paid(amounts, np.tensordot(self.signs, amounts, axes=1))

    def _settled(self, edits: Sequence[Columns], shown: np.ndarray) -> np.ndarray:
        """float64[terms + shown, edits, cases, years]: every clause's amount, then the rows `shown` of the machine."""
        deal, neutral, places, _ = self._machine
        shape = (len(edits), self.cases, self.years)
        given = np.empty((len(self.columns), *shape))
        follows = {entry.name: entry.follows for entry in self.contract.inputs if entry.follows}
        for q, (name, honest) in enumerate(self.columns.items()):
            leader = follows.get(name, "")
            for e, edit in enumerate(edits):
                given[q, e] = edit.get(name, edit.get(leader, honest) if leader in self.columns else honest)
        count = int(np.prod(shape))
        rows = np.arange(count).reshape(-1, self.years).T
        out = np.zeros((len(self.contract.terms) + shown.size, count))
        nobody = np.zeros(0, dtype=np.int64)
        settle_cases(
            0, np.ascontiguousarray(rows), given.reshape(len(self.columns), count), places, neutral, deal, shown, nobody, out
        )
        settled = out.reshape(len(self.contract.terms) + shown.size, *shape)
        if self.served is not None:  # a provider that has left is paid nothing more
            settled[: len(self.contract.terms)] *= self.served
        return settled

    @cached_property
    def honest(self) -> Paid:
        """What the honest books pay."""
        return self.pay([{}])

    @cached_property
    def size(self) -> float:
        """Mean money that changes hands with the provider in a year (£): the yardstick for what is small."""
        touched = np.abs(self.honest.amounts[self.signs != 0.0, 0])
        return float(touched.sum(axis=0).mean()) if touched.size else 0.0

    def gains(self, edits: Sequence[Columns]) -> np.ndarray:
        """float64[edits, cases]: what each edit brings the provider over the whole term (£, undiscounted)."""
        return (self.pay(edits).net - self.honest.net).sum(axis=2)
