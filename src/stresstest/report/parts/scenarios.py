"""How far outside experience the scenarios are, and each named scenario on a page of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...analysis.representatives import ROLES
from .. import words as W
from ..answers import amount, hurdle
from ..book import Book
from ..document import Block, Fold, Grid, Picture, Section, Terms, Text
from ..figures import surplus_by_scenario
from ..papers.plausibility import AXES, DRAWN, LEVELS, plausibility
from ..source import GAMED, HONEST, Row, real
from ..stories import of_scenario
from ..table import Table
from ..tracing import TableRow

_WINDOW = re.compile(r"^\d+-year mean (of )?")
#: What is shown of each scenario: words, party, metric, statistic, strategy.
MEASURES = (
    ("Losses end the contract", "contract", "exit_losses", "probability", HONEST),
    ("The same, gamed", "contract", "exit_losses", "probability", GAMED),
    ("Commissioner pays beyond the budget, median", "commissioner", "exposure_npv", "p50", HONEST),
    ("1 in 20 costs it more than", "commissioner", "exposure_npv", "p95", HONEST),
    ("Provider’s surplus, median", "provider", "surplus_npv", "p50", HONEST),
    ("The same, gamed", "provider", "surplus_npv", "p50", GAMED),
    ("Public bodies pay, median", "public", "exposure_npv", "p50", HONEST),
    ("Health gained, median", "residents", "health_qaly_npv", "p50", HONEST),
    ("The same, gamed", "residents", "health_qaly_npv", "p50", GAMED),
)  # fmt: skip
PARTIES = (("provider", "Losses end the contract"), ("commissioner", "Commissioner beyond its limit"),
           ("residents", "Quality below its floor"), ("hospital", "Hospital beyond its limit"),
           ("council", "Council beyond its limit"))  # fmt: skip
LAW = " The calibrated law, of which this report mostly speaks, draws all six uncertainties by laws set to British figures."
NOT_A_FORECAST = "**A scenario is not a forecast.** It is a world to test the contract in."


def section(book: Book) -> Section | None:
    """The record, the levels beside it, the chart, and a sub-page for each named scenario."""
    book.chart(surplus_by_scenario(book.source, book.say))
    book.add(plausibility(book.source))
    named = [name for name in book.source.scenarios if name != book.source.main]
    blocks: list[Block] = [
        Text(f"{NOT_A_FORECAST}{LAW if book.source.main == 'calibrated' else ''} The levels below are those by which the "
             f"scenarios were described. {outside(book)}"),
        Grid(history(book), "../summary/history.csv"),
        Text(f"{windows(book)} A record shorter than the contract is shown by its single values. The calibrated law was chosen "
             "with the record in sight, so agreement with it is calibration and not validation.", "sub"),
        *([Grid(levels(book), "tables/plausibility.csv")] if book.papers["plausibility"].rows else []),
    ]  # fmt: skip
    if named:
        blocks += [Picture("surplus_by_scenario"), *(one_scenario(book, name) for name in named)]
    blocks += _futures(book)
    return Section("scenarios", "How far outside experience, and what each scenario does", blocks, new_page=True)


# ── the record ─────────────────────────────────────────────────────────────────────────────────────────────────────
def outside(book: Book) -> str:
    """Which of the scenarios' levels lie outside the record."""
    found = []
    for row in book.source.rows("history"):
        beyond = [book.say.percent(row, f"seed_{name}") for name in LEVELS if row[f"seed_{name}_inside"] == "outside"]
        if beyond:
            found.append(f"{short_name(row)} {W.listed(beyond)}")
    if not found:
        return "All levels that can be set beside a record lie inside it."
    return f"Outside the record lie these levels: {'; '.join(found)}. The other uncertainties have no record to be set beside."


def short_name(row: Row) -> str:
    """"15-year mean real GDP growth" → "real GDP growth"."""
    return W.within(_WINDOW.sub("", str(row["quantity"])))


