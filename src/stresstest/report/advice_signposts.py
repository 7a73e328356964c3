"""Charts of signposts: hits against false alarms, and a monitoring chart with limits, trigger and two example futures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from . import palette as P
from . import words as W
from .advice_source import AdviceSource, Row
from .chart import WIDE, Chart, Column
from .draw import label_ends, percent_axis, spread

#: Signposts of each failure that are shown.
MOST_POINTS = 6
LABEL_GAP = 0.1

#: Columns of the page's tables; the CSV files have all of them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "signposts": ("quantity", "failure", "year", "limit", "hit_rate", "false_alarm_rate", "precision_rate",
                  "fails_without_signal_rate", "lead_years", "area", "futures_at_risk"),
    "skill": ("failure", "year", "method", "verdict", "base_rate", "brier_skill", "skill_against_logistic", "area"),
    "pack": ("words", "failure", "year", "first_step", "unit", "middle", "outer_limit", "signal", "trigger", "alarm_rate",
             "alarm_in_term_rate"),
}  # fmt: skip


def charts(source: AdviceSource) -> list[Chart]:
    """Hits against false alarms, and the monitoring chart of the best signpost."""
    return [chart for chart in (alarms(source), monitoring(source)) if chart is not None]


def alarms(source: AdviceSource) -> Chart | None:
    """Hit rate against false-alarm rate of the best signposts of each failure."""
    rows: list[dict[str, Any]] = []
    told = [row for row in source.rows("signposts") if row.get("found") in (True, 1.0, "True")]
    failures = list(dict.fromkeys(str(row["failure"]) for row in told))[: P.MOST_SERIES]
    for name in failures:
        for row in [row for row in told if row["failure"] == name][:MOST_POINTS]:
            rows.append({
                "failure": W.spoken(name), "signpost": f"{W.spoken(str(row['quantity']))} {row['limit']}, {row['year']}",
                "false_alarm": row["false_alarm_rate"], "hit": row["hit_rate"],
            })  # fmt: skip
    if not rows:
        return None
    title = "The best early signs see most failures coming, at a price in false alarms"
    return Chart(
        "signposts_alarms", title, f"{source.facts.get('place', 'Here')}: each signpost judged on futures it was not chosen on",
        f"Scatter of {len(rows)} signposts of {len(failures)} failures: false alarms across, hits upwards. {title}.",
        "Each point a signpost, up to six for each failure; the best of each is named. Up and to the left is better; on the "
        "dotted "
        "line a signpost tells nothing. Intervals: table signposts.",
        [Column("failure", "Failure", "text"), Column("signpost", "Signpost", "text"), Column("false_alarm", "False alarms", "%"),
         Column("hit", "Hits", "%")], rows, partial(draw_alarms, rows=rows), (6.8, 3.6),
    )  # fmt: skip


def draw_alarms(ax: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Points by failure, the first of each named on the right."""
    failures = list(dict.fromkeys(row["failure"] for row in rows))
    ax.plot([0.0, 1.0], [0.0, 1.0], ":", color=P.MUTED, linewidth=1.2)
    labels = []
    for k, name in enumerate(failures):
        own = [row for row in rows if row["failure"] == name]
        ax.plot([row["false_alarm"] for row in own], [row["hit"] for row in own], P.MARKERS[k], color=P.SERIES[k], markersize=6.5,
                markerfacecolor=P.SERIES[k] if k == 0 else P.PAPER, markeredgewidth=1.6, linestyle="none")  # fmt: skip
        labels.append((f"{name}:\n{own[0]['signpost']}", own[0]["false_alarm"], own[0]["hit"]))
    ax.set_xlim(0.0, max(0.6, 1.05 * max(row["false_alarm"] for row in rows)))
    ax.set_ylim(0.0, 1.0)
    percent_axis(ax.xaxis)
    percent_axis(ax.yaxis)
    ax.grid(axis="both")
    ax.set_xlabel("false alarms: share of futures that hold")
    ax.set_ylabel("hits: share of failures to come")
    heights = spread([y for _, _, y in labels], 2.0 * LABEL_GAP)
    for (text, x, y), height in zip(labels, heights, strict=True):
        ax.annotate(text, (x, y), xytext=(1.03, height), textcoords="axes fraction", va="center", fontsize=P.FONT_POINTS - 1,
                    arrowprops={"arrowstyle": "-", "color": P.MUTED, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 4})  # fmt: skip


