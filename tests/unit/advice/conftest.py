"""A small real run that the analyses read: 2,000 futures of Dudley's contract, honest and gamed, and two named scenarios."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stresstest.advice.source import Source
from stresstest.config.load import load_study
from stresstest.runner import run_study
from stresstest.strategy import Strategy

HONEST = Strategy("honest", {"effort": 0.75, "prevention": 1.0, "efficiency": 0.5})
GAMED = Strategy("gamed", {**HONEST.levels, "list_inflation": 0.03, "upcoding": 0.08, "cost_shifting": 0.4})
FUTURES = 2000


def run_of(folder: Path, changes: tuple[str, ...] = (), futures: int = FUTURES, study: Any = None) -> Path:
    """The folder of a fresh small run, of a changed study where `study` is given."""
    base = study or load_study("dudley", (f"futures={futures}", "scenario_futures=300", *changes))
    small = replace(base, scenarios=base.scenarios[:3], years_futures=futures)
    return Path(run_study(small, (HONEST, GAMED), folder, jobs=2).folder)


@pytest.fixture(scope="session")
def make_run() -> Any:
    """run_of, for tests that need a run of their own."""
    return run_of


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder; read it, never write into it."""
    return run_of(tmp_path_factory.mktemp("advice"))


@pytest.fixture
def small_source(small_folder: Path) -> Source:
    """The run as analyses see it: honest strategy, calibrated law."""
    return Source.of(small_folder)