def windows(book: Book) -> str:
    """What is compared with what: windows as long as the contract, beyond which single years have gone."""
    text = "Means over windows as long as the contract are compared." if len(book.source.years) > 1 else ""
    further = [
        f"{short_name(r)} {single(book, r)}" for r in book.source.rows("history")
        if W.known(real(r.get("historical_single_low"))) and (
            r["historical_single_low"] < r["historical_low"] or r["historical_single_high"] > r["historical_high"])
    ]  # fmt: skip
    return f"{text} Single years have gone further: {'; '.join(further)}.".strip() if further else text


def single(book: Book, row: Row) -> str:
    """Lowest to highest single year on record; a dash where the row does not say."""
    if not all(W.known(real(row.get(f"historical_single_{end}"))) for end in ("low", "high")):
        return W.NONE
    return f"{book.say.percent(row, 'historical_single_low')} to {book.say.percent(row, 'historical_single_high')}"


def history(book: Book) -> Table:
    """The record, the futures and the scenarios' levels, each of these marked inside or outside the record."""
    say, singles = book.say, any(W.known(real(r.get("historical_single_low"))) for r in book.source.rows("history"))

    def level(row: Row, name: str) -> str:
        known = W.known(real(row[f"seed_{name}"]))
        return f"{say.percent(row, f'seed_{name}')}: {row[f'seed_{name}_inside']}" if known else W.NONE

    def ends(row: Row, low: str, high: str, mean: str) -> str:
        return f"{say.percent(row, low)} to {say.percent(row, high)} (mean {say.percent(row, mean)})"

    rows = [
        [
            W.sentence(short_name(r)), f"{say.text(r, 'period')}; {say.text(r, 'source')}",
            ends(r, "historical_low", "historical_high", "historical_mean"),
            ends(r, "simulated_p5", "simulated_p95", "simulated_mean"), *([single(book, r)] if singles else []),
            *(level(r, name) for name in LEVELS),
        ]
        for r in book.source.rows("history")
    ]  # fmt: skip
    headings = (
        "Mean over a window as long as the contract", "Record", "Lowest to highest on record", "Middle 90% of futures",
        *(["Single years"] if singles else []), "Scenario level, low", "Scenario level, middle", "Scenario level, high",
    )  # fmt: skip
    return Table("history", "The British record beside the futures and the scenarios’ levels", headings, rows, 5 + singles)


def levels(book: Book) -> Table:
    """What each named scenario says of each uncertainty, marked where it lies outside the record."""
    rows = book.papers["plausibility"].rows
    cells = {(row["scenario"], row["axis"]): _level(row) for row in rows}
    titles = {row["scenario"]: row["title"] for row in rows}
    shown = [[title, *(cells[name, axis] for axis in AXES)] for name, title in titles.items()]
    caption = "What each scenario names. In brackets: whether the level lies inside the British record"
    return Table("plausibility", caption, ("Scenario", *(W.sentence(axis) for axis in AXES)), shown, 0)


def _level(row: TableRow) -> str:
    return str(row["level"]) if row["level"] == DRAWN or not row["inside"] else f"{row['level']} ({row['inside']})"


def _futures(book: Book) -> list[Block]:
    """Futures of the run's first scenario, told; none where the run tells none."""
    rows = of_scenario(book.source, book.source.main)
    if not rows:
        return []
    pairs = [
        (f"Future {book.say.cite(row, 'future', str(int(row['future'])))}: {ROLES.get(str(row['role']), str(row['role']))}",
         book.say.text(row, "text"))
        for row in rows
    ]  # fmt: skip
    strategy = W.spoken(str(rows[0]["strategy"]))
    opening = f"Under the {strategy} provider, chosen by rule from the futures of this run. {rows[0]['note']}"
    title = f"Futures of {W.of_scenario(book.source.main)}, told"
    return [Fold(title, [Text(opening), Terms(pairs)])]


