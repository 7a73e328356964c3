"""Charts of the playbook: for each failure what every mitigation leaves of it, against what it costs the commissioner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from . import palette as P
from . import words as W
from .advice_source import AdviceSource, Row
from .chart import Chart, Column
from .draw import money_axis, percent_axis, spread

MILLION = 1e6
MOST_LABELS = 7
MOST_CHARTS = 4
LABEL_GAP = 0.09
NOTHING = "do nothing"

#: Columns of the page's tables; the CSV files have all of them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "plan": ("what", "failure", "where", "agree", "act_by", "if_late", "fails_rate", "change_rate",
             "commissioner_gbp", "public_gbp", "provider_surplus_gbp", "health_qaly", "failure_avoided_gbp", "worsens"),
    "effects": ("what", "failure", "where", "verdict", "agree", "fails_rate", "change_rate", "commissioner_gbp", "public_gbp",
                "provider_surplus_gbp", "health_qaly", "failure_avoided_gbp"),
    "mitigations": ("what", "kind", "agree", "who_pays", "quality", "walks_away_rate", "commissioner_limit_rate",
                    "quality_floor_rate", "hospital_limit_rate", "commissioner_gbp", "public_gbp", "health_qaly"),
    "triggers": ("what", "paying_clause", "first_year_paid", "fires_rate", "fires_where_it_fails_rate",
                 "fires_where_it_holds_rate", "paid_where_fired_gbp"),
    "acting_late": ("what", "failure", "where", "in_force_from", "agree", "fails_rate", "change_rate", "commissioner_gbp",
                    "health_qaly"),
}  # fmt: skip


def charts(source: AdviceSource) -> list[Chart]:
    """One chart for each eventuality of the plan, at most four."""
    places = list(dict.fromkeys((str(row["failure"]), str(row["where"])) for row in source.rows("plan")))
    found = [effect_and_cost(source, failure, where, k) for k, (failure, where) in enumerate(places[:MOST_CHARTS])]
    return [chart for chart in found if chart is not None]


def _picked(source: AdviceSource, failure: str, where: str) -> list[str]:
    return [str(row["mitigation"]) for row in source.rows("plan")
            if (row["failure"], row["where"]) == (failure, where) and row.get("mitigation")]  # fmt: skip


def _judged(source: AdviceSource, failure: str, where: str, otherwise: float) -> float:
    """What the first choice of the plan leaves, on the futures that judge it; `otherwise` where the plan does not say."""
    rows = [row for row in source.rows("plan") if (row["failure"], row["where"]) == (failure, where) and row.get("mitigation")]
    told = rows[0].get("fails_rate")
    return otherwise if told is None else float(told)


def effect_and_cost(source: AdviceSource, failure: str, where: str, number: int) -> Chart | None:
    """What is left of a failure's chance against the change of the commissioner's exposure, in one region."""
    own = [row for row in source.rows("effects") if (row["failure"], row["where"]) == (failure, where)]
    if len(own) < 2:
        return None
    picked = _picked(source, failure, where)
    rows = sorted(
        (_row(row, picked) for row in own), key=lambda row: (row["kind"] != NOTHING, row["kind"] != "best", row["left"])
    )
    name = W.spoken(failure)
    title = f"{W.sentence(name)}: nothing in the library clearly lowers the chance"
    if picked:
        chosen = next(row for row in rows if row["mitigation"] == picked[0])["left"]
        left = _judged(source, failure, where, chosen)
        title = f"{W.sentence(name)}: “{W.spoken(picked[0])}” leaves it in {W.percent(left)} of these futures"
    return Chart(
        f"playbook_effect_{number + 1}", title, f"In {where}" if where.startswith("all") else f"Given {where}",
        f"Scatter of {len(rows)} mitigations: change of the commissioner's exposure across, chance that is left upwards. "
        f"{title}.",
        "Open square: do nothing. Open diamonds: the three of the plan; filled circles: the others, the most effective of "
        "them named. Lines: "
        "two standard errors either way. Left of nothing a mitigation saves the commissioner money. Health: table effects.",
        [Column("mitigation", "Mitigation", "text"), Column("kind", "Kind", "text"), Column("cost", "Commissioner, £m"),
         Column("cost_error", "Standard error, £m"), Column("left", "Chance left", "%"),
         Column("left_error", "Standard error", "%")],
        rows, partial(draw_effects, rows=rows), (7.0, 4.0),
    )  # fmt: skip


def _row(row: Row, picked: Sequence[str]) -> dict[str, Any]:
    name = str(row.get("mitigation") or NOTHING)
    kind = NOTHING if name == NOTHING else "best" if name in picked else "other"
    return {"mitigation": name, "kind": kind, "cost": _number(row, "commissioner_gbp") / MILLION,
            "cost_error": _number(row, "commissioner_error_gbp") / MILLION, "left": _number(row, "fails_rate"),
            "left_error": _number(row, "change_rate_error")}  # fmt: skip


def _number(row: Row, name: str) -> float:
    value = row.get(name)
    return float(value) if isinstance(value, (int, float)) else 0.0


def draw_effects(ax: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Points with lines of two standard errors; do nothing, the plan's three and the most effective others named on the right."""
    for series, kind in enumerate(("other", "best", NOTHING)):
        own = [row for row in rows if row["kind"] == kind]
        for row in own:
            for dx, dy in ((2.0 * row["cost_error"], 0.0), (0.0, 2.0 * row["left_error"])):
                ax.plot(
                    [row["cost"] - dx, row["cost"] + dx],
                    [row["left"] - dy, row["left"] + dy],
                    "-",
                    color=P.MUTED,
                    linewidth=0.9,
                )
        ax.plot([row["cost"] for row in own], [row["left"] for row in own], P.MARKERS[series], color=P.SERIES[series],
                markersize=6.5,
                markerfacecolor=P.SERIES[0] if series == 0 else P.PAPER, markeredgewidth=1.6, linestyle="none")  # fmt: skip
    ax.axvline(0.0, color=P.MUTED, linewidth=0.8)
    top = max(row["left"] for row in rows) or 1.0
    ax.set_ylim(-0.03 * top, 1.12 * top)
    percent_axis(ax.yaxis)
    money_axis(ax.xaxis)
    ax.grid(axis="both")
    ax.set_xlabel("change of what the commissioner bears, £m")
    ax.set_ylabel("chance of failure that is left")
    named = rows[:MOST_LABELS]
    to_axes = ax.transScale + ax.transLimits
    heights = spread([float(to_axes.transform((row["cost"], row["left"]))[1]) for row in named], LABEL_GAP)
    for row, height in zip(named, heights, strict=True):
        ax.annotate(W.spoken(row["mitigation"]), (row["cost"], row["left"]), xytext=(1.03, height), textcoords="axes fraction",
                    va="center",
                    fontsize=P.FONT_POINTS - 1,
                    arrowprops={"arrowstyle": "-", "color": P.MUTED, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 4})  # fmt: skip
