"""What must hold in the tables of any run, checked by reading the part files back, one row group at a time."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .. import layout as L
from ..errors import DataError
from . import schema
from .hashing import column_of, part_files, row_groups, runs

#: A sum of a few large amounts is off by their rounding: 1e-13 of their size, £0.0001 on a billion.
POUNDS, SHARE = 1e-6, 1e-13
ENDS = ("exit_year", "exit_cause")
CAUSES = ("commissioner_exposure_npv_gbp", *(f"exposure_{name}_npv_gbp" for name in L.EXPOSURE))
STANDARD_ERRORS, QUADRATURE = 6.0, 0.005


class Check(NamedTuple):
    """The outcome of one check: its name in words, whether it holds, and what was found."""

    name: str
    ok: bool
    detail: str


def numbers(table: pa.Table, name: str) -> np.ndarray:
    """A numeric column as float64."""
    return np.asarray(column_of(table, name).to_numpy(zero_copy_only=False), dtype=np.float64)


def _not_finite(table: str, group: pa.Table) -> str:
    for column in schema.COLUMNS[table]:
        if column.kind == schema.REAL:
            bad = np.flatnonzero(~np.isfinite(numbers(group, column.name)))
            if bad.size:
                return f"{column.name}, future {group.column('future')[int(bad[0])].as_py()}"
    return ""


def _wrong_exposure(table: str, group: pa.Table) -> str:
    causes = np.array([numbers(group, f"exposure_{name}_npv_gbp") for name in L.EXPOSURE])
    gap = np.abs(causes.sum(axis=0) - numbers(group, "commissioner_exposure_npv_gbp"))
    bad = np.flatnonzero(gap > POUNDS + SHARE * np.abs(causes).sum(axis=0))
    if not bad.size:
        return ""
    return f"off by £{gap[bad[0]]:.6f} in future {group.column('future')[int(bad[0])].as_py()}"


def _wrong_exit(table: str, group: pa.Table) -> str:
    ran = pc.equal(column_of(group, "exit_year").dictionary_decode(), "")
    none = pc.equal(column_of(group, "exit_cause").dictionary_decode(), L.EXIT_CAUSES[L.EXIT_NONE])
    bad = np.flatnonzero(pc.xor(ran, none).to_numpy(zero_copy_only=False))
    return f"future {group.column('future')[int(bad[0])].as_py()}" if bad.size else ""


def _first_fault(
    folder: Path, table: str, find: Callable[[str, pa.Table], str], columns: tuple[str, ...] | None = None
) -> str:
    """The first fault that `find` sees in a table's row groups, of which it needs these columns (all where None)."""
    for path in part_files(folder, table):
        for group in row_groups(path, None if columns is None else ["future", *columns]):
            if fault := find(table, group):
                return f"{table}/{path.parent.name}: {fault}"
    return ""


def _wrong_running_sum(folder: Path) -> str:
    """The first future whose cumulative surplus is not the sum of its surpluses; "" when there is none.

    A part holds whole futures: strategy by strategy, year by year, its futures in order.
    """
    for path in part_files(folder, "years"):
        strategy, total, size = "", np.zeros(0), np.zeros(0)
        for key, futures, surplus, cumulative in _years_of(path):
            if key[0] != strategy:
                strategy, total, size = key[0], np.zeros(surplus.size), np.zeros(surplus.size)
            if surplus.size != total.size:
                return f"{key[1]}, {strategy}, {key[2]}: {surplus.size} futures, {total.size} the year before"
            total, size = total + surplus, size + np.abs(surplus) + np.abs(cumulative)
            bad = np.flatnonzero(np.abs(total - cumulative) > POUNDS + 10 * SHARE * size)
            if bad.size:
                return f"{key[1]}, {strategy}, {key[2]}, future {int(futures[bad[0]])}"
    return ""


def _years_of(path: Path) -> Any:
    """(strategy, scenario, year), futures, surplus and cumulative surplus of each year of a part, row groups joined."""
    names = ("future", "surplus_gbp", "cumulative_surplus_gbp")
    waiting: tuple[Any, list[np.ndarray]] | None = None
    for group in row_groups(path, ["strategy", "scenario", "year", *names]):
        values = np.array([numbers(group, name) for name in names])
        for key, start, rows in runs(group, ("strategy", "scenario", "year")):
            piece = values[:, start : start + rows]
            if waiting is not None and waiting[0] == key:
                waiting[1].append(piece)
                continue
            if waiting is not None:
                yield waiting[0], *np.concatenate(waiting[1], axis=1)
            waiting = (key, [piece])
    if waiting is not None:
        yield waiting[0], *np.concatenate(waiting[1], axis=1)


def _wrong_rows(folder: Path, table: str, expected: dict[tuple[str, ...], int]) -> str:
    """Every group holds the futures 0, 1, 2 … once each, in order, up to its number; "" when that is so."""
    keys = schema.GROUPS[table]
    following = dict.fromkeys(expected, 0)
    for path in part_files(folder, table):
        for group in row_groups(path, ["future", *keys]):
            futures = numbers(group, "future")
            for key, start, rows in runs(group, keys):
                found, next_one = futures[start : start + rows], following.get(key, -1)
                if next_one < 0 or not np.array_equal(found, np.arange(next_one, next_one + rows)):
                    return f"{', '.join(key)}: the row after future {next_one - 1} is future {int(found[0])}"
                following[key] += rows
    for key, rows in expected.items():
        if following[key] != rows:
            return f"{', '.join(key)}: {following[key]} futures, expected {rows}"
    return ""


