"""Cases: one row a future, what it was given (factors) and what came of it (results), held small.

A factor is held as a whole number for every future, which stands for a level: each distinct value where there are up to LEVELS
of them, otherwise the mean of a LEVELS-th part of the futures. Ranks, limits and fits are then those of the levels; a table of
up to LEVELS rows loses nothing. A future takes 2 bytes for a factor and 8 for a result and its weight; beyond HELD bytes the
arrays are kept on disk (memory-mapped), so that memory does not follow the number of futures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..errors import DataError, nearest

LEVELS = 16_384
HELD = 1_000_000_000


@dataclass(frozen=True)
class Factor:
    """An input that may matter: name, unit, meaning in words, and the group that it belongs to ("" for none)."""

    name: str
    unit: str = ""
    words: str = ""
    group: str = ""


def room(shape: tuple[int, ...], kind: Any) -> np.ndarray:
    """An empty array: in memory, or on disk where it is large."""
    if int(np.prod(shape)) * np.dtype(kind).itemsize <= HELD:
        return np.empty(shape, dtype=kind)
    import tempfile

    return np.memmap(tempfile.TemporaryFile(), dtype=kind, shape=shape)


def levels_of(values: np.ndarray) -> np.ndarray:
    """The levels of a factor, ascending float64[k], k ≤ LEVELS, from all or the first many of its values."""
    distinct = np.unique(values)
    if distinct.size <= LEVELS:
        return distinct
    ordered = np.sort(values)
    starts = np.linspace(0, ordered.size, LEVELS, endpoint=False).astype(np.int64)
    means = np.add.reduceat(ordered, starts) / np.diff([*starts, ordered.size])
    return np.unique(means)


def codes_of(values: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """The number of the nearest level for each value, uint16[n]."""
    middles = (levels[1:] + levels[:-1]) / 2.0
    return np.searchsorted(middles, values, side="left").astype(np.uint16)


def _unknown(what: str, name: str, known: tuple[str, ...]) -> DataError:
    return DataError(f"there is no such {what}", key=name, expected=", ".join(known), nearest=nearest(name, known))


@dataclass(frozen=True)
class Cases:
    """Futures as rows.

    codes uint16[factors, n]; levels one ascending float64[k] for each factor; results float64[n] by name; weight float64[n].
    Futures are independent of each other unless `groups` (int64[n]) says which are not.
    """

    factors: tuple[Factor, ...]
    codes: np.ndarray
    levels: tuple[np.ndarray, ...]
    results: dict[str, np.ndarray]
    weight: np.ndarray
    groups: np.ndarray | None = None

    @staticmethod
    def of(
        columns: Mapping[str, np.ndarray], results: Mapping[str, np.ndarray], weight: np.ndarray | None = None,
        factors: Sequence[Factor] = (),
    ) -> Cases:  # fmt: skip
        """Cases from plain arrays, float64[n] each: `columns` the factors, `results` what came of them.

        Errors: DataError for a number that is not finite, unequal lengths, or no rows.
        """
        known = {factor.name: factor for factor in factors}
        n = len(next(iter(columns.values()), ()))
        for name, values in {**columns, **results, **({"weight": weight} if weight is not None else {})}.items():
            if n == 0:
                raise DataError("there is no row, or no column that explains the result", expected="at least one of each")
            if len(values) != n:
                raise DataError("columns of unequal length", key=name, value=len(values), expected=f"{n} rows")
            if not np.isfinite(np.asarray(values, dtype=np.float64)).all():
                row = int(np.argmin(np.isfinite(np.asarray(values, dtype=np.float64))))
                raise DataError("a number is not finite", key=name, value=f"row {row + 1}", expected="finite numbers")
        if weight is not None and (np.min(weight) < 0.0 or not np.sum(weight) > 0.0):
            raise DataError("weights must not be negative, and some must be above 0", key="weight", value=float(np.min(weight)),
                            expected="0 or more")  # fmt: skip
        levels = tuple(levels_of(np.asarray(values, dtype=np.float64)) for values in columns.values())
        codes = room((len(columns), n), np.uint16)
        for k, values in enumerate(columns.values()):
            codes[k] = codes_of(np.asarray(values, dtype=np.float64), levels[k])
        own = {name: np.asarray(values, dtype=np.float64) for name, values in results.items()}
        weights = np.ones(n) if weight is None else np.asarray(weight, dtype=np.float64)
        return Cases(tuple(known.get(name, Factor(name)) for name in columns), codes, levels, own, weights)

    @property
    def n(self) -> int:
        """Number of futures."""
        return int(self.weight.size)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the factors."""
        return tuple(factor.name for factor in self.factors)

    def at(self, name: str) -> int:
        """The row of a factor. Errors: DataError for an unknown one."""
        if name not in self.names:
            raise _unknown("factor", name, self.names)
        return self.names.index(name)

    def values(self, name: str) -> np.ndarray:
        """A factor's level in every future, float64[n]."""
        k = self.at(name)
        return self.levels[k][self.codes[k]]

    def result(self, name: str) -> np.ndarray:
        """A result. Errors: DataError for an unknown one."""
        if name not in self.results:
            raise _unknown("result", name, tuple(self.results))
        return self.results[name]

    def constant(self) -> list[str]:
        """Factors that never vary."""
        return [factor.name for factor, levels in zip(self.factors, self.levels, strict=True) if levels.size < 2]

    def only(self, names: Sequence[str]) -> Cases:
        """The same futures with these factors alone, in this order."""
        rows = [self.at(name) for name in names]
        return replace(self, factors=tuple(self.factors[k] for k in rows), codes=self.codes[rows],
                       levels=tuple(self.levels[k] for k in rows))  # fmt: skip

    def rows(self, chosen: np.ndarray | slice) -> Cases:
        """Some of the futures (a mask, numbers or a slice)."""
        return replace(
            self, codes=self.codes[:, chosen], weight=self.weight[chosen],
            results={name: values[chosen] for name, values in self.results.items()},
            groups=None if self.groups is None else self.groups[chosen],
        )  # fmt: skip

    def halves(self) -> tuple[Cases, Cases]:
        """Two halves that share no group of dependent futures: groups (or futures) of even and of odd number."""
        number = np.arange(self.n) if self.groups is None else self.groups
        even = number % 2 == 0
        return self.rows(even), self.rows(~even)
