"""Clauses in every place: what each changes on average, in the worst futures, and in how many places fail together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from . import draw as D
from . import words as W
from .chart import WIDE, Chart, Column
from .document import Block, Picture, Text
from .leaflet import Leaflet, Row
from .national_rows import chart_name, command, held, of, telling

TABLE, BASE = "clauses", "base"
HELPS, HURTS, TRADE, WITHIN, LESS_EVEN = "helps", "hurts", "a trade", "within error", "evens out less as more places sign"
MEAN, TAIL, CALL, CHANCE = "exposure_mean_gbp", "exposure_worst_1_in_20_gbp", "call_mean_gbp", "quarter_fail_probability"
COLUMNS = ("variant", "verdict", MEAN, f"{MEAN}_change", TAIL, f"{TAIL}_change", f"{CHANCE}_change")
INTERVAL, SHOWN, ERRORS = 1.96, ("mean", "worst 1 in 20"), 2.0
#: How a verdict begins → what it means; a trade says so itself.
MEANINGS = {
    HELPS: "less is borne on average or in the worst 1 in 20, and the other does not rise",
    HURTS: "more is borne on average or in the worst 1 in 20, and the other does not fall",
    TRADE: "one rises and the other falls",
    WITHIN: "neither changes beyond two standard errors",
}  # fmt: skip
NAMED = 3


def clauses(page: Leaflet, strategy: str) -> list[Block]:
    """The chart and the table of one strategy, the largest change first; a sentence where no clause was tried."""
    rows = ordered(page, strategy)
    if not rows:
        return [Text(untried(page), "sub")]
    drawn = page.chart(clauses_chart(rows, strategy))
    base = [row for row in of(page, TABLE, strategy) if row["verdict"] == BASE]
    verdicts = [str(row["verdict"]) for row in rows]
    told = [f"**{name}**: {words}" for name, words in MEANINGS.items() if any(one.startswith(name) for one in verdicts)]
    if any(LESS_EVEN in one for one in verdicts):
        told.append(f"**{LESS_EVEN}**: the variance that places share rises")
    return [Picture(drawn.name), grid(page, [*base, *rows], strategy), Text(f"{W.sentence('; '.join(told))}. {FOOTNOTE}", "sub")]


FOOTNOTE = "Changes count from the agreed budgets of the contract as it is, so that a higher price is part of what is borne."


def ordered(page: Leaflet, strategy: str) -> list[Row]:
    """Clauses by the size of the mean's change, the largest first; none where none was tried."""
    rows = of(page, TABLE, strategy) if held(page, TABLE, COLUMNS) else []
    return sorted((row for row in rows if row["verdict"] != BASE), key=lambda row: -abs(float(row[f"{MEAN}_change"])))


def untried(page: Leaflet) -> str:
    """That no clause was tried, and the command that tries one."""
    return (f"No clause was tried in every place. `{command(page, TABLE)}` with two wordings or more of the contract in "
            "its file makes it.")  # fmt: skip


def said(page: Leaflet, strategy: str) -> str:
    """Whether a national clause helps, hurts or trades, in one sentence; of many the largest three each way."""
    rows = ordered(page, strategy)
    if not rows:
        return "Whether a national clause helps or concentrates the risk is not known from these runs: no clause was tried."
    beyond = [row for row in rows if not str(row["verdict"]).startswith(WITHIN)]
    less = [row for row in beyond if float(row[f"{MEAN}_change"]) < 0.0]
    more = [row for row in beyond if float(row[f"{MEAN}_change"]) >= 0.0]
    named = [row for row in beyond if row in less[:NAMED] or row in more[:NAMED]]
    parts = [_named(page, row) for row in named]
    fewer, left = len(beyond) - len(named), len(rows) - len(beyond)
    if fewer:
        parts.append(f"{fewer} more {'changes' if fewer == 1 else 'change'} what is borne by less")
    if left:
        parts.append(f"{left if named else 'none of those tried'} {'changes' if left == 1 or not named else 'change'} "
                     f"{'nothing' if named else 'anything'} beyond error")  # fmt: skip
    return f"As a clause in every place: {'; '.join(parts)}. {FOOTNOTE}"


def _named(page: Leaflet, row: Row) -> str:
    """"**cap** helps (−£30m on average, −£60m in the worst 1 in 20)": changes within error are left out."""
    verdict = str(row["verdict"])
    told = [f"{_change(page, row, name)} {words}" for name, words in ((MEAN, "on average"), (TAIL, "in the worst 1 in 20"))
            if certain(row, name)]  # fmt: skip
    if row.get("gbp_per_qaly") is not None:
        told.append(f"{page.say.pounds(row, 'gbp_per_qaly', None)} for each QALY gained")
    brackets = f" ({', '.join(told)})" if told else ""
    return f"**{row['variant']}** {'is ' if verdict.startswith(TRADE) else ''}{verdict}{brackets}"


