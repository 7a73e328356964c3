"""The tables of a run folder that a report is made of, each read once. Every number in a report is looked up here."""

from __future__ import annotations

import csv
import json
import math
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import DataError, nearest
from ..measures.designs import Design
from ..results.manifest import counted, load_manifest
from ..results.store import sha256_of
from .tracing import TableRow, read_csv, unmarked

Row = TableRow
HONEST, GAMED, DIFFERENCE = "honest", "gamed", "gamed - honest"
PLAYERS = (HONEST, GAMED)
#: The lever of the row that holds the whole best response.
BEST = "best combination"

#: Standard errors of a difference within which two figures are not told apart.
ERRORS_APART = 2.0

#: Columns that each table must have.
COLUMNS = {
    "summary": (
        "scenario", "strategy", "party", "metric", "year", "statistic", "value", "error", "low", "high", "unit",
    ),
    "exceedance": ("strategy", "threshold_gbp", "probability", "error"),
    "history": (
        "quantity", "historical_low", "historical_mean", "historical_high", "simulated_p5", "simulated_mean",
        "simulated_p95", "period", "source", "seed_low", "seed_middle", "seed_high", "seed_low_inside",
        "seed_middle_inside", "seed_high_inside",
    ),
    "null_test": (
        "clause", "mean_gbp_a_year", "error_gbp", "without_chance_gbp_a_year", "chance_part_gbp_a_year",
        "chance_payout_rate", "share_of_annual_payment",
    ),
    "swings": (
        "key", "title", "quality", "source", "base", "changed", "exit_losses_base", "exit_losses_changed",
        "exit_losses_error", "exposure_base_gbp", "exposure_changed_gbp", "exposure_error_gbp",
    ),
    "strategies": ("strategy", "lever", "title", "grade", "intensity"),
    "assumptions": ("key", "value", "unit", "source", "quality"),
    "starting": ("figure", "value", "error", "unit", "words", "futures"),
    "convergence": ("block", "measure", "futures", "value", "error", "low", "high", "note"),
    "variance_split": ("measure", "shared", "share_of_variance", "error", "futures"),
    "dependence": (
        "dependence", "words", "mean_exposure_gbp", "mean_exposure_change_gbp", "mean_exposure_change_error_gbp",
        "p95_exposure_gbp", "cte99_exposure_gbp", "exit_losses", "exit_losses_change", "exit_losses_change_error",
        "futures",
    ),
    "correlations": ("axis", "other_axis", "asked", "achieved", "error", "means_over_years"),
    "assumption_switches": (
        "setting", "letter", "assumption", "strategy", "compared_with", "exit_losses", "exit_losses_change",
        "exit_losses_change_error", "exit", "exit_change", "exit_change_error", "surplus_mean_gbp",
        "surplus_mean_gbp_change", "surplus_mean_gbp_change_error", "exposure_mean_gbp", "exposure_mean_gbp_change",
        "exposure_mean_gbp_change_error", "exposure_cte99_gbp", "exposure_cte99_gbp_change",
        "exposure_cte99_gbp_change_error",
    ),
    "stories": ("role", "future", "strategy", "text", "note"),
    "hurdles": (
        "scenario", "strategy", "hurdle", "party", "words", "unit", "better", "limit", "limit_source", "path", "start",
        "low_point", "low_point_year", "end", "meets", "fails_probability", "fails_probability_error",
        "fails_probability_low", "fails_probability_high",
    ),
    "hurdles_by_year": (
        "scenario", "strategy", "measure", "words", "year", "probability", "probability_error", "probability_low",
        "probability_high",
    ),
    "bridge": (
        "contract", "strategy", "scenario", "order", "driver", "words", "change_gbp", "change_error_gbp", "to_year",
    ),
    "savings": (
        "share_of_plan", "delay_years", "words", "exit_losses", "exit_losses_error", "exit_losses_change",
        "exit_losses_change_error", "surplus_mean_gbp", "surplus_error_gbp", "surplus_mean_gbp_change",
        "surplus_mean_gbp_change_error", "exposure_mean_gbp", "exposure_error_gbp", "exposure_mean_gbp_change",
        "exposure_mean_gbp_change_error",
    ),
    "exit_costs": (
        "scenario", "strategy", "year", "cause", "probability", "probability_error", "step_in_mean_gbp",
        "step_in_error_gbp", "step_in_p95_gbp",
    ),
    "gaming": (
        "lever", "plain_english", "grade", "intensity", "gain_mean_gbp", "gain_error_gbp", "gain_p5_gbp", "gain_p95_gbp",
        "harm_commissioner_mean_gbp", "harm_public_mean_gbp", "harm_qaly_mean", "probability_worthwhile",
        "detection_assumed", "detection_break_even", "creating_terms", "fix", "residual_gain_mean_gbp",
        "residual_error_gbp", "displaced_to", "harmed", "early_sign", "evidence",
    ),
}  # fmt: skip

