"""The headline figures of page 1 as a table: estimate, interval, chance, and where each stands in the run's own tables."""

from __future__ import annotations

from typing import Any

from .. import words as W
from ..source import DIFFERENCE, GAMED, HONEST, Source
from . import CHANCE, NUMBER, TEXT, WHOLE, Column, Paper, paper

INTERVAL, CONFIDENCE = "80% of futures", "95% confidence"
#: name, words, party, metric, strategy.
SPREADS = (
    ("exposure", "commissioner pays beyond the agreed budget", "commissioner", "exposure_npv", HONEST),
    ("surplus", "provider's surplus", "provider", "surplus_npv", HONEST),
    ("health", "health gained by residents", "residents", "health_qaly_npv", HONEST),
    ("gaming", "what gaming adds to the provider's surplus", "provider", "surplus_npv", DIFFERENCE),
    ("gaming_cost", "what gaming adds to what the commissioner pays", "commissioner", "exposure_npv", DIFFERENCE),
    ("gaming_health", "what gaming adds to residents' health", "residents", "health_qaly_npv", DIFFERENCE),
)
COLUMNS = (
    Column("name", "Name", TEXT, "short name of the figure"),
    Column("words", "Figure", TEXT, "what is measured: present value over the contract, given a start in full scope"),
    Column("provider", "Provider", TEXT, "honest, gamed, or the paired difference of both"),
    Column("unit", "Unit", TEXT, "unit of the estimate and of its interval"),
    Column("estimate", "Estimate", NUMBER, "median of futures, or a probability"),
    Column("error", "Standard error", NUMBER, "Monte Carlo standard error of the estimate"),
    Column("interval_low", "Interval from", NUMBER, "lower end of the interval"),
    Column("interval_high", "Interval to", NUMBER, "upper end of the interval"),
    Column("interval", "Kind of interval", TEXT, "80% of futures, or 95% confidence of a probability"),
    Column("below_zero", "Chance of less than 0", CHANCE, "probability that the figure is negative"),
    Column("line", "Line", WHOLE, "line of summary/summary.csv that holds the estimate"),
)


def headline(source: Source) -> Paper:
    """Every figure of page 1 that the summary holds."""
    rows = [_ended(source, HONEST), _ended(source, GAMED), *(_spread(source, *one) for one in SPREADS)]
    notes = ("Sampling error is the only error counted here; inputs may be wrong beside it.",)
    return paper("headline", "Headline figures", COLUMNS, rows, "summary/summary.csv", notes)


def _ended(source: Source, strategy: str) -> dict[str, Any]:
    found = source.figure("contract", "exit_losses", "probability", strategy=strategy)
    return {
        "name": "ended_by_losses", "words": "losses end the contract before its term", "provider": strategy, "unit": found.unit,
        "estimate": found.value, "error": found.error, "interval_low": found.low, "interval_high": found.high,
        "interval": CONFIDENCE, "line": found.row.line,
    }  # fmt: skip


def _spread(source: Source, name: str, words: str, party: str, metric: str, strategy: str) -> dict[str, Any]:
    low, middle, high, negative = (
        source.figure(party, metric, statistic, strategy=strategy) for statistic in ("p10", "p50", "p90", "probability_negative")
    )
    return {
        "name": name, "words": words, "provider": strategy, "unit": middle.unit, "estimate": middle.value,
        "error": middle.error if W.known(middle.error) else None, "interval_low": low.value, "interval_high": high.value,
        "interval": INTERVAL, "below_zero": negative.value, "line": middle.row.line,
    }  # fmt: skip
