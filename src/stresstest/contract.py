"""A contract as data: parties, inputs, clauses in order, years, plan, benchmark, ending; and its resolution into numbers.

`resolve` turns the contract and a place into tables of numbers by clause and year. The kernel sees only those tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from . import layout as L
from .drivers.parameters import PLAN_FIELDS
from .errors import ContractError, nearest
from .kernel.wires import W_FIRST_BIND, wire_row
from .levers._lever import EDGES
from .place import Indicator, Place, Quantity
from .terms import ONE, TERM_NUMBER, TERMS, Field, PackContext, TermKind
from .wiring import Input, Reference, Term, Wiring, check_names, wire

#: The name under which a change reaches the contract's ending.
ENDING = "ending"


@dataclass(frozen=True)
class Party:
    """A party that this contract names beyond the standard ones. `public`: what it bears counts as public money."""

    name: str
    title: str
    public: bool


@dataclass(frozen=True)
class ContractTable:
    """A contract resolved: what the kernel needs.

    `kinds`, `payers`, `payees`, `causes` int64[terms]; `rows` float64[terms, T, ROW_SLOTS]; `wires` int64[terms, WIRES] (see
    kernel/wires.py); `constants` float64[T, C]; `public` bool[parties]; `sizes` int64[3]: rows that the contract adds to d,
    and the first and last of its balances; `kept` int64[K, 2]: a row of d, and the row that holds its value of last year.
    """

    kinds: np.ndarray
    payers: np.ndarray
    payees: np.ndarray
    causes: np.ndarray
    rows: np.ndarray
    wires: np.ndarray
    constants: np.ndarray
    public: np.ndarray
    sizes: np.ndarray
    kept: np.ndarray

    @property
    def deal(self) -> tuple[np.ndarray, ...]:
        """The tables in the kernel's order."""
        return (
            self.kinds, self.payers, self.payees, self.causes, self.rows, self.wires, self.constants, self.public, self.sizes,
            self.kept,
        )  # fmt: skip


