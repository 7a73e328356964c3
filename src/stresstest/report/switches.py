"""The seven assumptions of the plan: the table of switches, its sentences, and what each assumption says."""

from __future__ import annotations

from collections.abc import Callable

from ..analysis.assumptions import (
    ALL_HELD, ALL_RELEASED, HELD_ALONE, INTERACTION, PART, RELEASED_ALONE, SUM, sentences,
)  # fmt: skip
from ..assumptions import ASSUMPTIONS, Assumption
from . import words as W
from .source import Row, Source
from .table import Table

MARGIN = 1.96
ENDS = (ALL_HELD, ALL_RELEASED)
END_WORDS = {ALL_HELD: "All held: the plan comes true", ALL_RELEASED: "All released: the study’s own laws"}
MEASURES = (
    ("exit_losses", "Losses end it", W.percent), ("exit", "Any early end", W.percent),
    ("surplus_mean_gbp", "Mean surplus", W.pounds), ("exposure_mean_gbp", "Mean net exposure", W.pounds),
    ("exposure_cte99_gbp", "Its worst 1 in 100, mean", W.pounds),
)  # fmt: skip
CHANCES = ("exit_losses", "exit")
HEADINGS = tuple(heading for _, heading, _ in MEASURES)


def switches(source: Source) -> Table:
    """From all held, each assumption released alone, to all released."""
    caption = "From the plan come true to the world as drawn. First and last row: values; between them: changes from all held"
    return _table(source, "switches", caption, ENDS, RELEASED_ALONE, "released")


def held_alone(source: Source) -> Table:
    """From all released, each assumption held alone, to all held."""
    caption = "The other way round. First and last row: values; between them: changes from all released"
    return _table(source, "held_alone", caption, (ALL_RELEASED, ALL_HELD), HELD_ALONE, "held")


def _table(source: Source, name: str, caption: str, ends: tuple[str, str], kind: str, verb: str) -> Table:
    rows = source.rows("assumption_switches")
    of = {end: next(row for row in rows if row["setting"] == end) for end in ends}
    inner: list[list[str]] = []
    for row in rows:
        if row["setting"] == kind:
            inner.append([f"Only {row['letter']} {verb}: {row['assumption']}", *_changes(row)])
            parts = [p for p in rows if p["setting"] == f"{kind}, {PART}" and p["letter"] == row["letter"]]
            inner += [[f"of this, {part['assumption']} by itself", *_changes(part)] for part in parts]
    inner += [[words, *_changes(row)] for row in rows for words in _together(row, kind)]
    shown = [[END_WORDS[ends[0]], *_values(of[ends[0]])], *inner, [END_WORDS[ends[1]], *_values(of[ends[1]])]]
    return Table(name, caption, ("Setting", *HEADINGS), shown, len(MEASURES))


def _together(row: Row, kind: str) -> list[str]:
    """What the rows that have changes only are called; those counted from all released run towards it."""
    towards = " (towards all released)" if kind == HELD_ALONE else ""
    names = {f"{SUM}, {kind}": "The seven changes added up", f"{INTERACTION}, {kind}": "What they do only together"}
    return [names[row["setting"]] + towards] if row["setting"] in names else []


def _values(row: Row) -> list[str]:
    return [say(row[name]) for name, _, say in MEASURES]


def _changes(row: Row) -> list[str]:
    """"+32.3 ± 0.7 points", "−£198m ± £1.7m"."""
    found = []
    for name, _, _ in MEASURES:
        change, margin = row[f"{name}_change"], MARGIN * row[f"{name}_change_error"]
        if name in CHANCES:
            found.append(f"{W.changed(change, W.in_points)} ± {W.in_points(margin)} points")
        else:
            say: Callable[[float], str] = lambda x, error=margin: W.pounds(x, error)  # type: ignore[misc]  # noqa: E731
            found.append(f"{W.changed(change, say)} ± {W.spare(margin)}")
    return found


def told(source: Source) -> dict[str, list[str]]:
    """The table in sentences: both ends and what does not add up (`ends`), and one assumption after another (`single`)."""
    found = sentences(source.rows("assumption_switches"))
    single = [text for text in found if text.startswith(("If only", "Of g"))]
    return {"ends": [text for text in found if text not in single], "single": single}


def meanings() -> tuple[Assumption, ...]:
    """The seven, with what each says and what held and released mean."""
    return ASSUMPTIONS
