"""Clauses for all places at once: what each changes on average, in the worst futures, and in how many places fail together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from . import draw as D
from . import words as W
from .chart import WIDE, Chart, Column
from .document import Block, Picture, Text
from .leaflet import Leaflet, Row
from .national_rows import chart_name, command, held, of

TABLE, BASE = "clauses", "base"
HELPS, HURTS, TOGETHER, WITHIN = "helps", "hurts", "moves the risk together", "within error"
MEAN, TAIL, CALL, CHANCE = "exposure_mean_gbp", "exposure_worst_1_in_20_gbp", "call_mean_gbp", "quarter_fail_probability"
COLUMNS = ("variant", "verdict", MEAN, f"{MEAN}_change", TAIL, f"{TAIL}_change", f"{CHANCE}_change")
INTERVAL, SHOWN = 1.96, ("mean", "worst 1 in 20")
MEANINGS = {
    HELPS: "less is borne on average, or as much with a lighter tail, and nothing that moves together rises",
    HURTS: "more is borne on average, or as much with a heavier tail",
    TOGETHER: "less is borne on average, but the spread, the correlation or the worst 1 in 20 rises",
    WITHIN: "no change beyond two standard errors",
}  # fmt: skip
NAMED = 3


def clauses(page: Leaflet, strategy: str) -> list[Block]:
    """The chart and the table of one strategy; a sentence where no clause was tried."""
    rows = of(page, TABLE, strategy) if held(page, TABLE, COLUMNS) else []
    if len(rows) < 2:
        return [Text(untried(page), "sub")]
    drawn = page.chart(clauses_chart(rows[1:], strategy))
    verdicts = dict.fromkeys(str(row["verdict"]) for row in rows)
    told = "; ".join(f"**{name}**: {MEANINGS[name]}" for name in verdicts if name in MEANINGS)
    return [Picture(drawn.name), grid(page, rows, strategy), Text(f"{W.sentence(told)}.", "sub")]


def untried(page: Leaflet) -> str:
    """That no clause was tried, and the command that tries one."""
    return (f"No clause was tried in all places at once. `{command(page, TABLE)}` with two wordings or more of the contract in "
            "its file makes it.")  # fmt: skip


def said(page: Leaflet, strategy: str) -> str:
    """Whether a national clause helps or concentrates the risk, in one sentence."""
    rows = of(page, TABLE, strategy)[1:] if held(page, TABLE, COLUMNS) else []
    if not rows:
        return "Whether a national clause helps or concentrates the risk is not known from these runs: no clause was tried."
    parts = []
    for verdict, words in ((HELPS, "helps"), (TOGETHER, "lowers the mean but moves the risk together"), (HURTS, "hurts"),
                           (WITHIN, "changes nothing beyond error")):  # fmt: skip
        mine = [row for row in rows if row["verdict"] == verdict]
        if mine:
            names = [f"**{row['variant']}** ({_change(page, row, MEAN)} on average, {_change(page, row, TAIL)} in the worst 1 in "
                     f"20)" for row in mine[:NAMED]]  # fmt: skip
            rest = f" and {f'{len(mine) - NAMED:,}'} more" if len(mine) > NAMED else ""
            verb = words if len(mine) == 1 else words.replace("helps", "help").replace("lowers", "lower").replace(
                "moves", "move").replace("hurts", "hurt").replace("changes", "change")  # fmt: skip
            parts.append(f"{W.listed(names) if not rest else ', '.join(names)}{rest} {verb}")
    return f"As a national clause, {'; '.join(parts)}."


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
    labels = [f"{row['variant']}: {row['verdict']}" for row in rows]
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
    """The chart's message: the first clause that helps, or what stands in the way."""
    for verdict, words in ((HELPS, "helps everywhere at once, in the mean and in the tail"),
                           (TOGETHER, "lowers the mean but moves the risk together")):  # fmt: skip
        mine = [row for row in rows if row["verdict"] == verdict]
        if mine:
            best = min(mine, key=lambda row: float(row[f"{MEAN}_change"]))
            name = " ".join(str(best["variant"]).split()[:5])
            return W.sentence(f"{name} {words}" if verdict == TOGETHER else f"{name} helps when every place has it")
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
        cells.append(["contract as it is" if base else str(row["variant"]), W.NONE if base else str(row["verdict"]),
                      *(text if base else f"{text} ({_change(page, row, name)})" for text, name in parts)])  # fmt: skip
    heads = ("clause, in every place", "verdict", "commissioners bear, mean (change)", "worst 1 in 20, mean",
             "call on the national body, mean", "a quarter of places fail (points)", "correlation", "QALYs gained")  # fmt: skip
    return page.grid(TABLE, heads, cells, 6, name=f"clauses {strategy}",
                     caption=f"Clauses for all places at once: {strategy} provider")  # fmt: skip
