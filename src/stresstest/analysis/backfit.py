"""The back-fit: what the fitted processes give beside what the record shows. A misfit is published as a miss.

This is calibration and not validation. The numbers were chosen with the record in sight; that they give it back is the least
that can be asked, and says nothing about whether the next fifteen years will be like the last seventy-five.

Two comparisons, each like with like:

    record        The record beside long runs of the same length (analysis/backfit_paths.py): both are a number of contracts'
                  lengths end to end, every statistic is worked out alike, and overlapping windows are used for both.
                  `share_below_record` is the share of long runs whose statistic is lower. A miss: outside their middle 98%.
    windows       Windows of 1, 5 and 15 years of the record beside the same windows of futures as they are run. These start
                  at today's value, so they spread less at first than the record did: a window that the record had and no
                  more than one future in a hundred reaches is marked as beyond, and need not be wrong.
    levels        Where the scenarios' levels lie among the 15-year averages of the record and of the futures

Few windows do not overlap: five of 15 years in 75. Extremes of the record are extremes of so many, and no more.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .. import layout as L
from ..futures.axes import AxisLaw
from ..futures.scenario import Scenario
from ..study import Study
from .backfit_paths import YEARS_LOST, Paths, as_run, long_runs
from .calibration import Record

FUTURES = 20_000
WINDOWS = (1, 5, 15)
TAIL = 0.01
#: Half of the last digit that is shown.
ROUNDING = 5e-5
TITLES = {
    "economy": "real GDP growth", "state": "state spending, share of GDP", "funding": "real growth of health funding",
    "workforce": "NHS vacancy rate",
}  # fmt: skip
Row = dict[str, Any]


def autocorrelation(values: np.ndarray) -> np.ndarray:
    """Correlation of each year with the one before, along the last axis."""
    before = values[..., :-1] - values[..., :-1].mean(axis=-1, keepdims=True)
    after = values[..., 1:] - values[..., 1:].mean(axis=-1, keepdims=True)
    both = (before * after).sum(axis=-1)
    return np.asarray(both / np.sqrt((before**2).sum(axis=-1) * (after**2).sum(axis=-1)))


def window_means(values: np.ndarray, years: int) -> np.ndarray:
    """Means of all overlapping windows of `years` years, along the last axis."""
    return np.asarray(np.lib.stride_tricks.sliding_window_view(values, years, axis=-1).mean(axis=-1))


def statistics_of(values: np.ndarray, falling: bool) -> dict[tuple[str, int], np.ndarray]:
    """Statistics of yearly series along the last axis, by name and window; `falling` adds the share of years below 0."""
    found: dict[tuple[str, int], np.ndarray] = {
        ("mean", 1): values.mean(axis=-1), ("lag-1 autocorrelation", 1): autocorrelation(values),
    }  # fmt: skip
    if falling:
        found["share of years below 0", 1] = (values < 0.0).mean(axis=-1)
    for years in WINDOWS:
        means = window_means(values, years)
        found["sd", years] = means.std(axis=-1, ddof=1)
        found["lowest", years], found["highest", years] = means.min(axis=-1), means.max(axis=-1)
    return found


def series_of_record(record: Record) -> dict[str, np.ndarray]:
    """The record's yearly values by quantity; those of the workforce are points and no series."""
    return {
        "economy": record.growth.values, "state": record.share.values, "funding": record.funding.values,
        "workforce": record.vacancies,
    }  # fmt: skip


def compare(record: np.ndarray, runs: np.ndarray, falling: bool = False) -> list[Row]:
    """A record[years] beside runs[many, at least as many years]: one row a statistic, with its miss."""
    rows, given = [], statistics_of(runs[:, : record.size], falling)
    for (name, years), value in statistics_of(record, falling).items():
        seen, many = float(value), given[name, years]
        p1, p5, p50, p95, p99 = np.quantile(many, (TAIL, 0.05, 0.5, 0.95, 1.0 - TAIL)).tolist()
        rows.append({
            "statistic": name, "window_years": years, "windows_apart": record.size // years, "record": seen,
            "simulated_p1": p1, "simulated_p5": p5, "simulated_p50": p50, "simulated_p95": p95, "simulated_p99": p99,
            "share_below_record": float((many < seen).mean() + 0.5 * (many == seen).mean()),
            "miss": bool(seen < p1 - ROUNDING or seen > p99 + ROUNDING),
        })  # fmt: skip
    return rows


