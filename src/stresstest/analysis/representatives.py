"""Four futures of a run that stand for many: the middle of exposure, its worst 1%, the first to fail, a quiet success.

Ranks count futures by their weight; future 0 is left out. Ties go to the lower number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..layout import EXIT_CAUSES, EXIT_FIRST_ADVERSE, EXIT_NONE
from ..measures.stream import Parts, Words
from .representatives_stream import found_by_stream, survey

COLUMNS = ("provider_surplus_npv_gbp", "commissioner_exposure_npv_gbp")
MEDIAN = "median"
ROLES = {
    MEDIAN: "in the middle of the commissioner's exposure",
    "worst": "in the middle of the worst 1% of the commissioner's exposure",
    "earliest failure": "among the first to be ended by losses, in the middle of their exposure",
    "quiet success": "ran its term without a loss, ordinary in surplus and in exposure among those that did",
}
TAIL_MIDDLE = 0.995
#: Futures up to which all are held at once.
HELD = 200_000
#: The ranks that each role is nearest to: group, column, target.
WANTED = {
    MEDIAN: (("all", "exposure", 0.5),), "worst": (("all", "exposure", TAIL_MIDDLE),),
    "earliest failure": (("early", "exposure", 0.5),),
    "quiet success": (("quiet", "surplus", 0.5), ("quiet", "exposure", 0.5)),
}  # fmt: skip


@dataclass(frozen=True)
class Representative:
    """A future, what it stands for (a name of ROLES), and its numbers: £ in present value, exit year "" for the whole term."""

    role: str
    future: int
    surplus_gbp: float
    exposure_gbp: float
    exit_year: str
    exit_cause: str
    exposure_rank: float

    @property
    def words(self) -> str:
        """What it stands for."""
        return ROLES[self.role]


@dataclass(frozen=True)
class Lived:
    """How futures went, one entry for each: number, weight, surplus, exposure, last year of service and cause as words."""

    future: np.ndarray
    weight: np.ndarray
    surplus: np.ndarray
    exposure: np.ndarray
    year: np.ndarray
    cause: np.ndarray

    def cut(self, rows: np.ndarray) -> Lived:
        """The chosen futures."""
        return Lived(*(column[rows] for column in vars(self).values()))


def _texts(column: Any) -> np.ndarray:
    """A column of words as text; "" where there is none."""
    if not isinstance(column, Words):
        return np.array(["" if value is None else str(value) for value in column])
    codes = np.asarray(column.codes, dtype=np.float64)
    found = np.array([*(str(word) if word else "" for word in column.words), ""])
    return found[np.where(np.isnan(codes), len(column.words), codes).astype(np.int64)]


def _pieces(folder: Path, scenario: str, strategy: str) -> Iterator[dict[str, np.ndarray]]:
    """How futures went under a strategy, without future 0, piece by piece; keys as the fields of Lived."""
    wanted = ["strategy", "future", "weight", *COLUMNS, "exit_year", "exit_cause"]
    for part in Parts.of(folder, "outcomes", scenario).read(wanted):
        rows = part["strategy"].equal(strategy) & (part["future"] != 0)
        columns = [part["future"], part["weight"], *(part[name] for name in COLUMNS)]
        columns += [_texts(part["exit_year"]), _texts(part["exit_cause"])]
        yield dict(zip(Lived.__dataclass_fields__, (np.asarray(column)[rows] for column in columns), strict=True))


def lived(folder: Path, scenario: str, strategy: str) -> Lived:
    """How the futures of a run went under a strategy, without future 0."""
    pieces = list(_pieces(folder, scenario, strategy))
    return Lived(*(np.concatenate([piece[name] for piece in pieces]) for name in Lived.__dataclass_fields__))


def ranks(values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Share of the weight that lies below each value, half of its own included, float64[n]; ties in order."""
    order = np.argsort(values, kind="stable")
    found = np.empty(values.size)
    found[order] = (np.cumsum(weight[order]) - 0.5 * weight[order]) / weight.sum()
    return found


def choose(of: Lived) -> list[Representative]:
    """The representatives of ROLES, each another future; a role for which there is none is left out."""
    of = of.cut(np.argsort(of.future, kind="stable"))
    place = ranks(of.exposure, of.weight)
    possible = of.weight > 0.0
    taken: list[tuple[str, int]] = []

    def take(role: str, distance: np.ndarray, among: np.ndarray) -> None:
        free = among & possible & ~np.isin(np.arange(of.future.size), [k for _, k in taken])
        if free.any():
            taken.append((role, int(np.argmin(np.where(free, distance, np.inf)))))

    everybody = np.ones(of.future.size, dtype=bool)
    take(MEDIAN, np.abs(place - 0.5), everybody)
    take("worst", np.abs(place - TAIL_MIDDLE), everybody)
    losses = np.isin(of.cause, EXIT_CAUSES[EXIT_FIRST_ADVERSE:])
    if (losses & possible).any():
        early = losses & (of.year == min(of.year[losses & possible]))
        distance = np.full(of.future.size, np.inf)
        distance[early] = np.abs(ranks(of.exposure[early], of.weight[early]) - 0.5)
        take("earliest failure", distance, early)
    quiet = (of.cause == EXIT_CAUSES[EXIT_NONE]) & (of.surplus >= 0.0)
    if (quiet & possible).any():
        own = of.cut(quiet)
        distance = np.full(of.future.size, np.inf)
        distance[quiet] = np.hypot(ranks(own.surplus, own.weight) - 0.5, ranks(own.exposure, own.weight) - 0.5)
        take("quiet success", distance, quiet)
    return [
        Representative(role, int(of.future[k]), float(of.surplus[k]), float(of.exposure[k]), str(of.year[k]), str(of.cause[k]),
                       float(place[k]))
        for role, k in taken
    ]  # fmt: skip


def pick_representatives(
    folder: Path, scenario: str, strategy: str, roles: tuple[str, ...] | None = None
) -> list[Representative]:  # fmt: skip
    """Futures of a finished run for its report, of every role or of these; see the module's text.

    Up to HELD futures are held; of more, only those near the wanted ranks are (analysis/representatives_stream.py).
    """

    def pieces() -> Iterator[dict[str, np.ndarray]]:
        return _pieces(folder, scenario, strategy)

    count, first = survey(pieces)
    found = found_by_stream(pieces, count, first, WANTED) if count > HELD else None
    if found is None:
        chosen = choose(lived(folder, scenario, strategy))
    else:
        chosen = [
            Representative(role, int(row["future"]), float(row["surplus"]), float(row["exposure"]), str(row["year"]),
                           str(row["cause"]), place)
            for role, row, place in found
        ]  # fmt: skip
    return [one for one in chosen if roles is None or one.role in roles]
