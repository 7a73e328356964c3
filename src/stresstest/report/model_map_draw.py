"""Boxes in rows with arrows between them, on a matplotlib axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import palette as P
from .model_map_layout import BOX, Laid, lay_out

HEIGHT, STEP = 0.44, 0.74
#: Points of text in a box: its name, and what it is for.
NAME_POINTS, WORDS_POINTS = 10.0, 8.0


def draw_map(ax: Any, rows: Sequence[Sequence[str]], arrows: Sequence[tuple[str, str]], words: Mapping[str, str]) -> None:
    """Draw named boxes, row by row from the top, and the arrows between them; `words` stands under each name."""
    laid = lay_out(rows, arrows)
    for way in laid.arrows:
        _arrow(ax, laid, way)
    for row in rows:
        for name in row:
            _box(ax, *_at(laid, name), name, words.get(name, ""))
    across = [x for x, _ in laid.places.values()]
    ax.set_xlim(min(across) - BOX / 2 - 0.05, max(across) + BOX / 2 + 0.05)
    ax.set_ylim(-(len(rows) - 1) * STEP - HEIGHT, HEIGHT)
    ax.set_axis_off()


def _at(laid: Laid, name: str) -> tuple[float, float]:
    x, row = laid.places[name]
    return x, -row * STEP


def _box(ax: Any, x: float, y: float, name: str, words: str) -> None:
    from matplotlib.patches import FancyBboxPatch

    ax.add_patch(FancyBboxPatch(
        (x - BOX / 2, y - HEIGHT / 2), BOX, HEIGHT, boxstyle="round,pad=0,rounding_size=0.06", facecolor=P.PANEL,
        edgecolor=P.SERIES[0], linewidth=1.2, zorder=3,
    ))  # fmt: skip
    ax.text(x, y + 0.09, name, ha="center", va="center", fontsize=NAME_POINTS, fontweight="bold", zorder=4)
    ax.text(x, y - 0.10, words, ha="center", va="center", fontsize=WORDS_POINTS, zorder=4)


def _arrow(ax: Any, laid: Laid, way: Sequence[str]) -> None:
    """A smooth line from the foot of the first box, straight down past the rows between, to the head of the last one."""
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    x, y = _at(laid, way[0])
    points, kinds = [(x, y - HEIGHT / 2)], [Path.MOVETO]
    for k, name in enumerate(way[1:], 1):
        to_x, to_y = _at(laid, name)
        to_x, top = _entry(laid, way, k, to_x), to_y + HEIGHT / 2
        last_x, last_y = points[-1]
        middle = (last_y + top) / 2
        points += [(last_x, middle), (to_x, middle), (to_x, top)]
        kinds += [Path.CURVE4] * 3
        if k < len(way) - 1:
            points.append((to_x, to_y - HEIGHT / 2))
            kinds.append(Path.LINETO)
    ax.add_patch(FancyArrowPatch(
        path=Path(points, kinds), arrowstyle="-|>", mutation_scale=9, color=P.MUTED, linewidth=1.1, shrinkA=0, shrinkB=0,
        zorder=2,
    ))  # fmt: skip


def _entry(laid: Laid, way: Sequence[str], k: int, x: float) -> float:
    """Where an arrow enters an item: arrows that meet at a box are spread over its head, from left to right."""
    if k < len(way) - 1:
        return x
    others = sorted((laid.places[other[-2]][0], other[0]) for other in laid.arrows if other[-1] == way[-1])
    place = [start for _, start in others].index(way[0])
    return x + (place - (len(others) - 1) / 2) * min(0.3, 0.8 * BOX / len(others))
