"""Money over time: who gains and who pays, the spread, early ends, deficits, causes, and the bridge to the low point."""

from __future__ import annotations

from dataclasses import replace

from .. import figures
from .. import words as W
from ..book import Book
from ..charts_money import bridge, deficits, exposure_fan
from ..document import Beside, Block, Fold, Grid, Picture, Section, Text, Under
from ..money_tables import by_year, outcomes, read_off, sides, steps
from ..money_words import change, error_of, figure, middle
from ..papers import FOLDER
from ..papers.bridge import bridge_paper
from ..source import HONEST, Row, real
from ..starting import starting, starting_sentence

NAME, TITLE = "finance", "Finance over time"
TOGETHER = (
    "Payments between public bodies are transfers: read the rows together. “Worse” is low for surplus and health, and high for "
    "exposure."
)
CENTRAL = (
    "Net exposure is the sum of its causes; gross counts only the causes and years in which it is positive. The central case is "
    "future 0: nothing is drawn, no event happens in it and a lever is never found out, so it is not an expectation."
)
FAN = (
    "What the commissioner pays beyond the agreed budget; the [fan of the provider’s surplus](#figure-surplus_fan) is in the "
    "summary."
)
ENDED = "Shares are of the futures of the run, in each of which the contract starts in full scope."
BEFORE = "Before the first year: whether it starts, when, and in what scope"
MOST_CAUSES = 3
MEANS = (("provider", "surplus_npv"), ("commissioner", "exposure_npv"))
AGAIN = "run the study again to have {it}."


def section(book: Book) -> Section | None:
    """The section."""
    return Section(NAME, TITLE, [
        Text(_lead(book), "lead"), Text(TOGETHER), Grid(sides(book), "../summary/summary.csv"),
        Fold("Every party in full: standard errors, tails and the central case", [Text(CENTRAL), Grid(outcomes(book))]),
        Under("How far it can go", _spread(book)), Under("When contracts end early, and why", _ends(book)),
        Under("How often there is a deficit", _deficits(book)),
        Under("What the commissioner’s exposure is made of", _exposure(book)),
        Under("From the start to the low point", _bridge(book)),
    ], ("IS1", "IS2"), new_page=True)  # fmt: skip


def _lead(book: Book) -> str:
    loss = book.source.figure("provider", "surplus_npv", "probability_negative").row
    mean = {party: figure(book, book.source.figure(party, metric, "mean")) for party, metric in MEANS}
    return (
        f"An honest provider’s median surplus is {middle(book, 'provider', 'surplus_npv')} in present value, its mean "
        f"{mean['provider']}; it is below nothing in {book.say.percent(loss)} of futures ({W.likelihood(loss['value'])}). The "
        f"commissioner’s median net exposure is {middle(book, 'commissioner', 'exposure_npv')}, its mean "
        f"{mean['commissioner']}; residents gain a median of {middle(book, 'residents', 'health_qaly_npv')} QALYs."
    )


def _spread(book: Book) -> list[Block]:
    """Fan of exposure, exceedance, and amounts read off the latter."""
    fan, curve = exposure_fan(book), book.chart(figures.exposure_exceedance(book.source))
    pictures = [*([Picture(book.chart(fan).name, printed=False)] if fan else []), Picture(curve.name)]
    return [Text(FAN), Beside(pictures), Grid(read_off(book), "../summary/exceedance.csv")]


def _ends(book: Book) -> list[Block]:
    """Early ends by year and cause, and what comes before the first year."""
    drawn = [book.chart(one(book.source)) for one in (figures.exits_by_year, figures.exit_causes)]
    return [
        Beside([Picture(drawn[0].name), Picture(drawn[1].name, printed=False)]),
        Text(f"{_causes(book)} {ENDED} {starting_sentence(book.source, book.say)}"),
        Fold(BEFORE, [Grid(replace(starting(book.source, book.say), name="before_the_start"), "../summary/starting.csv")]),
    ]  # fmt: skip


