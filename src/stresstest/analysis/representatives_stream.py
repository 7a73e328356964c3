"""The representatives of a run of many futures, found without holding them: only futures near the wanted ranks are kept.

Four readings: one counts futures and finds the first year in which losses end one; one takes every k-th future, which says
about where each wanted rank lies; one keeps the futures in a band around each, with the weight below it, so that ranks within
a band are those among all; the last finds the rank among all futures of those chosen. Where a band turns out to miss what was
wanted, nothing is chosen and the caller holds all futures instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from ..layout import EXIT_CAUSES, EXIT_FIRST_ADVERSE, EXIT_NONE

#: Futures in the sample, and the width of a band in standard errors of a rank found from it.
SAMPLE, WIDTH = 50_000, 5.0
LOSSES = EXIT_CAUSES[EXIT_FIRST_ADVERSE:]
Table = dict[str, np.ndarray]
Pieces = Callable[[], Iterator[Table]]


@dataclass
class Band:
    """Futures of a group whose column lies between two values, with the weight below them and of the whole group."""

    group: str
    column: str
    target: float
    low: float = -np.inf
    high: float = np.inf
    below: float = 0.0
    total: float = 0.0
    kept: list[Table] = field(default_factory=list)

    def aim(self, sample: Table) -> None:
        """Set the ends from a sample of the group; no end where the sample is too small to say."""
        values, weight = sample[self.column], sample["weight"]
        margin = WIDTH * np.sqrt(self.target * (1.0 - self.target) / max(1, values.size))
        order = np.argsort(values, kind="stable")
        place = np.cumsum(weight[order]) / max(weight.sum(), 1e-300)
        inside = values[order][(place > self.target - margin) & (place < self.target + margin)]
        if inside.size > 1 and self.target - margin > 0.0:
            self.low = float(inside[0])
        if inside.size > 1 and self.target + margin < 1.0:
            self.high = float(inside[-1])

    def keep(self, own: Table) -> None:
        """Keep what of a piece's group lies in the band, and add up weights."""
        values = own[self.column]
        inside = (values >= self.low) & (values <= self.high)
        self.below += float(own["weight"][values < self.low].sum())
        self.total += float(own["weight"].sum())
        self.kept.append({name: column[inside] for name, column in own.items()})

    def ranked(self) -> Table:
        """The futures kept, by number, with their distance from the target among the whole group and that of the band's ends."""
        held = {name: np.concatenate([one[name] for one in self.kept]) for name in self.kept[0]}
        order = np.argsort(held["future"], kind="stable")
        held = {name: column[order] for name, column in held.items()}
        by_value = np.argsort(held[self.column], kind="stable")
        place = np.empty(order.size)
        weight = held["weight"][by_value]
        place[by_value] = (self.below + np.cumsum(weight) - 0.5 * weight) / self.total
        return held | {"distance": np.abs(place - self.target)}

    def edge(self, place: np.ndarray) -> float:
        """How far from the target ranks are surely kept, given the weight of the band."""
        ends = ((self.below / self.total, self.low), ((self.below + float(place.sum())) / self.total, self.high))
        return min(np.inf if np.isinf(end) else abs(at - self.target) for at, end in ends)


def group_of(piece: Table, group: str, first: str) -> np.ndarray:
    """Rows of a piece in a group: everybody, those ended by losses in the first such year, quiet successes."""
    if group == "early":
        return np.asarray(np.isin(piece["cause"], LOSSES) & (piece["year"] == first))
    if group == "quiet":
        return np.asarray((piece["cause"] == EXIT_CAUSES[EXIT_NONE]) & (piece["surplus"] >= 0.0))
    return np.ones(piece["future"].size, dtype=bool)


def survey(pieces: Pieces) -> tuple[int, str]:
    """How many futures there are, and the first year in which losses end one of any weight, "" for none."""
    count, first = 0, ""
    for piece in pieces():
        count += piece["future"].size
        ended = piece["year"][np.isin(piece["cause"], LOSSES) & (piece["weight"] > 0.0)]
        if ended.size:
            first = min(filter(None, (first, *map(str, np.unique(ended)))))
    return count, first


def found_by_stream(pieces: Pieces, count: int, first: str, wanted: dict[str, tuple[tuple[str, str, float], ...]]) -> (
    list[tuple[str, Table, float]] | None
):  # fmt: skip
    """(role, its future's row, rank of its exposure among all) for each role of `wanted` that there is; None where a band missed.

    `wanted`: for each role the (group, column, target) of its ranks, one or two.
    """
    bands = {one: Band(*one) for ranks in wanted.values() for one in ranks}
    step = max(1, count // SAMPLE)
    for band, sample in _samples(pieces, bands, first, step):
        band.aim(sample)
    for piece in pieces():
        for band in bands.values():
            rows = group_of(piece, band.group, first)
            band.keep({name: column[rows] for name, column in piece.items()})
    taken: list[tuple[str, Table]] = []
    for role, ranks in wanted.items():
        if bands[ranks[0]].total <= 0.0:
            continue
        row = _nearest([bands[one] for one in ranks], [int(of["future"]) for _, of in taken])
        if row is None:
            return None
        taken.append((role, row))
    return [(role, row, place) for (role, row), place in zip(taken, _places(pieces, [of for _, of in taken]), strict=True)]


def _samples(
    pieces: Pieces, bands: dict[tuple[str, str, float], Band], first: str, step: int
) -> Iterator[tuple[Band, Table]]:
    """Each band with every k-th future of its group."""
    thin: list[Table] = []
    for piece in pieces():
        rows = piece["future"] % step == 0
        thin.append({name: column[rows] for name, column in piece.items()})
    sample = {name: np.concatenate([one[name] for one in thin]) for name in thin[0]}
    for band in bands.values():
        rows = group_of(sample, band.group, first)
        yield band, {name: column[rows] for name, column in sample.items()}


def _nearest(bands: list[Band], taken: list[int]) -> Table | None:
    """The row of any weight nearest to the targets of one band or of two, the lower number of equals; None where bands missed."""
    held = [band.ranked() for band in bands]
    reach = min(band.edge(of["weight"]) for band, of in zip(bands, held, strict=True))
    own = held[0]
    if len(held) == 2:
        _, here, there = np.intersect1d(own["future"], held[1]["future"], return_indices=True)
        own = {name: column[here] for name, column in own.items()}
        own["distance"] = np.hypot(own["distance"], held[1]["distance"][there])
    free = (own["weight"] > 0.0) & ~np.isin(own["future"], taken)
    if not free.any():
        return None
    k = int(np.argmin(np.where(free, own["distance"], np.inf)))
    return {name: column[k] for name, column in own.items()} if own["distance"][k] < reach else None


def _places(pieces: Pieces, rows: list[Table]) -> list[float]:
    """Rank of each row's exposure among all futures; of equal ones the lower number comes first."""
    below, total = np.zeros(len(rows)), 0.0
    for piece in pieces():
        total += float(piece["weight"].sum())
        for k, row in enumerate(rows):
            tied = (piece["exposure"] == row["exposure"]) & (piece["future"] < row["future"])
            below[k] += float(piece["weight"][(piece["exposure"] < row["exposure"]) | tied].sum())
    return [float((b + 0.5 * row["weight"]) / total) for b, row in zip(below, rows, strict=True)]
