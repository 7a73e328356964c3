"""What it would take to fail: for each failure the likeliest way there, who carries it, and until when it can be turned."""

from __future__ import annotations

from dataclasses import replace

from .. import words as W
from ..advice_reverse import charts
from ..advice_source import AdviceSource
from ..book import Book
from ..document import Block, Fold, Grid, Picture, Section, Text
from ..table import Table
from ..tracing import TableRow, Trace
from .risks import missing, worded

NAME, TITLE, QUESTIONS = "reverse", "What would break it: the likeliest way to each failure", ("IS3",)
PAGE, FILES = "../advice/reverse/index.html", "../advice/reverse"
SAVED = "reverse_saved"
#: Shocks named for each failure, and clauses.
MOST_SHOCKS = 3
#: Least share of the distance of a shock that is named, and value below which a share is told in two decimals.
LEAST_SHARE, FINE = 0.01, 0.001
IN_THE_MIDDLE = "fails in the middle"


def section(book: Book) -> Section:
    """The section; where it has not been worked out it says how to do so."""
    advice = book.advice("reverse")
    points = advice.rows("reverse_points") if advice else []
    if advice is None or not points:
        return Section(NAME, TITLE, [Text(missing("What it would take for the contract to fail"))], QUESTIONS)
    say = book.say
    blocks: list[Block] = [_lead(say, advice, points), Grid(_ways(say, advice, points), f"{FILES}/reverse_points.csv")]
    blocks += [Grid(_times(say, advice, points), f"{FILES}/reverse_warning.csv"), Text(
        "Distance: standard deviations of the shocks together from their middle; all else is drawn as always. As far: chance "
        "that a future goes at least as far that way. Chance in all: share of all futures that fail, whatever the way. Plain: at "
        "least nine in ten likely on what is known by then, and from then on. Too late: first year from which the best rescue "
        f"tried saves fewer than half of the futures that would fail. [How this was worked out]({PAGE})", "sub",
    )]  # fmt: skip
    saved = next((chart for chart in charts(advice) if chart.name == SAVED), None)
    if saved is not None:
        named = "Each line is the rescue that saves most from the first year, as named in the table above."
        blocks.append(Picture(book.chart(replace(saved, caption=named)).name, printed=False))
    return Section(NAME, TITLE, [*blocks, _pairs(say, advice)], QUESTIONS, new_page=True)


def _lead(say: Trace, advice: AdviceSource, points: list[TableRow]) -> Text:
    already = [row for row in points if row["verdict"] == IN_THE_MIDDLE]
    nearest = min(points, key=lambda row: float(row["distance"]))
    if already:
        row = already[0]
        words = (
            "One failure needs no shock at all. It is likelier than not with every shock at its middle: "
            f"{worded(say, row, 'words')} ({say.percent(row, 'middle_probability')} of futures so held)."
        )
    else:
        row = nearest
        words = f"The nearest failure: {worded(say, row, 'words')}, {_distance(say, row)} standard deviations from the middle."
    others = [row for row in points if row["verdict"] != IN_THE_MIDDLE and (already or row is not nearest)]
    if others:
        row = min(others, key=lambda one: float(one["distance"]))
        words += (
            f" Next: {worded(say, row, 'words')}, at {_distance(say, row)} standard deviations; "
            f"{say.percent(row, 'as_far_probability')} of futures go as far that way."
        )
    return Text(words, "lead")


def _distance(say: Trace, row: TableRow) -> str:
    return say.number(row, "distance", "distance_error")


def _ways(say: Trace, advice: AdviceSource, points: list[TableRow]) -> Table:
    body = [
        [W.sentence(str(row["party"])), worded(say, row, "words"), _shocks(say, advice, row), _clause(say, advice, row),
         _distance(say, row),
         f"{say.percent(row, 'as_far_probability')} ({say.percent(row, 'as_far_probability_low')} to "
         f"{say.percent(row, 'as_far_probability_high')})",
         f"{say.percent(row, 'failing_share')}, {W.likelihood(float(row['failing_share']))}"]
        for row in points
    ]  # fmt: skip
    headings = ("Party", "Failure", "Likeliest way there: shock, its value (its middle), share of the distance",
                "Clause that carries it", "Distance", "As far (95% interval)", "Chance in all")  # fmt: skip
    caption = "For each failure the nearest combination of shocks at which it turns likelier than not"
    return Table("reverse", caption, headings, body, 3)


