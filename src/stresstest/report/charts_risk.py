"""Charts of loopholes, trade-offs, outcomes and health: each from rows that are cited, drawn with direct labels."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from . import draw as D
from . import palette as P
from . import words as W
from .advice_compare import draw_differences
from .chart import WIDE, Chart, Column
from .source import GAMED, HONEST, Figure, Source
from .tracing import TableRow, Trace

MILLION = 1e6
MOST_LEVERS = 8
LABEL_LETTERS = 32


# ── loopholes before and after the change of wording ───────────────────────────────────────────────────────────────
def before_after(say: Trace, rows: Sequence[TableRow]) -> Chart:
    """The gain of each lever as the contract is written, and what is left of it after its change of wording."""
    tried = [row for row in rows if _known(row["residual_gain_mean_gbp"])]
    told = sorted(tried, key=lambda row: -float(row["gain_mean_gbp"]))[:MOST_LEVERS]
    drawn = [
        {"lever": row["title"], "before": row["gain_mean_gbp"] / MILLION, "before_error": row["gain_error_gbp"] / MILLION,
         "after": row["residual_gain_mean_gbp"] / MILLION, "after_error": row["residual_error_gbp"] / MILLION}
        for row in told
    ]  # fmt: skip
    title = "No change of wording was tried"
    if told:
        stays = max(told, key=lambda row: float(row["residual_gain_mean_gbp"]))
        gone = float(stays["residual_gain_mean_gbp"]) <= 0.0
        left = say.pounds(stays, "residual_gain_mean_gbp", "residual_error_gbp")
        title = "Changes of wording take every lever’s gain away" if gone else (
            f"Reworded, “{W.within(str(stays['title']))}” still gains {left}, the most of all levers"
        )  # fmt: skip
    return Chart(
        "loopholes_fixed", title, "Provider’s mean gain over honest work, present value, £m, over the contract’s term",
        f"Pairs of markers for {len(drawn)} levers: gain in £m as written and after the change of wording. {title}.",
        "Filled circles: as the contract is written. Open diamonds: after the change of wording, once honest work and lever have "
        "both answered it. Short upright ends: 95% intervals of sampling, mostly hidden by the markers.",
        [Column("lever", "Lever", "text"), Column("before", "As written, £m"), Column("before_error", "Standard error, £m"),
         Column("after", "After the change, £m"), Column("after_error", "Standard error, £m")],
        drawn, partial(draw_pairs, rows=drawn), (WIDE[0], 0.8 + 0.2 * max(len(drawn), 2)),
    )  # fmt: skip


def draw_pairs(ax: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows from top to bottom: two markers joined by a thin line, each with its interval; named on the first row."""
    for k, row in enumerate(rows):
        ax.plot([row["after"], row["before"]], [k, k], "-", color=P.MUTED, linewidth=1.2)
        for series, name in enumerate(("before", "after")):
            reach = 1.96 * row[f"{name}_error"]
            ax.errorbar([row[name]], [k], xerr=[reach], fmt=P.MARKERS[series], color=P.SERIES[2 * series], markersize=7.5,
                        capsize=3, markerfacecolor=P.SERIES[0] if series == 0 else P.PAPER, markeredgewidth=1.8)  # fmt: skip
    for series, (name, words) in enumerate((("before", "as written"), ("after", "after the change"))):
        for row in rows[:1]:
            ax.annotate(words, (row[name], 0), xytext=(0, 9), textcoords="offset points", ha="center", va="bottom",
                        color=P.SERIES[2 * series], bbox={"facecolor": P.PAPER, "edgecolor": "none", "pad": 1.0})  # fmt: skip
    ax.set_yticks(range(len(rows)), [textwrap.fill(str(row["lever"]), LABEL_LETTERS) for row in rows])
    ax.set_ylim(max(len(rows), 1) - 0.5, -1.1)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    ax.axvline(0.0, color=P.TEXT, linewidth=1.0)
    low, high = ax.get_xlim()
    ax.set_xlim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    D.money_axis(ax.xaxis)
    ax.set_xlabel("£m")


