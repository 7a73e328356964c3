"""One column of a run, read part by part, and exact order statistics of it in bounded memory.

A column longer than GATHER values is never held whole: a histogram finds the cell of each wanted rank, and only the values
of that cell are gathered. The k-th smallest value found this way is the k-th smallest value, not an estimate of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..results.hashing import column_of, part_files, row_groups

GATHER = 400_000
CELLS = 4096


@dataclass(frozen=True)
class Parts:
    """The part files of one table and scenario, in the order of their futures."""

    files: tuple[Path, ...]

    @staticmethod
    def of(folder: Path, table: str, scenario: str) -> Parts:
        """The parts of a run folder's table for a scenario."""
        return Parts(tuple(path for path in part_files(folder, table) if path.parent.name == scenario))

    def read(self, columns: list[str]) -> Iterator[dict[str, Any]]:
        """Columns row group by row group: numbers as arrays, words as `Words`."""
        import pyarrow as pa

        for path in self.files:
            for table in row_groups(path, columns):
                found: dict[str, Any] = {}
                for name in columns:
                    values = column_of(table, name)
                    if pa.types.is_dictionary(values.type):
                        found[name] = Words(
                            values.indices.to_numpy(zero_copy_only=False), values.dictionary.to_pylist()
                        )
                    else:
                        found[name] = values.to_numpy(zero_copy_only=False)
                yield found


@dataclass(frozen=True)
class Words:
    """A column of words: the number of each row's word, and the words."""

    codes: np.ndarray
    words: list[str]

    def equal(self, word: str) -> np.ndarray:
        """True in the rows that hold `word`."""
        return self.codes == (self.words.index(word) if word in self.words else -1)

    def counts(self, chosen: np.ndarray) -> dict[str, int]:
        """How often each word stands in the chosen rows."""
        found = np.bincount(self.codes[chosen], minlength=len(self.words))
        return {word: int(count) for word, count in zip(self.words, found, strict=True) if count}


@dataclass(frozen=True)
class Column:
    """A column of numbers as a repeatable stream; future 0 is left out and given apart as `central`."""

    pieces: Callable[[], Iterator[np.ndarray]]
    central: float = float("nan")

    def __iter__(self) -> Iterator[np.ndarray]:
        return self.pieces()

    @staticmethod
    def of(values: np.ndarray) -> Column:
        """A column that is held whole."""
        return Column(lambda: iter([values]))


def strategy_column(parts: Parts, name: str, strategy: str, minus: str | None = None) -> Column:
    """`name` of a strategy, or its paired difference from another strategy in the same futures."""

    def with_central() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for part in parts.read(["strategy", "future", name]):
            chosen = part["strategy"].equal(strategy)
            values, futures = np.asarray(part[name][chosen], dtype=np.float64), part["future"][chosen]
            if minus is not None:
                other = part["strategy"].equal(minus)
                if not np.array_equal(part["future"][other], futures):
                    raise ValueError(f"futures of {strategy} and {minus} do not match in a part of {name}")
                values = values - np.asarray(part[name][other], dtype=np.float64)
            yield values, futures

    def pieces() -> Iterator[np.ndarray]:
        for values, futures in with_central():
            yield values[futures != 0]

    central = float("nan")
    for values, futures in with_central():
        if np.any(futures == 0):
            central = float(values[futures == 0][0])
            break
    return Column(pieces, central)


def ranked(column: Column, ranks: list[int], low: float, high: float, count: int) -> dict[int, float]:
    """The values at the given ranks (0 = smallest) of a column known to lie in [low, high] with `count` values."""
    if count <= GATHER:
        values = np.sort(np.concatenate(list(column)))
        return {rank: float(values[rank]) for rank in ranks}
    found: dict[int, float] = {}
    _search(column, sorted(set(ranks)), low, high, 0, found)
    return found


def _search(column: Column, ranks: list[int], low: float, high: float, before: int, found: dict[int, float]) -> None:
    """Find ranks whose values lie in [low, high], `before` values lying below low."""
    if low == high:
        found.update(dict.fromkeys(ranks, low))
        return
    edges = np.linspace(low, high, CELLS + 1)
    counts, smallest, largest = np.zeros(CELLS, dtype=np.int64), np.full(CELLS, np.inf), np.full(CELLS, -np.inf)
    for values in column:
        inside = values[(values >= low) & (values <= high)]
        cell = np.clip(np.searchsorted(edges, inside, side="right") - 1, 0, CELLS - 1)
        counts += np.bincount(cell, minlength=CELLS)
        np.minimum.at(smallest, cell, inside)
        np.maximum.at(largest, cell, inside)
    ends = before + np.cumsum(counts)
    cells = np.searchsorted(ends, ranks, side="right")
    for cell in np.unique(cells):
        mine = [rank for rank, c in zip(ranks, cells, strict=True) if c == cell]
        start = int(ends[cell] - counts[cell])
        if counts[cell] > GATHER:
            _search(column, mine, float(smallest[cell]), float(largest[cell]), start, found)
            continue
        a, b = smallest[cell], largest[cell]
        values = np.sort(np.concatenate([v[(v >= a) & (v <= b)] for v in column]))
        found.update({rank: float(values[rank - start]) for rank in mine})
