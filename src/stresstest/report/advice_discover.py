"""Charts of the search for regions: coverage against density, and the limits of each box beside the named scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from . import palette as P
from . import words as W
from .advice_source import AdviceSource, Row
from .chart import WIDE, Chart, Column
from .draw import percent_axis, spread

MOST_LIMITS = 8
LABEL_LINE = 44

#: Columns of the page's tables; the CSV files have all of them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "boxes": ("words", "failure", "factors", "kind", "verdict", "density_share", "base_share", "coverage_share", "mass_share",
              "outside_share", "lift", "p_value"),
    "limits": ("words", "failure", "factors", "kind", "density_share", "density_without_share", "quasi_p", "resampled_share"),
    "leaves": ("words", "failure", "factors", "density_share", "coverage_share", "mass_share"),
    "together": ("failure", "factors", "boxes", "density_share", "coverage_share", "mass_share", "tree_density_share",
                 "tree_coverage_share", "agreement_share"),
}  # fmt: skip


def charts(source: AdviceSource) -> list[Chart]:
    """The trade-off of coverage and density, and one chart of limits for each failure with a region."""
    found = [trade_off(source), *(limits(source, name) for name in _failures(source))]
    return [chart for chart in found if chart is not None]


def _failures(source: AdviceSource) -> list[str]:
    """Failures with a box that was found, at most four."""
    rows = [row for row in source.rows("boxes") if row.get("verdict") == "found" and row.get("kind") == "box"]
    return list(dict.fromkeys(str(row["failure"]) for row in rows))[: P.MOST_SERIES]


def _fullest(source: AdviceSource, table: str, failure: str) -> str:
    """The widest set of factors of a failure in a table: the last one."""
    rows = [row for row in source.rows(table) if row["failure"] == failure]
    return str(rows[-1]["factors"]) if rows else ""


def trade_off(source: AdviceSource) -> Chart | None:
    """Coverage against density of every box on the way, one curve for each failure, the box and its core marked."""
    failures = _failures(source)
    rows: list[dict[str, Any]] = []
    for name in failures:
        factors = _fullest(source, "trajectory", name)
        for row in source.rows("trajectory"):
            if (row["failure"], row["factors"], row["box"]) == (name, factors, 1.0) and row["stage"] != "factors of the box":
                if not isinstance(row.get("judged_density_share"), float):
                    continue
                rows.append({
                    "failure": W.spoken(name), "stage": str(row["stage"]), "coverage": row["judged_coverage_share"],
                    "density": row["judged_density_share"],
                })  # fmt: skip
    if not rows:
        return None
    title = "Fewer futures, surer failure: what each further limit costs in coverage"
    return Chart(
        "discover_tradeoff", title, "Share of failures inside a box, and share of its futures that fail; judged on other futures",
        f"Curves for {len(failures)} failures: coverage on the horizontal axis, density on the vertical, the chosen box and its "
        f"core marked. {title}.",
        "Each curve starts at all futures, on the right. Filled circle: the chosen box; open square: its core. Any other point "
        "of a curve is a box too: see table trajectory.",
        [Column("failure", "Failure", "text"), Column("stage", "Box", "text"), Column("coverage", "Coverage", "%"),
         Column("density", "Density", "%")],
        rows, partial(_draw_trade_off, rows=rows), WIDE,
    )  # fmt: skip


def _draw_trade_off(ax: Any, rows: Sequence[Row]) -> None:
    """Curves with their marks and direct labels on the right, where all futures are."""
    names = list(dict.fromkeys(str(row["failure"]) for row in rows))
    starts = []
    for colour, style, name in zip(P.SERIES, P.LINE_STYLES, names, strict=False):
        own = [row for row in rows if row["failure"] == name]
        curve = [row for row in own if row["stage"] == "all factors"]
        ax.plot([r["coverage"] for r in curve], [r["density"] for r in curve], style, color=colour, linewidth=2.0)
        for stage, marker, face in (("box", "o", colour), ("core", "s", P.PAPER)):
            marked = [row for row in own if row["stage"] == stage]
            ax.plot([r["coverage"] for r in marked], [r["density"] for r in marked], marker, color=colour, markersize=8,
                    markerfacecolor=face, markeredgewidth=1.8, linestyle="none")  # fmt: skip
        starts.append((name, float(curve[0]["density"])))
    ax.set_xlim(0.0, 1.0)
    ax.set_ylim(0.0, 1.02)
    percent_axis(ax.xaxis)
    percent_axis(ax.yaxis)
    ax.grid(axis="both")
    ax.set_xlabel("coverage: share of the failures inside")
    ax.set_ylabel("density: share that fails")
    for (name, _), height in zip(starts, spread([start for _, start in starts], 0.085), strict=True):
        ax.text(1.02, height, name, va="center", ha="left", clip_on=False)


def limits(source: AdviceSource, failure: str) -> Chart | None:
    """The limits of a failure's first boxes, on the scale of each factor's own futures, with the named scenarios' medians."""
    rows = [row for row in source.rows("limits") if row["failure"] == failure and row["box"] == 1.0 and row["kind"] == "box"]
    bars = [_bar(source, row) for row in rows[:MOST_LIMITS]]
    if not bars:
        return None
    said = {str(row["factors"]): str(row["words"]) for row in source.rows("boxes")
            if row["failure"] == failure and row["box"] == 1.0 and row["kind"] == "box"}  # fmt: skip
    scenarios = sorted({name for bar in bars for name in bar if name not in ("limit", "factors", "low", "high")})
    ending = ", and where the named scenarios lie" if scenarios else ""
    title = f"{W.sentence(W.spoken(failure))}: where it is likelier{ending}"
    columns = [Column("factors", "Searched", "text"), Column("limit", "Limit", "text"), Column("low", "From", "%"),
               Column("high", "To", "%"), *(Column(name, W.scenario_title(name), "%") for name in scenarios)]  # fmt: skip
    return Chart(
        f"discover_limits_{_plain(failure)}", title,
        "Each limit on the scale of its factor: share of all futures that have less of it",
        f"Horizontal bars for {len(bars)} limits, from 0% (least of the factor) to 100% (most), with the median of each other "
        f"scenario. {title}.",
        "Bars: the futures inside the limit. Marks: the middle of each named scenario. " + " ".join(
            f"By {name}: {words}." for name, words in said.items()),
        columns, bars, partial(_draw_limits, bars=bars, scenarios=scenarios), (WIDE[0] * 1.15, 1.9 + 0.6 * len(bars)),
    )  # fmt: skip


