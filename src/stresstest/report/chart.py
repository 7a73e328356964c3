"""One chart of the report: its words, the numbers it shows, and the files it becomes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import palette as P
from . import words as W
from .tracing import plain

NARROW, WIDE = (4.15, 3.15), (6.2, 3.4)
MOST_TABLE_ROWS = 21
PNG_DOTS = 160
_FORMATS: dict[str, Callable[[Any], str]] = {
    "text": str,
    "£m": lambda value: W.NONE if not W.known(value) else W.signed(f"{value:,.1f}"),
    "%": W.percent,
}


@dataclass(frozen=True)
class Column:
    """A column of a chart's numbers: its name in the CSV file, its heading in the page, and "text", "£m" or "%"."""

    name: str
    heading: str
    kind: str = "£m"


@dataclass(frozen=True)
class Chart:
    """A chart. `rows` holds exactly the numbers that `draw` puts on the axes (amounts in £m, shares as fractions).

    `title` says the message in 15 words at most; `subtitle` measure, place and period; `alt` kind of chart, axes and
    message; `caption` how to read it. `size` in inches.
    """

    name: str
    title: str
    subtitle: str
    alt: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    draw: Callable[[Any], None]
    size: tuple[float, float] = NARROW

    def figure(self, titled: bool = False) -> Any:
        """The chart as a matplotlib figure; with its title and subtitle above it when it stands alone."""
        from matplotlib.figure import Figure

        width, height = self.size
        with P.chart_style(self.name):
            figure = Figure((width, height + (0.9 if titled else 0.0)), layout="constrained")
            ax = figure.add_subplot()
            self.draw(ax)
            if titled:
                figure.suptitle(f"{self._wrapped(plain(self.title))}\n{self._wrapped(plain(self.subtitle))}", x=0.01, ha="left",
                                fontsize=P.FONT_POINTS)  # fmt: skip
        return figure

    def _wrapped(self, text: str) -> str:
        import textwrap

        return "\n".join(textwrap.wrap(text, round(self.size[0] * 14)))

    def svg(self, titled: bool = False) -> str:
        """The chart as SVG text that asks for nothing from elsewhere; ids begin with the chart's name."""
        buffer = io.StringIO()
        unsaid = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        with P.chart_style(self.name):
            self.figure(titled).savefig(buffer, format="svg", metadata=unsaid)
        return buffer.getvalue()

    def inline(self) -> str:
        """The SVG to be set into a page: no prolog, unique ids, and its text alternative."""
        svg = self.svg()
        svg = svg[svg.index("<svg") :]
        svg = re.sub(r'\bid="', f'id="{self.name}-', svg)
        svg = re.sub(r'(href="#|url\(#)', rf"\1{self.name}-", svg)
        opening, rest = svg.split(">", 1)
        opening = re.sub(r'\s(width|height)="[^"]*"', "", opening)
        return f'{opening} role="img" aria-label="{_attribute(plain(self.alt))}" focusable="false">{rest}'

    def csv(self) -> str:
        """The plotted numbers in full precision."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow([column.name for column in self.columns])
        writer.writerows([row[column.name] for column in self.columns] for row in self.rows)
        return buffer.getvalue()

    @property
    def wide(self) -> bool:
        """Whether the chart takes more than a third of the page's width."""
        return self.size[0] > NARROW[0]

    @property
    def table(self) -> list[list[str]]:
        """The plotted numbers, rounded, for the page: every row, or evenly spaced ones of a long curve."""
        step = max(1, -(-len(self.rows) // MOST_TABLE_ROWS))
        return [[_FORMATS[c.kind](row[c.name]) for c in self.columns] for row in self.rows[::step]]

    @property
    def shortened(self) -> bool:
        """Whether the page's table leaves rows out."""
        return len(self.rows) > MOST_TABLE_ROWS

    def write(self, folder: Path) -> None:
        """Write NAME.svg, NAME.png and NAME.csv into `folder`."""
        (folder / f"{self.name}.svg").write_text(self.svg(titled=True), encoding="utf-8")
        (folder / f"{self.name}.csv").write_text(self.csv(), encoding="utf-8")
        with P.chart_style(self.name):
            self.figure(titled=True).savefig(folder / f"{self.name}.png", dpi=PNG_DOTS, metadata={"Software": None})


def _attribute(text: str) -> str:
    from html import escape

    return escape(text, quote=True)
