"""The method book's section on the axes: the fits beside the configuration, and the back-fit with its misses.

Every figure comes from analysis/calibration_table.py and analysis/backfit.py; this module only sets them out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..analysis.backfit import FUTURES, TITLES, backfit
from ..analysis.calibration_table import APART, fitted_rows, funding_rows
from ..layout import AXES
from ..study import Study
from .markdown import table

TITLE = "The axes against the record"
#: Quantities whose numbers are rates or shares and are printed per cent; the others are indices.
PER_CENT = ("state", "economy", "workforce", "health funding")
#: Parameters that are no rates even where their axis is one.
PLAIN = ("noise.persistence", "noise.link", "growth_link", "state_link", "start.earliest", "start.latest", "start.duration")
PLAIN_STATISTICS = ("lag-1 autocorrelation",)
VERDICTS = {
    "taken": "taken from the fit", "kept": "kept: within two errors", "differs": "kept: further than two errors",
    "judged": "judged",
}  # fmt: skip
WHY = (
    "Calibration is not validation: the numbers were chosen with this record in sight, so that they give it back is the least "
    "that can be asked of them. It says nothing about whether the years to come will be like those behind.",
    f"A number is taken from its fit where the two lie more than {APART:.0f} standard errors apart, together with its group; "
    "otherwise it stays. Crises are counted as episodes and levels as stretches of a contract's length, so five crises and "
    "five levels stand behind the numbers, and not seventy-five years.",
)
Row = dict[str, Any]


def _number(value: float, per_cent: bool) -> str:
    """A figure as it is printed: per cent with two decimals, or two decimals; nothing where there is none."""
    if math.isnan(value):
        return ""
    text = f"{value * 100.0:.2f}%" if per_cent else f"{value:.2f}"
    return text.replace("-", "−")


def _cells(row: Row, name: str, columns: Iterable[str]) -> list[str]:
    per_cent = row[name] in PER_CENT and row["parameter"] not in PLAIN
    return [_number(row[column], per_cent) for column in columns]


def fits_text(rows: list[Row]) -> list[str]:
    """What could be fitted: configured and fitted value, error, verdict and method."""
    fitted = [
        (row["axis"], f"`{row['parameter']}`", *_cells(row, "axis", ("configured", "fitted", "error")), VERDICTS[row["verdict"]],
         row["method"])
        for row in rows if row["verdict"] != "judged"
    ]  # fmt: skip
    headings = ("axis", "number", "configured", "fitted", "standard error", "what was done", "how it was fitted")
    return table(headings, fitted)


def judged_text(rows: list[Row]) -> list[str]:
    """What could not be fitted, with its source."""
    judged = [
        (row["axis"], f"`{row['parameter']}`", *_cells(row, "axis", ("configured",)), row["quality"], row["source"])
        for row in rows if row["verdict"] == "judged" and not _means_nothing(row)
    ]  # fmt: skip
    return table(("axis", "number", "configured", "quality", "source"), judged)


def _means_nothing(row: Row) -> bool:
    """A link of 0 on an axis that answers to no surprise."""
    return bool(row["parameter"] == "noise.link" and row["configured"] == 0.0)


def record_text(rows: list[Row]) -> list[str]:
    """Statistics of the record beside those of long runs of the same length."""
    shown = []
    for row in rows:
        per_cent = row["statistic"] not in PLAIN_STATISTICS
        columns = ("record", "simulated_p1", "simulated_p50", "simulated_p99")
        shown.append((
            row["quantity"], row["statistic"], f"{row['window_years']}", f"{row['windows_apart']}",
            *(_number(row[column], per_cent) for column in columns), f"{row['share_below_record']:.3f}",
            "**miss**" if row["miss"] else "",
        ))  # fmt: skip
    return table(
        ("quantity", "statistic", "years in a window", "windows apart", "record", "runs: 1%", "runs: median", "runs: 99%",
         "share of runs below", ""), shown,
    )  # fmt: skip


def windows_text(rows: list[Row]) -> list[str]:
    """Windows of the record beside windows of futures as they are run."""
    columns = (
        "record_mean", "simulated_mean", "record_sd", "simulated_sd", "record_p5", "simulated_p5", "record_p95",
        "simulated_p95", "record_lowest", "record_highest",
    )  # fmt: skip
    shown = [
        (row["quantity"], f"{row['window_years']}", f"{row['windows_apart']}", *(_number(row[c], True) for c in columns),
         row["beyond"])
        for row in rows
    ]  # fmt: skip
    return table(
        ("quantity", "years", "windows apart", "record: mean", "futures: mean", "record: sd", "futures: sd", "record: 5%",
         "futures: 5%", "record: 95%", "futures: 95%", "record: lowest", "record: highest", "beyond the futures"), shown,
    )  # fmt: skip


def levels_text(rows: list[Row]) -> list[str]:
    """Where the levels of the scenario work lie."""
    shown = [
        (row["quantity"], row["level"], _number(row["value"], True), f"{row['window_years']}",
         f"{row['record_below']:.1%} of {row['record_count']} {'points' if row['record_points'] else 'windows'}",
         f"{row['simulated_below']:.1%}")
        for row in rows
    ]  # fmt: skip
    return table(("quantity", "level", "value", "years averaged", "record below it", "futures below it"), shown)


def misses_text(rows: list[Row]) -> list[str]:
    """Every miss in a sentence; one sentence where there is none."""
    found = []
    for row in rows:
        if row["miss"]:
            per_cent = row["statistic"] not in PLAIN_STATISTICS
            seen, low, high = (_number(row[name], per_cent) for name in ("record", "simulated_p1", "simulated_p99"))
            years = f" over {row['window_years']} years" if row["window_years"] > 1 else ""
            found.append(f"- {row['quantity']}, {row['statistic']}{years}: {seen} in the record, {low} to {high} in the runs")
    return [*(found or ["No statistic of the record lies outside the middle 98% of the runs."]), ""]


def axes_text(study: Study, data: Path, futures: int = FUTURES) -> list[str]:
    """The whole section for a study and the record in `data`, as lines of Markdown.

    Raises DataError where a table of the record cannot be read.
    """
    form = study.effective()
    rows, found = fitted_rows(data, form["axes"]), backfit(study, data, futures)
    without = [axis for axis in AXES if axis not in TITLES]
    lines = [f"## {TITLE}", "", *(line for text in WHY for line in (text, ""))]
    lines += ["### What the record gives", "", *fits_text(rows), "### The chain of health funding", ""]
    lines += ["Reported and not taken: these numbers belong to the place.", "", *fits_text(funding_rows(data, form["place"]))]
    lines += ["### What is judged", ""]
    lines += [f"There is no series for {', '.join(without)}; what bounds them stands in docs/evidence.md under J-AXES.", ""]
    lines += [*judged_text(rows), "### The record beside long runs", ""]
    lines += [f"{futures:,} futures, laid end to end to the record's length.", "", *record_text(found["record"])]
    lines += ["### Misses", "", *misses_text(found["record"]), "### Windows of the record beside futures as they are run", ""]
    lines += [
        "Futures start at today's value, so the first years spread less than the record's. A window of the record that no more "
        "than one future in a hundred reaches is named as beyond.", "", *windows_text(found["windows"]),
        "### Where the levels of the scenario work lie", "", *levels_text(found["levels"]),
    ]  # fmt: skip
    return lines
