"""The summary tables of a run: long form, one statistic a row, each with its error and unit.

Rows: scenario, strategy, party, metric, year, statistic, value, error, unit. The strategy "gamed - honest" is the paired
difference in the same futures. Quantiles are taken last, of each future's own number; nothing here adds quantiles.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from .estimates import describe, exceedance, probability
from .stream import Column, Parts, strategy_column

EXPOSURES = ("uplift", "improvement", "gain_share", "rescue", "step_in", "shifted")
METRICS: tuple[tuple[str, str, str, bool, str], ...] = (
    ("provider", "surplus_npv", "provider_surplus_npv_gbp", False, "GBP"),
    ("commissioner", "exposure_npv", "commissioner_exposure_npv_gbp", True, "GBP"),
    ("commissioner", "exposure_gross_npv", "commissioner_exposure_gross_npv_gbp", True, "GBP"),
    *(("commissioner", f"exposure_{name}_npv", f"exposure_{name}_npv_gbp", True, "GBP") for name in EXPOSURES),
    ("public", "exposure_npv", "public_exposure_npv_gbp", True, "GBP"),
    ("residents", "health_qaly_npv", "health_qaly_npv", False, "QALY"),
)
YEARLY: tuple[tuple[str, str, str, str], ...] = (
    ("provider", "cumulative_surplus", "cumulative_surplus_gbp", "GBP"),
    ("commissioner", "exposure_yearly", "commissioner_exposure_gbp", "GBP"),
    ("contract", "reported_score", "reported_score", "share"),
    ("contract", "true_score", "true_score", "share"),
)
DIFFERENCE = "gamed - honest"
Row = dict[str, Any]


def _row(
    scenario: str,
    strategy: str,
    party: str,
    metric: str,
    year: str,
    statistic: str,
    value: float,
    error: float,
    unit: str,
) -> Row:
    return {"scenario": scenario, "strategy": strategy, "party": party, "metric": metric, "year": year,
            "statistic": statistic, "value": float(value), "error": float(error), "unit": unit}  # fmt: skip


def outcome_rows(folder: Path, scenario: str, strategies: list[str]) -> Iterator[Row]:
    """Distributions of present values, for each strategy and for the paired difference from the honest one."""
    parts = Parts.of(folder, "outcomes", scenario)
    pairs: list[tuple[str, str, str | None]] = [(name, name, None) for name in strategies]
    pairs += [
        (f"{name} - honest", name, "honest") for name in strategies if name != "honest" and "honest" in strategies
    ]
    for party, metric, column, high_is_bad, unit in METRICS:
        for label, strategy, minus in pairs:
            for e in describe(strategy_column(parts, column, strategy, minus), high_is_bad):
                share = e.statistic == "probability_negative"
                yield _row(
                    scenario, label, party, metric, "", e.statistic, e.value, e.error, "probability" if share else unit
                )


def exit_rows(folder: Path, scenario: str, strategy: str, labels: list[str]) -> Iterator[Row]:
    """Probability of an early end by year and cause. Yearly probabilities are cumulative.

    exit: any early end; exit_policy: national policy ended it; exit_losses: everything else, that is, losses.
    """
    counts, n = _early_ends(folder, scenario, strategy)
    causes = sorted({cause for _, cause in counts}, key=lambda c: -sum(k for (_, d), k in counts.items() if d == c))
    kinds = {"exit": causes, "exit_policy": ["policy break"], "exit_losses": [c for c in causes if c != "policy break"]}
    for metric, chosen in kinds.items():
        total = 0
        for label in labels:
            total += sum(counts.get((label, cause), 0) for cause in chosen)
            yield _row(
                scenario, strategy, "contract", metric, label, "probability", *probability(total, n), "probability"
            )
        yield _row(scenario, strategy, "contract", metric, "", "probability", *probability(total, n), "probability")
    ended = sum(counts.values())
    yield _row(
        scenario, strategy, "contract", "ran_its_term", "", "probability", *probability(n - ended, n), "probability"
    )
    for cause in causes:
        p, error = probability(sum(k for (_, c), k in counts.items() if c == cause), n)
        yield _row(scenario, strategy, "contract", f"exit_cause:{cause}", "", "probability", p, error, "probability")


def _early_ends(folder: Path, scenario: str, strategy: str) -> tuple[dict[tuple[str, str], int], int]:
    """How many futures end early by (last year of service, cause), and how many futures there are."""
    counts: dict[tuple[str, str], int] = {}
    n = 0
    for part in Parts.of(folder, "outcomes", scenario).read(["strategy", "future", "exit_year", "exit_cause"]):
        chosen = part["strategy"].equal(strategy) & (part["future"] != 0)
        n += int(chosen.sum())
        for cause in part["exit_cause"].words:
            if cause != "none":
                for label, count in part["exit_year"].counts(chosen & part["exit_cause"].equal(cause)).items():
                    counts[label, cause] = counts.get((label, cause), 0) + count
    return counts, n


def _by_year(parts: Parts, strategy: str, column: str, labels: list[str]) -> dict[str, np.ndarray]:
    """One column of the yearly table, future 0 left out, as one array for each year."""
    found: dict[str, list[np.ndarray]] = {label: [] for label in labels}
    for part in parts.read(["strategy", "future", "year", column]):
        chosen = part["strategy"].equal(strategy) & (part["future"] != 0)
        for label in labels:
            found[label].append(np.asarray(part[column][chosen & part["year"].equal(label)], dtype=np.float64))
    return {label: np.concatenate(arrays) for label, arrays in found.items() if arrays}


def yearly_rows(folder: Path, scenario: str, strategy: str, labels: list[str]) -> Iterator[Row]:
    """Yearly fans from the futures whose yearly rows were kept."""
    parts = Parts.of(folder, "years", scenario)
    for party, metric, column, unit in YEARLY:
        for label, values in _by_year(parts, strategy, column, labels).items():
            for e in describe(Column.of(values), False) if values.size else []:
                if e.statistic == "mean" or (e.statistic[0] == "p" and e.statistic[1].isdigit()):
                    yield _row(scenario, strategy, party, metric, label, e.statistic, e.value, e.error, unit)
    for label, values in _by_year(parts, strategy, "running", labels).items():
        if values.size:
            p, error = probability(int(values.sum()), values.size)
            yield _row(scenario, strategy, "contract", "running", label, "probability", p, error, "probability")


def summary_rows(folder: Path, scenarios: list[str], strategies: list[str], labels: list[str]) -> Iterator[Row]:
    """All rows of the summary table."""
    for scenario in scenarios:
        yield from outcome_rows(folder, scenario, strategies)
        for strategy in strategies:
            yield from exit_rows(folder, scenario, strategy, labels)
            yield from yearly_rows(folder, scenario, strategy, labels)


def exceedance_rows(folder: Path, scenario: str, strategies: list[str]) -> Iterator[Row]:
    """Exceedance curve of net commissioner exposure."""
    parts = Parts.of(folder, "outcomes", scenario)
    for strategy in strategies:
        for threshold, p, error in exceedance(strategy_column(parts, "commissioner_exposure_npv_gbp", strategy)):
            yield {"strategy": strategy, "threshold_gbp": threshold, "probability": p, "error": error}