@dataclass(frozen=True)
class Contract:
    """Parties, clauses in order of application, years and what surrounds them; see docs/contract-language.md.

    `plan`, `benchmark`, `scope` and `ending` are empty in a contract that can be settled but not simulated.
    """

    name: str
    title: str
    price_basis: str
    first_year: str
    years: int
    terms: tuple[Term, ...]
    scope: dict[str, float]
    plan: dict[str, Quantity]
    benchmark: dict[str, Quantity]
    ending: dict[str, Quantity]
    currency: str = "GBP"
    parties: tuple[Party, ...] = ()
    inputs: tuple[Input, ...] = ()

    @property
    def party_names(self) -> tuple[str, ...]:
        """The standard parties, then those of this contract; a party's number is its place here."""
        return L.PARTIES + tuple(party.name for party in self.parties)

    @property
    def parties_at_work(self) -> tuple[str, ...]:
        """The parties that some clause names, in their order."""
        named = {name for term in self.terms if term.kind.moves for name in (term.payer, term.payee)}
        return tuple(name for name in self.party_names if name in named)

    def first(self, kind: str) -> Term | None:
        """The first clause of a kind, or None."""
        return next((term for term in self.terms if term.kind.name == kind), None)

    @property
    def opening_price(self) -> float:
        """Annual payment of the first year (£), or the scope's cost where no clause pays one."""
        term = self.first("annual_payment")
        return term.at(0)["opening_price"] if term else sum(self.scope.values())

    def with_change(self, term_id: str, field: str, value: Any) -> Contract:
        """The same contract with one field of one clause, or of the "ending", changed. Raises ContractError for unknown names."""
        ids = [term.id for term in self.terms]
        if term_id == ENDING and term_id not in ids:
            return self._with_ending(field, value)
        if term_id not in ids:
            raise ContractError("no such clause", key=term_id, expected=", ".join(ids), nearest=nearest(term_id, ids))
        terms = []
        for term in self.terms:
            if term.id == term_id:
                if field not in term.values:
                    known = list(term.values)
                    raise ContractError(
                        f"{term_id} has no field {field}", key=f"{term_id}.{field}", expected=", ".join(known),
                        nearest=nearest(field, known),
                    )  # fmt: skip
                new = (
                    value if isinstance(value, str) else Quantity((float(value),), source="variant", quality="variant")
                )
                term = replace(term, values={**term.values, field: new})
            terms.append(term)
        return replace(self, terms=tuple(terms))

    def _with_ending(self, name: str, value: Any) -> Contract:
        if name not in self.ending:
            known = list(self.ending)
            raise ContractError(
                f"the ending has no entry {name}",
                key=f"{ENDING}.{name}",
                expected=", ".join(known),
                nearest=nearest(name, known),
            )
        return replace(
            self, ending={**self.ending, name: Quantity((float(value),), source="variant", quality="variant")}
        )

    def with_clause(self, table: Mapping[str, Any]) -> Contract:
        """The same contract with one more clause behind the others: a table with id, kind, payer, payee and fields.

        Payer, payee and fields may be left out where the kind of clause has them by itself. Raises ContractError where the
        id is taken, a name is unknown or a field that must be given is not.
        """
        kind = TERMS[_among("kind", table["kind"], list(TERM_NUMBER), TERM_NUMBER)]
        ids = [term.id for term in self.terms]
        if table["id"] in ids:
            raise ContractError(
                "there is a clause of this id already", key="id", value=table["id"], expected="another id"
            )
        payer, payee = table.get("payer", kind.payer), table.get("payee", kind.payee)
        for key, name in (("payer", payer), ("payee", payee)):
            _among(key, name, list(self.party_names))
        given = dict(table.get("fields", {}))
        for name in given:
            _among("fields", name, [field.name for field in kind.fields])
        values = {field.name: variant_value(field, given.get(field.name, field.default)) for field in kind.fields}
        contract = replace(self, terms=(*self.terms, Term(table["id"], kind, payer, payee, values)))
        check_names(contract, len(self.terms))
        return contract

    def plan_table(self) -> np.ndarray:
        """float64[T, PLAN_FIELDS]: agreed budget, planned need, price, productivity, expected acute spend."""
        rows = []
        rate = {key: quantity.value for key, quantity in self.plan.items()}
        mark = {key: quantity.value for key, quantity in self.benchmark.items()}
        for t in range(self.years):
            phased = mark["planned_reduction"] * min(1.0, (t + 1) / mark["phase_years"])
            rows.append([
                self.opening_price * (1.0 + rate["funding_growth"]) ** t,
                (1.0 + rate["need_and_list_growth"]) ** t,
                (1.0 + rate["input_price_growth"]) ** t,
                (1.0 + rate["productivity_growth"]) ** t,
                mark["opening_gbp"] * (1.0 + mark["growth"]) ** t * (1.0 - phased),
            ])  # fmt: skip
        return np.array(rows, dtype=np.float64).reshape(self.years, len(PLAN_FIELDS))

    @cached_property
    def _resolved(self) -> list[tuple[tuple[Indicator, ...], ContractTable]]:
        """The tables that were made last, and the indicators that they were made for."""
        return []

    def resolve(self, place: Place) -> ContractTable:
        """The contract's tables in a place, for a study; to be read and not written. Made once for the same indicators."""
        for own, known in self._resolved:
            if own is place.indicators:
                return known
        indicators = {indicator.name: k for k, indicator in enumerate(place.indicators)}
        effects = {indicator.name: indicator.exception_effect for indicator in place.indicators}
        table = self.tables(wire(self), indicators, effects)
        self._resolved[:] = [(place.indicators, table)]
        return table

    def tables(
        self, wiring: Wiring, indicators: dict[str, int], effects: dict[str, float] | None = None
    ) -> ContractTable:
        """Pack every clause for every year; a clause counts its own years from the first in which it is in force."""
        rows = np.zeros((len(self.terms), self.years, L.ROW_SLOTS))
        binds = []
        for k, term in enumerate(self.terms):
            unread = dict.fromkeys(term.unread(self.years), ONE)
            shows = wiring.rows.get(f"{term.id}.{term.kind.shows[0].name}", -1) if term.kind.shows else -1
            for t in range(self.years):
                context = PackContext(t, self.years, indicators, effects or {}, wiring.rows)
                rows[k, t] = term.kind.row({**term.at(t), **unread}, context)
                rows[k, t, L.ROW_SHOW] = shows
                rows[k, t, :2] = t - term.start, min(term.end, self.years - 1) - term.start + 1
            named = {field: value for field, value in term.values.items() if isinstance(value, Reference)}
            binds.append([(term.kind.slot(field), wiring.rows[value.name]) for field, value in named.items()])
        width = W_FIRST_BIND + 2 * max((len(own) for own in binds), default=0)
        wires = np.full((len(self.terms), width), -1, dtype=np.int64)
        for k, term in enumerate(self.terms):
            row = wire_row(term, self.years, wiring.rows, binds[k])
            wires[k, : len(row)] = row
        number = {name: k for k, name in enumerate(self.party_names)}
        public = [name in L.PUBLIC_BODIES for name in L.PARTIES] + [party.public for party in self.parties]
        return ContractTable(
            kinds=np.array([TERM_NUMBER[term.kind.name] for term in self.terms], dtype=np.int64),
            payers=np.array([number[term.payer] for term in self.terms], dtype=np.int64),
            payees=np.array([number[term.payee] for term in self.terms], dtype=np.int64),
            causes=np.array([term.kind.exposure for term in self.terms], dtype=np.int64),
            rows=rows, wires=wires, constants=wiring.constants, public=np.array(public),
            sizes=np.array([wiring.size, *wiring.balances], dtype=np.int64), kept=wiring.kept,
        )  # fmt: skip

    def goals(self, place: Place) -> np.ndarray:
        """float64[T, indicators]: targets of the improvement payment in units of progress, NaN where unpaid."""
        indicators = {indicator.name: k for k, indicator in enumerate(place.indicators)}
        goals = np.full((self.years, len(place.indicators)), np.nan)
        term = self.first("improvement_payment")
        for t in range(self.years if term else 0):
            for entry in term.at(t)["indicators"]:  # type: ignore[union-attr]
                k = indicators[entry["name"]]
                of = place.indicators[k]
                goals[t, k] = (entry["target"] - of.baseline) / (of.target - of.baseline)
        return goals

    def edges(self) -> np.ndarray:
        """Kinks of the gain/loss share in pounds of gap, at the agreed budget; inactive without such a clause."""
        plan = self.plan_table()
        edges = np.zeros((self.years, len(EDGES)))
        term = self.first("gain_loss_share")
        for t in range(self.years if term else 0):
            values = term.at(t)  # type: ignore[union-attr]
            agreed, expected = plan[t, 0], plan[t, len(PLAN_FIELDS) - 1]
            band = values["dead_band"] * expected
            net = band if values["band"] == "net" else 0.0
            caps = []
            for cap, share in (("gain_cap", "share_gain"), ("loss_cap", "share_loss")):
                most = min(values[cap] * agreed, values[f"{cap}_money"])
                caps.append(net + most / values[share] if values[share] > 0.0 else band)
            flat = values["settlement"] == "annual"
            edges[t] = [band, caps[0], caps[1], 1.0 if flat else 0.0]
        return np.nan_to_num(edges, nan=0.0)


def _among(key: str, name: str, known: list[str], numbers: Mapping[str, int] | None = None) -> int:
    """The number of a name, its place in `known` unless `numbers` says otherwise. Raises ContractError for an unknown one."""
    if name not in known:
        raise ContractError(
            "no such name", key=key, value=name, expected=", ".join(known), nearest=nearest(name, known)
        )
    return numbers[name] if numbers else known.index(name)


def variant_value(field: Field, value: Any) -> Any:
    """A plain value of a clause's field as a contract holds it: numbers as quantities, a name for a number as a reference."""
    if value is None:
        raise ContractError("an entry is missing", key=field.name, expected=f"{field.doc} ({field.unit})")
    if field.unit == "rows":
        return [{of.name: variant_value(of, row.get(of.name, of.default)) for of in field.columns} for row in value]
    if not field.is_number:
        return value
    if isinstance(value, str):
        return Reference(value)
    return Quantity((float(value),), field.unit, "variant", "variant")


def known_fields(kind: TermKind) -> dict[str, Field]:
    """A clause's fields by name."""
    return {field.name: field for field in kind.fields}


__all__ = ["TERMS", "Contract", "ContractTable", "Input", "Party", "Term", "known_fields"]
