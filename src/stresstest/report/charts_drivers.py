"""Charts of what drives the result: one input at a time, and what each uncertainty answers for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from . import draw_more
from . import words as W
from .advice_source import AdviceSource
from .book import Book
from .chart import WIDE, Chart, Column
from .charts_money import period, share_of
from .money_words import input_words
from .source import Row, real
from .tracing import plain

MOST_INPUTS, LONGEST_TITLE = 12, 15
#: Least share of the spread with which an input has a row in the map of effects.
LEAST_SHARE = 0.02
#: The row of what no input explains; it comes last.
REST = "everything else"


def tornado(book: Book, inputs: Sequence[Row]) -> Chart:
    """Chance that losses end the contract at a lower and an upper value of each input; `inputs` of the analysis, in order."""
    name, column = "inputs_tornado", "walks_away_probability"
    rows = sorted(inputs, key=lambda row: -abs(real(row[f"swing_{column}"], 0.0)))[:MOST_INPUTS]
    swings = [
        draw_more.Swing(
            W.sentence(str(row["input"])), real(row[f"at_lower_{column}"]), real(row[f"at_upper_{column}"]),
            *(input_words(real(row[f"at_{end}_value"]), str(row["unit"])) for end in ("lower", "upper")),
        )
        for row in rows
    ]  # fmt: skip
    first = rows[0]
    ends = [book.say.percent(first, f"at_{end}_{column}") for end in ("lower", "upper")]
    few = f"Ends are of {book.say.number(first, 'futures')} futures, the line of all in the run. " if first.get("futures") else ""
    return _tornado(book, name, str(first["input"]), ends, swings, "a lower and an upper value of one input at a time", few=few)


def swing_tornado(book: Book, rows: Sequence[Row]) -> Chart:
    """The same from the run's own table of changed inputs, which changes each one way only."""
    rows = sorted(rows, key=lambda row: -abs(real(row["exit_losses_changed"]) - real(row["exit_losses_base"])))[:MOST_INPUTS]
    swings = []
    for row in rows:
        unit = book.source.unit(str(row["key"]))
        value, base = real(row["changed"]), real(row["exit_losses_base"])
        lower, at, words = value < real(row["base"]), real(row["exit_losses_changed"]), input_words(value, unit)
        label = W.sentence(str(row["title"]))
        swings.append(draw_more.Swing(label, at if lower else base, base if lower else at, words * lower, words * (not lower)))
    first = rows[0]
    ends = [book.say.percent(first, f"exit_losses_{end}") for end in ("base", "changed")]
    base = real(first["exit_losses_base"])
    return _tornado(book, "inputs_tornado", str(first["title"]), ends, swings, "one changed input at a time", base)


def _tornado(
    book: Book, name: str, first: str, ends: Sequence[str], swings: Sequence[draw_more.Swing], what: str,
    base: float | None = None, few: str = "",
) -> Chart:
    own = book.source.value("contract", "exit_losses", "probability")
    line = own if base is None else base
    title = _fitted(f"{W.sentence(first)}: losses end it in {ends[0]} to {ends[1]}", first, ends)
    data = [
        {"input": one.label, "low": one.low, "at_low": one.at_low, "high": one.high, "at_high": one.at_high, "base": line}
        for one in swings
    ]
    return Chart(
        name, title, f"Chance that losses end the contract at {what}; {period(book.source)}",
        f"Tornado of {len(swings)} inputs about a base line at {W.percent(line)}: chance that losses end the contract. "
        f"{plain(title)}."[:300],
        "White bars: the lower value of the input; dark bars: the upper one; both written at the ends. The line is the run’s own "
        f"figure. {few}Longest swing first; effects of several changes do not add up.",
        [Column("input", "Input", "text"), Column("low", "Lower value", "text"), Column("at_low", "Chance at lower", "%"),
         Column("high", "Upper value", "text"), Column("at_high", "Chance at upper", "%"), Column("base", "Base line", "%")],
        data, partial(draw_more.tornado, swings=swings, base=line, base_text=f"as it is: {W.percent(line)}"),
        (WIDE[0] * 1.2, 0.9 + 0.4 * len(swings)),
    )  # fmt: skip


def _fitted(title: str, first: str, ends: Sequence[str]) -> str:
    """A title of fifteen words at most: the input is named only where there is room."""
    if len(plain(title).split()) <= LONGEST_TITLE:
        return title
    words = " ".join(first.split()[: LONGEST_TITLE - 8])
    return f"{W.sentence(words)} …: losses end it in {ends[0]} to {ends[1]}"


def effects_map(book: Book, advice: AdviceSource) -> Chart | None:
    """Share of the spread of each result that each uncertainty answers for."""
    rows = [row for row in advice.rows("effects") if row["game"] == "nature"] or advice.rows("effects")
    if not rows:
        return None
    results = list(dict.fromkeys(str(row["result"]) for row in rows))
    cells = {(str(row["words"]), str(row["result"])): row for row in rows}
    told = [
        words for words in sorted(dict.fromkeys(str(row["words"]) for row in rows), key=lambda words: words == REST)
        if any(real(cells[words, one]["share"], 0.0) >= LEAST_SHARE for one in results if (words, one) in cells)
    ]  # fmt: skip
    first = rows[0]
    names = {one: short_result(one) for one in results}
    share = book.say.percent(first, "share", 0)
    title = f"{W.sentence(str(first['words']))} answers for {share} of the spread of {names[results[0]]}"
    values = [[share_of(cells.get((words, one)), "share") for one in results] for words in told]
    data = [{"input": W.sentence(w), **dict(zip(results, line, strict=True))} for w, line in zip(told, values, strict=True)]
    return Chart(
        "effects_map", title, f"Share of the spread of each result, Shapley effects; {period(book.source)}",
        f"Heat map of {len(told)} uncertainties by {len(results)} results; each cell holds a percentage. {plain(title)}."[:300],
        f"Columns add up to the whole but for rows below {W.percent(LEAST_SHARE, 0)} everywhere, which are left out. “Everything "
        "else” is chance and what is no input here.",
        [Column("input", "Uncertainty", "text"), *(Column(one, W.sentence(names[one]), "%") for one in results)], data,
        partial(draw_more.heat, rows=[str(row["input"]) for row in data], columns=[W.sentence(names[one]) for one in results],
                cells=values),
        (WIDE[0] * 1.2, 0.8 + 0.32 * len(told)),
    )  # fmt: skip


def short_result(name: str) -> str:
    """A result of the analysis of uncertainties in few words."""
    words = {
        "provider_surplus_npv_gbp": "provider surplus", "commissioner_exposure_npv_gbp": "commissioner exposure",
        "walks_away": "losses end it", "commissioner_limit": "over the limit", "quality_floor": "quality below its floor",
        "hospital_limit": "hospital’s limit", "council_limit": "council’s limit",
    }  # fmt: skip
    return words.get(name, W.spoken(name))
