"""Tables of what drives the result: single inputs, switching values, and how much of each handle would be enough."""

from __future__ import annotations

from collections.abc import Sequence

from . import words as W
from .book import Book
from .money_words import PER_CENT, as_it_stands, change, error_of
from .source import Row
from .table import Table

ARROW = "→"
#: Hurdles of the switching values, in the words of the analysis, and their columns.
SWITCHES = {
    "losses end the contract in half of futures": "Losses end half of contracts",
    "mean surplus is nil": "Mean surplus is nil",
    "mean exposure reaches the commissioner's limit": "Mean exposure at the limit",
}
FOUND = ("needed", "to spare")


def input_table(book: Book, rows: Sequence[Row]) -> Table:
    """Inputs at a lower and an upper value: chance of losses and mean exposure at both."""
    lines = [
        [
            W.sentence(str(row["input"])), str(row["quality"]), as_it_stands(book, row, "base_value", str(row["unit"])),
            *(_at(book, row, end) for end in ("lower", "upper")),
            *(book.say.percent(row, f"at_{end}_walks_away_probability") for end in ("lower", "upper")),
            *(book.say.pounds(row, f"at_{end}_exposure_gbp", f"at_{end}_exposure_error_gbp") for end in ("lower", "upper")),
        ]
        for row in rows
    ]  # fmt: skip
    headings = (
        "Input", "Basis", "As it is", "Lower value", "Upper value", "Losses end it, at lower", "at upper",
        "Mean exposure, at lower", "at upper",
    )  # fmt: skip
    caption = "One judged input at a time: honest provider, same futures; health is not recorded"
    return Table("inputs", caption, headings, lines, 7)


def _at(book: Book, row: Row, end: str) -> str:
    return as_it_stands(book, row, f"at_{end}_value", str(row["unit"]))


def swings(book: Book, rows: Sequence[Row]) -> Table:
    """Judged inputs changed one at a time: what becomes of failure and of exposure, in the same futures."""
    lines = [_swing(book, row, book.source.unit(str(row["key"]))) for row in rows]
    headings = (
        "Input", "Key", "Basis", "Base, and changed to", "Losses end the contract in", "Standard error",
        "Mean exposure", "Standard error",
    )  # fmt: skip
    caption = "One judged input changed at a time: honest provider, same futures, largest effect on failure first"
    return Table("swings", caption, headings, lines, 5)


def _swing(book: Book, row: Row, unit: str) -> list[str]:
    values = f"{book.say.set_to(row, 'base', unit)} {ARROW} {book.say.set_to(row, 'changed', unit)}"
    return [
        W.sentence(str(row["title"])), str(row["key"]), basis(row), values if unit == "GBP" else f"{values} {unit}".strip(),
        f"{book.say.percent(row, 'exit_losses_base')} {ARROW} {book.say.percent(row, 'exit_losses_changed')}",
        error_of(book, row, "exit_losses_error", "points"),
        f"{book.say.pounds(row, 'exposure_base_gbp', None)} {ARROW} {book.say.pounds(row, 'exposure_changed_gbp', None)}",
        error_of(book, row, "exposure_error_gbp"),
    ]  # fmt: skip


def basis(row: Row) -> str:
    """Quality and source, the quality once: a source that begins with "judgement:" says it already."""
    source = str(row["source"] or "").removeprefix(f"{row['quality']}: ")
    return f"{row['quality']}; {source}".strip("; ")


def switching(book: Book, rows: Sequence[Row], name: str) -> Table:
    """One line an input, one column a hurdle: the value that takes the contract over it."""
    found = {(str(row["key"]), str(row["hurdle"])): row for row in rows}
    hurdles = list(dict.fromkeys(str(row["hurdle"]) for row in rows))
    firsts = {str(row["key"]): row for row in reversed(rows)}
    lines = [
        [
            W.sentence(str(firsts[key]["input"])), str(firsts[key]["unit"]),
            as_it_stands(book, firsts[key], "base_value", str(firsts[key]["unit"])),
            *(_switch(book, found.get((key, hurdle))) for hurdle in hurdles),
        ]
        for key in dict.fromkeys(str(row["key"]) for row in rows)
    ]  # fmt: skip
    headings = ("Input", "Unit", "As it is", *(SWITCHES.get(hurdle, W.sentence(hurdle)) for hurdle in hurdles))
    return Table(name, "Value of one input at which a hurdle is just reached", headings, lines, 1 + len(hurdles))


def _switch(book: Book, row: Row | None) -> str:
    return as_it_stands(book, row, "switching_value", str(row["unit"])) if row else W.NONE


def enough(book: Book, rows: Sequence[Row]) -> Table:
    """Handles that can be enough alone: how much, and what it costs and brings; health beside money."""
    headings = (
        "Handle", "Found", "As it is", "Enough (95% interval)", "Chance then, in fresh futures", "Public purse pays more, mean",
        "Provider surplus, mean change", "Health, QALYs, mean change", "Capital put up",
    )  # fmt: skip
    caption = "How much of one thing, by itself, would be enough; mean changes, present value"
    return Table("enough", caption, headings, [_handle(book, row) for row in rows], 7)


def _handle(book: Book, row: Row) -> list[str]:
    unit = str(row["unit"])
    return [
        W.sentence(str(row["words"])), str(row["status"]), as_it_stands(book, row, "now", unit), _wanted(book, row, unit),
        book.say.percent(row, "fresh_probability"), change(book, row, "public_change_gbp", "public_change_error_gbp"),
        change(book, row, "provider_surplus_change_gbp", "provider_surplus_change_error_gbp"),
        change(book, row, "health_change_qaly", "health_change_error_qaly", "QALY"), book.say.pounds(row, "capital_gbp", None),
    ]  # fmt: skip


def _wanted(book: Book, row: Row, unit: str) -> str:
    """A value and its interval; shares to one decimal, so that the three can be compared."""
    names = ("value", "value_low", "value_high")
    said = [book.say.percent(row, name) if unit in PER_CENT else as_it_stands(book, row, name, unit) for name in names]
    return f"{said[0]} ({said[1]} to {said[2]})"