# ── money against health ───────────────────────────────────────────────────────────────────────────────────────────
def frontier(say: Trace, points: Sequence[TableRow], better: TableRow | None = None) -> Chart:
    """Commissioner's exposure against health over all drafts: those that another beats on both are grey.

    `better` the draft that beats the contract as it is, on the futures on which no draft was chosen: its changes are the title.
    """
    rows = [
        {"draft": str(r["draft"]), "health": float(r["health_qaly"]), "exposure": r["exposure_gbp"] / MILLION,
         "surplus": r["surplus_gbp"] / MILLION, "on": str(r["on_frontier"])}
        for r in points
    ]  # fmt: skip
    now = points[0]
    title = "No draft beats the contract as it is on both money and health"
    if now.get("dominated") == "yes" and better is not None:
        saved = say.pounds(better, "exposure_change_gbp", "exposure_change_error_gbp")
        more = say.number(better, "health_change_qaly", "health_change_error_qaly")
        title = f"The contract is beaten on both: exposure changes by {saved}, health by {more} QALYs"
    return Chart(
        "tradeoff_frontier", title, "Commissioner’s mean exposure against mean health gained, present value, by draft",
        f"Scatter of {len(rows)} drafts: health in QALYs across, exposure in £m upwards; those beaten by none joined. {title}.",
        "Lower right is better. Joined: no other draft has less exposure and more health; grey: beaten on both. Filled: the "
        "provider earns on average; open: it loses. The square is the contract as it is.",
        [Column("draft", "Draft", "text"), Column("health", "Health, QALYs"), Column("exposure", "Exposure, £m"),
         Column("surplus", "Provider’s surplus, £m"), Column("on", "Beaten by none", "text")],
        rows, partial(draw_frontier, rows=rows), (WIDE[0], 2.3),
    )  # fmt: skip


