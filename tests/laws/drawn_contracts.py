"""What the laws of the language are tried on: contracts drawn around one kind of clause, and tables for them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from stresstest.config.clauses import term_form
from stresstest.config.contracts import read_contract
from stresstest.contract import Contract
from stresstest.settlement.engine import Given, Settlement
from stresstest.terms import BY_NAME, TERM_NUMBER, TERMS

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from reference.language_contracts import DrawnContract
from reference.language_numbers import COLUMNS, NUMBERS, money

KINDS = {kind.name: kind for kind in TERMS}
MOVING = sorted(name for name, kind in KINDS.items() if kind.moves)
seeds = st.integers(0, (1 << 32) - 1)
shares = st.floats(0.0, 1.0)
sums = st.floats(0.0, 2e6)
every_kind = pytest.mark.parametrize("name", sorted(KINDS))
few = settings(max_examples=10)


def contract_of(terms: list[dict[str, Any]], inputs: tuple[str, ...] = (), years: int = 1, **more: Any) -> Contract:
    """A contract with these clauses and inputs."""
    raw = {
        "schema_version": 1, "title": "A law", "price_basis": "cash", "first_year": "2018", "years": years, "terms": terms,
        "inputs": [{"name": name, "unit": "number", "doc": "drawn"} for name in inputs], **more,
    }  # fmt: skip
    return read_contract(raw, "law", "law", None, study=False)[0]


def raw_of(contract: Contract) -> dict[str, Any]:
    """A contract as it would stand in a file."""
    return {
        "schema_version": 1, "title": contract.title, "price_basis": contract.price_basis, "first_year": contract.first_year,
        "years": contract.years, "parties": [{"name": p.name, "title": p.title} for p in contract.parties],
        "inputs": [{"name": entry.name, "unit": entry.unit} for entry in contract.inputs],
        "terms": [term_form(term) for term in contract.terms],
    }  # fmt: skip


def of_raw(raw: dict[str, Any], **more: Any) -> Contract:
    """The contract of a file as `raw_of` gives it, with entries replaced."""
    return read_contract({**raw, **more}, "law", "law", None, study=False)[0]


def cases(columns: dict[str, Any], years: int = 1) -> Given:
    """A table: columns of numbers, case after case, each through all years."""
    size = max(np.size(values) for values in columns.values())
    case, year = np.divmod(np.arange(size), years)
    return Given(case, year, {name: np.broadcast_to(np.asarray(v, float), size).copy() for name, v in columns.items()})


class Drawn(DrawnContract):
    """A clause of one kind drawn by chance, in a contract with payments before it and readers behind it."""

    def contract(self) -> Contract:
        """The drawn clause between what it may read and what reads it."""
        clause = self.clause()
        pay = {"kind": "payment", "payer": "commissioner", "payee": "provider"}
        figures = ["it", *(f"it.{figure.name}" for figure in self.kind.shows)]
        terms = [
            {**pay, "id": "before_pay", "price": self.by_year(money)}, {**pay, "id": "before_fee", "price": self.by_year(money)},
            {**pay, "id": "before_back", "payer": "provider", "payee": "commissioner", "price": 0.5, "of": "before_fee"},
            {"id": "before_sum", "kind": "formula", "value": "max(0, base_money - 0.25 * before_pay)"}, clause,
            {"id": "after_sum", "kind": "formula", "value": " + ".join(["net.provider - received.fund", *figures])},
            {**pay, "id": "after_pay", "payer": "fund", "payee": "hospital", "price": 0.5, "of": self.one_of(figures)},
        ]  # fmt: skip
        return contract_of(terms, tuple(self.draws), self.years, parties=[{"name": "fund", "title": "Fund"}])

    def table(self, contract: Contract, count: int = 5) -> Given:
        """Cases through all years."""
        names = {q: COLUMNS.get(q, money) for q in BY_NAME} | self.draws
        for row in next(term for term in contract.terms if term.id == "it").values.get("indicators", []):
            names[f"indicator.{row['name']}"] = NUMBERS["number"]
        rows = [{name: draw(self.rng) for name, draw in names.items()} for _ in range(count * self.years)]
        return cases({name: np.array([row[name] for row in rows]) for name in names}, self.years)


def drawn(name: str, seed: int, form: type[Drawn] = Drawn, count: int = 5) -> tuple[Contract, Given, Drawn]:
    """A contract around a kind of clause, a table for it, and who drew them."""
    chance = form(np.random.default_rng([TERM_NUMBER[name], seed]), KINDS[name])
    contract = chance.contract()
    return contract, chance.table(contract, count), chance


def everything(settlement: Settlement) -> dict[str, np.ndarray]:
    """All numbers of a settlement by name."""
    return {**settlement.amounts, **settlement.figures, **{f"net of {p}": v for p, v in settlement.net.items()}}


def same_bits(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> None:
    """Every number of `one` stands in `other` with the same bits, NaN included."""
    assert one
    assert one.keys() <= other.keys()
    for name, values in one.items():
        np.testing.assert_array_equal(values, other[name], err_msg=name)


def rows_of(table: Given, chosen: np.ndarray) -> Given:
    """Some rows of a table, in this order."""
    return Given(
        table.case[chosen], table.year[chosen], {name: values[chosen] for name, values in table.columns.items()}
    )


def picked(settlement: Settlement, chosen: np.ndarray) -> dict[str, np.ndarray]:
    """Some rows of everything that was settled."""
    return {name: values[chosen] for name, values in everything(settlement).items()}
