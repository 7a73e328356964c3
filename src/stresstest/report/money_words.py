"""Phrases of the sections on money: estimate, then its range, then a word, each number cited from its cell."""

from __future__ import annotations

from . import words as W
from .book import Book
from .source import HONEST, Figure, Row, real

QALY = "QALY"
#: Phrases for a cell that a run lacks.
NOT_MODELLED, NOT_KEPT = "not modelled", "not kept"


def amount(book: Book, row: Row, column: str, error: str | None = None, unit: str = "GBP") -> str:
    """A cell in its own unit: pounds, a share as a percentage, or a plain number."""
    if unit == "GBP":
        return book.say.pounds(row, column, error)
    return book.say.percent(row, column) if unit == "share" else book.say.number(row, column, error)


def error_of(book: Book, row: Row, column: str, unit: str = "GBP") -> str:
    """A standard error in two figures; one of a chance in points."""
    value = real(row.get(column))
    if unit == "points":
        return book.say.cite(row, column, f"{W.in_points(value)} points") if W.known(value) else W.NONE
    return book.say.cite(row, column, W.spare(value, W.pounds if unit == "GBP" else W.number))


def with_error(book: Book, row: Row, column: str, error: str, unit: str = "GBP") -> str:
    """"£12.3m (£370k)": a mean and its standard error."""
    return f"{amount(book, row, column, error, unit)} ({error_of(book, row, error, unit)})"


def told_of(book: Book, party: str, metric: str) -> bool:
    """Whether the summary holds a measure at all; older runs lack some."""
    return any(row["party"] == party and row["metric"] == metric for row in book.source.rows("summary"))


def figure(book: Book, found: Figure) -> str:
    """A figure of the summary, in its unit, no finer than its error."""
    if found.unit == "GBP":
        return book.say.pounds(found.row)
    return book.say.number(found.row) if found.unit == QALY else book.say.percent(found.row)


def middle(book: Book, party: str, metric: str, strategy: str = HONEST, scenario: str = "") -> str:
    """"£41m (80% interval: −£12m to £96m)": the median and what holds the middle 80% of futures."""
    median, low, high = (
        figure(book, book.source.figure(party, metric, name, strategy=strategy, scenario=scenario))
        for name in ("p50", "p10", "p90")
    )
    return f"{median} (80% interval: {low} to {high})"


def short_middle(book: Book, party: str, metric: str, strategy: str = HONEST, scenario: str = "") -> str:
    """"£41m (−£12m to £96m)", for cells of a table that says what the range is."""
    return middle(book, party, metric, strategy, scenario).replace("80% interval: ", "")


def seen(book: Book, row: Row, column: str) -> str:
    """"55.3%"; where it was seen in no future, "none in 100,000 futures", as far as the row says how many there were."""
    if real(row.get(column)) == 0.0 and W.known(real(row.get("futures"))):
        return f"none in {book.say.number(row, 'futures')} futures"
    return book.say.percent(row, column)


def chance_range(book: Book, row: Row, column: str, ends_of: str = "") -> str:
    """"55.3% (55.0% to 55.6%)": a chance and its 95% interval; the chance alone where the row has none, or none was seen.

    `ends_of`: the name before _low and _high, where it is not the column's.
    """
    value = seen(book, row, column)
    ends = [f"{ends_of or column}_{end}" for end in ("low", "high")]
    if real(row.get(column)) == 0.0 or any(not W.known(real(row.get(end))) for end in ends):
        return value
    low, high = (book.say.percent(row, end) for end in ends)
    return f"{value} ({low} to {high})"


def likely(row: Row, column: str) -> str:
    """The likelihood word of a chance; "not seen" where no future had it, a dash where there is none."""
    value = real(row.get(column))
    if value == 0.0:
        return "not seen"
    return W.likelihood(value) if W.known(value) else W.NONE


def change(book: Book, row: Row, column: str, error: str | None = None, unit: str = "GBP") -> str:
    """A change with its sign: "+£19.3m", "−£3.1m", "+4.2 points"."""
    value = real(row.get(column))
    if not W.known(value):
        return W.NONE
    if unit == "points":
        return book.say.cite(row, column, f"{W.changed(value, W.in_points)} points")
    spread = real(row.get(error)) if error else None
    say = W.pounds if unit == "GBP" else W.number
    return book.say.cite(row, column, W.changed(value, lambda x: say(x, spread)))


def as_it_stands(book: Book, row: Row, column: str, unit: str) -> str:
    """The value of an input: pounds, a share or a rate in per cent, else a plain number."""
    value = real(row.get(column))
    if not W.known(value):
        return W.NONE
    return book.say.cite(row, column, input_words(value, unit))


def input_words(value: float, unit: str) -> str:
    """An input's value in three figures: "£18.0m", "2.9%" for a share or a rate, else "0.7"."""
    if unit == "GBP":
        return W.pounds(value)
    if unit in PER_CENT:
        return f"{W.signed(f'{100.0 * value:.3g}')}%"
    if value and abs(value) < 1e-4:
        return W.signed(f"{value:.8f}".rstrip("0"))
    return W.signed(f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.3g}")


#: Units of inputs that are told in per cent.
PER_CENT = frozenset({"share", "per year", "probability"})
