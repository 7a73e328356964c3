"""What became of the results of two runs: every headline figure before and after, and whether the change is beyond noise.

How the error of a change is found, by what the two runs share (`method` of each row):

    paired         both lived the same futures and their tables are there: the difference is taken future by future, with the
                   error of the design; of means and chances only
    independent    other seeds: √(e₁² + e₂²)
    bound          anything else, such as the same seed with other numbers of futures: e₁ + e₂, which no correlation exceeds

"beyond noise" is a change of more than three errors. One figure that did not change passes that about once in 370 times, and
any of twenty at most once in 18 (Bonferroni). Low and high are the change less and plus three errors. Changes below nine
figures are "the same": processors differ that much.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .. import layout as L
from ..errors import DataError
from ..results.difference import Record
from .designs import Design
from .estimates import Wanted, estimate
from .headline import cause_column
from .stream import Column, Parts, Piece, strategy_column

Row = dict[str, Any]
PAIRED, INDEPENDENT, BOUND = "paired", "independent", "bound"
ERRORS, NINE_FIGURES = 3.0, 1e-9
SAME, WITHIN, BEYOND, UNKNOWN = "the same", "within noise", "beyond noise", "not known"
CHECKED = 16_384
AXES = tuple(f"{axis}_{end}" for axis in L.AXES for end in ("mean", "end"))
#: (party, metric, statistic, outcome column whose mean it is or "", words), in the order of reading.
HEADLINE: tuple[tuple[str, str, str, str, str], ...] = (
    ("contract", "exit_losses", "probability", "losses", "chance that losses end the contract early"),
    ("contract", "exit_policy", "probability", "policy", "chance that policy ends it"),
    ("contract", "ran_its_term", "probability", "term", "chance that it runs its term"),
    ("provider", "surplus_npv", "mean", "provider_surplus_npv_gbp", "provider's surplus, mean"),
    ("provider", "surplus_npv", "p50", "", "provider's surplus, median"),
    ("provider", "surplus_npv", "p5", "", "provider's surplus that 1 future in 20 falls below"),
    ("commissioner", "exposure_npv", "mean", "commissioner_exposure_npv_gbp", "commissioner's exposure, mean"),
    ("commissioner", "exposure_npv", "p50", "", "commissioner's exposure, median"),
    ("commissioner", "exposure_npv", "p95", "", "commissioner's exposure that 1 future in 20 exceeds"),
    ("commissioner", "exposure_npv", "cte99", "", "commissioner's exposure, mean of the worst 1 in 100"),
    ("public", "exposure_npv", "mean", "public_exposure_npv_gbp", "exposure of all public bodies, mean"),
    ("hospital", "exposure_npv", "mean", "hospital_exposure_npv_gbp", "hospital's exposure, mean"),
    ("council", "exposure_npv", "mean", "council_exposure_npv_gbp", "council's exposure, mean"),
    ("residents", "health_qaly_npv", "mean", "health_qaly_npv", "health gained, mean"),
    ("residents", "health_qaly_npv", "p5", "", "health gained that 1 future in 20 falls below"),
    ("contract", "true_score", "mean", "", "true progress on the outcomes, mean of the last year"),
)
EVENTS = {
    "losses": lambda cause: cause >= L.EXIT_FIRST_ADVERSE, "policy": lambda cause: cause == L.EXIT_POLICY,
    "term": lambda cause: cause == L.EXIT_NONE,
}  # fmt: skip
SUMMARY = ("scenario", "strategy", "party", "metric", "year", "statistic", "value", "error", "unit")


# ── what two runs share ────────────────────────────────────────────────────────────────────────────────────────────
def method_of(before: Record, after: Record, scenario: str) -> str:
    """How the error of a change in a scenario is found: paired, independent or bound."""
    a, b = before.manifest, after.manifest
    if a.get("seed") != b.get("seed"):
        return INDEPENDENT
    alike = all(a.get(key) == b.get(key) for key in ("design", "year_labels"))
    counts = [(one.get("futures") or {}).get(scenario) for one in (a, b)]
    if not alike or counts[0] is None or counts[0] != counts[1]:
        return BOUND
    return PAIRED if _same_axes(before.folder, after.folder, scenario) else BOUND


def _same_axes(before: Path, after: Path, scenario: str) -> bool:
    """Whether both runs have outcomes, and the axes and weights of their first futures are equal bit for bit."""
    if not all(Parts.of(folder, "outcomes", scenario).files for folder in (before, after)):
        return False
    tables = [_axes(folder, scenario) for folder in (before, after)]
    return tables[0].size > 0 and np.array_equal(tables[0], tables[1])


def _axes(folder: Path, scenario: str) -> np.ndarray:
    """Axes and weights of the first CHECKED futures; empty where the table lacks them."""
    parts, held, seen = Parts.of(folder, "futures", scenario), [], 0
    try:
        for part in parts.read(["weight", *AXES]):
            held.append(np.array([np.asarray(part[name], dtype=np.float64) for name in ("weight", *AXES)]))
            seen += held[-1].shape[1]
            if seen >= CHECKED:
                break
    except (KeyError, ValueError):
        return np.empty((0, 0))
    return np.concatenate(held, axis=1)[:, :CHECKED] if held else np.empty((0, 0))


class _Reader:
    """A column taken in stretches of any length."""

    def __init__(self, column: Column) -> None:
        self.pieces = iter(column)
        self.held: Piece | None = None

    @property
    def left(self) -> int:
        """Futures of the piece at hand; 0 at the end."""
        while self.held is None or not self.held.values.size:
            self.held = next(self.pieces, None)
            if self.held is None:
                return 0
        return int(self.held.values.size)

    def take(self, n: int) -> Piece:
        """The next n futures of the piece at hand."""
        assert self.held is not None
        piece, self.held = self.held.cut(slice(0, n)), self.held.cut(slice(n, None))
        return piece


def apart(after: Column, before: Column) -> Column:
    """The later column less the earlier one, future by future, though they were written in other pieces."""

    def pieces() -> Iterator[Piece]:
        a, b = _Reader(after), _Reader(before)
        while (n := min(a.left, b.left)) > 0:
            one, two = a.take(n), b.take(n)
            yield Piece(one.values - two.values, one.weights, one.groups)
        if a.left or b.left:
            raise DataError("The runs have other numbers of futures than their manifests say.", key="outcomes")

    return Column(pieces, design=after.design)


def _paired_error(before: Record, after: Record, scenario: str, strategy: str, what: str) -> float:
    """Standard error of the mean difference of a column, or of a way of ending, in the same futures."""

    def column(one: Record) -> Column:
        parts, design = Parts.of(one.folder, "outcomes", scenario), Design.from_manifest(one.manifest)
        if what not in EVENTS:
            return strategy_column(parts, what, strategy, None, design)
        causes = cause_column(parts, strategy, design)
        happens = EVENTS[what]
        return Column(lambda: (Piece(happens(p.values).astype(np.float64), p.weights, p.groups) for p in causes), design=design)

    try:
        return float(estimate(apart(column(after), column(before)), [Wanted("mean")])[0].error)
    except (KeyError, ValueError):  # a column or a cause that one of the versions does not know
        return math.nan


# ── figures ────────────────────────────────────────────────────────────────────────────────────────────────────────
def change_cells(before: Sequence[Any], after: Sequence[Any], method: str, paired: float = math.nan) -> Row:
    """Before, after, change, its error, ends and verdict, from (value, error) of both in one unit; None where not known."""
    (one, e_a), (two, e_b) = ([_real(x) for x in pair] for pair in (before, after))
    change = two - one
    error, used = paired, method
    if not math.isfinite(error):
        used = BOUND if method == PAIRED else method
        error = math.hypot(e_a, e_b) if used == INDEPENDENT else e_a + e_b
    return {
        "before": one, "before_error": e_a, "after": two, "after_error": e_b, "change": change,
        "change_error": error, "change_low": change - ERRORS * error, "change_high": change + ERRORS * error,
        "verdict": verdict(one, two, error), "method": used,
    }  # fmt: skip


def verdict(before: float, after: float, error: float) -> str:
    """the same, within noise, beyond noise, or not known."""
    if not (math.isfinite(before) and math.isfinite(after)):
        return UNKNOWN
    if abs(after - before) <= NINE_FIGURES * max(abs(before), abs(after)):
        return SAME
    if not math.isfinite(error):
        return UNKNOWN
    return BEYOND if abs(after - before) > ERRORS * error else WITHIN


def _real(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def summary_of(one: Record) -> dict[tuple[str, ...], Row] | None:
    """Figures of the summary by (scenario, strategy, party, metric, year, statistic); None where the run has no summary.

    Errors: DataError for a summary that cannot be read or lacks a column.
    """
    path = one.folder / "summary" / "summary.parquet"
    if not path.is_file():
        return None
    rows = rows_of(path)
    for name in SUMMARY:
        if not rows or name not in rows[0]:
            raise DataError("The summary lacks what is compared.", file=path, key=name, expected="the summary as it was written")
    return {tuple(str(row[key] or "") for key in SUMMARY[:6]): row for row in rows}


def rows_of(path: Path) -> list[Row]:
    """Rows of a small Parquet table. Errors: DataError for a file that cannot be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            return [dict(row) for row in file.read().to_pylist()]
    except (pa.ArrowException, OSError) as error:
        raise DataError("A table of the run cannot be read.", file=path, value=str(error)) from error