def _wrong_weights(folder: Path, expected: dict[str, int], varying: list[str]) -> str:
    """Weights are not negative and average 1, the central future left out.

    Exactly so, but in the scenarios `varying`, whose design or consistency factors make weights vary by chance: there within
    six standard errors, and half a per cent for the mean of the factors, which is a quadrature.
    """
    sums = {scenario: np.zeros(2) for scenario in expected}
    for path in part_files(folder, "futures"):
        for group in row_groups(path, ["scenario", "future", "weight"]):
            weights, drawn = numbers(group, "weight"), numbers(group, "future") > 0
            for key, start, rows in runs(group, ("scenario",)):
                own = weights[start : start + rows][drawn[start : start + rows]]
                sums.setdefault(key[0], np.zeros(2))[:] += own.sum(), ((own - 1.0) ** 2).sum()
            if (weights < 0.0).any():
                return "a weight is below zero"
    for scenario, (total, square) in sums.items():
        asked = expected.get(scenario, -1)
        chance = STANDARD_ERRORS * math.sqrt(square) + QUADRATURE * total if scenario in varying else 0.0
        if abs(total - asked) > 1e-9 * max(1.0, total) + chance:
            return f"{scenario}: {total}, expected {asked}"
    return ""


def _wrong_condensed(folder: Path, expected: dict[str, int]) -> str:
    """All condensed futures are there, with the same weight in the sums and in the bins, and no bin has its edges crossed."""
    found = {name: [g for path in part_files(folder, name) for g in row_groups(path)] for name in ("moments", "bins")}
    if not expected and not any(found.values()):
        return ""
    keys = ("scenario", "strategy", "measure")
    sums: dict[str, dict[tuple[str, ...], float]] = {"moments": {}, "bins": {}}
    for name, groups in found.items():
        for group in groups:
            weights = numbers(group, "weight")
            for key, start, rows in runs(group, keys):
                sums[name][key] = sums[name].get(key, 0.0) + math.fsum(weights[start : start + rows])
            if name == "bins" and (numbers(group, "low") > numbers(group, "high")).any():
                return "a bin has its edges crossed"
            lived = numbers(group, "futures") if name == "moments" else ()
            for (scenario, *_), futures in zip((key for key, *_ in runs(group, keys)), lived, strict=False):
                if futures != expected.get(scenario):
                    return f"{scenario}: {futures:.0f} futures, expected {expected.get(scenario)}"
    for key in {*sums["moments"], *sums["bins"]}:
        a, b = (sums[name].get(key, -1.0) for name in ("moments", "bins"))
        if abs(a - b) > 1e-9 * max(1.0, a) or {k[0] for k in sums["moments"]} != set(expected):
            return f"{', '.join(key)}: weight {a} in the sums, {b} in the bins"
    return "" if sums["moments"] else "the tables are missing"


def expected_rows(manifest: dict[str, Any], table: str) -> dict[tuple[str, ...], int]:
    """Rows that each group of a simulated table must have, from the manifest's futures, strategies and years."""
    futures, strategies = manifest["futures"], list(manifest["strategies"])
    if table == "futures":
        return {(s,): n + 1 for s, n in futures.items()}
    if table == "outcomes":
        return {(s, k): n + 1 for s, n in futures.items() for k in strategies}
    most = manifest["years_futures"]
    if most < 0:
        return {}
    return {
        (s, k, y): min(n, most) + 1 for s, n in futures.items() for k in strategies for y in manifest["year_labels"]
    }


def check_tables(folder: Path, manifest: dict[str, Any]) -> list[Check]:
    """Every invariant that can be read off the tables of a run folder. A file that cannot be read fails its check."""

    def finite() -> str:
        return next((fault for t in schema.SIMULATED if (fault := _first_fault(folder, t, _not_finite))), "")

    def rows() -> str:
        faults = ((t, _wrong_rows(folder, t, expected_rows(manifest, t))) for t in schema.SIMULATED)
        return next((f"{table}: {fault}" for table, fault in faults if fault), "")

    questions: list[tuple[str, Callable[[], str]]] = [
        ("every future is there once", rows),
        ("every number is finite", finite),
        ("weights average 1", lambda: _wrong_weights(folder, manifest["futures"], manifest.get("varying_weights", []))),
        ("a cause is given for every early exit and no other", lambda: _first_fault(folder, "outcomes", _wrong_exit, ENDS)),
        ("net exposure is the sum of its causes", lambda: _first_fault(folder, "outcomes", _wrong_exposure, CAUSES)),
        ("condensed futures add up", lambda: _wrong_condensed(folder, manifest.get("condensed") or {})),
        ("cumulative surplus is the running sum of surplus", lambda: _wrong_running_sum(folder)),
    ]
    return [_ask(name, question) for name, question in questions]


def _ask(name: str, question: Callable[[], str]) -> Check:
    try:
        fault = question()
    except (DataError, pa.ArrowException, KeyError) as error:
        fault = str(error).replace("\n", ";")
    return Check(name, not fault, fault or "holds")
