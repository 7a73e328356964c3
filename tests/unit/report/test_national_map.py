"""The tile map of a national study: classes, shades, borders, names, and which places stand on it."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from national_rows_made import REGIONS, chance, facts, tables, whereabouts

from stresstest.report import palette as P
from stresstest.report.leaflet import placed, render_sections
from stresstest.report.national import national_leaflet
from stresstest.report.national_map import (
    CHANCE,
    CLASSES,
    Tile,
    class_of,
    edges,
    mapped,
    message,
    shades,
    shared_edges,
    standing,
    tile_map,
    worst_regions,
)  # fmt: skip
from stresstest.report.national_map_draw import borders, label, layout

pytestmark = pytest.mark.unit


def tiles(count: int = 309) -> list[Tile]:
    """Tiles of invented places."""
    return [Tile(one.tile_column, one.tile_row, one.region, chance(k, "honest"), f"Place {k}", 0)
            for k, one in enumerate(whereabouts(count).values())]  # fmt: skip


# ── classes ────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("low", [0.0, 0.013, 0.3, 0.96])
@pytest.mark.parametrize("wide", [0.0, 0.004, 0.03, 0.2, 1.7, 40.0])
def test_classes_hold_every_value(low: float, wide: float) -> None:
    """At most five classes, rising, from below the least to above the greatest value."""
    values = list(np.linspace(low, low + wide, 50))
    bounds = edges(values)
    assert 1 <= len(bounds) - 1 <= CLASSES
    assert all(a < b for a, b in pairwise(bounds))
    assert bounds[0] <= values[0] + 1e-9
    assert bounds[-1] >= values[-1] - 1e-9
    found = [class_of(value, bounds) for value in values]
    assert found == sorted(found)
    assert set(found) <= set(range(len(bounds) - 1))


def test_classes_are_round_where_that_tells_places_apart() -> None:
    """Even values: steps of one round width. Values that crowd: fifths, so that no class holds most."""
    assert edges([0.02, 0.21, 0.39, 0.61, 0.79]) == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8])
    crowded = [0.001 * k for k in range(95)] + [0.9] * 5
    bounds = edges(crowded)
    assert max(np.bincount([class_of(value, bounds) for value in crowded])) <= 60


def test_maps_share_classes_where_they_can() -> None:
    """One set of classes for strategies alike; own classes where in common ones each map would be of one shade."""
    spread = list(np.linspace(0.1, 0.6, 60))
    first, second = shared_edges([spread, [one + 0.1 for one in spread]])
    assert first == second
    low, high = shared_edges([list(np.linspace(0.40, 0.44, 60)), list(np.linspace(0.80, 0.84, 60))])
    assert low != high
    assert len(low) > 3


def test_labels_say_the_range() -> None:
    """Whole hundredths, and tenths of them where bounds are finer."""
    assert label([0.0, 0.2, 0.4], 1) == "20–40%"
    assert label([0.105, 0.11], 0) == "10.5–11.0%"


def test_shades_keep_their_order_in_grey() -> None:
    """Each shade is clearly darker than the one before; the first is nearly white, the last dark enough for white figures."""
    for count in range(1, CLASSES + 1):
        light = [P.luminance(colour) for colour in shades(count)]
        assert all(P.contrast(a, b) > 1.4 for a, b in pairwise(shades(count)))
        assert light == sorted(light, reverse=True)
    assert P.contrast(shades(CLASSES)[-1], P.PAPER) > 7.0
    assert P.contrast(shades(CLASSES)[0], P.MUTED) > 3.0


# ── where ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_borders_are_sides_between_regions() -> None:
    """Two tiles side by side: six sides in one region, seven in two; two apart: eight."""
    one, same, other = (Tile(k, 0, region, 0.1, "a") for k, region in ((0, "East"), (1, "East"), (1, "London")))
    assert len(borders([one, same])) == 6
    assert len(borders([one, other])) == 7
    assert ((1, 0), (1, 1)) in borders([one, other])
    assert len(borders([one, Tile(5, 5, "East", 0.1, "a")])) == 8


def test_names_cover_no_tile_and_no_other_name() -> None:
    """Every region is named, in free room; all names lie within what the picture takes up."""
    found = layout(tiles())
    assert set(found.names) == set(REGIONS)
    boxes = list(found.names.values())
    for k, a in enumerate(boxes):
        for b in [*boxes[:k], *((t.column, t.row, t.column + 1, t.row + 1) for t in tiles())]:
            assert a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]
        assert found.extent[0] <= a[0] < a[2] <= found.extent[2]


def test_the_worst_regions_are_named() -> None:
    """A region with far more than its due of the worst fifth is named; none where the worst are spread evenly."""
    one = [Tile(k, 0, REGIONS[k % 3], 0.9 if k % 3 == 1 else 0.2, "a") for k in range(60)]
    assert worst_regions(one) == [REGIONS[1]]
    assert message(CHANCE, one) == f"Losses end contracts most often in the {REGIONS[1]}"
    even = [Tile(k, 0, REGIONS[k % 3], 0.1 + 0.01 * (k // 3), "a") for k in range(60)]
    assert worst_regions(even) == []
    assert "lie apart" in message(CHANCE, even)
    near = [Tile(k, 0, REGIONS[6], 0.5 + 0.0001 * k, "a") for k in range(60)]
    assert message(CHANCE, near) == "Losses end contracts about as often everywhere"


def test_places_off_the_map_are_named_beneath(tmp_path: Path) -> None:
    """A place without whereabouts and one on another's tile are listed; every other has a tile, and its numbers a row."""
    where = whereabouts(60)
    where["X005"] = where["X004"]
    del where["X007"]
    page = national_leaflet(tables(60), facts(60), where)
    on, beside = standing([row for row in page.rows("places") if row["strategy"] == "honest"], where)
    assert [row["code"] for row in beside] == ["X005", "X007"]
    assert len(on) == 58
    assert "Not on the map: Place 005 and Place 007" in render_sections(page)
    page.charts["national_map_chance_gamed"].write(tmp_path)
    rows = list(csv.DictReader((tmp_path / "national_map_chance_gamed.csv").open(encoding="utf-8")))
    assert len(rows) == 58
    assert len({(row["tile_column"], row["tile_row"]) for row in rows}) == 58
    assert float(rows[0]["chance"]) == chance(0, "gamed")


