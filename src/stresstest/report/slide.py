"""The summary as one slide, 16:9, for a projector or a board pack: summary.svg and summary.png. The same words as page 1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from . import palette as P
from .book import Book
from .figures import surplus_fan
from .parts.front import BANNERS, short_hash, title, version
from .summary import MEDIAN, Summary, Tile, summary
from .tracing import plain

NAME, DOTS, SIZE = "summary", 100, (16.0, 9.0)
#: Points of a line's height for one point of type, the smallest type that is set, and that of the lists.
LEADING, SMALLEST, ITEM = 1.28, 8.0, 15.0
#: Screens set type up to this much wider than its design.
SLACK = 1.03
MORE = "…"
LEFT, RIGHT = 0.03, 0.97


def write_slide(book: Book, folder: Path) -> list[Path]:
    """Write summary.svg and summary.png (1600 by 900 dots) into a folder and return their paths.

    Words that do not fit are set smaller, and then shortened, which the mark … shows. Two calls write the same bytes.
    """
    folder = Path(folder)
    paths = [folder / f"{NAME}.svg", folder / f"{NAME}.png"]
    unsaid = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with P.chart_style(NAME):
        drawn = slide(book)
        drawn.savefig(paths[0], format="svg", metadata=unsaid)
        drawn.savefig(paths[1], dpi=DOTS, metadata={"Software": None})
    return paths


def slide(book: Book) -> Any:
    """The slide as a matplotlib figure."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure, page = Figure(SIZE, dpi=DOTS), summary(book)
    FigureCanvasAgg(figure)
    _head(figure, book, page)
    for place, tile in enumerate(page.tiles):
        _tile(figure, tile, place, len(page.tiles))
    _fan(figure, book)
    _listed(figure, page.risks_title, page.risks, (0.49, 0.475, RIGHT - 0.49, 0.345))
    _listed(figure, page.clauses_title, page.clauses, (0.49, 0.105, RIGHT - 0.49, 0.345))
    fit(figure, plain(_bare(page.unsaid[0])), (LEFT, 0.052, RIGHT - LEFT, 0.04), 11.0, P.MUTED)
    made = f"Run {book.source.manifest['run_id']}, version {version(book)}, results {short_hash(book)}."
    foot = f"{made} Amounts in boxes are medians. It is no forecast."
    fit(figure, foot, (LEFT, 0.015, RIGHT - LEFT, 0.03), 10.0, P.MUTED)
    return figure


def _head(figure: Any, book: Book, page: Summary) -> None:
    """State of assurance, title and answer."""
    banner = BANNERS[book.assurance.state][0]
    if banner:
        _box(figure, (0.0, 0.965, 1.0, 0.035), P.BANNER, None)
        fit(figure, banner, (LEFT, 0.962, RIGHT - LEFT, 0.028), 12.0, P.BANNER_TEXT, bold=True)
    else:
        fit(figure, "Approved", (LEFT, 0.962, RIGHT - LEFT, 0.028), 12.0, P.MUTED)
    fit(figure, f"{title(book)} · {page.heading}", (LEFT, 0.918, RIGHT - LEFT, 0.035), 13.0, P.MUTED, lines=1)
    fit(figure, plain(page.answer), (LEFT, 0.8275, RIGHT - LEFT, 0.0875), 19.0, P.TEXT, bold=True)


def _tile(figure: Any, tile: Tile, place: int, count: int) -> None:
    """One headline figure in its box."""
    gap = 0.008
    width = (0.455 - gap) / 3.0
    row, column = divmod(place, 3)
    wide = width if row == 0 or count % 3 == 0 else (0.455 - gap) / max(1, count - 3)
    left, bottom = LEFT + column * wide, 0.685 - row * 0.145
    box = (left, bottom, wide - gap, 0.135)
    _box(figure, box, P.PANEL, P.SERIES[0])
    inner, across = left + 0.007, wide - gap - 0.014
    fit(figure, tile.name, (inner, bottom + 0.105, across, 0.024), 11.0, P.MUTED, lines=1)
    fit(figure, plain(tile.figure), (inner, bottom + 0.063, across, 0.042), 22.0, P.TEXT, bold=True, lines=1)
    fit(figure, plain(tile.interval).removeprefix(MEDIAN), (inner, bottom + 0.039, across, 0.024), 11.0, P.TEXT, lines=1)
    fit(figure, plain(tile.odds), (inner, bottom + 0.001, across, 0.037), 11.0, P.TEXT, bold=True)


