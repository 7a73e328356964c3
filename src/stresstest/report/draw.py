"""Kinds of chart: fan, lines, exceedance, dots with intervals, bars. Each draws what it is given, with direct labels.

Money arrives in millions of pounds. No chart has a legend, a second axis or more than four series.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import palette as P
from .words import MINUS

Series = Sequence[tuple[str, Sequence[float]]]
#: Share of the horizontal axis kept free on the right for the labels of the series.
LABEL_ROOM = 0.42
#: Least distance of two labels, as a share of the height of the axis.
LABEL_GAP = 0.085


def money_axis(axis: Any) -> None:
    """Whole millions with commas and the right minus sign on an axis."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}".replace("-", MINUS)))


def percent_axis(axis: Any) -> None:
    """Percentages on an axis that holds fractions."""
    from matplotlib.ticker import PercentFormatter

    axis.set_major_formatter(PercentFormatter(1.0, decimals=0))


def spread(heights: Sequence[float], gap: float) -> list[float]:
    """Heights moved apart so that neighbours are at least `gap` apart, in the same order, about the same middle."""
    order = sorted(range(len(heights)), key=lambda k: heights[k])
    placed = [heights[k] for k in order]
    for _ in range(200):
        moved = False
        for k in range(1, len(placed)):
            short = gap - (placed[k] - placed[k - 1])
            if short > 1e-9:
                placed[k - 1] -= short / 2
                placed[k] += short / 2
                moved = True
        if not moved:
            break
    return [placed[order.index(k)] for k in range(len(heights))]


def label_ends(ax: Any, at: float, labels: Sequence[tuple[str, float, str]]) -> None:
    """Write (text, height, colour) to the right of `at`, moved apart where they would touch."""
    low, high = ax.get_ylim()
    heights = spread([height for _, height, _ in labels], LABEL_GAP * (high - low))
    for (text, _, colour), height in zip(labels, heights, strict=True):
        ax.text(at, height, text, color=colour, va="center", ha="left", clip_on=False)


def _year_axis(ax: Any, years: Sequence[str]) -> None:
    last = len(years) - 1
    shown = [k for k in range(0, last, 5) if last - k >= 3] + [last]
    ax.set_xticks(shown, [years[k] for k in shown])
    ax.set_xlim(-0.3, last + LABEL_ROOM * max(last, 1))
    ax.spines["bottom"].set_bounds(0, last)
    ax.grid(axis="y")


def _zero_line(ax: Any, horizontal: bool = True) -> None:
    (ax.axhline if horizontal else ax.axvline)(0.0, color=P.TEXT, linewidth=1.0)


def fan(ax: Any, years: Sequence[str], bands: Sequence[tuple[str, Sequence[float], Sequence[float]]],
        median: Sequence[float]) -> None:  # fmt: skip
    """Bands (label, low, high), widest first, and the median, by year; edges in dark lines of three styles."""
    x = range(len(years))
    for fill, style, (_, low, high) in zip(P.BANDS, P.BAND_EDGE_STYLES, bands, strict=True):
        ax.fill_between(x, low, high, color=fill, linewidth=0)
        for edge in (low, high):
            ax.plot(x, edge, style, color=P.SERIES[0], linewidth=0.9)
    ax.plot(x, median, "-", color=P.SERIES[0], linewidth=2.4)
    _zero_line(ax)
    _year_axis(ax, years)
    money_axis(ax.yaxis)
    ax.set_ylabel("£m")
    ends = [(label, high[-1], P.TEXT) for label, _, high in bands] + [("median", median[-1], P.SERIES[0])]
    label_ends(ax, len(years) - 0.7, ends)


def lines(ax: Any, years: Sequence[str], series: Series) -> None:
    """Up to four lines of shares by year, each with its own colour, style and label at its end."""
    P.require_few([label for label, _ in series])
    ends = []
    for colour, style, (label, values) in zip(P.SERIES, P.LINE_STYLES, series, strict=False):
        ax.plot(range(len(years)), values, style, color=colour, linewidth=2.2)
        ends.append((label, values[-1], P.TEXT))
    ax.set_ylim(0.0, 1.02)
    percent_axis(ax.yaxis)
    _year_axis(ax, years)
    label_ends(ax, len(years) - 0.7, ends)


