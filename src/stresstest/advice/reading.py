"""From a run's tables to cases: row group by row group, so that a run of any size can be read.

Factors are what nature did (table futures), results how the contract went (table outcomes). Future 0 is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from .. import layout as L
from ..errors import DataError
from ..measures.designs import REPLICATED
from ..measures.stream import Parts
from ..methods.cases import Cases, Factor, codes_of, levels_of, room
from ..results import schema
from .failures import Failure
from .source import Source, columns_of

#: Futures that the levels of a factor are read from: enough for LEVELS parts.
SAMPLE = 400_000
AXIS_MEANS = tuple(f"{axis}_mean" for axis in L.AXES)
AXIS_ENDS = tuple(f"{axis}_end" for axis in L.AXES)
#: What is settled or happens besides the axes. How far the contract ever started is no part of how it goes.
OTHERS = tuple(name for name in L.NATURE[12:] if name not in ("starts", "realised_scope"))
ALL = AXIS_MEANS + AXIS_ENDS + OTHERS
#: Words that a table holds and the numbers that the kernel gave.
CODES = {"exit_cause_code": "exit_cause", "exit_year_index": "exit_year"}


def factor_of(name: str) -> Factor:
    """A column of table futures as a factor: its unit and meaning from the schema, its axis as its group."""
    column = next(c for c in schema.COLUMNS["futures"] if c.name == name)
    axis = name.rsplit("_", 1)[0]
    return Factor(name, column.unit, column.description, axis if axis in L.AXES else "")


def require(source: Source, table: str, columns: Sequence[str], scenario: str) -> None:
    """Refuse a run of an older version, whose tables lack columns that analyses read. Errors: DataError with the remedy."""
    import pyarrow.parquet as pq

    files = Parts.of(source.folder, table, scenario).files
    there = set(pq.read_schema(files[0]).names) if files else set()
    for name in columns:
        if files and name not in there:
            raise DataError(
                f"this run is of an older version: its table {table} has no column {name}", file=source.folder, key=name,
                expected=f"a run of this version: stresstest run {source.study.name}",
            )  # fmt: skip


def nature(source: Source, columns: Sequence[str], scenario: str | None = None) -> Iterator[dict[str, np.ndarray]]:
    """Columns of table futures by row group, with `future`; future 0 left out."""
    parts = Parts.of(source.folder, "futures", scenario or source.scenario.name)
    require(source, "futures", columns, scenario or source.scenario.name)
    for part in parts.read(["future", *columns]):
        kept = part["future"] > 0
        yield {name: np.asarray(part[name])[kept] for name in ("future", *columns)}


def outcomes(
    source: Source, columns: Sequence[str], scenario: str | None = None, strategy: str | None = None
) -> Iterator[dict[str, np.ndarray]]:  # fmt: skip
    """Columns of table outcomes by row group for one strategy, with `future`, `weight` and `group`; ends as numbers."""
    stored = [CODES.get(name, name) for name in columns]
    causes = {name: k for k, name in enumerate(L.EXIT_CAUSES)}
    years = {"": -1, **{label: k for k, label in enumerate(source.study.year_labels)}}
    parts = Parts.of(source.folder, "outcomes", scenario or source.scenario.name)
    require(source, "outcomes", stored, scenario or source.scenario.name)
    for part in parts.read(["strategy", "future", "weight", "group", *stored]):
        kept = part["strategy"].equal(strategy or source.strategy.name) & (part["future"] > 0)
        found = {name: np.asarray(part[name])[kept] for name in ("future", "weight", "group")}
        for name, column in zip(columns, stored, strict=True):
            if name in CODES:
                numbers = part[column].numbered(causes if column == "exit_cause" else years)
                found[name] = numbers[kept].astype(np.float64)
            else:
                found[name] = np.asarray(part[column])[kept]
        yield found


def _levels(source: Source, factors: Sequence[str], scenario: str) -> tuple[np.ndarray, ...]:
    """The levels of each factor, from the first SAMPLE futures."""
    seen: list[dict[str, np.ndarray]] = []
    for part in nature(source, factors, scenario):
        seen.append(part)
        if sum(one["future"].size for one in seen) >= SAMPLE:
            break
    if not seen:
        raise DataError("the run has no futures of this scenario", file=source.folder, key=scenario)
    return tuple(levels_of(np.concatenate([one[name] for one in seen])) for name in factors)


def read_cases(
    source: Source, factors: Sequence[str] = ALL, results: Sequence[str] = (), failing: Sequence[Failure] = (),
    scenario: str | None = None, strategy: str | None = None,
) -> Cases:  # fmt: skip
    """The futures of a run's scenario under a strategy: factors, results by name, and a result 0/1 for each failure.

    Errors: DataError where a table lacks futures that it should have.
    """
    name = scenario or source.scenario.name
    n = int(source.manifest["futures"][name])
    levels = _levels(source, factors, name)
    codes, weight, groups = room((len(factors), n), np.uint16), room((n,), np.float64), room((n,), np.int64)
    told = {key: room((n,), np.float64) for key in (*results, *(one.name for one in failing))}
    seen = 0
    for part in nature(source, factors, name):
        rows = part["future"] - 1
        for k, factor in enumerate(factors):
            codes[k, rows] = codes_of(part[factor], levels[k])
        seen += rows.size
    needs = list(dict.fromkeys([*results, *(need for one in failing for need in one.needs)]))
    for part in outcomes(source, needs, name, strategy):
        rows = part["future"] - 1
        weight[rows], groups[rows] = part["weight"], part["group"]
        for key in results:
            told[key][rows] = part[key]
        for one in failing:
            told[one.name][rows] = one.failing(part)
        seen += rows.size
    if seen != 2 * n:
        raise DataError("tables of this run lack futures", file=source.folder, value=seen, expected=f"{2 * n} rows")
    kind = source.manifest.get("design", {}).get("kind", "random")
    # futures of one stratum are independent of each other; those of a replicate and of a mirrored pair are not
    grouped = kind in REPLICATED or (kind == "random" and np.unique(groups[:1000]).size > 1)
    return Cases(tuple(factor_of(one) for one in factors), codes, levels, told, weight, groups if grouped else None)


def require_same(source: Source, futures: int = 64) -> None:
    """Refuse a run whose futures no longer come out as its tables have them: it was made by another version.

    Analyses set the run's tables beside the same futures lived again. Errors: DataError with the remedy.
    """
    columns = ("provider_surplus_npv_gbp", "commissioner_exposure_npv_gbp", "health_qaly_npv")
    part = next(iter(outcomes(source, columns)))
    n = int(min(futures, source.futures))
    first = np.argsort(part["future"], kind="stable")[:n]
    if not np.array_equal(part["future"][first], np.arange(1, n + 1)):
        return
    again = columns_of(source.live(n, jobs=1)[0])
    for name in columns:
        if not np.allclose(again[name], part[name][first], rtol=1e-9, atol=0.01):
            raise DataError(
                "this run was made by another version: its futures no longer come out as its tables have them",
                file=source.folder, key=name, expected=f"a run of this version: stresstest run {source.study.name}",
            )  # fmt: skip