def _fan(figure: Any, book: Book) -> None:
    chart = surplus_fan(book.source)
    fit(figure, chart.title, (LEFT, 0.49, 0.44, 0.03), 13.0, P.TEXT, bold=True, lines=1)
    fit(figure, chart.subtitle, (LEFT, 0.462, 0.44, 0.026), 10.5, P.MUTED, lines=1)
    chart.draw(figure.add_axes((LEFT + 0.04, 0.135, 0.40, 0.32)))


def _listed(figure: Any, heading: str, items: Sequence[str], box: tuple[float, float, float, float]) -> None:
    """A heading and numbered sentences, each in an equal part of the box."""
    left, bottom, width, height = box
    fit(figure, heading, (left, bottom + height - 0.03, width, 0.03), 13.0, P.TEXT, bold=True, lines=1)
    each = (height - 0.04) / max(len(items), 3)
    for place, item in enumerate(items):
        top = bottom + height - 0.04 - (place + 1) * each
        fit(figure, f"{place + 1}.", (left, top, 0.016, each), ITEM, P.TEXT)
        fit(figure, plain(_bare(item)), (left + 0.02, top, width - 0.02, each), ITEM, P.TEXT)


def _bare(text: str) -> str:
    """Words without the signs of bold, code and links."""
    return re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text).replace("**", "").replace("`", "")


def _box(figure: Any, box: tuple[float, float, float, float], fill: str, edge: str | None) -> None:
    """A filled rectangle, with a line along its top where `edge` names a colour."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    left, bottom, width, height = box
    figure.add_artist(Rectangle((left, bottom), width, height, transform=figure.transFigure, facecolor=fill, edgecolor="none"))
    if edge:
        ends = ([left, left + width], [bottom + height, bottom + height])
        figure.add_artist(Line2D(*ends, transform=figure.transFigure, color=edge, linewidth=3.0))


# ── words that stay in their box ───────────────────────────────────────────────────────────────────────────────────
def fit(figure: Any, text: str, box: tuple[float, float, float, float], size: float, colour: str, *, bold: bool = False,
        lines: int = 0) -> Any:  # fmt: skip
    """Set text from the top left of a box (left, bottom, width, height: shares of the slide), smaller or shortened if need be."""
    left, bottom, width, height = box
    across, down = width * SIZE[0] * 72.0, height * SIZE[1] * 72.0
    points = size
    while True:
        most = lines or max(1, int(down / (points * LEADING)))
        broken = broken_lines(text, across, points, bold)
        if len(broken) <= most or points <= SMALLEST:
            break
        points = max(SMALLEST, points - 0.5)
    shown = "\n".join(shortened(broken, most, across, points, bold))
    return figure.text(left, bottom + height, shown, fontsize=points, color=colour, ha="left", va="top", linespacing=1.15,
                       fontweight="bold" if bold else "normal", gid=None)  # fmt: skip


def width_of(text: str, points: float, bold: bool) -> float:
    """Width of a line in points: the advances of its characters in the font of the charts."""
    return SLACK * points * sum(_advance(character, bold) for character in text)


@cache
def _advance(character: str, bold: bool) -> float:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    with P.chart_style(NAME):
        font = get_font(findfont(FontProperties(weight="bold" if bold else "normal")))
    font.set_size(100.0, 72)
    return float(font.load_char(ord(character)).linearHoriAdvance) / 65536.0 / 100.0


def broken_lines(text: str, across: float, points: float, bold: bool) -> list[str]:
    """The text in lines none of which is wider than `across` points, as long as no word alone is."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, points, bold) <= across:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


def shortened(lines: list[str], most: int, across: float, points: float, bold: bool) -> list[str]:
    """The first lines, the last of them ending in … where words are left out."""
    kept = lines[:most]
    if len(lines) > most:
        kept[-1] = f"{kept[-1]}{MORE}"
    return [_cut(line, across, points, bold) for line in kept]


def _cut(line: str, across: float, points: float, bold: bool) -> str:
    while width_of(line, points, bold) > across and len(line) > 2:
        line = f"{line.removesuffix(MORE)[:-1].rstrip()}{MORE}"
    return line


