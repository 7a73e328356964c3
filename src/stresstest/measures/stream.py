"""One column of a run, read part by part, with the weight and the group of every future.

A column of up to GATHER values is held once it is read; a longer one is read again for every pass and never held whole. Small
tables (HELD cells) are read once for all their columns.
Tables of older runs have no weights or groups: every future then weighs 1 and belongs to group 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..results.hashing import column_of, part_files, row_groups
from .designs import Design

GATHER = 400_000
HELD = 4_000_000
#: What every reader needs of a row.
KEYS = ("strategy", "future", "weight", "group")
#: Columns that older runs lack, and what then holds.
ABSENT = {"weight": 1.0, "group": 0}
RANDOM = Design()


@dataclass(frozen=True)
class Parts:
    """The part files of one table and scenario, in the order of their futures; `held` what was read of them beforehand."""

    files: tuple[Path, ...]
    held: tuple[dict[str, Any], ...] = ()

    @staticmethod
    def of(folder: Path, table: str, scenario: str) -> Parts:
        """The parts of a run folder's table for a scenario."""
        return Parts(tuple(path for path in part_files(folder, table) if path.parent.name == scenario))

    def hold(self, columns: list[str]) -> Parts:
        """The same parts, with these columns read once and held where they have at most HELD cells together."""
        import pyarrow.parquet as pq

        cells = len(columns) * sum(pq.read_metadata(path).num_rows for path in self.files)
        return replace(self, held=tuple(self.read(columns))) if cells <= HELD else self

    def read(self, columns: list[str]) -> Iterator[dict[str, Any]]:
        """Columns row group by row group: numbers as arrays, words as `Words`."""
        import pyarrow as pa

        if self.held and all(name in self.held[0] for name in columns):
            yield from self.held
            return
        for path in self.files:
            for table in row_groups(path, columns):
                found: dict[str, Any] = {}
                for name in columns:
                    if name in ABSENT and name not in table.column_names:
                        found[name] = np.full(table.num_rows, ABSENT[name])
                        continue
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

    def numbered(self, numbers: dict[str, int]) -> np.ndarray:
        """The number of each row's word, by the numbers given for all words."""
        return np.array([numbers[word] for word in self.words], dtype=np.int64)[self.codes]


class Piece(NamedTuple):
    """A stretch of a column: values[n], weights[n] and groups[n] of its futures, in their order."""

    values: np.ndarray
    weights: np.ndarray
    groups: np.ndarray

    def cut(self, rows: slice | np.ndarray) -> Piece:
        """The chosen rows."""
        return Piece(self.values[rows], self.weights[rows], self.groups[rows])


@dataclass(frozen=True)
class Column:
    """A column of numbers as a repeatable stream; future 0 is left out and given apart as `central`.

    `pieces` yields Piece, or plain arrays of values where every future weighs 1 and groups do not matter.
    """

    pieces: Callable[[], Iterator[Any]]
    central: float = float("nan")
    design: Design = RANDOM

    def __iter__(self) -> Iterator[Piece]:
        for piece in self.pieces():
            if isinstance(piece, Piece):
                yield piece
            else:
                yield Piece(piece, np.ones(piece.size), np.zeros(piece.size, dtype=np.int64))

    @staticmethod
    def of(values: np.ndarray, weights: np.ndarray | None = None, groups: np.ndarray | None = None,
           design: Design = RANDOM) -> Column:  # fmt: skip
        """A column that is held whole; weights of 1 and one group where none are given."""
        weights = np.ones(values.size) if weights is None else np.asarray(weights, dtype=np.float64)
        groups = np.zeros(values.size, dtype=np.int64) if groups is None else np.asarray(groups, dtype=np.int64)
        held = [Piece(np.asarray(values, dtype=np.float64), weights, groups)]
        return Column(lambda: iter(held), design=design)

    def held(self) -> Column:
        """The same column, read once and held where it has at most GATHER values."""
        found: list[Piece] = []
        count = 0
        for piece in self:
            found.append(piece)
            count += piece.values.size
            if count > GATHER:
                return self
        return replace(self, pieces=lambda: iter(found))

    def first(self, count: int) -> Column:
        """The first `count` values."""

        def pieces() -> Iterator[Piece]:
            left = count
            for piece in self:
                if left <= 0:
                    return
                yield piece.cut(slice(0, left))
                left -= piece.values.size

        return replace(self, pieces=pieces)

    def replicates(self, count: int) -> Column:
        """The first `count` replicates of the design, whole."""

        def pieces() -> Iterator[Piece]:
            for piece in self:
                yield piece.cut(piece.groups < count)

        return replace(self, pieces=pieces, design=replace(self.design, replicates=count))


def strategy_column(
    parts: Parts, name: str, strategy: str, minus: str | None = None, design: Design = RANDOM
) -> Column:
    """`name` of a strategy, or its paired difference from another strategy in the same futures."""

    def with_central() -> Iterator[tuple[np.ndarray, Piece]]:
        for part in parts.read([*KEYS, name]):
            chosen = part["strategy"].equal(strategy)
            values, futures = np.asarray(part[name][chosen], dtype=np.float64), part["future"][chosen]
            if minus is not None:
                other = part["strategy"].equal(minus)
                if not np.array_equal(part["future"][other], futures):
                    raise ValueError(f"futures of {strategy} and {minus} do not match in a part of {name}")
                values = values - np.asarray(part[name][other], dtype=np.float64)
            yield futures, Piece(values, part["weight"][chosen], part["group"][chosen])

    def pieces() -> Iterator[Piece]:
        for futures, piece in with_central():
            yield piece.cut(futures != 0)

    return Column(pieces, _central(with_central()), design)


def _central(rows: Iterator[tuple[np.ndarray, Piece]]) -> float:
    """The value of future 0; NaN where there is none."""
    for futures, piece in rows:
        if np.any(futures == 0):
            return float(piece.values[futures == 0][0])
    return float("nan")
