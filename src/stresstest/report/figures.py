"""The charts of the report, each built from rows of the run's tables: words, numbers and drawing from one source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ..errors import DataError
from . import draw
from . import words as W
from .chart import WIDE, Chart, Column
from .draw_front import fan_against
from .source import COLUMNS, GAMED, HONEST, PLAYERS, Figure, Row, Source, real
from .tracing import Trace, plain

MILLION = 1e6
BAND_LIMITS = (("95% of futures", "p2.5", "p97.5"), ("80%", "p10", "p90"), ("50%", "p25", "p75"))
ONE_IN_TWENTY = 0.05
CAUSE_WORDS = {
    "uplift": "yearly payment and price variation",
    "improvement": "improvement payments",
    "gain_share": "gain and loss share",
    "rescue": "deficit support",
    "step_in": "care after exit",
    "shifted": "care shifted back",
}
#: Series of the chart of exits: column, label at the line's end, metric, strategy.
EXITS = (
    ("honest_losses", "losses, honest", "exit_losses", HONEST),
    ("gamed_losses", "losses, gamed", "exit_losses", GAMED),
    ("honest_policy", "policy, honest", "exit_policy", HONEST),
)
_YEAR = Column("year", "Year", "text")


def charts(source: Source) -> list[Chart]:
    """Every chart, in the order of the page. Errors: DataError for a figure or table that the run lacks."""
    return [
        surplus_fan(source), exposure_exceedance(source), surplus_by_scenario(source), exits_by_year(source),
        exit_causes(source), exposure_by_cause(source),
    ]  # fmt: skip


def _period(source: Source) -> str:
    return f"{source.years[0]} to {source.years[-1]}"


def _place(source: Source) -> str:
    return W.sentence(str(source.manifest.get("study", {}).get("place", "the place")))


def _m(pounds: float) -> float:
    return pounds / MILLION


def _said(say: Trace | None, figure: Figure) -> str:
    """An amount of the summary; cited where there is a trace to note it in."""
    text = (say or Trace()).pounds(figure.row)
    return text if say else plain(text)


def surplus_hurdle(source: Source) -> Row | None:
    """The row of the hurdle that the honest provider's cumulative surplus must stay above, where the run keeps hurdles."""
    rows = source.rows("hurdles") if "hurdles" in COLUMNS else []
    wanted = (source.main, HONEST, "provider", "GBP")
    return next((r for r in rows if (r["scenario"], r["strategy"], r["party"], r["unit"]) == wanted), None)


FAN_SIZE = (6.6, 3.15)


def surplus_fan(source: Source, say: Trace | None = None) -> Chart:
    """Cumulative surplus of the honest provider by year: median, middle 50, 80 and 95% of futures, and the hurdle.

    `say` notes the numbers of title and caption, so that they are cited; without it they are plain words.
    """
    names = ("p2.5", "p10", "p25", "p50", "p75", "p90", "p97.5")
    rows = [
        {"year": year} | {n: _m(source.value("provider", "cumulative_surplus", n, year=year)) for n in names}
        for year in source.years
    ]
    column: dict[str, list[float]] = {name: [float(row[name]) for row in rows] for name in names}
    last = {n: source.figure("provider", "cumulative_surplus", n, year=source.years[-1]) for n in names}
    hurdle = surplus_hurdle(source)
    limit = _m(real(hurdle["limit"])) if hurdle else None
    floor = last["p50"].value <= last["p2.5"].value
    ends = "at its floor, {}" if floor else f"at {{}} or {'more' if last['p50'].value >= 0 else 'less'}"
    message = f"In half of futures the honest provider ends {ends}"
    spread = f"80% of futures end between {_said(None, last['p10'])} and {_said(None, last['p90'])}"
    against = f" A dashed line marks what its owners bear, {W.pounds(real(hurdle['limit']))}." if hurdle else ""
    return Chart(
        "surplus_fan", message.format(_said(say, last["p50"])),
        f"Cumulative provider surplus, £m, real and undiscounted; {_place(source)}, {_period(source)}",
        f"Fan chart of cumulative surplus in £m by year, {_period(source)}. {message.format(_said(None, last['p50']))}; "
        f"{spread}.{against}",
        f"Shading: the middle half, 80% band and 95% band of futures in each year; no band is a path. A contract that has "
        f"ended keeps its sum.{_dashed(say, hurdle)}",
        [_YEAR, *(Column(n, f"{n[1:]}th percentile" if n != "p50" else "Median") for n in names),
         *([Column("hurdle", "Hurdle")] if hurdle else [])],
        [row | ({"hurdle": limit} if hurdle else {}) for row in rows],
        partial(fan_against, years=source.years, median=column["p50"], hurdle=limit,
                label=f"hurdle: {W.pounds(real(hurdle['limit']))}" if hurdle else "",
                bands=[(label, column[low], column[high]) for label, low, high in BAND_LIMITS]),
        FAN_SIZE,
    )  # fmt: skip


