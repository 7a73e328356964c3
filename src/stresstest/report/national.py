"""Several places in one economy, in words: how many fail together, what the national body carries, what diversifies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..advice import national as described
from . import words as W
from .leaflet import Leaflet, placed
from .national_answer import answer
from .national_limits import DICTIONARY, dictionary_rows, notes
from .national_parts import sections_of
from .national_rows import budget, strategies_of
from .national_years import at_end

KIND = "national"
MAP = "map"
CAPTIONS = {
    "places": "The places, heaviest in the worst futures for their budgets first",
    "joint_summary": "How many places fail by the end of the term",
    "joint": "Chance that so many places have failed by the end of the term",
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
    page = Leaflet(KIND, str(facts.get("title") or "Places in one economy"), "What if many places sign?", placed(every), CAPTIONS)
    page.facts = dict(facts)
    page.basis = basis(page)
    page.answer = answer(page, whereabouts)
    page.notes = notes(page)
    page.sections = sections_of(page, whereabouts)
    return page


def basis(page: Leaflet) -> str:
    """What the page rests on: places and their budgets, the term, futures; and how many places were left out."""
    facts, whole = page.facts, budget(page, strategies_of(page)[0])
    size = f" with agreed budgets of {W.pounds(whole)} together (present value)" if whole else ""
    term = [str(year) for year in facts.get("term") or ()]
    years = at_end(page, strategies_of(page)[0])
    long = f" over {int(years['year_number'])} years" if years is not None and years.get("year_number") else ""
    span = f"{long}, {term[0]} to {term[-1]}" if term else long
    price = f", in prices of {facts['price_base']}" if facts.get("price_base") else ""
    left = facts.get("left_out") or ()
    names = W.listed([str(name) for name, _ in left]) if len(left) <= NAMED_LEFT else f"{len(left):,} places"
    return (
        f"Runs of {len(facts['places'])} places{size}{span}{price}: {facts['futures']:,} common futures of scenario "
        f"{facts['scenario']}, design {facts['design']}, seed {facts['seed']}."
        + (f" Left out: {names}." if left else "")
    )


NAMED_LEFT = 5


def _geography(places: Sequence[Mapping[str, Any]], whereabouts: Mapping[str, Any] | None) -> dict[str, list[dict[str, Any]]]:
    """Where each place lies, as a table; none without whereabouts."""
    known = {str(row["code"]): row["place"] for row in places}
    columns = ("region", "icb", "hospital", "tile_column", "tile_row")
    rows = [{"code": code, "place": place, **{name: getattr(whereabouts[code], name, None) for name in columns}}
            for code, place in known.items() if whereabouts and whereabouts.get(code) is not None]  # fmt: skip
    return {MAP: rows} if rows else {}
