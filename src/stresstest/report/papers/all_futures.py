"""All futures of a run that kept only some of them, beside those that it kept: a line for each figure.

    errors apart = (kept − all) / (error of all · √(lived / kept − 1))

The kept futures are among all, so the variance of the difference is that of a mean of the kept ones less that of all; both are
taken from all futures, which know the spread better. Where the error of all is 0, as for an event that never happens, there is
no such number.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from typing import Any

from ...errors import DataError
from .. import words as W
from ..source import DIFFERENCE, GAMED, HONEST, PLAYERS, Source, real
from ..tracing import TableRow, read_csv
from . import NUMBER, TEXT, WHOLE, Column, Paper, paper

FILE = "summary/condensed.csv"
#: Standard errors of the difference from which on a kept figure is said to stand apart.
APART = 3.0
#: party, metric, words, whether more is worse.
MONEY = (
    ("provider", "surplus_npv", "provider’s surplus", False),
    ("commissioner", "exposure_npv", "commissioner’s exposure", True),
    ("public", "exposure_npv", "exposure of all public bodies", True),
)
#: Share of futures beyond a level, and how it reads.
LEVELS = ((0.05, "1 in 20"), (0.01, "1 in 100"), (0.001, "1 in 1,000"), (0.0001, "1 in 10,000"), (0.00001, "1 in 100,000"))
ENDS = {"exit": "contract ends early", "exit_losses": "losses end the contract"}
CAUSE, MISSED, ANY = "exit_cause:", "missed:", "any"
_KEYS = ("scenario", "strategy", "party", "metric", "statistic")
_NUMBERS = ("value", "error", "low", "high", "bin_low", "bin_high", "futures")

COLUMNS = (
    Column("scenario", "Scenario", TEXT, "set of futures: calibrated law or named scenario"),
    Column("strategy", "Provider", TEXT, "honest, gamed, or the difference of both in the same futures"),
    Column("metric", "Measure", TEXT, "measure, as the tables of the run name it, after its party"),
    Column("words", "Figure", TEXT, "the measure in words"),
    Column("statistic", "Statistic", TEXT, "which figure of the distribution, as the tables of the run name it"),
    Column("level", "In words", TEXT, "the statistic in words: 1 in 100 is worse than the figure"),
    Column("unit", "Unit", TEXT, "unit of the figures"),
    Column("all_value", "All futures", NUMBER, "the figure from every future that was lived"),
    Column("all_error", "All: standard error", NUMBER, "Monte Carlo standard error of that"),
    Column("all_low", "All: 95% interval from", NUMBER, "lower end of the 95% interval of that"),
    Column("all_high", "All: 95% interval to", NUMBER, "upper end of the 95% interval of that"),
    Column("all_futures", "Futures lived", WHOLE, "futures that the figure of all rests on"),
    Column("kept_value", "Kept futures", NUMBER, "the same figure from the futures that were kept; empty where they are too few"),
    Column("kept_error", "Kept: standard error", NUMBER, "Monte Carlo standard error of that"),
    Column("kept_futures", "Futures kept", WHOLE, "futures that were kept in full"),
    Column("errors_apart", "Errors apart", NUMBER, "difference of the two, in standard errors of that difference; empty "
           "within the bin of a quantile"),
    Column("agrees", "Agree", TEXT, "yes within three errors of the difference or within the bin of a quantile; empty where "
           "there is nothing to compare"),
    Column("line", "Line", WHOLE, f"line of {FILE} that holds the figure of all"),
)  # fmt: skip


def condensed(source: Source) -> list[TableRow]:
    """Rows of summary/condensed.csv with their places; none where the run kept all its futures, or has no such table.

    Errors: DataError for a table that was changed or cannot be read.
    """
    if not source.manifest.get("condensed"):
        return []
    source.require_as_written(FILE)
    path = source.folder / FILE
    if not path.is_file():
        return []
    try:
        placed = read_csv(path)
        found = [(line, {key: real(v) if key in _NUMBERS else v for key, v in row.items()}) for line, row in placed]
    except (ValueError, csv.Error) as error:
        raise DataError("The table condensed cannot be read.", file=path, key="condensed", value=str(error)) from error
    if found and not {*_KEYS, "year", "unit", "future", *_NUMBERS} <= set(found[0][1]):
        raise DataError("The table condensed lacks a column.", file=path, key="condensed")
    return [TableRow.at(row, FILE, line) for line, row in found]


def key_of(row: TableRow) -> tuple[str, ...]:
    """Scenario, strategy, party, metric and statistic of a row that is of the whole contract."""
    return tuple(str(row[name]) for name in _KEYS)


def statistics(high_is_bad: bool) -> list[tuple[str, str]]:
    """(statistic, words) of the distribution of money, from the middle to the worst."""
    tails = [(f"p{100 * (1.0 - share if high_is_bad else share):.10g}", words) for share, words in LEVELS]
    return [("mean", "mean"), ("sd", "standard deviation"), ("p50", "median"), *tails]


def all_futures_paper(source: Source, rows: list[TableRow]) -> Paper:
    """Every figure that the section tells, of every scenario, all futures beside the kept ones."""
    held = {key_of(row): row for row in rows if not row["year"]}
    kept = {
        tuple(str(row[name] or "") for name in _KEYS): row for row in source.rows("summary") if not row["year"]
    }  # fmt: skip
    found = [
        _line(source, held[key], kept.get(key), words, level)
        for scenario in source.scenarios for key, words, level in _wanted(scenario, held) if key in held
    ]  # fmt: skip
    notes = (
        "Quantiles of all futures lie within their bins, at most 0.4% of the value wide; means and chances are exact sums. "
        "Differences are taken in each future before anything is summed up.",
    )
    return paper("all_futures", "All futures beside the kept ones", COLUMNS, found, FILE, notes)


def _wanted(scenario: str, held: dict[tuple[str, ...], TableRow]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Keys of the figures of a scenario, in the order of the sheet, with the words of measure and statistic."""
    for party, metric, words, bad in MONEY:
        for strategy in (HONEST, GAMED, DIFFERENCE):
            for statistic, level in statistics(bad):
                yield (scenario, strategy, party, metric, statistic), words, level
    for metric, words in chances(held, scenario):
        for strategy in PLAYERS:
            yield (scenario, strategy, "contract", metric, "probability"), words, "chance"


