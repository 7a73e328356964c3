"""Charts of a comparison of drafts: paired differences in money and in health, and regret. Each from rows of its tables."""

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
SHORT = 30
MOST_DRAFTS = 3

#: Columns of the page's tables; the CSV files have all of them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "together": ("draft", "against", "strategy", "holds", "costs_more_gbp", "health_more_qaly", "better_on_both_probability",
                 "worse_on_both_probability", "trade_probability", "switching_gbp_per_qaly"),
    "money": ("draft", "against", "strategy", "metric", "mean_gbp", "against_mean_gbp", "difference_gbp",
              "median_difference_gbp", "difference_p10_gbp", "difference_p90_gbp", "worse_probability", "better_probability"),
    "health": ("draft", "against", "strategy", "metric", "mean_qaly", "against_mean_qaly", "difference_qaly",
               "median_difference_qaly", "difference_p10_qaly", "difference_p90_qaly", "worse_probability"),
    "scores": ("draft", "against", "strategy", "metric", "mean_score", "against_mean_score", "difference_score",
               "worse_probability"),
    "chances": ("words", "draft", "against", "strategy", "fails_probability", "against_fails_probability",
                "difference_probability"),
    "dominance": ("draft", "against", "strategy", "metric", "order", "verdict", "violation_probability",
                  "reverse_violation_probability"),
}  # fmt: skip


def charts(source: AdviceSource) -> list[Chart]:
    """Every chart for which the folder has the numbers."""
    found = [differences(source, "money"), differences(source, "health"), regrets(source)]
    return [chart for chart in found if chart is not None]


