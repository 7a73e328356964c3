"""Simulated futures beside the record: does the law of the axes stay within experience, and do the named scenarios?

Means over the contract's years are plain averages of yearly values over overlapping windows, except the simulated growth
of funding, which is compound over the years between the first and the last. Single years have gone further. The
record is read from data/; comparing with it is calibration, not validation: the law was chosen with the record in sight.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .. import layout as L
from ..config.tables import load_table
from ..futures.axes import AxisLaw
from ..measures.designs import Design
from ..measures.estimates import describe
from ..measures.stream import Column, Parts, Piece

QUANTITIES = (
    ("{years}-year mean real GDP growth", "history_gdp", "real_gdp_growth", "economy_mean", "economy", "ONS ABMI, December 2024"),
    (
        "{years}-year mean of state spending, share of GDP", "history_state_share", "state_share_of_gdp", "state_mean", "state",
        "OBR historical public finances database, May 2023",
    ),
    (
        "{years}-year mean real growth of health funding", "history_health_funding", "real_growth", "funding_growth_mean", None,
        "OBR and ONS, UK public health spending",
    ),
    (
        "{years}-year mean NHS vacancy rate, beside single quarters", "history_vacancies", "vacancy_rate",
        "workforce_mean", "workforce",
        "NHS England, scattered quarter ends",
    ),
)  # fmt: skip


def windows(values: tuple[float, ...], years: int) -> np.ndarray:
    """Means over all overlapping windows of `years` values; the values themselves where there are too few."""
    array = np.asarray(values, dtype=np.float64)
    if array.size < years:
        return array
    return np.convolve(array, np.ones(years) / years, mode="valid")


def _nature(parts: Parts, name: str, design: Design) -> Column:
    def pieces() -> Any:
        for part in parts.read(["future", "weight", "group", name]):
            drawn = part["future"] != 0
            yield Piece(np.asarray(part[name][drawn], dtype=np.float64), part["weight"][drawn], part["group"][drawn])

    return Column(pieces, design=design)


def _first_label(table: Any) -> str:
    column = next(iter(table.columns.values()))
    ends = [f"{c:.0f}" if isinstance(c, float) else str(c) for c in (column[0], column[-1])]
    return f"{ends[0]} to {ends[1]}"


def history_rows(folder: Path, scenario: str, law: AxisLaw, data: Path, years: int) -> list[dict[str, Any]]:
    """One row a quantity: the record's lowest, mean and highest window, the futures' spread, the scenarios' levels."""
    parts, design = Parts.of(folder, "futures", scenario), Design.of(folder)
    rows = []
    for title, name, column, nature, axis, source in QUANTITIES:
        table = load_table(name, data)
        single = tuple(float(x) for x in table.columns[column])
        seen = windows(single, years)
        found = {e.statistic: e.value for e in describe(_nature(parts, nature, design), True)}
        row: dict[str, Any] = {
            "quantity": title.format(years=years), "historical_low": float(seen.min()), "historical_mean": float(seen.mean()),
            "historical_high": float(seen.max()), "historical_single_low": min(single), "historical_single_high": max(single),
            "simulated_p5": found["p5"], "simulated_mean": found["mean"],
            "simulated_p95": found["p95"], "period": _first_label(table), "source": source,
        }  # fmt: skip
        for k, level in enumerate(("low", "middle", "high")):
            value = float(law.anchors[L.AXES.index(axis), k]) if axis else float("nan")
            inside = seen.min() <= value <= seen.max()
            row[f"seed_{level}"] = value
            row[f"seed_{level}_inside"] = ("inside" if inside else "outside") if axis else ""
        rows.append(row)
    return rows
