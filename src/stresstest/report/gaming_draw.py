"""Kinds of chart of the gaming page: gain against harm, bars of money, before and after, and a curve against a limit."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from . import palette as P
from .draw import LABEL_GAP, label_ends, money_axis, spread

MOST_LABELS = 9
#: Within this many millions of pounds (or QALYs) of nothing the axis is straight, beyond it each tenfold takes the same room.
STRAIGHT = 1.0


def _wide_axis(ax: Any, which: str, values: Sequence[float]) -> None:
    """An axis on which tens and thousands can both be read, in whole powers of ten."""
    from matplotlib.ticker import FuncFormatter, NullLocator, SymmetricalLogLocator

    getattr(ax, f"set_{which}scale")("symlog", linthresh=STRAIGHT, linscale=0.6)
    axis = getattr(ax, f"{which}axis")
    axis.set_major_locator(SymmetricalLogLocator(base=10.0, linthresh=STRAIGHT))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}".replace("-", "−")))
    axis.set_minor_locator(NullLocator())
    low, high = min((*values, 0.0)), max((*values, 0.0))
    getattr(ax, f"set_{which}lim")(low * 1.8 - 0.4 if low < 0.0 else -0.4, high * 1.8 + 0.4)


def against(ax: Any, points: Sequence[tuple[str, float, float, int]], x_words: str, y_words: str) -> None:
    """Points (label, x, y, series): a marker for each series; the foremost have labels on the right, joined by thin lines."""
    for series, marker in enumerate(P.MARKERS[:3]):
        own = [(x, y) for _, x, y, which in points if which == series]
        fill = P.SERIES[series] if series == 0 else P.PAPER
        ax.plot([x for x, _ in own], [y for _, y in own], marker, color=P.SERIES[series], markerfacecolor=fill, markersize=6.5,
                markeredgewidth=1.6, linestyle="none")  # fmt: skip
    _wide_axis(ax, "x", [x for _, x, _, _ in points])
    _wide_axis(ax, "y", [y for _, _, y, _ in points])
    ax.axhline(0.0, color=P.MUTED, linewidth=0.8)
    ax.axvline(0.0, color=P.MUTED, linewidth=0.8)
    ax.grid(axis="both")
    ax.set_xlabel(x_words)
    ax.set_ylabel(y_words)
    labelled = [(text, x, y) for text, x, y, _ in points[:MOST_LABELS] if text]
    to_axes = ax.transScale + ax.transLimits
    heights = spread([float(to_axes.transform((x, y))[1]) for _, x, y in labelled], LABEL_GAP * 0.8)
    for (text, x, y), height in zip(labelled, heights, strict=True):
        ax.annotate(text, (x, y), xytext=(1.03, height), textcoords="axes fraction", va="center", fontsize=P.FONT_POINTS - 1,
                    arrowprops={"arrowstyle": "-", "color": P.MUTED, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 4})  # fmt: skip


def _row_labels(ax: Any, labels: Sequence[str], width: int) -> None:
    ax.set_yticks(range(len(labels)), [textwrap.fill(label, width) for label in labels])
    ax.set_ylim(max(len(labels), 1) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")


def money_bars(ax: Any, labels: Sequence[str], values: Sequence[float], errors: Sequence[float], words: str = "£m") -> None:
    """Horizontal bars from top to bottom on either side of nothing, with lines of two standard errors."""
    ax.barh(range(len(labels)), values, color=P.SERIES[0], height=0.6)
    for row, (value, error) in enumerate(zip(values, errors, strict=True)):
        ax.plot([value - 2.0 * error, value + 2.0 * error], [row, row], "-", color=P.SERIES[3], linewidth=1.6)
    _row_labels(ax, labels, 30)
    ax.axvline(0.0, color=P.TEXT, linewidth=1.0)
    money_axis(ax.xaxis)
    ax.set_xlabel(words)


def before_after(ax: Any, labels: Sequence[str], before: Sequence[float], after: Sequence[float]) -> None:
    """Rows from top to bottom: a filled circle before, an open diamond after, joined by a line."""
    for row, (old, new) in enumerate(zip(before, after, strict=True)):
        ax.plot([old, new], [row, row], "-", color=P.MUTED, linewidth=1.4)
    ax.plot(before, range(len(before)), P.MARKERS[0], color=P.SERIES[0], markersize=7, linestyle="none")
    ax.plot(after, range(len(after)), P.MARKERS[1], color=P.SERIES[2], markersize=7, markerfacecolor=P.PAPER, linestyle="none",
            markeredgewidth=1.8)  # fmt: skip
    _row_labels(ax, labels, 34)
    ax.axvline(0.0, color=P.TEXT, linewidth=1.0)
    money_axis(ax.xaxis)
    ax.set_xlabel("£m")
    for x, name, colour in ((before[0], "before", P.SERIES[0]), (after[0], "after", P.SERIES[2])):
        ax.annotate(name, (x, 0), xytext=(0, 7), textcoords="offset points", ha="center", va="bottom", color=colour)


def curve(ax: Any, ticks: Sequence[str], series: Sequence[tuple[str, Sequence[float]]], words: str) -> None:
    """Up to four lines over evenly spaced limits, each with its own colour, style, marker and label at its end."""
    P.require_few([label for label, _ in series])
    ends = []
    for k, (label, values) in enumerate(series):
        ax.plot(range(len(ticks)), values, P.LINE_STYLES[k], marker=P.MARKERS[k], color=P.SERIES[k], linewidth=2.0, markersize=5)
        ends.append((label, float(values[-1]), P.TEXT))
    low, high = ax.get_ylim()
    ax.set_ylim(min(0.0, low), max(0.0, high))
    last = len(ticks) - 1
    ax.set_xticks(range(len(ticks)), ticks)
    ax.set_xlim(-0.3, last + 0.42 * max(last, 1))
    ax.spines["bottom"].set_bounds(0, last)
    ax.axhline(0.0, color=P.TEXT, linewidth=1.0)
    ax.grid(axis="y")
    money_axis(ax.yaxis)
    ax.set_ylabel(words)
    ax.set_xlabel("most that may be moved, % of the services’ budget")
    label_ends(ax, last + 0.25, ends)


def scores(ax: Any, points: Sequence[tuple[str, float, float, int]]) -> None:
    """Points (label, QALYs, score, series) on straight axes; the named ones have labels on the right."""
    from .draw import percent_axis

    sizes = (3.5, 8.0, 5.0)
    for series in (0, 2, 1):
        own = [(x, y) for _, x, y, which in points if which == series]
        fill = P.SERIES[series] if series == 0 else P.PAPER
        ax.plot([x for x, _ in own], [y for _, y in own], P.MARKERS[series], color=P.SERIES[series], markerfacecolor=fill,
                markersize=sizes[series], markeredgewidth=1.4, linestyle="none")  # fmt: skip
    ax.grid(axis="both")
    money_axis(ax.xaxis)
    percent_axis(ax.yaxis)
    ax.set_xlabel("unmeasured health, QALYs (0: no cuts to care)")
    ax.set_ylabel("mean true score")
    labelled = [(text, x, y) for text, x, y, _ in points if text][:MOST_LABELS]
    to_axes = ax.transScale + ax.transLimits
    heights = spread([float(to_axes.transform((x, y))[1]) for _, x, y in labelled], LABEL_GAP)
    for (text, x, y), height in zip(labelled, heights, strict=True):
        ax.annotate(text, (x, y), xytext=(1.03, height), textcoords="axes fraction", va="center", fontsize=P.FONT_POINTS - 1,
                    arrowprops={"arrowstyle": "-", "color": P.MUTED, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 4})  # fmt: skip
