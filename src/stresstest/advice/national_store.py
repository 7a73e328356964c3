"""What many places come to, future by future: each run's outcomes are read once, for all strategies, and added up.

Totals are kept by future; by place and future only the exit's year and cause (a byte each) and the commissioner's exposure (four
bytes), which say later who fails with whom and who carries the worst futures. What is large lies in a file that goes away.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .. import layout as L
from ..errors import ConfigError, DataError
from ..measures import national as M
from ..measures.contagion import HOSPITAL, Group, Links
from ..measures.designs import Design
from ..measures.failures import Failure, failures
from ..measures.stream import Column, Parts, Piece
from .compare_store import STRETCH, Numbers
from .national_places import Places
from .reading import CODES, require
from .source import Source

Values = np.ndarray
EXPOSURE, CALL, SURPLUS, HEALTH = "commissioner exposure", "call on the national body", "provider surplus", "health"
PUBLIC, POOLED, SAVED = "public exposure", "call if limits are pooled", "saved by pooling limits"
#: (name, outcome column, unit, whether high is bad), in the order of reading; a call is exposure beyond the commissioner's limit.
ADDED = (
    (EXPOSURE, "commissioner_exposure_npv_gbp", "gbp", True), (PUBLIC, "public_exposure_npv_gbp", "gbp", True),
    (CALL, "commissioner_exposure_npv_gbp", "gbp", True), (SURPLUS, "provider_surplus_npv_gbp", "gbp", False),
    (HEALTH, "health_qaly_npv", "qaly", False),
)  # fmt: skip
SCORE, CARRIED = "mean_true_score", "commissioner_exposure_npv_gbp"
BURDEN, STEP_IN = "hospital_exposure_npv_gbp", "exposure_step_in_npv_gbp"
YEAR, CAUSE, ANY = "exit_year_index", "exit_cause_code", "any"
#: Bytes of one table of places and futures that are held in memory.
HELD = 200_000_000
#: Ends counted by year: those by losses, and all.
ENDS = ("losses", "early")


def room(shape: tuple[int, ...], kind: Any) -> Values:
    """An array of zeros: in memory, or in a file that goes away where it is large."""
    if int(np.prod(shape)) * np.dtype(kind).itemsize <= HELD:
        return np.zeros(shape, dtype=kind)
    return np.memmap(tempfile.TemporaryFile(), dtype=kind, shape=shape)


class ByFuture:
    """Numbers by future, row by row, with weights and groups of the futures as the first two rows."""

    def __init__(self, names: Sequence[str], n: int, design: Design) -> None:
        self.n, self.design = n, design
        self.rows = {name: k for k, name in enumerate(("weight", "group", *names))}
        self.numbers = Numbers(len(self.rows), n)
        self.kept: dict[int, tuple[Values, Values]] = {}

    def put(self, name: str, start: int, values: Values) -> None:
        """Write a stretch of a row."""
        if name in ("weight", "group"):
            self.kept.clear()
        self.numbers.put(self.rows[name], start, values)

    def get(self, name: str, start: int, stop: int) -> Values:
        """Read a stretch of a row."""
        return self.numbers.get(self.rows[name], start, stop)

    def stretches(self) -> Iterator[tuple[int, int]]:
        """(start, stop) of stretches of futures."""
        for start in range(0, self.n, STRETCH):
            yield start, min(start + STRETCH, self.n)

    def column(self, get: Callable[[int, int], Values]) -> Column:
        """A column worked out stretch by stretch, with the weights and groups of the futures."""

        def pieces() -> Iterator[Piece]:
            for start, stop in self.stretches():
                yield Piece(np.asarray(get(start, stop), dtype=np.float64), *self.tags(start, stop))

        return Column(pieces, design=self.design)

    def tags(self, start: int, stop: int) -> tuple[Values, Values]:
        """(weights, groups) of a stretch; kept where there is one stretch only."""
        if start not in self.kept:
            found = self.get("weight", start, stop), self.get("group", start, stop).astype(np.int64)
            if self.n > STRETCH:
                return found
            self.kept[start] = found
        return self.kept[start]

    def by_future(self, values: Values) -> Column:
        """An array by future, values[n], as a column."""
        return self.column(lambda a, b: values[a:b])

    def of(self, name: str) -> Column:
        """A row as a column."""
        return self.column(lambda start, stop: self.get(name, start, stop))


class Lived(ByFuture):
    """One place's outcomes under one strategy, being read."""

    next = 0

    def take(self, source: Source, part: Mapping[str, Any], codes: Mapping[str, Mapping[str, int]], strategy: str) -> None:
        """Take in a row group. Errors: DataError for futures that are missing or out of order."""
        rows = np.flatnonzero(part["strategy"].equal(strategy) & (part["future"] > 0))[: self.n - self.next]
        if not rows.size:
            return
        futures = part["future"][rows]
        if futures[0] != self.next + 1 or not np.array_equal(futures, np.arange(futures[0], futures[0] + rows.size)):
            raise DataError("futures of the run are missing or out of order", file=source.folder, value=f"future {self.next + 1}")
        for name in self.rows:
            stored = CODES.get(name, name)
            values = part[stored].numbered(codes[stored]) if stored in codes else part[stored]
            self.put(name, self.next, np.asarray(values)[rows])
        self.next += rows.size


def needs(failing: Sequence[Failure]) -> list[str]:
    """Every outcome column that is read."""
    own = [column for _, column, _, _ in ADDED]
    return list(dict.fromkeys([*own, SCORE, BURDEN, STEP_IN, YEAR, CAUSE, *(need for one in failing for need in one.needs)]))