def called(value: Any) -> str:
    """A name as it was given, also where it is a number."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def short(text: Any) -> str:
    """A name that fits beside an axis."""
    name = called(text)
    return name if len(name) <= SHORT else f"{name[: SHORT - 1].rstrip()}…"


def others(source: AdviceSource) -> list[str]:
    """The first drafts besides the reference, in their order."""
    return [str(name) for name in source.facts["drafts"] if name != source.facts["reference"]][:MOST_DRAFTS]


def against(source: AdviceSource, table: str, strategy: str) -> list[Row]:
    """Rows of one strategy that set a draft against the reference."""
    reference = source.facts["reference"]
    return [r for r in source.rows(table) if str(r["strategy"]) == strategy and called(r["against"]) == called(reference)]


def differences(source: AdviceSource, table: str) -> Chart | None:
    """Mean paired differences from the reference with 95% intervals, by party for money, by strategy for health."""
    names, unit, scale = others(source), ("gbp" if table == "money" else "qaly"), (MILLION if table == "money" else 1.0)
    strategies = [str(name) for name in source.facts["strategies"]]
    known = [(label, row) for s in (strategies[:1] if table == "money" else strategies) for row in against(source, table, s)
             for label in [str(row["metric"]) if table == "money" else f"{s} provider"]]  # fmt: skip
    labels = list(dict.fromkeys(label for label, _ in known))
    if not labels:
        return None
    cells = [f"difference{part}_{unit}" for part in ("_low", "", "_high")]
    found = {(label, called(row["draft"])): tuple(float(row[cell]) / scale for cell in cells) for label, row in known}
    series = [(name, [found[label, name] for label in labels]) for name in names]
    rows = [
        {"what": label, "draft": name, **dict(zip(("low", "difference", "high"), found[label, name], strict=True))}
        for name in names for label in labels
    ]  # fmt: skip
    words, reference = ("£m" if table == "money" else "QALYs"), short(source.facts["reference"])
    title = f"Who pays more and who less than under “{reference}”" if table == "money" else f"Health gained against “{reference}”"
    return Chart(
        f"compare_{table}", title, f"Mean difference in the same futures, present value, {words}, {source.facts['place']}",
        f"Dots with 95% intervals, {len(labels)} rows, {len(names)} drafts: mean difference from {reference}, {words}. {title}.",
        _caption(names, source),
        [Column("what", "Of whom" if table == "money" else "Under", "text"), Column("draft", "Draft", "text"),
         Column("low", f"Low, {words}"), Column("difference", f"Difference, {words}"), Column("high", f"High, {words}")],
        rows, partial(draw_differences, labels=[W.sentence(label) for label in labels], series=series, words=words),
        (WIDE[0], 1.3 + 0.42 * len(labels)),
    )  # fmt: skip


def _caption(names: Sequence[str], source: AdviceSource) -> str:
    left = len(source.facts["drafts"]) - 1 - len(names)
    more = f" {left} more drafts stand in the table." if left else ""
    reference = source.facts["reference"]
    return f"Right of the line: more than under {reference}. Lines are 95% intervals; short ones hide behind dots.{more}"


def draw_differences(ax: Any, labels: Sequence[str], series: Sequence[tuple[str, Any]], words: str) -> None:
    """Rows from top to bottom: a marker with its interval for each draft; drafts named above the axes with their markers."""
    P.require_few([name for name, _ in series])
    step = 0.26 if len(series) > 1 else 0.0
    for k, (_, values) in enumerate(series):
        heights = [row + (k - (len(series) - 1) / 2) * step for row in range(len(labels))]
        for height, (low, _, high) in zip(heights, values, strict=True):
            ax.plot([low, high], [height, height], "-", color=P.SERIES[k], linewidth=2.0, solid_capstyle="butt")
        ax.plot([v[1] for v in values], heights, P.MARKERS[k], color=P.SERIES[k], markersize=7, linestyle="none",
                markerfacecolor=P.SERIES[k] if k == 0 else P.PAPER, markeredgewidth=1.8)  # fmt: skip
    finish_rows(ax, labels, words)
    name_above(ax, [name for name, _ in series])


def finish_rows(ax: Any, labels: Sequence[str], words: str) -> None:
    """Labels of rows, a line at nothing, and figures on the lower axis."""
    ax.set_yticks(range(len(labels)), list(labels))
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    ax.axvline(0.0, color=P.TEXT, linewidth=1.0)
    D.money_axis(ax.xaxis)
    ax.set_xlabel(words)


def name_above(ax: Any, names: Sequence[str]) -> None:
    """Names beside their markers, in a row above the axes."""
    for k, name in enumerate(names):
        x = k / max(len(names), 1)
        ax.plot([x + 0.012], [1.05], P.MARKERS[k], color=P.SERIES[k], markersize=7, transform=ax.transAxes, clip_on=False,
                markerfacecolor=P.SERIES[k] if k == 0 else P.PAPER, markeredgewidth=1.8)  # fmt: skip
        ax.text(x + 0.035, 1.05, short(name), transform=ax.transAxes, va="center", ha="left")


def regrets(source: AdviceSource) -> Chart | None:
    """Mean and 95th percentile of regret by draft: money on the left, health on the right."""
    strategy = str(source.facts["strategies"][0])
    mine = [row for table in ("regret_money", "regret_health") for row in source.rows(table) if str(row["strategy"]) == strategy]
    money, health = ({called(r["draft"]): r for r in mine if r["metric"] == metric} for metric in ("public exposure", "health"))
    names = [str(name) for name in source.facts["drafts"] if str(name) in money and str(name) in health]
    if not names:
        return None
    rows = [
        {
            "draft": name, "money_mean": money[name]["mean_gbp"] / MILLION, "money_p95": money[name]["p95_gbp"] / MILLION,
            "health_mean": health[name]["mean_qaly"], "health_p95": health[name]["p95_qaly"],
        }
        for name in names
    ]  # fmt: skip
    title = "Regret: how much better the best draft would have been"
    return Chart(
        "compare_regret", title, f"Same futures, {strategy} provider, present value, {source.facts['place']}",
        f"Two panels over {len(names)} drafts: regret on public money in £m on the left, on health in QALYs on the right; mean "
        f"and what 1 future in 20 exceeds. {title}.",
        "Filled circles: mean over the futures; open diamonds: what 1 future in 20 exceeds. Regret is never below nothing; it "
        "depends on which drafts are compared.",
        [Column("draft", "Draft", "text"), Column("money_mean", "Money, mean, £m"), Column("money_p95", "Money, 1 in 20, £m"),
         Column("health_mean", "Health, mean, QALYs"), Column("health_p95", "Health, 1 in 20, QALYs")],
        rows, partial(draw_regrets, rows=rows), (WIDE[0], 1.5 + 0.36 * len(names)),
    )  # fmt: skip


def draw_regrets(ax: Any, rows: Sequence[Row]) -> None:
    """Two panels beside each other, drafts from top to bottom."""
    figure = ax.figure
    ax.remove()
    panels = figure.subplots(1, 2)
    for panel, kind, words in zip(panels, ("money", "health"), ("public money, £m", "health, QALYs"), strict=True):
        mean, far = ([float(row[f"{kind}_{part}"]) for row in rows] for part in ("mean", "p95"))
        for k, (one, two) in enumerate(zip(mean, far, strict=True)):
            panel.plot([one, two], [k, k], "-", color=P.MUTED, linewidth=1.4)
        panel.plot(far, range(len(rows)), P.MARKERS[1], color=P.SERIES[2], markersize=7, markerfacecolor=P.PAPER,
                   linestyle="none", markeredgewidth=1.8)  # fmt: skip
        panel.plot(mean, range(len(rows)), P.MARKERS[0], color=P.SERIES[0], markersize=7, linestyle="none")
        finish_rows(panel, [short(row["draft"]) for row in rows] if kind == "money" else [""] * len(rows), words)
        panel.set_xlim(left=min(0.0, panel.get_xlim()[0]))
        ends = sorted([("mean", mean[0], P.SERIES[0]), ("1 in 20", far[0], P.SERIES[2])], key=lambda one: one[1])
        for (name, x, colour), side in zip(ends, ("right", "left"), strict=True):
            panel.annotate(name, (x, 0), xytext=(0, 8), textcoords="offset points", ha="center" if mean[0] == far[0] else side,
                           va="bottom", color=colour) if kind == "money" else None  # fmt: skip