def _dashed(say: Trace | None, hurdle: Row | None) -> str:
    if hurdle is None:
        return " The run keeps no hurdles: run the study again to see them."
    limit = (say or Trace()).pounds(hurdle, "limit", None)
    return f" Dashed: losses of {limit if say else plain(limit)} use up what reserve and owners bear."


def exposure_exceedance(source: Source) -> Chart:
    """Chance that the commissioner's exposure is beyond an amount, honest and gamed."""
    found = {p: [r for r in source.rows("exceedance") if r["strategy"] == p] for p in PLAYERS}
    for player in PLAYERS:
        if not found[player]:
            raise DataError("The table exceedance lacks a strategy.", file=source.folder, key="strategy", value=player)
    rows = [
        {"strategy": player, "threshold": _m(r["threshold_gbp"]), "probability": r["probability"]}
        for player in PLAYERS
        for r in sorted(found[player], key=lambda r: r["threshold_gbp"])
    ]
    curves = []
    for player in PLAYERS:
        own = [row for row in rows if row["strategy"] == player]
        curves.append((player, [float(r["threshold"]) for r in own], [float(r["probability"]) for r in own]))
    tail = [W.pounds(source.value("commissioner", "exposure_npv", "p95", strategy=player)) for player in PLAYERS]
    message = f"1 in 20 futures costs the commissioner over {tail[0]} if honest, {tail[1]} if gamed"
    return Chart(
        "exposure_exceedance", message,
        f"Chance that commissioner exposure is beyond an amount, £m present value; {_place(source)}, {_period(source)}",
        "Two falling curves, solid for honest and dashed for gamed: chance on the vertical axis, exposure in £m on "
        "the "
        f"horizontal. {message}.",
        "Read across from the dashed line to a curve, then down: one future in 20 costs more than that. Exposure is "
        "what "
        "the commissioner pays or must fund beyond the budget agreed at signature.",
        [Column("strategy", "Provider", "text"), Column("threshold", "Exposure of more than, £m"),
         Column("probability", "Chance", "%")], rows,
        partial(draw.exceedance, series=curves, marked=ONE_IN_TWENTY),
    )  # fmt: skip


def _dot_rows(
    label: str, names: Sequence[tuple[str, str]], value: Callable[[str, str, str], float]
) -> tuple[list[Column], list[dict[str, Any]], Callable[[Any], None]]:
    """Columns, rows and drawing of a chart of medians with 80% intervals; `names` are (key, words)."""
    statistics = (("low", "p10", "10th percentile"), ("middle", "p50", "Median"), ("high", "p90", "90th percentile"))
    columns = [Column("row", label, "text")]
    columns += [Column(f"{p}_{part}", f"{W.sentence(p)}: {head}, £m") for p in PLAYERS for part, _, head in statistics]
    parts = [(p, part, statistic) for p in PLAYERS for part, statistic, _ in statistics]
    rows: list[dict[str, Any]] = [
        {"row": words} | {f"{p}_{part}": _m(value(key, p, statistic)) for p, part, statistic in parts}
        for key, words in names
    ]
    series = [(p, [(row[f"{p}_low"], row[f"{p}_middle"], row[f"{p}_high"]) for row in rows]) for p in PLAYERS]
    return columns, rows, partial(draw.dots, labels=[words for _, words in names], series=series)


def surplus_by_scenario(source: Source, say: Trace | None = None) -> Chart:
    """Present value of the surplus in each scenario: median and 80% interval, honest and gamed. `say` as in the fan."""
    def value(scenario: str, player: str, statistic: str) -> float:
        return source.value("provider", "surplus_npv", statistic, strategy=player, scenario=scenario)

    def end(scenario: str, noted: Trace | None) -> str:
        middle = source.figure("provider", "surplus_npv", "p50", scenario=scenario)
        return f"{_said(noted, middle)} ({W.scenario_title(scenario)})"

    named = sorted((s for s in source.scenarios if s != source.main), key=lambda s: -value(s, HONEST, "p50"))
    order = [source.main, *named]
    columns, rows, paint = _dot_rows("Scenario", [(s, W.scenario_title(s)) for s in order], value)
    worst, best = (named[-1], named[0]) if named else (order[0], order[0])
    told = "The honest provider's median surplus runs from {} to {}"
    message, unmarked = (told.format(end(worst, noted), end(best, noted)) for noted in (say, None))
    return Chart(
        "surplus_by_scenario", message,
        f"Provider surplus, median and 80% interval, £m present value; {_place(source)}, {_period(source)}",
        f"Dots with 80% intervals for {len(order)} sets of futures, filled circles honest and open diamonds gamed; surplus in £m "
        f"on the horizontal axis. {unmarked}.",
        "Line: the middle 80% of futures. A scenario that names levels has its axes end near them; what it does not name is "
        "drawn. A scenario is not a forecast.",
        columns, rows, paint,
    )  # fmt: skip


