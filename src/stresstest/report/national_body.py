"""What the national body carries: totals, the call beyond commissioners' limits alone and pooled, and which axes go with it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

from . import draw as D
from . import words as W
from .chart import WIDE, Chart, Column
from .document import Beside, Block, Fold, Picture, Text
from .leaflet import Leaflet, Row
from .national_rows import chart_name, command, held, of

CALL, POOLED, SAVED = "call on the national body", "call if limits are pooled", "saved by pooling limits"
EXPOSURE = "commissioner exposure"
STATISTICS = {"mean": "mean", "p90": "1 future in 10 above", "p95": "1 in 20 above", "p99": "1 in 100 above",
              "cte95": "worst 1 in 20, mean"}  # fmt: skip
CALLED = ("each limit by itself", "limits pooled")
ECONOMY, TOGETHER, BARS = "economy", "all of these together", 8
ENDINGS = {"_mean": ", mean of the years", "_end": ", in the last year"}
CORRELATION = (
    "Correlations over futures: they say what goes with what, and not what causes it. Axes go with each other, so that their "
    "shares of variance do not add up."
)
#: A part of less than this share of the call is small.
SMALL = 0.1
#: The same in the worst 1 in 20.
LITTLE = 0.25


#: Measures whose own name says less than these words.
MEASURES = {SAVED: "moved to commissioners with room by pooling limits"}


def measured(name: str) -> str:
    """A total in words."""
    return W.sentence(MEASURES.get(name, name))


def total(page: Leaflet, measure: str, statistic: str, strategy: str) -> Row:
    """A total's statistic."""
    rows = of(page, "totals", strategy)
    return next(row for row in rows if row["measure"] == measure and row["statistic"] == statistic)


def limit_words(page: Leaflet) -> str:
    """" (10% of the agreed budget, a judgement)"; "" where the page does not know the limit."""
    known = page.facts.get("commissioner_limit") or {}
    if known.get("value") is None or not str(known.get("unit", "share")).startswith("share"):
        return ""
    source = ", a judgement" if known.get("quality") == "judgement" else f", {known['quality']}" if known.get("quality") else ""
    return f" ({W.percent(float(known['value']), 0)} of the agreed budget{source})"


def value(page: Leaflet, row: Row, column: str = "value", error: str | None = "error") -> str:
    """A figure in its row's unit."""
    return page.say.pounds(row, column, error) if row["unit"] == "gbp" else page.say.number(row, column, error)


# ── totals ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def totals(page: Leaflet, strategy: str) -> list[Block]:
    """Each total in a row, money and health beside each other; every statistic with its interval folded away."""
    rows = of(page, "totals", strategy)
    cells = []
    for measure in dict.fromkeys(str(row["measure"]) for row in rows):
        own = {str(row["statistic"]): row for row in rows if row["measure"] == measure}
        first = next(iter(own.values()))
        far = next((own[key] for key in ("p95", "p5", "p05") if key in own), None)
        shown = [own.get("mean"), own.get("p10"), own.get("p50"), own.get("p90"), far, own.get("cte95")]
        cells.append([f"{measured(measure)}, {'QALYs' if first['unit'] == 'qaly' else 'present value'}",
                      *(W.NONE if one is None else value(page, one) for one in shown)])  # fmt: skip
    heads = ("all places together", "mean", "1 in 10 below", "median", "1 in 10 above", "1 in 20 worse", "mean of worst 1 in 20")
    caption = f"{page.captions['totals']}: {strategy} provider"
    whole = page.grid("totals", heads, cells, 6, name=f"totals {strategy}", caption=caption)
    return [whole, Fold("Every statistic with its interval", tuple(every_total(page, rows, strategy)))]


def every_total(page: Leaflet, rows: Sequence[Row], strategy: str) -> list[Block]:
    """Statistics of each total with their intervals, a table each."""
    grids = []
    for measure in dict.fromkeys(str(row["measure"]) for row in rows):
        own = [row for row in rows if row["measure"] == measure]
        cells = [[statistic(str(row["statistic"])), value(page, row), _range(page, row)] for row in own]
        unit = "QALYs" if own[0]["unit"] == "qaly" else "present value"
        grids.append(page.grid("totals", ("statistic", "total", "95% interval"), cells, 2, name=f"totals {measure} {strategy}",
                               caption=f"{measured(measure)}, all places, {unit}, {strategy} provider"))  # fmt: skip
    return [Beside(tuple(grids[k : k + 2])) for k in range(0, len(grids), 2)]


