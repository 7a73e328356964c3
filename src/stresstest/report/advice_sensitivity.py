"""Charts of "which uncertainty matters?": shares with their intervals, axis by year, the plan's assumptions, judged inputs."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from functools import partial
from typing import Any

from . import palette as P
from . import words as W
from .advice_source import AdviceSource, Row
from .chart import WIDE, Chart, Column
from .draw import money_axis, percent_axis

MILLION = 1e6
MOST_RESULTS, MOST_INPUTS, WRAP = 2, 12, 32
#: Share of the largest cell from which figures in the heat map are set light on dark.
DARK = 0.55

#: Columns of the page's tables; the CSV files have all of them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "effects": ("words", "game", "result", "verdict", "share", "alone_share", "last_share", "structural_share",
                "correlative_share"),
    "columns": ("words", "result", "share"),
    "deltas": ("words", "result", "delta_share", "no_signal_share", "seen"),
    "inputs": ("input", "key", "quality", "source", "base_value", "at_lower_value", "at_lower_walks_away_probability",
               "at_upper_value", "at_upper_walks_away_probability", "swing_walks_away_probability", "swing_exposure_gbp"),
    "switching": ("sentence", "base_value", "switching_value", "unit"),
    "clauses": ("clause", "verdict", "any_failure_change_probability", "walks_away_change_probability", "surplus_change_gbp",
                "exposure_change_gbp"),
    "verdicts": ("sentence", "verdict", "futures_needed"),
}  # fmt: skip


def charts(source: AdviceSource) -> list[Chart]:
    """Every chart for which the folder has the numbers, in the order of the page."""
    results = list(dict.fromkeys(str(row["result"]) for row in source.rows("effects")))
    found = [effects(source, result) for result in results[:MOST_RESULTS]]
    found += [heat_map(source, results[0])] if results and source.rows("years") else []
    found += [assumptions(source)] if source.rows("assumptions") else []
    found += [inputs(source)] if source.rows("inputs") else []
    return found


def _of(source: AdviceSource, result: str) -> str:
    return str(source.facts.get("results", {}).get(result, W.spoken(result)))


def effects(source: AdviceSource, result: str) -> Chart:
    """Shapley effects on one result with 95% intervals: of all that a run records, or of a table's inputs."""
    own = [row for row in source.rows("effects") if row["result"] == result]
    own = [row for row in own if row["game"] == own[0]["game"]]
    rows = [
        {"input": str(row["words"]), "share": row["share"], "low": row["share_low"], "high": row["share_high"]} for row in own
    ]
    first, name = rows[0], _of(source, result)
    title = f"{W.sentence(str(first['input']))} decides {W.percent(first['share'], 0)} of {name}"
    return Chart(
        f"effects_{result}", title, f"Share of the spread of {name} that each input answers for, Shapley effects",
        f"Horizontal bars for {len(rows)} inputs: share of the spread, with lines for 95% intervals. {title}.",
        "Bars add up to the whole. Thin lines: 95% intervals. Inputs that hang together share what they tell. The last bar is "
        "what no input here explains.",
        [Column("input", "Input", "text"), Column("share", "Share", "%"), Column("low", "95% low", "%"),
         Column("high", "95% high", "%")],
        rows, partial(_bars, rows=rows, grey=str(own[-1]["words"])), (WIDE[0], 1.1 + 0.32 * len(rows)),
    )  # fmt: skip


def heat_map(source: AdviceSource, result: str) -> Chart:
    """Axis by year: the share that the axis's value of that year explains."""
    own = [row for row in source.rows("years") if row["result"] == result]
    axes, years = list(dict.fromkeys(str(r["axis"]) for r in own)), list(dict.fromkeys(str(r["year"]) for r in own))
    cells = {(str(row["axis"]), str(row["year"])): float(row["share"]) for row in own}
    rows = [{"year": year, **{axis: cells[axis, year] for axis in axes}} for year in years]
    top = max(own, key=lambda row: float(row["share"]))
    name = _of(source, result)
    title = f"{W.sentence(str(top['axis']))} in {top['year']} tells most of {name}: {W.percent(top['share'])}"
    return Chart(
        "axis_years", title, f"Share of the spread of {name} that an axis's value of one year explains by itself",
        f"Heat map of {len(axes)} axes by {len(years)} years: the darker, the larger the share. {title}.",
        "Figures: per cent. Years of one axis hang together, so figures do not add up. Shares below 0.05% are left blank.",
        [Column("year", "Year", "text"), *(Column(axis, W.sentence(axis), "%") for axis in axes)],
        rows, partial(_heat, axes=axes, years=years, cells=cells), (WIDE[0] * 1.25, 3.0),
    )  # fmt: skip


