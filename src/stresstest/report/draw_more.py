"""Further kinds of chart: heat map with figures in its cells, bridge and tornado. One hue, outlined, readable without colour."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import palette as P
from . import words as W
from .draw import money_axis, percent_axis

#: From which share on a cell takes the next darker shade; figures on the darkest one are light.
SHADES = ((0.0, P.PAPER), (0.1, P.BANDS[0]), (0.25, P.BANDS[1]), (0.5, P.BANDS[2]), (0.75, P.SERIES[0]))
WRAP_ROW, WRAP_COLUMN, WRAP_INPUT = 26, 14, 36
#: Room at the ends of an axis for labels, as a share of its span.
ROOM = 0.16
#: Shares of the width that names of steps and the gap between panels take, and of the height below and above panels.
NAMES_WIDTH, GAP, FOOT, HEAD = 0.27, 0.03, 0.11, 0.06
#: Axis kinds.
MONEY, SHARE = "money", "share"
EDGE = 1.2


def wrapped(text: str, width: int = WRAP_ROW) -> str:
    """Text on as many lines as it needs."""
    return textwrap.fill(text, width)


def shade(share: float) -> str:
    """Colour of a heat map's cell: the shade of the last threshold that the share reaches."""
    return [colour for least, colour in SHADES if share >= least or least == 0.0][-1]


def ink(colour: str) -> str:
    """Text colour on a cell: the better readable of dark and white."""
    return P.TEXT if P.contrast(P.TEXT, colour) >= P.contrast(P.PAPER, colour) else P.PAPER


def heat(ax: Any, rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[float | None]]) -> None:
    """Cells (fractions, None where there is none) in five shades of one hue, each outlined and with its percentage."""
    from matplotlib.patches import Rectangle

    for i, line in enumerate(cells):
        for j, value in enumerate(line):
            colour = shade(value) if value is not None else P.PAPER
            ax.add_patch(Rectangle((j - 0.5, i - 0.5), 1.0, 1.0, facecolor=colour, edgecolor=P.MUTED, linewidth=EDGE))
            ax.text(j, i, W.percent(value), ha="center", va="center", color=ink(colour))
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xticks(range(len(columns)), [wrapped(text, WRAP_COLUMN) for text in columns])
    ax.set_yticks(range(len(rows)), [wrapped(text) for text in rows])
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)


@dataclass(frozen=True)
class Step:
    """A bar of a bridge, in £m: from `start` to `end`; a `level` stands on nothing and is drawn dark."""

    label: str
    start: float
    end: float
    text: str
    level: bool = False


def bridge_steps(labels: Sequence[str], values: Sequence[float], texts: Sequence[str]) -> list[Step]:
    """Bars of a bridge whose first and last values are levels and whose others are changes, each from where the last ended."""
    steps = [Step(labels[0], 0.0, values[0], texts[0], True)]
    for label, value, text in zip(labels[1:-1], values[1:-1], texts[1:-1], strict=True):
        steps.append(Step(label, steps[-1].end, steps[-1].end + value, text))
    return [*steps, Step(labels[-1], 0.0, values[-1], texts[-1], True)]


def bridge(ax: Any, steps: Sequence[Step], span: tuple[float, float], names: bool = True) -> None:
    """Bars from top to bottom: levels dark, falls shaded, rises white, all outlined and joined; figures with their sign.

    `span`: the lowest and highest value on the axis, so that two bridges can share one. `names`: whether steps are named.
    """
    low, high = min(span[0], 0.0), max(span[1], 0.0)
    reach = max(high - low, 1e-9)
    for row, step in enumerate(steps):
        colour = P.SERIES[0] if step.level else P.BANDS[2] if step.end < step.start else P.PAPER
        ax.barh(row, step.end - step.start, left=step.start, height=0.62, color=colour, edgecolor=P.SERIES[0], linewidth=EDGE)
        if row + 1 < len(steps):
            ax.plot([step.end, step.end], [row - 0.31, row + 1.31], "-", color=P.MUTED, linewidth=0.9)
        ax.annotate(step.text, (max(step.start, step.end), row), xytext=(5, 0), textcoords="offset points", va="center",
                    ha="left", bbox={"facecolor": P.PAPER, "edgecolor": "none", "pad": 0.6})  # fmt: skip
    _rows(ax, [step.label if names else "" for step in steps])
    ax.set_xlim(low - 0.04 * reach, high + 2.6 * ROOM * reach)
    ax.axvline(0.0, color=P.TEXT, linewidth=1.0)
    money_axis(ax.xaxis)
    ax.set_xlabel("£m")


def bridges(ax: Any, panels: Sequence[tuple[str, Sequence[Step]]], span: tuple[float, float]) -> None:
    """Up to two bridges of the same steps side by side on like axes, each under its name; steps are named on the left."""
    ax.set_axis_off()
    width = (1.0 - NAMES_WIDTH - GAP * (len(panels) - 1)) / len(panels)
    for k, (name, steps) in enumerate(panels):
        panel = ax.inset_axes((NAMES_WIDTH + k * (width + GAP), FOOT, width, 1.0 - FOOT - HEAD))
        bridge(panel, steps, span, names=k == 0)
        panel.text(0.0, -0.75, name, ha="left", va="bottom", fontweight="bold")


@dataclass(frozen=True)
class Swing:
    """A row of a tornado: what comes out at the lower and at the upper value of an input, and these values in words."""

    label: str
    at_low: float
    at_high: float
    low: str
    high: str


def tornado(ax: Any, swings: Sequence[Swing], base: float, base_text: str, kind: str = SHARE) -> None:
    """Two half bars for each input from the base line: white for its lower value, dark for its upper one, values at the ends."""
    ends = [base, *(value for swing in swings for value in (swing.at_low, swing.at_high))]
    low, high = min(ends), max(ends)
    reach = max(high - low, 1e-9)
    for row, swing in enumerate(swings):
        halves = ((swing.at_low, swing.low, -0.2, P.PAPER), (swing.at_high, swing.high, 0.2, P.SERIES[0]))
        for value, text, shift, colour in halves:
            ax.barh(row + shift, value - base, left=base, height=0.38, color=colour, edgecolor=P.SERIES[0], linewidth=EDGE)
            right = value >= base
            ax.annotate(text, (value, row + shift), xytext=(4 if right else -4, 0), textcoords="offset points", va="center",
                        ha="left" if right else "right")  # fmt: skip
    _rows(ax, [swing.label for swing in swings], WRAP_INPUT)
    ax.axvline(base, color=P.TEXT, linewidth=1.3)
    ax.set_xlim(low - ROOM * reach, high + ROOM * reach)
    ax.set_ylim(len(swings) - 0.4, -1.15)
    ax.annotate(base_text, (base, -0.8), xytext=(0, 0), textcoords="offset points", ha="center", va="center",
                bbox={"facecolor": P.PAPER, "edgecolor": "none", "pad": 1.0})  # fmt: skip
    if kind == MONEY:
        money_axis(ax.xaxis)
        ax.set_xlabel("£m")
    else:
        percent_axis(ax.xaxis)


def _rows(ax: Any, labels: Sequence[str], width: int = WRAP_ROW) -> None:
    ax.set_yticks(range(len(labels)), [wrapped(label, width) for label in labels])
    ax.set_ylim(max(len(labels), 1) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