def output_rows(before: Record, after: Record) -> list[Row] | None:
    """Every headline figure that both summaries hold, by scenario and strategy; None where a run has no summary."""
    a, b = summary_of(before), summary_of(after)
    if a is None or b is None:
        return None
    shared = list(dict.fromkeys((key[0], key[1]) for key in b if key in a))
    methods = {scenario: method_of(before, after, scenario) for scenario in dict.fromkeys(s for s, _ in shared)}
    last = (after.manifest.get("year_labels") or [""])[-1]
    rows = []
    for scenario, strategy in shared:
        for party, metric, statistic, column, words in HEADLINE:
            key = (scenario, strategy, party, metric, last if metric == "true_score" else "", statistic)
            if key in a and key in b:
                wanted = methods[scenario] == PAIRED and column and " - " not in strategy
                paired = _paired_error(before, after, scenario, strategy, column) if wanted else math.nan
                old, new = ((one[key]["value"], one[key]["error"]) for one in (a, b))
                rows.append({"scenario": scenario, "strategy": strategy, "figure": words, "unit": str(b[key]["unit"] or ""),
                             **change_cells(old, new, methods[scenario], paired)})  # fmt: skip
    return rows


def hurdle_rows(before: Record, after: Record) -> list[Row] | None:
    """Each hurdle that both runs judge: its limit, and the chance of missing it; None where a run has no such table."""
    tables = [_hurdles(one) for one in (before, after)]
    if tables[0] is None or tables[1] is None:
        return None
    rows = []
    for key, new in tables[1].items():
        old = tables[0].get(key)
        if old is not None:
            then, now = ([one.get(f"fails_probability{end}") for end in ("", "_error")] for one in (old, new))
            rows.append({
                "scenario": key[0], "strategy": key[1], "hurdle": key[2], "words": str(new.get("words", "")),
                "unit": str(new.get("unit", "")), "limit_before": _real(old.get("limit")), "limit_after": _real(new.get("limit")),
                **change_cells(then, now, method_of(before, after, key[0])),
            })  # fmt: skip
    return rows


