"""Failing together over the whole term: as simulated, as independent places would, and as if all moved as one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

from . import draw as D
from . import palette as P
from . import words as W
from .chart import WIDE, Chart, Column
from .document import Block, Picture
from .leaflet import Leaflet
from .national_rows import WALKS, chart_name, of, strategies_of, summary

#: Fewer places than this have points on their lines and labels at the ends of these.
FEW = 16
#: From so many places on, chances of at least these shares of them are shown in place of exact counts.
SHARES_FROM, SHARES = 8, (0.10, 0.25, 0.50, 0.75, 0.90)
#: The number that fails is said to vary somewhat, or far, more than by chance from these ratios of standard deviations on.
SOME_MORE, FAR_MORE = 1.05, 1.5
#: Steps of the places on the axis.
STEPS = (1, 2, 5, 10, 20, 50, 100, 1000, 10_000)
#: Heights at which lines of many places are labelled.
LEVELS = (0.3, 0.85, 0.12)
JOINT = (("as simulated", "at_least_probability"), ("if independent", "independent_at_least_probability"),
         ("if all moved together", "together_at_least_probability"))  # fmt: skip


def joints(page: Leaflet, strategy: str) -> list[Block]:
    """The chart and the tables of joint failures over the whole term."""
    return [Picture(page.chart(joint(page, strategy)).name), *joint_grids(page, strategy)]


def joint(page: Leaflet, strategy: str) -> Chart:
    """Chance that at least so many providers walk away in one future: seen, independent, together."""
    rows = [row for row in of(page, "joint", strategy) if row["failure"] == WALKS][1:]
    name = "national_joint" if strategy == strategies_of(page)[0] else chart_name("national_joint", strategy)
    plotted = [{"places": str(int(row["places_failing"])), **{column: row[column] for _, column in JOINT}} for row in rows]
    title = message(summary(page, strategy).get("times_independent"))
    return Chart(
        name, title, f"Chance that at least so many providers walk away in one future, {strategy} provider",
        f"Three lines over 1 to {len(rows)} places: chance that at least so many providers walk away in the same future, as "
        f"simulated, if places were independent, and if all moved together. {title}."[:300],
        "Flatter than the independent line: failures come together. All together: each fails whenever a less likely one does.",
        [Column("places", "Places or more", "text"), *(Column(column, W.sentence(name), "%") for name, column in JOINT)],
        plotted, partial(draw_joint, rows=plotted), WIDE,
    )  # fmt: skip


def message(times: Any) -> str:
    """The chart's message, from the standard deviation of the number that fails over that of independent places."""
    if times is None or float(times) <= SOME_MORE:
        return "The number of providers that walk away varies about as chance would have it"
    much = "far" if float(times) >= FAR_MORE else "somewhat"
    return f"The number of providers that walk away varies {much} more than by chance"


def draw_joint(ax: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Three lines with labels at their ends, or, where they all end at nothing, beside them."""
    ends = []
    for (name, column), colour, style in zip(JOINT, P.SERIES, P.LINE_STYLES, strict=False):
        values = [float(row[column]) for row in rows]
        ax.plot(range(len(rows)), values, style, color=colour, linewidth=2.2, marker="o" if len(rows) < FEW else None)
        ends.append((name, values[-1], colour))
    last = len(rows) - 1
    step = next(one for one in STEPS if len(rows) <= 10 * one)
    shown = [k for k in range(len(rows)) if step == 1 or k == 0 or (k + 1) % step == 0]
    ax.set_xticks(shown, [rows[k]["places"] for k in shown])
    ax.set_ylim(0.0, 1.02)
    ax.set_xlim(-0.1 * max(1, last), last + 0.55 * max(last, 1))
    ax.spines["bottom"].set_bounds(0, last)
    D.percent_axis(ax.yaxis)
    ax.grid(axis="y")
    ax.set_xlabel("places failing, or more")
    if len(rows) < FEW:
        D.label_ends(ax, last + 0.06 * max(last, 1), ends)
        return
    for (name, column), colour, level in zip(JOINT, P.SERIES, LEVELS, strict=False):
        at = next((k for k, row in enumerate(rows) if float(row[column]) <= level), last)
        ax.annotate(name, (at, max(level, float(rows[at][column]))), xytext=(7, 0), textcoords="offset points", color=colour,
                    va="center", ha="left",
                    bbox={"facecolor": P.PAPER, "edgecolor": "none", "pad": 1.0})  # fmt: skip


def joint_grids(page: Leaflet, strategy: str) -> list[Block]:
    """Every kind of failure in a row; then the distribution of walking away."""
    say = page.say
    cells = [
        [W.sentence(str(row["words"])), say.number(row, "mean_places", "mean_places_error"), say.number(row, "sd_places", None),
         say.number(row, "independent_sd_places", None), say.number(row, "together_sd_places", None),
         say.number(row, "times_independent", None)]
        for row in of(page, "joint_summary", strategy) if float(row["mean_places"] or 0.0) > 0.0
    ]  # fmt: skip
    heads = ("in a place, by the end of the term", "places on average", "spread of the number (sd)", "if independent",
             "if together", "times independent")
    kinds = page.grid("joint_summary", heads, cells, 5, caption=f"{page.captions['joint_summary']}: {strategy} provider",
                      name=f"joint summary {strategy}")  # fmt: skip
    return [kinds, law(page, strategy)]


def law(page: Leaflet, strategy: str) -> Block:
    """The chance of at least a share of the places, or, where there are few, of each number of them."""
    say, rows = page.say, [row for row in of(page, "joint", strategy) if row["failure"] == WALKS]
    size, part = len(rows) - 1, "at_least_" if len(rows) - 1 >= SHARES_FROM else ""
    if part:
        at = [(f"at least {W.percent(share, 0)} of places", rows[math.ceil(share * size - 1e-9)]) for share in SHARES]
        shown = [(f"{words} ({say.text(row, 'places_failing')})", row) for words, row in at]
    else:
        shown = [(say.text(row, "places_failing"), row) for row in rows]
    cells = [[words, *(say.percent(row, f"{name}{part}probability") for name in ("", "independent_", "together_"))]
             for words, row in shown]  # fmt: skip
    heads = ("providers that have walked away by the end", "as simulated", "if independent", "if together")
    return page.grid("joint", heads, cells, 3,
                     caption=f"{page.captions['joint']}: {strategy} provider", name=f"joint {strategy}")  # fmt: skip
