"""How far each party is from its hurdle: two paths, the chance of missing it, and the same by scenario and after changes."""

from __future__ import annotations

from collections.abc import Sequence

from .. import words as W
from ..book import Book
from ..charts_money import hurdle_map, short
from ..document import Block, Fold, Grid, Picture, Section, Text, Under
from ..money_words import NOT_KEPT, amount, chance_range, change, likely, seen, short_middle
from ..papers import FOLDER
from ..papers.hurdles import ASKS, hurdle_paper
from ..source import HONEST, Row, real
from ..table import Table

NAME, TITLE = "hurdles", "How bad it gets, and when"
MET = {"yes": "met", "no": "**missed**"}
WHOLE_TERM, EVEN = "over the whole term", 0.5
MISSING = "This run has no table of hurdles: it was made before there was one. Run the study again to have it."
READING = (
    "The chance leads: it counts every future of the run, with its 95% interval. A path joins one quantile of every year: the "
    "median, and the adverse 1 in 10, counted from whichever side is bad. Futures move between ranks, so a path is no single "
    "future and can keep to a hurdle that most futures miss: after losses have ended a contract, a surplus in its year of notice "
    "may lift it again. The worst point is the lowest where more is better, else the highest. Start is the end of the first "
    "year; what is judged over the term may begin beyond its limit. The [bridge](#finance) is of means, whose lowest year is "
    "another."
)
SCENARIOS = (
    "**A scenario is not a forecast.** It is a world to test the contract in, and no chance is attached to it. Ranges are the "
    "middle 80% of futures within a scenario."
)
#: Changes of the contract that the playbook tried, and how many are printed.
CHANGE_SET, MOST_CHANGES = "change set", 6
EFFECTS = (
    ("public_gbp", "public_error_gbp", "GBP"), ("provider_surplus_gbp", "provider_surplus_error_gbp", "GBP"),
    ("health_qaly", "health_error_qaly", "QALY"),
)  # fmt: skip
RATES = ("walks_away", "commissioner_limit", "quality_floor", "hospital_limit")


def section(book: Book) -> Section | None:
    """The section; a sentence in its place where the run has no hurdles."""
    found = hurdle_paper(book)
    if found is None:
        return Section(NAME, TITLE, [Text(MISSING), *_changes(book)], ("IS1",))
    own = [row for row in found.rows if row["scenario"] == book.source.main]
    blocks: list[Block] = [
        Text(_lead(book, own), "lead"), Grid(_table(book, own), f"{FOLDER}/{found.name}.csv"), Text(READING, "sub"),
        Fold("Where the hurdles come from", [Grid(_sources(book, own))]),
    ]  # fmt: skip
    if len(book.source.scenarios) > 1:
        blocks.append(Under("The same in other worlds", _worlds(book, found.rows)))
    return Section(NAME, TITLE, [*blocks, *_changes(book)], ("IS1",), new_page=True)


def _lead(book: Book, rows: Sequence[Row]) -> str:
    """The likeliest miss, what most futures miss, and how quality goes from year to year."""
    first = max(rows, key=lambda row: real(row["fails_probability"], 0.0))
    most = [W.within(short(row)) for row in rows if real(row["fails_probability"], 0.0) > EVEN]
    path = f"In more than half of futures this comes about: {W.listed(most)}." if most else "No hurdle is missed in most futures."
    chance = chance_range(book, first, "fails_probability")
    return (
        f"Nearest to failing is the {first['party']}: {W.within(short(first))} in {chance} of futures "
        f"({likely(first, 'fails_probability')}). {path}{_quality(book)}"
    )


def _quality(book: Book) -> str:
    """What the mean of the term hides: how often progress is below its floor in the first and in the last year."""
    rows = [
        row for row in book.source.rows("hurdles_by_year")
        if (row["scenario"], row["strategy"], row["measure"]) == (book.source.main, HONEST, "quality_below_floor")
    ]  # fmt: skip
    if len(rows) < 2:
        return ""
    first, last = rows[0], rows[-1]
    words = (
        f" Quality is judged on the mean of the term: taken alone, {book.say.text(first, 'year')} is below the floor in "
        f"{seen(book, first, 'probability')} and {book.say.text(last, 'year')} in {seen(book, last, 'probability')} of futures"
    )
    if not W.known(real(last.get("running_probability"))):
        return f"{words}."
    return f"{words}, but of contracts that still run then in {_of_running(book, last)}."


def _of_running(book: Book, row: Row) -> str:
    """A chance among contracts that still run; "none of 17,700" where it was not seen."""
    if real(row["running_probability"]) == 0.0:
        return f"none of {book.say.number(row, 'running_futures')}"
    return book.say.percent(row, "running_probability")


def _table(book: Book, rows: Sequence[Row]) -> Table:
    headings = (
        "Party and hurdle", "In words", "Median path", "Path of the adverse 1 in 10", "Start, median path",
        "Worst point, median path", "Worst point, adverse 1 in 10", "End, median path",
        "Chance of missing it (95% interval)", "Chance if gamed",
    )  # fmt: skip
    caption = f"Every party against its hurdle, {W.of_scenario(book.source.main)}, honest provider"
    return Table("hurdles", caption, headings, [_row(book, row) for row in rows], 6)


def _row(book: Book, row: Row) -> list[str]:
    unit = str(row["unit"])
    return [
        f"{W.sentence(str(row['party']))}: {asked(book, row)}", likely(row, "fails_probability"), _verdict(row, "meets"),
        _verdict(row, "adverse_meets"), amount(book, row, "start", unit=unit), _point(book, row, ""),
        _point(book, row, "adverse_"), amount(book, row, "end", unit=unit), chance_range(book, row, "fails_probability"),
        seen(book, row, "gamed_fails_probability"),
    ]  # fmt: skip


