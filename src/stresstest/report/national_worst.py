"""Where the risk is: places on a map or in tiles, and those that weigh most for their budgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import words as W
from .document import Beside, Block, Fold, Picture, Text
from .leaflet import Leaflet, Row
from .national_map import CHANCE, EXPOSURE, Shown, mapped, shared_edges, standing, tile_map
from .national_rows import WALKS, alike, of, size_correlation, telling, with_size
from .national_tiles import tiles

LISTED, FEW = 15, 20
#: Strategies that stand beside each other on maps.
ON_MAPS = 2


def where(page: Leaflet, strategies: Sequence[str], whereabouts: Mapping[str, Any] | None) -> list[Block]:
    """Maps of the first two strategies beside each other where enough places lie on one, else tiles in order."""
    shown = _told(page, strategies[0])
    if whereabouts is None or not mapped(of(page, "places", strategies[0]), whereabouts):
        return [*shown, Picture(page.chart(tiles(page, strategies[0])).name)]
    found = shown + _maps(page, strategies[:ON_MAPS], whereabouts, CHANCE)
    found.append(Fold(EXPOSURE.words, tuple(_maps(page, strategies[:ON_MAPS], whereabouts, EXPOSURE))))
    beside = [str(row["place"]) for row in standing(of(page, "places", strategies[0]), whereabouts)[1]]
    if beside:
        found.append(Text(f"Not on the map: {W.listed(beside)}; their figures are in [places.csv](places.csv).", "sub"))
    return found


def _told(page: Leaflet, strategy: str) -> list[Block]:
    """Whether places differ in their chance at all, and whether size goes with it; nothing where that was not tested."""
    if alike(page, strategy):
        return [Text(f"By the test of equal chances no place differs from another beyond Monte Carlo error: {strategy} provider, "
                     "contracts ended by losses.")]  # fmt: skip
    found = with_size(page, strategy)
    return [Text(f"Likelier to fail: {found}.")] if found else []


def _maps(page: Leaflet, strategies: Sequence[str], whereabouts: Mapping[str, Any], shown: Shown) -> list[Block]:
    """One map a strategy, in the same classes where these tell the places of each apart."""
    on = {name: [row for row in standing(of(page, "places", name), whereabouts)[0] if row[shown.column] is not None]
          for name in strategies}  # fmt: skip
    bounds = shared_edges([[float(row[shown.column]) for row in rows] for rows in on.values()])
    told = {name: (alike(page, name), size_correlation(page, name)) if shown is CHANCE else (False, None) for name in on}
    charts = [page.chart(tile_map(rows, whereabouts, shown, own, name, *told[name]))
              for (name, rows), own in zip(on.items(), bounds, strict=True)]  # fmt: skip
    found: list[Block] = [Beside(tuple(Picture(chart.name) for chart in charts))]
    if any(own != bounds[0] for own in bounds):
        found.append(Text("The shades of the two maps are not the same: each has its own classes, written below it.", "sub"))
    return found


# ── the worst ──────────────────────────────────────────────────────────────────────────────────────────────────────
def places(page: Leaflet, strategy: str) -> list[Block]:
    """The places that weigh most in the worst futures for their budgets; then those that come first by another measure."""
    say, rows = page.say, by_weight(of(page, "places", strategy))
    few = len(rows) <= FEW
    shown = rows if few else rows[:LISTED]
    cells = [
        [str(row["place"]), say.percent(row, f"{WALKS}_probability"), *_company(page, row),
         f"{_money(page, row, 'commissioner_exposure')} ({say.percent(row, 'exposure_share')})",
         _money(page, row, "provider_surplus"), say.number(row, "health_qaly", "health_error_qaly"),
         say.percent(row, "true_score"), say.percent(row, "quality_floor_probability"), say.percent(row, "share_of_worst"),
         _times(page, row)]
        for row in shown
    ]  # fmt: skip
    company = ("alone", "with half of the others") if _company(page, rows[0]) else ()
    heads = ("place", "provider walks away", *company, "commissioner bears beyond its budget (share of it)", "provider's surplus",
             "QALYs gained", "true progress", "quality below its floor", "share of the nation's worst 1 in 20",
             "that over its share of budgets")  # fmt: skip
    told, cells = telling(heads, cells)
    caption = f"{page.captions['places']}: {strategy} provider"
    found: list[Block] = [page.grid("places", told, cells, len(told) - 1, caption=caption, name=f"places {strategy}")]
    if few:
        return found
    return [*found, *_ranked(page, rows, strategy), Text(f"All {len(rows):,} places are in [places.csv](places.csv).", "sub")]


def by_weight(rows: Sequence[Row]) -> list[Row]:
    """Places by their share of the worst futures over their share of the budgets, the heaviest first; as they are without it."""
    if not rows or rows[0].get("worst_over_budget") is None:
        return list(rows)
    return sorted(rows, key=lambda row: -float(row["worst_over_budget"] or 0.0))


def _times(page: Leaflet, row: Row) -> str:
    value = row.get("worst_over_budget")
    return W.NONE if value is None else page.say.cite(row, "worst_over_budget", f"{float(value):.2f}")


def _company(page: Leaflet, row: Row) -> list[str]:
    """How often a place fails alone, and with half of the others or more; nothing where that is not known."""
    names = ("fails_alone_probability", "fails_with_many_probability")
    return [page.say.percent(row, name) for name in names] if all(name in row for name in names) else []


#: rank column → (what it orders by in words, column)
RANKS = {
    "rank_by_exposure_share": ("exposure for each pound of budget", "exposure_share"),
    "rank_by_share_of_worst": ("share of the nation's worst 1 in 20", "share_of_worst"),
    "rank_by_failing_alone": ("failing alone", "fails_alone_probability"),
}  # fmt: skip


def _ranked(page: Leaflet, rows: Sequence[Row], strategy: str) -> list[Block]:
    """The first places by other measures, folded away."""
    grids = []
    for rank, (words, column) in RANKS.items():
        if rank in rows[0]:
            first = sorted(rows, key=lambda row, rank=rank: row[rank])[:LISTED]  # type: ignore[misc]
            cells = [[str(row["place"]), page.say.percent(row, column)] for row in first]
            if len(telling(("", ""), cells)[0]) < 2:
                continue
            grids.append(page.grid("places", ("place", words), cells, 1, caption=f"By {words}: {strategy} provider",
                                   name=f"places {rank} {strategy}"))  # fmt: skip
    return [Fold("The first by other measures", (Beside(tuple(grids[:2])), *grids[2:]))] if grids else []


def _money(page: Leaflet, row: Row, stem: str) -> str:
    return page.say.pounds(row, f"{stem}_gbp", f"{stem}_error_gbp")
