"""The clauses of the engine against a second statement of the contract language, written from the words of its clauses."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stresstest.config.contracts import load_contract, read_contract
from stresstest.contract import Contract
from stresstest.settlement.columns import asked_columns
from stresstest.settlement.engine import Given, Settlement, settle
from stresstest.terms import TERMS, TermKind

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from reference import language
from reference.language_contracts import DrawnContract
from reference.language_numbers import COLUMNS, Draw, between, money, pick, share, signed

pytestmark = pytest.mark.kernel

CONTRACTS, FORMULAS, CASES = 60, 400, 12
BIG = Path(__file__).resolve().parents[1] / "reference" / "big_contract.toml"
#: Clauses that read x, each with values of x on an edge and beside it; z is always 64.
EDGES: list[dict[str, Any]] = [
    {
        "kind": "layered_share", "counts": "franchise", "of": "x", "base": "z", "layers": [{"attachment": 0.5, "limit": 0.25}],
        "x": [-1, 0, 31.999, 32, 32.001, 48, 64],
    },
    {
        "kind": "corridor", "counts": "first_pound", "target": "z", "actual": "x",
        "x": [16, 48, 47.9, 48.1, 64, 79.9, 80, 81, 96],
        "bands": [{"side": s, "from": f, "to": f + 0.25, "share": f} for s in ("gain", "loss") for f in (0.25, 0.5)],
    },
    {"kind": "loss_cap", "cap": 1.0, "cost": "x", "income": "one", "x": [1, 1.5, 1.994, 1.995, 1.9951, 2, 3]},
    {"kind": "profit_share", "income": "z", "cost": "x", "share": 0.5, "carry_years": 1, "x": [0, 63, 64, 65, 128]},
    {"kind": "marginal_rate", "baseline": 64.0, "rate": 0.5, "activity": "x", "x": [0, 63, 64, 65]},
]  # fmt: skip
Cases = list[tuple[int, list[dict[str, float]]]]


def table(cases: Cases) -> Given:
    """The cases as one table."""
    rows = [(case, year, given) for case, (first, years) in enumerate(cases) for year, given in enumerate(years, first)]
    columns = {name: np.array([given[name] for _, _, given in rows]) for name in rows[0][2]}
    return Given(np.array([case for case, _, _ in rows]), np.array([year for _, year, _ in rows]), columns)


def money_figures(contract: Contract) -> set[str]:
    """Names of what is in pounds, or may be: amounts, values of figures and figures in pounds."""
    own = {term.id for term in contract.terms}
    return own | {f"{t.id}.{s.name}" for t in contract.terms for s in t.kind.shows if s.unit in ("GBP", "number")}


def same(expected: float, got: float, smallest: float) -> bool:
    """Whether two numbers agree to nine digits, or both are no numbers."""
    if math.isnan(expected) or math.isnan(got):
        return math.isnan(expected) and math.isnan(got)
    return math.isclose(expected, got, rel_tol=1e-9, abs_tol=smallest)


def pairs(year: language.Settled, settled: Settlement, row: int) -> Iterator[tuple[str, float, float]]:
    """Name, what the reference says and what the engine says, for everything that comes out of one year."""
    for name, value in year.amounts.items():
        yield name, value, float(settled.amounts[name][row])
    for name, value in year.figures.items():
        yield name, value, float(settled.figures[name][row])
    for party, values in settled.net.items():
        yield f"net.{party}", year.nets[party], float(values[row])


def disagreements(contract: Contract, cases: Cases, settled: Settlement) -> list[str]:
    """Every number in which the engine and the reference differ."""
    pounds = money_figures(contract) | {f"net.{party}" for party in settled.net}
    years = [(k, t, year) for k, (t, given) in enumerate(cases) for year in language.settle(contract, given, t)]
    return [
        f"case {case} from year {first}, row {row}, {name}: expected {expected!r}, got {got!r}"
        for row, (case, first, year) in enumerate(years)
        for name, expected, got in pairs(year, settled, row)
        if not same(expected, got, 1e-6 if name in pounds else 1e-12)
    ]


def unbalanced(contract: Contract, settled: Settlement) -> list[str]:
    """Rows whose transfers do not add to exactly zero, and parties whose net is not the sum of their transfers."""
    moves = [(term, settled.amounts[term.id]) for term in contract.terms if term.kind.moves]
    wrong = []
    for row in range(len(moves[0][1])):
        signed = [(p, s * float(a[row])) for term, a in moves for p, s in ((term.payer, -1.0), (term.payee, 1.0))]
        if any(math.isnan(amount) for _, amount in signed):
            continue
        if math.fsum(amount for _, amount in signed) != 0.0:
            wrong.append(f"row {row}: transfers do not add to zero")
        for party, net in settled.net.items():
            own = math.fsum(amount for name, amount in signed if name == party)
            if not same(own, float(net[row]), 1e-6):
                wrong.append(f"row {row}: {party} nets {float(net[row])!r}, its transfers add to {own!r}")
    return wrong


def drawn(kind: TermKind) -> Iterator[tuple[int, Contract, Cases]]:
    """Contracts drawn around a kind of clause, and cases for them."""
    for number in range(FORMULAS if kind.name == "formula" else CONTRACTS):
        one = DrawnContract(np.random.default_rng([*kind.name.encode(), number]), kind)
        contract = one.contract()
        yield number, contract, list(one.tables(contract, CASES))


def edge_contract(edge: dict[str, Any]) -> Contract:
    """A contract of one clause that reads the inputs x and z."""
    raw = {
        "schema_version": 1, "title": "Edge", "currency": "GBP", "price_basis": "cash", "first_year": "2018", "years": 4,
        "inputs": [{"name": name, "unit": "number", "doc": "an input"} for name in ("x", "z")],
        "terms": [{"id": "it", **{key: value for key, value in edge.items() if key != "x"}}],
    }  # fmt: skip
    return read_contract(raw, "an edge", "edge", None, study=False)[0]


def big_cases(contract: Contract, cases: int) -> Cases:
    """Cases of the big contract, drawn by the unit of each column."""
    rng = np.random.default_rng(24)
    by_unit = {"GBP": money, "share": share, "points": between(0.0, 80.0, 16), "indicator's unit": share}
    draws: dict[str, Draw] = {c.name: COLUMNS.get(c.name) or by_unit[c.unit] for c in asked_columns(contract)}
    draws |= {"breach": pick(0.0, 0.0, 1.0), "moved_money": signed}
    return [
        (0, [{name: draw(rng) for name, draw in draws.items()} for _ in range(contract.years)]) for _ in range(cases)
    ]  # fmt: skip


def test_every_kind_of_clause_is_stated_twice() -> None:
    """No kind of clause is without a second statement."""
    assert set(language.CLAUSES) == {kind.name for kind in TERMS}


@pytest.mark.parametrize("kind", TERMS, ids=[kind.name for kind in TERMS])
def test_drawn_contracts_settle_as_their_words_say(kind: TermKind) -> None:
    """Contracts drawn around each kind of clause come out as the reference works them out, and no money is lost."""
    for number, contract, cases in drawn(kind):
        settled = settle(contract, table(cases))
        wrong = disagreements(contract, cases, settled) + unbalanced(contract, settled)
        assert not wrong, "\n".join([f"contract {number}", str(contract.terms[4]), *wrong[:10]])


@pytest.mark.parametrize("edge", EDGES, ids=[str(edge["kind"]) for edge in EDGES])
def test_edges_that_chance_seldom_meets(edge: dict[str, Any]) -> None:
    """On an edge itself, and just beside it, the engine does what the words say."""
    contract = edge_contract(edge)
    rng = np.random.default_rng(5)
    cases = [(0, [{"x": float(x), "z": 64.0} for x in rng.choice(edge["x"], 4)]) for _ in range(100)]
    assert not disagreements(contract, cases, settle(contract, table(cases)))


def test_a_contract_of_many_clauses_settles_as_its_words_say() -> None:
    """200 cases of ten years through 36 clauses come out as the reference works them out, and no money is lost."""
    contract = load_contract(str(BIG), BIG.parent)
    cases = big_cases(contract, 200)
    settled = settle(contract, table(cases))
    wrong = disagreements(contract, cases, settled) + unbalanced(contract, settled)
    assert not wrong, "\n".join(wrong[:20])


def test_the_big_contract_is_big() -> None:
    """The contract of many clauses holds many kinds, parties of its own, memory, and every clause of it does something."""
    contract = load_contract(str(BIG), BIG.parent)
    kinds = {term.kind.name for term in contract.terms}
    assert len(contract.terms) == 36
    assert len(kinds) >= 30
    assert len(contract.parties) == 5
    assert sum(term.kind.remembers for term in contract.terms) >= 12
    settled = settle(contract, table(big_cases(contract, 20)))
    assert all(np.any(amounts != 0.0) for amounts in settled.amounts.values())


@pytest.mark.parametrize("first", ["most_profit", "carried", "held"])
def test_the_order_of_clauses_matters(first: str) -> None:
    """A clause that reads a balance and comes first pays something else; the reference agrees on that too."""
    contract = load_contract(str(BIG), BIG.parent)
    moved = {term.id: term for term in contract.terms}
    read_by_it = ["usual_cost"] if first == "carried" else []
    order = [*read_by_it, first, *(term.id for term in contract.terms if term.id not in (first, *read_by_it))]
    other = replace(contract, terms=tuple(moved[name] for name in order))
    cases = big_cases(contract, 20)
    settled = settle(other, table(cases))
    assert not disagreements(other, cases, settled)
    assert np.any(settled.amounts[first] != settle(contract, table(cases)).amounts[first])