def _of(rows: Sequence[Row], first: Mapping[str, Any]) -> list[Row]:
    return [row for row in rows if (row["failure"], row["quantity"]) == (first["failure"], first["quantity"])]


def monitoring(source: AdviceSource) -> Chart | None:
    """The best signpost's quantity by year: limits of futures that hold, trigger, and two example futures."""
    first = source.facts.get("first")
    pack = _of(source.rows("pack"), first) if first else []
    if not first or len(pack) < 2:
        return None
    example = {str(row["year"]): row for row in _of(source.rows("examples"), first)}
    rows = [
        {"year": str(row["year"]), "low": row["middle_low"], "middle": row["middle"], "high": row["middle_high"],
         "trigger": _known(row.get("trigger")), "fails": _known(example.get(str(row["year"]), {}).get("fails")),
         "holds": _known(example.get(str(row["year"]), {}).get("holds"))}
        for row in pack
    ]  # fmt: skip
    score = pack[0].get("unit") == "score"
    kind = "£m" if score else "%"
    title = f"{W.sentence(W.spoken(str(first['quantity'])))}: where it runs when all goes well, and when to act"
    return Chart(
        "signposts_monitoring", title, f"{W.sentence(str(pack[0]['words']))}; {W.spoken(str(first['failure']))}",
        f"Lines by year: median and 90% limits of futures that hold, the trigger, one future that fails and one that holds. "
        f"{title}.",
        "Shaded: nine in ten of the futures that do not fail. Dashed: the trigger. The two futures are typical ones of the run, "
        "one that fails and one that holds; a line ends where service ends.",
        [Column("year", "Year", "text"), *(Column(name, name.capitalize(), kind) for name in list(rows[0])[1:])], rows,
        partial(draw_monitoring, rows=rows, score=score), WIDE,
    )  # fmt: skip


def _known(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else float("nan")


def draw_monitoring(ax: Any, rows: Sequence[Mapping[str, Any]], score: bool) -> None:
    """A band with its median, a dashed trigger, and two lines of examples, named at their ends."""
    x = range(len(rows))
    ax.fill_between(x, [row["low"] for row in rows], [row["high"] for row in rows], color=P.BANDS[0], linewidth=0)
    ends = []
    lines = (("median", "middle", P.SERIES[0], "-", ""), ("trigger", "trigger", P.SERIES[2], "--", ""),
             ("fails", "fails", P.SERIES[3], "-", "^"), ("holds", "holds", P.SERIES[1], "-.", "D"))  # fmt: skip
    for label, name, colour, style, marker in lines:
        values = [row[name] for row in rows]
        known = [k for k, value in enumerate(values) if W.known(value)]
        if not known:
            continue
        ax.plot(
            known,
            [values[k] for k in known],
            style,
            marker=marker or None,
            color=colour,
            linewidth=2.0,
            markersize=4.5,
        )
        if known[-1] == len(rows) - 1:
            ends.append((label, values[-1], P.TEXT))
        else:
            ax.annotate(label, (known[-1], values[known[-1]]), xytext=(6, 0), textcoords="offset points", va="center")
    if not score:
        percent_axis(ax.yaxis)
    ax.set_xticks(list(x)[::2], [row["year"] for row in rows][::2])
    ax.set_xlim(-0.2, len(rows) - 1 + 0.22 * len(rows))
    ax.spines["bottom"].set_bounds(0, len(rows) - 1)
    ax.grid(axis="y")
    label_ends(ax, len(rows) - 0.8, ends)