def _hurdles(one: Record) -> dict[tuple[str, ...], Row] | None:
    path = one.folder / "summary" / "hurdles.parquet"
    if not path.is_file():
        return None
    return {tuple(str(row.get(key, "")) for key in ("scenario", "strategy", "hurdle")): row for row in rows_of(path)}


# ── gaming ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def gaming_rows(before: Record, after: Record) -> list[Row] | None:
    """Every lever of either run's gaming table: what became of it, its gain, and the harm; None where a run has no table.

    A lever appears where it was not worth using and now is. Gains come from the search's own fresh futures: never paired.
    """
    tables = [_gaming(one) for one in (before, after)]
    if tables[0] is None or tables[1] is None:
        return None
    method = INDEPENDENT if before.manifest.get("seed") != after.manifest.get("seed") else BOUND
    return [_lever(name, tables[0].get(name), tables[1].get(name), method) for name in dict.fromkeys([*tables[1], *tables[0]])]


def _gaming(one: Record) -> dict[str, Row] | None:
    parts = sorted((one.folder / "tables" / "gaming").glob("*.parquet"))
    return {str(row["lever"]): row for part in parts for row in rows_of(part) if "lever" in row} if parts else None


def _lever(name: str, old: Row | None, new: Row | None, method: str) -> Row:
    found = change_cells(_gain(old), _gain(new), method)
    used = [row is not None and _real(row.get("intensity", 1.0)) != 0.0 for row in (old, new)]
    what = "appeared" if used[1] and not used[0] else "vanished" if used[0] and not used[1] else ""
    if not what:
        what = "not used" if not any(used) else "moved" if found["verdict"] == BEYOND else "as before"
    row: Row = {"lever": name, "what": what}
    row |= {"intensity_before": _cell(old, "intensity"), "intensity_after": _cell(new, "intensity")}
    row |= {f"gain_{key}_gbp" if key != "method" else key: value for key, value in found.items() if key != "verdict"}
    for key, told in (("harm_commissioner_mean_gbp", "harm_commissioner"), ("harm_qaly_mean", "harm")):
        unit = "gbp" if "gbp" in key else "qaly"
        row |= {f"{told}_before_{unit}": _cell(old, key), f"{told}_after_{unit}": _cell(new, key)}
    return row | {"verdict": found["verdict"]}


def _gain(row: Row | None) -> Sequence[float]:
    """(gain, error); a lever that is not there gains nothing."""
    return (0.0, 0.0) if row is None else (_cell(row, "gain_mean_gbp"), _cell(row, "gain_error_gbp"))


def _cell(row: Mapping[str, Any] | None, key: str) -> float:
    return _real(row.get(key)) if row is not None else math.nan
