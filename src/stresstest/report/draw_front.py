"""Kinds of chart of the summary and of the assumptions page: a fan against a hurdle, and contributions that add up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import draw
from . import palette as P

Bands = Sequence[tuple[str, Sequence[float], Sequence[float]]]
DASHES = (0, (5, 3))
#: Share of the vertical axis kept free under the hurdle for its label.
LABEL_HEIGHT = 0.13
#: Share of the axis that the label of a bar needs beside it.
LABEL_SHARE = 0.3


def fan_against(
    ax: Any, years: Sequence[str], bands: Bands, median: Sequence[float], hurdle: float | None = None, label: str = ""
) -> None:
    """A fan by year, with a dashed and labelled line at the hurdle (£m) where there is one."""
    draw.fan(ax, years, bands, median)
    if hurdle is None:
        return
    ax.plot([0, len(years) - 1], [hurdle, hurdle], linestyle=DASHES, color=P.SERIES[2], linewidth=1.8)
    low, high = ax.get_ylim()
    room = LABEL_HEIGHT * (high - low)
    ax.set_ylim(min(low, hurdle - room), high)
    ax.annotate(label, (0.0, hurdle), xytext=(2, -3), textcoords="offset points", color=P.SERIES[2], ha="left", va="top")


def contributions(
    ax: Any, labels: Sequence[str], values: Sequence[float], margins: Sequence[float], texts: Sequence[str]
) -> None:
    """Bars from zero either way, from top to bottom, each with its 95% margin and its figure; hatched below zero."""
    for row, (value, margin, text) in enumerate(zip(values, margins, texts, strict=True)):
        falls = value < 0.0
        ax.barh(row, value, height=0.6, facecolor=P.PAPER if falls else P.SERIES[0], edgecolor=P.SERIES[0], linewidth=1.2,
                hatch="///" if falls else None)  # fmt: skip
        ax.plot([value - margin, value + margin], [row, row], "-", color=P.SERIES[3], linewidth=2.2)
        end = min(value - margin, 0.0) if falls else max(value + margin, 0.0)
        ax.annotate(text, (end, row), xytext=(-5 if falls else 5, 0), textcoords="offset points", va="center",
                    ha="right" if falls else "left")  # fmt: skip
    low, high = min((*values, 0.0)), max((*values, 0.0))
    room = LABEL_SHARE * (high - low or 1.0)
    ax.set_xlim(low - (room if low < 0.0 else 0.0), high + room)
    draw._rows(ax, labels)
    ax.axvline(0.0, color=P.TEXT, linewidth=1.0)