def _plain(text: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in text)


def _bar(source: AdviceSource, row: Row) -> dict[str, Any]:
    """One limit: the stretch of the scale that lies inside, and each scenario's place on it."""
    at, low = float(row["below_share"]), row["side"] == "low"
    marks = {
        str(one["scenario"]): float(one["median_below_share"]) for one in source.rows("scenario_limits")
        if all(one[key] == row[key] for key in ("failure", "factors", "box", "kind", "factor", "side"))
    }  # fmt: skip
    return {"factors": str(row["factors"]), "limit": str(row["words"]), "low": at if low else 0.0, "high": 1.0 if low else at,
            **marks}  # fmt: skip


def _draw_limits(ax: Any, bars: Sequence[Row], scenarios: Sequence[str]) -> None:
    """Bars from top to bottom under the name of what was searched, with a mark for each scenario; their names above all."""
    import textwrap

    P.require_few(list(scenarios))
    heights = _heights(bars)
    for k, (at, bar) in enumerate(zip(heights, bars, strict=True)):
        ax.barh(at, 1.0, left=0.0, height=0.6, color=P.PANEL)
        ax.barh(at, bar["high"] - bar["low"], left=bar["low"], height=0.6, color=P.BANDS[1])
        if k == 0 or bars[k - 1]["factors"] != bar["factors"]:
            ax.text(0.0, at - 0.48, f"by {bar['factors']}:", va="center", ha="left")
        for number, name in enumerate(scenarios):
            if isinstance(bar.get(name), float):
                _mark(ax, number, bar[name], at + 0.14 * (number - (len(scenarios) - 1) / 2))
    ax.set_yticks(heights, ["\n".join(textwrap.wrap(str(bar["limit"]), LABEL_LINE)) for bar in bars])
    ax.set_ylim(heights[-1] + 0.5, -1.5)
    ax.set_xlim(-0.02, 1.02)
    percent_axis(ax.xaxis)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("share of all futures that have less")
    for number, name in enumerate(scenarios):
        _mark(ax, number, 0.5 * (number % 2), -1.25 + 0.36 * (number // 2))
        ax.text(0.5 * (number % 2) + 0.03, -1.25 + 0.36 * (number // 2), W.scenario_title(name), va="center", ha="left")


def _mark(ax: Any, number: int, at: float, height: float) -> None:
    ax.plot([at], [height], P.MARKERS[number], color=P.SERIES[number], markersize=7, markerfacecolor=P.PAPER,
            markeredgewidth=1.8, clip_on=False)  # fmt: skip


def _heights(bars: Sequence[Row]) -> list[float]:
    """Where each bar stands, with room above the first one of each search."""
    found, at = [], 0.0
    for k, bar in enumerate(bars):
        at += 0.5 if k > 0 and bars[k - 1]["factors"] != bar["factors"] else 0.0
        found.append(at)
        at += 0.85
    return found
