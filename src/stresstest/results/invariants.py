"""What must hold in the tables of any run, looked for while the part files are read back, one row group at a time.

Each question sees every row group of its tables once, in the order of the files, and remembers the first fault: a run and its
verification read the tables once for all questions and for the results hash (census.py).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .. import layout as L
from . import schema
from .hashing import column_of, runs

#: A sum of a few large amounts is off by their rounding: 1e-13 of their size, £0.0001 on a billion.
POUNDS, SHARE = 1e-6, 1e-13
STANDARD_ERRORS, QUADRATURE = 6.0, 0.005


class Check(NamedTuple):
    """The outcome of one check: its name in words, whether it holds, and what was found."""

    name: str
    ok: bool
    detail: str


class Question(ABC):
    """One thing that must hold in some tables. Below, `part` says where a row group lies: "outcomes/calibrated/part-…"."""

    name = ""
    tables: tuple[str, ...] = ()

    @abstractmethod
    def see(self, table: str, part: str, group: pa.Table) -> str:
        """Look at the next row group of a table; the fault that it shows, or ""."""

    def end(self) -> str:
        """What is wrong once everything was seen; "" when nothing is."""
        return ""


def numbers(table: pa.Table, name: str) -> np.ndarray:
    """A numeric column as float64."""
    return np.asarray(column_of(table, name).to_numpy(zero_copy_only=False), dtype=np.float64)


def _future(group: pa.Table, row: int) -> Any:
    return group.column("future")[row].as_py()


def _where(part: str) -> str:
    return part.rpartition("/")[0]


class Finite(Question):
    """No number is NaN or infinite."""

    name, tables = "every number is finite", schema.SIMULATED

    def see(self, table: str, part: str, group: pa.Table) -> str:
        """As Question.see."""
        for column in schema.names(table, schema.REAL):
            values = numbers(group, column)
            if not np.isfinite(values).all():
                bad = int(np.flatnonzero(~np.isfinite(values))[0])
                return f"{_where(part)}: {column}, future {_future(group, bad)}"
        return ""


class Exposure(Question):
    """Net exposure is the sum of its causes."""

    name, tables = "net exposure is the sum of its causes", ("outcomes",)

    def see(self, table: str, part: str, group: pa.Table) -> str:
        """As Question.see."""
        total, size = np.zeros(group.num_rows), np.zeros(group.num_rows)
        for name in L.EXPOSURE:
            cause = numbers(group, f"exposure_{name}_npv_gbp")
            total += cause
            size += np.abs(cause)
        total -= numbers(group, "commissioner_exposure_npv_gbp")
        bad = np.flatnonzero(np.abs(total, out=total) > POUNDS + SHARE * size)
        if not bad.size:
            return ""
        return f"{_where(part)}: off by £{total[bad[0]]:.6f} in future {_future(group, int(bad[0]))}"


class Endings(Question):
    """An exit year stands beside a cause, and no cause without one."""

    name, tables = "a cause is given for every early exit and no other", ("outcomes",)

    def see(self, table: str, part: str, group: pa.Table) -> str:
        """As Question.see."""
        ran, none = _is(group, "exit_year", ""), _is(group, "exit_cause", L.EXIT_CAUSES[L.EXIT_NONE])
        bad = np.flatnonzero(ran != none)
        return f"{_where(part)}: future {_future(group, int(bad[0]))}" if bad.size else ""


def _is(group: pa.Table, name: str, word: str) -> np.ndarray:
    """Where a column of words holds `word`."""
    column = column_of(group, name)
    if not pa.types.is_dictionary(column.type):
        return np.asarray(pc.equal(column, word).to_numpy(zero_copy_only=False))
    codes = [k for k, own in enumerate(column.dictionary.to_pylist()) if own == word]
    return np.isin(column.indices.to_numpy(zero_copy_only=False), codes)


class RunningSum(Question):
    """Cumulative surplus is the running sum of surplus. A part holds whole futures: strategy by strategy, year by year."""

    name, tables = "cumulative surplus is the running sum of surplus", ("years",)
    _NAMES = ("future", "surplus_gbp", "cumulative_surplus_gbp")

    def __init__(self) -> None:
        self.part, self.key, self.pieces = "", ("", "", ""), list[np.ndarray]()
        self.strategy, self.total, self.size = "", np.zeros(0), np.zeros(0)

    def see(self, table: str, part: str, group: pa.Table) -> str:
        """As Question.see: row groups may end within a year."""
        values, fault = np.array([numbers(group, name) for name in self._NAMES]), ""
        for key, start, rows in runs(group, ("strategy", "scenario", "year")):
            if (part, key) != (self.part, self.key):
                fault = fault or self._close()
                if part != self.part:
                    self.strategy = ""
                self.part, self.key = part, (key[0], key[1], key[2])
            self.pieces.append(values[:, start : start + rows])
        return fault

    def end(self) -> str:
        """As Question.end."""
        return self._close()

    def _close(self) -> str:
        """What is wrong with the year that has now been seen whole."""
        if not self.pieces:
            return ""
        (futures, surplus, cumulative), self.pieces = np.concatenate(self.pieces, axis=1), []
        strategy, scenario, year = self.key
        if strategy != self.strategy:
            self.strategy, self.total, self.size = strategy, np.zeros(surplus.size), np.zeros(surplus.size)
        if surplus.size != self.total.size:
            return f"{scenario}, {strategy}, {year}: {surplus.size} futures, {self.total.size} the year before"
        self.total, self.size = self.total + surplus, self.size + np.abs(surplus) + np.abs(cumulative)
        bad = np.flatnonzero(np.abs(self.total - cumulative) > POUNDS + 10 * SHARE * self.size)
        return f"{scenario}, {strategy}, {year}, future {int(futures[bad[0]])}" if bad.size else ""


class Rows(Question):
    """Every group holds the futures 0, 1, 2 … once each, in order, up to its number."""

    name, tables = "every future is there once", schema.SIMULATED

    def __init__(self, manifest: dict[str, Any]) -> None:
        self.expected = {table: expected_rows(manifest, table) for table in schema.SIMULATED}
        self.following = {table: dict.fromkeys(expected, 0) for table, expected in self.expected.items()}

    def see(self, table: str, part: str, group: pa.Table) -> str:
        """As Question.see."""
        futures = np.asarray(column_of(group, "future").to_numpy(zero_copy_only=False))
        following = self.following[table]
        for key, start, rows in runs(group, schema.GROUPS[table]):
            found, next_one = futures[start : start + rows], following.get(key, -1)
            if next_one < 0 or not np.array_equal(found, np.arange(next_one, next_one + rows)):
                return f"{table}: {', '.join(key)}: the row after future {next_one - 1} is future {int(found[0])}"
            following[key] += rows
        return ""

    def end(self) -> str:
        """As Question.end."""
        for table, expected in self.expected.items():
            for key, rows in expected.items():
                if (there := self.following[table][key]) != rows:
                    return f"{table}: {', '.join(key)}: {there} futures, expected {rows}"
        return ""


class Weights(Question):
    """Weights are not negative and average 1, the central future left out.

    Exactly so, but in the scenarios `varying`, whose design or consistency factors make weights vary by chance: there within
    six standard errors, and half a per cent for the mean of the factors, which is a quadrature.
    """

    name, tables = "weights average 1", ("futures",)

    def __init__(self, manifest: dict[str, Any]) -> None:
        self.expected, self.varying = dict(manifest["futures"]), manifest.get("varying_weights", [])
        self.sums = {scenario: np.zeros(2) for scenario in self.expected}

    def see(self, table: str, part: str, group: pa.Table) -> str:
        """As Question.see."""
        weights, drawn = numbers(group, "weight"), numbers(group, "future") > 0
        for key, start, rows in runs(group, ("scenario",)):
            own = weights[start : start + rows][drawn[start : start + rows]]
            self.sums.setdefault(key[0], np.zeros(2))[:] += own.sum(), ((own - 1.0) ** 2).sum()
        return "a weight is below zero" if (weights < 0.0).any() else ""

    def end(self) -> str:
        """As Question.end."""
        for scenario, (total, square) in self.sums.items():
            asked = self.expected.get(scenario, -1)
            chance = STANDARD_ERRORS * math.sqrt(square) + QUADRATURE * total if scenario in self.varying else 0.0
            if abs(total - asked) > 1e-9 * max(1.0, total) + chance:
                return f"{scenario}: {total}, expected {asked}"
        return ""


class Condensed(Question):
    """All condensed futures are there, with the same weight in the sums and in the bins, and no bin has its edges crossed."""

    name, tables = "condensed futures add up", ("moments", "bins")

    def __init__(self, manifest: dict[str, Any]) -> None:
        self.expected = dict(manifest.get("condensed") or {})
        self.sums: dict[str, dict[tuple[str, ...], list[float]]] = {"moments": {}, "bins": {}}
        self.seen = False

    def see(self, table: str, part: str, group: pa.Table) -> str:
        """As Question.see."""
        self.seen, weights = True, numbers(group, "weight")
        if table == "bins" and (numbers(group, "low") > numbers(group, "high")).any():
            return "a bin has its edges crossed"
        lived = numbers(group, "futures") if table == "moments" else None
        for key, start, rows in runs(group, ("scenario", "strategy", "measure")):
            self.sums[table].setdefault(key, []).append(math.fsum(weights[start : start + rows]))
            if lived is not None and lived[start] != self.expected.get(key[0]):
                return f"{key[0]}: {lived[start]:.0f} futures, expected {self.expected.get(key[0])}"
        return ""

    def end(self) -> str:
        """As Question.end."""
        if not self.expected and not self.seen:
            return ""
        moments, bins = ({key: sum(own) for key, own in self.sums[name].items()} for name in ("moments", "bins"))
        for key in {*moments, *bins}:
            a, b = moments.get(key, -1.0), bins.get(key, -1.0)
            if abs(a - b) > 1e-9 * max(1.0, a) or {k[0] for k in moments} != set(self.expected):
                return f"{', '.join(key)}: weight {a} in the sums, {b} in the bins"
        return "" if moments else "the tables are missing"


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


def questions(manifest: dict[str, Any]) -> list[Question]:
    """Everything that can be asked of the tables of a run with this manifest."""
    return [Rows(manifest), Finite(), Weights(manifest), Endings(), Exposure(), Condensed(manifest), RunningSum()]