def certain(row: Row, name: str) -> bool:
    """Whether a change goes beyond two standard errors."""
    error = row.get(f"{name}_change_error")
    return row.get(f"{name}_change") is not None and abs(float(row[f"{name}_change"])) > ERRORS * float(error or 0.0)


def _change(page: Leaflet, row: Row, name: str) -> str:
    """A change with its sign."""
    error = row.get(f"{name}_change_error")
    column = f"{name}_change"
    if row.get(column) is None:
        return W.NONE
    if name.endswith("_gbp"):
        text = W.changed(float(row[column]), lambda x: W.pounds(x, error))
    elif name.endswith("_probability"):
        text = W.changed(float(row[column]), W.in_points)
    elif name == "correlation":
        text = W.changed(float(row[column]), W.correlation)
    else:
        text = W.changed(float(row[column]), lambda x: W.number(x, error))
    return page.say.cite(row, column, text)


def clauses_chart(rows: Sequence[Row], strategy: str) -> Chart:
    """Paired change of commissioners' total exposure, on average and in the worst 1 in 20, by clause; £m with 95% intervals."""
    labels = [f"{row['variant']}: {str(row['verdict']).split(':')[0].split(',')[0]}" for row in rows]
    series = [(words, [_interval(row, name) for row in rows]) for words, name in zip(SHOWN, (MEAN, TAIL), strict=True)]
    plotted: list[dict[str, Any]] = [
        {"clause": label, "mean": one[1], "mean_low": one[0], "mean_high": one[2], "worst": two[1],
         "worst_low": two[0], "worst_high": two[2]}
        for label, one, two in zip(labels, *(values for _, values in series), strict=True)
    ]  # fmt: skip
    title = message(rows)
    names = ("mean", "mean_low", "mean_high", "worst", "worst_low", "worst_high")
    return Chart(
        chart_name("national_clauses", strategy), title,
        f"Change of what commissioners bear in all places against the contract as it is, present value, £m, {strategy} provider",
        f"Dots with intervals for {len(rows)} clauses: change of the mean and of the mean of the worst 1 in 20, in £m. "
        f"{title}."[:300],
        "Left of the line: less is borne. Lines are 95% intervals of the paired change.",
        [Column("clause", "Clause", "text"), *(Column(name, f"{W.sentence(W.spoken(name))}, £m") for name in names)],
        plotted, partial(D.dots, labels=[_wrapped(label) for label in labels], series=series), (WIDE[0], 1.3 + 0.55 * len(rows)),
    )  # fmt: skip


def _wrapped(label: str) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(label, 26)[:3])


def _interval(row: Row, name: str) -> tuple[float, float, float]:
    middle, error = float(row[f"{name}_change"]), float(row.get(f"{name}_change_error") or 0.0)
    return (middle - INTERVAL * error) / 1e6, middle / 1e6, (middle + INTERVAL * error) / 1e6


def message(rows: Sequence[Row]) -> str:
    """The chart's message: the clause that helps most, or what stands in the way."""
    for verdict, words in ((HELPS, "helps when every place has it"), (TRADE, "trades the mean against the worst futures")):
        mine = [row for row in rows if str(row["verdict"]).startswith(verdict)]
        if mine:
            best = min(mine, key=lambda row: float(row[f"{MEAN}_change"]))
            return W.sentence(f"{' '.join(str(best['variant']).split()[:8])} {words}")
    return "No clause that was tried helps when every place has it"


def grid(page: Leaflet, rows: Sequence[Row], strategy: str) -> Any:
    """The base and every clause in a row: verdict, figures, and changes."""
    say = page.say
    cells = []
    for row in rows:
        base = row["verdict"] == BASE
        parts = [
            (say.pounds(row, MEAN, f"{MEAN}_error"), MEAN), (say.pounds(row, TAIL, f"{TAIL}_error"), TAIL),
            (say.pounds(row, CALL, f"{CALL}_error"), CALL), (say.percent(row, CHANCE), CHANCE),
            (say.cite(row, "correlation", W.correlation(row.get("correlation"))), "correlation"),
            (say.number(row, "health_mean_qaly", "health_mean_qaly_error"), "health_mean_qaly"),
        ]  # fmt: skip
        price = W.NONE if row.get("gbp_per_qaly") is None else say.pounds(row, "gbp_per_qaly", None)
        cells.append(["contract as it is" if base else str(row["variant"]), W.NONE if base else str(row["verdict"]),
                      *(text if base else f"{text} ({_change(page, row, name)})" for text, name in parts), price])  # fmt: skip
    heads = ("clause, in every place", "verdict", "commissioners bear, mean (change)", "worst 1 in 20, mean",
             "call on the national body, mean", "a quarter of places fail (points)", "correlation",
             "QALYs gained", "£ for each QALY more")  # fmt: skip
    told, cells = telling(heads, cells)
    return page.grid(TABLE, told, cells, len(told) - 2, name=f"clauses {strategy}",
                     caption=f"Clauses in every place: {strategy} provider")  # fmt: skip