def _shocks(say: Trace, advice: AdviceSource, point: TableRow) -> str:
    """The shocks that make up most of the way, each with its value, its middle and its share of the distance."""
    own = [row for row in advice.rows("reverse_shocks")
           if row["failure"] == point["failure"] and row["distance_share"] >= LEAST_SHARE]  # fmt: skip
    named = [
        f"{worded(say, row, 'words')} at {amount(say, row, 'value')} ({amount(say, row, 'middle_value')}), "
        f"{say.percent(row, 'distance_share', 0)}"
        for row in own[:MOST_SHOCKS]
    ]  # fmt: skip
    better = "so as not to fail: " if point["verdict"] == IN_THE_MIDDLE else ""
    return f"{better}{'; '.join(named)}" if named else W.NONE


def amount(say: Trace, row: TableRow, column: str, unit: str = "unit") -> str:
    """A shock's value in its own unit, cited."""
    value, kind = row.get(column), str(row.get(unit) or "")
    if not isinstance(value, float):
        return W.NONE
    if kind in ("index", "progress"):
        return say.cite(row, column, W.signed(f"{value:.2f}"))
    if kind == "years of service":
        return f"{say.cite(row, column, f'{value:.0f}')} years"
    fine = kind == "a year" or 0.0 < abs(value) < FINE
    return say.percent(row, column, 2 if fine else 1) + (" a year" if kind == "a year" else "")


def _clause(say: Trace, advice: AdviceSource, point: TableRow) -> str:
    """The clause without which the failure would be rarer; that none carries it where none does."""
    own = [row for row in advice.rows("reverse_clauses") if row["failure"] == point["failure"] and row.get("carries_it") is True]
    if not own:
        return "none alone"
    row = min(own, key=lambda one: float(one["without_probability"]))
    return (
        f"{W.within(str(row['kind']))}: without it {say.percent(row, 'without_probability')}, with it "
        f"{say.percent(row, 'base_probability')}"
    )


def _times(say: Trace, advice: AdviceSource, points: list[TableRow]) -> Table:
    body = []
    for point in points:
        failure = str(point["failure"])
        warned = next((row for row in advice.rows("reverse_warning") if row["failure"] == failure), TableRow())
        body.append([worded(say, point, "words"), *_warning(say, warned), *_rescue(say, advice, failure)])
    headings = ("Failure", "Plain so many years before (median)", "Plain only as it happens", "Best rescue tried",
                "Saved if it begins in the first year", "Too late from")  # fmt: skip
    return Table("reverse-times", "How early each failure can be seen, and until when it can be turned", headings, body, 0)


def _warning(say: Trace, row: TableRow) -> tuple[str, str]:
    """Years of warning and the share that comes unseen."""
    if row.get("enough") is not True:
        return "too few failures to say", W.NONE
    return say.cite(row, "median_warning_years", f"{row['median_warning_years']:.0f}"), say.percent(row, "unseen_share", 0)


def _rescue(say: Trace, advice: AdviceSource, failure: str) -> tuple[str, str, str]:
    """The best rescue, what it saves from the first year, and the first year in which it saves fewer than half."""
    best = advice.facts.get("best_rescue", {}).get(failure, {})
    own = [row for row in advice.rows("reverse_rescues") if (row["failure"], row["rescue"]) == (failure, best.get("rescue"))]
    if not own:
        return "none tried", W.NONE, W.NONE
    late = next((row for row in own if row["label"] == best.get("too_late")), None)
    when = "not within the term" if late is None else "it never saves half" if late is own[0] else say.text(late, "label")
    return worded(say, own[0], "words"), say.percent(own[0], "saved_share", 0), when


def _pairs(say: Trace, advice: AdviceSource) -> Fold:
    """Two shocks together, where they are not further than either alone."""
    body = [
        [W.sentence(_name(row)), f"{worded(say, row, 'first_words')} at {amount(say, row, 'first_value', 'first_unit')}",
         f"{worded(say, row, 'second_words')} at {amount(say, row, 'second_value', 'second_unit')}",
         say.number(row, "distance", "distance_error"), say.number(row, "alone_distance", None)]
        for row in advice.rows("reverse_pairs")
    ]  # fmt: skip
    headings = ("Failure", "First shock", "Second shock", "Distance of both together", "Distance of the nearer alone")
    table = Table("reverse-pairs", "Two shocks together: the nearest points", headings, body, 2)
    return Fold("Two shocks together", [Grid(table, f"{FILES}/reverse_pairs.csv")])


def _name(row: TableRow) -> str:
    return W.spoken(str(row["failure"]))
