"""The seven assumptions of the plan: the tables of switches, their sentences, and what each assumption says."""

from __future__ import annotations

from functools import partial

from ..analysis import assumptions as A
from ..assumptions import ASSUMPTIONS, Assumption
from . import words as W
from .book import Book
from .source import GAMED, Row, real
from .table import Table
from .tracing import Trace

ENDS = (A.ALL_HELD, A.ALL_RELEASED)
END_WORDS = {A.ALL_HELD: "All held: the plan comes true", A.ALL_RELEASED: "All released"}
NO_GAMING = "no gaming"
CHANCES = ("exit_losses", "exit")
MEASURES = (
    ("exit_losses", "Losses end it"), ("exit", "Any early end"), ("surplus_mean_gbp", "Mean surplus"),
    ("exposure_mean_gbp", "Mean net exposure"), ("exposure_cte99_gbp", "Its worst 1 in 100, mean"),
)  # fmt: skip
HEADINGS = tuple(heading for _, heading in MEASURES)
FINEST = 0.0005


def points(value: object, signed: bool = False) -> str:
    """A share or its error as percentage points: 0.323 → "32.3 points", signed "+32.3 points"; a tiny one in two figures."""
    share = real(value)
    if not W.known(share):
        return W.NONE
    size = 100.0 * share
    tiny = 0.0 < abs(share) < FINEST
    text = W.signed(f"{float(f'{size:.1e}'):.6f}".rstrip("0") if tiny else f"{size:.1f}")
    plus = "+" if signed and size > 0.0 and text.strip("0.") else ""
    return f"{plus}{text} points"


def spared(say: Trace, row: Row, column: str) -> str:
    """A standard error in pounds, in two figures, cited."""
    return say.cite(row, column, W.spare(real(row[column])))


def switches(book: Book) -> Table:
    """From all held, each assumption released alone, to all released."""
    caption = "From the plan come true to the world as drawn. First and last row: values; between them: changes (standard error)"
    return _table(book, "switches", caption, ENDS, A.RELEASED_ALONE, "released")


def held_alone(book: Book) -> Table:
    """From all released, each assumption held alone, to all held."""
    caption = "The other way round. First and last row: values; between them: changes from all released (standard error)"
    return _table(book, "held_alone", caption, (A.ALL_RELEASED, A.ALL_HELD), A.HELD_ALONE, "held")


def _table(book: Book, name: str, caption: str, ends: tuple[str, str], kind: str, verb: str) -> Table:
    rows = book.source.rows("assumption_switches")
    of = {end: next(row for row in rows if row["setting"] == end) for end in ends}
    inner: list[list[str]] = []
    for row in rows:
        if row["setting"] == kind:
            inner.append([f"Only {row['letter']} {verb}: {row['assumption']}", *_changes(book.say, row)])
            parts = [p for p in rows if p["setting"] == f"{kind}, {A.PART}" and p["letter"] == row["letter"]]
            inner += [[f"Of {row['letter']}, {part['assumption']} by itself", *_changes(book.say, part)] for part in parts]
    inner += [[words, *_changes(book.say, row)] for row in rows for words in _together(row, kind)]
    first, last = ([_end(end, of[end], A.held_by_the_study(list(rows))), *_values(book.say, of[end])] for end in ends)
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


def _values(say: Trace, row: Row) -> list[str]:
    return [say.percent(row, name) if name in CHANCES else say.pounds(row, name, None) for name, _ in MEASURES]


def _changes(say: Trace, row: Row) -> list[str]:
    """"+32.3 points (0.4 points)", "−£198m (£1.7m)"."""
    found = []
    for name, _ in MEASURES:
        change, error = f"{name}_change", f"{name}_change_error"
        if name in CHANCES:
            moved = say.cite(row, change, points(row[change], signed=True))
            found.append(f"{moved} ({say.cite(row, error, points(row[error]))})")
        else:
            money = W.changed(real(row[change]), partial(W.pounds, error=real(row[error])))
            found.append(f"{say.cite(row, change, money)} ({spared(say, row, error)})")
    return found


def told(book: Book) -> list[str]:
    """The table in sentences: both ends, and what does not add up."""
    rows = book.source.rows("assumption_switches")
    return [_both_ends(book, rows), *_not_added(book, rows)]


def _both_ends(book: Book, rows: list[Row]) -> str:
    first, last = (next(row for row in rows if row["setting"] == end) for end in ENDS)
    fixed = A.held_by_the_study(list(rows))
    but = f"all but {A.listed(fixed)} released (the study itself holds them)" if fixed else "all released"
    honest = next((r for r in rows if r["setting"] == f"{A.HELD_ALONE}, {A.PART}" and r["assumption"] == NO_GAMING), None)
    text = (
        f"With every assumption held, losses end the contract in {book.say.percent(first, 'exit_losses')} of futures; with "
        f"{but}, in {book.say.percent(last, 'exit_losses')}."
    )  # fmt: skip
    if honest is None:
        return text
    return f"{text} With all released and a provider that does not game, it is {book.say.percent(honest, 'exit_losses')}."


def _not_added(book: Book, rows: list[Row]) -> list[str]:
    row = next((r for r in rows if r["setting"] == f"{A.INTERACTION}, {A.RELEASED_ALONE}"), None)
    if row is None:
        return []
    chance = book.say.cite(row, "exit_losses_change", points(row["exit_losses_change"], signed=True))
    money = book.say.pounds(row, "exposure_mean_gbp_change", "exposure_mean_gbp_change_error")
    return [
        f"Released one by one they do not add up: what they do only together is {chance} of failure and {money} of mean exposure."
    ]


def meanings() -> tuple[Assumption, ...]:
    """The seven, with what each says and what held and released mean."""
    return ASSUMPTIONS
