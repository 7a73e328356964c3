"""A table of the page: words only, already rounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A table as it is printed. The first cell of each row heads it; `figures` columns at the end are numbers."""

    name: str
    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: int