def _range(page: Leaflet, row: Row) -> str:
    if row["low"] is None or row["high"] is None:
        return W.NONE
    return f"{value(page, row, 'low')} to {value(page, row, 'high')}"


def statistic(name: str) -> str:
    """A statistic in words."""
    if name.startswith("p"):
        return "median" if name == "p50" else f"{name[1:]} in 100 futures lie below"
    return {"mean": "mean", "cte95": "mean of the worst 1 in 20"}.get(name, name)


# ── the call on the national body ──────────────────────────────────────────────────────────────────────────────────
def called(page: Leaflet, strategy: str) -> list[Block]:
    """What commissioners cannot bear, alone and pooled, as a chart with its words."""
    rows = {name: _statistics(page, name, strategy) for name in (CALL, POOLED, SAVED)}
    if not all(rows.values()):
        return [Text("What is called from the national body beyond commissioners' limits is not in these tables. "
                     f"`{command(page, 'totals')}` "
                     "makes it.", "sub")]  # fmt: skip
    drawn = page.chart(call_chart(rows[CALL], rows[POOLED], strategy))
    say = page.say
    words = (
        f"What each commissioner can bear is limited{limit_words(page)}. What goes beyond falls on the national "
        f"body: {say.pounds(rows[CALL]['mean'])} on average. Were all limits one pool, it would be "
        f"{say.pounds(rows[POOLED]['mean'])}: {say.pounds(rows[SAVED]['mean'])} would move to commissioners with room. Pooling "
        f"saves nothing; it moves who pays."
    )
    return [Text(words), Picture(drawn.name)]


def _statistics(page: Leaflet, measure: str, strategy: str) -> dict[str, Row]:
    return {str(row["statistic"]): row for row in of(page, "totals", strategy) if row["measure"] == measure}


def call_chart(call: dict[str, Row], pooled: dict[str, Row], strategy: str) -> Chart:
    """Statistics of the call with each limit by itself and with limits pooled, in £m with 95% intervals."""
    shown = [key for key in STATISTICS if key in call and key in pooled]
    series = [(name, [_interval(rows[key]) for key in shown]) for name, rows in zip(CALLED, (call, pooled), strict=True)]
    title = called_message(*(float(rows[key]["value"]) for key in ("mean", "cte95") for rows in (call, pooled)))
    plotted = [{"statistic": STATISTICS[key], "alone": one[1], "alone_low": one[0], "alone_high": one[2], "pooled": two[1],
                "pooled_low": two[0], "pooled_high": two[2]}
               for key, one, two in zip(shown, *(values for _, values in series), strict=True)]  # fmt: skip
    names = ("alone", "alone_low", "alone_high", "pooled", "pooled_low", "pooled_high")
    return Chart(
        chart_name("national_call", strategy), title,
        f"What exceeds commissioners' limits over the term, all places, present value, £m, {strategy} provider",
        f"Dots with intervals for {len(shown)} statistics of the call on the national body in £m: each limit by itself, and "
        f"limits pooled. {title}."[:300],
        "Lines are 95% intervals of the estimate.",
        [Column("statistic", "Statistic", "text"), *(Column(name, f"{W.sentence(W.spoken(name))}, £m") for name in names)],
        plotted, partial(D.dots, labels=[STATISTICS[key] for key in shown], series=series), WIDE,
    )  # fmt: skip


def called_message(mean: float, pooled: float, tail: float, pooled_tail: float) -> str:
    """The chart's message, from the means of the call and of its worst 1 in 20, each limit by itself and pooled."""
    if mean - pooled <= SMALL * mean:
        return "Pooling limits moves little to commissioners with room: places go beyond in the same futures"
    if tail - pooled_tail <= LITTLE * tail:
        return "Pooling limits moves money to commissioners with room, but little in the worst futures"
    return "Pooling limits moves money to commissioners with room, in bad futures too"


def _interval(row: Row) -> tuple[float, float, float]:
    middle = float(row["value"]) / 1e6
    low, high = (middle if row[side] is None else float(row[side]) / 1e6 for side in ("low", "high"))
    return low, middle, high


