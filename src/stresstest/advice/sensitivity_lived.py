"""How the parts of this analysis live futures: fresh ones on which nothing was chosen, the same for every variant."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from .. import layout as L
from ..analysis.draws import draw
from ..analysis.evaluate import EXPOSURE, SURPLUS
from ..futures.design import RANDOM_DESIGN
from ..futures.plan import VERIFY_FIRST
from ..futures.scenario import Scenario
from ..strategy import Strategy
from ..study import Study
from .source import live

MEASURES = ("walks_away_probability", "exposure_gbp", "surplus_gbp")
EXIT_CAUSE = L.OUT["exit_cause_code"]
T = TypeVar("T")
V = TypeVar("V")


def error_name(name: str) -> str:
    """The column of a figure's standard error: exposure_gbp → exposure_error_gbp, else NAME_error."""
    return f"{name.removesuffix('_gbp')}_error_gbp" if name.endswith("_gbp") else f"{name}_error"


def outcomes_of(study: Study, scenario: Scenario, strategy: Strategy, n: int) -> np.ndarray:
    """out[OUTCOMES, n] of futures VERIFY_FIRST on, on the calling thread."""
    return live(study.kernel_inputs(scenario, (strategy,), RANDOM_DESIGN), VERIFY_FIRST, n, 1)[0]


def weights_of(study: Study, scenario: Scenario, n: int) -> np.ndarray:
    """Weights of the same futures, with mean 1: consistency factors are all that moves them."""
    if not scenario.consistency:
        return np.ones(n)
    weight = draw(study, scenario, VERIFY_FIRST, n).weight
    return np.asarray(weight / weight.mean())


def measures_of(out: np.ndarray) -> np.ndarray:
    """[MEASURES, n]: ended by losses, net exposure, surplus."""
    return np.array([out[EXIT_CAUSE] >= L.EXIT_FIRST_ADVERSE, out[EXPOSURE], out[SURPLUS]], dtype=np.float64)


@dataclass(frozen=True)
class Mean:
    """Weighted means [k] of columns and each future's influence on them [k, n]; differences are paired."""

    values: np.ndarray
    influence: np.ndarray

    @staticmethod
    def of(columns: np.ndarray, weight: np.ndarray) -> Mean:
        """Means of columns[k, n] with weights of mean 1."""
        values = columns @ weight / weight.size
        return Mean(values, weight * (columns - values[:, None]))

    @property
    def errors(self) -> np.ndarray:
        """Standard errors of the means."""
        n = self.influence.shape[1]
        return np.asarray(self.influence.std(axis=1, ddof=1) / np.sqrt(n))

    def __sub__(self, other: Mean) -> Mean:
        return Mean(self.values - other.values, self.influence - other.influence)


def told(names: Iterable[str], mean: Mean, prefix: str = "") -> dict[str, Any]:
    """Columns of figures with their errors."""
    row: dict[str, Any] = {}
    for name, value, error in zip(names, mean.values, mean.errors, strict=True):
        row |= {f"{prefix}{name}": float(value), error_name(f"{prefix}{name}"): float(error)}
    return row


def shared_out(work: Callable[[V], T], items: Iterable[V], jobs: int) -> list[T]:
    """work(item) for every item on `jobs` threads, in order."""
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        return list(pool.map(work, items))
