"""Functions of factors on which a result is projected: smooth ones first, finer ones later, and their products.

Each factor has an ordered list of functions of its level, orthonormal under the weights of the futures: the level itself;
Legendre polynomials of its rank from the second to the sixth degree, and the first; then hats with a kink at the median, at the
quartiles, at the eighths and so on. What a factor with few levels cannot tell apart drops out of its list. A main effect has the
first functions of one factor; a pair or a triple has products whose places in the lists add up to its degree (total degree:
Sudret 2008; kinks at quantiles: Friedman 1991). A column belongs to the players whose factors it holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

import numpy as np

from ..errors import ConfigError, DataError
from .cases import Cases

#: Places of functions of one factor, then highest total degree of pairs and of triples (0: none), coarse to fine: judgement.
SIZES: tuple[tuple[int, int, int], ...] = (
    (1, 0, 0), (2, 0, 0), (4, 0, 0), (8, 0, 0), (4, 2, 0), (4, 3, 0), (8, 2, 0), (4, 4, 0), (12, 2, 0), (8, 3, 0),
    (12, 3, 3), (12, 4, 0), (6, 6, 0), (8, 6, 3), (12, 6, 4), (16, 8, 4), (24, 8, 5), (32, 10, 5),
)  # fmt: skip
#: Futures that a column needs at least; the most columns, and where players have very many combinations.
FUTURES_A_COLUMN, MOST_COLUMNS, MANY_PLAYERS, FEWER_COLUMNS = 6, 800, 8, 520
MOST_FUNCTIONS = 32
SAME = 1e-6

Size = tuple[int, int, int]


def masses(cases: Cases, k: int) -> np.ndarray:
    """Share of the weight at each level of factor k, float64[levels]."""
    found = np.bincount(cases.codes[k], weights=cases.weight, minlength=cases.levels[k].size)
    return np.asarray(found / found.sum())


def _hats(rank: np.ndarray) -> list[np.ndarray]:
    """Kinks at dyadic quantiles: max(0, rank − q) for 1/2; 1/4, 3/4; 1/8, 3/8, …"""
    parts = [(2 * k + 1) / 2 ** (level + 1) for level in range(5) for k in range(2**level)]
    return [np.maximum(0.0, rank - part) for part in parts]


def functions_of(levels: np.ndarray, mass: np.ndarray, most: int = MOST_FUNCTIONS) -> np.ndarray:
    """float64[levels, m] with m ≤ `most`: functions with mean 0, variance 1 and no correlation under the masses."""
    rank = np.cumsum(mass) - mass / 2.0
    score = np.polynomial.legendre.legvander(2.0 * rank - 1.0, 6).T
    spread = levels.std() or 1.0
    raw = np.array([np.ones(levels.size), (levels - mass @ levels) / spread, *score[2:7], score[1], *_hats(rank)]).T
    root = np.sqrt(mass)
    kept, count = np.empty((most + 1, levels.size)), 0
    for column in raw.T:
        own = column * root
        size = float(np.linalg.norm(own))
        for _ in range(2):
            own = own - (kept[:count] @ own) @ kept[:count]
        left = float(np.linalg.norm(own))
        if left > SAME * max(size, 1e-300):
            kept[count], count = own / left, count + 1
        if count > most or count == levels.size:
            break
    held = kept[1:count]
    return np.ascontiguousarray(np.divide(held, root, out=np.zeros_like(held), where=root > 0.0).T)


@dataclass(frozen=True)
class Basis:
    """Columns of a regression, without the constant.

    `tables` float64[levels, functions] for each factor of the cases; `factors` and `functions` int64[columns, 3], −1 where a
    column has fewer than three factors; `owners` int64[columns], the players of a column as bits; `order` how many factors it
    has and `degree` the sum of its places (from 1).
    """

    players: tuple[str, ...]
    tables: tuple[np.ndarray, ...]
    factors: np.ndarray
    functions: np.ndarray
    owners: np.ndarray
    order: np.ndarray
    degree: np.ndarray

    @property
    def size(self) -> int:
        """Number of columns."""
        return int(self.owners.size)

    def within(self, size: Size) -> np.ndarray:
        """bool[columns]: those of a smaller size."""
        return np.asarray(self.degree <= np.array(size)[self.order - 1])

    def held_by(self, players: int) -> np.ndarray:
        """bool[columns]: those that hold no player but these (bits)."""
        return np.asarray((self.owners & ~players) == 0)

    def part(self, columns: np.ndarray) -> Basis:
        """The basis with these columns alone."""
        return replace(self, factors=self.factors[columns], functions=self.functions[columns], owners=self.owners[columns],
                       order=self.order[columns], degree=self.degree[columns])  # fmt: skip

    def design(self, cases: Cases, rows: np.ndarray) -> np.ndarray:
        """The columns' values, float64[rows, columns]."""
        used = {int(k) for k in np.unique(self.factors)} - {-1}
        own = {k: self.tables[k][cases.codes[k, rows]] for k in used}
        out = np.ones((len(rows), self.size))
        new = np.r_[True, np.any(self.factors[1:] != self.factors[:-1], axis=1)][: self.size]
        starts = np.flatnonzero(new).tolist()
        for first, last in zip(starts, [*starts[1:], self.size][: len(starts)], strict=True):
            for place, k in enumerate(self.factors[first]):
                if k >= 0:
                    out[:, first:last] *= own[k][:, self.functions[first:last, place]]
        return out