def record_rows(series: dict[str, np.ndarray], runs: Paths) -> list[Row]:
    """The record beside long runs, statistic by statistic; points that are no series are left out."""
    return [
        {"quantity": TITLES[name], **row}
        for name, values in series.items()
        if name != "workforce"
        for row in compare(values, getattr(runs, name), falling=name != "state")
    ]


def _side_by_side(paths: np.ndarray, years: int) -> np.ndarray:
    """Means of windows of `years` years side by side, of every future; its whole length where it has fewer years."""
    years = min(years, paths.shape[1])
    many = paths.shape[1] // years
    return np.asarray(paths[:, : many * years].reshape(-1, years).mean(axis=1))


def _spread(name: str, values: np.ndarray) -> Row:
    p5, p95 = np.quantile(values, (0.05, 0.95)).tolist()
    sd = float(values.std(ddof=1))
    return {f"{name}_mean": float(values.mean()), f"{name}_sd": sd, f"{name}_p5": p5, f"{name}_p95": p95}


def window_row(record: np.ndarray, paths: np.ndarray, years: int) -> Row:
    """Windows of one length: mean, sd and middle nine tenths of record and futures, and what is beyond the futures."""
    seen, given = window_means(record, years), _side_by_side(paths, years)
    low, high = (float(x) for x in np.quantile(given, (TAIL, 1.0 - TAIL)))
    lowest, highest = float(seen.min()), float(seen.max())
    outside = (("lowest", lowest < low - ROUNDING), ("highest", highest > high + ROUNDING))
    return {
        "window_years": years, "windows_apart": record.size // years, **_spread("record", seen), **_spread("simulated", given),
        "record_lowest": lowest, "record_highest": highest, "simulated_p1": low, "simulated_p99": high,
        "simulated_below_lowest": float((given < lowest).mean()),
        "simulated_above_highest": float((given > highest).mean()),
        "beyond": " and ".join(word for word, is_so in outside if is_so),
    }  # fmt: skip


def window_rows(series: dict[str, np.ndarray], runs: Paths) -> list[Row]:
    """Windows of the record beside windows of futures as they are run; of points, single ones only."""
    return [
        {"quantity": TITLES[name], **window_row(values, getattr(runs, name), years)}
        for name, values in series.items()
        for years in WINDOWS
        if years == 1 or name != "workforce"
    ]


def level_rows(law: AxisLaw, series: dict[str, np.ndarray], runs: Paths) -> list[Row]:
    """Shares of the record's and of the futures' averages over a contract that lie below low, middle and high."""
    rows = []
    for axis in ("economy", "state", "workforce"):
        given = getattr(runs, axis)
        points = axis == "workforce"
        seen = series[axis] if points else window_means(series[axis], given.shape[1])
        for k, name in enumerate(("low", "middle", "high")):
            level = float(law.anchors[L.AXES.index(axis), k])
            rows.append({
                "quantity": TITLES[axis], "level": name, "value": level, "window_years": given.shape[1],
                "record_below": float((seen < level).mean()), "record_count": seen.size, "record_points": points,
                "simulated_below": float((given.mean(axis=1) < level).mean()),
            })  # fmt: skip
    return rows


def backfit(study: Study, data: Path, futures: int = FUTURES) -> dict[str, list[Row]]:
    """The three comparisons for a study's axes and its health funding, with the record of the folder `data`."""
    series = series_of_record(Record(data))
    longest = max(values.size for values in series.values()) + YEARS_LOST
    scenario = Scenario("calibrated", "Calibrated joint law", futures)
    runs = as_run(study, scenario, futures)
    return {
        "record": record_rows(series, long_runs(study, scenario, futures, -(-longest // study.years))),
        "windows": window_rows(series, runs),
        "levels": level_rows(study.law, series, runs),
    }
