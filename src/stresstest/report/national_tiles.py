"""Places as tiles in order: for so few of them that a map would say less."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

from . import palette as P
from . import words as W
from .chart import WIDE, Chart, Column
from .leaflet import Leaflet
from .national_rows import WALKS, alike, of

MOST_TILES, NAME = 60, 13


def tiles(page: Leaflet, strategy: str) -> Chart:
    """A tile for each place, darker the likelier its provider walks away, with the chance in it."""
    rows = of(page, "places", strategy)[:MOST_TILES]
    plotted = [{"place": str(row["place"]), "chance": row[f"{WALKS}_probability"]} for row in rows]
    first, last = rows[0], rows[-1]
    ends = f"from {W.percent(last[f'{WALKS}_probability'], 0)} to {W.percent(first[f'{WALKS}_probability'], 0)}"
    across = max(2, min(8, math.ceil(math.sqrt(2.2 * len(rows)))))
    high = 0.75 + 0.78 * math.ceil(len(rows) / across)
    title = f"The chance that a provider walks away goes {ends}"
    if W.percent(last[f"{WALKS}_probability"], 0) == W.percent(first[f"{WALKS}_probability"], 0):
        title = f"Each provider walks away in about {W.percent(first[f'{WALKS}_probability'], 0)} of futures"
    same = alike(page, strategy)
    if same:
        title = "No place differs from another beyond Monte Carlo error"
    left = len(of(page, "places", strategy)) - len(rows)
    rest = f" {left} places with lower chances are in the table." if left else ""
    return Chart(
        "national_tiles", title, f"Share of futures in which losses end the contract, {strategy} provider, by place",
        f"Grid of {len(rows)} tiles, one a place, {'in no order' if same else 'likeliest first'}; each holds its name and the "
        f"share of futures in which the provider walks away. {title}."[:300],
        f"Darker: likelier. Tiles stand {'side by side' if same else 'in order'} and not on a map.{rest}",
        [Column("place", "Place", "text"), Column("chance", "Walks away", "%")], plotted,
        partial(draw_tiles, rows=plotted, across=across), (WIDE[0] + 0.8, high),
    )  # fmt: skip


def shade(chance: float) -> str:
    """A colour between white and dark blue; no darker than at a chance of 1."""
    part = 0.04 + 0.96 * min(1.0, max(0.0, chance))
    dark = [int(P.SERIES[0][k : k + 2], 16) for k in (1, 3, 5)]
    return "#" + "".join(f"{round(255 + part * (one - 255)):02X}" for one in dark)


def draw_tiles(ax: Any, rows: Sequence[dict[str, Any]], across: int) -> None:
    """Tiles row by row; words in whichever of dark and white reads better."""
    from matplotlib.patches import Rectangle

    down = math.ceil(len(rows) / across)
    for k, row in enumerate(rows):
        x, y, colour = k % across, k // across, shade(float(row["chance"]))
        ax.add_patch(Rectangle((x + 0.02, y + 0.03), 0.96, 0.94, facecolor=colour, edgecolor=P.MUTED, linewidth=0.8))
        ink = max((P.TEXT, P.PAPER), key=lambda one: P.contrast(one, colour))
        wide = NAME if across > 6 else 18
        name = str(row["place"]) if len(str(row["place"])) <= wide else f"{str(row['place'])[: wide - 1]}…"
        small = P.FONT_POINTS - (2.0 if across > 6 else 0.0)
        ax.text(x + 0.5, y + 0.35, name, ha="center", va="center", color=ink, fontsize=small)
        ax.text(x + 0.5, y + 0.68, W.percent(row["chance"], 0), ha="center", va="center", color=ink, fontweight="bold")
    ax.set_xlim(0, across)
    ax.set_ylim(down, 0)
    ax.set_axis_off()