def exits_by_year(source: Source) -> Chart:
    """Share of contracts that losses have ended by each year, honest and gamed, and that policy has."""
    def share(metric: str, player: str, year: str) -> float:
        return source.value("contract", metric, "probability", strategy=player, year=year)

    rows: list[dict[str, Any]] = [
        {"year": y} | {name: share(metric, player, y) for name, _, metric, player in EXITS} for y in source.years
    ]
    half = next((str(row["year"]) for row in rows if row["honest_losses"] >= 0.5), None)
    total = source.value("contract", "exit_losses", "probability")
    message = (
        f"With an honest provider, losses have ended at least half of contracts by {half}" if half
        else f"With an honest provider, losses end {W.percent(total)} of contracts before their term"
    )  # fmt: skip
    series = [(label, [float(row[name]) for row in rows]) for name, label, _, _ in EXITS]
    last = [f"{label} {W.percent(rows[-1][name])}" for name, label, _, _ in EXITS]
    return Chart(
        "exits_by_year", message, f"Share of contracts ended early by losses and by policy; {_place(source)}, {_period(source)}",
        f"Three rising lines by year: share of contracts that have ended early. {message}. By {source.years[-1]}: "
        f"{W.listed(last)}.",
        "The year is the last year of service. Losses end a contract a notice period after the owners' cap is used up. "
        "A break in national policy ends it through no fault of the provider.",
        [_YEAR, *(Column(name, f"Ended by {label}", "%") for name, label, _, _ in EXITS)], rows,
        partial(draw.lines, years=source.years, series=series), WIDE,
    )  # fmt: skip


def exit_causes(source: Source) -> Chart:
    """Share of all futures that end early by each cause, under an honest provider."""
    rows: list[dict[str, Any]] = [{"cause": cause, "share": figure.value} for cause, figure in source.causes(HONEST)]
    first = f"{rows[0]['cause']}, {W.percent(rows[0]['share'])} of futures" if rows else "none recorded"
    message = f"Commonest reason for an early end: {first}"
    return Chart(
        "exit_causes", message, f"Reason for the early end, share of all futures, honest provider; {_period(source)}",
        f"Horizontal bars, one for each reason, longest first; share of all futures on the horizontal axis. {message}.",
        "For an ending by losses the reason is the largest shortfall against the plan up to then. Futures that run "
        "their "
        "term have no bar.",
        [Column("cause", "Reason", "text"), Column("share", "Share of all futures", "%")], rows,
        partial(draw.bars, labels=[str(r["cause"]) for r in rows], values=[float(r["share"]) for r in rows],
                texts=[W.percent(r["share"]) for r in rows]), WIDE,
    )  # fmt: skip


def exposure_by_cause(source: Source) -> Chart:
    """Commissioner exposure by cause: median and 80% interval, honest and gamed."""
    def value(cause: str, player: str, statistic: str) -> float:
        return source.value("commissioner", f"exposure_{cause}_npv", statistic, strategy=player)

    order = sorted(CAUSE_WORDS, key=lambda cause: -value(cause, HONEST, "mean"))
    columns, rows, paint = _dot_rows("Cause", [(cause, CAUSE_WORDS[cause]) for cause in order], value)
    largest = f"{CAUSE_WORDS[order[0]]}, {W.pounds(value(order[0], HONEST, 'mean'))} on average"
    message = f"Largest part of an honest provider's exposure: {largest}"
    return Chart(
        "exposure_by_cause", message,
        f"Commissioner exposure by cause, median and 80% interval, £m present value; {_place(source)}, "
        f"{_period(source)}",
        f"Dots with 80% intervals for {len(order)} causes, filled circles honest and open diamonds gamed; exposure in "
        "£m on "
        f"the horizontal axis. {message}.",
        "Below zero the cause saves the commissioner money. The yearly payment counts beyond the agreed budget; price "
        "variation is what a sole bidder wins back of a price that was too low. Means of the causes add up to the mean "
        "exposure; medians and intervals do not.",
        columns, rows, paint, WIDE,
    )  # fmt: skip

