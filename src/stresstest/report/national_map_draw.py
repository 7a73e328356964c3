"""Drawing of a tile map: tiles, outlines of regions, names in free room beside them, and the bar of classes below."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import palette as P
from . import words as W

#: Room beside the map for names, and below it for the bar, in tiles; size of a letter and of a line in tiles.
BESIDE, BELOW, LETTER, LINE = 6.0, 4.0, 0.6, 1.15
INSET, STEP, FAR = 0.05, 0.5, 1.6
#: The names of regions in lines.
LINES = {"Yorkshire and The Humber": ("Yorkshire", "and The", "Humber"), "East": ("East of", "England"),
         "East of England": ("East of", "England")}  # fmt: skip
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Layout:
    """Where names stand, and what the whole takes up (left, top, right, bottom), in tiles."""

    names: Mapping[str, Box]
    extent: Box

    def size(self, wide: float) -> tuple[float, float]:
        """Width and height in inches of a picture so many inches wide."""
        left, top, right, bottom = self.extent
        return wide, round(wide * (bottom - top) / (right - left), 2)


def layout(tiles: Sequence[Any]) -> Layout:
    """Names of regions put in free room, each as near to its region as can be."""
    left, right = min(t.column for t in tiles), max(t.column for t in tiles) + 1.0
    top, bottom = min(t.row for t in tiles), max(t.row for t in tiles) + 1.0
    names = _placed(tiles, (left - BESIDE, top, right + BESIDE, bottom))
    sides = [left - 0.2, right + 0.2, *(side for box in names.values() for side in (box[0] - 0.4, box[2] + 0.4))]
    return Layout(names, (min(sides), top - 0.2, max(sides), bottom + BELOW))


def draw_map(ax: Any, tiles: Sequence[Any], bounds: Sequence[float], colours: Sequence[str], words: str) -> None:
    """The map. `tiles` have column, row, region, value, number; `bounds` one more than `colours`; `words` head the bar."""
    found = layout(tiles)
    left, top, right, bottom = found.extent
    _tiles(ax, tiles, bounds, colours)
    _outlines(ax, tiles)
    for region, box in found.names.items():
        own = [t for t in tiles if t.region == region]
        _name(ax, _lines(region), box, [(t.column + 0.5, t.row + 0.5) for t in ([t for t in own if not t.number] or own)])
    _bar(ax, bounds, colours, words, (left + 0.5, right - 0.5, bottom - BELOW + 1.5))
    ax.set_xlim(left, right)
    ax.set_ylim(bottom, top)
    ax.set_aspect("equal")
    ax.set_axis_off()


def _tiles(ax: Any, tiles: Sequence[Any], bounds: Sequence[float], colours: Sequence[str]) -> None:
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    own = [colours[max(0, min(sum(t.value >= edge for edge in bounds) - 1, len(colours) - 1))] for t in tiles]
    size = 1.0 - 2.0 * INSET
    for colour in colours:
        mine = [t for t, other in zip(tiles, own, strict=True) if other == colour]
        squares = [Rectangle((t.column + INSET, t.row + INSET), size, size) for t in mine]
        if squares:
            ax.add_collection(PatchCollection(squares, facecolor=colour, edgecolor=P.MUTED, linewidth=0.5))
    for t, colour in zip(tiles, own, strict=True):
        if t.number:
            ink = max((P.TEXT, P.PAPER), key=lambda one: P.contrast(one, colour))
            ax.text(t.column + 0.5, t.row + 0.54, str(t.number), ha="center", va="center", color=ink, fontsize=8.0,
                    fontweight="bold")  # fmt: skip


# ── regions ────────────────────────────────────────────────────────────────────────────────────────────────────────
def borders(tiles: Sequence[Any]) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Sides of tiles that have another region, or none, on their other side; each once."""
    at = {(t.column, t.row): t.region for t in tiles}
    found = set()
    for (x, y), region in at.items():
        sides = {(x - 1, y): ((x, y), (x, y + 1)), (x + 1, y): ((x + 1, y), (x + 1, y + 1)),
                 (x, y - 1): ((x, y), (x + 1, y)), (x, y + 1): ((x, y + 1), (x + 1, y + 1))}  # fmt: skip
        found |= {side for other, side in sides.items() if at.get(other) != region}
    return sorted(found)


def _outlines(ax: Any, tiles: Sequence[Any]) -> None:
    from matplotlib.collections import LineCollection

    ax.add_collection(LineCollection(borders(tiles), colors=P.TEXT, linewidths=1.5, capstyle="projecting"))


def _lines(region: str) -> tuple[str, ...]:
    return LINES.get(region, tuple(region.split()))


def _placed(tiles: Sequence[Any], room: Box) -> dict[str, Box]:
    taken: list[Box] = [(t.column, t.row, t.column + 1.0, t.row + 1.0) for t in tiles]
    found: dict[str, Box] = {}
    for region in sorted({t.region for t in tiles}, key=lambda region: (_freedom(tiles, region), region)):
        own = [(t.column + 0.5, t.row + 0.5) for t in tiles if t.region == region]
        found[region] = _best(_lines(region), own, taken, room)
        taken.append(found[region])
    return found


