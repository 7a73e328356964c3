"""What drives the result: uncertainties, one input at a time, switching values, and how much would be enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .. import words as W
from ..advice_source import AdviceSource
from ..book import Book
from ..charts_drivers import MOST_INPUTS, effects_map, short_result, swing_tornado, tornado
from ..document import Block, Fold, Grid, Picture, Section, Text, Under
from ..driver_tables import FOUND, enough, input_table, swings, switching
from ..source import Row, real

NAME, TITLE = "drivers", "What drives it"
CHANGED = (
    "**A changed input is not a forecast.** Each row changes one input that no published source settles, leaves everything else "
    "as it was, the honest provider’s plan included, and runs the same futures again. It shows how far the answers hang on that "
    "input, and does not say which value is right. Effects of several changes do not add up."
)
SWITCH = (
    "A switching value is where one input, alone, takes the contract over a hurdle; a dash says that no value within its bounds "
    "does. Health is not recorded for single inputs."
)
MOST_SWITCHES = 7
MAKE = "`stresstest advise RUN` makes it."


def section(book: Book) -> Section | None:
    """The section; each part says so where its analysis has not been made."""
    advice = book.advice("sensitivity")
    blocks = _uncertainties(book, advice) if advice else [Text(f"Which uncertainty matters has not been worked out: {MAKE}")]
    return Section(NAME, TITLE, [
        *blocks, Under("One input at a time", _inputs(book, advice)),
        *([Under("Switching values", _switching(book, advice))] if advice and advice.rows("switching") else []),
        Under("How much would be enough", _enough(book)),
    ], ("IS3",))  # fmt: skip


def _uncertainties(book: Book, advice: AdviceSource) -> list[Block]:
    """Which uncertainty comes first for each result, and the map of all."""
    drawn = effects_map(book, advice)
    if drawn is None:
        return []
    firsts = _firsts(advice.rows("effects"))
    names = advice.facts.get("results", {})
    told = [f"{cause} answers for {W.listed([_of_result(book, row, names) for row in own])}" for cause, own in firsts.items()]
    words = f"What comes first: {'; '.join(told)} (shares of the spread)."
    return [Text(W.sentence(words), "lead"), Picture(book.chart(drawn).name)]


def _of_result(book: Book, row: Row, names: Mapping[str, str]) -> str:
    """"31.1% of the provider's surplus"."""
    share = book.say.percent(row, "share")
    return f"{share} of {names.get(str(row['result']), short_result(str(row['result'])))}"


def _firsts(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows that rank first for each result, by their uncertainty."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row["game"] == rows[0]["game"] and real(row["rank"]) == 1.0:
            found.setdefault(str(row["words"]), []).append(row)
    return found


def _inputs(book: Book, advice: AdviceSource | None) -> list[Block]:
    """The tornado; from the run's own changed inputs where the analysis has not been made."""
    rows = advice.rows("inputs") if advice else []
    if rows:
        more = "[The analysis in full](../advice/sensitivity/index.html) has every input."
        return [
            Text(f"{CHANGED} {more}"), Picture(book.chart(tornado(book, rows)).name),
            Fold("The largest in figures, with exposure", [
                Grid(input_table(book, rows[:MOST_INPUTS]), "../advice/sensitivity/inputs.csv"),
            ]),
        ]  # fmt: skip
    changed = book.source.rows("swings")
    if not changed:
        return [Text("No input was changed alone in this run.")]
    return [
        Text(f"{CHANGED} Standard errors are of the change."), Picture(book.chart(swing_tornado(book, changed)).name),
        Fold("In figures", [Grid(swings(book, changed), "../summary/swings.csv", "swings")]),
    ]  # fmt: skip


def _switching(book: Book, advice: AdviceSource) -> list[Block]:
    """The first inputs of the analysis, and the others folded."""
    rows = advice.rows("switching")
    first = list(dict.fromkeys(str(row["key"]) for row in rows))[:MOST_SWITCHES]
    printed, more = ([row for row in rows if (row["key"] in first) == here] for here in (True, False))
    file = "../advice/sensitivity/switching.csv"
    blocks: list[Block] = [Text(SWITCH), Grid(switching(book, printed, "switching"), file)]
    return [*blocks, Fold("Further inputs", [Grid(switching(book, more, "switching_more"))])] if more else blocks


def _enough(book: Book) -> list[Block]:
    """Every handle by itself, with what it costs and brings; those that are not enough in a sentence and folded."""
    advice = book.advice("breakeven")
    rows = advice.rows("solutions") if advice else []
    if advice is None or not rows:
        return [Text(f"How much would be enough has not been worked out: {MAKE}")]
    found, others = ([row for row in rows if (row["status"] in FOUND) == here] for here in (True, False))
    words = (
        f"The target: {advice.facts.get('target', 'the target is met')}. One number is turned at a time, in the same futures. "
        "What is bearable is a judgement; what owners ask for putting up capital is not counted. Equality is not modelled here. "
        f"{_samples(book, advice, rows[0])}"
    )
    if others:
        told = [f"{row['words']} ({book.say.percent(row, 'best_probability')} at best)" for row in others]
        words += f" Not enough alone, within what was tried, in the first futures: {'; '.join(told)}."
    shown = [Grid(enough(book, found), "../advice/breakeven/solutions.csv")] if found else []
    return [Text(words), *shown]


def _samples(book: Book, advice: AdviceSource, row: Row) -> str:
    """Which futures each column is of, and the chance as it is among them beside the whole run's."""
    own = book.source.figure("contract", "exit_losses", "probability").row
    words = "Values and changes are of the run’s first futures"
    if W.known(real(row.get("as_is_probability"))) and "losses" in str(advice.facts.get("measured", "")):
        words += (
            f", where the chance as it is comes to {book.say.percent(row, 'as_is_probability')} (all futures of the run: "
            f"{book.say.percent(own)})"
        )
    return f"{words}; the chance then is checked in fresh ones."
