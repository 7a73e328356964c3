"""The seven assumptions of the plan: the table of switches, its sentences, and what each assumption says."""

from __future__ import annotations

from functools import partial

from ..analysis import assumptions as A
from ..assumptions import ASSUMPTIONS, Assumption
from . import words as W
from .source import GAMED, Row, Source
from .table import Table

MARGIN = 1.96
ENDS = (A.ALL_HELD, A.ALL_RELEASED)
END_WORDS = {A.ALL_HELD: "All held: the plan comes true", A.ALL_RELEASED: "All released"}
NO_GAMING = "no gaming"
MEASURES = (
    ("exit_losses", "Losses end it (changes in points)", W.percent), ("exit", "Any early end (likewise)", W.percent),
    ("surplus_mean_gbp", "Mean surplus", W.pounds), ("exposure_mean_gbp", "Mean net exposure", W.pounds),
    ("exposure_cte99_gbp", "Its worst 1 in 100, mean", W.pounds),
)  # fmt: skip
CHANCES = ("exit_losses", "exit")
HEADINGS = tuple(heading for _, heading, _ in MEASURES)


def switches(source: Source) -> Table:
    """From all held, each assumption released alone, to all released."""
    caption = "From the plan come true to the world as drawn. First and last row: values; between them: changes from all held"
    return _table(source, "switches", caption, ENDS, A.RELEASED_ALONE, "released")


def held_alone(source: Source) -> Table:
    """From all released, each assumption held alone, to all held."""
    caption = "The other way round. First and last row: values; between them: changes from all released"
    return _table(source, "held_alone", caption, (A.ALL_RELEASED, A.ALL_HELD), A.HELD_ALONE, "held")


def _table(source: Source, name: str, caption: str, ends: tuple[str, str], kind: str, verb: str) -> Table:
    rows = source.rows("assumption_switches")
    of = {end: next(row for row in rows if row["setting"] == end) for end in ends}
    inner: list[list[str]] = []
    for row in rows:
        if row["setting"] == kind:
            inner.append([f"Only {row['letter']} {verb}: {row['assumption']}", *_changes(row)])
            parts = [p for p in rows if p["setting"] == f"{kind}, {A.PART}" and p["letter"] == row["letter"]]
            inner += [[f"Of {row['letter']}, {part['assumption']} by itself", *_changes(part)] for part in parts]
    inner += [[words, *_changes(row)] for row in rows for words in _together(row, kind)]
    first, last = ([_end(end, of[end], A.held_by_the_study(rows)), *_values(of[end])] for end in ends)
    return Table(name, caption, ("Setting", *HEADINGS), [first, *inner, last], len(MEASURES))


def _end(end: str, row: Row, fixed: list[str]) -> str:
    """What the first or the last row is called, what the study itself holds, and that the provider games where it does."""
    but = f" but {A.listed(fixed)}, which the study holds" if fixed and end == A.ALL_RELEASED else ""
    return f"{END_WORDS[end]}{but}{', and the provider games' if row['strategy'] == GAMED else ''}"


def _together(row: Row, kind: str) -> list[str]:
    """What the rows that have changes only are called; those counted from all released run towards it."""
    towards = " (towards all released)" if kind == A.HELD_ALONE else ""
    names = {f"{A.SUM}, {kind}": "The changes added up", f"{A.INTERACTION}, {kind}": "What they do only together"}
    return [names[row["setting"]] + towards] if row["setting"] in names else []


def _values(row: Row) -> list[str]:
    return [say(row[name]) for name, _, say in MEASURES]


def _changes(row: Row) -> list[str]:
    """"+32.3 ± 0.7", "−£198m ± £1.7m"."""
    found = []
    for name, _, _ in MEASURES:
        change, margin = row[f"{name}_change"], MARGIN * row[f"{name}_change_error"]
        if name in CHANCES:
            found.append(f"{W.changed(change, W.in_points)} ± {W.in_points(margin)}")
        else:
            found.append(f"{W.changed(change, partial(W.pounds, error=margin))} ± {W.spare(margin)}")
    return found


def told(source: Source) -> dict[str, list[str]]:
    """The table in sentences: both ends and what does not add up (`ends`), and one assumption after another (`single`)."""
    rows = source.rows("assumption_switches")
    found = A.sentences(rows)
    last = len(found) - any(row["setting"] == f"{A.INTERACTION}, {A.RELEASED_ALONE}" for row in rows)
    honest = [
        f"With all released and a provider that does not game, it is {W.percent(row['exit_losses'])}." for row in rows
        if row["setting"] == f"{A.HELD_ALONE}, {A.PART}" and row["assumption"] == NO_GAMING
    ]  # fmt: skip
    return {"ends": [" ".join([*found[:1], *honest]), *found[last:]], "single": found[1:last]}


def meanings() -> tuple[Assumption, ...]:
    """The seven, with what each says and what held and released mean."""
    return ASSUMPTIONS