def _name(ax: Any, lines: Sequence[str], box: Box, own: Sequence[tuple[float, float]]) -> None:
    tile = min(own, key=lambda one: _away(box, one))
    if _away(box, tile) > FAR:
        start = (_near(box[0] - 0.1, box[2] + 0.1, tile[0]), (box[1] + box[3]) / 2.0)
        for colour, width in ((P.PAPER, 3.2), (P.TEXT, 1.1)):
            ax.plot([start[0], tile[0]], [start[1], tile[1]], color=colour, linewidth=width)
        ax.plot(*tile, "o", color=P.TEXT, markersize=4.5, markeredgecolor=P.PAPER)
    ax.text((box[0] + box[2]) / 2.0, (box[1] + box[3]) / 2.0, "\n".join(lines), ha="center", va="center", color=P.TEXT,
            linespacing=1.05, fontweight="bold", fontsize=P.FONT_POINTS - 1.0)  # fmt: skip


def _freedom(tiles: Sequence[Any], region: str) -> int:
    """How many sides of a region look out on free room: those with many are placed last."""
    at = {(t.column, t.row) for t in tiles}
    own = [(t.column, t.row) for t in tiles if t.region == region]
    return sum((x + dx, y + dy) not in at for x, y in own for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)))


def _best(lines: Sequence[str], own: Sequence[tuple[float, float]], taken: Sequence[Box], room: Box) -> Box:
    """The free box nearest to a region's tiles, and among those as near to its middle; on the tiles where nothing is free."""
    wide, high = LETTER * max(map(len, lines)), LINE * len(lines)
    points, other = np.array(own), np.array(taken)
    columns, rows = np.arange(room[0], room[2] - wide, STEP), np.arange(room[1], room[3] - high, STEP)
    x, y = (one.ravel() for one in np.meshgrid(columns, rows))
    apart = (x[:, None] >= other[:, 2] + 0.3) | (x[:, None] + wide <= other[:, 0] - 0.3)
    apart |= (y[:, None] >= other[:, 3] + 0.1) | (y[:, None] + high <= other[:, 1] - 0.1)
    free = apart.all(axis=1)
    centre = points.mean(axis=0)
    if not free.any():
        return centre[0] - wide / 2.0, centre[1] - high / 2.0, centre[0] + wide / 2.0, centre[1] + high / 2.0
    x, y = x[free], y[free]
    k = int((_far(x, y, wide, high, points).min(axis=1) + 0.25 * _far(x, y, wide, high, centre[None, :])[:, 0]).argmin())
    return float(x[k]), float(y[k]), float(x[k]) + wide, float(y[k]) + high


def _far(x: np.ndarray, y: np.ndarray, wide: float, high: float, points: np.ndarray) -> np.ndarray:
    """Distances of boxes at (x, y) from points, float64[boxes, points]."""
    across = np.maximum(0.0, np.maximum(x[:, None] - points[:, 0], points[:, 0] - x[:, None] - wide))
    down = np.maximum(0.0, np.maximum(y[:, None] - points[:, 1], points[:, 1] - y[:, None] - high))
    return np.asarray(np.hypot(across, down))


def _near(low: float, high: float, at: float) -> float:
    return min(max(at, low), high)


def _away(box: Box, at: tuple[float, float]) -> float:
    """Distance of a point from a box."""
    return math.hypot(at[0] - _near(box[0], box[2], at[0]), at[1] - _near(box[1], box[3], at[1]))


# ── the bar ────────────────────────────────────────────────────────────────────────────────────────────────────────
def _bar(ax: Any, bounds: Sequence[float], colours: Sequence[str], words: str, at: tuple[float, float, float]) -> None:
    """The classes, lowest first, each with its range under it."""
    from matplotlib.patches import Rectangle

    left, right, top = at
    wide = (right - left) / len(colours)
    ax.text((left + right) / 2.0, top - 0.5, words, ha="center", va="bottom", fontsize=P.FONT_POINTS - 1.0)
    for k, colour in enumerate(colours):
        ax.add_patch(Rectangle((left + k * wide, top), wide, 1.1, facecolor=colour, edgecolor=P.TEXT, linewidth=0.8))
        ax.text(left + (k + 0.5) * wide, top + 1.35, label(bounds, k), ha="center", va="top", fontsize=P.FONT_POINTS - 1.0)


def label(bounds: Sequence[float], k: int) -> str:
    """The range of a class: "20–40%"."""
    fine = any(abs(100.0 * one - round(100.0 * one)) > 1e-6 for one in bounds)
    low, high = (W.percent(one, 1 if fine else 0) for one in (bounds[k], bounds[k + 1]))
    return f"{low} to {high}" if W.MINUS in low + high else f"{low.removesuffix('%')}–{high}"
