"""The measures that a run may be asked to state to a given precision, each read from a run folder or from arrays.

Future 0 is the central case and belongs to none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from .. import layout as L
from .designs import Design
from .estimates import Wanted, estimate
from .moments import Estimate, Influence
from .probabilities import probabilities
from .stream import KEYS, Column, Parts, Piece, strategy_column

SURPLUS, EXPOSURE = "provider_surplus_npv_gbp", "commissioner_exposure_npv_gbp"
PUBLIC, HEALTH = "public_exposure_npv_gbp", "health_qaly_npv"
CAUSE = "exit_cause_code"
PROBABILITY, POUNDS, QALY = "probability", "GBP", "QALY"


@dataclass(frozen=True)
class Measure:
    """One number of a run: its name, what it is in words, unit, outcome column, and the statistic or the event wanted."""

    name: str
    words: str
    unit: str
    column: str
    wanted: Wanted | Influence

    def from_folder(self, folder: Path, scenario: str, strategy: str = "honest") -> Column:
        """The measure's column of a run folder, with the run's design. Errors: DataError when the folder is not a run."""
        parts, design = Parts.of(folder, "outcomes", scenario), Design.of(folder)
        if self.column == CAUSE:
            return cause_column(parts, strategy, design)
        return strategy_column(parts, self.column, strategy, None, design)

    def from_arrays(self, out: np.ndarray, weight: np.ndarray, group: np.ndarray, design: Design) -> Column:
        """The measure's column of out[OUTCOMES, n] with weight[n] and group[n], without future 0."""
        return Column.of(out[L.OUT[self.column]], weight, group, design)

    def estimate(self, column: Column) -> Estimate:
        """The measure of its column, under its own name."""
        if isinstance(self.wanted, Wanted):
            (found,) = estimate(column, [self.wanted])
        else:
            (found,) = probabilities(column, [self.wanted])
        return replace(found, statistic=self.name)


def cause_column(parts: Parts, strategy: str, design: Design) -> Column:
    """Number of the cause in layout.EXIT_CAUSES by which each future ends early; 0 for none."""
    numbers = {name: k for k, name in enumerate(L.EXIT_CAUSES)}

    def pieces() -> Iterator[Piece]:
        for part in parts.read([*KEYS, "exit_cause"]):
            chosen = part["strategy"].equal(strategy) & (part["future"] != 0)
            causes = part["exit_cause"].numbered(numbers)[chosen].astype(np.float64)
            yield Piece(causes, part["weight"][chosen], part["group"][chosen])

    return Column(pieces, design=design)


MEAN, MEDIAN = Wanted("mean"), Wanted("quantile", 0.5)
_REGISTER = (
    Measure("p_exit", "chance of an early end", PROBABILITY, CAUSE, lambda cause: cause > L.EXIT_NONE),
    Measure(
        "p_exit_losses", "chance that losses end it early", PROBABILITY, CAUSE,
        lambda cause: cause >= L.EXIT_FIRST_ADVERSE,
    ),
    Measure(
        "p_exit_policy", "chance that national policy ends it", PROBABILITY, CAUSE,
        lambda cause: cause == L.EXIT_POLICY,
    ),
    Measure("mean_surplus", "provider's mean surplus", POUNDS, SURPLUS, MEAN),
    Measure("median_surplus", "provider's surplus in the middle future", POUNDS, SURPLUS, MEDIAN),
    Measure(
        "p5_surplus", "provider's surplus that 1 future in 20 falls below", POUNDS, SURPLUS, Wanted("quantile", 0.05)
    ),
    Measure("p_surplus_negative", "chance that the provider loses", PROBABILITY, SURPLUS, lambda gbp: gbp < 0.0),
    Measure("mean_exposure", "commissioner's mean net exposure", POUNDS, EXPOSURE, MEAN),
    Measure("median_exposure", "commissioner's net exposure in the middle future", POUNDS, EXPOSURE, MEDIAN),
    Measure(
        "p95_exposure", "commissioner's net exposure that 1 future in 20 exceeds", POUNDS, EXPOSURE,
        Wanted("quantile", 0.95),
    ),
    Measure(
        "cte95_exposure", "commissioner's mean net exposure in the worst 5% of futures", POUNDS, EXPOSURE,
        Wanted("cte", 0.95),
    ),
    Measure(
        "cte99_exposure", "commissioner's mean net exposure in the worst 1% of futures", POUNDS, EXPOSURE,
        Wanted("cte", 0.99),
    ),
    Measure("mean_public_exposure", "mean exposure of all public bodies", POUNDS, PUBLIC, MEAN),
    Measure("mean_health", "mean health gained", QALY, HEALTH, MEAN),
)  # fmt: skip
#: The register, by name.
MEASURES: dict[str, Measure] = {measure.name: measure for measure in _REGISTER}


def of_folder(name: str, folder: Path, scenario: str, strategy: str = "honest") -> Estimate:
    """A registered measure of a run folder."""
    measure = MEASURES[name]
    return measure.estimate(measure.from_folder(folder, scenario, strategy))


def of_arrays(name: str, out: np.ndarray, weight: np.ndarray, group: np.ndarray, design: Design) -> Estimate:
    """A registered measure of out[OUTCOMES, n] with weight[n] and group[n], without future 0."""
    measure = MEASURES[name]
    return measure.estimate(measure.from_arrays(out, weight, group, design))
