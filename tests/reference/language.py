"""The contract language once more: one case, year by year and clause by clause, in plain Python floats.

Written from docs/contract-language.md and the words of the clauses, without their code: slow, and easy to check by reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from stresstest.contract import Contract, Term
from stresstest.place import Quantity
from stresstest.terms import BY_NAME, Field
from stresstest.wiring import Reference, reads

from . import language_clauses_a, language_clauses_b, language_clauses_c
from .formulas import formula
from .language_clauses_a import Memory, Year

CLAUSES = language_clauses_a.CLAUSES | language_clauses_b.CLAUSES | language_clauses_c.CLAUSES
Given = dict[str, float]


@dataclass
class Settled:
    """One year of one case: amounts and figures by name, and what each party received less what it paid."""

    amounts: dict[str, float] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)
    nets: dict[str, float] = field(default_factory=dict)


class Ledger:
    """What can be read by name in one year: what is given, what clauses have set so far, and the balances of parties."""

    def __init__(self, contract: Contract, given: Given, last: Ledger | None = None) -> None:
        self.last = last
        self.given = {entry.name: entry.default for entry in contract.inputs if entry.default is not None} | given
        self.set: dict[str, float] = {"one": 1.0}
        self.received = dict.fromkeys(contract.party_names, 0.0)
        self.paid = dict.fromkeys(contract.party_names, 0.0)

    def move(self, payer: str, payee: str, amount: float) -> None:
        """Move money: a positive amount from payer to payee, a negative one back."""
        if amount < 0.0:
            payer, payee, amount = payee, payer, -amount
        self.received[payee] += amount
        self.paid[payer] += amount

    def net(self, party: str) -> float:
        """What a party has received less what it has paid."""
        return self.received[party] - self.paid[party]

    def look(self, name: str) -> float:
        """The quantity with a name. What the provider earns outside the contract, `income` in the table, is in its net."""
        if name.startswith("last."):
            return self.last.look(name.removeprefix("last.")) if self.last else 0.0
        if name in ("income", "net.provider"):
            return self.given.get("income", 0.0) + self.net("provider")
        sort, _, party = name.partition(".")
        if sort in ("received", "net") and party in self.received:
            return self.received[party] if sort == "received" else self.net(party)
        if name in self.set:
            return self.set[name]
        if name in self.given:
            return self.given[name]
        standard = BY_NAME[name]
        return self.look(standard.same_as) if standard.same_as else standard.neutral


def in_clause(term: Term, entry: Field, t: int, ledger: Ledger) -> Any:
    """One entry of a clause in contract year t, or what the table's column CLAUSE.FIELD gives in its place."""
    column = f"{term.id}.{entry.name}"
    if column in ledger.given:
        anew = ledger.given[column]
        return entry.choices[int(anew)] if entry.unit == "choice" else anew
    return of_year(entry, term.values[entry.name], t, ledger)


def of_year(entry: Field, value: Any, t: int, ledger: Ledger) -> Any:
    """One entry of a clause as it stands in contract year t: a plain number, a choice, or rows of them."""
    if isinstance(value, Reference):
        return ledger.look(value.name)
    if isinstance(value, Quantity):
        return value.values[min(t, len(value.values) - 1)]
    if entry.unit == "quantity":
        return ledger.look(value)
    if entry.unit == "indicator":
        return ledger.look(f"indicator.{value}")
    if entry.unit == "formula":
        return formula(value, ledger.look)
    if entry.unit == "rows":
        columns = {column.name: column for column in entry.columns}
        return [{key: of_year(columns[key], part, t, ledger) for key, part in row.items()} for row in value]
    return value


def settle(contract: Contract, years: list[Given], first: int = 0) -> list[Settled]:
    """Settle one case from its first contract year on: the quantities given in each year, and what comes out of it."""
    memories: list[Memory] = [{} for _ in contract.terms]
    ignored = unasked(contract)
    kept = [{name: value for name, value in given.items() if name not in ignored} for given in years]
    found: list[Settled] = []
    ledger: Ledger | None = None
    for t, given in enumerate(kept, first):
        ledger = Ledger(contract, given, ledger)
        found.append(settle_year(contract, t, ledger, memories))
    return found


def unasked(contract: Contract) -> set[str]:
    """Quantities that clauses set and nobody reads before that: a table's column of such a name counts for nothing."""
    written: set[str] = set()
    asked: set[str] = set()
    for term in contract.terms:
        asked |= {name for _, name in reads(term, contract.years)} - written
        written |= set(term.kind.writes)
    return {"annual_payment", "score"} - asked


def settle_year(contract: Contract, t: int, ledger: Ledger, memories: list[Memory]) -> Settled:
    """One year: every clause in its order."""
    settled = Settled()
    for term, memory in zip(contract.terms, memories, strict=True):
        settle_clause(contract, term, t, ledger, memory, settled)
    settled.nets = {party: ledger.net(party) for party in contract.party_names}
    return settled


def settle_clause(contract: Contract, term: Term, t: int, ledger: Ledger, memory: Memory, settled: Settled) -> None:
    """One clause in one year: outside its years it pays 0, shows 0, writes nothing and remembers nothing new.

    What it shows, writes and remembers is what it says itself; `scaled_by` comes after that and changes the amount alone.
    """
    amount, shown = 0.0, {figure.name: 0.0 for figure in term.kind.shows}
    if term.resets_every and t > term.start and (t - term.start) % term.resets_every == 0:
        memory.clear()
    if term.start <= t <= term.end:
        values = {entry.name: in_clause(term, entry, t, ledger) for entry in term.kind.fields}
        last = min(term.end, contract.years - 1)
        year = Year(t - term.start, last - term.start + 1, ledger.look)
        amount, shown = CLAUSES[term.kind.name](values, year, memory)
        ledger.set |= year.written
        if term.scaled_by:
            amount *= ledger.look(term.scaled_by)
    figures = {f"{term.id}.{name}": float(value) for name, value in shown.items()}
    if term.kind.moves:
        ledger.move(term.payer, term.payee, amount)
        settled.amounts[term.id] = float(amount)
    else:
        settled.figures[term.id] = float(amount)
    settled.figures |= figures
    ledger.set |= figures if term.id in BY_NAME else figures | {term.id: float(amount)}
