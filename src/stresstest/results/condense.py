"""Futures that are summed up and not kept: what is left of a chunk, and how such pieces are joined without leaving a trace.

A piece covers futures first … first + futures − 1 of a scenario. For every strategy, and for every later strategy's difference
from the first one in the same future, and for every column of `outcomes` that is a number, it holds:

    moments   by cell of CELL futures: Σ w, Σ w², Σ w x, and about the cell's mean m: Σ w (x − m)², Σ w² (x − m), Σ w² (x − m)²
    extremes  lowest and highest value, and the number of the first future that has it
    bins      weight by bin, in whole units of UNIT, with the lowest and highest value in it; bins are 1/256 of a power of two
              wide, so that a value is known to within 0.4%, and exactly where a bin holds one value only
    ends      weight by year and cause of an early end, and by failure of each hurdle, in the same units

Whole units add up exactly in any order. Sums of cells are joined by `math.fsum`, which rounds once, and cells begin where
stretches begin, so that neither the size of chunks nor the order in which they finish changes a bit. Future 0 is left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from .. import layout as L

#: Futures whose sums are taken at once, and futures that are joined into one cell of a finished stretch.
CELL, STRETCH = 4096, 1 << 19
#: Weights are kept in whole units of this; a weight of 1 is exact, any other is rounded by at most 5e-10.
UNIT = 2.0**-30
#: Numbers nearer to 0 than SMALLEST share one bin; 1/256 of a power of two is the width of every other.
SMALLEST, LARGEST = 2.0**-20, 2.0**63
_SHIFT = 52 - 8
_FIRST, _LAST = (int(np.float64(x).view(np.int64)) >> _SHIFT for x in (SMALLEST, LARGEST))
MIDDLE = _LAST - _FIRST + 1
BINS = 2 * MIDDLE + 1
#: Columns of `outcomes` that are summed up; the last two are codes of the end.
MEASURES = L.OUTCOMES[:-2]
_EARLY = len(L.EXIT_CAUSES)
_NONE = np.zeros(0)


@dataclass(frozen=True)
class Event:
    """A hurdle as a comparison of one outcome: missed where the column is above (or below) the limit."""

    name: str
    column: str
    above: bool
    limit: float


@dataclass(frozen=True)
class Piece:
    """What is left of a stretch of futures; K labels (strategies, then differences), S strategies, M measures, C cells.

    `weight`, `square` float64[C]; `total`, `spread`, `tilt`, `error` float64[K, M, C]; `extreme` float64[K, M, 2] and
    `extreme_future` int64[K, M, 2]; `row`, `bin` int32[n] and `units` int64[n] the bins that are not empty (row = label · M +
    measure), `low` and `high` float64[n] the lowest and highest value in each; `ends` int64[S, T, causes]; `missed`
    int64[S, events + 1], the last for any of them or an end by losses.
    """

    futures: np.ndarray
    weight: np.ndarray
    square: np.ndarray
    total: np.ndarray
    spread: np.ndarray
    tilt: np.ndarray
    error: np.ndarray
    extreme: np.ndarray
    extreme_future: np.ndarray
    row: np.ndarray
    bin: np.ndarray
    units: np.ndarray
    low: np.ndarray
    high: np.ndarray
    ends: np.ndarray
    missed: np.ndarray

    def write(self, path: Path) -> None:
        """Write the arrays as one file. Errors: OSError."""
        with path.open("wb") as stream:
            np.savez(stream, **{f.name: getattr(self, f.name) for f in fields(self)})

    @staticmethod
    def read(path: Path) -> Piece:
        """Read a file of `write`. Errors: OSError, ValueError or KeyError for a file that is not one."""
        with np.load(path) as found:
            return Piece(**{f.name: found[f.name] for f in fields(Piece)})


def labels_of(strategies: Sequence[str]) -> tuple[str, ...]:
    """The strategies, then each later one's difference from the first in the same futures."""
    first, *others = strategies
    return (first, *others, *(f"{name} - {first}" for name in others))


# ── one chunk ──────────────────────────────────────────────────────────────────────────────────────────────────────
def bin_of(values: np.ndarray) -> np.ndarray:
    """The number of each value's bin, int64: MIDDLE for zero, rising with the value. Values are finite."""
    size = np.abs(values).view(np.int64) >> _SHIFT
    np.clip(size, _FIRST - 1, _LAST, out=size)
    size -= _FIRST - 1
    return np.asarray(np.where(values < 0.0, MIDDLE - size, MIDDLE + size))


