"""The sections of the page of many places, in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from . import words as W
from .document import Block, Fold, Section, Under
from .leaflet import Leaflet
from .national_beside import beside
from .national_body import called, diversified, economy, totals
from .national_clauses import clauses
from .national_contagion import contagion
from .national_joint import joints
from .national_limits import limits, made
from .national_rows import alike, strategies_of
from .national_worst import places, where
from .national_years import years

Made = Callable[[Leaflet, str], list[Block]]


def sections_of(page: Leaflet, whereabouts: Mapping[str, Any] | None = None) -> list[Section]:
    """Every section."""
    first, *others = strategies_of(page)
    body = (("What commissioners cannot bear", called), ("Totals", totals), ("What diversifies", diversified),
            ("What goes with the total", economy))  # fmt: skip
    return [
        *_beside(page, [first, *others]),
        Section("joint", "Failing together", (
            *joints(page, first), Under("Year by year", tuple(years(page, first))),
            *_more(page, others, lambda p, name: [*joints(p, name), *years(p, name)]))),
        Section("body", "What a national body carries", (
            *(Under(title, tuple(make(page, first))) for title, make in body),
            *_more(page, others, lambda p, name: [block for _, make in body for block in make(p, name)]))),
        Section("map", "Where the risk is", tuple(where(page, [first, *others], whereabouts))),
        Section("places", "The places" if alike(page, first) else "The worst places", (
            *places(page, first), *_more(page, others, places))),
        Section("contagion", "What one failure does to others", (
            *contagion(page, first), *_more(page, others, contagion, "contagion"))),
        Section("clauses", "Clauses in every place", (*clauses(page, first), *_more(page, others, clauses, "clauses"))),
        Section("limits", "What this does not say", tuple(limits(page))),
        Section("made", "How it was made", tuple(made(page))),
    ]  # fmt: skip


def _beside(page: Leaflet, strategies: Sequence[str]) -> list[Section]:
    """The first two strategies beside each other, outside any fold so that print has them."""
    if len(strategies) < 2:
        return []
    return [Section("strategies", f"{W.sentence(strategies[0])} and {strategies[1]} beside each other",
                    tuple(beside(page, strategies)))]  # fmt: skip


def _more(page: Leaflet, others: Sequence[str], make: Made, table: str = "places") -> list[Block]:
    return [Fold(f"The same with the {name} provider", tuple(make(page, name))) for name in others if page.rows(table)]