def assumptions(source: AdviceSource) -> Chart:
    """What releasing each of the plan's assumptions adds to mean net exposure."""
    own = [row for row in source.rows("assumptions") if row["kind"] == "contribution"]
    own.sort(key=lambda row: str(row["letter"]))
    rows = [
        {"assumption": f"{row['letter']} {row['assumption']}", "change": row["exposure_gbp"] / MILLION,
         "error": row["exposure_error_gbp"] / MILLION, "chance": row["walks_away_probability"]}
        for row in own
    ]  # fmt: skip
    title = _first_assumption(rows)
    return Chart(
        "assumptions", title, "What each adds to mean net exposure from all held to all released, £m, present value",
        f"Horizontal bars for {len(rows)} assumptions: change of mean net exposure in £m. {title}.",
        "Each bar is the mean over all orders in which the assumptions are released; bars add up to the whole change. Thin "
        "lines: two standard errors.",
        [Column("assumption", "Assumption", "text"), Column("change", "Exposure, £m"), Column("error", "Standard error, £m"),
         Column("chance", "Ended by losses, change", "%")],
        rows, partial(_money_bars, rows=rows), (WIDE[0], 1.1 + 0.32 * len(rows)),
    )  # fmt: skip


def _first_assumption(rows: Sequence[Row]) -> str:
    """Which assumption comes first; two names where the order of the first two is within two standard errors."""
    first, *others = sorted(rows, key=lambda row: -abs(float(row["change"])))
    told = str(first["assumption"])
    if others:
        gap = abs(float(first["change"])) - abs(float(others[0]["change"]))
        if gap < 2.0 * (float(first["error"]) ** 2 + float(others[0]["error"]) ** 2) ** 0.5:
            told = f"{told} or {others[0]['assumption']}"
    return f"Releasing {told} moves the commissioner's exposure most"


def inputs(source: AdviceSource) -> Chart:
    """Tornado of the judged inputs that move most: mean exposure at the low and at the high value."""
    own = source.rows("inputs")[:MOST_INPUTS]
    rows = [
        {"input": str(row["input"]), "low": _plain(row, "at_lower_value"), "at_low": row["at_lower_exposure_gbp"] / MILLION,
         "high": _plain(row, "at_upper_value"), "at_high": row["at_upper_exposure_gbp"] / MILLION}
        for row in own
    ]  # fmt: skip
    rows.sort(key=lambda row: -abs(row["at_high"] - row["at_low"]))
    title = f"Most rests on one judgement: {W.within(str(rows[0]['input']))}"
    return Chart(
        "inputs", " ".join(title.split()[:15]),
        "Mean net exposure with each judged input at a half and at one and a half times its value, £m",
        f"Tornado of {len(rows)} inputs: mean net exposure in £m at a lower and at an upper value. {title}.",
        "Filled circle: the lower value; open diamond: the upper one; both written beside. The line between them is the swing.",
        [Column("input", "Input", "text"), Column("low", "Lower value", "text"), Column("at_low", "Exposure at lower, £m"),
         Column("high", "Upper value", "text"), Column("at_high", "Exposure at upper, £m")],
        rows, partial(_tornado, rows=rows), (WIDE[0] * 1.25, 1.1 + 0.44 * len(rows)),
    )  # fmt: skip


def _plain(row: Row, name: str) -> str:
    value = float(row[name])
    return W.pounds(value) if row["unit"] == "GBP" else W.signed(f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.3g}")


def _labels(ax: Any, labels: Sequence[str]) -> None:
    ax.set_yticks(range(len(labels)), [textwrap.fill(label, WRAP) for label in labels])
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")