#: Tables that may be there without a row: a study whose inputs are all published has no judgement to change.
MAY_BE_EMPTY = frozenset({"swings"})

#: Tables that a run may lack, because it was made before they were: it then has no rows of them.
OPTIONAL = frozenset({"stories", "hurdles", "hurdles_by_year", "bridge", "savings", "exit_costs"})

#: Where the rows of a table can be read by anyone, where that is not summary/TABLE.csv.
PLACES = {"gaming": "report/tables/gaming.csv"}

#: Columns of each CSV table that hold words; the others hold numbers.
ALL = frozenset({"*"})
WORDS = {
    "exceedance": frozenset({"strategy"}),
    "history": frozenset({
        "quantity", "period", "source", "seed_low_inside", "seed_middle_inside", "seed_high_inside",
    }),
    "null_test": frozenset({"clause"}),
    "swings": frozenset({"key", "title", "quality", "source"}),
    "strategies": ALL,
    "assumptions": ALL,
    "starting": frozenset({"figure", "unit", "words"}),
    "convergence": frozenset({"block", "measure", "note"}),
    "variance_split": frozenset({"measure", "shared"}),
    "dependence": frozenset({"dependence", "words"}),
    "correlations": frozenset({"axis", "other_axis"}),
    "assumption_switches": frozenset({"setting", "letter", "assumption", "strategy", "compared_with"}),
    "stories": frozenset({"role", "strategy", "text", "note", "scenario"}),
    "hurdles": frozenset({
        "scenario", "strategy", "hurdle", "party", "words", "unit", "better", "limit_source", "judged", "path",
        "low_point_year", "meets",
    }),
    "hurdles_by_year": frozenset({"scenario", "strategy", "measure", "words", "year"}),
    "bridge": frozenset({"contract", "strategy", "scenario", "driver", "kind", "words", "statistic", "to_year"}),
    "savings": frozenset({"words", "strategy", "scenario"}),
    "exit_costs": frozenset({"scenario", "strategy", "year", "cause"}),
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """One number of the summary: value, standard error and unit, and its 95% interval; NaN where there is none."""

    value: float
    error: float
    unit: str
    low: float = math.nan
    high: float = math.nan
    row: TableRow = field(default_factory=TableRow, compare=False)


@dataclass(frozen=True)
class Source:
    """A finished run folder as the report reads it. `folder` the run folder."""

    folder: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The manifest. Errors: DataError when the folder is not a run or is not complete."""
        manifest = load_manifest(self.folder)
        if manifest["status"] != "complete":
            raise DataError("The run is not complete, so there is nothing to report.", key="status",
                            file=self.folder / "manifest.json", value=manifest["status"],
                            expected="complete")  # fmt: skip
        return dict(unmarked(manifest))

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios, in the order of the study."""
        return list(self.manifest["futures"])

    def counted(self, scenario: str) -> str:
        """How many futures of a scenario the run has in full: "2,000", or "2,000 kept of 20,000 lived"."""
        return counted(self.manifest, scenario)

    @property
    def main(self) -> str:
        """The scenario that the report is about: the first of the study, in which strategies were looked for."""
        return self.scenarios[0]

    @property
    def years(self) -> list[str]:
        """Financial-year labels of the contract."""
        return list(self.manifest["year_labels"])

    @cached_property
    def configuration(self) -> dict[str, Any]:
        """The effective configuration, or nothing where the run has none."""
        path = self.folder / "config.effective.toml"
        self.require_as_written("config.effective.toml")
        return dict(unmarked(tomllib.loads(path.read_text(encoding="utf-8")))) if path.is_file() else {}

    def require_as_written(self, name: str) -> None:
        """Refuse a file of the run that is not as the run wrote it; one that the manifest does not list passes.

        Errors: DataError where the file is gone or its checksum is another, with what to do.
        """
        facts = (self.manifest.get("files") or {}).get(name)
        if facts is None:
            return
        path = self.folder / name
        there = path.is_file()
        if not there or sha256_of(path) != facts["sha256"]:
            raise DataError(f"A file of the run {'was changed since the run wrote it' if there else 'is gone'}.", file=path,
                            key=name, expected="the run as it was made (stresstest verify RUN says what differs), or the study "
                            "run again")  # fmt: skip

    def setting(self, *keys: str) -> Any:
        """An entry of the effective configuration: the plain value of a number with a source; None where absent."""
        entry: Any = self.configuration
        for key in keys:
            entry = entry.get(key) if isinstance(entry, dict) else None
        return entry["value"] if isinstance(entry, dict) and "value" in entry else entry

    @cached_property
    def checks(self) -> list[dict[str, Any]]:
        """Model checks: check, ok, detail. Errors: DataError when checks.json is missing or unreadable."""
        path = self.folder / "checks.json"
        if not path.is_file():
            raise DataError("The run folder lacks a file that the report needs.", file=path, key="checks")
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))
            return [{"check": r.get("check", r.get("name")), "ok": bool(r["ok"]), "detail": r["detail"]} for r in rows]
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            raise DataError("The checks cannot be read.", file=path, value=str(error)) from error

    @cached_property
    def design(self) -> Design:
        """How the futures were sampled; independent futures where the manifest is older than designs."""
        return Design.from_manifest(self.manifest)

    def rows(self, table: str) -> list[Row]:
        """Rows of a table. Errors: DataError naming the table when it or one of its columns is missing."""
        if table not in self._read:
            for name in _files_of(self.folder, table):
                self.require_as_written(name)
            path, rows, lines = _load(self.folder, table)
            place = PLACES.get(table, f"summary/{table}.csv")
            found = _checked(table, path, rows)
            self._read[table] = [TableRow.at(row, place, line) for row, line in zip(found, lines, strict=True)]
        return self._read[table]

    @cached_property
    def _read(self) -> dict[str, list[Row]]:
        return {}

    @cached_property
    def _figures(self) -> dict[tuple[str, ...], Figure]:
        keys = COLUMNS["summary"][:6]
        return {
            tuple(str(row[key] or "") for key in keys): Figure(
                real(row["value"]), real(row["error"]), row["unit"], real(row["low"]), real(row["high"]), row
            )
            for row in self.rows("summary")
        }

    def figure(
        self, party: str, metric: str, statistic: str, *, strategy: str = HONEST, scenario: str = "",
        year: str = "",
    ) -> Figure:
        """One figure of the summary, of the run's first scenario unless another is named.

        Errors: DataError naming what is missing.
        """
        key = (scenario or self.main, strategy, party, metric, year, statistic)
        if key not in self._figures:
            known = [" / ".join(k) for k in self._figures]
            raise DataError("The summary lacks a figure that the report needs.", file=self.folder / "summary",
                            key=" / ".join(key), nearest=nearest(" / ".join(key), known))  # fmt: skip
        return self._figures[key]

    def value(self, party: str, metric: str, statistic: str, **where: str) -> float:
        """The value of a figure of the summary; see `figure`."""
        return self.figure(party, metric, statistic, **where).value

    def causes(self, strategy: str) -> list[tuple[str, Figure]]:
        """(cause, share of all futures that end by it), commonest first; "none" is left out."""
        start = (self.main, strategy, "contract")
        prefix = "exit_cause:"
        found = [
            (key[3].removeprefix(prefix), figure)
            for key, figure in self._figures.items()
            if key[:3] == start and key[3].startswith(prefix) and key[5] == "probability" and not key[4]
        ]
        return sorted(((c, f) for c, f in found if c != "none"), key=lambda pair: -pair[1].value)

    def unit(self, key: str) -> str:
        """Unit of an input of the register; "" where the register lacks it."""
        return next((str(row["unit"] or "") for row in self.rows("assumptions") if row["key"] == key), "")

    @property
    def levers(self) -> list[Row]:
        """Rows of the gaming table for single levers, highest mean gain first."""
        rows = [row for row in self.rows("gaming") if row["lever"] != BEST]
        return sorted(rows, key=lambda row: -real(row["gain_mean_gbp"], -math.inf))

    @property
    def tied_levers(self) -> list[Row]:
        """The levers that gain most: the first, and those whose gain differs from it by less than two standard errors.

        Formula: |g1 − g| < 2·sqrt(e1² + e²), g and e the mean gain and its Monte Carlo standard error in pounds. A
        lever that gains nothing ties with none; an empty list where the first gains nothing.
        """
        paying = [row for row in self.levers if real(row["gain_mean_gbp"], 0.0) > 0.0]
        return [row for row in paying if row is paying[0] or _tie(paying[0], row)]

    @property
    def best_combination(self) -> Row | None:
        """The row of the whole best response, if there is one."""
        return next((row for row in self.rows("gaming") if row["lever"] == BEST), None)


