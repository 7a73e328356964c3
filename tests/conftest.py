"""What all tests share: one mark each, a sentence each, and one study on which the machine is run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from stresstest import layout as L
from stresstest.config.load import load_study
from stresstest.contract import Contract
from stresstest.place import Quantity
from stresstest.strategy import Strategy
from stresstest.study import KernelInputs, Study

MARKS = {"unit", "case", "law", "kernel", "golden", "integration"}
HONEST = Strategy("honest", {"effort": 0.75, "prevention": 1.0, "efficiency": 0.5})
GAMED = Strategy(
    "gamed",
    {
        "effort": 0.75, "prevention": 1.0, "efficiency": 0.5, "threshold_bunching": 0.5, "ratchet_holding_back": 0.5,
        "prevention_run_off": 0.8, "cost_shifting": 0.4, "list_inflation": 0.03, "upcoding": 0.08,
        "exception_reporting": 0.05, "year_end_timing": 0.02,
    },
)  # fmt: skip

# The same examples on every machine and in every run; compiling may take longer than hypothesis allows for.
settings.register_profile("same", deadline=None, derandomize=True, print_blob=False)
settings.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The one option of this suite."""
    parser.addoption(
        "--regenerate-golden", action="store_true", help="write the golden tables again instead of comparing with them"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test without exactly one mark of the six, or without a sentence that says what it shows."""
    wrong = []
    for item in items:
        marks = {mark.name for mark in item.iter_markers()} & MARKS
        if len(marks) != 1:
            wrong.append(f"{item.nodeid}: {len(marks)} of the marks {', '.join(sorted(MARKS))}; one is wanted")
        if not (getattr(getattr(item, "obj", None), "__doc__", None) or "").strip():
            wrong.append(f"{item.nodeid}: no docstring")
    if wrong:
        raise pytest.UsageError("\n".join(sorted(set(wrong))))


@pytest.fixture(scope="session")
def regenerate_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden tables are to be written again."""
    return bool(request.config.getoption("--regenerate-golden"))


def quantity(value: float) -> Quantity:
    """A number that a test chose."""
    return Quantity((float(value),), "", "test", "variant")


@dataclass(frozen=True)
class Years:
    """A run year by year: figures by name, float64[strategies, T, n]; ledger lines by clause; drivers by name."""

    study: Study
    table: np.ndarray

    def __getitem__(self, name: str) -> np.ndarray:
        if name in L.YEAR:
            return self.table[:, L.YEAR[name]]
        if name in self.study.line_names:
            return self.table[:, len(L.YEARLY) + self.study.line_names.index(name)]
        return self.table[:, len(L.YEARLY) + len(self.study.line_names) + L.DRIVERS.index(name)]

    @property
    def ledger(self) -> np.ndarray:
        """float64[strategies, lines, T, n]."""
        return self.table[:, len(L.YEARLY) : len(L.YEARLY) + len(self.study.line_names)]


@dataclass(frozen=True)
class Bench:
    """Dudley's study, and short ways to change it and to run it."""

    study: Study

    def with_terms(self, **fields: Any) -> Bench:
        """with_terms(gain_loss_share__dead_band=0.0): the same study with fields of clauses changed."""
        contract = self.study.contract
        for name, value in fields.items():
            contract = contract.with_change(*name.split("__"), value)
        return self.with_contract(contract)

    def with_contract(self, contract: Contract) -> Bench:
        """The same study on another contract."""
        return Bench(self.study.with_contract(contract))

    def with_ending(self, **values: float) -> Bench:
        """The same study with numbers of the contract's ending changed."""
        new = {name: quantity(value) for name, value in values.items()}
        return self.with_contract(replace(self.study.contract, ending={**self.study.contract.ending, **new}))

    def with_place(self, **values: float) -> Bench:
        """with_place(policy__break_probability=0.0): the same study with parameters of the place changed."""
        new = {name.replace("__", "."): quantity(value) for name, value in values.items()}
        place = replace(self.study.place, parameters={**self.study.place.parameters, **new})
        return Bench(replace(self.study, place=place))

    def with_lever(self, lever: str, **values: float) -> Bench:
        """The same study with what a lever costs, or how it is found out, changed."""
        provider = self.study.provider
        changed = {**provider.levers[lever], **{name: quantity(value) for name, value in values.items()}}
        return Bench(self.study.with_provider(replace(provider, levers={**provider.levers, lever: changed})))

    def inputs(self, *strategies: Strategy) -> KernelInputs:
        """Kernel inputs under the calibrated law."""
        return self.study.kernel_inputs(self.study.scenarios[0], strategies)

    def outcomes(self, *strategies: Strategy, first: int = 1, n: int = 200) -> np.ndarray:
        """out[strategies, OUTCOMES, n]."""
        from stresstest.analysis.evaluate import simulate

        return simulate(self.inputs(*strategies), first, n)

    def years(self, *strategies: Strategy, first: int = 1, n: int = 64) -> Years:
        """The yearly table with every ledger line and every driver."""
        from stresstest.analysis.evaluate import simulate_years

        lines = len(self.study.line_names)
        return Years(self.study, simulate_years(self.inputs(*strategies), first, n, lines, drivers=True))

    def chunk(self, *strategies: Strategy, first: int = 0, n: int = 64) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(out, yearly, nature) as the runner gets them."""
        from stresstest.runner import simulate_chunk

        return simulate_chunk(self.inputs(*strategies), first, n, True)


@pytest.fixture(scope="session")
def dudley() -> Bench:
    """Dudley's £5.5bn contract as shipped."""
    return Bench(load_study("dudley"))


@pytest.fixture(scope="session")
def honest() -> Strategy:
    """Honest work on all three fronts."""
    return HONEST


@pytest.fixture(scope="session")
def gamed() -> Strategy:
    """The same honest work with every gaming lever pulled."""
    return GAMED
