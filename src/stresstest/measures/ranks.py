"""Exact order statistics of a weighted column in bounded memory.

The quantile at cumulative weight a is the smallest value such that the values up to it weigh at least a. A column longer than
GATHER values is never held whole: a histogram of weights finds the cell of each wanted value, and only the values of these
cells are gathered. What is found this way is the value itself and not an estimate of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from . import stream
from .stream import Column, Piece

CELLS = 4096


@dataclass(frozen=True)
class Ranks:
    """Finds values of a column of `count` values in [low, high]; `weight` of each future where all weigh alike, or 0."""

    column: Column
    low: float
    high: float
    count: int
    weight: float

    def at(self, targets: Iterable[float]) -> dict[float, float]:
        """The value at each cumulative weight: the smallest where it is 0 or less, the largest beyond the whole weight."""
        wanted = sorted(set(targets))
        if self.count > stream.GATHER:
            found: dict[float, float] = {}
            _search(self.column, np.array(wanted), self.low, self.high, 0.0, found)
            return found
        values, weights = self._ordered
        places = np.minimum(np.searchsorted(weights, wanted), self.count - 1)
        return dict(zip(wanted, values[places].tolist(), strict=True))

    @cached_property
    def _ordered(self) -> tuple[np.ndarray, np.ndarray]:
        """All values in order, and the weight up to each."""
        pieces = list(self.column)
        values = np.concatenate([piece.values for piece in pieces])
        if self.weight > 0.0:
            return np.sort(values), self.weight * np.arange(1.0, self.count + 1.0)
        order = np.argsort(values, kind="stable")
        return values[order], np.cumsum(np.concatenate([piece.weights for piece in pieces])[order])


def _cells(column: Column, low: float, high: float) -> Iterator[tuple[np.ndarray, Piece]]:
    """The values in [low, high] piece by piece, with their cells of the histogram; a larger value has no lower cell."""
    for piece in column:
        inside = piece.cut((piece.values >= low) & (piece.values <= high))
        share = (inside.values - low) / (high - low)
        yield np.minimum((share * CELLS).astype(np.int64), CELLS - 1), inside


def _search(
    column: Column, targets: np.ndarray, low: float, high: float, before: float, found: dict[float, float]
) -> None:
    """Find the values at targets (rising) that lie in [low, high], where the values below low weigh `before`."""
    if low == high:
        found.update(dict.fromkeys(targets.tolist(), low))
        return
    counts, weights = np.zeros(CELLS, dtype=np.int64), np.zeros(CELLS)
    for cell, inside in _cells(column, low, high):
        counts += np.bincount(cell, minlength=CELLS)
        weights += np.bincount(cell, inside.weights, CELLS)
    ends = before + np.cumsum(weights)
    cells = np.minimum(np.searchsorted(ends, targets), int(np.flatnonzero(counts)[-1]))
    cells = np.maximum(cells, int(np.flatnonzero(counts)[0]))
    wanted = np.unique(cells)
    small = wanted[counts[wanted] <= stream.GATHER]
    for batch in _batches(small, counts):
        _gather(column, targets, cells, batch, low, high, ends - weights, found)
    for cell in wanted[counts[wanted] > stream.GATHER]:
        a, b = _limits(column, low, high, int(cell))
        _search(column, targets[cells == cell], a, b, float(ends[cell] - weights[cell]), found)


def _batches(cells: np.ndarray, counts: np.ndarray) -> Iterator[np.ndarray]:
    """The cells in groups that hold at most GATHER values together."""
    batch: list[int] = []
    size = 0
    for cell in cells.tolist():
        if batch and size + counts[cell] > stream.GATHER:
            yield np.array(batch)
            batch, size = [], 0
        batch.append(cell)
        size += int(counts[cell])
    if batch:
        yield np.array(batch)


def _gather(
    column: Column, targets: np.ndarray, cells: np.ndarray, batch: np.ndarray, low: float, high: float,
    starts: np.ndarray, found: dict[float, float],
) -> None:  # fmt: skip
    """Find the values at the targets that lie in the cells of `batch`, in one pass over the column."""
    chosen = np.zeros(CELLS, dtype=bool)
    chosen[batch] = True
    parts = [(cell[chosen[cell]], inside.cut(chosen[cell])) for cell, inside in _cells(column, low, high)]
    place = np.concatenate([cell for cell, _ in parts])
    values = np.concatenate([piece.values for _, piece in parts])
    weights = np.concatenate([piece.weights for _, piece in parts])
    for cell in batch:
        own = place == cell
        order = np.argsort(values[own], kind="stable")
        ends = starts[cell] + np.cumsum(weights[own][order])
        mine = targets[cells == cell]
        at = np.minimum(np.searchsorted(ends, mine), order.size - 1)
        found.update(zip(mine.tolist(), values[own][order][at].tolist(), strict=True))


def _limits(column: Column, low: float, high: float, wanted: int) -> tuple[float, float]:
    """The smallest and the largest value of a cell."""
    smallest, largest = np.inf, -np.inf
    for cell, inside in _cells(column, low, high):
        values = inside.values[cell == wanted]
        if values.size:
            smallest, largest = min(smallest, float(values.min())), max(largest, float(values.max()))
    return smallest, largest
