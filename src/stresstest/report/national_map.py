"""A tile map: every place one square tile about where it lies, darker the worse it fares; regions outlined and named."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

from . import palette as P
from . import words as W
from .chart import Chart, Column
from .national_map_draw import draw_map, layout
from .national_rows import GOES_WITH, WALKS, chart_name
from .tracing import TableRow

#: Fewer places than this on the map say more as tiles in order.
FEWEST = 40
CLASSES, NUMBERED, WIDE, MOST_TITLE_WORDS = 5, 5, 4.15, 15
#: Steps of the classes, in hundredths; the first that needs no more than five classes is taken.
STEPS = (1, 2, 3, 4, 5, 10, 15, 20, 25, 50)
#: With more than this share of all tiles in one class, classes of equal width say nothing; fifths are taken instead.
ONE_CLASS = 0.6
#: Places whose values lie no further apart than this are much alike.
ALIKE = 0.1
#: The message where places do not differ.
SAME = "No place differs from another beyond Monte Carlo error"
#: A class narrower than so many standard errors does not tell neighbours apart.
APART = 4.0


@dataclass(frozen=True)
class Shown:
    """What a map shows: column of the table of places, what is worst in words, and what the shade is, in words."""

    name: str
    column: str
    worst: str
    alike: str
    words: str
    heading: str


CHANCE = Shown("chance", f"{WALKS}_probability", "Losses end contracts most often in",
               "Losses end contracts about as often everywhere",
               "Share of futures in which losses end the contract", "Walks away")  # fmt: skip
EXPOSURE = Shown("exposure", "exposure_share", "Commissioners bear most for each pound of budget in",
                 "Commissioners bear much the same for each pound everywhere",
                 "Mean exposure of commissioners, share of the agreed budget", "Exposure, share of budget")  # fmt: skip


@dataclass(frozen=True)
class Tile:
    """A tile: column and row on the map, region, value, name, and its number among the worst (0 where it has none)."""

    column: int
    row: int
    region: str
    value: float
    place: str
    number: int = 0


@dataclass(frozen=True)
class MapChart(Chart):
    """A chart that takes the room it is given on a screen, and half the page's width in print."""

    def inline(self) -> str:
        """The drawing for the page, with what sets it apart in print."""
        rule = (
            f"@media print{{.two:has(>div>figure>svg.{CSS}){{display:grid;grid-template-columns:1fr 1fr;gap:0 5mm}}"
            f".two>div>figure>svg.{CSS}{{width:100%;max-height:118mm}}}}"
        )
        return f'<svg class="{CSS}"' + super().inline().removeprefix("<svg").replace(">", f"><style>{rule}</style>", 1)


CSS = "tilemap"


def standing(rows: Sequence[TableRow], whereabouts: Mapping[str, Any] | None) -> tuple[list[TableRow], list[TableRow]]:
    """Rows of places on the map, and those beside it: without whereabouts, or on a tile that another place holds."""
    taken: set[tuple[int, int] | None] = set()
    on: list[TableRow] = []
    beside: list[TableRow] = []
    for row in rows:
        at = (whereabouts or {}).get(str(row["code"]))
        tile = (at.tile_column, at.tile_row) if at is not None else None
        (beside if tile is None or tile in taken else on).append(row)
        taken.add(tile)
    return on, beside


def mapped(rows: Sequence[TableRow], whereabouts: Mapping[str, Any] | None) -> bool:
    """Whether so many places stand on the map that it says more than tiles in order."""
    return len(standing(rows, whereabouts)[0]) >= FEWEST


def edges(values: Sequence[float]) -> list[float]:
    """Bounds of at most five classes over the values: round steps of one width, or fifths where one class would hold most."""
    low, high = min(values), max(values)
    step = next((one / 100.0 for one in STEPS if _count(low, high, one / 100.0) <= CLASSES), None)
    if step is None:
        step = math.ceil((high - low) / (CLASSES - 1) * 2.0) / 2.0
    first = math.floor(low / step + 1e-9)
    found = [round(k * step, 6) for k in range(first, first + _count(low, high, step) + 1)]
    return found if told_apart(values, found) else _fifths(values)


def told_apart(values: Sequence[float], bounds: Sequence[float]) -> bool:
    """Whether no one class holds most of the values."""
    return max(Counter(class_of(value, bounds) for value in values).values()) <= ONE_CLASS * len(values)


def shared_edges(panels: Sequence[Sequence[float]]) -> list[list[float]]:
    """Bounds of the classes for each of several maps: the same where that tells the tiles of each apart, else each its own."""
    common = edges([value for values in panels for value in values])
    return [common] * len(panels) if all(told_apart(one, common) for one in panels) else [edges(one) for one in panels]


def _count(low: float, high: float, step: float) -> int:
    return max(1, math.ceil(high / step - 1e-9) - math.floor(low / step + 1e-9))


def _fifths(values: Sequence[float]) -> list[float]:
    """Bounds at the fifths of the values, in hundredths or thousandths; those that fall together are one."""
    ranked = sorted(values)
    inner = [ranked[min(len(ranked) - 1, round(k * len(ranked) / CLASSES))] for k in range(1, CLASSES)]
    places = 2 if ranked[-1] - ranked[0] > 0.05 else 3
    size = 10.0**places
    bounds = {math.floor(ranked[0] * size) / size, *(round(one, places) for one in inner), math.ceil(ranked[-1] * size) / size}
    found = sorted(bounds)
    return found if len(found) > 1 else [found[0], found[0] + 1.0 / size]


def class_of(value: float, bounds: Sequence[float]) -> int:
    """The class of a value: 0 the lowest."""
    return max(0, min(sum(value >= edge for edge in bounds) - 1, len(bounds) - 2))