def _causes(book: Book) -> str:
    """The three commonest reasons for an early end."""
    told = [f"{cause} ({book.say.percent(found.row)})" for cause, found in book.source.causes(HONEST)[:MOST_CAUSES]]
    if not told:
        return "No contract ends early."
    return f"Commonest reasons for an early end: {W.listed(told)}."


def _exposure(book: Book) -> list[Block]:
    """Exposure by cause: means of an honest provider in a sentence, and the spread as a chart."""
    means = {cause: book.source.figure("commissioner", f"exposure_{cause}_npv", "mean") for cause in figures.CAUSE_WORDS}
    ordered = sorted(means.items(), key=lambda pair: -pair[1].value)
    told = [f"{figures.CAUSE_WORDS[cause]} {book.say.pounds(found.row)}" for cause, found in ordered if found.value]
    drawn = book.chart(figures.exposure_by_cause(book.source))
    return [Text(f"Means of an honest provider, present value: {W.listed(told)}."), Picture(drawn.name, printed=False)]


def _deficits(book: Book) -> list[Block]:
    rows = [
        row for row in book.source.rows("hurdles_by_year")
        if row["scenario"] == book.source.main and row["strategy"] == HONEST
    ]  # fmt: skip
    drawn = deficits(book, rows) if rows else None
    if drawn is None:
        return [Text("This run has no table of deficits by year: " + AGAIN.format(it="one"))]
    book.chart(drawn)
    return [*_late(book, rows), Picture(drawn.name), Fold("Every measure in every year, with standard errors", [
        Grid(by_year(book, rows), "../summary/hurdles_by_year.csv"),
    ])]  # fmt: skip


def _late(book: Book, rows: list[Row]) -> list[Block]:
    """The chance of a deficit in the last year, of all futures and of the contracts that still run."""
    own = [row for row in rows if row["measure"] == "provider_deficit" and W.known(real(row.get("running_probability")))]
    if not own:
        return []
    first, last = own[0], own[-1]
    return [Text(
        f"A contract that has ended makes no deficit: in {book.say.text(last, 'year')} {book.say.percent(last, 'probability')} "
        f"of all futures have one, but of the {book.say.number(last, 'running_futures')} contracts that still run then "
        f"{book.say.percent(last, 'running_probability')} do. In {book.say.text(first, 'year')} it is "
        f"{book.say.percent(first, 'running_probability')}."
    )]  # fmt: skip


def _bridge(book: Book) -> list[Block]:
    """Both bridges, and their steps in figures."""
    found = bridge_paper(book)
    rows = [row for row in found.rows if row["scenario"] == book.source.main] if found else []
    if found is None or not rows:
        return [Text("This run has no bridge from the start to the low point: " + AGAIN.format(it="one"))]
    return [
        Text(_same_year(book, rows[-1])),
        Picture(book.chart(bridge(book, rows)).name),
        Fold("The steps in figures, with what each holds", [Grid(steps(book, rows), f"{FOLDER}/{found.name}.csv")]),
    ]  # fmt: skip


def _same_year(book: Book, low: Row) -> str:
    """What the bridge shows, which statistic it is, and what the fixes change; nothing compared between two years."""
    words = (
        "Steps are means of futures and add up to the low point: the year in which mean cumulative surplus, undiscounted, is "
        "lowest under the contract as it is. The hurdle is told of the median path, whose worst year is another."
    )
    if low["fixed_to_year"] in (None, ""):
        return words
    if low["fixed_to_year"] != low["to_year"]:
        return f"{words} With every fix the lowest year is another one, so the two bridges cannot be compared step by step."
    if not W.known(real(low["difference_gbp"])):
        return f"{words} Both contracts are told to that year."
    moved = change(book, low, "difference_gbp", "difference_error_gbp")
    return (
        f"{words} Both contracts are told to that year, in the same futures, and the provider does the same under both: every "
        f"fix of wording together changes the mean in {book.say.text(low, 'to_year')} by {moved} (standard error "
        f"{error_of(book, low, 'difference_error_gbp')})."
    )