def _bars(ax: Any, rows: Sequence[Row], grey: str) -> None:
    """Bars of shares with intervals, the rest in grey."""
    shades = [P.GRID if row["input"] == grey else P.SERIES[0] for row in rows]
    ax.barh(range(len(rows)), [row["share"] for row in rows], color=shades, height=0.62)
    top = max(max(float(row["high"]) for row in rows), 1e-9)
    for k, row in enumerate(rows):
        ax.plot([row["low"], row["high"]], [k, k], "-", color=P.SERIES[3], linewidth=1.6)
        ax.text(float(row["high"]) + 0.02 * top, k, W.percent(row["share"]), va="center", ha="left")
    _labels(ax, [str(row["input"]) for row in rows])
    ax.set_xlim(min(0.0, *(float(row["low"]) for row in rows)), 1.18 * top)
    percent_axis(ax.xaxis)


def _heat(ax: Any, axes: Sequence[str], years: Sequence[str], cells: dict[tuple[str, str], float]) -> None:
    """Cells in shades of one colour, with their figures in per cent."""
    from matplotlib.colors import LinearSegmentedColormap

    values = [[max(0.0, cells[axis, year]) for year in years] for axis in axes]
    top = max(max(line) for line in values) or 1.0
    shades = LinearSegmentedColormap.from_list("shades", [P.PAPER, P.BANDS[2], P.SERIES[0]])
    ax.imshow(values, cmap=shades, vmin=0.0, vmax=top, aspect="auto")
    for i, line in enumerate(values):
        for j, value in enumerate(line):
            if value >= 0.0005:
                ax.text(j, i, f"{100.0 * value:.1f}", ha="center", va="center", fontsize=P.FONT_POINTS - 2,
                        color=P.PAPER if value > DARK * top else P.TEXT)  # fmt: skip
    ax.set_yticks(range(len(axes)), [W.sentence(axis) for axis in axes])
    shown = list(range(0, len(years), 1 if len(years) <= 8 else 2))
    ax.set_xticks(shown, [years[k] for k in shown], rotation=45, ha="right")
    ax.tick_params(length=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)


def _money_bars(ax: Any, rows: Sequence[Row]) -> None:
    """Bars on either side of nothing with lines of two standard errors."""
    ax.barh(range(len(rows)), [row["change"] for row in rows], color=P.SERIES[0], height=0.6)
    for k, row in enumerate(rows):
        low, high = (row["change"] + side * row["error"] for side in (-2.0, 2.0))
        ax.plot([low, high], [k, k], "-", color=P.SERIES[3], linewidth=1.6)
    _labels(ax, [str(row["assumption"]) for row in rows])
    ax.axvline(0.0, color=P.TEXT, linewidth=1.0)
    money_axis(ax.xaxis)
    ax.set_xlabel("£m")


def _tornado(ax: Any, rows: Sequence[Row]) -> None:
    """A line for each input from its lower to its upper value, the values written at the ends."""
    for k, row in enumerate(rows):
        ends = sorted(((row["at_low"], row["low"]), (row["at_high"], row["high"])), key=lambda end: float(end[0]))
        ax.plot([end[0] for end in ends], [k, k], "-", color=P.MUTED, linewidth=1.6)
        for (at, words), shift, side in zip(ends, (-8, 8), ("right", "left"), strict=True):
            ax.annotate(words, (at, k), xytext=(shift, 0), textcoords="offset points", va="center", ha=side,
                        fontsize=P.FONT_POINTS - 2)  # fmt: skip
    places = range(len(rows))
    ax.plot([row["at_low"] for row in rows], places, P.MARKERS[0], color=P.SERIES[0], markersize=6.5, linestyle="none")
    ax.plot([row["at_high"] for row in rows], places, P.MARKERS[1], color=P.SERIES[2], markersize=6.5, linestyle="none",
            markerfacecolor=P.PAPER, markeredgewidth=1.8)  # fmt: skip
    _labels(ax, [str(row["input"]) for row in rows])
    low, high = ax.get_xlim()
    ax.set_xlim(low - 0.1 * (high - low), high + 0.1 * (high - low))
    money_axis(ax.xaxis)
    ax.set_xlabel("mean net exposure, £m")