def shades(count: int) -> list[str]:
    """So many colours from nearly white to the darkest blue, in steps of one size in lightness: in grey they stay in order."""
    return [_of_lightness(0.96 - k * (0.96 - 0.27) / max(1, count - 1)) for k in range(count)]


def _of_lightness(wanted: float) -> str:
    """White mixed with the first colour of series so that the lightness (CIE L*, 0 to 1) is about the wanted one."""
    dark = [int(P.SERIES[0][k : k + 2], 16) for k in (1, 3, 5)]
    mixed = ("#" + "".join(f"{round(255 + part / 200.0 * (one - 255)):02X}" for one in dark) for part in range(201))
    return min(mixed, key=lambda colour: abs(1.16 * P.luminance(colour) ** (1.0 / 3.0) - 0.16 - wanted))


# ── where the worst lie ────────────────────────────────────────────────────────────────────────────────────────────
def worst_regions(tiles: Sequence[Tile]) -> list[str]:
    """Regions with twice their due of the worst fifth of tiles, the fullest first; none where the worst lie everywhere."""
    worst = sorted(tiles, key=lambda tile: -tile.value)[: max(1, len(tiles) // CLASSES)]
    found, every = Counter(tile.region for tile in worst), Counter(tile.region for tile in tiles)
    share = {region: found[region] / every[region] for region in found}
    due = len(worst) / len(tiles)
    return sorted((region for region in share if share[region] >= 2.0 * due), key=lambda region: -share[region])


def regional(names: Sequence[str]) -> str:
    """Regions as they stand in a sentence: "London and the South West"."""
    return W.listed([name if name in ("London", "Yorkshire and The Humber") else f"the {name}" for name in names])


def message(shown: Shown, tiles: Sequence[Tile], size: float | None = None) -> str:
    """The map's message in fifteen words at most. `size`: rank correlation of what is shown with places' budgets."""
    if size is not None and abs(size) >= GOES_WITH:
        return f"{shown.worst.removesuffix(' in')} in the {'smaller' if size < 0.0 else 'larger'} places"
    regions, values = worst_regions(tiles), [tile.value for tile in tiles]
    near = max(values) - min(values) <= ALIKE
    start = f"{shown.alike}, a little more in" if near else shown.worst
    for count in (2, 1):
        said = f"{start} {regional(regions[:count])}"
        if regions and len(said.split()) <= MOST_TITLE_WORDS:
            return said
    return shown.alike if near else f"The places with the most lie apart, in several regions: {shown.heading.lower()}"


# ── the chart ──────────────────────────────────────────────────────────────────────────────────────────────────────
def tile_map(rows: Sequence[TableRow], whereabouts: Mapping[str, Any], shown: Shown, bounds: Sequence[float],
             strategy: str, same: bool = False, size: float | None = None) -> MapChart:  # fmt: skip
    """The map of one strategy. `rows` those on the map; `bounds` of the classes, the same for every map of a page; `same` where
    places do not differ beyond Monte Carlo error, so that none is numbered; `size` as message has it.
    """
    tiles = [replace(tile, number=0) if same else tile for tile in tiles_of(rows, whereabouts, shown)]
    colours = shades(len(bounds) - 1)
    title, worst = SAME if same else message(shown, tiles, size), [tile for tile in tiles if tile.number]
    worst.sort(key=lambda tile: tile.number)
    named = f" Numbered, the worst: {W.listed([f'{tile.number} {tile.place}' for tile in worst])}." if worst else ""
    ends = f" Worst: {W.listed([tile.place for tile in worst])}." if worst else ""
    plotted = [{"place": t.place, "region": t.region, "tile_column": t.column, "tile_row": t.row, shown.name: t.value}
               for t in sorted(tiles, key=lambda tile: -tile.value)]  # fmt: skip
    heads = [Column("place", "Place", "text"), Column("region", "Region", "text"), Column("tile_column", "Tile column", "text"),
             Column("tile_row", "Tile row", "text"), Column(shown.name, shown.heading, "%")]  # fmt: skip
    return MapChart(
        chart_name(f"national_map_{shown.name}", strategy), title, f"{shown.words}, {strategy} provider",
        f"Tile map of England with {len(tiles)} places in {len(colours)} shades. {title}.{ends}"[:300],
        f"Darker: worse. Each place is one tile of one size, about where it lies.{named}"
        + (" Neighbouring classes lie within the errors of the runs." if within_error(rows, shown, bounds) else ""),
        heads, plotted, partial(draw_map, tiles=tiles, bounds=bounds, colours=colours, words=shown.words),
        layout(tiles).size(WIDE),
    )  # fmt: skip


def within_error(rows: Sequence[TableRow], shown: Shown, bounds: Sequence[float]) -> bool:
    """Whether the narrowest class is less than a few standard errors wide; no where errors are not known."""
    errors = sorted(float(row[f"{shown.column}_error"]) for row in rows if row.get(f"{shown.column}_error") is not None)
    narrow = min(high - low for low, high in pairwise(bounds))
    return bool(errors) and narrow < APART * errors[len(errors) // 2]


def tiles_of(rows: Sequence[TableRow], whereabouts: Mapping[str, Any], shown: Shown) -> Iterator[Tile]:
    """A tile for each row; the worst are numbered."""
    ranked = sorted(rows, key=lambda row: -float(row[shown.column]))
    for number, row in enumerate(ranked, 1):
        at = whereabouts[str(row["code"])]
        yield Tile(int(at.tile_column), int(at.tile_row), str(at.region), float(row[shown.column]), str(row["place"]),
                   number if number <= NUMBERED else 0)  # fmt: skip