# ── one scenario ───────────────────────────────────────────────────────────────────────────────────────────────────
def one_scenario(book: Book, name: str) -> Fold:
    """What the scenario is, what it does beside the calibrated law, and a future of it."""
    title = str(book.source.setting("scenarios", name, "title") or W.scenario_title(name))
    story = next(iter(of_scenario(book.source, name)), None)
    blocks: list[Block] = [
        Text(description(book, name)), Grid(measures(book, name, title), "../summary/summary.csv"),
        *_told(book, name, story),
    ]  # fmt: skip
    return Fold(f"Scenario: {title}", blocks, printed=True)


def _told(book: Book, name: str, story: Row | None) -> list[Text]:
    """The story of a future, and how to read it year by year."""
    if story is None:
        return [Text("No future of this scenario is told in this run: run the study again.", "sub")]
    run, future = book.source.manifest["run_id"], book.say.cite(story, "future", str(int(story["future"])))
    command = f"`python3 run.py explain reports/runs/{run} --scenario {name} --future {future}`"
    return [
        Text(f"**A future from its middle** ({W.spoken(str(story['strategy']))} provider): {book.say.text(story, 'text')}"),
        Text(f"{story['note']} It can be read year by year, to the penny: {command}", "sub"),
    ]  # fmt: skip


def description(book: Book, name: str) -> str:
    """What the scenario says, from the effective configuration."""
    rows = [row for row in book.papers["plausibility"].rows if row["scenario"] == name]
    if not rows:
        return f"{NOT_A_FORECAST} This run does not keep what the scenario says."
    named = [f"{row['axis']} {row['level']}" for row in rows if row["level"] != DRAWN]
    beyond = [str(row["axis"]) for row in rows if row["inside"] == "outside"]
    free = [str(row["axis"]) for row in rows if row["level"] == DRAWN]
    text = f"It names {W.listed(named)}." if named else "It names no level."
    text += f" {W.sentence(W.listed(free))} {'is' if len(free) == 1 else 'are'} drawn by law." if free else ""
    more = f"Outside British experience: {W.listed(beyond)}." if beyond else "No level is known to be outside British experience."
    return f"{text} {more} The axes end near these levels; the years between, and all else, are drawn. {NOT_A_FORECAST}"


def measures(book: Book, name: str, title: str) -> Table:
    """Measures and hurdles of the scenario beside those of the run's first."""
    both = (book.source.main, name)
    rows = [[words, *(_figure(book, scenario, party, metric, statistic, strategy) for scenario in both)]
            for words, party, metric, statistic, strategy in _readable()]  # fmt: skip
    rows += [row for party, words in PARTIES[1:] for row in _missed(book, both, party, words)]
    caption = f"{title} beside {W.of_scenario(book.source.main)}: present values over the contract, honest provider unless gamed"
    return Table(f"scenario-{name}", caption, ("Measure", W.scenario_title(both[0]), title), rows, 2)


def _readable() -> Sequence[tuple[str, str, str, str, str]]:
    """The measures, with "the same, gamed" made to say what is the same."""
    found: list[tuple[str, str, str, str, str]] = []
    for words, *rest in MEASURES:
        full = f"{found[-1][0]}, gamed" if words == "The same, gamed" else words
        found.append((full, *rest))  # type: ignore[arg-type]
    return found


def _figure(book: Book, scenario: str, party: str, metric: str, statistic: str, strategy: str) -> str:
    return amount(book.say, book.source.figure(party, metric, statistic, strategy=strategy, scenario=scenario))


def _missed(book: Book, scenarios: tuple[str, str], party: str, words: str) -> list[list[str]]:
    rows = [hurdle(book.source, party, scenario=scenario) for scenario in scenarios]
    if any(row is None for row in rows):
        return []
    return [[f"{words}, chance", *(book.say.percent(row, "fails_probability") for row in rows if row is not None)]]