# ── what diversifies ───────────────────────────────────────────────────────────────────────────────────────────────
def diversified(page: Leaflet, strategy: str) -> list[Block]:
    """Standard deviation of each total against independent places and places that move as one; what is shared."""
    rows, say, cells = of(page, "diversified", strategy), page.say, []
    more = "shared_share" in rows[0]
    for row in rows:
        sizes = [value(page, row, name, None) for name in ("sd", "independent_sd", "together_sd")]
        shares = [say.percent(row, name) for name in ("shared_share", "remaining_share")] if more else []
        cells.append([measured(str(row["measure"])), *sizes, with_error(page, row, "times_independent"),
                      with_error(page, row, "correlation"), say.percent(row, "diversified_share"), *shares])  # fmt: skip
    heads = ["total", "standard deviation", "if independent", "if as one", "times independent", "correlation", "evened out"]
    heads += ["variance that is shared", "variance left with endlessly many"] if more else []
    return [page.grid("diversified", heads, cells, len(heads) - 1, name=f"diversified {strategy}",
                      caption=f"{page.captions['diversified']}: {strategy} provider")]  # fmt: skip


def with_error(page: Leaflet, row: Row, name: str) -> str:
    """A figure in two decimals, or as many as its standard error needs to be seen, with that error."""
    if row.get(name) is None:
        return W.NONE
    error = row.get(f"{name}_error")
    places = max(2, min(6, math.ceil(-math.log10(float(error))))) if error else 2
    said = page.say.cite(row, name, W.signed(f"{float(row[name]):.{places}f}"))
    return said if not error else f"{said} ± {page.say.cite(row, f'{name}_error', f'{float(error):.{places}f}')}"


# ── the economy ────────────────────────────────────────────────────────────────────────────────────────────────────
def economy(page: Leaflet, strategy: str) -> list[Block]:
    """Which shared uncertainties go with the total; a chart, and a table of every measure."""
    if not held(page, ECONOMY, ("measure", "axis", "correlation", "share_of_variance")):
        words = f"Which of the axes goes with the totals is not in these tables. `{command(page, ECONOMY)}` makes it."
        return [Text(words, "sub")]
    rows = of(page, ECONOMY, strategy)
    own = [row for row in rows if row["measure"] == EXPOSURE]
    found: list[Block] = [Text(CORRELATION)]
    if own:
        found.append(Picture(page.chart(economy_chart(own, strategy)).name))
    say = page.say
    cells = [[f"{measured(str(row['measure']))}: {axis_words(str(row['axis']))}", with_error(page, row, "correlation"),
              say.percent(row, "share_of_variance")] for row in rows]  # fmt: skip
    grid = page.grid(ECONOMY, ("total and axis", "correlation", "share of variance"), cells, 2, name=f"economy {strategy}",
                     caption=f"What goes with the totals: {strategy} provider")  # fmt: skip
    return [*found, Fold("Every total and every axis", (grid,))]


def axis_words(name: str) -> str:
    """"economy_mean" → "economy, mean of the years"."""
    for end, words in ENDINGS.items():
        if name.endswith(end):
            return f"{W.spoken(name.removesuffix(end))}{words}"
    return W.spoken(name)


def economy_chart(rows: Sequence[Row], strategy: str) -> Chart:
    """Share of the total's variance that goes with each axis, the largest first."""
    single = [row for row in rows if row["axis"] != TOGETHER][:BARS]
    whole = [row for row in rows if row["axis"] == TOGETHER]
    shown = [*single, *whole]
    labels = [W.sentence(axis_words(str(row["axis"]))) for row in shown]
    values = [float(row["share_of_variance"]) for row in shown]
    first = axis_words(str(single[0]["axis"])).split(",")[0]
    title = f"What commissioners bear goes most with one shared axis: {first}"
    plotted: list[dict[str, Any]] = [{"axis": label, "share_of_variance": one, "correlation": W.correlation(row["correlation"])}
                                     for label, one, row in zip(labels, values, shown, strict=True)]  # fmt: skip
    return Chart(
        chart_name("national_economy", strategy), title,
        f"Share of the variance of commissioners' total exposure that goes with each, {strategy} provider",
        f"Bars for {len(shown)} shared uncertainties: share of the variance of the total that goes with each. {title}."[:300],
        "The largest single ones, and all of them in one straight line. Correlation is not cause.",
        [Column("axis", "Axis", "text"), Column("correlation", "Correlation", "text"),
         Column("share_of_variance", "Share of variance", "%")],
        plotted, partial(D.bars, labels=labels, values=values, texts=[W.percent(one, 0) for one in values]), WIDE,
    )  # fmt: skip
