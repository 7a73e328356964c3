"""The columns of several runs, future by future beside each other: read once, kept in memory or in a file that goes away.

A file takes 8 bytes for each future, column and draft of one strategy. What is read back is one stretch of a few columns, so
that memory does not follow the number of futures.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ..errors import ConfigError, DataError
from ..measures.designs import Design
from ..measures.stream import Column, Piece
from .compare_shared import AGAIN, Drafts
from .failures import Failure, present
from .reading import outcomes

IN_MEMORY = 400_000_000
STRETCH = 262_144


#: Columns that count from a draft's own agreed budget. To compare them they count from the reference's.
BEYOND_BUDGET = ("commissioner_exposure_npv_gbp", "public_exposure_npv_gbp")


def budget_rise(drafts: Drafts, k: int) -> float:
    """How much more a draft's agreed budget is than the reference's (£, present value over the term); 0 for the same."""
    return present(drafts.sources[k].study, 0) - present(drafts.sources[drafts.reference].study, 0)


class Numbers:
    """float64[rows, n], in memory, or in a temporary file where that would take more than IN_MEMORY bytes."""

    def __init__(self, rows: int, n: int, most: int | None = None) -> None:
        self.n = n
        self.held = np.full((rows, n), np.nan) if 8 * rows * n <= (IN_MEMORY if most is None else most) else None
        self.file = None if self.held is not None else tempfile.TemporaryFile()  # noqa: SIM115
        if self.file is not None:
            os.ftruncate(self.file.fileno(), 8 * rows * n)

    def put(self, row: int, start: int, values: np.ndarray) -> None:
        """Write a stretch of a row."""
        if self.held is not None:
            self.held[row, start : start + values.size] = values
        elif self.file is not None:
            data = np.ascontiguousarray(values, dtype=np.float64).data.cast("B")
            at = 8 * (row * self.n + start)
            while data:
                done = os.pwrite(self.file.fileno(), data, at)
                data, at = data[done:], at + done

    def get(self, row: int, start: int, stop: int) -> np.ndarray:
        """Read a stretch of a row."""
        if self.file is None:
            return np.asarray(self.held[row, start:stop])  # type: ignore[index]
        size, at, parts = 8 * (stop - start), 8 * (row * self.n + start), []
        while size:
            parts.append(os.pread(self.file.fileno(), size, at))
            size, at = size - len(parts[-1]), at + len(parts[-1])
        return np.frombuffer(b"".join(parts), dtype=np.float64)


class Table:
    """Columns of every draft under one strategy, with the weight and the group of each future."""

    def __init__(self, drafts: Drafts, strategy: str, columns: Sequence[str], failing: Sequence[Failure]) -> None:
        self.drafts, self.n, self.design = drafts, drafts.n, drafts.design
        self.names = [*columns, *(one.name for one in failing)]
        self.numbers = Numbers(2 + len(self.names) * len(drafts.names), self.n)
        for k in range(len(drafts.names)):
            self._read(k, strategy, columns, failing)

    def _read(self, k: int, strategy: str, columns: Sequence[str], failing: Sequence[Failure]) -> None:
        """Take in a draft's outcomes. Errors: DataError for missing futures, ConfigError for other weights than the first's."""
        source, next_, rise = self.drafts.sources[k], 0, budget_rise(self.drafts, k)
        needs = list(dict.fromkeys([*columns, *(need for one in failing for need in one.needs)]))
        for part in outcomes(source, needs, None, strategy):
            rows = part["future"] - 1
            kept = rows < self.n
            if not rows.size or not kept.any():
                continue
            first = int(rows[0])
            if first != next_ or not np.array_equal(rows, np.arange(first, first + rows.size)):
                raise DataError("futures of the run are missing or out of order", file=source.folder, value=f"future {next_ + 1}")
            size = int(kept.sum())
            part.update({name: part[name] + rise for name in BEYOND_BUDGET if name in part})
            self._tags(k, first, part["weight"][:size], part["group"][:size])
            for j, name in enumerate(columns):
                self.numbers.put(self._row(j, k), first, part[name][:size])
            for j, one in enumerate(failing):
                self.numbers.put(self._row(len(columns) + j, k), first, one.failing(part)[:size].astype(np.float64))
            next_ = first + size
        if next_ != self.n:
            raise DataError("tables of this run lack futures", file=source.folder, value=next_, expected=f"{self.n} futures")

    def _tags(self, k: int, start: int, weight: np.ndarray, group: np.ndarray) -> None:
        """Keep weights and groups of the first draft; the others must have the same."""
        for row, values in enumerate((weight, group)):
            if k == 0:
                self.numbers.put(row, start, np.asarray(values, dtype=np.float64))
            elif not np.array_equal(self.numbers.get(row, start, start + values.size), np.asarray(values, dtype=np.float64)):
                raise ConfigError(f"{self.drafts.names[k]} does not live the same futures: they weigh otherwise",
                                  file=self.drafts.sources[k].folder, expected=AGAIN)  # fmt: skip

    def _row(self, column: int, draft: int) -> int:
        return 2 + column * len(self.drafts.names) + draft

    def stretches(self, size: int = STRETCH) -> Iterator[tuple[int, int]]:
        """(start, stop) of stretches of futures."""
        for start in range(0, self.n, size):
            yield start, min(start + size, self.n)

    def tags(self, start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
        """(weights, groups) of a stretch."""
        return self.numbers.get(0, start, stop), self.numbers.get(1, start, stop).astype(np.int64)

    def values(self, name: str, start: int, stop: int, sign: float = 1.0) -> np.ndarray:
        """float64[drafts, stop − start] of a column, times `sign`."""
        k = self.names.index(name)
        return sign * np.stack([self.numbers.get(self._row(k, d), start, stop) for d in range(len(self.drafts.names))])

    def one(self, name: str, draft: int, start: int, stop: int) -> np.ndarray:
        """A stretch of one draft's column."""
        return self.numbers.get(self._row(self.names.index(name), draft), start, stop)

    def column(self, get: Callable[[int, int], np.ndarray], design: Design | None = None) -> Column:
        """A column of numbers worked out stretch by stretch, with weights, groups and the design of the runs."""

        def pieces() -> Iterator[Piece]:
            for start, stop in self.stretches():
                yield Piece(get(start, stop), *self.tags(start, stop))

        return Column(pieces, design=design or self.design)

    def of(self, name: str, draft: int) -> Column:
        """A draft's column."""
        return self.column(lambda start, stop: self.one(name, draft, start, stop))

    def apart(self, name: str, a: int, b: int) -> Column:
        """Draft a less draft b, future by future."""
        return self.column(lambda start, stop: self.one(name, a, start, stop) - self.one(name, b, start, stop))
