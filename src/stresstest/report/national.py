"""Several places in one economy, in words: how many fail together, what the national body carries, what diversifies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..advice import national as described
from .leaflet import Leaflet, placed
from .national_answer import answer
from .national_limits import DICTIONARY, dictionary_rows, notes
from .national_parts import sections_of

KIND = "national"
MAP = "map"
CAPTIONS = {
    "places": "The places, likeliest failure first: money and quality beside each other",
    "joint_summary": "How many places fail in the same future",
    "joint": "Chance that so many places fail in the same future",
    "totals": "What the places add up to, future by future", "diversified": "What diversifies, and what does not",
}  # fmt: skip


def national_leaflet(
    tables: Mapping[str, Sequence[Mapping[str, Any]]], facts: Mapping[str, Any], whereabouts: Mapping[str, Any] | None = None
) -> Leaflet:
    """The page.

    `tables` as `advice.national` makes them; places, joint_summary, joint, totals and diversified must be there, what else is
    missing is told of. `facts`: places, futures, seed, scenario, design; what else there is of national_limits.FACTS, runs, and
    `commands`, table → command that makes it. `whereabouts`: code of a place → its region, icb, hospital, tile_column, tile_row
    (config.geography.Whereabouts); without it places stand in order and not on a map.
    """
    every = {name: list(rows) for name, rows in tables.items()} | _geography(tables["places"], whereabouts)
    every[DICTIONARY] = [*every.get(DICTIONARY, ()), *dictionary_rows(getattr(described, "TABLES", {}), every)]
    page = Leaflet(KIND, "Places in one economy", "What if many places sign at once?", placed(every), CAPTIONS)
    page.facts = dict(facts)
    page.basis = (
        f"Runs of {len(facts['places'])} places: {facts['futures']:,} common futures of scenario {facts['scenario']}, design "
        f"{facts['design']}, seed {facts['seed']}."
    )
    page.answer = answer(page, whereabouts)
    page.notes = notes(page)
    page.sections = sections_of(page, whereabouts)
    return page


def _geography(places: Sequence[Mapping[str, Any]], whereabouts: Mapping[str, Any] | None) -> dict[str, list[dict[str, Any]]]:
    """Where each place lies, as a table; none without whereabouts."""
    known = {str(row["code"]): row["place"] for row in places}
    columns = ("region", "icb", "hospital", "tile_column", "tile_row")
    rows = [{"code": code, "place": place, **{name: getattr(whereabouts[code], name, None) for name in columns}}
            for code, place in known.items() if whereabouts and whereabouts.get(code) is not None]  # fmt: skip
    return {MAP: rows} if rows else {}
