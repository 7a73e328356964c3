"""The clauses of the engine against a second statement of the contract language, written from the words of its clauses."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pytest

from stresstest.config.contracts import load_contract
from stresstest.contract import Contract
from stresstest.settlement.engine import Given, Settlement, settle
from stresstest.terms import TERMS, TermKind

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from reference import language
from reference.language_contracts import DrawnContract

pytestmark = pytest.mark.kernel

CONTRACTS, CASES = 60, 12
BIG = Path(__file__).resolve().parents[1] / "reference" / "big_contract.toml"
Cases = list[list[dict[str, float]]]


def table(cases: Cases) -> Given:
    """The cases as one table."""
    rows = [(case, year, given) for case, years in enumerate(cases) for year, given in enumerate(years)]
    columns = {name: np.array([given[name] for _, _, given in rows]) for name in rows[0][2]}
    return Given(np.array([case for case, _, _ in rows]), np.array([year for _, year, _ in rows]), columns)


def money_figures(contract: Contract) -> set[str]:
    """Names of what is in pounds, or may be: amounts, values of figures and figures in GBP."""
    own = {term.id for term in contract.terms}
    return own | {f"{t.id}.{s.name}" for t in contract.terms for s in t.kind.shows if s.unit in ("GBP", "number")}


def same(expected: float, got: float, smallest: float) -> bool:
    """Whether two numbers agree to nine digits, or both are no numbers."""
    if math.isnan(expected) or math.isnan(got):
        return math.isnan(expected) and math.isnan(got)
    return math.isclose(expected, got, rel_tol=1e-9, abs_tol=smallest)


def disagreements(contract: Contract, cases: Cases, settled: Settlement) -> list[str]:
    """Every number in which the engine and the reference differ."""
    wrong, row, pounds = [], 0, money_figures(contract)
    for case, years in enumerate(cases):
        for t, year in enumerate(language.settle(contract, years)):
            told = [
                *((name, value, settled.amounts[name][row]) for name, value in year.amounts.items()),
                *((name, value, settled.figures[name][row]) for name, value in year.figures.items()),
                *((f"net.{name}", value, settled.net[name][row]) for name, value in year.nets.items() if name in settled.net),
            ]
            for name, expected, got in told:
                smallest = 1e-6 if name in pounds or name.startswith("net.") else 1e-12
                if not same(expected, float(got), smallest):
                    wrong.append(f"case {case} year {t} {name}: expected {expected!r}, got {float(got)!r}")
            row += 1
    return wrong


@pytest.mark.parametrize("kind", TERMS, ids=[kind.name for kind in TERMS])
def test_drawn_contracts_settle_as_their_words_say(kind: TermKind) -> None:
    """Contracts drawn around each kind of clause come out as the reference works them out."""
    for number in range(CONTRACTS):
        drawn = DrawnContract(np.random.default_rng([TERMS.index(kind), number]), kind)
        contract = drawn.contract()
        cases = list(drawn.tables(contract, CASES))
        wrong = disagreements(contract, cases, settle(contract, table(cases)))
        assert not wrong, "\n".join([f"contract {number}", str(contract.terms[4]), *wrong[:10]])
