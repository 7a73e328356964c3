"""The summary tables of a run: long form, one statistic a row, each with its error, 95% interval and unit.

Rows: scenario, strategy, party, metric, year, statistic, value, error, low, high, unit, method. The strategy "gamed - honest"
is the paired difference in the same futures. Quantiles are taken last, of each future's own number; nothing here adds
quantiles. Futures count by their weight, and errors are those of the run's sampling design (designs.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from ..layout import EXIT_CAUSES
from .designs import Design
from .estimates import describe, exceedance, fan
from .moments import Estimate, Influence
from .probabilities import probabilities
from .stream import KEYS, Column, Parts, Piece, strategy_column

EXPOSURES = ("uplift", "improvement", "gain_share", "rescue", "step_in", "shifted")
METRICS: tuple[tuple[str, str, str, bool, str], ...] = (
    ("provider", "surplus_npv", "provider_surplus_npv_gbp", False, "GBP"),
    ("commissioner", "exposure_npv", "commissioner_exposure_npv_gbp", True, "GBP"),
    ("commissioner", "exposure_gross_npv", "commissioner_exposure_gross_npv_gbp", True, "GBP"),
    *(("commissioner", f"exposure_{name}_npv", f"exposure_{name}_npv_gbp", True, "GBP") for name in EXPOSURES),
    ("public", "exposure_npv", "public_exposure_npv_gbp", True, "GBP"),
    ("hospital", "exposure_npv", "hospital_exposure_npv_gbp", True, "GBP"),
    ("council", "exposure_npv", "council_exposure_npv_gbp", True, "GBP"),
    ("residents", "health_qaly_npv", "health_qaly_npv", False, "QALY"),
)
YEARLY: tuple[tuple[str, str, str, str], ...] = (
    ("provider", "cumulative_surplus", "cumulative_surplus_gbp", "GBP"),
    ("commissioner", "exposure_yearly", "commissioner_exposure_gbp", "GBP"),
    ("contract", "reported_score", "reported_score", "share"),
    ("contract", "true_score", "true_score", "share"),
)
DIFFERENCE = "gamed - honest"
EXPOSURE = "commissioner_exposure_npv_gbp"
POLICY = EXIT_CAUSES.index("policy break")
Row = dict[str, Any]


def _row(scenario: str, strategy: str, party: str, metric: str, year: str, found: Estimate, unit: str) -> Row:
    return {
        "scenario": scenario, "strategy": strategy, "party": party, "metric": metric, "year": year,
        "statistic": found.statistic, "value": float(found.value), "error": float(found.error),
        "low": float(found.low), "high": float(found.high), "unit": unit, "method": found.method,
    }  # fmt: skip


def outcome_rows(folder: Path, scenario: str, strategies: list[str]) -> Iterator[Row]:
    """Distributions of present values, for each strategy and for the paired difference from the honest one."""
    parts = Parts.of(folder, "outcomes", scenario).hold([*KEYS, *(column for _, _, column, _, _ in METRICS)])
    design = Design.of(folder)
    pairs: list[tuple[str, str, str | None]] = [(name, name, None) for name in strategies]
    pairs += [
        (f"{name} - honest", name, "honest") for name in strategies if name != "honest" and "honest" in strategies
    ]
    for party, metric, column, high_is_bad, unit in METRICS:
        for label, strategy, minus in pairs:
            for e in describe(strategy_column(parts, column, strategy, minus, design), high_is_bad):
                own = "probability" if e.statistic == "probability_negative" else unit
                yield _row(scenario, label, party, metric, "", e, own)


def exit_rows(folder: Path, scenario: str, strategy: str, labels: list[str]) -> Iterator[Row]:
    """Probability of an early end by year and cause. Yearly probabilities are cumulative.

    exit: any early end; exit_policy: national policy ended it; exit_losses: everything else, that is, losses.
    """
    column = end_column(Parts.of(folder, "outcomes", scenario), strategy, labels, Design.of(folder)).held()
    weights = _weights_by_end(column, len(labels))
    heavy = weights.sum(axis=0).tolist()
    causes = sorted((c for c, w in enumerate(heavy) if w > 0.0), key=lambda c: (-heavy[c], EXIT_CAUSES[c]))
    kinds = {"exit": causes, "exit_policy": [POLICY], "exit_losses": [c for c in causes if c != POLICY]}
    wanted: list[tuple[str, str, Influence]] = [
        (kind, label, _ended(chosen, min(year, len(labels) - 1))) for kind, chosen in kinds.items()
        for year, label in enumerate([*labels, ""])
    ]  # fmt: skip
    wanted.append(("ran_its_term", "", lambda ends: ends < 0.0))
    wanted += [(f"exit_cause:{EXIT_CAUSES[c]}", "", _ended([c], len(labels) - 1)) for c in causes]
    found = probabilities(column, [event for _, _, event in wanted])
    for (metric, label, _), e in zip(wanted, found, strict=True):
        yield _row(scenario, strategy, "contract", metric, label, e, "probability")


def end_column(parts: Parts, strategy: str, labels: list[str], design: Design) -> Column:
    """How each future ends: number of causes · (number of its last year of service) + number of its cause; −1 if not early."""
    years = {"": -1, **{label: k for k, label in enumerate(labels)}}
    causes = {name: k for k, name in enumerate(EXIT_CAUSES)}

    def pieces() -> Iterator[Piece]:
        for part in parts.read([*KEYS, "exit_year", "exit_cause"]):
            chosen = part["strategy"].equal(strategy) & (part["future"] != 0)
            year, cause = part["exit_year"].numbered(years)[chosen], part["exit_cause"].numbered(causes)[chosen]
            ends = np.where(cause == 0, -1.0, len(EXIT_CAUSES) * year + cause)
            yield Piece(ends, part["weight"][chosen], part["group"][chosen])

    return Column(pieces, design=design)


def _weights_by_end(column: Column, years: int) -> np.ndarray:
    """Weight of the futures that end early, by last year of service and cause."""
    found = np.zeros(years * len(EXIT_CAUSES))
    for ends, weights, _ in column:
        early = ends >= 0.0
        found += np.bincount(ends[early].astype(np.int64), weights[early], found.size)
    return found.reshape(years, len(EXIT_CAUSES))


def _ended(causes: list[int], year: int) -> Influence:
    """Whether an end comes from one of the causes, in this year of service or before."""
    early = np.zeros((year + 1, len(EXIT_CAUSES)), dtype=bool)
    early[:, causes] = True
    flat = early.ravel()
    return lambda ends: (ends >= 0.0) & (ends < flat.size) & flat[np.clip(ends, 0, flat.size - 1).astype(np.int64)]


class Years:
    """The yearly table cut by strategy and year, future 0 left out. Few futures keep years, so a column is held whole.

    Rows of one strategy and year stand together, in the order of their futures, which are the same in every year.
    """

    def __init__(self, folder: Path, scenario: str) -> None:
        self.parts, self.design = Parts.of(folder, "years", scenario), Design.of(folder)
        self.cuts: list[list[tuple[tuple[str, str], slice]]] = []
        frames: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
        self.keys: dict[tuple[str, str], None] = {}
        for part in self.parts.read([*KEYS, "year"]):
            self.cuts.append(list(_runs(part)))
            self.keys.update(dict.fromkeys(key for key, _ in self.cuts[-1]))
            for (strategy, year), rows in self.cuts[-1]:
                if year == next(iter(self.keys))[1]:
                    frames.setdefault(strategy, []).append((part["weight"][rows].copy(), part["group"][rows].copy()))
        self.frames = {
            strategy: (np.concatenate([w for w, _ in held]), np.concatenate([g for _, g in held]))
            for strategy, held in frames.items()
        }

    def columns(self, name: str) -> Iterator[tuple[str, str, Column]]:
        """(strategy, year, column) in the order of the rows."""
        found: dict[tuple[str, str], list[np.ndarray]] = {key: [] for key in self.keys}
        for cuts, part in zip(self.cuts, self.parts.read([name]), strict=True):
            for key, rows in cuts:
                found[key].append(part[name][rows])
        for strategy, year in self.keys:
            values = np.concatenate(found.pop((strategy, year)))
            if values.size:
                yield strategy, year, Column.of(values, *self.frames[strategy], self.design)


def _runs(part: dict[str, Any]) -> Iterator[tuple[tuple[str, str], slice]]:
    """Stretches of rows of one strategy and year, future 0 left out."""
    strategy, year = part["strategy"], part["year"]
    change = (np.diff(strategy.codes) != 0) | (np.diff(year.codes) != 0)
    starts = [0, *(np.flatnonzero(change) + 1).tolist(), year.codes.size]
    for start, stop in pairwise(starts):
        key = strategy.words[strategy.codes[start]], year.words[year.codes[start]]
        yield key, slice(start + int(part["future"][start] == 0), stop)


def yearly_rows(folder: Path, scenario: str) -> Iterator[Row]:
    """Yearly fans from the futures whose yearly rows were kept."""
    years = Years(folder, scenario)
    for party, metric, name, unit in YEARLY:
        for strategy, label, column in years.columns(name):
            for e in fan(column):
                yield _row(scenario, strategy, party, metric, label, e, unit)
    for strategy, label, column in years.columns("running"):
        (e,) = probabilities(column, [lambda running: running > 0.5])
        yield _row(scenario, strategy, "contract", "running", label, e, "probability")


def summary_rows(folder: Path, scenarios: list[str], strategies: list[str], labels: list[str]) -> Iterator[Row]:
    """All rows of the summary table."""
    for scenario in scenarios:
        yield from outcome_rows(folder, scenario, strategies)
        yearly = list(yearly_rows(folder, scenario))
        for strategy in strategies:
            yield from exit_rows(folder, scenario, strategy, labels)
            yield from (row for row in yearly if row["strategy"] == strategy)


def exceedance_rows(folder: Path, scenario: str, strategies: list[str]) -> Iterator[Row]:
    """Exceedance curve of net commissioner exposure."""
    parts, design = Parts.of(folder, "outcomes", scenario), Design.of(folder)
    for strategy in strategies:
        for threshold, e in exceedance(strategy_column(parts, EXPOSURE, strategy, None, design)):
            yield {
                "strategy": strategy, "threshold_gbp": threshold, "probability": e.value, "error": e.error, "low": e.low,
                "high": e.high,
            }  # fmt: skip
