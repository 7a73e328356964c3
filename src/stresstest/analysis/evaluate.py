"""Strategies on the same futures: the one way in which analyses call the kernel.

Common random numbers throughout: every strategy of a call lives the same futures, so differences are the strategies'.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache

import numpy as np

from .. import layout as L
from ..drivers.parameters import slot
from ..futures.design import RANDOM_DESIGN
from ..futures.plan import SEARCH_FIRST
from ..futures.scenario import Scenario
from ..kernel.project import project
from ..strategy import Strategy
from ..study import KernelInputs, Study

SURPLUS, EXPOSURE = L.OUT["provider_surplus_npv_gbp"], L.OUT["commissioner_exposure_npv_gbp"]
PUBLIC, HEALTH = L.OUT["public_exposure_npv_gbp"], L.OUT["health_qaly_npv"]
ALTRUISM, QALY_VALUE = slot("provider.motive.altruism"), slot("provider.motive.value_of_qaly")


def simulate(inputs: KernelInputs, first: int, n: int, lines: int = 0) -> np.ndarray:
    """out[strategies, OUTCOMES + lines, n] for futures first … first + n − 1, on the calling thread.

    With `lines` the present values of that many ledger lines follow the outcomes.
    """
    count = len(inputs.strategies)
    out = np.zeros((count, len(L.OUTCOMES) + lines, n))
    yearly, nature = np.zeros((count, 0, 0, 0)), np.zeros((len(L.NATURE) + len(L.TAGS), n))
    project(
        first, n, inputs.years, inputs.dimensions, inputs.design, inputs.law, inputs.world, inputs.deal, inputs.strategies,
        inputs.lever_rows, inputs.lever_keys, inputs.goals, inputs.edges, out, yearly, nature,
    )  # fmt: skip
    return out


def simulate_with_nature(inputs: KernelInputs, first: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    """(out[strategies, OUTCOMES, n], nature[NATURE + TAGS, n]) of futures first … first + n − 1."""
    count = len(inputs.strategies)
    out, yearly = np.zeros((count, len(L.OUTCOMES), n)), np.zeros((count, 0, 0, 0))
    nature = np.zeros((len(L.NATURE) + len(L.TAGS), n))
    project(
        first, n, inputs.years, inputs.dimensions, inputs.design, inputs.law, inputs.world, inputs.deal, inputs.strategies,
        inputs.lever_rows, inputs.lever_keys, inputs.goals, inputs.edges, out, yearly, nature,
    )  # fmt: skip
    return out, nature


def simulate_years(inputs: KernelInputs, first: int, n: int, lines: int, drivers: bool = False) -> np.ndarray:
    """yearly[strategies, YEARLY + lines (+ DRIVERS), T, n]: the yearly table, every ledger line, and all drivers if asked."""
    count = len(inputs.strategies)
    out = np.zeros((count, len(L.OUTCOMES), n))
    width = len(L.YEARLY) + lines + (len(L.DRIVERS) if drivers else 0)
    yearly, nature = np.zeros((count, width, inputs.years, n)), np.zeros((len(L.NATURE) + len(L.TAGS), n))
    project(
        first, n, inputs.years, inputs.dimensions, inputs.design, inputs.law, inputs.world, inputs.deal, inputs.strategies,
        inputs.lever_rows, inputs.lever_keys, inputs.goals, inputs.edges, out, yearly, nature,
    )  # fmt: skip
    return yearly


@cache
def _threads(count: int) -> ThreadPoolExecutor:
    """So many threads that stay: a search asks for them thousands of times. What they run must not ask for them itself."""
    return ThreadPoolExecutor(count, thread_name_prefix="arena")


if hasattr(os, "register_at_fork"):  # a forked process has none of its parent's threads
    os.register_at_fork(after_in_child=_threads.cache_clear)


class Arena:
    """A study and a set of futures on which strategies are tried. `jobs` threads share the strategies."""

    def __init__(self, study: Study, scenario: Scenario, first: int, n: int, jobs: int = 2) -> None:
        self.study, self.scenario, self.first, self.n, self.jobs = study, scenario, first, n, max(1, jobs)
        self.inputs = study.kernel_inputs(scenario, (), RANDOM_DESIGN if first >= SEARCH_FIRST else None)
        self.evaluations = 0

    def outcomes(self, strategies: list[Strategy], lines: int = 0) -> np.ndarray:
        """out[strategies, OUTCOMES + lines, n]; the result does not depend on `jobs`."""
        tables = np.array([strategy.table(self.study.years) for strategy in strategies])
        parts = [part for part in np.array_split(tables, min(self.jobs, len(tables))) if len(part)]
        self.evaluations += len(tables) * self.n
        if len(parts) == 1:
            return simulate(replace(self.inputs, strategies=tables), self.first, self.n, lines)
        done = _threads(len(parts)).map(
            lambda part: simulate(replace(self.inputs, strategies=part), self.first, self.n, lines), parts
        )
        return np.concatenate(list(done))

    def aim(self, out: np.ndarray) -> np.ndarray:
        """What the provider wants, by strategy and future: surplus + altruism · value of a QALY · health."""
        p = self.inputs.world[0]
        return out[:, SURPLUS] + p[ALTRUISM] * p[QALY_VALUE] * out[:, HEALTH]

    def mean_aim(self, strategies: list[Strategy], batch: int = 64) -> np.ndarray:
        """Mean aim of each strategy over the futures, float64[strategies]; memory is bounded by `batch`."""
        means = [
            self.aim(self.outcomes(strategies[k : k + batch])).mean(axis=1) for k in range(0, len(strategies), batch)
        ]
        return np.concatenate(means)
