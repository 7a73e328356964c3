"""A study small enough for tests of the runner: the numbers of a future follow from its number by plain arithmetic."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from stresstest import layout as L
from stresstest.futures.design import Design

YEARS = 4
LABELS = ("2018/19", "2019/20", "2020/21", "2021/22")


@dataclass(frozen=True)
class Scenario:
    """A named set of futures 0 … futures; `shift` moves every amount."""

    name: str
    futures: int
    shift: float = 0.0


@dataclass(frozen=True)
class Strategy:
    """A named strategy; `slant` moves every amount of it."""

    name: str
    slant: float
    intensities: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Inputs:
    """What the fake kernel needs. `bad` is a future that turns out NaN; `mark` a file that makes workers die once."""

    years: int
    strategies: np.ndarray
    shift: float
    bad: int = -1
    pause: float = 0.0
    mark: str = ""


HONEST = Strategy("honest", 0.0, {"effort": 0.5})
GAMED = Strategy("gamed", 1.0, {"effort": 0.5, "upcoding": (0.1, 0.2)})
STRATEGIES = (HONEST, GAMED)


@dataclass(frozen=True)
class FakeStudy:
    """Everything that the runner asks of a study."""

    scenarios: tuple = (Scenario("calibrated", 2500), Scenario("official-future", 700, 5.0))
    years_futures: int = 900
    seed: int = 7
    name: str = "Fake study"
    title: str = "A fake study"
    bad: int = -1
    pause: float = 0.0
    mark: str = ""
    inputs_hash: str = "ab12cd" + "0" * 58
    years: int = YEARS
    year_labels: tuple = LABELS
    data_hashes: dict = field(default_factory=lambda: {"places": "1" * 64})
    place: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(name="dudley"))
    contract: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(name="fake-contract"))
    design: Design = field(default_factory=Design)
    varying_weights: tuple = ()

    @property
    def futures(self) -> int:
        """Futures of the first scenario."""
        return self.scenarios[0].futures

    def preparation(self) -> dict:
        """What a pilot found: nothing."""
        return {}

    def effective_toml(self) -> str:
        """The configuration as TOML."""
        return f'name = "{self.name}"\n'

    def kernel_inputs(self, scenario, strategies) -> Inputs:
        """Arrays for the fake kernel."""
        slants = np.array([strategy.slant for strategy in strategies])
        return Inputs(self.years, slants, scenario.shift, self.bad, self.pause, self.mark)


def spread(numbers: np.ndarray, salt: int) -> np.ndarray:
    """A value between 0 and 1 for each future number and salt, by multiplication and shifts alone."""
    x = (numbers.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15 + 2 * salt)
    x ^= x >> np.uint64(29)
    x *= np.uint64(0xBF58476D1CE4E5B9)
    return ((x ^ (x >> np.uint64(32))) >> np.uint64(11)).astype(np.float64) / 2.0**53


def fake_chunk(inputs: Inputs, first: int, n: int, with_years: bool):
    """Outcomes, yearly table and nature of futures first … first + n − 1, which obey the invariants."""
    if inputs.pause and n > 1:
        time.sleep(inputs.pause)
    futures, strategies, years = np.arange(first, first + n), len(inputs.strategies), inputs.years
    out = np.empty((strategies, len(L.OUTCOMES), n))
    yearly = np.empty((strategies, len(L.YEARLY), years, n) if with_years else (strategies, 0, years, 0))
    tags = (np.ones(n), futures % 7, futures % 729, futures % 3)
    nature = np.array([*(spread(futures, 100 + k) for k in range(len(L.NATURE))), *tags], dtype=np.float64)
    for s, slant in enumerate(inputs.strategies):
        for k in range(len(L.OUTCOMES)):
            out[s, k] = 1e8 * (spread(futures, k) - 0.5 + 0.01 * (slant + inputs.shift))
        causes = slice(L.OUT["exposure_uplift_npv_gbp"], L.OUT["exposure_shifted_npv_gbp"] + 1)
        out[s, L.OUT["commissioner_exposure_npv_gbp"]] = out[s, causes].sum(axis=0)
        ended = spread(futures, 50 + s) < 0.2
        out[s, L.OUT["exit_year_index"]] = np.where(ended, futures % years, -1)
        out[s, L.OUT["exit_cause_code"]] = np.where(ended, 1 + futures % (len(L.EXIT_CAUSES) - 1), 0)
        if with_years:
            for k in range(len(L.YEARLY)):
                yearly[s, k] = [1e7 * (spread(futures, 1000 * t + k) + slant) for t in range(years)]
            yearly[s, L.YEAR["cumulative_surplus_gbp"]] = np.cumsum(yearly[s, L.YEAR["surplus_gbp"]], axis=0)
            yearly[s, L.YEAR["running"]] = futures % 5 > 0
    if first <= inputs.bad < first + n:
        out[-1, L.OUT["public_exposure_npv_gbp"], inputs.bad - first] = np.nan
    return out, yearly, nature


def dying_chunk(inputs: Inputs, first: int, n: int, with_years: bool):
    """As fake_chunk, but the worker that gets future 1000 is killed as long as the mark is not there."""
    mark = Path(inputs.mark)
    if first <= 1000 < first + n and n > 1 and not mark.exists():
        mark.write_text("died once")
        os.kill(os.getpid(), signal.SIGKILL)
    return fake_chunk(inputs, first, n, with_years)


def doomed_chunk(inputs: Inputs, first: int, n: int, with_years: bool):
    """As fake_chunk, but whoever gets future 1000 is killed, every time."""
    if first <= 1000 < first + n and n > 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return fake_chunk(inputs, first, n, with_years)