def _tie(first: Row, second: Row) -> bool:
    """Whether noise alone may have put the first lever before the second."""
    apart = abs(real(first["gain_mean_gbp"]) - real(second["gain_mean_gbp"]))
    return apart < ERRORS_APART * math.hypot(real(first["gain_error_gbp"], 0.0), real(second["gain_error_gbp"], 0.0))


def unused(row: Row) -> bool:
    """Whether the search found no use of a lever worth while: intensity 0 and gain 0."""
    return real(row["intensity"], 0.0) == 0.0 and real(row["gain_mean_gbp"], 0.0) == 0.0


def real(value: Any, missing: float = math.nan) -> float:
    """A float; `missing` for an empty cell."""
    number = math.nan if value in (None, "") else float(value)
    return missing if math.isnan(number) else number


def _files_of(folder: Path, table: str) -> list[str]:
    """Names of the files that hold a table, those from which it is read and those that are cited, within the run's folder."""
    if table == "gaming":
        return [path.relative_to(folder).as_posix() for path in sorted((folder / "tables" / table).glob("*.parquet"))]
    return [f"summary/{table}.csv", *(["summary/summary.parquet"] if table == "summary" else [])]


def _load(folder: Path, table: str) -> tuple[Path, list[dict[str, Any]], list[int]]:
    """The file or folder of a table, its rows, and the line at which each begins in its CSV file; figures become numbers."""
    if table == "gaming":
        path = folder / "tables" / table
        rows = [row for part in sorted(path.glob("*.parquet")) for row in _parquet_rows(part, table)]
        return path, rows, [k + 2 for k in range(len(rows))]
    if table == "summary":
        path = folder / "summary" / "summary.parquet"
        rows = _parquet_rows(path, table) if path.is_file() else []
        return path, rows, [k + 2 for k in range(len(rows))]
    path = folder / "summary" / f"{table}.csv"
    return (path, *(_csv_rows(path, table) if path.is_file() else ([], [])))


