"""Charts of "how much would be enough?": the risk against each thing that can be turned, and what enough costs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from . import palette as P
from . import words as W
from .advice_source import AdviceSource, Row
from .chart import WIDE, Chart, Column
from .draw import money_axis, percent_axis

MILLION = 1e6
MOST_CURVES = 4
SHORT = 44
FOUND = ("needed", "to spare")

#: Columns of the page's tables; the CSV files have all of them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "solutions": (
        "words", "status", "now_words", "value_words", "best_probability", "fresh_probability", "answered_probability",
        "public_change_gbp", "commissioner_change_gbp", "provider_surplus_change_gbp", "health_change_qaly", "capital_gbp",
    ),
    "other_targets": ("words", "handle", "status", "now_words", "value_words", "as_is_probability", "bound_probability",
                      "best_probability"),
}  # fmt: skip


def charts(source: AdviceSource) -> list[Chart]:
    """Every chart for which the folder has the numbers, in the order of the page."""
    solved = [row for row in source.rows("solutions") if row["status"] in FOUND]
    found = [row for row in solved if isinstance(row.get("public_change_gbp"), float)]
    found.sort(key=lambda row: float(row["public_change_gbp"]))
    curves = [_curve(source, row) for row in found[:MOST_CURVES]] if source.facts.get("chance") else []
    sides = [_money(found), _health(found)] if found else []
    return [*curves, *sides] or _nothing(source)


def _nothing(source: AdviceSource) -> list[Chart]:
    """Where nothing is enough alone: the curve of what comes nearest."""
    rows = [row for row in source.rows("solutions") if isinstance(row.get("best_probability"), float)]
    nearest = min(rows, key=lambda row: float(row["best_probability"]), default=None)
    return [_curve(source, nearest)] if nearest else []


def _curve(source: AdviceSource, row: Row) -> Chart:
    """The risk against the value of one handle, with the target and what was found."""
    name, bound = str(row["handle"]), float(source.facts["bound"])
    scale, words = _scale(str(row["unit"]))
    own = [one for one in source.rows("curves") if one["handle"] == name]
    rows = [{"at": one["at"] / scale, **{key: one[f"probability{key_end}"] for key, key_end in _LIMITS}} for one in own]
    value = row["value"] / scale if isinstance(row.get("value"), float) else None
    told = f"{row['value_words']} would be enough" if value is not None else "nothing tried is enough"
    title = f"{W.sentence(_short(str(row['words'])))}: {told}"
    columns = [Column("at", W.sentence(words), "text"), Column("chance", "Chance", "%"), Column("low", "95% low", "%"),
               Column("high", "95% high", "%")]  # fmt: skip
    return Chart(
        f"breakeven_{name.replace('.', '_')}", title, f"{W.sentence(str(source.facts['measured']))}, by {row['words']}",
        f"Line with a band of 95%: the chance falls or rises with {row['words']}. Dashed: the target, {W.percent(bound)}. "
        f"{title}.",
        "Band: 95% interval. Dashed line: the target. Diamond: today. Vertical line: where the target is just met.",
        columns, [row | {"at": _plain(row["at"])} for row in rows],
        partial(_draw_curve, rows=rows, bound=bound, words=words, value=value, now=float(row["now"]) / scale,
                chance=float(row["as_is_probability"])),
        WIDE,
    )  # fmt: skip


_LIMITS = (("chance", ""), ("low", "_low"), ("high", "_high"))


def _scale(unit: str) -> tuple[float, str]:
    """What values are divided by, and the words on the axis."""
    if unit == "GBP":
        return MILLION, "£m"
    if unit.startswith(("share", "per year", "probability")):
        return 0.01, "%, a year" if unit == "per year" else "%"
    return 1.0, unit


def _plain(value: float) -> str:
    return W.signed(f"{value:,.5g}")


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1].rstrip()}…"


def _draw_curve(ax: Any, rows: Sequence[Row], bound: float, words: str, value: float | None, now: float, chance: float) -> None:
    x = [row["at"] for row in rows]
    ax.fill_between(x, [max(0.0, row["low"]) for row in rows], [row["high"] for row in rows], color=P.BANDS[0], linewidth=0)
    ax.plot(x, [row["chance"] for row in rows], P.LINE_STYLES[0], color=P.SERIES[0], linewidth=2.2)
    ax.axhline(bound, color=P.TEXT, linewidth=1.0, linestyle=(0, (4, 3)))
    ax.set_ylim(0.0, 1.02)
    ax.text(x[-1], bound + 0.015, f"target {W.percent(bound)}", ha="right", va="bottom")
    ax.plot([now], [chance], P.MARKERS[1], color=P.SERIES[2], markersize=8, markerfacecolor=P.PAPER, markeredgewidth=1.8)
    ax.annotate(f"today {W.percent(chance)}", (now, chance), xytext=(9, 5), textcoords="offset points", color=P.SERIES[2])
    if value is not None:
        ax.plot([value, value], [0.0, bound], "-", color=P.SERIES[2], linewidth=2.0)
    percent_axis(ax.yaxis)
    money_axis(ax.xaxis)
    ax.grid(axis="both")
    ax.set_xlabel(words)


def _money(rows: Sequence[Row]) -> Chart:
    return _side(
        rows, "breakeven_money", "public", "gbp", MILLION, "£m of public money (below 0: saved)", "public money",
        "What enough costs in public money, each alone",
    )  # fmt: skip


def _health(rows: Sequence[Row]) -> Chart:
    return _side(
        rows, "breakeven_health", "health", "qaly", 1.0, "QALYs gained", "health", "What enough does for health, each alone"
    )


def _side(
    rows: Sequence[Row], name: str, key: str, unit: str, scale: float, words: str, short: str, title: str
) -> Chart:
    """What each solution costs or gains, with 95% limits."""
    told = []
    for row in rows:
        value, error = (float(row[f"{key}_change_{kind}"]) / scale for kind in (unit, f"error_{unit}"))
        told.append({"handle": f"{row['words']}: {row['value_words']}", "low": value - 1.96 * error, "value": value,
                     "high": value + 1.96 * error})  # fmt: skip
    columns = [Column("handle", "What is changed", "text"), *(Column(k, h) for k, h in (
        ("low", "95% low"), ("value", W.sentence(words)), ("high", "95% high")))]  # fmt: skip
    return Chart(
        name, title, f"Change of {short} over the term against the contract as it is, present value",
        f"Dots with lines of 95%: change of {short} for {len(told)} ways to reach the target. {title}.",
        "Each dot is one change by itself, at the value at which the target is just met. Lines: 95% intervals.",
        columns, told, partial(_draw_side, rows=told, words=words), WIDE,
    )  # fmt: skip


def _draw_side(ax: Any, rows: Sequence[Row], words: str) -> None:
    import textwrap

    for k, row in enumerate(rows):
        ax.plot([row["low"], row["high"]], [k, k], "-", color=P.SERIES[0], linewidth=2.0)
        ax.plot([row["value"]], [k], P.MARKERS[0], color=P.SERIES[0], markersize=7)
        ax.annotate(W.signed(f"{row['value']:,.0f}"), (row["value"], k), xytext=(0, 8), textcoords="offset points", ha="center")
    ax.set_yticks(range(len(rows)), [textwrap.fill(str(row["handle"]), 34) for row in rows])
    ax.set_ylim(max(len(rows), 1) - 0.5, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.axvline(0.0, color=P.TEXT, linewidth=1.0)
    ax.margins(x=0.12)
    ax.grid(axis="x")
    money_axis(ax.xaxis)
    ax.set_xlabel(words)