def test_few_places_stand_in_order() -> None:
    """Thirty-nine places are no map, forty are; without whereabouts nothing is."""
    rows = placed(tables(40))["places"][:40]
    assert mapped(rows, whereabouts(40))
    assert not mapped(rows[:39], whereabouts(40))
    assert not mapped(rows, None)


def test_a_map_says_what_it_shows() -> None:
    """The worst five are numbered and named; the drawing has a square for every tile, no outside reference, and its own text."""
    rows, where = placed(tables(309))["places"][:309], whereabouts(309)
    bounds = edges([row["walks_away_probability"] for row in rows])
    chart = tile_map(rows, where, CHANCE, bounds, "honest")
    assert "1 Place 000, 2 Place 001, 3 Place 002, 4 Place 003 and 5 Place 004" in chart.caption
    drawing = chart.inline()
    assert 'role="img"' in drawing
    assert "Tile map of England with 309 places" in drawing
    assert 'href="http' not in drawing
    assert drawing.startswith('<svg class="tilemap"')
    assert drawing.count("<path") >= 309 or drawing.count("<use") >= 309
    assert all(f">{word}<" in drawing for word in ("London", "East of", "1", "5", label(bounds, 0)))
    assert len(drawing) < 300_000


def test_neighbouring_classes_within_error_are_owned_up_to() -> None:
    """Classes narrower than four standard errors are said to be so."""
    rows, where = placed(tables(60))["places"][:60], whereabouts(60)
    fine = tile_map(rows, where, CHANCE, [0.0, 0.005, 0.01, 1.0], "honest")
    coarse = tile_map(rows, where, CHANCE, [0.0, 0.5, 1.0], "honest")
    assert "within the errors" in fine.caption
    assert "within the errors" not in coarse.caption
