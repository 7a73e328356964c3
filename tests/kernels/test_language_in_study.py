"""A study settles as its words say: the clauses inside the simulation against the plain slow reference."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import numpy as np
import pytest

from reference.language import settle as settle_by_words
from stresstest import layout as L
from stresstest.analysis.evaluate import simulate_years
from stresstest.config.contracts import load_raw, read_contract
from stresstest.config.folders import config_folder
from stresstest.config.load import load_study
from stresstest.config.section import merge
from stresstest.strategy import Strategy
from stresstest.terms import STANDARD

pytestmark = pytest.mark.kernel
FUTURES = 80
CLAUSES = Path(__file__).resolve().parents[1] / "reference" / "study_clauses.toml"


@pytest.fixture(scope="module")
def lived() -> tuple:
    """The study on the long contract, and every line and driver of its futures, year by year."""
    study = load_study("dudley")
    configs = config_folder()
    raw = merge(load_raw(configs / "contracts" / "dudley-5.5bn.toml", configs), tomllib.loads(CLAUSES.read_text()))
    contract, _ = read_contract(raw, CLAUSES, "long", study.place, configs)
    study = study.with_contract(contract)
    inputs = study.kernel_inputs(study.scenarios[0], (Strategy("honest", {"effort": 1.0, "efficiency": 1.0}),))
    return study, simulate_years(inputs, 1, FUTURES, len(study.line_names), drivers=True)[0]


def by_words(study, drivers: np.ndarray, future: int) -> list:
    """The future's record, as a table would give it, through the slow reference."""
    indicators = {f"indicator.{i.name}": L.RECORD_INDICATOR + k for k, i in enumerate(study.place.indicators)}
    given = {q.name: q.driver for q in STANDARD if not q.paid} | indicators
    years = []
    for t in range(study.years):
        year = {name: float(drivers[row, t, future]) for name, row in given.items()}
        inputs = {e.name: e for e in study.contract.inputs}
        year["beds"], year["acute"] = inputs["beds"].value.at(t), year["acute_actual"]
        years.append(year)
    return settle_by_words(study.contract, years)


def test_a_long_contract_settles_in_a_study_as_its_words_say(lived: tuple) -> None:
    """Every line of every year in service, 26 clauses between eight parties, agrees with the reference to 1e-9."""
    study, yearly = lived
    names = [term.id for term in study.contract.terms]
    assert len(names) >= 24
    assert len(study.contract.parties_at_work) >= 5
    lines = yearly[len(L.YEARLY) : len(L.YEARLY) + len(names)]
    drivers = yearly[len(L.YEARLY) + len(study.line_names) :]
    moved = dict.fromkeys(names, 0.0)
    for future in range(FUTURES):
        for t, year in enumerate(by_words(study, drivers, future)):
            if yearly[L.YEAR["running"], t, future] == 1.0:
                for k, name in enumerate(names):
                    expected = year.amounts.get(name, 0.0)
                    assert math.isclose(lines[k, t, future], expected, rel_tol=1e-9, abs_tol=1e-6), (future, t, name)
                    moved[name] += abs(expected)
    idle = {name for name, total in moved.items() if total == 0.0}
    assert idle <= {term.id for term in study.contract.terms if not term.kind.moves} | {"prevention_floor"}


def test_nothing_moves_after_the_provider_has_left(lived: tuple) -> None:
    """From the year after the last year of service on, no clause pays anything."""
    study, yearly = lived
    count = len(study.contract.terms)
    gone = yearly[L.YEAR["running"]] == 0.0
    assert gone.any()
    assert not yearly[len(L.YEARLY) : len(L.YEARLY) + count][:, gone].any()
