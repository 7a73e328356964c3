"""The headings of a table: which columns are read, which are carried along, and which are a slip of the pen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path

from ..contract import Contract
from ..errors import DataError
from ..terms import Field
from .columns import Column, given_columns

CASE, YEAR = "case", "year"
#: Likeness (0 to 1, of difflib) from which a column that nobody reads is taken for a misspelt one.
ALIKE = 0.75
_SHORT = {"yr": YEAR, "yrs": YEAR}
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def alike(name: str, words: Iterable[str], cutoff: float = ALIKE) -> str | None:
    """The member of `words` most like `name`, capitals aside, or None where none is close."""
    by_small = {word.lower(): word for word in words}
    found = get_close_matches(name.lower(), by_small, n=1, cutoff=cutoff)
    return by_small[found[0]] if found else None


def check_separator(path: Path, header: Sequence[str]) -> None:
    """Refuse a CSV file whose header is one cell with another separator in it."""
    mark = next((mark for mark in _SEPARATORS if len(header) == 1 and mark in header[0]), None)
    if mark:
        raise DataError(
            "the table has one column only", file=path, key=header[0],
            expected=f"columns separated by commas (and a point in decimals); this file seems to use {_SEPARATORS[mark]}",
        )  # fmt: skip


def check_headings(
    path: Path, contract: Contract, names: Sequence[str], asked: dict[str, Column], overrides: dict[str, Field]
) -> tuple[str, ...]:
    """Refuse missing columns and misspelt ones; return those that are carried along."""
    read = {CASE, YEAR, *asked, *overrides}
    carried = [name for name in names if name not in read]
    words = (*overrides, *(entry.name for entry in contract.inputs), *asked, CASE, YEAR)
    known = {word.lower(): word for word in words}
    for name in carried:
        right = known.get(name.lower())
        if right and name not in words:
            message = "a column's name is written with other capitals"
            raise DataError(message, file=path, key=name, expected=right, nearest=right)
    for column in asked.values():
        if column.needed and column.name not in names:
            raise DataError(
                "the table lacks a column", file=path, key=column.name, expected=f"{column.doc} ({column.unit})",
                nearest=alike(column.name, carried, 0.5),
            )  # fmt: skip
    _check_carried(path, contract, carried, [name for name in (CASE, YEAR, *asked) if name not in names], overrides)
    return tuple(carried)


def _check_carried(
    path: Path, contract: Contract, carried: Sequence[str], absent: Sequence[str], overrides: dict[str, Field]
) -> None:
    """Refuse what would be carried along and was meant to be read; `absent` are the columns that may be left out, and are."""
    ids = {term.id for term in contract.terms}
    given = {column.name for column in given_columns(contract)}
    for name in carried:
        if name in given:
            raise DataError(
                "the settlement itself gives a column of this name", file=path, key=name, expected="another name"
            )
        if "." in name or name in ids:
            raise DataError(
                "neither a quantity nor an entry of a clause", file=path, key=name,
                expected="a column that the contract knows, or a plain word for one that is carried along",
                nearest=alike(name, [*overrides, *absent], 0.5),
            )  # fmt: skip
        short = _SHORT.get(name.lower())
        meant = short if short in absent else alike(name, absent)
        if meant:
            raise DataError(
                f"this column would be carried along, not read, and looks like {meant}", file=path, key=name,
                expected=f"{meant}, or a name less like it", nearest=meant,
            )  # fmt: skip
