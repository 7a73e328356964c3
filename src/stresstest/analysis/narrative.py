"""What one future held, as numbers to tell: averages, extremes, years, and how unusual each is under the calibrated law.

Ranks compare the future with reference futures of the calibrated law under the same strategy and contract: the share of
them that lie below, and the share above. report/narrative.py puts this into sentences.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import layout as L
from ..drivers.cost import INFLATION_P, PANDEMIC_P, WINTER_P
from ..futures.axes import TODAY
from ..futures.design import RANDOM_DESIGN
from ..futures.plan import VERIFY_FIRST
from ..futures.scenario import Scenario
from ..strategy import Strategy
from ..study import Study
from .draws import Draws, draw
from .evaluate import simulate_with_nature

REFERENCE_FUTURES = 4096
STILL = 0.0005  # growth within this of 0 is said to stand still
FROM_NATURE = ("opening_gap", "omitted_item", "start_delay", "starts", "realised_scope")


@dataclass(frozen=True)
class Told:
    """One future in numbers.

    `axes` float64[T, AXES]; `labels` of the years; `today` and `anchors` (low, middle, high) by axis; `values` by name;
    `below` and `above`: the shares of the reference futures under and over each value; `years`: by kind of event, the
    years (from 0) in which it came; `outcomes` by name; `reference` futures compared with.
    """

    future: int
    labels: tuple[str, ...]
    axes: np.ndarray
    today: dict[str, float]
    anchors: dict[str, tuple[float, float, float]]
    values: dict[str, float]
    below: dict[str, float]
    above: dict[str, float]
    years: dict[str, tuple[int, ...]]
    outcomes: dict[str, float]
    reference: int

    def axis(self, name: str) -> np.ndarray:
        """The values of an axis by year, float64[T]."""
        return self.axes[:, L.AXES.index(name)]

    def unusual(self, *names: str) -> float:
        """How unusual the most unusual of these values is: 0 in the middle of the reference futures, 1 outside them all."""
        return max(abs(self.below[name] - self.above[name]) for name in names)

    def level(self, axis: str, value: float) -> int:
        """Number (0 low, 1 middle, 2 high) of the scenario work's level that is nearest to a value of an axis."""
        return int(np.argmin([abs(anchor - value) for anchor in self.anchors[axis]]))

    def levels(self, axis: str) -> np.ndarray:
        """The nearest level of every year, int64[T]."""
        return np.array([self.level(axis, value) for value in self.axis(axis)])


def events(draws: Draws, p: np.ndarray) -> dict[str, np.ndarray]:
    """Years of falling output, inflation surprises, pandemics and hard winters outside pandemics, bool[T, n] by name.

    An inflation surprise counts from the second year on: before, the opening price knows it.
    """
    inflation = draws.noise[:, L.NOISE_INFLATION] < p[INFLATION_P]
    inflation[0] = False
    pandemic = draws.noise[:, L.NOISE_PANDEMIC] < p[PANDEMIC_P]
    return {
        "falls": draws.axes[:, L.ECONOMY] < 0.0, "inflation": inflation, "pandemic": pandemic,
        "winter": (draws.noise[:, L.NOISE_WINTER] < p[WINTER_P]) & ~pandemic,
    }  # fmt: skip


def figures(draws: Draws, p: np.ndarray, out: np.ndarray, nature: np.ndarray) -> dict[str, np.ndarray]:
    """What is told of futures, float64[n] by name; out[OUTCOMES, n], nature[NATURE + TAGS, n]."""
    found: dict[str, np.ndarray] = {}
    for a, axis in enumerate(L.AXES):
        found |= {f"{axis}_mean": draws.axes[:, a].mean(axis=0), f"{axis}_end": draws.axes[-1, a]}
    found |= {"economy_worst": draws.axes[:, L.ECONOMY].min(axis=0), "vacancy_peak": draws.axes[:, L.WORKFORCE].max(axis=0)}
    found |= {f"{name}_years": hits.sum(axis=0).astype(float) for name, hits in events(draws, p).items()}
    found |= {name: nature[L.NATURE.index(name)] for name in FROM_NATURE}
    return found | {name: out[k] for k, name in enumerate(L.OUTCOMES)}


@dataclass(frozen=True)
class Reference:
    """What futures are ranked among: figures by name, float64[n], and how many futures they are."""

    figures: dict[str, np.ndarray]
    futures: int


def reference_futures(study: Study, strategy: Strategy, futures: int = REFERENCE_FUTURES) -> Reference:
    """Futures of the calibrated law under a strategy, to rank others among."""
    law = Scenario("calibrated", "Calibrated joint law", futures)
    drawn = draw(study, law, VERIFY_FIRST, futures)
    out, nature = simulate_with_nature(study.kernel_inputs(law, (strategy,), RANDOM_DESIGN), VERIFY_FIRST, futures)
    return Reference(figures(drawn, study.parameter_vector(), out[0], nature), futures)


def tell(
    study: Study, scenario: Scenario, strategy: Strategy, future: int, reference: int | Reference = REFERENCE_FUTURES
) -> Told:  # fmt: skip
    """One future of a scenario under a strategy, ranked among `reference` futures of the calibrated law, or among those given."""
    p = study.parameter_vector()
    own = draw(study, scenario, future, 1)
    out, nature = simulate_with_nature(study.kernel_inputs(scenario, (strategy,)), future, 1)
    values = {name: float(value[0]) for name, value in figures(own, p, out[0], nature).items()}
    among = reference if isinstance(reference, Reference) else reference_futures(study, strategy, reference)
    others, table, anchors = among.figures, study.law.table, study.law.anchors
    return Told(
        future, study.year_labels, own.axes[:, :, 0],
        {axis: float(table[a, TODAY]) for a, axis in enumerate(L.AXES)},
        {axis: (float(anchors[a, 0]), float(anchors[a, 1]), float(anchors[a, 2])) for a, axis in enumerate(L.AXES)},
        values,
        {name: float(np.mean(others[name] < value)) for name, value in values.items()},
        {name: float(np.mean(others[name] > value)) for name, value in values.items()},
        {name: tuple(int(t) for t in np.flatnonzero(hits[:, 0])) for name, hits in events(own, p).items()},
        {name: float(out[0, k, 0]) for k, name in enumerate(L.OUTCOMES)},
        among.futures,
    )  # fmt: skip