def asked(book: Book, row: Row) -> str:
    """What a hurdle asks for, with its limit."""
    return f"{ASKS.get(str(row['hurdle']), W.spoken(str(row['hurdle'])))} {amount(book, row, 'limit', unit=str(row['unit']))}"


def _verdict(row: Row, column: str) -> str:
    """Whether a path keeps to the hurdle and over what it is judged; never plainly met where most futures miss it."""
    told = str(row[column] or "")
    if told != "yes":
        return MET.get(told, NOT_KEPT)
    if real(row["fails_probability"], 0.0) > EVEN:
        return "kept to, but missed in **most futures**"
    return "met over the term" if row["judged"] == WHOLE_TERM else MET[told]


def _point(book: Book, row: Row, path: str) -> str:
    """The worst value of a path and its year; where no yearly path is kept, the end of the 1-in-10 path."""
    unit, year = str(row["unit"]), row[f"{path}low_point_year"]
    if year:
        return f"{amount(book, row, f'{path}low_point', unit=unit)} ({book.say.text(row, f'{path}low_point_year')})"
    end = amount(book, row, f"{path}end", unit=unit)
    return f"{end} (end)" if path and end != W.NONE else W.NONE


def _sources(book: Book, rows: Sequence[Row]) -> Table:
    lines = [[W.sentence(str(row["party"])), asked(book, row), book.say.text(row, "limit_source")] for row in rows]
    return Table("hurdle_sources", "Where each hurdle comes from", ("Party", "Hurdle", "Source"), lines, 0)


def _worlds(book: Book, rows: Sequence[Row]) -> list[Block]:
    """Map of chances by scenario, and each scenario's money and health in one line."""
    return [
        Text(SCENARIOS), Picture(book.chart(hurdle_map(book, rows)).name), Grid(_scenarios(book, rows), "../summary/summary.csv"),
    ]  # fmt: skip


def _scenarios(book: Book, rows: Sequence[Row]) -> Table:
    """One line a scenario: hurdles missed on the median path, the provider's low point, money and health."""
    lines = []
    for name in book.source.scenarios:
        own = [row for row in rows if row["scenario"] == name]
        missed = [
            f"{W.within(short(row))} ({book.say.percent(row, 'fails_probability')})"
            for row in own if real(row["fails_probability"], 0.0) > EVEN
        ]  # fmt: skip
        low = next((row for row in own if row["hurdle"] == "walks_away"), None)
        lines.append([
            W.scenario_title(name), W.sentence(W.listed(missed)) or "none", _point(book, low, "") if low else W.NONE,
            short_middle(book, "provider", "surplus_npv", scenario=name),
            short_middle(book, "commissioner", "exposure_npv", scenario=name),
            short_middle(book, "residents", "health_qaly_npv", scenario=name),
        ])  # fmt: skip
    headings = (
        "Scenario", "Missed in most futures (chance)", "Provider’s worst point, median path", "Provider surplus, median",
        "Commissioner exposure, median", "Health, QALYs, median",
    )  # fmt: skip
    caption = "Each scenario: median and 80% interval, present values, honest provider"
    return Table("hurdle_scenarios", caption, headings, lines, 4)


def _changes(book: Book) -> list[Block]:
    """What changes of the contract do to every hurdle, as the playbook found; a sentence where it has not been made."""
    advice = book.advice("playbook")
    title = "Before and after changes of the contract"
    if advice is None:
        return [Under(title, [Text("No change of the contract was tried on this run: `stresstest advise RUN` does it.")])]
    tried = [row for row in advice.rows("mitigations") if row["kind"] == CHANGE_SET]
    as_is = [row for row in advice.rows("mitigations") if not row["mitigation"]]
    if not tried:
        return []
    tried.sort(key=lambda row: real(row["walks_away_rate"], 1.0))
    words = (
        "The first row is the contract as it is, in the futures of this table, so that its chances differ a little from the "
        "whole run’s; the others change its wording or its price and run the same futures again. "
        "Fewest contracts ended by losses first; that order is not a ranking, since money and health stand beside it. What the "
        "owners do is held as it was found. Where nobody may leave, losses end none by definition. Equality is not modelled here."
    )
    blocks: list[Block] = [Text(words), Grid(_tried(book, [*as_is, *tried[:MOST_CHANGES]], "hurdle_changes"),
                                             "../advice/playbook/mitigations.csv")]  # fmt: skip
    if len(tried) > MOST_CHANGES:
        more = Grid(_tried(book, tried[MOST_CHANGES:], "hurdle_more_changes"))
        blocks.append(Fold("Every further change of the contract", [more]))
    return [Under(title, blocks)]


def _tried(book: Book, rows: Sequence[Row], name: str) -> Table:
    lines = [
        [
            _what(book, row), *(book.say.percent(row, f"{one}_rate") for one in RATES),
            *(change(book, row, *names) if row["mitigation"] else W.NONE for names in EFFECTS),
        ]
        for row in rows
    ]  # fmt: skip
    headings = (
        "Contract", "Losses end it", "Commissioner over its limit", "Quality below its floor", "Hospital over its limit",
        "Public purse pays more, mean", "Provider surplus, mean change", "Health, QALYs, mean change",
    )  # fmt: skip
    caption = "Chance of missing each hurdle, and what it costs and brings: mean changes, present value"
    return Table(name, caption, headings, lines, 7)


def _what(book: Book, row: Row) -> str:
    """A change in words; its own figures are a part of its name and so cited whole."""
    return book.say.text(row, "what") if row["mitigation"] else "as it is"