def lived(found: Places, k: int, strategies: Sequence[str], columns: Sequence[str]) -> dict[str, Lived]:
    """A place's outcomes by strategy, read in one pass. Errors: DataError for missing futures or columns."""
    source = found.sources[k]
    out = {name: Lived(columns, found.n, found.design) for name in strategies}
    codes = {"exit_cause": {name: j for j, name in enumerate(L.EXIT_CAUSES)},
             "exit_year": {"": -1, **{label: j for j, label in enumerate(source.study.year_labels)}}}  # fmt: skip
    stored = [CODES.get(name, name) for name in columns]
    require(source, "outcomes", stored, source.scenario.name)
    parts = Parts.of(source.folder, "outcomes", source.scenario.name)
    for part in parts.read(["strategy", "future", "weight", "group", *stored]):
        for name, one in out.items():
            one.take(source, part, codes, name)
        if all(one.next == found.n for one in out.values()):
            break
    short = min(one.next for one in out.values())
    if short < found.n:
        raise DataError("a run lacks futures", file=source.folder, key="futures", value=short, expected=f"{found.n}")
    return out


class Store(ByFuture):
    """What the places come to under one strategy.

    year and cause int8[K, n], exposure float32[K, n] (£, commissioner), by_year int16[2, T, n] (places ended by losses and ended
    early, by the end of each year), hospital float64[hospitals, n] (£ on each hospital of two places or more),
    step_in float64[3, 2, K, T] (futures, weights and £ of ends by losses and by policy, by place and last year).
    """

    def __init__(self, found: Places, strategy: str, links: Links | None = None) -> None:
        self.found, self.strategy = found, strategy
        self.failing = [one.name for one in failures(found.sources[0].study)]
        rows = [*(f"{name}{end}" for name, *_ in ADDED for end in ("", " q", " r")), *self.failing, ANY]
        super().__init__(rows, found.n, found.design)
        for name in self.rows:
            for start, stop in self.stretches():
                self.put(name, start, np.zeros(stop - start))
        places, years = len(found.names), len(found.years)
        self.year, self.cause = room((places, found.n), np.int8), room((places, found.n), np.int8)
        self.exposure = room((places, found.n), np.float32)
        self.by_year = room((2, years, found.n), np.int16)
        self.hospitals: list[Group] = links.groups(HOSPITAL) if links else []
        self.hospital = room((len(self.hospitals), found.n), np.float64) if self.hospitals else np.zeros((0, found.n))
        self.step_in = np.zeros((3, 2, places, years))
        self.sds: dict[str, list[float]] = {name: [] for name, *_ in ADDED}
        self.added, self.finished = 0, False

    def add(self, name: str, start: int, values: Values) -> None:
        """Add values to a row of totals."""
        self.put(name, start, self.get(name, start, start + values.size) + values)

    def combined(self, name: str) -> M.Combined:
        """Columns worked out from a total and its sums of squares."""
        return lambda f: self.column(lambda a, b: f(*(self.get(f"{name}{end}", a, b) for end in ("", " q", " r"))))

    def losses(self, start: int, stop: int) -> Values:
        """bool[K, stop − start]: whether losses end the contract."""
        return np.asarray(self.cause[:, start:stop] >= L.EXIT_FIRST_ADVERSE)

    def tag(self, k: int, one: Lived) -> None:
        """Begin place k, with the weights and groups of the first. Errors: ConfigError where another's futures weigh otherwise,
        DataError for a place that has been added, or out of order.
        """
        if k != self.added or self.finished:
            raise DataError("places are added once each, in their order", key="place", value=k, expected=f"{self.added}")
        self.added += 1
        for start, stop in self.stretches():
            for name in ("weight", "group"):
                values = one.get(name, start, stop)
                if k == 0:
                    self.put(name, start, values)
                elif not np.array_equal(self.get(name, start, stop), values):
                    raise ConfigError("the runs do not share one economy: their futures weigh otherwise", key=name,
                                      file=self.found.sources[k].folder, expected="runs of one seed and design")  # fmt: skip

    def mark(self, k: int, one: Lived) -> None:
        """Keep a place's ends and exposure by future."""
        for start, stop in self.stretches():
            year, cause = (one.get(name, start, stop).astype(np.int8) for name in (YEAR, CAUSE))
            self.year[k, start:stop], self.cause[k, start:stop] = year, cause
            self.exposure[k, start:stop] = one.get(CARRIED, start, stop)
            self._count(k, start, year.astype(np.int64), cause, one.get("weight", start, stop), one.get(STEP_IN, start, stop))
            for g, group in enumerate(self.hospitals):
                if k in group.members:
                    self.hospital[g, start:stop] += one.get(BURDEN, start, stop)

    def _count(self, k: int, start: int, year: Values, cause: Values, weight: Values, cost: Values) -> None:
        """Count a place's ends by year, and what stepping in costs then."""
        by_losses, years = cause >= L.EXIT_FIRST_ADVERSE, self.by_year.shape[1]
        for j, rows in enumerate((np.flatnonzero(by_losses), np.flatnonzero(year >= 0))):
            self.by_year[j, year[rows], start + rows] += 1
        for j, rows in enumerate((np.flatnonzero(by_losses), np.flatnonzero(~by_losses & (year >= 0)))):
            weights = weight[rows]
            for i, values in enumerate((np.ones(rows.size), weights, weights * cost[rows])):
                self.step_in[i, j, k] += np.bincount(year[rows], values, years)

    def finish(self) -> None:
        """Turn ends in each year into ends by the end of each year, once. Errors: DataError before all places are in."""
        if self.finished or self.added != len(self.found.names):
            raise DataError("totals are finished once, when every place is in", value=self.added,
                            expected=f"{len(self.found.names)} places")  # fmt: skip
        self.finished = True
        for t in range(1, self.by_year.shape[1]):
            self.by_year[:, t] += self.by_year[:, t - 1]