def _columns(tables: Sequence[np.ndarray], size: Size) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """(factors, functions) of every column of a size."""
    found = []
    for order, degree in enumerate(size, start=1):
        for chosen in combinations(range(len(tables)), order):
            places = [range(min(tables[k].shape[1], degree)) for k in chosen]
            found += [(chosen, own) for own in product(*places) if sum(own) + order <= degree]
    return found


def count_columns(widths: Sequence[int], size: Size) -> int:
    """How many columns a size has where factors have so many functions."""
    total = sum(min(width, size[0]) for width in widths)
    for order, degree in ((2, size[1]), (3, size[2])):
        if degree >= order:
            total += sum(_ways(widths, order, degree))
    return total


def _ways(widths: Sequence[int], order: int, degree: int) -> list[int]:
    """How many products of `order` factors have places adding up to 0 … degree."""
    ways = np.zeros((order + 1, degree + 1), dtype=np.int64)
    ways[0, 0] = 1
    for width in widths:
        for used in range(order, 0, -1):
            for place in range(1, min(width, degree) + 1):
                ways[used, place:] += ways[used - 1, : degree + 1 - place]
    return [int(k) for k in ways[order]]


def sizes_for(widths: Sequence[int], n: float, most_columns: int = MOST_COLUMNS) -> list[Size]:
    """The sizes that n futures (or as many as weights make them) can carry; always at least the smallest."""
    most = min(n / FUTURES_A_COLUMN, most_columns)
    return [size for size in SIZES if count_columns(widths, size) <= most] or [SIZES[0]]


def players_of(cases: Cases, groups: Mapping[str, Sequence[str]] | None) -> dict[str, tuple[str, ...]]:
    """Players and their factors; each factor by itself where no groups are given. Errors: ConfigError, DataError."""
    found: dict[str, tuple[str, ...]] = {name: (name,) for name in cases.names}
    if groups:
        found = {name: tuple(names) for name, names in groups.items()}
    every = [name for names in found.values() for name in names]
    for name in every:
        cases.at(name)
    if len(set(every)) != len(every):
        twice = next(name for name in every if every.count(name) > 1)
        raise ConfigError("a factor belongs to two groups", key=twice, expected="each factor in one group")
    if not every:
        raise DataError("there is nothing to explain the result by", key="inputs", expected="one factor at least")
    return found


def basis_of(
    cases: Cases, groups: Mapping[str, Sequence[str]] | None = None, size: Size | None = None
) -> tuple[Basis, list[Size]]:
    """The basis for these cases, which holds every size that so many futures can carry, and those sizes.

    `groups` players with the names of their factors; a factor outside them is left out. Errors: ConfigError, DataError.
    """
    players = players_of(cases, groups)
    owner = {cases.at(name): bit for bit, names in enumerate(players.values()) for name in names}
    weight = cases.weight
    n = float(weight.sum() ** 2 / (weight @ weight))
    widths = [min(MOST_FUNCTIONS, cases.levels[k].size - 1) for k in owner]
    sizes = [size] if size else sizes_for(widths, n, FEWER_COLUMNS if len(players) > MANY_PLAYERS else MOST_COLUMNS)
    most = max(one[0] for one in sizes)
    tables = tuple(
        functions_of(levels, masses(cases, k), most) if k in owner else np.zeros((levels.size, 0))
        for k, levels in enumerate(cases.levels)
    )
    every = dict.fromkeys(column for one in sizes for column in _columns(tables, one))
    columns = sorted(every, key=lambda column: (len(column[0]), column))
    factors, functions = (
        np.array([[*column[side], *[-1] * (3 - len(column[0]))] for column in columns], dtype=np.int64).reshape(-1, 3)
        for side in (0, 1)
    )
    owners = np.array([np.bitwise_or.reduce([1 << owner[k] for k in chosen]) for chosen, _ in columns], dtype=np.int64)
    order = np.array([len(chosen) for chosen, _ in columns], dtype=np.int64)
    degree = np.array([sum(own) + len(own) for _, own in columns], dtype=np.int64)
    return Basis(tuple(players), tables, factors, functions, owners, order, degree), sizes
