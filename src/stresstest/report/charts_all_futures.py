"""Chart of the far tail: how rare an exposure is, down to the rarest level that all futures tell, beside the kept ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from . import palette as P
from .book import Book
from .chart import WIDE, Chart, Column
from .charts_money import period
from .draw import money_axis
from .source import HONEST, Source
from .tracing import TableRow, plain

MILLION = 1e6
ALL, KEPT = "all", "kept"
#: Futures beyond an amount below which a curve of kept futures ends, as that of all does.
FEWEST = 30.0


def tail_chart(book: Book, rows: Sequence[TableRow]) -> Chart | None:
    """Chance of more on a log scale, honest provider, main scenario. None where no quantile of exposure is told."""
    source = book.source
    told = _told(source, rows)
    if len(told) < 2:
        return None
    points: list[dict[str, Any]] = [
        {"futures": ALL, "threshold": row["value"] / MILLION, "percent": round(100.0 * chance, 9), "low": row["low"] / MILLION,
         "high": row["high"] / MILLION}
        for chance, row in told
    ]  # fmt: skip
    points += _kept(source, told[0][0])
    share, rarest = told[-1]
    title = f"1 in {round(1.0 / share):,} futures costs the commissioner over {book.say.pounds(rarest)}"
    return Chart(
        "all_futures_tail", title,
        f"Chance that commissioner exposure is beyond an amount, honest provider, £m present value; {period(source)}",
        f"Falling curves on a log scale of chance: all futures, solid, with markers; kept futures, dashed, which end earlier. "
        f"{plain(title)}."[:300],
        "Each step down the scale is ten times rarer. Markers: levels told by all futures, with 95% intervals of sampling. A "
        "curve ends where too few futures lie beyond it to tell.",
        [Column("futures", "Futures", "text"), Column("threshold", "Exposure of more than, £m"),
         Column("percent", "Chance of more, %", "text"), Column("low", "95% interval from, £m"),
         Column("high", "95% interval to, £m")],
        points, partial(draw_tail, rows=points), WIDE,
    )  # fmt: skip


def _told(source: Source, rows: Sequence[TableRow]) -> list[tuple[float, TableRow]]:
    """(chance of more, row) of the upper half of exposure, commonest first."""
    wanted = (source.main, HONEST, "commissioner", "exposure_npv")
    found = [
        (1.0 - float(str(row["statistic"])[1:]) / 100.0, row) for row in rows
        if (row["scenario"], row["strategy"], row["party"], row["metric"]) == wanted
        and str(row["statistic"]).startswith("p") and str(row["statistic"])[1:2].isdigit()
    ]  # fmt: skip
    return sorted(((chance, row) for chance, row in found if chance <= 0.5 + 1e-9), key=lambda pair: -pair[0])


def _kept(source: Source, most: float) -> list[dict[str, Any]]:
    """The run's curve of kept futures from its middle on, as far as enough futures lie beyond."""
    least = FEWEST / float(source.manifest["futures"][source.main])
    return [
        {"futures": KEPT, "threshold": row["threshold_gbp"] / MILLION, "percent": round(100.0 * row["probability"], 9),
         "low": None, "high": None}
        for row in sorted(source.rows("exceedance"), key=lambda row: float(row["threshold_gbp"]))
        if row["strategy"] == HONEST and least <= row["probability"] <= most
    ]  # fmt: skip


def draw_tail(ax: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Both curves with their labels; levels as 1 in 10, 1 in 100 and so on."""
    for k, name in enumerate((ALL, KEPT)):
        own = [row for row in rows if row["futures"] == name]
        if not own:
            continue
        amounts, chances = [row["threshold"] for row in own], [row["percent"] / 100.0 for row in own]
        ax.plot(amounts, chances, P.LINE_STYLES[k], color=P.SERIES[2 * k], linewidth=2.2, zorder=2 + k)
        if name == ALL:
            for row, chance in zip(own, chances, strict=True):
                ax.plot([row["low"], row["high"]], [chance, chance], "-", color=P.SERIES[0], linewidth=1.2)
            ax.plot(amounts, chances, P.MARKERS[0], color=P.SERIES[0], markersize=5)
        ax.annotate(f"{name} futures", (amounts[-1], chances[-1]), xytext=(0, -9) if name == ALL else (-8, 0), color=P.TEXT,
                    textcoords="offset points", va="top" if name == ALL else "center", ha="right",
                    bbox={"facecolor": P.PAPER, "edgecolor": "none", "pad": 1.0})  # fmt: skip
    ax.set_yscale("log")
    lowest = min(row["percent"] for row in rows) / 100.0
    levels = [10.0**-k for k in range(1, 9) if 10.0**-k >= 0.99 * lowest]
    ax.set_yticks(levels, [f"1 in {round(1.0 / level):,}" for level in levels])
    ax.set_ylim(0.3 * lowest, 0.6)
    ax.minorticks_off()
    money_axis(ax.xaxis)
    ax.grid(axis="both")
    ax.set_xlabel("exposure of more than, £m")

