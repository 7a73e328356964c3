"""A contract as data: parties, clauses in order, years, plan, benchmark, ending; and its resolution into numbers.

`resolve` turns the contract and a place into one table of numbers by clause and year. The kernel sees only that table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from . import layout as L
from .drivers.parameters import PLAN_FIELDS
from .errors import ContractError, nearest
from .levers._lever import EDGES
from .place import Place, Quantity
from .terms import TERM_NUMBER, TERMS, Field, PackContext, TermKind, party


@dataclass(frozen=True)
class Term:
    """One clause of a contract. `values` holds a Quantity, a choice (str) or a list of rows for each field."""

    id: str
    kind: TermKind
    payer: str
    payee: str
    values: dict[str, Any]

    def at(self, year: int) -> dict[str, Any]:
        """The clause's plain values in a year counted from 0."""
        return {name: _plain(value, year) for name, value in self.values.items()}


def _plain(value: Any, year: int) -> Any:
    if isinstance(value, Quantity):
        return value.at(year)
    if isinstance(value, (list, tuple)):
        return [{key: _plain(entry, year) for key, entry in row.items()} for row in value]
    return value


@dataclass(frozen=True)
class ContractTable:
    """A contract resolved for a place: what the kernel needs.

    `kinds`, `payers`, `payees`, `causes` int64[terms]; `rows` float64[terms, T, ROW_SLOTS]; `plan` float64[T, PLAN_FIELDS];
    `goals` float64[T, indicators] in units of progress, NaN where unpaid; `edges` float64[T, EDGES].
    """

    kinds: np.ndarray
    payers: np.ndarray
    payees: np.ndarray
    causes: np.ndarray
    rows: np.ndarray
    plan: np.ndarray
    goals: np.ndarray
    edges: np.ndarray


@dataclass(frozen=True)
class Contract:
    """Parties, clauses in order of application, years and what surrounds them; see configs/contracts/."""

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

    def first(self, kind: str) -> Term | None:
        """The first clause of a kind, or None."""
        return next((term for term in self.terms if term.kind.name == kind), None)

    @property
    def opening_price(self) -> float:
        """Annual payment of the first year (£), or the scope's cost where no clause pays one."""
        term = self.first("annual_payment")
        return term.at(0)["opening_price"] if term else sum(self.scope.values())

    def with_change(self, term_id: str, field: str, value: Any) -> Contract:
        """The same contract with one field of one clause changed. Raises ContractError for a name it does not have."""
        ids = [term.id for term in self.terms]
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

    def resolve(self, place: Place) -> ContractTable:
        """Pack every clause for every year; find the goals and kinks that levers look at."""
        indicators = {indicator.name: k for k, indicator in enumerate(place.indicators)}
        effects = {indicator.name: indicator.exception_effect for indicator in place.indicators}
        rows = np.zeros((len(self.terms), self.years, L.ROW_SLOTS))
        for k, term in enumerate(self.terms):
            for t in range(self.years):
                rows[k, t] = term.kind.row(term.at(t), PackContext(t, self.years, indicators, effects))
        plan = self.plan_table()
        return ContractTable(
            kinds=np.array([TERM_NUMBER[term.kind.name] for term in self.terms], dtype=np.int64),
            payers=np.array([party(term.payer) for term in self.terms], dtype=np.int64),
            payees=np.array([party(term.payee) for term in self.terms], dtype=np.int64),
            causes=np.array([term.kind.exposure for term in self.terms], dtype=np.int64),
            rows=rows,
            plan=plan,
            goals=self._goals(place, indicators),
            edges=self._edges(plan),
        )

    def _goals(self, place: Place, indicators: dict[str, int]) -> np.ndarray:
        goals = np.full((self.years, len(place.indicators)), np.nan)
        term = self.first("improvement_payment")
        for t in range(self.years if term else 0):
            for entry in term.at(t)["indicators"]:  # type: ignore[union-attr]
                k = indicators[entry["name"]]
                of = place.indicators[k]
                goals[t, k] = (entry["target"] - of.baseline) / (of.target - of.baseline)
        return goals

    def _edges(self, plan: np.ndarray) -> np.ndarray:
        """Kinks of the gain/loss share in pounds of gap, at the agreed budget; inactive without such a clause."""
        edges = np.zeros((self.years, len(EDGES)))
        term = self.first("gain_loss_share")
        for t in range(self.years if term else 0):
            values = term.at(t)  # type: ignore[union-attr]
            agreed, expected = plan[t, 0], plan[t, len(PLAN_FIELDS) - 1]
            band = values["dead_band"] * expected
            net = band if values["band"] == "net" else 0.0
            caps = []
            for cap, share in (("gain_cap", "share_gain"), ("loss_cap", "share_loss")):
                caps.append(net + values[cap] * agreed / values[share] if values[share] > 0.0 else band)
            flat = values["settlement"] == "annual"
            edges[t] = [band, caps[0], caps[1], 1.0 if flat else 0.0]
        return edges


def known_fields(kind: TermKind) -> dict[str, Field]:
    """A clause's fields by name."""
    return {field.name: field for field in kind.fields}


__all__ = ["TERMS", "Contract", "ContractTable", "Term", "known_fields"]
