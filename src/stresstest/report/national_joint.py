"""Failing together over the whole term: as simulated, as independent places would, and as if all moved as one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from . import draw as D
from . import palette as P
from . import words as W
from .chart import WIDE, Chart, Column
from .document import Block, Picture
from .leaflet import Leaflet, folded
from .national_rows import WALKS, chart_name, of, strategies_of

#: Fewer places than this have points on their lines and labels at the ends of these.
FEW = 16
#: Rows of the law of joint failures that the page shows at most; the file has all.
LAW_ROWS = 32
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
    told = next(row for row in of(page, "joint_summary", strategy) if row["failure"] == WALKS)
    times = told["times_independent"]
    wide = times is not None and times > 1.05
    title = "Providers walk away about independently"
    if wide:
        title = "Providers walk away together more often than chance alone would have it"
    return Chart(
        name, title, f"Chance that at least so many providers walk away in one future, {strategy} provider",
        f"Three lines over 1 to {len(rows)} places: chance that at least so many providers walk away in the same future, as "
        f"simulated, if places were independent, and if all moved together. {title}."[:300],
        "Flatter than the independent line: failures come together. All together: each fails whenever a less likely one does.",
        [Column("places", "Places or more", "text"), *(Column(column, W.sentence(name), "%") for name, column in JOINT)],
        plotted, partial(draw_joint, rows=plotted), WIDE,
    )  # fmt: skip


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
        for row in of(page, "joint_summary", strategy)
    ]  # fmt: skip
    heads = ("in a place", "places on average", "spread of the number (sd)", "if independent", "if together", "times independent")
    kinds = page.grid("joint_summary", heads, cells, 5, caption=f"{page.captions['joint_summary']}: {strategy} provider",
                      name=f"joint summary {strategy}")  # fmt: skip
    every = [row for row in of(page, "joint", strategy) if row["failure"] == WALKS]
    rows = every[:: max(1, -(-len(every) // LAW_ROWS))]
    law = [[say.text(row, "places_failing"), say.percent(row, "probability"), say.percent(row, "independent_probability"),
            say.percent(row, "together_probability")] for row in rows]  # fmt: skip
    grid = page.grid("joint", ("providers walking away", "as simulated", "if independent", "if together"), law, 3,
                     caption=f"{page.captions['joint']}: {strategy} provider", name=f"joint {strategy}")  # fmt: skip
    return [kinds, *folded(page.captions["joint"], [grid], FEW, len(every))]