def exceedance(ax: Any, series: Sequence[tuple[str, Sequence[float], Sequence[float]]], marked: float) -> None:
    """Curves (label, amount in £m, chance of more), and a dashed line at the chance `marked`."""
    P.require_few([label for label, _, _ in series])
    for colour, style, (_, amounts, chances) in zip(P.SERIES, P.LINE_STYLES, series, strict=False):
        ax.plot(amounts, chances, style, color=colour, linewidth=2.2)
    ax.set_ylim(0.0, 1.02)
    percent_axis(ax.yaxis)
    money_axis(ax.xaxis)
    ax.grid(axis="both")
    ax.axhline(marked, color=P.TEXT, linewidth=1.0, linestyle=(0, (4, 3)))
    right = ax.get_xlim()[1]
    ax.text(right, marked + 0.015, f"1 in {round(1 / marked)}", ha="right", va="bottom")
    ax.set_xlabel("exposure of more than, £m")
    _label_curves(ax, series)


def _label_curves(ax: Any, series: Sequence[tuple[str, Sequence[float], Sequence[float]]]) -> None:
    """The curve further right is labelled on its right and higher up, the other one on its left and lower down."""
    def crossing(curve: tuple[str, Sequence[float], Sequence[float]], level: float) -> float:
        return next((a for a, c in zip(curve[1], curve[2], strict=True) if c <= level), curve[1][-1])

    ranked = sorted(range(len(series)), key=lambda k: crossing(series[k], 0.5))
    for place, k in enumerate(ranked):
        right = place == len(ranked) - 1
        level = 0.62 if right else 0.38
        ax.annotate(series[k][0], (crossing(series[k], level), level), xytext=(7 if right else -7, 0), color=P.TEXT,
                    textcoords="offset points", va="center", ha="left" if right else "right",
                    bbox={"facecolor": P.PAPER, "edgecolor": "none", "pad": 1.0})  # fmt: skip


def dots(ax: Any, labels: Sequence[str], series: Sequence[tuple[str, Sequence[tuple[float, float, float]]]]) -> None:
    """Rows from top to bottom; (low, middle, high) for each series as a marker on a line, named on the first row."""
    P.require_few([label for label, _ in series])
    step = 0.36 if len(series) > 1 else 0.0
    for k, (name, values) in enumerate(series):
        heights = [row + (k - (len(series) - 1) / 2) * step for row in range(len(labels))]
        colour = P.SERIES[k]
        for height, (low, _, high) in zip(heights, values, strict=True):
            ax.plot([low, high], [height, height], P.LINE_STYLES[0], color=colour, linewidth=2.0, solid_capstyle="butt")
        ax.plot([v[1] for v in values], heights, P.MARKERS[k], color=colour, markersize=7,
                markerfacecolor=colour if k == 0 else P.PAPER, markeredgewidth=1.8)  # fmt: skip
        if len(series) > 1:
            ax.annotate(name, (values[0][2], heights[0]), xytext=(6, 0), textcoords="offset points", va="center")
    _rows(ax, labels)
    money_axis(ax.xaxis)
    _zero_line(ax, horizontal=False)
    if len(series) > 1:
        low, high = ax.get_xlim()
        ax.set_xlim(low, max(high, series[0][1][0][2] + 0.3 * (high - low)))
    ax.set_xlabel("£m")


def bars(ax: Any, labels: Sequence[str], values: Sequence[float], texts: Sequence[str]) -> None:
    """Horizontal bars from top to bottom, each with its figure at the end."""
    ax.barh(range(len(labels)), values, color=P.SERIES[0], height=0.62)
    top = max((*values, 1e-9))
    for row, (value, text) in enumerate(zip(values, texts, strict=True)):
        ax.text(value + 0.02 * top, row, text, va="center", ha="left")
    _rows(ax, labels)
    ax.set_xlim(0.0, 1.2 * top)
    percent_axis(ax.xaxis)


def _rows(ax: Any, labels: Sequence[str]) -> None:
    ax.set_yticks(range(len(labels)), list(labels))
    ax.set_ylim(max(len(labels), 1) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
