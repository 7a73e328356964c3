"""Where the boxes of a layered diagram stand: rows are given, places within a row are found so that arrows run straight.

An arrow that skips rows gets a slot in each row between, so that it runs past boxes and not through them (Sugiyama, Tagawa and
Toda 1981). Order and places within rows follow the mean place of what an item is joined to, in a fixed number of sweeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

#: Widths in inches of a box and of a slot that an arrow runs through, and the least gap between neighbours.
BOX, SLOT, GAP = 1.72, 0.16, 0.16
SWEEPS = 40


@dataclass(frozen=True)
class Laid:
    """A laid-out diagram: place (x in inches, row) of every item, and each arrow as the items that it runs through."""

    places: dict[str, tuple[float, int]]
    arrows: list[list[str]]


def lay_out(rows: Sequence[Sequence[str]], arrows: Sequence[tuple[str, str]]) -> Laid:
    """Places of the boxes in `rows`, and the way of each arrow from an upper row to a lower one."""
    items = [list(row) for row in rows]
    row_of = {name: k for k, row in enumerate(rows) for name in row}
    ways = []
    for start, end in arrows:
        slots = [f"{start}>{end}@{k}" for k in range(row_of[start] + 1, row_of[end])]
        for k, slot in enumerate(slots):
            items[row_of[start] + 1 + k].append(slot)
        ways.append([start, *slots, end])
    joined: dict[str, list[str]] = {name: [] for row in items for name in row}
    for way in ways:
        for one, other in pairwise(way):
            joined[one].append(other)
            joined[other].append(one)
    x = {name: float(k) for row in items for k, name in enumerate(row)}
    for sweep in range(SWEEPS):
        for row in items if sweep % 2 == 0 else reversed(items):
            _settle(row, joined, x)
    for above, below in pairwise(items):
        if len(above) == 1 and not joined[above[0]]:
            x[above[0]] = x[below[0]]
    rows_now = {name: k for k, row in enumerate(items) for name in row}
    return Laid({name: (x[name], rows_now[name]) for name in x}, ways)


def _width(name: str) -> float:
    return SLOT if ">" in name else BOX


def _settle(row: list[str], joined: dict[str, list[str]], x: dict[str, float]) -> None:
    """Order a row by where its items want to be, then put them as near to that as their widths allow."""
    wanted = {name: sum(x[other] for other in joined[name]) / len(joined[name]) if joined[name] else x[name] for name in row}
    row.sort(key=lambda name: wanted[name])
    left: list[float] = []
    for k, name in enumerate(row):
        least = left[-1] + (_width(row[k - 1]) + _width(name)) / 2 + GAP if k else wanted[name]
        left.append(max(wanted[name], least))
    shift = sum(wanted[name] - at for name, at in zip(row, left, strict=True)) / len(row) if row else 0.0
    for name, at in zip(row, left, strict=True):
        x[name] = at + shift