def draw_frontier(ax: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Beaten drafts in grey, those beaten by none joined, the first row as a square; all three named."""
    beaten = [row for row in rows[1:] if row["on"] != "yes"]
    joined = sorted((row for row in rows if row["on"] == "yes"), key=lambda row: float(row["health"]))
    _points(ax, beaten, "o", P.MUTED, 4.0, 0.7)
    ax.plot([row["health"] for row in joined], [row["exposure"] for row in joined], "-", color=P.SERIES[0], linewidth=2.0)
    _points(ax, joined, "o", P.SERIES[0], 8.0)
    _points(ax, rows[:1], "s", P.SERIES[2], 9.0)
    box = {"facecolor": P.PAPER, "edgecolor": "none", "pad": 1.0, "alpha": 0.85}
    named = [("as it is", rows[0], P.SERIES[2], (8, 0), "left")]
    named += [("beaten by none", row, P.SERIES[0], (-9, 0), "right") for row in joined[:1]]
    for words, row, colour, offset, side in named:
        ax.annotate(words, (row["health"], row["exposure"]), xytext=offset, textcoords="offset points", color=colour, ha=side,
                    va="center", bbox=box)  # fmt: skip
    D.money_axis(ax.xaxis)
    D.money_axis(ax.yaxis)
    ax.grid(axis="both")
    ax.set_xlabel("health gained, QALYs")
    ax.set_ylabel("exposure, £m")


def _points(ax: Any, rows: Sequence[Mapping[str, Any]], marker: str, colour: str, size: float, ink: float = 1.0) -> None:
    """Markers; open where the provider loses."""
    for row in rows:
        ax.plot([row["health"]], [row["exposure"]], marker, color=colour, markersize=size, markeredgewidth=1.4, alpha=ink,
                markerfacecolor=colour if row["surplus"] >= 0.0 else P.PAPER)  # fmt: skip


# ── outcomes ───────────────────────────────────────────────────────────────────────────────────────────────────────
SCORES = (
    (HONEST, "reported_score", "reported, honest"), (HONEST, "true_score", "true, honest"),
    (GAMED, "reported_score", "reported, gamed"), (GAMED, "true_score", "true, gamed"),
)  # fmt: skip


def scores(say: Trace, source: Source, years: Sequence[str]) -> Chart:
    """Reported and true score by year, honest and gamed: four lines over the years in which most contracts run."""
    series = [
        (label, [source.value("contract", metric, "mean", strategy=player, year=year) for year in years])
        for player, metric, label in SCORES
    ]  # fmt: skip
    rows = [{"year": year} | {f"{label}": values[k] for label, values in series} for k, year in enumerate(years)]
    def first(player: str, metric: str) -> str:
        return say.percent(source.figure("contract", metric, "mean", strategy=player, year=years[0]).row, "value", 0)

    title = (
        f"A gaming provider reports {first(GAMED, 'reported_score')} of points against {first(HONEST, 'reported_score')}; truly "
        f"achieved {first(GAMED, 'true_score')} against {first(HONEST, 'true_score')}"
    )
    return Chart(
        "outcomes_scores", title,
        f"Mean over all futures, {W.of_scenario(source.main)}, {years[0]} to {years[-1]}; above, {years[0]}",
        f"Four lines by year: mean reported and true score, honest and gamed provider. {title}.",
        "Reported: share of the year’s points that the record earns, nothing once a contract has ended. True: progress of the "
        "indicators from baseline to the final targets; it fades once a contract has ended. The two have different yardsticks: "
        "compare honest with gamed, not reported with true.",
        [Column("year", "Year", "text"), *(Column(label, W.sentence(label), "%") for _, _, label in SCORES)],
        rows, partial(D.lines, years=list(years), series=series), WIDE,
    )  # fmt: skip


def health(say: Trace, source: Source, scenarios: Sequence[str]) -> Chart:
    """Health gained by residents in each scenario, honest and gamed: median and 80% interval."""
    def figure(statistic: str, scenario: str, player: str) -> Figure:
        return source.figure("residents", "health_qaly_npv", statistic, strategy=player, scenario=scenario)

    rows = [
        {"scenario": W.scenario_title(name), "strategy": player,
         **{part: figure(part, name, player).value for part in ("p10", "p50", "p90")}}
        for name in scenarios for player in (HONEST, GAMED)
    ]  # fmt: skip
    honest, gamed = (figure("p50", source.main, player) for player in (HONEST, GAMED))
    does = "takes health away" if gamed.value < 0.0 < honest.value else "leaves less health"
    if gamed.value >= honest.value:
        does = "does not take health away"
    title = (
        f"Gaming {does}: median {say.number(gamed.row)} QALYs against {say.number(honest.row)}"
        if gamed.row and honest.row else f"Gaming {does}"
    )  # fmt: skip
    series = [(f"{player} provider", [(r["p10"], r["p50"], r["p90"]) for r in rows if r["strategy"] == player])
              for player in (HONEST, GAMED)]  # fmt: skip
    return Chart(
        "outcomes_health", title, "Health gained by residents against the start, QALYs, present value, by scenario",
        f"Dots with 80% intervals for {len(scenarios)} scenarios, honest and gamed: QALYs gained by residents. {title}.",
        "Dots: median of the futures; lines: 80% interval. Below nothing, residents lose health against the start.",
        [Column("scenario", "Scenario", "text"), Column("strategy", "Provider", "text"), Column("p10", "10% lie below"),
         Column("p50", "Median"), Column("p90", "90% lie below")],
        rows, partial(draw_differences, labels=[W.scenario_title(name) for name in scenarios], series=series, words="QALYs"),
        (WIDE[0], 1.3 + 0.42 * len(scenarios)),
    )  # fmt: skip


def _known(value: Any) -> bool:
    return isinstance(value, int | float) and W.known(float(value))
