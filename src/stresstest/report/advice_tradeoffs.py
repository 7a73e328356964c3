"""Charts of trade-offs: exposure against health with the frontier, and what each entry alone buys. Each from rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from . import draw as D
from . import palette as P
from . import words as W
from .advice_source import AdviceSource, Row
from .chart import WIDE, Chart, Column

MILLION = 1e6
MOST_LINES = 4

#: Columns of the page's tables; the CSV files have all of them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "frontier": ("draft", "exposure_gbp", "exposure_change_gbp", "health_qaly", "health_change_qaly", "score_score",
                 "surplus_gbp", "walks_away_probability", "slope_gbp_per_qaly", "gamed_exposure_gbp"),
    "one_at_a_time": ("words", "set_to", "exposure_change_gbp", "health_change_qaly", "score_change_score", "surplus_change_gbp",
                      "walks_away_change_probability"),
    "frontiers": ("pair", "draft", "exposure_gbp", "health_qaly", "score_score", "surplus_gbp", "walks_away_probability"),
    "points": ("draft", "kind", "on_frontier", "beaten_by", "saves_gbp", "adds_qaly", "beyond_error", "exposure_gbp",
               "health_qaly", "surplus_gbp", "walks_away_probability"),
}  # fmt: skip


def charts(source: AdviceSource) -> list[Chart]:
    """Every chart for which the folder has the numbers."""
    found = [frontier(source), alone(source, "health"), alone(source, "exposure")]
    return [chart for chart in found if chart is not None]


def frontier(source: AdviceSource) -> Chart | None:
    """Exposure against health: dominated drafts grey, the frontier joined, drafts that leave the provider a loss open."""
    points = source.rows("points")
    if not points:
        return None
    rows = [
        {
            "draft": str(r["draft"]), "health": float(r["health_qaly"]), "exposure": r["exposure_gbp"] / MILLION,
            "surplus": r["surplus_gbp"] / MILLION, "on": str(r["on_frontier"]),
        }
        for r in points
    ]  # fmt: skip
    joined = sorted((r for r in rows if r["on"] == "yes"), key=lambda r: float(r["health"]))
    title = f"Of {len(rows)} drafts {len(joined)} are beaten by none on money and health"
    return Chart(
        "tradeoffs_frontier", title, f"Commissioner's mean exposure against mean health, present value, {source.facts['place']}",
        f"Scatter of {len(rows)} drafts: health in QALYs across, exposure in £m upwards; {len(joined)} joined. {title}.",
        "Lower right is better. Joined: no other draft has less exposure and more health; grey: beaten. Filled: the provider "
        "earns on average; open: it loses. The square is the contract as it is.",
        [Column("draft", "Draft", "text"), Column("health", "Health, QALYs"), Column("exposure", "Exposure, £m"),
         Column("surplus", "Provider's surplus, £m"), Column("on", "On the frontier", "text")],
        rows, partial(draw_frontier, rows=rows), (WIDE[0], 4.2),
    )  # fmt: skip


def draw_frontier(ax: Any, rows: Sequence[Row]) -> None:
    """Grey points below, the frontier above them, the contract as it is named."""
    joined = sorted((r for r in rows if r["on"] == "yes"), key=lambda r: float(r["health"]))
    for row in rows:
        if row["on"] != "yes":
            ax.plot([row["health"]], [row["exposure"]], "o", color=P.MUTED, markersize=4, alpha=0.55, markeredgewidth=1.0,
                    markerfacecolor=P.MUTED if row["surplus"] >= 0.0 else P.PAPER)  # fmt: skip
    ax.plot([r["health"] for r in joined], [r["exposure"] for r in joined], "-", color=P.SERIES[0], linewidth=2.0)
    for row in joined:
        ax.plot([row["health"]], [row["exposure"]], "o", color=P.SERIES[0], markersize=8, markeredgewidth=1.8,
                markerfacecolor=P.SERIES[0] if row["surplus"] >= 0.0 else P.PAPER)  # fmt: skip
    now = rows[0]
    ax.plot([now["health"]], [now["exposure"]], "s", color=P.SERIES[2], markersize=9, markeredgewidth=1.8,
            markerfacecolor=P.SERIES[2] if now["surplus"] >= 0.0 else P.PAPER)  # fmt: skip
    box = {"facecolor": P.PAPER, "edgecolor": "none", "pad": 1.0, "alpha": 0.85}
    ax.annotate("as it is", (now["health"], now["exposure"]), xytext=(9, 9), textcoords="offset points", color=P.SERIES[2],
                bbox=box)  # fmt: skip
    last = joined[-1]
    ax.annotate("frontier", (last["health"], last["exposure"]), xytext=(-6, 12), textcoords="offset points", ha="right",
                color=P.SERIES[0], bbox=box)  # fmt: skip
    D.money_axis(ax.xaxis)
    D.money_axis(ax.yaxis)
    ax.grid(axis="both")
    ax.set_xlabel("health gained, QALYs")
    ax.set_ylabel("commissioner's exposure, £m")


def alone(source: AdviceSource, kind: str) -> Chart | None:
    """Change of health or exposure over the range of each of the entries that move it most, one at a time."""
    unit, scale, words = ("gbp", MILLION, "£m") if kind == "exposure" else ("qaly", 1.0, "QALYs")
    key = f"{kind}_change_{unit}"
    by: dict[str, list[Row]] = {}
    for row in source.rows("one_at_a_time"):
        by.setdefault(str(row["parameter"]), []).append(row)
    ranked = sorted(by, key=lambda name: -max(abs(row[key]) for row in by[name]))[:MOST_LINES]
    if not ranked:
        return None
    rows = [
        {"parameter": name, "set_to": str(row["set_to"]), "range": float(row["range_share"]), "change": row[key] / scale,
         "error": row[f"{kind}_change_error_{unit}"] / scale, "now": str(row["as_it_is"])}
        for name in ranked for row in by[name]
    ]  # fmt: skip
    title = f"{W.sentence(ranked[0])} moves {'health' if kind == 'health' else 'exposure'} most when turned alone"
    return Chart(
        f"tradeoffs_alone_{kind}", title,
        f"Change of mean {kind} against the contract as it is, present value, {words}, {source.facts['place']}",
        f"{len(ranked)} lines over the range of an entry, from lowest to highest: change of {kind}, {words}. {title}.",
        "Each line turns one entry over its range, with the honest provider's answer; the open marker is the contract as it is. "
        "Thin upright lines: two standard errors.",
        [Column("parameter", "Entry", "text"), Column("set_to", "Set to", "text"), Column("range", "Place in the range", "%"),
         Column("change", f"Change, {words}"), Column("error", f"Standard error, {words}"), Column("now", "As it is", "text")],
        rows, partial(draw_alone, names=ranked, rows=rows, words=words), WIDE,
    )  # fmt: skip


def draw_alone(ax: Any, names: Sequence[str], rows: Sequence[Row], words: str) -> None:
    """Lines with markers and errors, each named at its end."""
    P.require_few(list(names))
    ends = []
    for k, name in enumerate(names):
        own = sorted((row for row in rows if row["parameter"] == name), key=lambda row: float(row["range"]))
        x, y = [float(row["range"]) for row in own], [float(row["change"]) for row in own]
        ax.plot(x, y, P.LINE_STYLES[k], color=P.SERIES[k], linewidth=2.0)
        for row, at, height in zip(own, x, y, strict=True):
            reach = 2.0 * float(row["error"])
            ax.plot([at, at], [height - reach, height + reach], "-", color=P.SERIES[k], linewidth=1.0)
            ax.plot([at], [height], P.MARKERS[k], color=P.SERIES[k], markersize=5.5, markeredgewidth=1.4,
                    markerfacecolor=P.PAPER if row["now"] == "yes" else P.SERIES[k])  # fmt: skip
        ends.append((name, y[-1], P.TEXT))
    ax.plot([0.0, 1.0], [0.0, 0.0], "-", color=P.TEXT, linewidth=1.0)
    ax.set_xlim(-0.03, 1.5)
    ax.set_xticks([0.0, 0.5, 1.0], ["lowest", "middle", "highest"])
    ax.spines["bottom"].set_bounds(0.0, 1.0)
    ax.grid(axis="y")
    D.money_axis(ax.yaxis)
    ax.set_ylabel(f"change, {words}")
    ax.set_xlabel("value of the entry within its range", loc="left")
    D.label_ends(ax, 1.05, ends)