def chances(held: dict[tuple[str, ...], TableRow], scenario: str) -> list[tuple[str, str]]:
    """(metric, words) of the chances of a scenario: early ends, causes from the commonest on, hurdles missed."""
    seen: dict[str, float] = {}
    for (name, strategy, _, metric, _), row in held.items():
        if name == scenario and strategy in PLAYERS and metric.startswith((CAUSE, MISSED)):
            seen[metric] = max(seen.get(metric, 0.0), row["value"])
    causes = sorted((m for m in seen if m.startswith(CAUSE)), key=lambda metric: -seen[metric])
    missed = [metric for metric in seen if metric.startswith(MISSED)]
    told = [(metric, f"ends by {metric.removeprefix(CAUSE)}") for metric in causes]
    return [*ENDS.items(), *told, *((metric, _missed(metric.removeprefix(MISSED))) for metric in missed)]


def _missed(hurdle: str) -> str:
    return "any hurdle is missed, or losses end it" if hurdle == ANY else f"hurdle missed: {W.spoken(hurdle)}"


def _line(source: Source, row: TableRow, kept: TableRow | None, words: str, level: str) -> dict[str, Any]:
    value, error = (real(kept[name]) if kept else math.nan for name in ("value", "error"))
    futures = int(source.manifest["futures"][row["scenario"]])
    apart = errors_apart(value, futures, row)
    return {
        "scenario": row["scenario"], "strategy": row["strategy"], "metric": f"{row['party']} {row['metric']}", "words": words,
        "statistic": row["statistic"], "level": level, "unit": row["unit"],
        **{f"all_{name}": _known(row[name]) for name in ("value", "error", "low", "high")}, "all_futures": int(row["futures"]),
        "kept_value": _known(value), "kept_error": _known(error),
        "kept_futures": futures, "errors_apart": _known(apart),
        "agrees": _agrees(value, apart, row), "line": row.line,
    }  # fmt: skip


def errors_apart(value: float, kept: int, row: TableRow) -> float:
    """How far a figure of `kept` futures stands from that of all, in standard errors of the difference.

    NaN where that error is nothing, or where a quantile of the kept lies within a bin's width of that of all, which is known no
    nearer.
    """
    error = row["error"] * math.sqrt(max(0.0, row["futures"] / kept - 1.0))
    known = error > 0.0 and not _is_near(value, row)
    return float((value - row["value"]) / error) if known else math.nan


def _is_near(value: float, row: TableRow) -> bool:
    """Whether two quantiles lie within the width of a bin of each other."""
    return bool(abs(value - row["value"]) <= row["bin_high"] - row["bin_low"])  # False where there is no bin


def _agrees(value: float, apart: float, row: TableRow) -> str:
    if not W.known(value):
        return ""
    if W.known(apart):
        return "yes" if abs(apart) < APART else "no"
    return "yes" if _is_near(value, row) or math.isclose(value, row["value"], rel_tol=1e-9) else ""


def _known(value: float) -> float | None:
    return value if W.known(value) else None
