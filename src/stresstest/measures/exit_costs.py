"""What an early end costs the commissioner, by the last year of service and by cause.

Cost is the exposure by step-in: care after the provider has left less the agreed budget, and letting the contract again, in
present value over the rest of the term. Means and percentiles are of the contracts that end in that year by that cause,
chances of all futures. A year's end is the end of service: notice has been given before. Weights and errors are those of the
run's design: where groups of futures stand together, a future that ends otherwise stays in its group with no weight.
`exits` counts the futures that end so: below LEAST_MEAN of them no error is told, and below LEAST_TAIL no 95th percentile,
for so few say nothing of either.

Most of this cost is not made by leaving: the same care would cost more than the agreed budget whoever gave it, and while the
provider stays its owners bear some of that. What leaving itself adds is for the advice to say: the risk "stepping in costs
more" of the register, and the playbook's contract that nobody leaves.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .. import layout as L
from ..study import Study
from .designs import Design
from .estimates import Wanted, estimate
from .moments import Estimate, Influence
from .probabilities import probabilities
from .stream import GATHER, KEYS, Column, Parts, Piece, strategy_column
from .summary import end_column
from .tallies import CELLS

STEP_IN = "exposure_step_in_npv_gbp"
LOSSES, POLICY, ALL = "losses", "policy", "all"
CAUSES = {LOSSES: tuple(range(L.EXIT_FIRST_ADVERSE, len(L.EXIT_CAUSES))), POLICY: (L.EXIT_POLICY,)}
CAUSES[ALL] = CAUSES[LOSSES] + CAUSES[POLICY]
#: Fewest ends from which the error of a mean or a median, and a 95th percentile, are told.
LEAST_MEAN, LEAST_TAIL = 30, 100
WANTED = (Wanted("mean"), Wanted("quantile", 0.5), Wanted("quantile", 0.95))
Row = dict[str, Any]


def exit_cost_rows(folder: Path, study: Study, strategies: list[str]) -> list[Row]:
    """One row for each scenario, strategy, year ("" for all) and cause (losses, policy, all)."""
    labels = list(study.year_labels)
    return [
        row for scenario in study.scenarios for strategy in strategies
        for row in _rows(folder, scenario.name, strategy, labels)
    ]  # fmt: skip


def _rows(folder: Path, scenario: str, strategy: str, labels: list[str]) -> Iterator[Row]:
    design = Design.of(folder)
    parts = Parts.of(folder, "outcomes", scenario).hold([*KEYS, "exit_year", "exit_cause", STEP_IN])
    wanted = [(cause, year) for year in (*range(len(labels)), -1) for cause in CAUSES]
    ends = end_column(parts, strategy, labels, design).held()
    chances = dict(zip(wanted, probabilities(ends, [_ending(*one) for one in wanted]), strict=True))
    exits = {one: _count(ends, _ending(*one)) for one in wanted}
    lives = Lives(parts, strategy, labels, design)
    columns = {**dict(_by_year(lives, ends)), **{(cause, -1): lives.column(_ending(cause, -1)) for cause in CAUSES}}
    for (cause, year), chance in chances.items():
        yield {
            "scenario": scenario, "strategy": strategy, "year": labels[year] if year >= 0 else "", "cause": cause,
            "probability": chance.value, "probability_error": chance.error, "probability_low": chance.low,
            "probability_high": chance.high, "exits": exits[cause, year],
            **_cost(columns[cause, year] if chance.value > 0.0 else None, exits[cause, year]),
        }  # fmt: skip


def _count(ends: Column, ended: Influence) -> int:
    """How many futures of any weight end so."""
    return sum(int(np.count_nonzero(ended(piece.values) & (piece.weights > 0.0))) for piece in ends)


def _ending(cause: str, year: int) -> Influence:
    """Whether an end (see end_column) is by this cause and in this year of service, or in any year for −1."""
    count = len(L.EXIT_CAUSES)
    numbers = np.array(CAUSES[cause])

    def ended(ends: np.ndarray) -> np.ndarray:
        chosen = (ends >= 0.0) & np.isin(ends % count, numbers)
        return chosen if year < 0 else chosen & (ends // count == year)

    return ended


@dataclass(frozen=True)
class Lives:
    """The futures of a strategy: what step-in costs (£) and how each ends."""

    parts: Parts
    strategy: str
    labels: list[str]
    design: Design

    def read(self) -> Iterator[tuple[Piece, np.ndarray]]:
        """Costs with weights and groups, and ends as end_column has them, part by part."""
        costs = strategy_column(self.parts, STEP_IN, self.strategy, None, self.design)
        ends = end_column(self.parts, self.strategy, self.labels, self.design)
        for cost, end in zip(costs, ends, strict=True):
            yield cost, end.values

    def column(self, ended: Influence) -> Column:
        """Costs of the futures that end so. In cells the others stay without weight, for a cell's size is part of its error."""

        def pieces() -> Iterator[Piece]:
            for cost, ends in self.read():
                here = ended(ends)
                yield cost._replace(weights=np.where(here, cost.weights, 0.0)) if self.cells else cost.cut(here)

        return Column(pieces, design=self.design)

    @property
    def cells(self) -> bool:
        """Whether errors are found cell by cell."""
        return self.design.units == CELLS


def _by_year(lives: Lives, ends: Column) -> Iterator[tuple[tuple[str, int], Column]]:
    """The costs of every cause and year: gathered for as many years in one reading as GATHER futures end in."""
    years = range(len(lives.labels))
    if lives.cells:
        yield from (((cause, year), lives.column(_ending(cause, year))) for year in years for cause in CAUSES)
        return
    counts = np.zeros(len(lives.labels), dtype=np.int64)
    for piece in ends:
        counts += np.bincount((piece.values[piece.values >= 0.0] // len(L.EXIT_CAUSES)).astype(np.int64), minlength=counts.size)
    for batch in _batches(counts):
        held = [
            (cost.cut(here), found[here])
            for cost, found in lives.read() for here in [np.isin(found // len(L.EXIT_CAUSES), batch) & (found >= 0.0)]
        ]  # fmt: skip
        cost, found = Piece(*map(np.concatenate, zip(*(c for c, _ in held), strict=True))), np.concatenate([f for _, f in held])
        for year in batch:
            for cause in CAUSES:
                yield (cause, year), Column.of(*cost.cut(_ending(cause, year)(found)), lives.design)


def _batches(counts: np.ndarray) -> Iterator[list[int]]:
    """Years in order, as many at a time as have GATHER futures together, and one at least."""
    batch: list[int] = []
    for year, count in enumerate(counts.tolist()):
        if batch and counts[batch].sum() + count > GATHER:
            yield batch
            batch = []
        batch.append(year)
    yield batch


def _cost(column: Column | None, exits: int) -> Row:
    """Mean, median and 95th percentile of a cost in £, each with its error and interval; nothing where too few end so."""
    found = estimate(column, WANTED) if column is not None else [Estimate("", math.nan, math.nan)] * len(WANTED)
    return {
        f"step_in_{stem}{part}_gbp".replace("__", "_"): None if math.isnan(value) or exits < _least(stem, part) else value
        for stem, one in zip(("", "median_", "p95_"), found, strict=True)
        for part, value in (
            ("mean" if not stem else "", one.value), ("error", one.error), ("low", one.low), ("high", one.high),
        )
    }  # fmt: skip


def _least(stem: str, part: str) -> int:
    """Fewest ends from which a part of a statistic is told: a mean or a median itself from one."""
    if stem == "p95_":
        return LEAST_TAIL
    return LEAST_MEAN if part in ("error", "low", "high") else 1
