"""What a report is made of, whatever becomes of it: sections of paragraphs, tables, pictures and folded parts. No HTML here.

Words may hold **bold**, `code` and [a link](address); numbers carry the marks of `tracing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .table import Table

CHECKPOINTS = ("CP1", "CP2", "CP3")


@dataclass(frozen=True)
class Text:
    """A paragraph. `kind`: "" plain, "lead" the answer, "sub" an aside in small print, "boxed" a warning."""

    words: str
    kind: str = ""


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    items: Sequence[str]


@dataclass(frozen=True)
class Terms:
    """Names and what they mean."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Picture:
    """A chart, by its name. `printed` False leaves it out of the printed page."""

    chart: str
    printed: bool = True


@dataclass(frozen=True)
class Grid:
    """A table, with the file that holds its rows unrounded (relative to the report's folder)."""

    table: Table
    download: str = ""
    css: str = ""


@dataclass(frozen=True)
class Beside:
    """Blocks side by side where there is room."""

    blocks: Sequence[Block]


@dataclass(frozen=True)
class Under:
    """Blocks under a heading of their own, one level below the section's."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Fold:
    """Blocks that are folded away on screen. `printed` False leaves them out of the printed page."""

    title: str
    blocks: Sequence[Block]
    printed: bool = False


@dataclass(frozen=True)
class Code:
    """Lines to be typed."""

    lines: Sequence[str]


Block = Text | Points | Terms | Picture | Grid | Beside | Under | Fold | Code


@dataclass(frozen=True)
class Section:
    """A section of the report. `name` is its anchor; `questions` the assurance questions (IS1 …) that it answers.

    `checkpoints`: those for which it is printed. `new_page` starts a page when printed.
    """

    name: str
    title: str
    blocks: Sequence[Block]
    questions: Sequence[str] = ()
    checkpoints: Sequence[str] = CHECKPOINTS
    new_page: bool = False


def words_of(block: Block) -> list[str]:
    """Every string that a block prints, its charts' words apart."""
    if isinstance(block, Text):
        return [block.words]
    if isinstance(block, Points):
        return list(block.items)
    if isinstance(block, Terms):
        return [text for pair in block.pairs for text in pair]
    if isinstance(block, Grid):
        return [block.table.caption, *block.table.headings, *(cell for row in block.table.rows for cell in row)]
    if isinstance(block, Under | Fold):
        return [block.title, *(text for one in block.blocks for text in words_of(one))]
    if isinstance(block, Beside):
        return [text for one in block.blocks for text in words_of(one)]
    return list(block.lines) if isinstance(block, Code) else []