def _csv_rows(path: Path, table: str) -> tuple[list[dict[str, Any]], list[int]]:
    """Rows of a CSV file and the line at which each begins; cells of columns that are not words as floats, NaN where empty."""
    try:
        placed = read_csv(path)
        words = WORDS[table]
        rows = [{n: v if n in words or words == ALL else real(v) for n, v in row.items() if n} for _, row in placed]
        return rows, [line for line, _ in placed]
    except (ValueError, csv.Error) as error:
        raise DataError(f"The table {table} cannot be read.", file=path, key=table, value=str(error)) from error


def _parquet_rows(path: Path, table: str) -> list[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            return list(file.read().to_pylist())
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"The table {table} cannot be read.", file=path, key=table, value=str(error)) from error


def _checked(table: str, path: Path, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not rows and table in OPTIONAL and not path.is_file():
        return rows
    if not rows and not (table in MAY_BE_EMPTY and path.is_file()):
        there = path.is_file() or (path.is_dir() and any(path.iterdir()))
        absent = f"The run folder lacks the table {table}, which the report needs."
        text = f"The table {table} has no rows." if there else absent
        raise DataError(text, file=path, key=table)
    for column in COLUMNS[table]:
        if rows and column not in rows[0]:
            raise DataError(f"The table {table} lacks a column.", file=path, key=column,
                            nearest=nearest(column, rows[0]))  # fmt: skip
    return rows