def edges_of(bins: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper edge of each bin."""
    away = np.abs(bins - MIDDLE)
    inner = np.where(away > 0, ((away + _FIRST - 1) << _SHIFT).view(np.float64), -SMALLEST)
    outer = ((away + _FIRST) << _SHIFT).view(np.float64)
    below = bins < MIDDLE
    return np.where(below, -outer, inner), np.where(below, -inner, outer)


def condense(
    first: int, out: np.ndarray, nature: np.ndarray, years: int, events: Sequence[Event] = ()
) -> Piece:
    """What is left of a chunk: out[S, OUTCOMES, n], nature[NATURE + TAGS, n] of futures first … first + n − 1."""
    central = 1 if first == 0 else 0
    weight = nature[len(L.NATURE) + L.TAG_WEIGHT, central:]
    units = np.rint(weight / UNIT)
    chosen = np.ascontiguousarray(out[:, : len(MEASURES), central:])
    values = np.concatenate((chosen, chosen[1:] - chosen[:1])).reshape(-1, weight.size)
    shape = (-1, len(MEASURES))
    starts = np.array([0, *range(CELL - central, weight.size, CELL)])
    sums, square, moments = _cells(values, weight, starts)
    row, bins, counted, low, high = _binned(values, units)
    ends, missed = _ended(out[:, :, central:], units, years, events)
    lowest, highest = values.argmin(axis=1), values.argmax(axis=1)
    places = np.stack((lowest, highest), axis=1)
    total, spread, tilt, error = (m.reshape(*shape, starts.size) for m in moments)
    extreme = np.take_along_axis(values, places, axis=1).reshape(*shape, 2)
    return Piece(np.array([weight.size]), sums, square, total, spread, tilt, error, extreme,
                 (places + first + central).reshape(*shape, 2), row, bins, counted, low, high, ends, missed)  # fmt: skip


def _cells(values: np.ndarray, weight: np.ndarray, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Σ w and Σ w² by cell; then Σ w x, Σ w (x − m)², Σ w² (x − m), Σ w² (x − m)² by row and cell. A row stays in the cache."""
    add = lambda x: np.add.reduceat(x, starts, axis=-1)  # noqa: E731
    sums, square, lengths = add(weight), add(weight * weight), np.diff(np.r_[starts, weight.size])
    moments = [np.empty((len(values), starts.size)) for _ in range(4)]
    for k, row in enumerate(values):
        heavy = row * weight
        total = add(heavy)
        away = row - np.repeat(total / np.where(sums > 0.0, sums, 1.0), lengths)
        np.multiply(away, weight, out=heavy)
        away *= heavy
        moments[0][k], moments[1][k] = total, add(away)
        np.multiply(heavy, weight, out=away)
        moments[2][k] = add(away)
        heavy *= heavy
        moments[3][k] = add(heavy)
    return sums, square, moments


def _binned(values: np.ndarray, units: np.ndarray) -> tuple[np.ndarray, ...]:
    """Row, bin, units, lowest and highest value of every bin that is not empty."""
    found = []
    for k, row in enumerate(values):
        bins = bin_of(row)
        first = int(bins.min())
        bins -= first
        counted = np.bincount(bins, units)
        low, high = np.full(counted.size, np.inf), np.full(counted.size, -np.inf)
        np.minimum.at(low, bins, row)
        np.maximum.at(high, bins, row)
        at = np.flatnonzero(high >= low)
        found.append((np.full(at.size, k, dtype=np.int32), (at + first).astype(np.int32), counted[at].astype(np.int64),
                      low[at], high[at]))  # fmt: skip
    return tuple(np.concatenate(part) for part in zip(*found, strict=True))


def _ended(out: np.ndarray, units: np.ndarray, years: int, events: Sequence[Event]) -> tuple[np.ndarray, np.ndarray]:
    """Units by strategy, year and cause of an early end; units by strategy and hurdle missed, the last for any."""
    ends, missed = [], []
    for own in out:
        year, cause = (own[L.OUT[name]].astype(np.int64) for name in ("exit_year_index", "exit_cause_code"))
        early = cause > 0
        ends.append(np.bincount(year[early] * _EARLY + cause[early], units[early], years * _EARLY).reshape(years, _EARLY))
        over = [(own[L.OUT[e.column]] > e.limit) if e.above else (own[L.OUT[e.column]] < e.limit) for e in events]
        any_of = np.logical_or.reduce([cause >= L.EXIT_FIRST_ADVERSE, *over])
        missed.append([units[event].sum() for event in (*over, any_of)])
    return np.array(ends).astype(np.int64), np.array(missed).astype(np.int64)


# ── joining ────────────────────────────────────────────────────────────────────────────────────────────────────────
def join(pieces: Iterable[Piece]) -> Piece:
    """Several pieces as one with one cell, in whatever order they come. Memory: the bins of one piece and of the whole."""
    small: list[Piece] = []
    bins: _Bins | None = None
    for piece in pieces:
        bins = bins or _Bins(piece.total.shape[0] * piece.total.shape[1])
        bins.add(piece)
        small.append(replace(piece, row=_NONE, bin=_NONE, units=_NONE, low=_NONE, high=_NONE))
    assert bins is not None
    weight, square = (np.concatenate([getattr(p, name) for p in small]) for name in ("weight", "square"))
    names = ("total", "spread", "tilt", "error")
    together = {name: np.concatenate([getattr(p, name) for p in small], axis=-1) for name in names}
    total, spread, tilt, error = _joined_moments(together, weight, square)
    extreme, extreme_future = _joined_extremes(small)
    row, at, units, low, high = bins.found()
    return Piece(np.array([sum(int(p.futures[0]) for p in small)]), np.array([math.fsum(weight)]), np.array([math.fsum(square)]),
                 total, spread, tilt, error, extreme, extreme_future, row, at, units, low, high,
                 sum_of([p.ends for p in small]), sum_of([p.missed for p in small]))  # fmt: skip


def sum_of(arrays: Sequence[np.ndarray]) -> np.ndarray:
    """Whole numbers added up element by element, int64."""
    return np.asarray(np.sum(np.stack(arrays), axis=0))


class _Bins:
    """Bins of several pieces, added up in whole units; `rows` labels times measures."""

    def __init__(self, rows: int) -> None:
        self.units = np.zeros((rows, BINS), dtype=np.int64)
        self.low, self.high = np.full((rows, BINS), np.inf), np.full((rows, BINS), -np.inf)

    def add(self, piece: Piece) -> None:
        """Take in a piece, each of whose bins stands there once."""
        at = piece.row, piece.bin
        self.units[at] += piece.units
        self.low[at] = np.minimum(self.low[at], piece.low)
        self.high[at] = np.maximum(self.high[at], piece.high)

    def found(self) -> tuple[np.ndarray, ...]:
        """Row, bin, units, lowest and highest of every bin that is not empty."""
        row, at = np.nonzero(self.high >= self.low)
        return row.astype(np.int32), at.astype(np.int32), self.units[row, at], self.low[row, at], self.high[row, at]


def _rows(values: np.ndarray) -> np.ndarray:
    """fsum over the last axis, which keeps one place."""
    flat = values.reshape(-1, values.shape[-1])
    return np.array([math.fsum(row) for row in flat]).reshape(*values.shape[:-1], 1)


def _joined_moments(parts: dict[str, np.ndarray], weight: np.ndarray, square: np.ndarray) -> list[np.ndarray]:
    """Moments of cells about the mean of them all.

    Σ w (x − μ)² = Σ_c [q + W (m − μ)²]; Σ w² (x − μ) = Σ_c [a + W₂ (m − μ)]; Σ w² (x − μ)² = Σ_c [b + 2 (m − μ) a + W₂ (m − μ)²]
    """
    total = _rows(parts["total"])
    means = parts["total"] / np.where(weight > 0.0, weight, 1.0)
    away = means - total / max(math.fsum(weight), 1e-300)
    spread = _rows(np.concatenate((parts["spread"], weight * away * away), axis=-1))
    tilt = _rows(np.concatenate((parts["tilt"], square * away), axis=-1))
    error = _rows(np.concatenate((parts["error"], 2.0 * away * parts["tilt"], square * away * away), axis=-1))
    return [total, spread, tilt, error]


def _joined_extremes(pieces: Sequence[Piece]) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest value of all, each with the smallest number of a future that has it."""
    values = np.stack([p.extreme for p in pieces])
    best = np.stack((values[..., 0].min(axis=0), values[..., 1].max(axis=0)), axis=-1)
    numbers = np.stack([p.extreme_future for p in pieces])
    return best, np.where(values == best, numbers, np.iinfo(np.int64).max).min(axis=0)
