"""What a check looks at: a contract, perhaps a place and a population, and short ways to read them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .. import layout as L
from ..contract import Contract, Term
from ..place import Place, Quantity
from ..terms import BALANCES
from ..units import percent, pounds
from ..wiring import of_last_year, reads

SIGNS = {"GBP": "£", "EUR": "€", "USD": "US$", "NZD": "NZ$", "AUD": "A$", "CHF": "CHF ", "none": ""}
COINS = {"GBP": "pound", "EUR": "euro", "USD": "dollar", "NZD": "dollar", "AUD": "dollar", "CHF": "franc", "none": "unit"}
NO_LIMIT = 1e9  # a share or multiple from here on is no limit; a sum of money is none from 1e18
NO_SUM = 1e18
SMALL_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class Case:
    """A contract under review. `population` None: that of the place, where there is one."""

    contract: Contract
    place: Place | None = None
    population: float | None = None

    @property
    def terms(self) -> tuple[Term, ...]:
        """The clauses in their order."""
        return self.contract.terms

    @property
    def clauses(self) -> tuple[Term, ...]:
        """The clauses that move money, in their order."""
        return tuple(term for term in self.terms if term.kind.moves)

    def of_kind(self, *kinds: str) -> tuple[Term, ...]:
        """The clauses of some kinds, in their order."""
        return tuple(term for term in self.terms if term.kind.name in kinds)

    def years(self, term: Term) -> range:
        """The years, counted from 0, in which a clause is in force."""
        return range(term.start, min(term.end, self.contract.years - 1) + 1)

    def numbers(self, term: Term, field: str) -> list[float]:
        """A number of a clause in each year in force; NaN where a quantity gives it."""
        return [float(term.at(year)[field]) for year in self.years(term)]

    def zero(self, term: Term, *fields: str) -> bool:
        """Whether each of these numbers is 0 in every year in force; a quantity is not."""
        return all(number == 0.0 for field in fields for number in self.numbers(term, field))

    def most(self, term: Term, field: str) -> float:
        """The largest of a clause's number over the years in force; NaN where a quantity gives it."""
        return max(self.numbers(term, field), default=math.nan)

    @cached_property
    def read(self) -> dict[str, list[tuple[str, str]]]:
        """By clause: (field, quantity) for everything it reads."""
        return {term.id: reads(term, self.contract.years) for term in self.terms}

    @cached_property
    def used(self) -> set[str]:
        """Every quantity that some clause reads."""
        return {of_last_year(name) or name for found in self.read.values() for _, name in found}

    def reads_from(self, term: Term) -> set[str]:
        """The ids of earlier clauses that a clause reads, amounts and figures alike."""
        ids = {other.id for other in self.terms}
        return {owner for _, name in self.read[term.id] if (owner := owner_of(name, ids))}

    @cached_property
    def leans_on(self) -> dict[str, set[str]]:
        """By clause: every clause that it reads, directly or through others."""
        found: dict[str, set[str]] = {}
        for term in self.terms:
            direct = self.reads_from(term)
            found[term.id] = direct.union(*(found.get(other, set()) for other in direct))
        return found

    def public(self, party: str) -> bool:
        """Whether what a party bears counts as public money."""
        return party in L.PUBLIC_BODIES or any(p.name == party and p.public for p in self.contract.parties)

    def size(self, name: str) -> float | None:
        """The yearly size of a quantity (in money) in the first year, where the contract alone says it."""
        contract = self.contract
        if name == "acute_expected" and contract.benchmark:
            return contract.benchmark["opening_gbp"].value
        if name in ("annual_payment", "agreed_budget", "income") and contract.first("annual_payment"):
            return None if math.isnan(contract.opening_price) else contract.opening_price
        for entry in contract.inputs:
            if entry.name == name and entry.follows:
                return self.size(entry.follows)
            if entry.name == name and entry.value is not None:
                return entry.value.value
        return None

    def money(self, value: float) -> str:
        """A short label of an amount in the contract's currency."""
        return pounds(value).replace("£", SIGNS[self.contract.currency])

    @property
    def coin(self) -> str:
        """The word for one unit of the contract's money: "pound", "euro"; "unit" where it names no currency."""
        return COINS[self.contract.currency]

    def sized(self, share: float, of: str) -> str:
        """A share of a quantity in words, with the sum of money where it is known: "2.0% of acute_expected (£2.19m)"."""
        size = self.size(of)
        if math.isnan(share):
            return f"a share of {of}"
        return f"{part(share)} of {of}" + (f" ({self.money(share * size)} a year)" if size else "")


def owner_of(name: str, ids: Iterable[str]) -> str:
    """The clause that a quantity's name belongs to (its amount or one of its figures), or "" where it is no clause's."""
    known = set(ids)
    if name in known:
        return name
    head = name.rpartition(".")[0]
    return head if head in known else ""


def balance_of(name: str) -> str:
    """The party whose balance a quantity is ("income" is the provider's), or "" where it is no balance."""
    if name == "income":
        return "provider"
    head, _, party = name.partition(".")
    return party if head in BALANCES else ""


def part(share: float) -> str:
    """A share as a percentage without needless digits: 0.02 → "2%", 0.0066 → "0.66%", 0.125 → "12.5%"."""
    text = percent(share, 2 if abs(share) < 0.01 else 1)[:-1]
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def in_words(count: int) -> str:
    """A small whole number in words."""
    return SMALL_NUMBERS[count] if 0 <= count < len(SMALL_NUMBERS) else str(count)


def several(count: int, noun: str) -> str:
    """A number and its noun: "one year", "ten years"."""
    return f"{in_words(count)} {noun}" if count == 1 else f"{in_words(count)} {noun}s"


def next_or_last(count: int) -> str:
    """What follows "the last" or "the next": "year", "three years"."""
    return "year" if count == 1 else several(count, "year")


def listed(names: Iterable[str]) -> str:
    """Names in a row: "a", "a and b", "a, b and c"."""
    rows = list(names)
    return " and ".join([", ".join(rows[:-1]), rows[-1]]) if len(rows) > 1 else "".join(rows)


def quantities(values: dict[str, Any]) -> Iterable[tuple[str, Quantity]]:
    """(field, number) for every plain number of a clause, those inside rows as field.column."""
    for field, value in values.items():
        if isinstance(value, Quantity):
            yield field, value
        elif isinstance(value, (list, tuple)):
            for row in value:
                yield from ((f"{field}.{key}", entry) for key, entry in row.items() if isinstance(entry, Quantity))
